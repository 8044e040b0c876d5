#include "run/commitments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plan/verify.h"
#include "run/json_number.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string text_or(const Entry& entry, std::string_view key) {
  return entry.has(key) ? entry.text(key) : "";
}

bool is_supplier(const Entry& entry) {
  return entry.section->name == "supplier";
}

/// The entry that a promise was written as: a commitment, or the contract of a supplier (parts/supplier.cpp).
const Entry* entry_of(const Spec& spec, const Commitment& commitment) {
  if (const Entry* const own = spec.find("commitment", commitment.name)) return own;
  constexpr std::string_view kPrefix = "contract_";
  if (!commitment.name.starts_with(kPrefix)) return nullptr;
  const Entry* const supplier = spec.find("supplier", commitment.name.substr(kPrefix.size()));
  return supplier != nullptr && supplier->has("contract") ? supplier : nullptr;
}

/// What is promised, in words; of a supplier the good that it sells.
std::string commodity_of(const Spec& spec, const Entry& entry) {
  if (!entry.has("item")) return text_or(entry, "commodity");
  const Entry* const item = spec.find("item", entry.text("item"));
  return item != nullptr && item->has("title") ? item->text("title") : entry.text("item");
}

/// Firm, conditional, intent, announced or void (parts/network_commitment.cpp).
std::string firmness_of(const Entry& entry) {
  if (is_supplier(entry)) return "firm";
  if (entry.has("firmness")) return entry.text("firmness");
  const std::string &kind = entry.text("kind"), &status = entry.text("status");
  if (status == "replaced" || status == "cancelled") return "void";
  const bool stands =
      status == "signed" || status == "in_force" || status == "under_construction" || status == "operating";
  if ((kind == "contract" || kind == "law") && stands) return "firm";
  return kind == "LOI" || kind == "MOU" ? "intent" : "announced";
}

PledgeSum sum_of(const Entry& entry, const Commitment& commitment) {
  if (is_supplier(entry) || entry.flag("total")) return PledgeSum::amount;
  if (commitment.unit.ends_with("/month") || commitment.unit.ends_with("/year") || commitment.unit.ends_with("/s"))
    return PledgeSum::rate;
  const auto is_level = [](const Term& term) {
    return term.kind == TermKind::online || term.kind == TermKind::built || term.kind == TermKind::level ||
           term.kind == TermKind::peak;
  };
  if (!commitment.terms.empty())
    return std::ranges::any_of(commitment.terms, is_level) ? PledgeSum::level : PledgeSum::amount;
  // said as so much a month, it adds up; a number alone is what there is then
  const bool is_monthly = entry.has("quantity") && entry.series("quantity").quantity.basis != Basis::none;
  return is_monthly || commitment.unit == "USD" ? PledgeSum::amount : PledgeSum::level;
}

/// USD per unit of the commitment in a month.
double penalty_in(const Spec& spec, const Entry& entry, const Commitment& commitment, YearMonth month) {
  if (!entry.has("penalty")) return kNone;
  const SeriesValue& value = entry.series("penalty");
  const int t = std::clamp(spec.calendar.period_of(month), 0, spec.calendar.period_count - 1);
  const std::string& unit = commitment.unit;
  const bool is_word = unit.find_first_of("/ *") == std::string::npos;
  const auto usd = spec.units.convert(value.mean(spec.calendar, t), value.quantity.unit,
                                      "USD/" + (is_word ? unit : "(" + unit + ")"));
  return usd ? usd->value : kNone;
}

class Collector {
 public:
  Collector(const RunPlan& run, const Actuals& actuals, const PledgeQuery& query)
      : run_(run), spec_(*run.compiled.spec), m_(run.model()), actuals_(actuals), query_(query) {}

