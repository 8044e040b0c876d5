// worth, late, late_chain: what binds and what is waited for, as tables.
#include "run/explain_table.h"

#include <cmath>

#include "model/words.h"
#include "plan/table_rows.h"
#include "plan/verify.h"
#include "run/explain_words.h"

namespace beltline {
namespace {

/// USD of a worth, at what the plan counts compute at where compute is the goal.
struct Rates {
  double usd = 1;      // USD of a worth → USD shown
  double compute = 0;  // USD of a worth → PFLOP/s·h
};

/// With compute as the goal a price counts compute at a weight of the LP's own; it is shown at the plan's mean cost of
/// compute, so that a dollar in it is a dollar of the programme.
Rates rates_of(const Model& m, const Plan& plan) {
  if (plan.compute_price_usd <= 0) return {};
  const double compute = 1.0 / plan.compute_price_usd;
  const double spent_usd = plan.cost_usd - missed_usd(m, plan);  // what is missed has a price, but costs nothing
  const double mean_usd = plan.objective > 0 ? spent_usd / plan.objective : 0.0;
  return {.usd = compute * mean_usd, .compute = compute};
}

/// The middle of the interval, or its end that is finite; 0 where neither more nor less of it is feasible.
double middle_of(const Worth& worth) {
  const bool has_more = std::isfinite(worth.one_more), has_less = std::isfinite(worth.one_less);
  if (has_more && has_less) return 0.5 * (worth.one_more + worth.one_less);
  return has_more ? worth.one_more : has_less ? worth.one_less : 0.0;
}

/// What all of it is worth; of what there is nothing of, one unit. One vertex's dual says of that only what it is worth
/// at most, which may hold for a thousandth of a unit: nothing is at stake by it.
double stake_of(const Worth& worth) {
  if (worth.quantity == 0) return worth.exact ? middle_of(worth) : 0.0;
  return middle_of(worth) * std::abs(worth.quantity);
}

}  // namespace

Table worth_table(const Model& m, const Plan& plan) {
  Table table =
      make("worth", "What binds, by month, and what one more unit of it is worth",
           {{"period", "text", "the month, or the first of a window"},
            {"last", "text", "the last month of a window"},
            {"kind", "text", "capacity, build_rate, build_total, limit, commitment, supply, must_run, store"},
            {"name", "text", ""},
            {"title", "text", "in words"},
            {"title_ko", "text", "in Korean"},
            {"place", "text", ""},
            {"unit", "text", ""},
            {"worth", "USD",
             "the middle of the interval of one more and one less, discounted; compute at the plan's mean cost "
             "of it"},
            {"worth_low", "USD", "what one more saves; -inf where the plan would not be feasible"},
            {"worth_high", "USD", "what one less costs; infinite where the plan would not be feasible"},
            {"compute", "PFLOP/s*h", "worth as discounted useful compute; 0 unless compute is maximised"},
            {"quantity", "", "what there is of it, in `unit`"},
            {"stake", "USD", "worth times quantity; of what there is none of, the worth of one if exact, else 0"},
            {"unique", "", "1: one more and one less agree within 1 %"},
            {"exact", "", "1: both ends were looked for; 0: the dual of one vertex"},
            {"modules", "text", "fixed: whole modules as planned; free: in any amount"},
            {"entry", "text", "of the scenario"}});
  const Rates rates = rates_of(m, plan);
  for (const Worth& w : plan.worths) {
    const Entity entity = entity_of(w);
    const double middle = middle_of(w);
    const bool unique = w.one_less - w.one_more <= 0.01 * std::abs(w.one_less);
    const std::string cells[] = {m.calendar.label(w.first),
                                 m.calendar.label(w.last),
                                 to_string(w.kind),
                                 name_of(m, entity),
                                 bound_words(m, w, Language::english),
                                 bound_words(m, w, Language::korean),
                                 place_of(m, entity),
                                 unit_words(m, w)};
    for (std::size_t i = 0; i < 8; ++i) texts(table, i).push_back(cells[i]);
    const double values[] = {
        rates.usd * middle, rates.usd * w.one_more,  rates.usd * w.one_less, rates.compute * middle,
        w.quantity,         rates.usd * stake_of(w), unique ? 1.0 : 0.0,     w.exact ? 1.0 : 0.0};
    for (std::size_t i = 0; i < 8; ++i) numbers(table, 8 + i).push_back(values[i]);
    texts(table, 16).push_back(w.modules_free ? "free" : "fixed");
    texts(table, 17).push_back(provenance_of(m, entity).entry);
  }
  return table;
}

Table late_table(const Spec& spec, const Model& m, const Plan& plan) {
  Table table =
      make("late", "What is late or missing, what that costs and what it waits for",
           {{"delivery", "text", ""},
            {"kind", "text", "limit, demand, commitment"},
            {"title", "text", ""},
            {"title_ko", "text", ""},
            {"place", "text", ""},
            {"unit", "text", ""},
            {"first", "text", "first month in which something is missing"},
            {"last", "text", "last month"},
            {"promised", "", "in the worst month, in `unit`"},
            {"missing", "", "in the worst month, in `unit`"},
            {"cost_per_month", "USD", "what a month without it costs, in the worst month; empty: it has no price"},
            {"cost_total", "USD", "over all months, undiscounted; empty: it has no price"},
            {"cost_to_meet", "USD",
             "what insisting on it in the first month would cost, discounted; infinite: it cannot be met"},
            {"cause", "text", "what it waits for in the end"},
            {"cause_ko", "text", ""},
            {"cause_name", "text", "the entity that binds"},
            {"cause_entry", "text", "the scenario's entry of that"},
            {"entry", "text", "the scenario's entry of the delivery"}});
  const Rates rates = rates_of(m, plan);
  for (const Delivery& d : plan.deliveries) {
    const Entity entity = entity_of(d);
    const CauseStep* cause = d.chain.empty() ? nullptr : &d.chain.back();
    const std::string cells[] = {name_of(m, entity),
                                 to_string(d.kind),
                                 title_of(m, entity, Language::english),
                                 title_of(m, entity, Language::korean),
                                 place_of(m, entity),
                                 unit_words(m, d),
                                 m.calendar.label(d.first),
                                 m.calendar.label(d.last)};
    for (std::size_t i = 0; i < 8; ++i) texts(table, i).push_back(cells[i]);
    const double values[] = {d.promised, d.missing, d.cost_per_month, d.cost_total,
                             d.chain.empty() ? std::nan("") : rates.usd * d.cost_to_meet};
    for (std::size_t i = 0; i < 5; ++i) numbers(table, 8 + i).push_back(values[i]);
    texts(table, 13).push_back(cause ? step_words(m, *cause, Language::english) : "");
    texts(table, 14).push_back(cause ? step_words(m, *cause, Language::korean) : "");
    texts(table, 15).push_back(cause ? name_of(m, entity_of(*cause)) : "");
    texts(table, 16).push_back(cause ? entry_words(spec, m, *cause) : "");
    texts(table, 17).push_back(provenance_of(m, entity).entry);
  }
  return table;
}

Table late_chain_table(const Spec& spec, const Model& m, const Plan& plan) {
  Table table = make("late_chain", "What each late or missing delivery waits for, followed back to what binds",
                     {{"delivery", "text", ""},
                      {"step", "", "from 1"},
                      {"kind", "text", ""},
                      {"name", "text", "of the entity"},
                      {"words", "text", ""},
                      {"words_ko", "text", ""},
                      {"first", "text", "first month"},
                      {"last", "text", "last month"},
                      {"entry", "text", "of the scenario"}});
  for (const Delivery& d : plan.deliveries) {
    for (std::size_t i = 0; i < d.chain.size(); ++i) {
      const CauseStep& step = d.chain[i];
      texts(table, 0).push_back(name_of(m, entity_of(d)));
      numbers(table, 1).push_back(static_cast<double>(i + 1));
      const std::string cells[] = {to_string(step.kind),
                                   name_of(m, entity_of(step)),
                                   step_words(m, step, Language::english),
                                   step_words(m, step, Language::korean),
                                   m.calendar.label(step.first),
                                   m.calendar.label(step.last),
                                   entry_words(spec, m, step)};
      for (std::size_t c = 0; c < 7; ++c) texts(table, 2 + c).push_back(cells[c]);
    }
  }
  return table;
}

}  // namespace beltline
