#include "plan/planner.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "lp/dive.h"
#include "plan/cause.h"
#include "plan/certify.h"
#include "plan/coarse.h"
#include "plan/extract.h"
#include "plan/formulate.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "plan/weights.h"
#include "plan/worth.h"

namespace beltline {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Above this an LP is solved by interior point, without crossover.
constexpr std::size_t kVertexNonzeroMax = 1'500'000;

/// What a solve has besides its problem.
struct How {
  double time_share = 1.0;             // of the time that is left
  double gap = 0;                      // 0: that of the weights (gap_for)
  std::vector<double> start;           // a point to begin a MIP from, or empty
  const lp::Solution* near = nullptr;  // a vertex to begin an LP from, or null
  bool devex = false;                  // a large LP that begins from nothing
  bool prove = false;                  // of a MIP: its bound is the plan's, and no solver's word is enough
};

class Planner {
 public:
  Planner(const Model& model, const PlanOptions& options, PlanStatistics& statistics, const OnPlanProgress& on_progress)
      : m_(model), options_(options), statistics_(statistics), on_progress_(on_progress), begin_(Clock::now()) {}

  Outcome<Plan> run() {
    f_ = formulate(m_);
    note_size();
    const bool is_small = f_.problem.column_count() <= static_cast<std::size_t>(options_.mip_column_max);
    return has_modules() && !is_small ? run_large() : run_whole();
  }

 private:
  /// Whole orders and moves; the columns of units come after all others.
  [[nodiscard]] bool has_modules() const {
    const auto first = f_.problem.integer.begin();
    const auto end = first + static_cast<std::ptrdiff_t>(std::min(unit_begin(), f_.problem.integer.size()));
    return std::find(first, end, uint8_t{1}) != end;
  }
  [[nodiscard]] bool has_units() const { return unit_begin() < f_.problem.column_count(); }
  [[nodiscard]] std::size_t unit_begin() const {
    auto begin = f_.problem.column_count();
    for (const Block& on : f_.layout.commitment.on) {
      if (on.first >= 0) begin = std::min(begin, static_cast<std::size_t>(on.first));
    }
    return begin;
  }

  [[nodiscard]] bool cost_is_second() const { return m_.objective.kind != ObjectiveKind::min_cost; }

  /// All modules and slices in one problem: first the first goal, then cost as its second.
  Outcome<Plan> run_whole() {
    const Weights first = first_goal(m_);
    set_goal(m_, f_, first);
    auto bound = solve("best", f_.problem, first, {.prove = true});
    if (!bound) return std::unexpected(bound.error());
    if (!bound->has_point) return without_point(*bound);
    Weights both = first;
    lp::Solution best = *bound;
    if (cost_is_second()) {
      both = weigh(m_, f_, *bound);
      set_goal(m_, f_, both);
      auto second = solve("plan", f_.problem, both);
      if (!second) return std::unexpected(second.error());
      if (second->has_point) best = *second;
    }
    return priced([&] { return bound; }, std::move(best), both);
  }

