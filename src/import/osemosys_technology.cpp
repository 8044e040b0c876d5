// Technologies: capacities, their processes, and the limits on both.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/osemosys_draft.h"

namespace beltline::osemosys {

/// Whether a technology can do anything, stands anyway, or must be built.
bool DraftMaker::is_used(std::size_t r, std::size_t t) const {
  const auto is_own = [&](const Mode& mode) { return mode.region == r && mode.technology == t; };
  if (std::ranges::any_of(modes_, is_own)) return true;
  return any_year([&](std::size_t y) {
    return std::max({data_.at(Param::residual_capacity, {r, t, y}), data_.at(Param::capacity_min, {r, t, y}),
                     data_.at(Param::investment_min, {r, t, y}), data_.at(Param::activity_min, {r, t, y}),
                     data_.at(Param::margin_tag_technology, {r, t, y}) > 0 && has_margin(r) ? 1.0 : 0.0,
                     data_.at(Param::period_activity_min, {r, t}), 0.0});
  });
}

/// The largest capacity factor above 1: availabilities are written as shares of it.
double DraftMaker::factor_max(std::size_t r, std::size_t t) const {
  double most = 1;
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    for (std::size_t l = 0; l < data_.size(Set::timeslice); ++l) {
      most = std::max(most, data_.at(Param::capacity_factor, {r, t, l, y}));
    }
  }
  return most;
}

void DraftMaker::set_investment(Fields& fields, const Investment& investment, double life,
                                const std::string& name) const {
  fields.text("life", fmt::format("{} year", money_.periods(life) * data_.gap()));
  if (any_year([&](std::size_t y) { return investment.capex[y]; })) {
    fields.series("capex", yearly([&](std::size_t y) { return investment.capex[y]; }, "USD/unit", "capex", name));
  }
  if (!investment.has_salvage) {
    fields.flag("salvage", false);
    fields.text("note", "capex is what is left of it after the source's own discount rate and salvage");
  } else if (investment.is_sinking_fund) {
    fields.text("write_off_as", "sinking_fund");
  }
}

void DraftMaker::add_capacity(std::size_t r, std::size_t t) {
  const std::string& name = capacity(r, t);
  Fields& fields = draft_.entry("capacity", name);
  fields.text("title", title(data_.name(Set::technology, t), r)).text("place", place(r)).text("unit", "unit");
  fields.text("kind", "technology");
  const auto residual = [&](std::size_t y) { return data_.at(Param::residual_capacity, {r, t, y}); };
  if (any_year(residual)) fields.series("existing", yearly(residual, "unit", "existing", name));
  const double life = data_.at(Param::operational_life, {r, t});
  // what has no life never stands, as the source has it
  if (life > 0) {
    set_investment(fields, money_.technology(r, t), life, name);
    add_module_size(fields, r, t);
  } else {
    fields.flag("buildable", false);
  }
  const auto fixed = [&](std::size_t y) {
    return data_.at(Param::fixed_cost, {r, t, y}) * money_.running_factor(y, data_.discount_rate(r, t)) / data_.gap();
  };
  if (any_year(fixed)) fields.series("fixed_cost", yearly(fixed, "USD/unit/year", "fixed_cost", name));
  const double most = factor_max(r, t);
  const auto factor = [&](std::size_t l, std::size_t y) {
    return data_.at(Param::capacity_factor, {r, t, l, y}) / most;
  };
  const Numbers availability = sliced(factor, "", "availability", name);
  if (std::ranges::any_of(availability.values, [](double x) { return x != 1; })) {
    fields.series("availability", availability);
  }
  const auto offer = [&](std::size_t y) {
    return data_.at(Param::margin_tag_technology, {r, t, y}) * data_.at(Param::capacity_to_activity, {r, t}) /
           kHoursPerYear;
  };
  if (!has_margin(r) || !any_year(offer)) return;
  Fields flow;
  flow.text("commodity", commodities_.of("margin", "firm_capacity"));
  flow.series("rate", yearly(offer, "1/h", "firm_capacity", name));
  fields.records("stand_flows", {flow});
}

