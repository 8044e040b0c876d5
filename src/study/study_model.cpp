#include "study/study_model.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/coarse.h"
#include "plan/lp_map.h"

namespace beltline {
namespace {

std::string full_name(const Model& m, const Measure& measure) {
  std::string name = measure.table + "." + measure.name;
  if (measure.place.valid()) name += "@" + m.places[measure.place.index()].name;
  return name;
}

bool fits(const Model& m, const Measure& measure, const std::string& wanted) {
  return wanted == measure.name || wanted == measure.table + "." + measure.name || wanted == full_name(m, measure);
}

bool is_stock(const Measure& measure) {
  return std::ranges::all_of(measure.terms, [](const Term& term) {
    return term.kind == TermKind::online || term.kind == TermKind::built || term.kind == TermKind::level ||
           term.kind == TermKind::peak;
  });
}

/// A row that binds nothing and sums what the measures of this name say.
struct MeasureRow {
  std::size_t limit = 0;
  double constant = 0;
  std::string unit;
};

Series scaled(Model& m, Series coefficient, const std::vector<double>& factor) {
  const int slices = coefficient.present() && coefficient.slice_stride != 0 ? m.calendar.slice_count : 1;
  const Series out{
      .offset = static_cast<int32_t>(m.pool.size()), .period_stride = slices, .slice_stride = slices == 1 ? 0 : 1};
  std::vector<double> values;
  for (int t = 0; t < m.period_count(); ++t) {
    for (int s = 0; s < slices; ++s)
      values.push_back(factor[static_cast<std::size_t>(t)] * m.at_or(coefficient, 1, t, s));
  }
  m.pool.insert(m.pool.end(), values.begin(), values.end());
  return out;
}

MeasureRow add_measure_row(Model& m, const std::string& name) {
  MeasureRow row{.limit = m.limits.size()};
  Limit limit{.name = "goal " + name, .kind = "goal", .scope = LimitScope::window};
  const int last = m.period_count() - 1;
  double hours = 0;
  for (int t = 0; t <= last; ++t) hours += m.calendar.hours(t);
  for (const Measure& measure : m.measures) {
    if (!fits(m, measure, name)) continue;
    row.unit = measure.unit;
    const bool at_end = is_stock(measure) && !measure.terms.empty();
    std::vector<double> factor(static_cast<std::size_t>(last) + 1, at_end ? 0.0 : 1.0);
    if (at_end) factor.back() = measure.per_hour ? 1 / m.calendar.hours(last) : 1.0;
    for (double& each : factor) each = measure.per_hour && !at_end ? 1 / hours : each;
    for (const Term& term : measure.terms)
      limit.terms.push_back({.kind = term.kind, .id = term.id, .coefficient = scaled(m, term.coefficient, factor)});
    for (int t = at_end ? last : 0; t <= last; ++t) {
      const double share = measure.per_hour ? m.calendar.hours(t) / (at_end ? m.calendar.hours(last) : hours) : 1.0;
      row.constant += share * m.at_or(measure.constant, 0, t);
    }
  }
  const Series zero{.offset = static_cast<int32_t>(m.pool.size())};
  m.pool.push_back(0);
  limit.lower = limit.upper = zero;  // freed once the row's own constant is read
  m.limits.push_back(std::move(limit));
  return row;
}

std::string names_of_goals(const Model& m) {
  std::set<std::string> names;
  for (const Measure& measure : m.measures) names.insert(measure.table + "." + measure.name);
  return fmt::format("cost, compute, lateness{}{}", names.empty() ? "" : ", ", fmt::join(names, ", "));
}

/// Without "max:" or "min:", `date` as `lateness`.
std::string goal_name(const std::string& goal) {
  const std::string name = goal.starts_with("max:") || goal.starts_with("min:") ? goal.substr(4) : goal;
  return name == "date" ? "lateness" : name;
}

Expression goal_expression(const StudyModel& study, Goal goal, const char* name, const char* unit) {
  GoalVector v = goal_vector(study.model, study.formulation.layout, goal);
  return {.name = name,
          .unit = unit,
          .coefficient = std::move(v.coefficient),
          .constant = v.constant,
          .maximise = goal == Goal::useful_compute};
}

}  // namespace

std::optional<std::string> find_unknown_goal(const Model& model, const std::vector<std::string>& goals) {
  if (goals.size() < 2) return "a front needs two goals: cost,compute";
  for (const std::string& goal : goals) {
    const std::string name = goal_name(goal);
    if (name == "cost" || name == "compute") continue;
    if (name == "lateness") {
      if (std::ranges::any_of(model.limits, &Limit::is_target)) continue;
      return "lateness is no goal of a scenario without targets";
    }
    const auto fits_name = [&](const Measure& measure) { return fits(model, measure, name); };
    if (std::ranges::none_of(model.measures, fits_name))
      return fmt::format("'{}' is no goal; write one of {}", printable(name), names_of_goals(model));
  }
  return std::nullopt;
}

double Expression::at(const std::vector<double>& x) const {
  double sum = constant;
  for (std::size_t j = 0; j < coefficient.size(); ++j) sum += coefficient[j] * x[j];
  return sum;
}

StudyModel make_study_model(const Model& model, const StudyOptions& options) {
  StudyModel out{.model = model, .formulation = {}};
  for (Capacity& capacity : out.model.capacities) {
    out.modules_free = out.modules_free || (capacity.buildable && capacity.module_size > 0);
    capacity.module_size = 0;
  }
  out.formulation = formulate(out.model);
  if (out.formulation.problem.nonzero_count() > options.full_nonzero_max && model.calendar.slice_count > 1) {
    out.is_coarse = true;
    out.model = coarsen(out.model);
    out.formulation = formulate(out.model);
  }
  return out;
}

Outcome<GoalModel> make_goal_model(const Model& model, const std::vector<std::string>& goals,
                                   const StudyOptions& options) {
  if (const auto wrong = find_unknown_goal(model, goals)) return failure(*wrong);
  Model asked = model;
  std::vector<std::optional<MeasureRow>> rows;
  std::vector<std::string> names;
  std::vector<bool> turned;
  for (const std::string& goal : goals) {
    std::string name = goal_name(goal);
    std::optional<MeasureRow> row;
    if (name == "lateness") {
      asked.objective.kind = ObjectiveKind::earliest;
    } else if (name != "cost" && name != "compute") {
      row = add_measure_row(asked, name);
    }
    rows.push_back(std::move(row));
    names.push_back(std::move(name));
    turned.push_back(goal.starts_with("max:"));
  }
  GoalModel out{.study = make_study_model(asked, options), .goals = {}};
  lp::Problem& p = out.study.formulation.problem;
  const Rows by_row = rows_of(p);
  for (std::size_t g = 0; g < goals.size(); ++g) {
    if (names[g] == "cost") {
      out.goals.push_back(goal_expression(out.study, Goal::cost, "cost", "USD"));
      out.goals.back().maximise = turned[g];
    } else if (names[g] == "compute") {
      out.goals.push_back(goal_expression(out.study, Goal::useful_compute, "compute", "PFLOP/s*h"));
    } else if (names[g] == "lateness") {
      out.goals.push_back(goal_expression(out.study, Goal::shortfall, "lateness", "1"));
      out.goals.back().maximise = turned[g];
    } else {
      const auto row = static_cast<std::size_t>(out.study.formulation.layout.limit[rows[g]->limit].first);
      Expression e{.name = names[g], .unit = rows[g]->unit, .coefficient = {}, .maximise = turned[g]};
      e.coefficient.assign(p.column_count(), 0.0);
      for (auto k = static_cast<std::size_t>(by_row.start[row]); k < static_cast<std::size_t>(by_row.start[row + 1]);
           ++k)
        e.coefficient[static_cast<std::size_t>(by_row.column[k])] = by_row.value[k];
      e.constant = rows[g]->constant - p.row_lower[row];  // what existing capacity adds
      p.row_lower[row] = -lp::kInf;
      p.row_upper[row] = lp::kInf;
      out.goals.push_back(std::move(e));
    }
  }
  // plans are verified by the model, which must not ask what the rows no longer do
  for (const auto& row : rows) {
    if (row) out.study.model.limits[row->limit].lower = out.study.model.limits[row->limit].upper = {};
  }
  return out;
}

void add_row(lp::Problem& p, const std::vector<double>& coefficient, double lower, double upper) {
  const auto row = static_cast<int32_t>(p.row_count());
  p.row_lower.push_back(lower);
  p.row_upper.push_back(upper);
  std::vector<int32_t> start = {0}, index;
  std::vector<double> value;
  index.reserve(p.index.size() + coefficient.size());
  value.reserve(p.value.size() + coefficient.size());
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      index.push_back(p.index[k]);
      value.push_back(p.value[k]);
    }
    if (j < coefficient.size() && coefficient[j] != 0) {
      index.push_back(row);
      value.push_back(coefficient[j]);
    }
    start.push_back(static_cast<int32_t>(index.size()));
  }
  p.start = std::move(start);
  p.index = std::move(index);
  p.value = std::move(value);
}

double scale_of(const std::vector<double>& coefficient) {
  double sum = 0;
  std::size_t count = 0;
  for (const double c : coefficient) {
    if (c == 0) continue;
    sum += std::log10(std::abs(c));
    ++count;
  }
  return count == 0 ? 1.0 : std::pow(10.0, -std::round(sum / static_cast<double>(count)));
}

}  // namespace beltline