  /// Modules on the coarse calendar, all slices with them fixed; the fine relaxation bounds it.
  Outcome<Plan> run_large() {
    coarse_ = coarsen(m_);
    const Model& coarse = *coarse_;
    Formulation c = formulate(coarse);
    c.money_scale = f_.money_scale;
    const Weights first = first_goal(m_);
    set_goal(m_, f_, first);
    Weights both = first;
    set_goal(coarse, c, first);
    // The bound needs neither modules nor the second goal: it is found beside all that follows, where there are
    // threads.
    const auto launch = options_.thread_count > 1 ? std::launch::async : std::launch::deferred;
    const lp::Problem bounding = lp::relaxed(f_.problem);
    auto bound_later = std::async(launch, [&] { return solve("bound", bounding, first, {.devex = true}); });

    auto outlook = solve("outlook", lp::relaxed(c.problem), first);
    if (outlook && outlook->has_point && cost_is_second()) {
      both = weigh(coarse, c, *outlook);
      set_goal(coarse, c, both);
      outlook = solve("outlook at cost", lp::relaxed(c.problem), both);
    }
    if (outlook && outlook->has_point) keep_relaxation(coarse, c, *outlook);
    const bool has_outlook = outlook && outlook->has_point;

    set_goal(m_, f_, both);
    Outcome<lp::Solution> best = outlook;  // of all slices; without a point as yet
    if (best) {
      best->has_point = false;
      best->x.clear();  // the coarse calendar's point is none of this problem's
    }
    Outcome<lp::Solution> modules = outlook;
    if (has_outlook) modules = modules_near_by(c.problem, *outlook, both);
    if (has_outlook && !is_cancelled() && !(modules && is_near(*modules, *outlook, both))) {
      // A first plan is there within seconds, so that Ctrl-C and short limits have something to give; then all modules
      // are decided, from those near by. A quarter of the time is kept for the slices.
      const std::vector<double> start = modules && modules->has_point ? modules->x : std::vector<double>();
      auto first_later = std::async(launch, [&] {
        return run_slices("first plan", start.empty() ? rounded_modules(c, outlook->x) : module_columns(c, start), both,
                          0.25);
      });
      if (options_.thread_count == 1) first_later.wait();
      modules = solve("modules", c.problem, both, {.time_share = 0.75, .start = start});
      best = first_later.get();
    }
    if (modules && modules->has_point && has_outlook && !is_cancelled()) {
      auto plan =
          run_slices("plan", module_columns(c, modules->x), both, 1.0, best && best->has_point ? &*best : nullptr);
      if (plan && plan->has_point && !(best && best->has_point && best->objective < plan->objective)) {
        if (modules->termination != lp::Termination::optimal) plan->termination = modules->termination;
        best = std::move(plan);
      } else if (plan && !best->has_point) {
        end_as(*plan, *best);
      }
    } else if (modules && best) {
      best->termination = modules->termination;
    }
    for (const auto* each : {&outlook, &best, &modules}) {
      if (!*each) return std::unexpected(each->error());
    }
    const bool needs_bound = !best->has_point || (has_units() && !cost_is_second());
    if (!needs_bound) return priced([&] { return bound_later.get(); }, std::move(*best), both);

    auto bound = bound_later.get();
    if (!bound) return std::unexpected(bound.error());
    if (bound->termination == lp::Termination::infeasible || bound->termination == lp::Termination::unbounded) {
      return without_point(*bound);
    }
    if (!is_cancelled() && (!best->has_point || is_wide(*bound, *best))) {
      // The coarse calendar misled, or knows too little of units: let the fine MIP decide, from the best that is known.
      auto fine = solve("modules on all slices", f_.problem, both, {.start = best->x, .prove = true});
      if (!fine) return std::unexpected(fine.error());
      const bool is_better = fine->bound_is_proved && fine->bound > bound->bound;
      if (!cost_is_second() && is_better) {
        bound->bound = fine->bound;
        bound->bound_is_proved = true;
      }
      if (fine->has_point && !(best->has_point && best->objective < fine->objective)) {
        best = std::move(*fine);
      } else if (!best->has_point) {
        end_as(*fine, *best);
      }
    }
    if (!best->has_point) return without_point(*best);
    return priced([&] { return bound; }, std::move(*best), both);
  }

  /// What has no point ended as the last attempt at one did, not as what came before it.
  static void end_as(const lp::Solution& attempt, lp::Solution& best) {
    best.termination = attempt.termination;
    best.detail = attempt.detail;
  }

  /// The same problem with the integers at which a relaxation's point is whole fixed there (Berthold 2014, RENS): the
  /// few that are left are decided within seconds.
  static lp::Problem near_by(lp::Problem problem, const std::vector<double>& x) {
    for (std::size_t j = 0; j < problem.integer.size(); ++j) {
      if (!problem.integer[j] || std::abs(x[j] - std::round(x[j])) > 1e-6) continue;
      problem.column_lower[j] = problem.column_upper[j] = std::round(x[j]);
    }
    return problem;
  }

  /// Modules near the outlook's: those that a search in depth finds from its vertex, else by branch and bound.
  Outcome<lp::Solution> modules_near_by(const lp::Problem& coarse, const lp::Solution& outlook,
                                        const Weights& weights) {
    const lp::Problem problem = near_by(coarse, outlook.x);
    const How how{.time_share = 0.5, .gap = near_gap(weights)};
    if (!problem.is_quadratic()) {
      auto found = noted("modules by depth", [&](const lp::OnProgress& on_progress) {
        return lp::dive(problem, outlook, options_for(problem, weights, how), on_progress);
      });
      if (!found || found->has_point || is_cancelled()) return found;
    }
    return solve("modules near by", problem, weights, how);
  }

