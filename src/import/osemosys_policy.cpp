// What holds for a region as a whole: reserve margin, renewable target, emissions; and trade between regions.
#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/osemosys_draft.h"

namespace beltline::osemosys {

/// Firm capacity that a unit of activity needs: RM2 and RM3, on the production of tagged fuels.
double DraftMaker::margin_need(const Mode& mode, std::size_t y) const {
  const auto [r, t, m] = std::tuple(mode.region, mode.technology, mode.mode);
  const double margin = std::max(0.0, data_.at(Param::reserve_margin, {r, y}));
  double output = 0;
  for (const std::size_t f : mode.outputs) {
    output += data_.at(Param::output_ratio, {r, t, f, m, y}) * data_.at(Param::margin_tag_fuel, {r, f, y});
  }
  return margin * output;
}

bool DraftMaker::finds_margin(std::size_t r) const {
  return std::ranges::any_of(modes_, [&](const Mode& mode) {
    return mode.region == r && any_year([&](std::size_t y) { return margin_need(mode, y); });
  });
}

void DraftMaker::add_firm_capacity(std::size_t) {
  const std::string& name = commodities_.of("margin", "firm_capacity");
  if (draft_.has("commodity", name)) return;
  Fields& fields = draft_.entry("commodity", name);
  fields.text("title", "firm capacity").text("unit", "unit/h").text("grain", "rate").flag("disposable", true);
  fields.text("note", "reserve margin: tagged technologies offer it, production of tagged fuels needs it");
}

/// RE1..RE4: a share of the tagged fuels' production comes from tagged technologies, all of whose outputs count.
void DraftMaker::add_renewable_target(std::size_t r) {
  const auto target = [&](std::size_t y) { return data_.at(Param::renewable_target, {r, y}); };
  if (!any_year(target)) return;
  std::vector<Fields> terms;
  for (const Mode& mode : modes_) {
    if (mode.region != r) continue;
    const auto coefficient = [&](std::size_t y) {
      double own = 0, tagged = 0;
      for (const std::size_t f : mode.outputs) {
        const double output = data_.at(Param::output_ratio, {r, mode.technology, f, mode.mode, y});
        own += output;
        tagged += output * data_.at(Param::renewable_tag_fuel, {r, f, y});
      }
      return own * data_.at(Param::renewable_tag_technology, {r, mode.technology, y}) - target(y) * tagged;
    };
    if (any_year(coefficient)) terms.push_back(term("activity", process(mode), coefficient, "renewable"));
  }
  if (terms.empty()) return;
  add_limits({"target", "renewable production", "lower", [&](std::size_t y) { return target(y) > 0; },
              [](std::size_t) { return 0.0; }},
             "renewable", r, terms);
}

/// What all processes emit leaves through one process, which pays the penalty and which the limits are on.
void DraftMaker::add_emission(std::size_t r, std::size_t e) {
  const std::string& name = data_.name(Set::emission, e);
  const std::string& commodity = commodities_.of("emission", "emission_" + name);
  bool is_emitted = false;
  bool is_absorbed = false;
  for (const Mode& mode : modes_) {
    if (mode.region != r || std::ranges::find(mode.emissions, e) == mode.emissions.end()) continue;
    is_emitted = true;
    is_absorbed = is_absorbed || any_year([&](std::size_t y) {
                    return std::min(0.0, data_.at(Param::emission_ratio, {r, mode.technology, e, mode.mode, y}));
                  });
  }
  if (is_emitted && !draft_.has("commodity", commodity)) {
    draft_.entry("commodity", commodity).text("title", name).text("unit", "unit").text("grain", "amount");
  }
  const std::string& emit = processes_.of("emission", at_region("emit_" + name, r));
  Fields& fields = draft_.entry("process", emit);
  fields.text("title", title(name + " emitted", r))
      .text("place", place(r))
      .text("grain", "amount")
      .text("unit", "unit");
  fields.text("kind", "emission");
  if (is_absorbed) fields.flag("runs_back", true);
  if (is_emitted) {
    Fields flow;
    flow.text("commodity", commodity).number("rate", -1);
    fields.records("flows", {flow});
  } else {
    fields.number("upper", 0, "unit");
  }
  const auto penalty = [&](std::size_t y) {
    return data_.at(Param::emission_penalty, {r, e, y}) * money_.running_factor(y, data_.discount_rate(r, 0));
  };
  if (is_emitted && any_year(penalty)) fields.series("cost", yearly(penalty, "USD/unit", "penalty", emit));
  const std::vector<Fields> terms{term("activity", emit)};
  if (is_emitted) {
    Fields& measure = draft_.entry("measure", emit);
    measure.text("title", title(name, r)).text("table", "emissions").text("unit", "unit").text("place", place(r));
    measure.records("terms", terms);
  }
  const auto annual = [&](std::size_t y) { return data_.at(Param::emission_limit, {r, e, y}); };
  add_limits({"emission_max", "most emission of " + name, "upper", [&](std::size_t y) { return annual(y) != kNoLimit; },
              [&](std::size_t y) { return annual(y) - data_.at(Param::exogenous_emission, {r, e, y}); }},
             name, r, terms);
  const double total = data_.at(Param::period_emission_limit, {r, e});
  add_window_limit(
      {"total_emission_max", "most emission in all of " + name, "upper", [&](std::size_t) { return total != kNoLimit; },
       [&](std::size_t) { return total - data_.at(Param::period_exogenous_emission, {r, e}); }},
      name, r, terms);
}

void DraftMaker::report_one_way(std::size_t from, std::size_t to, std::size_t fuel, std::size_t y) {
  diagnostics_.add(
      {.code = Code::inconsistent,
       .origin = data_.origin(Param::trade_route),
       .message = fmt::format("TradeRoute links {} with {} for {} in {} one way only", data_.name(Set::region, from),
                              data_.name(Set::region, to), data_.name(Set::fuel, fuel), data_.years[y]),
       .expected = "the same link from the other side",
       .help = "write the route both ways, or delete it"});
}

}  // namespace beltline::osemosys
