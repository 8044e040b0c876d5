#include "plan/planner.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "plan/coarse.h"
#include "plan/extract.h"
#include "plan/formulate.h"
#include "plan/verify.h"

namespace beltline {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What is minimised: cost · Σ cost − compute · Σ useful compute + shortfall · Σ target shortfall.
struct Weights {
  double cost = 0;
  double compute = 0;
  double shortfall = 0;
};

void set_goal(const Model& model, Formulation& f, const Weights& weights) {
  lp::Problem& p = f.problem;
  std::ranges::fill(p.cost, 0.0);
  p.offset = 0;
  const auto add = [&](Goal goal, double weight) {
    if (weight == 0) return;
    const GoalVector v = goal_vector(model, f.layout, goal);
    for (std::size_t j = 0; j < p.cost.size(); ++j) p.cost[j] += weight * v.coefficient[j];
    p.offset += weight * v.constant;
  };
  add(Goal::cost, weights.cost * f.money_scale);
  add(Goal::useful_compute, -weights.compute);
  add(Goal::shortfall, weights.shortfall);
}

double evaluate(const Model& model, const Formulation& f, Goal goal, const std::vector<double>& x) {
  const GoalVector v = goal_vector(model, f.layout, goal);
  double sum = v.constant;
  for (std::size_t j = 0; j < x.size(); ++j) sum += v.coefficient[j] * x[j];
  return sum;
}

Termination translate(lp::Termination termination) {
  switch (termination) {
    case lp::Termination::optimal: return Termination::optimal;
    case lp::Termination::infeasible: return Termination::infeasible;
    case lp::Termination::unbounded: return Termination::unbounded;
    case lp::Termination::limit: return Termination::limit;
    case lp::Termination::interrupted: return Termination::interrupted;
    case lp::Termination::unverified: return Termination::unverified;
  }
  return Termination::unverified;
}

/// Above this an LP is solved by interior point, without crossover.
constexpr std::size_t kVertexNonzeroMax = 1'500'000;

class Planner {
 public:
  Planner(const Model& model, const PlanOptions& options, PlanStatistics& statistics, const OnPlanProgress& on_progress)
      : m_(model), options_(options), statistics_(statistics), on_progress_(on_progress), begin_(Clock::now()) {}

  Outcome<Plan> run() {
    f_ = formulate(m_);
    note_size();
    const Weights first = first_goal();
    set_goal(m_, f_, first);

    const bool is_mip = f_.problem.has_integers();
    const bool is_small = f_.problem.column_count() <= static_cast<std::size_t>(options_.mip_column_max);
    // Stage 1: how good can it be? The MIP itself where it is small, otherwise its relaxation.
    auto bound =
        solve(is_mip && is_small ? "best" : "bound", is_mip && !is_small ? lp::relaxed(f_.problem) : f_.problem, first);
    if (!bound) return std::unexpected(bound.error());
    if (!bound->has_point) return without_point(*bound);

    // Stage 2: the first goal held, cost as well as can be.
    const bool cost_is_second = m_.objective.kind != ObjectiveKind::min_cost;
    const Weights both = cost_is_second ? weigh(*bound) : first;
    lp::Solution best = *bound;
    if (is_mip && !is_small) {
      auto modules = decide_modules(both);
      if (!modules) return std::unexpected(modules.error());
      if (modules->has_value()) {
        set_goal(m_, f_, both);
        fix_integers(**modules);
        auto fixed = solve("plan", lp::relaxed(f_.problem), both);
        if (!fixed) return std::unexpected(fixed.error());
        best = *fixed;
        free_integers();
      }
      if (!modules->has_value() || !best.has_point) {
        // The coarse calendar misled: let the fine MIP decide.
        set_goal(m_, f_, both);
        auto whole = solve("modules on all slices", f_.problem, both);
        if (!whole) return std::unexpected(whole.error());
        best = *whole;
      }
    } else if (cost_is_second) {
      set_goal(m_, f_, both);
      auto second = solve("plan", f_.problem, both);
      if (!second) return std::unexpected(second.error());
      if (second->has_point) best = *second;
    }
    if (!best.has_point) return without_point(best);
    if (is_mip && best.row_dual.empty()) {
      fix_integers(best.x);
      set_goal(m_, f_, both);
      auto prices = solve("prices", lp::relaxed(f_.problem), both);
      free_integers();
      if (!prices) return std::unexpected(prices.error());
      if (prices->has_point) best = *prices;
    }
    return conclude(*bound, best, both);
  }