/// CapacityOfOneTechnologyUnit and TotalAnnualMaxCapacityInvestment.
void DraftMaker::add_module_size(Fields& fields, std::size_t r, std::size_t t) {
  const auto size = [&](std::size_t y) { return data_.at(Param::unit_size, {r, t, y}); };
  bool is_alike = true;
  for (std::size_t y = 1; y < data_.years.size(); ++y) is_alike = is_alike && size(y) == size(0);
  if (!is_alike) {
    diagnostics_.add({.code = Code::inconsistent,
                      .origin = data_.origin(Param::unit_size),
                      .message = fmt::format("CapacityOfOneTechnologyUnit of {} changes over the years",
                                             data_.name(Set::technology, t)),
                      .expected = "one size for all years",
                      .help = "split the technology into one for each size"});
  } else if (size(0) > 0) {
    fields.number("module_size", size(0), "unit");
  }
  const auto most = [&](std::size_t y) { return data_.at(Param::investment_max, {r, t, y}); };
  const auto holds = [&](std::size_t y) { return most(y) != kNoLimit; };
  bool always = true;
  for (std::size_t y = 0; y < data_.years.size(); ++y) always = always && holds(y) && most(y) >= 0;
  if (always) {
    fields.series("build_max", yearly(most, "unit", "build_max", capacity(r, t)));
    return;
  }
  const std::string& name = data_.name(Set::technology, t);
  add_limits({"investment_max", "most new capacity of " + name, "upper", holds, most}, name, r,
             {term("order", capacity(r, t))});
}

std::vector<Fields> DraftMaker::flows_of(const Mode& mode, const std::string& name) {
  const auto [r, t, m] = std::tuple(mode.region, mode.technology, mode.mode);
  std::vector<Fields> flows;
  const auto add = [&](const std::string& commodity, const ByYear& rate, const std::string& column) {
    Fields flow;
    flow.text("commodity", commodity).series("rate", yearly(rate, "", "ratio", column));
    flows.push_back(std::move(flow));
  };
  for (const std::size_t f : mode.inputs) {
    add(
        fuel(f), [&](std::size_t y) { return -data_.at(Param::input_ratio, {r, t, f, m, y}); },
        fmt::format("{}_in_{}", name, data_.name(Set::fuel, f)));
  }
  for (const std::size_t f : mode.outputs) {
    add(
        fuel(f), [&](std::size_t y) { return data_.at(Param::output_ratio, {r, t, f, m, y}); },
        fmt::format("{}_out_{}", name, data_.name(Set::fuel, f)));
  }
  for (const std::size_t e : mode.emissions) {
    add(
        commodities_.of("emission", "emission_" + data_.name(Set::emission, e)),
        [&](std::size_t y) { return data_.at(Param::emission_ratio, {r, t, e, m, y}); },
        fmt::format("{}_emits_{}", name, data_.name(Set::emission, e)));
  }
  const auto need = [&](std::size_t y) { return -margin_need(mode, y); };
  if (has_margin(r) && any_year(need)) {
    add(commodities_.of("margin", "firm_capacity"), need, fmt::format("{}_margin", name));
  }
  return flows;
}

/// Variable cost, and where a technology has a rate of its own what its penalties count more or less for.
void DraftMaker::set_costs(Fields& fields, const Mode& mode, const std::string& name) const {
  const auto [r, t, m] = std::tuple(mode.region, mode.technology, mode.mode);
  const double rate = data_.discount_rate(r, t);
  const auto cost = [&](std::size_t y) {
    double usd = data_.at(Param::variable_cost, {r, t, m, y}) * money_.running_factor(y, rate);
    if (rate == data_.discount_rate(r, 0)) return usd;
    const double more = money_.running_factor(y, rate) - money_.running_factor(y, data_.discount_rate(r, 0));
    for (const std::size_t e : mode.emissions) {
      usd += data_.at(Param::emission_ratio, {r, t, e, m, y}) * data_.at(Param::emission_penalty, {r, e, y}) * more;
    }
    return usd;
  };
  if (any_year(cost)) fields.series("cost", yearly(cost, "USD/unit", "cost", name));
}

/// What must run may do so idle, which those who wrote the limit seldom meant.
void DraftMaker::report_idle(const Mode& mode) {
  diagnostics_.add(
      {.code = Code::inconsistent,
       .severity = Severity::warning,
       .origin = data_.origin(data_.has(Param::activity_min) ? Param::activity_min : Param::period_activity_min),
       .message = fmt::format("{} in {} can run idle in mode {}, which counts for its least activity",
                              data_.name(Set::technology, mode.technology), data_.name(Set::region, mode.region),
                              data_.name(Set::mode, mode.mode)),
       .expected = "a mode with an input, an output or an emission",
       .help = "to forbid it, delete the mode's process in the scenario"});
}

