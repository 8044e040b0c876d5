#include "study/days_plan.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plan/cause.h"
#include "plan/extract.h"
#include "plan/lp_map.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "plan/weights.h"
#include "plan/worth.h"
#include "study/day_problem.h"
#include "study/stopwatch.h"

namespace beltline {
namespace {

/// Above this, what binds is left unsaid: its intervals would take longer than the plan.
constexpr std::size_t kExplainedNonzeroMax = 1'500'000;

class DayPlanner {
 public:
  DayPlanner(const Model& model, Days days, const DaysOptions& options, const OnPlanProgress& on_progress)
      : m_(model), options_(options), on_progress_(on_progress), f_(formulate(model)), map_(f_.layout) {
    out_.days = std::move(days);
  }

  Outcome<DaysPlan> run() {
    note_size();
    const Weights first = first_goal(m_);
    Weights both = first;
    set_goal(m_, f_, first);
    auto chosen = solve_folded("chosen days");
    if (!chosen) return std::unexpected(chosen.error());
    if (!chosen->has_point) return without_plan(*chosen, "on the chosen days");
    if (m_.objective.kind != ObjectiveKind::min_cost) {
      both = weigh(m_, f_, *chosen);
      set_goal(m_, f_, both);
      auto second = solve_folded("chosen days at cost");
      if (!second) return std::unexpected(second.error());
      if (second->has_point) chosen = std::move(second);
    }
    out_.chosen = first_value(chosen->x);
    auto bound = solve_bound(first);
    if (!bound) return std::unexpected(bound.error());
    set_goal(m_, f_, both);
    auto whole = run_all_hours(chosen->x);
    if (!whole) return std::unexpected(whole.error());
    if (!whole->has_point) return without_plan(*whole, "on all hours with the orders of the chosen days");
    return conclude(*whole, *bound, both);
  }

 private:
  /// The folded LP's optimum as a point of the whole.
  Outcome<lp::Solution> solve_folded(const std::string& stage) {
    const FoldedProblem folded = fold_for_plan(f_.problem, f_.layout, out_.days);
    auto solution = solve(stage, folded.problem);
    if (solution && solution->has_point) solution->x = unfolded(folded, solution->x);
    return solution;
  }

  static std::vector<double> unfolded(const FoldedProblem& folded, const std::vector<double>& x) {
    std::vector<double> out;
    out.reserve(folded.column.size());
    for (const int32_t column : folded.column) out.push_back(x[static_cast<std::size_t>(column)]);
    return out;
  }

  /// A number that the first goal cannot be less than, as it is minimised; −infinity where nothing proves one.
  Outcome<double> solve_bound(const Weights& first) {
    set_goal(m_, f_, first);
    const FoldedProblem folded = fold_for_bound(lp::relaxed(f_.problem), f_.layout, out_.days);
    if (!folded.is_bound) {
      out_.bound_how = "none: " + folded.why_not;
      return -lp::kInf;
    }
    auto solution = solve("bound", folded.problem);
    if (!solution) return std::unexpected(solution.error());
    out_.bound_how = "the mean of all days that belong together";
    if (solution->termination == lp::Termination::infeasible) out_.bound_how = "the mean of the days has no plan";
    return solution->termination == lp::Termination::infeasible ? lp::kInf : solution->bound;
  }

  /// All hours with the orders of the chosen days; with more of them where these leave an hour without a plan.
  Outcome<lp::Solution> run_all_hours(const std::vector<double>& x) {
    for (const bool may_add : {false, true}) {
      held_ = {.layout = f_.layout, .problem = f_.problem, .money_scale = f_.money_scale};
      lp::Problem& p = held_.problem;
      for (std::size_t j = 0; j < map_.columns.size(); ++j) {
        const LpKind kind = map_.columns[j].kind;
        if (kind != LpKind::order && kind != LpKind::moved) continue;
        const bool is_module = !f_.problem.integer.empty() && f_.problem.integer[j];
        const double value = std::clamp(is_module ? std::round(x[j]) : x[j], p.column_lower[j], p.column_upper[j]);
        if (may_add && kind == LpKind::order) {
          p.column_lower[j] = value;
        } else {
          p.column_lower[j] = p.column_upper[j] = value;
          if (is_module) p.integer[j] = 0;
        }
      }
      if (!p.has_integers()) p.integer.clear();  // all that was whole is held
      auto solution = solve(may_add ? "all hours, with more orders" : "all hours", p);
      if (!solution || solution->has_point || solution->termination != lp::Termination::infeasible) {
        out_.reinforced = may_add;
        return solution;
      }
    }
    return lp::Solution{.termination = lp::Termination::infeasible};
  }

  double first_value(const std::vector<double>& x) const {
    switch (m_.objective.kind) {
      case ObjectiveKind::min_cost: return evaluate(m_, f_, Goal::cost, x);
      case ObjectiveKind::max_compute: return evaluate(m_, f_, Goal::useful_compute, x);
      case ObjectiveKind::earliest: return evaluate(m_, f_, Goal::shortfall, x);
    }
    return 0;
  }