 private:
  Weights first_goal() const {
    switch (m_.objective.kind) {
      case ObjectiveKind::min_cost: return {.cost = 1};
      case ObjectiveKind::max_compute: return {.compute = 1};
      case ObjectiveKind::earliest: return {.shortfall = 1};
    }
    return {};
  }

  /// Cost gets the weight at which all of it together is worth `tolerance` of the first goal.
  Weights weigh(const lp::Solution& bound) const {
    // The first goal alone leaves soft limits to chance; what missing them costs would drown the rest.
    double usd = evaluate(m_, f_, Goal::cost, bound.x);
    const GoalVector each = goal_vector(m_, f_.layout, Goal::cost);
    for (const Block& block : f_.layout.shortfall) {
      for (int32_t i = 0; i < block.size(); ++i) {
        const auto j = static_cast<std::size_t>(block.first + i);
        usd -= each.coefficient[j] * bound.x[j];
      }
    }
    const double cost = std::max(1e-6, f_.money_scale * std::abs(usd));
    if (m_.objective.kind == ObjectiveKind::max_compute) {
      const double compute = std::max(1e-9, evaluate(m_, f_, Goal::useful_compute, bound.x));
      return {.cost = 1, .compute = cost / (m_.objective.tolerance * compute)};
    }
    const double shortfall = std::max(1e-3, evaluate(m_, f_, Goal::shortfall, bound.x));
    return {.cost = 1, .shortfall = cost / (m_.objective.tolerance * shortfall)};
  }

  /// Where cost is the second goal, a gap as wide as its whole weight would leave it to chance.
  double gap_for(const Weights& weights) const {
    const bool is_second = weights.compute > 0 || weights.shortfall > 0;
    return is_second && weights.cost > 0 ? std::min(options_.mip_gap_max, 0.25 * m_.objective.tolerance)
                                         : options_.mip_gap_max;
  }

  Outcome<lp::Solution> solve(const std::string& stage, const lp::Problem& problem, const Weights& weights) {
    // Months of building and days of operation make networks that the dual simplex walks through in seconds; only on
    // chronological years does a vertex cost more than the interior point as it is (docs/decisions/0005).
    const bool is_large = problem.nonzero_count() > kVertexNonzeroMax && !problem.has_integers();
    lp::Options options{.wall_time_max_s = std::max(1.0, options_.wall_time_max_s - seconds_since(begin_)),
                        .mip_gap_max = gap_for(weights),
                        .thread_count = options_.thread_count,
                        .seed = options_.seed,
                        .method = is_large ? lp::Method::interior_point : lp::Method::automatic,
                        .crossover = !is_large,
                        .cancel = options_.cancel};
    const auto start = Clock::now();
    auto solution = lp::solve(problem, options, [&](const lp::Progress& progress) {
      if (on_progress_) on_progress_({stage, progress});
    });
    statistics_.solve_s += seconds_since(start);
    if (solution) {
      statistics_.stages += fmt::format("{}: {} in {:.1f} s, objective {:.9g}, bound {:.9g}{}{}\n", stage,
                                        lp::to_string(solution->termination), seconds_since(start), solution->objective,
                                        solution->bound, solution->detail.empty() ? "" : "; ", solution->detail);
    }
    return solution;
  }

  /// Whole modules from the coarse calendar, as values of the fine model's columns; nothing if it has no plan.
  Outcome<std::optional<std::vector<double>>> decide_modules(const Weights& weights) {
    const Model coarse = coarsen(m_);
    Formulation c = formulate(coarse);
    c.money_scale = f_.money_scale;
    set_goal(coarse, c, weights);
    auto solution = solve("modules", c.problem, weights);
    if (!solution) return std::unexpected(solution.error());
    if (!solution->has_point) return std::optional<std::vector<double>>();
    std::vector<double> x(f_.problem.column_count(), 0.0);
    const auto carry = [&](const Block& from, const Block& to) {
      for (int t = from.t0; from.first >= 0 && t < from.t1; ++t) {
        x[static_cast<std::size_t>(to.at(t))] = std::round(solution->x[static_cast<std::size_t>(from.at(t))]);
      }
    };
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) carry(c.layout.order[k], f_.layout.order[k]);
    for (std::size_t i = 0; i < m_.moves.size(); ++i) carry(c.layout.moved[i], f_.layout.moved[i]);
    return std::optional(std::move(x));
  }