void DraftMaker::add_process(const Mode& mode) {
  if (mode.is_idle()) report_idle(mode);
  const std::string& name = process(mode);
  const std::string text =
      fmt::format("{} mode {}", data_.name(Set::technology, mode.technology), data_.name(Set::mode, mode.mode));
  std::vector<Fields> flows = flows_of(mode, name);
  for (const bool charges : {true, false}) {
    for (const std::size_t s : charges ? mode.charges : mode.discharges) {
      flows.push_back(storage_flow(mode, s, charges, name));
    }
  }
  Fields& fields = draft_.entry("process", name);
  fields.text("title", title(text, mode.region)).text("place", place(mode.region)).text("grain", "rate");
  fields.text("unit", "unit/h").text("kind", "technology").records("flows", std::move(flows));
  const double per_unit =
      data_.at(Param::capacity_to_activity, {mode.region, mode.technology}) * factor_max(mode.region, mode.technology);
  if (per_unit > 0) {
    Fields use;
    use.text("capacity", capacity(mode.region, mode.technology)).number("use", kHoursPerYear / per_unit, "h");
    fields.records("uses", {use});
  } else {
    fields.number("upper", 0, "unit/h");
  }
  set_costs(fields, mode, name);
}

std::vector<Fields> DraftMaker::activity_terms(std::size_t r, std::size_t t) {
  std::vector<Fields> terms;
  for (const Mode& mode : modes_) {
    if (mode.region == r && mode.technology == t) terms.push_back(term("activity", process(mode)));
  }
  return terms;
}

/// CAb1: over the year a technology runs no more than its availability factor lets it.
void DraftMaker::add_availability_limit(std::size_t r, std::size_t t) {
  const auto factor = [&](std::size_t y) { return std::min(1.0, data_.at(Param::availability_factor, {r, t, y})); };
  std::vector<Fields> terms = activity_terms(r, t);
  if (terms.empty() || !any_year([&](std::size_t y) { return 1 - factor(y); })) return;
  const auto runs = [&](std::size_t y) {
    double share = 0;
    for (std::size_t l = 0; l < data_.size(Set::timeslice); ++l) {
      share += data_.at(Param::capacity_factor, {r, t, l, y}) * data_.at(Param::year_split, {l, y});
    }
    return -share * factor(y) * data_.at(Param::capacity_to_activity, {r, t});
  };
  terms.push_back(term("online", capacity(r, t), runs, "availability_factor"));
  const std::string& name = data_.name(Set::technology, t);
  add_limits({"availability", "planned maintenance of " + name, "upper", [](std::size_t) { return true; },
              [](std::size_t) { return 0.0; }},
             name, r, terms);
}

void DraftMaker::add_technology_limits(std::size_t r, std::size_t t) {
  add_availability_limit(r, t);
  const std::string& name = data_.name(Set::technology, t);
  const auto add = [&](Param param, const char* key, const char* what, const std::string& text,
                       const std::vector<Fields>& terms) {
    const auto value = [&, param](std::size_t y) { return data_.at(param, {r, t, y}); };
    const bool is_upper = std::string_view(key) == "upper";
    const auto holds = [&](std::size_t y) { return is_upper ? value(y) != kNoLimit : value(y) > 0; };
    add_limits({what, text + name, key, holds, value}, name, r, terms);
  };
  const std::vector<Fields> online{term("online", capacity(r, t))};
  add(Param::capacity_max, "upper", "capacity_max", "most capacity of ", online);
  add(Param::capacity_min, "lower", "capacity_min", "least capacity of ", online);
  add(Param::investment_min, "lower", "investment_min", "least new capacity of ", {term("order", capacity(r, t))});
  const std::vector<Fields> activity = activity_terms(r, t);
  if (activity.empty()) return;
  add(Param::activity_max, "upper", "activity_max", "most activity of ", activity);
  add(Param::activity_min, "lower", "activity_min", "least activity of ", activity);
  const double most = data_.at(Param::period_activity_max, {r, t});
  const double least = data_.at(Param::period_activity_min, {r, t});
  add_window_limit({"total_activity_max", "most activity in all of " + name, "upper",
                    [&](std::size_t) { return most != kNoLimit; }, [&](std::size_t) { return most; }},
                   name, r, activity);
  add_window_limit({"total_activity_min", "least activity in all of " + name, "lower",
                    [&](std::size_t) { return least > 0; }, [&](std::size_t) { return least; }},
                   name, r, activity);
}

}  // namespace beltline::osemosys
