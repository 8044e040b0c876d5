#include "plan/cause.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <thread>

#include "plan/insist.h"
#include "plan/verify.h"
#include "plan/walker.h"

namespace beltline {
namespace {

constexpr int kInsistMax = 24;
/// Less than this is missing by rounding.
constexpr double kTiny = 1e-6;

/// One requirement to insist upon, and what came of it.
struct Requirement {
  std::vector<Term> terms;
  int t = 0;
  double amount = 0;
  std::optional<Outcome<Insisted>> answer;
};

bool is_same(const Requirement& a, const Requirement& b) {
  const auto same = [](const Term& x, const Term& y) {
    return x.kind == y.kind && x.id == y.id && x.coefficient.offset == y.coefficient.offset &&
           x.coefficient.period_stride == y.coefficient.period_stride &&
           x.coefficient.slice_stride == y.coefficient.slice_stride;
  };
  return a.t == b.t && a.amount == b.amount && std::ranges::equal(a.terms, b.terms, same);
}

/// Solves them on `thread_count` threads; each is a solve of its own, so that the answers depend on no order. What two
/// promises ask alike is solved once.
void insist_on_all(const Relaxation& relaxation, std::vector<Requirement>& requirements, int thread_count,
                   const std::atomic<bool>* cancel) {
  std::vector<std::size_t> first(requirements.size());  // the first that asks the same
  std::vector<std::size_t> different;
  for (std::size_t i = 0; i < requirements.size(); ++i) {
    first[i] = i;
    for (const std::size_t j : different) {
      if (is_same(requirements[i], requirements[j])) first[i] = j;
    }
    if (first[i] == i) different.push_back(i);
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t n = next++; n < different.size(); n = next++) {
      Requirement& each = requirements[different[n]];
      each.answer = insist(relaxation, each.terms, each.t, each.amount, cancel);
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < std::min(thread_count, static_cast<int>(different.size())); ++i) others.emplace_back(work);
    work();
  }
  for (std::size_t i = 0; i < requirements.size(); ++i) {
    if (first[i] != i) requirements[i].answer = requirements[first[i]].answer;
  }
}

/// Finds what is missing twice: first to learn what has to be insisted upon, then with the answers.
class Finder {
 public:
  Finder(const Model& model, const Plan& plan, const Relaxation& relaxation, const std::atomic<bool>* cancel,
         std::vector<Requirement>& requirements, bool has_answers)
      : m_(model),
        p_(plan),
        r_(relaxation),
        cancel_(cancel),
        walker_(relaxation),
        requirements_(requirements),
        has_answers_(has_answers) {}

