#include "study/stochastic.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/count.h"
#include "model/splice.h"
#include "plan/coarse.h"
#include "plan/extract.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "study/benders.h"
#include "study/case_plan.h"
#include "study/hedging.h"
#include "study/stopwatch.h"

namespace beltline {
namespace {

/// Whole modules need not agree at all: what hedging has not settled by then, rounding does.
constexpr int kHedgingIterations = 60;

/// All cases solved for one weighting of the goals.
struct Solved {
  lp::Termination termination = lp::Termination::unverified;
  std::string method;
  double objective = lp::kInf;  // LP money
  double bound = -lp::kInf;
  std::vector<lp::Solution> cases;  // [case] point, and duals as the expectation has them; empty without a point
  std::string detail;
};

/// Decisions held at values: a mean-value plan's, or whole modules decided elsewhere.
struct Held {
  std::vector<std::optional<double>> value;  // [variable]
};

class StochasticPlanner {
 public:
  StochasticPlanner(StochasticProblem problem, const RiskMeasure& risk, const StochasticOptions& options,
                    const OnPlanProgress& on_progress)
      : s_(std::move(problem)), risk_(risk), options_(options), on_progress_(on_progress) {}

  Outcome<StochasticPlan> run() {
    const Model& first_model = *s_.cases.front().model;
    const Weights first = first_goal(first_model);
    set_goals(s_, first);
    if (risk_.weight > 0 && s_.is_quadratic())
      return failure("[risk] weighs the dearest cases by linear costs, and the scenario has quadratic_cost");
    note_size();
    if (s_.has_integers() && is_large()) return run_large(first);
    auto bound = solve(nullptr, true);
    if (!bound) return std::unexpected(bound.error());
    if (bound->cases.empty()) return without_point(*bound);
    Solved best = *bound;
    Weights both = first;
    if (first_model.objective.kind != ObjectiveKind::min_cost) {
      both = weigh_cases(best);
      set_goals(s_, both);
      auto second = solve(nullptr, false);
      if (!second) return std::unexpected(second.error());
      if (!second->cases.empty()) best = std::move(*second);
    }
    if (options_.with_value && !is_cancelled()) {
      set_goals(s_, first);
      auto valued = find_value(first, both, *bound, best);
      if (!valued) return std::unexpected(valued.error());
    }
    set_goals(s_, both);
    return conclude(*bound, best, both);
  }

 private:
  // --- solving all cases for the goals that are set

  /// @param held      decisions held at values, or null
  /// @param may_look  whether this is the first look at the problem: whole modules are decided anew
  Outcome<Solved> solve(const Held* held, bool may_look) {
    const auto saved = bounds();
    if (held != nullptr) hold(*held);
    auto out = solve_whole();
    restore(saved);
    if (out) {
      stages_ += fmt::format("{}{}: {}, objective {:.9g}, bound {:.9g}{}{}\n", out->method,
                             held != nullptr ? " of given orders"
                             : may_look      ? ""
                                             : " at cost",
                             lp::to_string(out->termination), out->objective, out->bound,
                             out->detail.empty() ? "" : "; ", out->detail);
    }
    return out;
  }

  Outcome<Solved> solve_whole() {
    if (options_.method == StochasticMethod::hedging) return solve_by_hedging();
    const bool can_split = s_.is_two_stage() && !s_.has_integers() && !s_.is_quadratic();
    const bool wants_split =
        options_.method == StochasticMethod::benders ||
        (options_.method == StochasticMethod::automatic && nonzeros() > options_.extensive_nonzero_max);
    if (can_split && wants_split) {
      auto split = solve_by_benders();
      if (!split) return split;
      const bool is_answer = !split->cases.empty() || split->termination == lp::Termination::infeasible ||
                             split->termination == lp::Termination::interrupted;
      if (is_answer) return split;
      stages_ += fmt::format("benders: {}\n", split->detail);
    }
    return solve_extensive();
  }