  void fix_integers(const std::vector<double>& x) {
    saved_lower_ = f_.problem.column_lower;
    saved_upper_ = f_.problem.column_upper;
    for (std::size_t j = 0; j < f_.problem.integer.size(); ++j) {
      if (!f_.problem.integer[j]) continue;
      f_.problem.column_lower[j] = f_.problem.column_upper[j] = std::round(x[j]);
    }
  }

  void free_integers() {
    f_.problem.column_lower = std::move(saved_lower_);
    f_.problem.column_upper = std::move(saved_upper_);
  }

  void note_size() {
    statistics_.formulate_s = seconds_since(begin_);
    statistics_.row_count = f_.problem.row_count();
    statistics_.column_count = f_.problem.column_count();
    statistics_.nonzero_count = f_.problem.nonzero_count();
    statistics_.integer_count = static_cast<std::size_t>(std::ranges::count(f_.problem.integer, 1));
  }

  Plan without_point(const lp::Solution& solution) const {
    Plan plan = empty_plan(m_, f_.layout);
    plan.termination = translate(solution.termination);
    plan.detail = solution.detail;
    plan.seconds = seconds_since(begin_);
    return plan;
  }

  /// The plan in the first goal's own terms, its bound and gap, and whether the Model itself agrees.
  Plan conclude(const lp::Solution& bound, const lp::Solution& best, const Weights& both) {
    Plan plan = empty_plan(m_, f_.layout);
    extract_decisions(m_, f_, best.x, plan);
    extract_prices(m_, f_, best, plan);
    const auto start = Clock::now();
    const Verification check = verify(m_, plan);
    statistics_.verify_s = seconds_since(start);
    plan.verified = check.holds;
    plan.cost_usd = check.cost_usd;
    switch (m_.objective.kind) {
      case ObjectiveKind::min_cost:
        plan.objective = check.cost_usd;
        plan.bound = bound.bound / f_.money_scale;
        plan.objective_unit = "USD";
        break;
      case ObjectiveKind::max_compute:
        plan.objective = check.useful_compute;
        plan.bound = -bound.bound;
        plan.objective_unit = "PFLOP/s*h";
        plan.compute_price_usd = both.compute / f_.money_scale;
        break;
      case ObjectiveKind::earliest:
        plan.objective = check.shortfall;
        plan.bound = bound.bound;
        plan.objective_unit = "1";
        break;
    }
    plan.gap = std::abs(plan.objective - plan.bound) /
               std::max(m_.objective.kind == ObjectiveKind::earliest ? 1.0 : 1e-9, std::abs(plan.objective));
    plan.termination = translate(best.termination);
    const Termination first = translate(bound.termination);
    if (first == Termination::limit || first == Termination::interrupted) plan.termination = first;
    // "Optimal" is said of a plan within the gap asked for that the Model's own equations confirm.
    const double allowed = std::max(options_.mip_gap_max, 1e-6) + 1e-6 +
                           (both.cost > 0 && both.compute + both.shortfall > 0 ? m_.objective.tolerance : 0.0);
    if (plan.termination == Termination::optimal && plan.gap > allowed) plan.termination = Termination::limit;
    if (!check.holds) {
      plan.termination = Termination::unverified;
      plan.detail = check.violations.empty() ? "the plan misses its equations" : check.violations.front().what;
    }
    plan.seconds = seconds_since(begin_);
    return plan;
  }

  const Model& m_;
  const PlanOptions& options_;
  PlanStatistics& statistics_;
  const OnPlanProgress& on_progress_;
  const Clock::time_point begin_;
  Formulation f_;
  std::vector<double> saved_lower_, saved_upper_;
};

}  // namespace

Outcome<Plan> make_plan(const Model& model, const PlanOptions& options, PlanStatistics* statistics,
                        const OnPlanProgress& on_progress) {
  PlanStatistics ignored;
  return Planner(model, options, statistics ? *statistics : ignored, on_progress).run();
}

}  // namespace beltline