  Outcome<std::vector<Pledge>> run() {
    int period = -1;
    if (query_.month) {
      period = m_.calendar.period_of(*query_.month);
      if (period < 0 || period >= m_.period_count())
        return failure(fmt::format("{} is no month of the plan: it goes from {} to {}", to_string(*query_.month),
                                   to_string(m_.calendar.start),
                                   to_string(m_.calendar.month(m_.period_count()).plus(-1))));
    }
    if (auto known = check_party(); !known) return std::unexpected(known.error());
    if (auto known = check_name(); !known) return std::unexpected(known.error());
    std::vector<Pledge> out;
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      const Commitment& commitment = m_.commitments[i];
      const Entry* entry = entry_of(spec_, commitment);
      if (entry == nullptr || !is_asked_for(commitment)) continue;
      Pledge promise = describe(*entry, commitment);
      for (int t = std::max(0, commitment.first); t <= std::min(m_.period_count() - 1, commitment.last); ++t) {
        if (period < 0 || t == period) promise.months.push_back(month_of(*entry, i, t));
      }
      if (period >= 0 && promise.months.empty()) continue;
      out.push_back(std::move(promise));
    }
    return out;
  }

 private:
  [[nodiscard]] const Party* party(PartyId id) const { return id.valid() ? &m_.parties[id.index()] : nullptr; }
  [[nodiscard]] std::string title_of(const Party* party) const {
    if (party == nullptr) return "";
    const std::string& own = query_.language == Language::korean && !party->titles.title_ko.empty()
                                 ? party->titles.title_ko
                                 : party->titles.title;
    return own.empty() ? party->name : own;
  }
  [[nodiscard]] bool is_named(const Party* party) const {
    if (party == nullptr) return false;
    return query_.party == party->name || query_.party == party->titles.title || query_.party == party->titles.title_ko;
  }
  [[nodiscard]] bool is_asked_for(const Commitment& c) const {
    if (!query_.name.empty() && c.name != query_.name) return false;
    return query_.party.empty() || is_named(party(c.from)) || is_named(party(c.to));
  }

  Outcome<void> check_party() const {
    if (query_.party.empty()) return {};
    std::vector<std::string> names;
    for (const Party& one : m_.parties) {
      if (is_named(&one)) return {};
      names.push_back(one.name);
    }
    const std::string near = nearest_word(query_.party, names);
    return failure(fmt::format("no party is named '{}'{}", printable(query_.party),
                               near.empty() ? "; they are " + listing(names) : "; " + did_you_mean_text(near)));
  }

  Outcome<void> check_name() const {
    if (query_.name.empty()) return {};
    std::vector<std::string> names;
    for (const Commitment& one : m_.commitments) names.push_back(one.name);
    if (std::ranges::find(names, query_.name) != names.end()) return {};
    const std::string near = nearest_word(query_.name, names);
    return failure(fmt::format("no commitment is named '{}'{}", printable(query_.name),
                               near.empty() ? "; they are " + listing(names) : "; " + did_you_mean_text(near)));
  }

  [[nodiscard]] Pledge describe(const Entry& entry, const Commitment& c) const {
    Pledge out;
    out.name = c.name;
    out.title = c.title;
    out.title_ko = entry.has("title_ko") ? entry.text("title_ko") : c.title;
    out.from = c.from.valid() ? party(c.from)->name : "";
    out.to = c.to.valid() ? party(c.to)->name : "";
    out.from_title = title_of(party(c.from));
    out.to_title = title_of(party(c.to));
    out.kind = c.kind;
    out.status = c.status;
    out.firmness = firmness_of(entry);
    out.unit = c.unit;
    out.commodity = commodity_of(spec_, entry);
    out.date = text_or(entry, "date");
    out.source = c.provenance.source;
    out.confidence = text_or(entry, "confidence");
    out.note = text_or(entry, "note");
    if (entry.has("first")) out.first = to_string(entry.month("first"));
    if (entry.has("last")) out.last = to_string(entry.month("last"));
    out.sum = sum_of(entry, c);
    out.has_quantity = c.quantity.present();
    out.has_draws = !c.terms.empty();
    out.is_ceiling = c.ceiling;
    out.take_or_pay = c.take_or_pay;
    const int t = std::clamp(c.first, 0, m_.period_count() - 1);
    out.price_usd = m_.at_or(c.price, kNone, t);
    out.penalty_usd = penalty_in(spec_, entry, c, m_.calendar.month(t));
    return out;
  }

  [[nodiscard]] PledgeMonth month_of(const Entry& entry, std::size_t i, int t) const {
    const Commitment& c = m_.commitments[i];
    PledgeMonth out{.period = t, .promised = m_.at_or(c.quantity, kNone, t), .planned = kNone, .penalty_usd = kNone};
    if (!c.terms.empty()) {
      out.planned = 0;
      for (const Term& term : c.terms) out.planned += weighed_term(m_, run_.plan, term, t);
    }
    const Entity entity{EntityKind::commitment, static_cast<int32_t>(i)};
    out.delivered = actuals_.at(m_.calendar, ActualKind::delivered, entity, t).value_or(kNone);
    const double known = std::isnan(out.delivered) ? out.planned : out.delivered;
    out.gap = out.promised - known;  // NaN where one is
    // a ceiling allows less; only more than it is amiss
    if (c.ceiling) out.gap = std::min(0.0, out.gap);
    if (const double penalty = penalty_in(spec_, entry, c, m_.calendar.month(t)); !std::isnan(penalty))
      out.penalty_usd = out.gap > 0 ? penalty * out.gap : 0;
    return out;
  }

  const RunPlan& run_;
  const Spec& spec_;
  const Model& m_;
  const Actuals& actuals_;
  const PledgeQuery& query_;
};

nlohmann::ordered_json month_json(const PledgeMonth& month) {
  return {{"promised", number_or_null(month.promised)},
          {"planned", number_or_null(month.planned)},
          {"delivered", number_or_null(month.delivered)},
          {"gap", number_or_null(month.gap)},
          {"penalty_usd", number_or_null(month.penalty_usd)}};
}