  Outcome<Solved> solve_extensive() {
    const ExtensiveForm form = extensive_form(s_, risk_);
    statistics_.row_count = form.problem.row_count();
    statistics_.column_count = form.problem.column_count();
    statistics_.nonzero_count = form.problem.nonzero_count();
    auto solution = lp_solve("all cases", form.problem);
    if (!solution) return std::unexpected(solution.error());
    Solved out{.termination = solution->termination,
               .method = "extensive",
               .objective = solution->objective,
               .bound = solution->bound,
               .cases = {},
               .detail = solution->detail};
    if (!solution->has_point) return out;
    if (solution->row_dual.empty() && form.problem.has_integers() && !is_cancelled()) {
      // a MIP's point has no prices of its own: they are those of the LP with its modules held
      lp::Problem fixed = form.problem;
      for (std::size_t j = 0; j < fixed.integer.size(); ++j) {
        if (fixed.integer[j]) fixed.column_lower[j] = fixed.column_upper[j] = std::round(solution->x[j]);
      }
      auto prices = lp_solve("prices", lp::relaxed(std::move(fixed)));
      if (!prices) return std::unexpected(prices.error());
      if (prices->has_point) {
        prices->bound = solution->bound;
        solution = std::move(prices);
      }
    }
    for (std::size_t c = 0; c < s_.cases.size(); ++c) out.cases.push_back(case_solution(form, *solution, c));
    return out;
  }

  /// A case's part of the whole: its columns, and duals per unit of its probability.
  lp::Solution case_solution(const ExtensiveForm& form, const lp::Solution& whole, std::size_t c) const {
    lp::Solution out{.termination = whole.termination, .has_point = true};
    out.x = case_point(s_, c, whole.x);
    out.objective = cost_of_case(s_, c, out.x);
    if (whole.row_dual.empty()) return out;
    for (const int32_t row : form.row[c]) {
      const auto i = static_cast<std::size_t>(row);
      out.row_dual.push_back(whole.row_dual[i] / form.row_weight[i]);
    }
    std::vector<double> weight(s_.variable_count(), 0.0);
    for (std::size_t other = 0; other < s_.cases.size(); ++other) {
      for (const int32_t v : s_.variable[other]) weight[static_cast<std::size_t>(v)] += s_.cases[other].probability;
    }
    for (const int32_t variable : s_.variable[c]) {
      const auto v = static_cast<std::size_t>(variable);
      out.column_dual.push_back(whole.column_dual[v] / weight[v]);
    }
    return out;
  }

  Outcome<Solved> solve_by_benders() {
    const auto engine = make_local_engine(engine_options());
    auto found = solve_benders(s_, risk_, *engine, decomposition("benders"));
    if (!found) return std::unexpected(found.error());
    Solved out{.termination = found->termination,
               .method = "benders",
               .objective = found->objective,
               .bound = found->bound,
               .cases = {},
               .detail = fmt::format("{}{}{}", counted(found->iteration_count, "iteration"),
                                     found->detail.empty() ? "" : ", ", found->detail)};
    if (!found->has_point) return out;
    auto cases = solve_cases_given(found->common);
    if (!cases) return std::unexpected(cases.error());
    out.cases = std::move(*cases);
    if (out.cases.empty()) out.termination = lp::Termination::unverified;
    return out;
  }

  /// Each case with its common columns held, at once.
  Outcome<std::vector<lp::Solution>> solve_cases_given(const std::vector<double>& common) {
    std::vector<lp::Solution> out;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      auto solution = solve_case_given(c, common, 0);
      // the master's point may miss a row of common columns by a hair
      if (solution && !solution->has_point) solution = solve_case_given(c, common, 1e-7);
      if (!solution) return std::unexpected(solution.error());
      if (!solution->has_point) return std::vector<lp::Solution>();
      out.push_back(std::move(*solution));
    }
    return out;
  }

  Outcome<lp::Solution> solve_case_given(std::size_t c, const std::vector<double>& common, double hair) {
    lp::Problem p = lp::relaxed(s_.formulations[c].problem);
    for (std::size_t j = 0; j < p.column_count(); ++j) {
      if (!s_.is_common(c, j)) continue;
      const double value = common[static_cast<std::size_t>(s_.variable[c][j])];
      p.column_lower[j] = std::max(p.column_lower[j], value - hair * (1 + std::abs(value)));
      p.column_upper[j] = std::min(p.column_upper[j], value + hair * (1 + std::abs(value)));
      if (p.column_lower[j] > p.column_upper[j]) p.column_lower[j] = p.column_upper[j];
    }
    return lp_solve("case " + s_.cases[c].name, p);
  }