  Outcome<std::vector<Delivery>> run() {
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      if (auto done = limit(i); !done) return std::unexpected(done.error());
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) demand(d);
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      if (auto done = commitment(i); !done) return std::unexpected(done.error());
    }
    std::ranges::stable_sort(out_, [](const Delivery& a, const Delivery& b) {
      const double cost_a = std::isnan(a.cost_total) ? 0 : a.cost_total,
                   cost_b = std::isnan(b.cost_total) ? 0 : b.cost_total;
      if (cost_a != cost_b) return cost_a > cost_b;
      return a.missing * (a.last - a.first + 1) > b.missing * (b.last - b.first + 1);
    });
    return std::move(out_);
  }

 private:
  int last() const { return m_.period_count() - 1; }
  double months() const { return m_.calendar.months_per_period; }

  /// Fills the periods and amounts of a delivery; false if nothing is missing.
  template <class Promised, class Missing>
  bool measure(Delivery& out, int first, int last_period, Promised promised, Missing missing) const {
    bool any = false;
    for (int t = std::max(0, first); t <= std::min(last(), last_period); ++t) {
      const double lacking = missing(t), wanted = promised(t);
      if (lacking <= 1e-6 * std::max(1.0, std::abs(wanted))) continue;
      if (!any) out.first = t;
      out.last = t;
      any = true;
      if (lacking > out.missing) {
        out.missing = lacking;
        out.promised = wanted;
      }
    }
    return any;
  }

  Outcome<void> limit(std::size_t i) {
    const Limit& limit = m_.limits[i];
    if (!limit.lower.present() || (!limit.shortfall_cost.present() && !limit.is_target)) return {};
    const bool window = limit.scope == LimitScope::window;
    const int first = std::max(0, limit.first), end = window ? first : limit.last;
    Delivery out{.kind = DeliveryKind::limit, .id = static_cast<int32_t>(i)};
    const auto missing = [&](int t) { return shortfall(i, t); };
    const auto promised = [&](int t) { return m_.at(limit.lower, t); };
    if (!measure(out, first, end, promised, missing)) return {};
    if (window) out.last = std::min(last(), limit.last);
    out.cost_per_month = out.cost_total = std::nan("");
    if (limit.shortfall_cost.present()) {
      out.cost_per_month = out.cost_total = 0;
      for (int t = out.first; t <= (window ? out.first : out.last); ++t) {
        const double usd = m_.at(limit.shortfall_cost, t) * missing(t);
        out.cost_total += usd;
        out.cost_per_month = std::max(out.cost_per_month, usd / months());
      }
    }
    const Block& rows = r_.formulation.layout.limit[i];
    const int32_t row = rows.first < 0 ? -1 : (window ? rows.first : rows.at(out.first));
    const bool priced = row >= 0 && std::abs(r_.solution.row_dual[static_cast<std::size_t>(row)]) > 0;
    const bool is_met_by_any_amount = priced && relaxed_sum(r_.formulation.layout.shortfall[i], out.first) <= kTiny;
    if (priced && limit.scope == LimitScope::each_period && !is_met_by_any_amount) {
      if (auto done = chain_of_what_cannot_be(out, limit.terms, promised(out.first)); !done) return done;
    }
    if (priced) {
      // what could be brought at a price above its own
      if (out.chain.empty()) out.chain = walker_.from_row(row);
    } else if (auto done = chain_of_terms(out, limit.terms, promised(out.first)); !done) {
      return done;
    }
    settle(out, limit.terms, is_met_by_any_amount);
    return {};
  }

  /// The chain of something that is missed in spite of its price, where nothing could bring it: prices of the plan
  /// share its rent among all that it needs, those of the least that must be missing are of what stands in its way.
  Outcome<void> chain_of_what_cannot_be(Delivery& out, const std::vector<Term>& terms, double amount) {
    if (!may_insist()) return {};
    const Outcome<Insisted>* answer = answer_to(terms, out.first, amount);
    if (answer == nullptr) return {};
    if (!*answer) return std::unexpected(answer->error());
    const Insisted* const insisted = &**answer;
    if (insisted->can_be_met || insisted->relaxation.solution.row_dual.empty()) return {};
    out.chain = Walker(insisted->relaxation).from_row(insisted->row);
    return {};
  }

  /// Counts the solves that insisting takes: no more than are worth waiting for.
  bool may_insist() { return ++insisted_ <= kInsistMax && (cancel_ == nullptr || !*cancel_); }

  /// What came of insisting; null while the requirements are being gathered.
  const Outcome<Insisted>* answer_to(const std::vector<Term>& terms, int t, double amount) {
    const auto asked = static_cast<std::size_t>(insisted_) - 1;
    if (has_answers_) return asked < requirements_.size() ? &*requirements_[asked].answer : nullptr;
    requirements_.push_back({.terms = terms, .t = t, .amount = amount, .answer = {}});
    return nullptr;
  }

  /// The chain of something that has no price: what it would run into if it were insisted upon.
  /// @param amount  promised in the first period in which something is missing
  Outcome<void> chain_of_terms(Delivery& out, const std::vector<Term>& terms, double amount) {
    out.cost_to_meet = std::nan("");
    // what cannot be online yet needs no prices
    std::vector<CauseStep> never;
    bool any = false;
    for (const Term& term : terms) {
      const bool of_stock = term.kind == TermKind::online || term.kind == TermKind::built;
      if (!columns_of(*r_.model, r_.formulation.layout, term, out.first).empty()) any = true;
      if (of_stock && !r_.formulation.layout.built[static_cast<std::size_t>(term.id)].holds(out.first)) {
        never.push_back(walker_.not_online(static_cast<std::size_t>(term.id), out.first));
      }
    }
    if (!any) {
      out.cost_to_meet = lp::kInf;
      if (!never.empty()) out.chain.push_back(never.front());
      return {};
    }
    if (!may_insist()) return {};
    const Outcome<Insisted>* answer = answer_to(terms, out.first, amount);
    if (answer == nullptr) return {};
    if (!*answer) return std::unexpected(answer->error());
    const Insisted* const insisted = &**answer;
    if (insisted->relaxation.solution.row_dual.empty()) return {};
    out.cost_to_meet = insisted->can_be_met ? insisted->cost_usd : lp::kInf;
    out.chain = Walker(insisted->relaxation).from_row(insisted->row);
    if (out.chain.empty() && !never.empty()) out.chain.push_back(never.front());
    return {};
  }

  /// What a limit lacks in t: what the plan pays for, or of a goal that is only reported, the difference.
  double shortfall(std::size_t i, int t) const {
    const Limit& limit = m_.limits[i];
    if (p_.shortfall.at(i, t) > 0 || !limit.is_target) return p_.shortfall.at(i, t);
    double value = 0;
    const bool window = limit.scope == LimitScope::window;
    const int first = window ? std::max(0, limit.first) : t, end = window ? std::min(last(), limit.last) : t;
    for (int u = first; u <= end; ++u) {
      for (const Term& term : limit.terms) value += weighed_term(m_, p_, term, u);
    }
    return std::max(0.0, m_.at(limit.lower, t) - value);
  }

  void demand(std::size_t d) {
    const Demand& demand = m_.demands[d];
    if (!demand.unserved_cost.present()) return;
    const int slices = p_.unserved.slices[d];
    const bool is_rate = m_.commodities[demand.commodity.index()].grain == Grain::rate;
    const auto mean = [&](int t, auto value) {
      double sum = 0, hours = 0;
      for (int s = 0; s < slices; ++s) {
        const double h = is_rate ? m_.hours(slices, t, s) : 1.0;
        sum += h * value(s);
        hours += h;
      }
      return sum / hours;
    };
    const auto unserved = [&](int t) { return mean(t, [&](int s) { return p_.unserved.at(d, t, s); }); };
    Delivery out{.kind = DeliveryKind::demand, .id = static_cast<int32_t>(d)};
    const auto wanted = [&](int t) {
      return mean(t, [&](int s) { return m_.at_resolution(demand.quantity, slices, t, s); });
    };
    if (!measure(out, 0, last(), wanted, unserved)) return;
    for (int t = out.first; t <= out.last; ++t) {
      double usd = 0;
      for (int s = 0; s < slices; ++s) {
        usd += (is_rate ? m_.hours(slices, t, s) : 1.0) * p_.unserved.at(d, t, s) *
               m_.at_resolution(demand.unserved_cost, slices, t, s);
      }
      out.cost_total += usd;
      out.cost_per_month = std::max(out.cost_per_month, usd / months());
    }
    out.chain = walker_.from_row(dearest_row(r_, demand, out.first));
    settle(out, {}, relaxed_sum(r_.formulation.layout.unserved[d], out.first) <= kTiny);
  }

  Outcome<void> commitment(std::size_t i) {
    const Commitment& c = m_.commitments[i];
    // ceilings are drawn on as needed; money promised is no delivery
    if (c.terms.empty() || c.ceiling || !c.quantity.present() || c.unit.starts_with("USD")) return {};
    const auto drawn = [&](int t) {
      double sum = 0;
      for (const Term& term : c.terms) sum += weighed_term(m_, p_, term, t);
      return sum;
    };
    Delivery out{.kind = DeliveryKind::commitment, .id = static_cast<int32_t>(i)};
    const auto promised = [&](int t) { return m_.at(c.quantity, t); };
    if (!measure(out, c.first, c.last, promised, [&](int t) { return promised(t) - drawn(t); })) return {};
    out.cost_per_month = out.cost_total = std::nan("");
    if (auto done = chain_of_terms(out, c.terms, promised(out.first)); !done) return done;
    settle(out, c.terms, false);
    return {};
  }

  /// The sum of a block's columns in period t, in the relaxation.
  double relaxed_sum(const Block& block, int t) const {
    double sum = 0;
    for (int s = 0; block.holds(t) && s < block.slices; ++s) {
      sum += r_.solution.x[static_cast<std::size_t>(block.at(t, s))];
    }
    return sum;
  }

  /// Where nothing would be missing with modules in any amount, or the chain found nothing dear, whole modules are the
  /// cause: those of the terms, or the last ones on the way.
  void settle(Delivery& out, const std::vector<Term>& terms, bool is_met_by_any_amount) {
    const bool has_cause = !out.chain.empty() && is_cause(out.chain.back().kind);
    if (is_met_by_any_amount || (!has_cause && !std::isinf(out.cost_to_meet))) {
      const int32_t k = modules_of(out, terms);
      if (k >= 0) {
        while (!out.chain.empty() && is_cause(out.chain.back().kind)) out.chain.pop_back();
        const double size = m_.capacities[static_cast<std::size_t>(k)].module_size;
        out.chain.push_back({StepKind::whole_modules, k, out.first, out.first, size});
      }
    }
    out_.push_back(std::move(out));
  }

  /// A capacity that comes in whole modules; −1 if there is none.
  int32_t modules_of(const Delivery& out, const std::vector<Term>& terms) const {
    const auto has_modules = [&](int32_t k) { return m_.capacities[static_cast<std::size_t>(k)].module_size > 0; };
    for (const Term& term : terms) {
      const bool of_capacity =
          term.kind == TermKind::online || term.kind == TermKind::built || term.kind == TermKind::order;
      if (of_capacity && has_modules(term.id)) return term.id;
    }
    int32_t found = -1;
    for (const CauseStep& step : out.chain) {
      const bool of_capacity = step.kind == StepKind::online || step.kind == StepKind::order;
      if (of_capacity && has_modules(step.id)) found = step.id;
    }
    return found;
  }

 public:
  static int32_t dearest_row(const Relaxation& r, const Demand& demand, int t) {
    const Block& rows = r.formulation.layout.balance[demand.node.index()];
    int32_t row = rows.at(t);
    for (int s = 1; s < rows.slices; ++s) {
      const auto price = [&](int32_t i) { return std::abs(r.solution.row_dual[static_cast<std::size_t>(i)]); };
      if (price(rows.at(t, s)) > price(row)) row = rows.at(t, s);
    }
    return row;
  }

 private:
  const Model& m_;
  const Plan& p_;
  const Relaxation& r_;
  const std::atomic<bool>* cancel_;
  Walker walker_;
  std::vector<Requirement>& requirements_;
  const bool has_answers_;
  int insisted_ = 0;
  std::vector<Delivery> out_;
};

}  // namespace

Outcome<std::vector<Delivery>> late_deliveries(const Model& model, const Plan& plan, const Relaxation& relaxation,
                                               int thread_count, const std::atomic<bool>* cancel) {
  std::vector<Requirement> requirements;
  if (auto gathered = Finder(model, plan, relaxation, cancel, requirements, false).run(); !gathered) return gathered;
  insist_on_all(relaxation, requirements, thread_count, cancel);
  return Finder(model, plan, relaxation, cancel, requirements, true).run();
}

std::vector<CauseStep> trace_limit(const Relaxation& relaxation, LimitId limit, int t) {
  const Block& rows = relaxation.formulation.layout.limit[limit.index()];
  if (rows.first < 0) return {};
  return Walker(relaxation).from_row(rows.at(std::clamp(t, rows.t0, rows.t1 - 1)));
}

std::vector<CauseStep> trace_demand(const Relaxation& relaxation, DemandId demand, int t) {
  return Walker(relaxation).from_row(Finder::dearest_row(relaxation, relaxation.model->demands[demand.index()], t));
}

}  // namespace beltline
