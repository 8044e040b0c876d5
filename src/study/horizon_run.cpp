#include "study/horizon_run.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plan/table_rows.h"
#include "run/amounts.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

std::string told(double value, const std::string& unit) {
  return unit == "USD"                 ? money(value)
         : unit == "1" || unit.empty() ? fmt::format("{:.4g}", value)
                                       : quantity_words(value, unit);
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Table days_table(const Model& m, const Days& days) {
  Table table = make("days", "Days that the plan was found on, and how many each stands for",
                     {{"period", "text", ""},
                      {"day", "", "of the period, from 0"},
                      {"why", "text", "medoid, or the extreme that it is kept for"},
                      {"stands_for", "", "days of the period, itself among them"}});
  for (std::size_t t = 0; t < days.periods.size(); ++t) {
    const DayChoice& choice = days.periods[t];
    for (std::size_t i = 0; i < choice.day.size(); ++i) {
      texts(table, 0).push_back(m.calendar.label(static_cast<int>(t)));
      numbers(table, 1).push_back(choice.day[i]);
      texts(table, 2).push_back(choice.why[i]);
      numbers(table, 3).push_back(choice.stands_for[i]);
    }
  }
  return table;
}

Table windows_table(const Model& m, const RollingPlan& rolling) {
  Table table = make("windows", "Windows in the order in which they were planned",
                     {{"first", "text", "first period that it sees"},
                      {"last", "text", "last period that it sees"},
                      {"decided", "text", "last period that it decides"},
                      {"ends", "text", "how its solve ended"},
                      {"objective", "", "of what it sees, end values included, in the plan's unit"}});
  for (const RollingWindow& window : rolling.windows) {
    texts(table, 0).push_back(m.calendar.label(window.first));
    texts(table, 1).push_back(m.calendar.label(window.last));
    texts(table, 2).push_back(m.calendar.label(window.decided));
    texts(table, 3).emplace_back(to_string(window.termination));
    numbers(table, 4).push_back(window.objective);
  }
  return table;
}

}  // namespace

Outcome<RunResult> run_days(const Compiled& compiled, const DaysOptions& options, const OnPlanProgress& on_progress) {
  auto found = plan_days(*compiled.model, options, on_progress);
  if (!found) return std::unexpected(found.error());
  const std::string unit = found->plan.objective_unit;
  const double cost = found->plan.objective, bound = found->plan.bound, gap = found->plan.gap;
  const bool has_plan = found->plan.has_point;
  const int per_period = static_cast<int>(found->days.periods.front().day.size());
  auto out = run_result(compiled, std::move(found->plan), std::move(found->statistics), options.plan, on_progress);
  if (!out) return out;
  Json json = Json::parse(out->manifest_json);
  json["days"] = {{"chosen", per_period},
                  {"of", found->days.day_count},
                  {"objective_on_chosen", number(found->chosen)},
                  {"objective_on_all", number(has_plan ? cost : std::nan(""))},
                  {"bound", number(has_plan ? bound : std::nan(""))},
                  {"bound_how", found->bound_how},
                  {"orders_added", found->reinforced}};
  json["options"]["days"] = options.days;
  out->manifest_json = json.dump(2);
  out->tables.push_back(days_table(*compiled.model, found->days));
  if (!has_plan) return out;
  out->summary += fmt::format("days          {} of {}: {} on them, {} on all hours, at least {} ({}), gap {}\n",
                              per_period, found->days.day_count, told(found->chosen, unit), told(cost, unit),
                              std::isfinite(bound) ? told(bound, unit) : "not known", found->bound_how,
                              std::isfinite(gap) ? fmt::format("{:.3g} %", 100 * gap) : "not known");
  if (found->reinforced)
    out->summary += "              the orders of these days left an hour without a plan and were added to\n";
  return out;
}

Outcome<RunResult> run_rolling(const Compiled& compiled, const RollingOptions& options, bool compare,
                               const OnPlanProgress& on_progress) {
  const Model& m = *compiled.model;
  auto found = plan_rolling(m, options, on_progress);
  if (!found) return std::unexpected(found.error());
  Plan& plan = found->plan;
  Plan foresight;
  if (compare && plan.has_point) {
    auto made = make_plan(m, options.plan, nullptr, on_progress);
    if (!made) return std::unexpected(made.error());
    foresight = std::move(*made);
    if (foresight.has_point) {
      plan.bound = foresight.bound;
      plan.gap = std::abs(plan.objective - plan.bound) / std::max(1e-9, std::abs(plan.objective));
    }
  }
  const double objective = plan.objective;
  const std::string unit = plan.objective_unit;
  const bool has_plan = plan.has_point;
  const bool is_myopic = options.step >= options.window;
  auto out = run_result(compiled, std::move(plan), std::move(found->statistics), options.plan, on_progress);
  if (!out) return out;
  const Calendar& calendar = m.calendar;
  Json json = Json::parse(out->manifest_json);
  json["windows"] = {{"mode", is_myopic ? "myopic" : "rolling"},
                     {"periods", options.window},
                     {"step", options.step},
                     {"end_value", to_string(options.end_value)},
                     {"count", found->windows.size()}};
  if (foresight.has_point) {
    json["windows"]["perfect_foresight"] = {{"objective", number(foresight.objective)},
                                            {"bound", number(foresight.bound)},
                                            {"cost_usd", number(foresight.cost_usd)}};
  }
  out->manifest_json = json.dump(2);
  out->tables.push_back(windows_table(m, *found));
  if (!has_plan) return out;
  out->summary += fmt::format("windows       {} of {} months, each deciding {}; end value: {}\n", found->windows.size(),
                              options.window * calendar.months_per_period, options.step * calendar.months_per_period,
                              to_string(options.end_value));
  if (foresight.has_point) {
    out->summary += fmt::format(
        "foresight     {} with all known from the start: seeing only so far makes a difference of {} ({:+.3g} %)\n",
        told(foresight.objective, unit), told(objective - foresight.objective, unit),
        100 * (objective - foresight.objective) / std::max(1e-9, std::abs(foresight.objective)));
  }
  return out;
}

}  // namespace beltline