  /// Whole modules by hedging, everything else by one LP with them held; the LP alone where there are none.
  Outcome<Solved> solve_by_hedging() {
    const auto engine = make_local_engine(engine_options());
    DecompositionOptions how = decomposition("hedging");
    how.iteration_max = kHedgingIterations;
    auto found = hedge(s_, *engine, how);
    if (!found) return std::unexpected(found.error());
    Solved out{.termination = found->termination,
               .method = "hedging",
               .bound = found->bound,
               .cases = {},
               .detail = fmt::format("{}, decisions {:.2g} apart{}{}", counted(found->iteration_count, "iteration"),
                                     found->disagreement, found->detail.empty() ? "" : ", ", found->detail)};
    if (found->points.empty()) return out;
    const double hedged_bound = found->bound;
    // rounded, then rounded up: more capacity seldom does harm
    for (const double shift : {0.5, 1 - 1e-6}) {
      const auto saved = bounds();
      hold(rounded(*found, shift));
      auto priced = solve_rest();
      restore(saved);
      if (!priced) return priced;
      if (priced->cases.empty()) continue;
      priced->method = "hedging";
      priced->detail = out.detail;
      // with modules held the LP's own bound is of these modules alone; a risk measure is not in the hedged one
      if (s_.has_integers()) priced->bound = -lp::kInf;
      if (risk_.weight == 0) priced->bound = std::max(priced->bound, hedged_bound);
      return priced;
    }
    out.termination = lp::Termination::limit;
    return out;
  }

  /// All that is left when whole modules are held: an LP, unless units start and stop.
  Outcome<Solved> solve_rest() {
    bool only_modules = true;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const auto& integer = s_.formulations[c].problem.integer;
      for (std::size_t j = 0; j < integer.size(); ++j)
        only_modules = only_modules && (!integer[j] || s_.is_decision[static_cast<std::size_t>(s_.variable[c][j])]);
    }
    return only_modules ? solve_extensive_relaxed() : solve_extensive();
  }

  Outcome<Solved> solve_extensive_relaxed() {
    std::vector<std::vector<uint8_t>> integers;
    for (Formulation& f : s_.formulations) integers.push_back(std::exchange(f.problem.integer, {}));
    auto out = solve_extensive();
    for (std::size_t c = 0; c < integers.size(); ++c) s_.formulations[c].problem.integer = std::move(integers[c]);
    return out;
  }

