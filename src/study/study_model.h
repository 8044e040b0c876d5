// The linear problem that a study solves again and again, and expressions over its columns.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/solver.h"
#include "model/plan.h"
#include "plan/formulate.h"
#include "plan/planner.h"

namespace beltline {

struct StudyOptions {
  double wall_time_max_s = 600;
  int thread_count = 1;
  const std::atomic<bool>* cancel = nullptr;
  /// Larger LPs are solved on the coarse calendar: one slice a period.
  std::size_t full_nonzero_max = 400'000;
  OnPlanProgress on_progress = {};
};

/// A model as a study solves it: with modules in any amount, and on the coarse calendar where all slices would be too
/// many. Its plans come to at least what whole modules and all slices come to.
struct StudyModel {
  Model model;
  Formulation formulation;  // its cost is not set
  bool is_coarse = false;
  bool modules_free = false;  // the scenario has whole modules, and here they come in any amount
};
StudyModel make_study_model(const Model& model, const StudyOptions& options);

/// constant + coefficientᵀ x, to be minimised (or maximised).
struct Expression {
  std::string name;  // "cost", "compute", "lateness", "energy.emissions@ulsan"
  std::string unit;
  std::vector<double> coefficient;  // [column]
  double constant = 0;
  bool maximise = false;

  [[nodiscard]] double at(const std::vector<double>& x) const;
};

/// A study model for goals: measures become rows that bind nothing, whose coefficients are the expressions; lateness
/// makes targets soft.
///
/// A goal's name is `cost`, `compute`, `lateness` (or `date`), or a measure of the scenario as NAME, TABLE.NAME or
/// TABLE.NAME@PLACE; `max:` before it turns it round (compute is maximised anyway). Measures of stocks (units online,
/// levels) count at the end of the horizon, others over all of it; means per hour as a mean.
struct GoalModel {
  StudyModel study;
  std::vector<Expression> goals;
};
/// @errors a name that is no goal, with the names there are
Outcome<GoalModel> make_goal_model(const Model& model, const std::vector<std::string>& goals,
                                   const StudyOptions& options);

/// What is wrong with names of goals, and which there are; nothing where nothing is.
std::optional<std::string> find_unknown_goal(const Model& model, const std::vector<std::string>& goals);

/// The problem with one more row: lower ≤ coefficientᵀ x ≤ upper.
void add_row(lp::Problem& problem, const std::vector<double>& coefficient, double lower, double upper);

/// A number by which an expression is multiplied so that a solver's tolerances fit it: 1 / the geometric mean of its
/// coefficients, as a power of ten.
double scale_of(const std::vector<double>& coefficient);

}  // namespace beltline