  /// Modules this near to the outlook's bound are good enough: what all of them could still gain is not worth the wait.
  /// Half of the gap asked for, the other half is for the slices; where cost is the second goal, half of its whole
  /// weight.
  [[nodiscard]] double near_gap(const Weights& weights) const {
    const bool is_second = weights.cost > 0 && weights.compute + weights.shortfall > 0;
    return 0.5 * (is_second ? std::min(options_.mip_gap_max, m_.objective.tolerance) : options_.mip_gap_max);
  }
  [[nodiscard]] bool is_near(const lp::Solution& modules, const lp::Solution& outlook, const Weights& weights) const {
    return modules.has_point &&
           modules.objective - outlook.bound <= near_gap(weights) * std::max(1.0, std::abs(modules.objective));
  }

  /// Whether a plan is farther from the bound than asked for.
  [[nodiscard]] bool is_wide(const lp::Solution& bound, const lp::Solution& best) const {
    return best.objective - bound.bound > options_.mip_gap_max * std::max(1.0, std::abs(best.objective));
  }

  /// All slices with the modules fixed at `x`: an LP, begun from where `near` ended, or a MIP where units start and
  /// stop. May be called from two threads at once.
  Outcome<lp::Solution> run_slices(const std::string& stage, const std::vector<double>& x, const Weights& weights,
                                   double time_share = 1.0, const lp::Solution* near = nullptr) {
    lp::Problem problem = with_integers(x, unit_begin());
    if (has_units()) return solve(stage, problem, weights, {.time_share = time_share});
    problem.integer.clear();
    return solve(stage, problem, weights, {.near = near, .devex = true});
  }

  /// The LP with all integers fixed at a point.
  Outcome<lp::Solution> run_prices(const std::vector<double>& x, const Weights& weights) {
    return solve("prices", lp::relaxed(with_integers(x, f_.problem.column_count())), weights);
  }

  /// A MIP's point has no prices of its own: they are those of the LP with its modules and units fixed.
  ///
  /// @param bound_of  gives the bound; it is asked for last, as it may be on its way still
  Outcome<Plan> priced(const std::function<Outcome<lp::Solution>()>& bound_of, lp::Solution best, const Weights& both) {
    if (best.row_dual.empty() && !is_cancelled()) {
      auto prices = run_prices(best.x, both);
      if (!prices) return std::unexpected(prices.error());
      if (prices->has_point) best = std::move(*prices);
    }
    Plan plan = empty_plan(m_, f_.layout);
    extract_decisions(m_, f_, best.x, plan);
    extract_prices(m_, f_, best, plan);
    if (auto explained = explain(best, plan); !explained) return std::unexpected(explained.error());
    const auto bound = bound_of();
    if (!bound) return std::unexpected(bound.error());
    if (bound->termination == lp::Termination::infeasible || bound->termination == lp::Termination::unbounded) {
      return without_point(*bound);
    }
    conclude(*bound, best, both, plan);
    return plan;
  }

  void keep_relaxation(const Model& model, const Formulation& f, const lp::Solution& solution) {
    relaxation_.model = &model;
    relaxation_.formulation = {.layout = f.layout, .problem = lp::relaxed(f.problem), .money_scale = f.money_scale};
    relaxation_.solution = solution;
  }

  /// What binds, from both sides, and what each late or missing delivery waits for.
  Outcome<void> explain(const lp::Solution& best, Plan& plan) {
    if (!options_.with_reasons || !plan.has_point || best.row_dual.empty() || is_cancelled()) return {};
    std::vector<Worth> found;
    auto priced_later = std::async(options_.thread_count > 1 ? std::launch::async : std::launch::deferred,
                                   [&] { return find_worths(best, found); });
    auto caused = find_causes(best, plan);
    auto priced = priced_later.get();
    if (!priced) return priced;
    if (!caused) return caused;
    plan.worths = std::move(found);
    if (!f_.problem.has_integers() || relaxation_.solution.row_dual.empty()) return {};
    auto more = module_worths(
        relaxation_, plan.worths,
        {.count_max = 40, .cancel = options_.cancel, .part_count = 4, .thread_count = options_.thread_count});
    if (!more) return std::unexpected(more.error());
    plan.worths.insert(plan.worths.end(), more->begin(), more->end());
    return {};
  }