  Outcome<DaysPlan> conclude(const lp::Solution& whole, double bound, const Weights& both) {
    Plan& plan = out_.plan = empty_plan(m_, f_.layout);
    extract_decisions(m_, f_, whole.x, plan);
    extract_prices(m_, f_, whole, plan);
    const Verification check = verify(m_, plan);
    plan.verified = check.holds;
    plan.cost_usd = check.cost_usd;
    switch (m_.objective.kind) {
      case ObjectiveKind::min_cost:
        plan.objective = check.cost_usd;
        plan.bound = bound / f_.money_scale;
        plan.objective_unit = "USD";
        break;
      case ObjectiveKind::max_compute:
        plan.objective = check.useful_compute;
        plan.bound = -bound;
        plan.objective_unit = "PFLOP/s*h";
        plan.compute_price_usd = both.compute / f_.money_scale;
        break;
      case ObjectiveKind::earliest:
        plan.objective = check.shortfall;
        plan.bound = bound;
        plan.objective_unit = "1";
        break;
    }
    plan.gap = std::abs(plan.objective - plan.bound) /
               std::max(m_.objective.kind == ObjectiveKind::earliest ? 1.0 : 1e-9, std::abs(plan.objective));
    plan.termination = translate(whole.termination);
    if (plan.termination == Termination::optimal && !(plan.gap <= options_.plan.mip_gap_max + 1e-6))
      plan.termination = Termination::limit;
    if (!check.holds) {
      plan.termination = Termination::unverified;
      plan.detail = check.violations.empty() ? "the plan misses its equations" : check.violations.front().what;
    }
    if (auto explained = explain(whole, plan); !explained) return std::unexpected(explained.error());
    return finish();
  }

  Outcome<void> explain(const lp::Solution& whole, Plan& plan) {
    const bool is_cancelled = options_.plan.cancel != nullptr && *options_.plan.cancel;
    if (is_cancelled || whole.row_dual.empty() || held_.problem.has_integers() ||
        f_.problem.nonzero_count() > kExplainedNonzeroMax)
      return {};
    auto found = worths(m_, held_, whole, {.cancel = options_.plan.cancel});
    if (!found) return std::unexpected(found.error());
    // orders are held: their own caps bind nothing
    std::erase_if(*found, [](const Worth& worth) {
      return worth.kind == WorthKind::build_rate || worth.kind == WorthKind::build_total;
    });
    plan.worths = std::move(*found);
    auto late = late_deliveries(m_, plan, {.model = &m_, .formulation = held_, .solution = whole},
                                options_.plan.thread_count, options_.plan.cancel);
    if (!late) return std::unexpected(late.error());
    plan.deliveries = std::move(*late);
    return {};
  }

  DaysPlan without_plan(const lp::Solution& solution, const char* where) {
    out_.plan = empty_plan(m_, f_.layout);
    out_.plan.termination = translate(solution.termination);
    out_.plan.detail = fmt::format("{}: {}", where, lp::to_string(solution.termination));
    // what has no plan on some days may have one on others: nothing is proved of the whole
    if (out_.plan.termination == Termination::infeasible || out_.plan.termination == Termination::unbounded)
      out_.plan.termination = Termination::unverified;
    return finish();
  }

  DaysPlan finish() {
    out_.plan.seconds = watch_.seconds();
    out_.statistics = statistics_;
    return std::move(out_);
  }

  void note_size() {
    statistics_.row_count = f_.problem.row_count();
    statistics_.column_count = f_.problem.column_count();
    statistics_.nonzero_count = f_.problem.nonzero_count();
    statistics_.integer_count = static_cast<std::size_t>(std::ranges::count(f_.problem.integer, 1));
  }

  Outcome<lp::Solution> solve(const std::string& stage, const lp::Problem& p) {
    const Stopwatch own;
    auto solution = lp::solve(p,
                              {.wall_time_max_s = watch_.left(options_.plan.wall_time_max_s),
                               .mip_gap_max = options_.plan.mip_gap_max,
                               .thread_count = options_.plan.thread_count,
                               .seed = options_.plan.seed,
                               .cancel = options_.plan.cancel},
                              [&](const lp::Progress& progress) {
                                if (on_progress_) on_progress_({stage, progress});
                              });
    if (solution) {
      statistics_.stages += fmt::format("{}: {} columns, {} in {:.1f} s, objective {:.9g}\n", stage, p.column_count(),
                                        lp::to_string(solution->termination), own.seconds(), solution->objective);
    }
    return solution;
  }

  const Model& m_;
  const DaysOptions& options_;
  const OnPlanProgress& on_progress_;
  Formulation f_;
  const LpMap map_;
  Formulation held_;  // all hours, orders held
  PlanStatistics statistics_;
  DaysPlan out_;
  Stopwatch watch_;
};

}  // namespace

Outcome<DaysPlan> plan_days(const Model& model, const DaysOptions& options, const OnPlanProgress& on_progress) {
  auto days = choose_days(model, options.days);
  if (!days) return std::unexpected(days.error());
  return DayPlanner(model, std::move(*days), options, on_progress).run();
}

}  // namespace beltline