  /// Whole modules of the hedged cases: common ones from their mean, others from the case itself.
  Held rounded(const HedgingResult& found, double shift) const {
    Held held;
    held.value.resize(s_.variable_count());
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const auto& integer = s_.formulations[c].problem.integer;
      for (std::size_t j = 0; j < integer.size(); ++j) {
        const auto v = static_cast<std::size_t>(s_.variable[c][j]);
        if (!integer[j] || !s_.is_decision[v]) continue;
        held.value[v] = s_.is_common(c, j) ? std::floor(found.mean[v] + shift) : std::round(found.points[c][j]);
      }
    }
    return held;
  }

  /// Modules on the coarse calendar, as make_plan decides them; then one LP over all slices with them held, and the
  /// relaxation of all slices for a bound, as far as time allows. What knowing is worth is not looked for.
  Outcome<StochasticPlan> run_large(const Weights& first) {
    std::vector<Model> models;
    auto coarse = coarse_problem(models);
    if (!coarse) return std::unexpected(coarse.error());
    set_goals(*coarse, first);
    auto outlook = lp_solve("outlook", lp::relaxed(extensive_form(*coarse, risk_).problem), 0.2);
    if (!outlook) return std::unexpected(outlook.error());
    Weights both = first;
    if (outlook->has_point && models.front().objective.kind != ObjectiveKind::min_cost) {
      std::vector<lp::Solution> points(s_.cases.size());
      for (std::size_t c = 0; c < points.size(); ++c) points[c].x = case_point(*coarse, c, outlook->x);
      both = weigh_points(*coarse, points);
    }
    Solved best{.termination = outlook->termination, .method = "extensive", .detail = outlook->detail};
    if (outlook->has_point) {
      set_goals(*coarse, both);
      set_goals(s_, both);
      auto found = solve_modules(*coarse, *outlook);
      if (!found) return std::unexpected(found.error());
      best = std::move(*found);
      note(best, " of all slices with modules held");
    }
    set_goals(s_, first);
    auto bound = solve_extensive_relaxed();
    if (!bound) return std::unexpected(bound.error());
    note(*bound, " of all slices, modules free");
    if (best.cases.empty()) {
      // the coarse calendar's word is no proof
      if (bound->termination != lp::Termination::infeasible) bound->termination = lp::Termination::limit;
      return without_point(*bound);
    }
    set_goals(s_, both);
    return conclude(*bound, best, both);
  }

  void note(const Solved& solved, const char* what) {
    stages_ += fmt::format("{}{}: {}, objective {:.9g}, bound {:.9g}\n", solved.method, what,
                           lp::to_string(solved.termination), solved.objective, solved.bound);
  }

  Outcome<StochasticProblem> coarse_problem(std::vector<Model>& models) const {
    models.reserve(s_.cases.size());
    std::vector<Case> cases = s_.cases;
    for (std::size_t c = 0; c < cases.size(); ++c) {
      models.push_back(coarsen(*s_.cases[c].model));
      cases[c].model = &models[c];
    }
    auto problem = make_stochastic_problem(std::move(cases));
    if (problem) problem->money_scale = s_.money_scale;
    return problem;
  }

  /// The modules of the coarse MIP, or of its relaxation rounded where that finds none, and all slices with them.
  Outcome<Solved> solve_modules(const StochasticProblem& coarse, const lp::Solution& outlook) {
    auto modules = lp_solve("modules", extensive_form(coarse, risk_).problem, 0.35);
    if (!modules) return std::unexpected(modules.error());
    const std::vector<double>& x = modules->has_point ? modules->x : outlook.x;
    Held held;
    held.value.resize(s_.variable_count());
    for (std::size_t c = 0; c < s_.cases.size(); ++c) carry_modules(coarse, c, x, held);
    const auto saved = bounds();
    hold(held);
    auto out = solve_rest();
    restore(saved);
    if (out && modules->termination != lp::Termination::optimal && !out->cases.empty())
      out->termination = modules->termination;
    return out;
  }

  /// Orders and moves have the same blocks on both calendars.
  template <class Take>
  void each_decision(const StochasticProblem& coarse, std::size_t c, Take take) const {
    const Layout& from = coarse.formulations[c].layout;
    const Layout& to = s_.formulations[c].layout;
    const auto walk = [&](const std::vector<Block>& a, const std::vector<Block>& b) {
      for (std::size_t i = 0; i < a.size(); ++i) {
        for (int t = a[i].t0; a[i].first >= 0 && t < a[i].t1; ++t)
          take(static_cast<std::size_t>(a[i].at(t)), static_cast<std::size_t>(b[i].at(t)));
      }
    };
    walk(from.order, to.order);
    walk(from.moved, to.moved);
  }

  void carry_modules(const StochasticProblem& coarse, std::size_t c, const std::vector<double>& x, Held& held) const {
    const auto& integer = s_.formulations[c].problem.integer;
    each_decision(coarse, c, [&](std::size_t from, std::size_t to) {
      if (integer.empty() || !integer[to]) return;
      held.value[static_cast<std::size_t>(s_.variable[c][to])] =
          std::round(x[static_cast<std::size_t>(coarse.variable[c][from])]);
    });
  }

  // --- what it is worth to plan for all cases

  Outcome<void> find_value(const Weights& first, const Weights& both, const Solved& bound, Solved& best) {
    value_.here_and_now = bound.objective;
    auto alone = wait_and_see();
    if (!alone) return std::unexpected(alone.error());
    auto mean = mean_value_orders(first, both);
    if (!mean) return std::unexpected(mean.error());
    if (!*mean || !*alone) return {};
    auto given = solve(&**mean, false);
    if (!given) return std::unexpected(given.error());
    const bool is_proved =
        given->termination == lp::Termination::optimal || given->termination == lp::Termination::infeasible;
    if (!is_proved) return {};
    value_.expected_value_plan = given->cases.empty() ? lp::kInf : given->objective;
    value_.is_known = true;
    // within the gap of whole modules the mean's orders may turn out the better ones
    if (value_.expected_value_plan < value_.here_and_now && both.compute == 0 && both.shortfall == 0) {
      value_.here_and_now = value_.expected_value_plan;
      given->bound = best.bound;
      best = std::move(*given);
    }
    return {};
  }

  /// Every case for itself: what could be had if it were known. False where one has no plan.
  Outcome<bool> wait_and_see() {
    std::vector<double> costs;
    alone_.assign(s_.cases.size(), std::nan(""));
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      auto solution = lp_solve("case " + s_.cases[c].name + " alone", s_.formulations[c].problem);
      if (!solution) return std::unexpected(solution.error());
      if (!solution->has_point) return false;
      // what is proved: of whole modules the bound, which no plan goes below
      costs.push_back(s_.has_integers() ? solution->bound : solution->objective);
      alone_[c] = solution->objective;
    }
    value_.wait_and_see = risk_.of(costs, s_.probabilities());
    return true;
  }

  /// The orders and moves of the common periods that the mean of all cases asks for; all common decisions where there
  /// are no orders.
  Outcome<std::optional<Held>> mean_value_orders(const Weights& first, const Weights&) {
    std::vector<const Model*> models;
    for (const Case& each : s_.cases) models.push_back(each.model);
    const Model mean = mean_model(models, s_.probabilities());
    auto problem = make_stochastic_problem({{.name = "mean", .model = &mean, .stage = s_.cases.front().stage}});
    if (!problem) return std::unexpected(problem.error());
    problem->money_scale = s_.money_scale;
    set_goals(*problem, first);
    auto solution = lp_solve("mean of all cases", problem->formulations.front().problem);
    if (!solution) return std::unexpected(solution.error());
    if (!solution->has_point) return std::nullopt;
    const Layout& from = problem->formulations.front().layout;
    const Layout& to = s_.formulations.front().layout;
    if (from.column_count != to.column_count) return std::nullopt;
    bool has_orders = false;
    const auto is_root = [&](std::size_t j) { return s_.node[static_cast<std::size_t>(s_.variable[0][j])] == 0; };
    for (std::size_t j = 0; j < solution->x.size(); ++j)
      has_orders = has_orders || (is_root(j) && s_.is_decision[static_cast<std::size_t>(s_.variable[0][j])]);
    Held held;
    held.value.resize(s_.variable_count());
    for (std::size_t j = 0; j < solution->x.size(); ++j) {
      const auto v = static_cast<std::size_t>(s_.variable[0][j]);
      if (!is_root(j) || (has_orders && !s_.is_decision[v])) continue;
      const auto& integer = s_.formulations.front().problem.integer;
      held.value[v] = !integer.empty() && integer[j] ? std::round(solution->x[j]) : solution->x[j];
    }
    return held;
  }

  // --- the result

  Outcome<StochasticPlan> conclude(const Solved& bound, Solved& best, const Weights& both) {
    StochasticPlan out;
    const ObjectiveKind kind = s_.cases.front().model->objective.kind;
    std::vector<double> costs;
    out.verified = true;
    double compute = 0, shortfall = 0;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      CasePlanOptions how{.weights = both, .common_periods = common_periods(c), .cancel = options_.plan.cancel};
      Formulation& f = s_.formulations[c];
      const double own_scale = std::exchange(f.money_scale, s_.money_scale);
      auto made = plan_case(*s_.cases[c].model, f, best.cases[c], own_scale, how);
      f.money_scale = own_scale;
      if (!made) return std::unexpected(made.error());
      costs.push_back(made->verification.cost_usd);
      compute += s_.cases[c].probability * made->verification.useful_compute;
      shortfall += s_.cases[c].probability * made->verification.shortfall;
      out.verified = out.verified && made->verification.holds;
      if (!made->verification.holds) out.detail = made->plan.detail;
      out.plans.push_back(std::move(made->plan));
    }
    const std::vector<double> probabilities = s_.probabilities();
    out.expected_cost_usd = RiskMeasure{}.of(costs, probabilities);
    out.cvar_usd = cvar(costs, probabilities, risk_.level);
    const double unit = kind == ObjectiveKind::min_cost ? 1 / s_.money_scale : 1.0;
    out.objective = kind == ObjectiveKind::min_cost      ? risk_.of(costs, probabilities)
                    : kind == ObjectiveKind::max_compute ? compute
                                                         : shortfall;
    out.objective_unit = kind == ObjectiveKind::min_cost      ? "USD"
                         : kind == ObjectiveKind::max_compute ? "PFLOP/s*h"
                                                              : "1";
    out.bound = (kind == ObjectiveKind::max_compute ? -1 : 1) * unit * bound.bound;
    out.gap = std::abs(out.objective - out.bound) /
              std::max(kind == ObjectiveKind::earliest ? 1.0 : 1e-9, std::abs(out.objective));
    out.termination = translate(best.termination);
    const double allowed = std::max(options_.plan.mip_gap_max, 1e-6) + 1e-6 +
                           (kind == ObjectiveKind::min_cost ? 0.0 : s_.cases.front().model->objective.tolerance);
    if (out.termination == Termination::optimal && out.gap > allowed) out.termination = Termination::limit;
    if (out.termination == Termination::limit && out.gap <= allowed && best.method == "hedging")
      out.termination = Termination::optimal;
    if (!out.verified) out.termination = Termination::unverified;
    out.method = best.method;
    out.alone = alone_;
    for (double& each : out.alone) each *= unit;
    out.value = value_;
    out.value.wait_and_see *= unit;
    out.value.here_and_now *= unit;
    out.value.expected_value_plan *= unit;
    finish(out);
    return out;
  }

  StochasticPlan without_point(const Solved& solved) {
    StochasticPlan out;
    out.objective = out.bound = out.gap = out.expected_cost_usd = out.cvar_usd = std::nan("");
    out.termination = translate(solved.termination);
    out.method = solved.method;
    out.detail = solved.detail;
    finish(out);
    return out;
  }

  void finish(StochasticPlan& out) {
    statistics_.stages = stages_;
    out.statistics = statistics_;
    out.seconds = watch_.seconds();
    for (Plan& plan : out.plans) {
      plan.seconds = out.seconds;
      plan.termination = out.termination;
    }
  }

  [[nodiscard]] int common_periods(std::size_t c) const {
    int common = 0;
    const auto& stage = s_.cases[c].stage;
    for (std::size_t t = 0; t < stage.size(); ++t) {
      for (std::size_t other = 0; other < s_.cases.size(); ++other) {
        if (other != c && s_.cases[other].stage[t] == stage[t]) common = static_cast<int>(t) + 1;
      }
    }
    return common;
  }

  // --- helpers

  Weights weigh_cases(const Solved& first) { return weigh_points(s_, first.cases); }

  static Weights weigh_points(StochasticProblem& s, const std::vector<lp::Solution>& points) {
    Weights sum;
    for (std::size_t c = 0; c < s.cases.size(); ++c) {
      Formulation& f = s.formulations[c];
      const double own_scale = std::exchange(f.money_scale, s.money_scale);
      const Weights own = weigh(*s.cases[c].model, f, points[c]);
      f.money_scale = own_scale;
      sum.compute += s.cases[c].probability * own.compute;
      sum.shortfall += s.cases[c].probability * own.shortfall;
    }
    sum.cost = 1;
    return sum;
  }

  using Bounds = std::vector<std::pair<std::vector<double>, std::vector<double>>>;
  [[nodiscard]] Bounds bounds() const {
    Bounds out;
    for (const Formulation& f : s_.formulations) out.emplace_back(f.problem.column_lower, f.problem.column_upper);
    return out;
  }
  void restore(const Bounds& saved) {
    for (std::size_t c = 0; c < saved.size(); ++c) {
      s_.formulations[c].problem.column_lower = saved[c].first;
      s_.formulations[c].problem.column_upper = saved[c].second;
    }
  }
  void hold(const Held& held) {
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      lp::Problem& p = s_.formulations[c].problem;
      for (std::size_t j = 0; j < p.column_count(); ++j) {
        const auto& value = held.value[static_cast<std::size_t>(s_.variable[c][j])];
        // within the bounds: what another LP chose may lie a hair outside
        if (value) p.column_lower[j] = p.column_upper[j] = std::clamp(*value, p.column_lower[j], p.column_upper[j]);
      }
    }
  }

  Outcome<lp::Solution> lp_solve(const std::string& stage, const lp::Problem& p, double share = 1.0) {
    lp::Options how{.wall_time_max_s = share * watch_.left(options_.plan.wall_time_max_s),
                    .mip_gap_max = options_.plan.mip_gap_max,
                    .thread_count = options_.plan.thread_count,
                    .seed = options_.plan.seed,
                    .cancel = options_.plan.cancel};
    return lp::solve(p, how, [&](const lp::Progress& progress) { report(stage, progress); });
  }

  void report(const std::string& stage, const lp::Progress& progress) const {
    if (on_progress_) on_progress_({stage, progress});
  }

  [[nodiscard]] EngineOptions engine_options() const {
    return {.thread_count = options_.plan.thread_count,
            .wall_time_max_s = watch_.left(options_.plan.wall_time_max_s),
            .mip_gap_max = options_.plan.mip_gap_max,
            .cancel = options_.plan.cancel};
  }
  [[nodiscard]] DecompositionOptions decomposition(const char* stage) const {
    return {.gap_max = options_.decomposition_gap_max,
            .wall_time_max_s = watch_.left(options_.plan.wall_time_max_s),
            .cancel = options_.plan.cancel,
            .on_progress = [this, stage](const lp::Progress& progress) { report(stage, progress); }};
  }

  [[nodiscard]] bool is_cancelled() const { return options_.plan.cancel != nullptr && *options_.plan.cancel; }
  [[nodiscard]] std::size_t nonzeros() const {
    std::size_t sum = 0;
    for (const Formulation& f : s_.formulations) sum += f.problem.nonzero_count();
    return sum;
  }
  [[nodiscard]] bool is_large() const {
    return s_.variable_count() > static_cast<std::size_t>(options_.plan.mip_column_max) &&
           options_.method == StochasticMethod::automatic;
  }
  void note_size() {
    for (const Formulation& f : s_.formulations) {
      statistics_.integer_count += static_cast<std::size_t>(std::ranges::count(f.problem.integer, 1));
      statistics_.row_count += f.problem.row_count();
      statistics_.column_count += f.problem.column_count();
      statistics_.nonzero_count += f.problem.nonzero_count();
    }
  }

  StochasticProblem s_;
  const RiskMeasure risk_;
  const StochasticOptions options_;
  const OnPlanProgress& on_progress_;
  StochasticValue value_;      // in LP money until the end
  std::vector<double> alone_;  // likewise
  PlanStatistics statistics_;
  std::string stages_;
  Stopwatch watch_;
};

}  // namespace

const char* to_string(StochasticMethod method) {
  switch (method) {
    case StochasticMethod::automatic: return "auto";
    case StochasticMethod::extensive: return "extensive";
    case StochasticMethod::benders: return "benders";
    case StochasticMethod::hedging: return "hedging";
  }
  return "auto";
}

Outcome<StochasticPlan> plan_stochastic(std::vector<Case> cases, const RiskMeasure& risk,
                                        const StochasticOptions& options, const OnPlanProgress& on_progress) {
  auto problem = make_stochastic_problem(std::move(cases));
  if (!problem) return std::unexpected(problem.error());
  return StochasticPlanner(std::move(*problem), risk, options, on_progress).run();
}

}  // namespace beltline