  /// What each late or missing delivery waits for, with modules in any amount.
  Outcome<void> find_causes(const lp::Solution& best, Plan& plan) {
    if (relaxation_.model == nullptr) {
      keep_relaxation(m_, f_, best);
      if (f_.problem.has_integers()) {
        auto free = solve("modules free", relaxation_.formulation.problem, {});
        if (!free) return std::unexpected(free.error());
        relaxation_.solution = std::move(*free);
      }
    }
    if (relaxation_.solution.row_dual.empty()) return {};
    const auto start = Clock::now();
    auto late = late_deliveries(m_, plan, relaxation_, options_.thread_count, options_.cancel);
    if (!late) return std::unexpected(late.error());
    plan.deliveries = std::move(*late);
    note(fmt::format("causes: {} in {:.1f} s\n", plan.deliveries.size(), seconds_since(start)));
    return {};
  }

  void note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    statistics_.stages += line;
  }

  /// What binds and its worth from both sides, of the LP with the plan's modules fixed.
  Outcome<void> find_worths(const lp::Solution& best, std::vector<Worth>& out) {
    const auto start = Clock::now();
    const Formulation fixed{.layout = f_.layout,
                            .problem = lp::relaxed(with_integers(best.x, f_.problem.column_count())),
                            .money_scale = f_.money_scale};
    auto found = worths(m_, fixed, best, {.cancel = options_.cancel});
    if (!found) return std::unexpected(found.error());
    out = std::move(*found);
    note(fmt::format("worths: {} in {:.1f} s\n", out.size(), seconds_since(start)));
    return {};
  }

  [[nodiscard]] bool is_cancelled() const { return options_.cancel != nullptr && *options_.cancel; }

  /// Where cost is the second goal, a gap as wide as its whole weight would leave it to chance.
  double gap_for(const Weights& weights) const {
    const bool is_second = weights.compute > 0 || weights.shortfall > 0;
    return is_second && weights.cost > 0 ? std::min(options_.mip_gap_max, 0.25 * m_.objective.tolerance)
                                         : options_.mip_gap_max;
  }

  /// Always one thread of the solver: the same bytes for any number of threads.
  [[nodiscard]] lp::Options options_for(const lp::Problem& problem, const Weights& weights, const How& how) const {
    // Months of building and days of operation make networks that the dual simplex walks through in seconds; only on
    // chronological years does a vertex cost more than the interior point as it is (docs/decisions/0005).
    const bool is_large = problem.nonzero_count() > kVertexNonzeroMax && !problem.has_integers();
    lp::Options options{
        .wall_time_max_s = std::max(0.5, how.time_share * (options_.wall_time_max_s - seconds_since(begin_))),
        .mip_gap_max = how.gap > 0 ? how.gap : gap_for(weights),
        .prove_bound = how.prove,
        .thread_count = 1,
        .interior_threads = options_.thread_count,
        .seed = options_.seed,
        .method = is_large ? lp::Method::interior_point : lp::Method::automatic,
        .crossover = !is_large,
        .cancel = options_.cancel,
        .start = how.start,
        .devex = how.devex};
    if (how.near != nullptr) {
      options.start_column_basis = how.near->column_basis;
      options.start_row_basis = how.near->row_basis;
    }
    return options;
  }

  /// One solve. May be called from two threads at once.
  Outcome<lp::Solution> solve(const std::string& stage, const lp::Problem& problem, const Weights& weights,
                              const How& how = {}) {
    return noted(stage, [&](const lp::OnProgress& on_progress) {
      return lp::solve(problem, options_for(problem, weights, how), on_progress);
    });
  }

  /// Runs a solve with its progress told, and notes how it ended.
  Outcome<lp::Solution> noted(const std::string& stage,
                              const std::function<Outcome<lp::Solution>(const lp::OnProgress&)>& run) {
    const auto start = Clock::now();
    auto solution = run([&](const lp::Progress& progress) {
      const std::lock_guard lock(mutex_);
      if (on_progress_) on_progress_({stage, progress});
    });
    const std::lock_guard lock(mutex_);
    statistics_.solve_s += seconds_since(start);
    if (solution) {
      statistics_.stages += fmt::format("{}: {} in {:.1f} s, objective {:.9g}, bound {:.9g}{}{}\n", stage,
                                        lp::to_string(solution->termination), seconds_since(start), solution->objective,
                                        solution->bound, solution->detail.empty() ? "" : "; ", solution->detail);
    }
    return solution;
  }