const char* word_of(PledgeSum sum) {
  return sum == PledgeSum::level ? "level" : sum == PledgeSum::rate ? "rate" : "amount";
}

}  // namespace

Outcome<std::vector<Pledge>> promises_of(const RunPlan& run, const Actuals& actuals, const PledgeQuery& query) {
  return Collector(run, actuals, query).run();
}

PledgeMonth promise_total(const Pledge& promise) {
  PledgeMonth total{
      .period = -1, .promised = kNone, .planned = kNone, .delivered = kNone, .gap = kNone, .penalty_usd = kNone};
  const auto fold = [&](double PledgeMonth::* field, bool adds) {
    double sum = 0, last = kNone;
    int count = 0;
    for (const PledgeMonth& month : promise.months) {
      const double value = month.*field;
      if (std::isnan(value)) continue;
      sum += value;
      last = value;
      ++count;
    }
    if (count == 0) return;
    total.*field = adds || promise.sum == PledgeSum::amount ? sum : promise.sum == PledgeSum::rate ? sum / count : last;
  };
  fold(&PledgeMonth::promised, false);
  fold(&PledgeMonth::planned, false);
  fold(&PledgeMonth::delivered, false);
  fold(&PledgeMonth::gap, false);
  fold(&PledgeMonth::penalty_usd, true);
  return total;
}

std::string promises_json(const std::vector<Pledge>& promises, const Calendar& calendar) {
  using Json = nlohmann::ordered_json;
  Json out;
  out["commitments"] = Json::array();
  for (const Pledge& p : promises) {
    Json one{{"name", p.name},
             {"title", p.title},
             {"title_ko", p.title_ko},
             {"from", p.from},
             {"to", p.to},
             {"kind", p.kind},
             {"status", p.status},
             {"firmness", p.firmness},
             {"commodity", p.commodity},
             {"first", p.first},
             {"last", p.last},
             {"date", p.date},
             {"unit", p.unit},
             {"measure", word_of(p.sum)},
             {"has_quantity", p.has_quantity},
             {"ceiling", p.is_ceiling},
             {"take_or_pay", p.take_or_pay},
             {"price_usd", number_or_null(p.price_usd)},
             {"penalty_usd_per_unit", number_or_null(p.penalty_usd)},
             {"source", p.source},
             {"confidence", p.confidence},
             {"note", p.note}};
    one["total"] = month_json(promise_total(p));
    one["months"] = Json::array();
    for (const PledgeMonth& month : p.months) {
      Json row{{"month", to_string(calendar.month(month.period))}};
      row.update(month_json(month));
      one["months"].push_back(std::move(row));
    }
    out["commitments"].push_back(std::move(one));
  }
  return out.dump(2);
}

Table promises_table(const std::vector<Pledge>& promises, const Calendar& calendar) {
  Table table{.name = "promises", .title = "What was promised, planned and delivered, by month", .columns = {}};
  for (const char* column : {"commitment", "title", "title_ko", "from", "to", "kind", "status", "firmness", "commodity",
                             "first", "last", "unit", "measure", "period"}) {
    table.add_texts(column);
  }
  table.columns[9].description = "first month of the window as written";
  table.columns[10].description = "last month of the window as written";
  table.columns[12].description = "how months add up: level, rate or amount";
  table.add_numbers("promised", "", "in `unit`; nothing where no quantity was promised");
  table.add_numbers("planned", "", "in `unit`: what the plan draws");
  table.add_numbers("delivered", "", "in `unit`: what was counted");
  table.add_numbers("gap", "", "promised less delivered, or less planned where nothing was counted");
  table.add_numbers("penalty", "USD", "for what is short");
  table.add_texts("source");
  table.columns.back().description = "of the promise";
  const auto add = [&](const Pledge& p, const std::string& period, const PledgeMonth& month) {
    const std::string cells[] = {p.name,     p.title,     p.title_ko, p.from, p.to,   p.kind,         p.status,
                                 p.firmness, p.commodity, p.first,    p.last, p.unit, word_of(p.sum), period};
    for (std::size_t i = 0; i < std::size(cells); ++i)
      std::get<std::vector<std::string>>(table.columns[i].values).push_back(cells[i]);
    const double numbers[] = {month.promised, month.planned, month.delivered, month.gap, month.penalty_usd};
    for (std::size_t i = 0; i < std::size(numbers); ++i)
      std::get<std::vector<double>>(table.columns[std::size(cells) + i].values).push_back(numbers[i]);
    std::get<std::vector<std::string>>(table.columns.back().values).push_back(p.source);
  };
  for (const Pledge& p : promises) {
    for (const PledgeMonth& month : p.months) add(p, calendar.label(month.period), month);
    if (p.months.empty()) add(p, "", promise_total(p));
  }
  return table;
}

}  // namespace beltline