  /// Orders and moves of a coarse solution as values of the fine model's columns.
  std::vector<double> module_columns(const Formulation& c, const std::vector<double>& coarse_x) const {
    std::vector<double> x(f_.problem.column_count(), 0.0);
    const auto carry = [&](const Block& from, const Block& to) {
      for (int t = from.t0; from.first >= 0 && t < from.t1; ++t) {
        x[static_cast<std::size_t>(to.at(t))] = std::round(coarse_x[static_cast<std::size_t>(from.at(t))]);
      }
    };
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) carry(c.layout.order[k], f_.layout.order[k]);
    for (std::size_t i = 0; i < m_.moves.size(); ++i) carry(c.layout.moved[i], f_.layout.moved[i]);
    return x;
  }

  /// The same from a relaxation: as many whole modules as the orders so far add up to, and no moves.
  std::vector<double> rounded_modules(const Formulation& c, std::vector<double> coarse_x) const {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Block& order = c.layout.order[k];
      double total = 0, whole = 0;
      for (int t = order.t0; order.first >= 0 && m_.capacities[k].module_size > 0 && t < order.t1; ++t) {
        double& x = coarse_x[static_cast<std::size_t>(order.at(t))];
        total += x;
        x = std::min(std::floor(total + 1e-6) - whole, c.problem.column_upper[static_cast<std::size_t>(order.at(t))]);
        whole += x;
      }
    }
    for (const Block& moved : c.layout.moved) {
      for (int32_t i = 0; i < moved.size(); ++i) coarse_x[static_cast<std::size_t>(moved.first + i)] = 0;
    }
    return module_columns(c, coarse_x);
  }

  /// The problem with the integers of its columns before `end` as they are in `x`.
  [[nodiscard]] lp::Problem with_integers(const std::vector<double>& x, std::size_t end) const {
    lp::Problem problem = f_.problem;
    for (std::size_t j = 0; j < std::min(end, problem.integer.size()); ++j) {
      if (problem.integer[j]) problem.column_lower[j] = problem.column_upper[j] = std::round(x[j]);
    }
    return problem;
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
  void conclude(const lp::Solution& bound, const lp::Solution& best, const Weights& both, Plan& plan) {
    const auto start = Clock::now();
    const PlanCertificate certificate = certify_bound(m_, first_goal(m_), f_.money_scale, bound);
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
    plan.safe_bound = certificate.safe_bound;
    plan.bound_is_proved = bound.bound_is_proved && certificate.holds;
    plan.gap = std::abs(plan.objective - plan.bound) /
               std::max(m_.objective.kind == ObjectiveKind::earliest ? 1.0 : 1e-9, std::abs(plan.objective));
    plan.termination = translate(best.termination);
    const Termination first = translate(bound.termination);
    if (first == Termination::limit || first == Termination::interrupted) plan.termination = first;
    // "Optimal" is said of a plan within the gap asked for that the Model's own equations confirm.
    const double allowed = std::max(options_.mip_gap_max, 1e-6) + 1e-6 +
                           (both.cost > 0 && both.compute + both.shortfall > 0 ? m_.objective.tolerance : 0.0);
    if (first == Termination::unverified && plan.gap > allowed) {
      plan.termination = Termination::unverified;
      plan.detail = bound.detail;
    }
    if (plan.termination == Termination::optimal && plan.gap > allowed) plan.termination = Termination::limit;
    if (!check.holds) {
      plan.termination = Termination::unverified;
      plan.detail = check.violations.empty() ? "the plan misses its equations" : check.violations.front().what;
    }
    if (!certificate.holds) {
      plan.termination = Termination::unverified;
      plan.detail = "the bound does not follow from the network formulated anew";
    }
    plan.seconds = seconds_since(begin_);
  }

  const Model& m_;
  const PlanOptions& options_;
  PlanStatistics& statistics_;
  const OnPlanProgress& on_progress_;
  const Clock::time_point begin_;
  std::mutex mutex_;  // progress and statistics
  Formulation f_;
  std::optional<Model> coarse_;
  Relaxation relaxation_;  // with modules free, at the plan's goal; model null until it is solved
};

}  // namespace

Outcome<Plan> make_plan(const Model& model, const PlanOptions& options, PlanStatistics* statistics,
                        const OnPlanProgress& on_progress) {
  PlanStatistics ignored;
  return Planner(model, options, statistics ? *statistics : ignored, on_progress).run();
}

}  // namespace beltline
