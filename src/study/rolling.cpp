#include "study/rolling.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "plan/cause.h"
#include "plan/extract.h"
#include "plan/lp_map.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "plan/weights.h"
#include "plan/worth.h"
#include "study/stopwatch.h"
#include "study/window_problem.h"

namespace beltline {
namespace {

class Roller {
 public:
  Roller(const Model& model, const RollingOptions& options, const OnPlanProgress& on_progress)
      : m_(model), options_(options), on_progress_(on_progress), f_(formulate(model)) {}

  Outcome<RollingPlan> run() {
    find_periods();
    const std::size_t columns = f_.problem.column_count();
    whole_.x.assign(columns, 0.0);
    whole_.column_dual.assign(columns, 0.0);
    whole_.row_dual.assign(f_.problem.row_count(), 0.0);
    const int T = m_.period_count();
    for (int first = 0; first < T; first += options_.step) {
      RollingWindow window{.first = first,
                           .last = std::min(T, first + options_.window) - 1,
                           .decided = std::min(T, first + options_.step) - 1};
      // the window that sees the end decides all that it sees
      if (window.last == T - 1) window.decided = T - 1;
      auto done = solve(window);
      if (!done) return std::unexpected(done.error());
      out_.windows.push_back(window);
      if (!*done) return without_plan(window);
      if (window.decided == T - 1) break;
    }
    return conclude();
  }

 private:
  /// A column belongs to its period; what a window of the scenario misses, to the last period of that window.
  void find_periods() {
    const LpMap map(f_.layout);
    for (const LpPlace& place : map.columns) {
      int t = place.t;
      if (place.kind == LpKind::shortfall) {
        const Limit& limit = m_.limits[static_cast<std::size_t>(place.id)];
        if (limit.scope == LimitScope::window) t = std::min(m_.period_count() - 1, limit.last);
      }
      period_.push_back(t);
    }
    for (const LpPlace& place : map.rows) row_period_.push_back(place.t);
  }

  /// Costs of a goal with orders counted as a window that ends after `last` counts them.
  std::vector<double> window_cost(const Weights& weights, int last) {
    set_goal(m_, f_, weights);
    std::vector<double> cost = f_.problem.cost;
    if (weights.cost == 0 || last == m_.period_count() - 1) return cost;
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Block& order = f_.layout.order[k];
      for (int t = order.t0; order.first >= 0 && t < order.t1; ++t) {
        cost[static_cast<std::size_t>(order.at(t))] = weights.cost * f_.money_scale * order_cost(k, t, last);
      }
    }
    return cost;
  }

  /// USD, discounted, that one unit (or module) ordered in t counts for.
  double order_cost(std::size_t k, int t, int last) const {
    const Capacity& capacity = m_.capacities[k];
    const double size = module_of(capacity);
    double paid = 0;
    for (int j = 0; j < std::max<int>(1, static_cast<int>(capacity.spend_profile.size())); ++j)
      paid += m_.capex_factor(t + j) * spend(m_, capacity, t, j);
    const int online = t + capacity.lead, end = last + 1;
    switch (options_.end_value) {
      case EndValue::none: return size * paid;
      case EndValue::salvage: return size * (paid - residual(capacity, t, end) * m_.at_or(capacity.capex, 0, t));
      case EndValue::annuity: break;
    }
    // over its life, or what it is written off over, or to the horizon
    const int horizon = m_.period_count();
    double life = capacity.life > 0           ? capacity.life
                  : capacity.salvage_life > 0 ? capacity.salvage_life
                                              : horizon - online;
    life = std::max(1.0, life);
    double seen = 0, all = 0;
    for (int i = 0; i < static_cast<int>(std::ceil(life)); ++i) {
      const double weight = std::min(1.0, life - i) * m_.discount_factor(std::min(horizon - 1, online + i));
      all += weight;
      if (online + i < end) seen += weight;
    }
    return size * paid * (all > 0 ? seen / all : 1.0);
  }

  /// What is not written off at the window's end, discounted, as a share of capex. What is not online by then is whole.
  double residual(const Capacity& capacity, int t, int end) const {
    if (capacity.salvage_life <= 0) return 0;
    const double age = std::max(0, end - (t + capacity.lead)), rate = capacity.sinking_fund_rate;
    const double left =
        rate <= 0 ? 1 - age / capacity.salvage_life
                  : 1 - std::expm1(age * std::log1p(rate)) / std::expm1(capacity.salvage_life * std::log1p(rate));
    const double factor = m_.objective.weight.present()
                              ? m_.at(m_.objective.weight, end - 1)
                              : std::pow(1 + m_.objective.discount_rate, -end * m_.calendar.months_per_period / 12.0);
    return std::max(0.0, left) * factor;
  }

  /// Solves a window and keeps what it decides; false where it has no plan.
  Outcome<bool> solve(RollingWindow& window) {
    const Stopwatch watch;
    const Weights first = first_goal(m_);
    Weights weights = first;
    WindowProblem cut = this->cut(window, first);
    auto best = solve_cut("window", window, cut.problem);
    if (!best) return std::unexpected(best.error());
    if (best->has_point && m_.objective.kind != ObjectiveKind::min_cost) {
      lp::Solution as_whole;
      as_whole.x = decided_with(cut, best->x, window);
      weights = weigh(m_, f_, as_whole);
      weights.compute = std::max(weights.compute, 0.0);
      cut = this->cut(window, weights);
      auto second = solve_cut("window at cost", window, cut.problem);
      if (!second) return std::unexpected(second.error());
      if (second->has_point) best = std::move(second);
    }
    window.seconds = watch.seconds();
    window.termination = translate(best->termination);
    detail_ = best->detail;
    if (!best->has_point) return false;
    window.objective = weights.cost > 0 && m_.objective.kind == ObjectiveKind::min_cost
                           ? best->objective / f_.money_scale
                           : best->objective;
    keep(cut, *best, window);
    last_weights_ = weights;
    return true;
  }

  WindowProblem cut(const RollingWindow& window, const Weights& weights) {
    return cut_window(f_.problem, period_, window_cost(weights, window.last), whole_.x, window.first, window.last);
  }

  /// The window's optimum: its MIP, or its relaxation with modules rounded, and then an LP with them held.
  Outcome<lp::Solution> solve_cut(const std::string& stage, const RollingWindow& window, const lp::Problem& p) {
    const std::string name =
        fmt::format("{} {} to {}", stage, m_.calendar.label(window.first), m_.calendar.label(window.last));
    statistics_.column_count = std::max(statistics_.column_count, p.column_count());
    statistics_.row_count = std::max(statistics_.row_count, p.row_count());
    statistics_.nonzero_count = std::max(statistics_.nonzero_count, p.nonzero_count());
    if (!p.has_integers()) return lp_solve(name, p);
    const bool is_small = p.column_count() <= static_cast<std::size_t>(options_.plan.mip_column_max);
    auto whole = lp_solve(name, is_small ? p : lp::relaxed(p));
    if (!whole || !whole->has_point) return whole;
    lp::Problem held = lp::relaxed(p);
    std::vector<double> carried(m_.capacities.size(), 0.0);
    for (std::size_t j = 0; j < p.integer.size(); ++j) {
      if (!p.integer[j]) continue;
      const double value = is_small ? std::round(whole->x[j]) : std::floor(whole->x[j] + 0.5);
      held.column_lower[j] = held.column_upper[j] =
          std::clamp(value, p.column_lower[j], std::floor(p.column_upper[j] + 1e-9));
    }
    auto priced = lp_solve(name + " with modules", held);
    if (!priced) return priced;
    if (!priced->has_point) {
      // rounding misled: let the MIP decide
      if (!is_small) return lp_solve(name + " whole", p);
      return whole;
    }
    if (whole->termination != lp::Termination::optimal) priced->termination = whole->termination;
    return priced;
  }

  std::vector<double> decided_with(const WindowProblem& cut, const std::vector<double>& x, const RollingWindow&) const {
    std::vector<double> out = whole_.x;
    for (std::size_t j = 0; j < x.size(); ++j) out[static_cast<std::size_t>(cut.column[j])] = x[j];
    return out;
  }

  void keep(const WindowProblem& cut, const lp::Solution& best, const RollingWindow& window) {
    for (std::size_t j = 0; j < cut.column.size(); ++j) {
      const auto to = static_cast<std::size_t>(cut.column[j]);
      if (period_[to] > window.decided) continue;
      const bool is_module = !f_.problem.integer.empty() && f_.problem.integer[to];
      const double value = is_module ? std::round(best.x[j]) : best.x[j];
      whole_.x[to] = std::clamp(value, f_.problem.column_lower[to], f_.problem.column_upper[to]);
      if (!best.column_dual.empty()) whole_.column_dual[to] = best.column_dual[j];
    }
    for (std::size_t i = 0; i < cut.row.size() && !best.row_dual.empty(); ++i) {
      const auto to = static_cast<std::size_t>(cut.row[i]);
      const int t = row_period_[to];
      // rows that were opened before keep the price of the window that decided them
      if (t <= window.decided && (t >= window.first || whole_.row_dual[to] == 0))
        whole_.row_dual[to] = best.row_dual[i];
    }
  }

  Outcome<lp::Solution> lp_solve(const std::string& stage, const lp::Problem& p) {
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
      statistics_.stages +=
          fmt::format("{}: {}, objective {:.9g}\n", stage, lp::to_string(solution->termination), solution->objective);
    }
    return solution;
  }

  RollingPlan without_plan(const RollingWindow& window) {
    Plan& plan = out_.plan = empty_plan(m_, f_.layout);
    plan.termination = window.termination;
    plan.detail =
        fmt::format("window {} to {}: {}{}{}", m_.calendar.label(window.first), m_.calendar.label(window.last),
                    to_string(window.termination), window.first > 0 ? " after what the windows before it decided" : "",
                    detail_.empty() ? "" : "; " + detail_);
    plan.seconds = watch_.seconds();
    out_.statistics = statistics_;
    return std::move(out_);
  }

  Outcome<RollingPlan> conclude() {
    set_goal(m_, f_, last_weights_);
    whole_.termination = lp::Termination::optimal;
    whole_.has_point = true;
    Plan& plan = out_.plan = empty_plan(m_, f_.layout);
    extract_decisions(m_, f_, whole_.x, plan);
    extract_prices(m_, f_, whole_, plan);
    const Verification check = verify(m_, plan);
    plan.verified = check.holds;
    plan.cost_usd = check.cost_usd;
    const ObjectiveKind kind = m_.objective.kind;
    plan.objective = kind == ObjectiveKind::min_cost      ? check.cost_usd
                     : kind == ObjectiveKind::max_compute ? check.useful_compute
                                                          : check.shortfall;
    plan.objective_unit = kind == ObjectiveKind::min_cost      ? "USD"
                          : kind == ObjectiveKind::max_compute ? "PFLOP/s*h"
                                                               : "1";
    if (kind == ObjectiveKind::max_compute) plan.compute_price_usd = last_weights_.compute / f_.money_scale;
    plan.bound = plan.gap = std::nan("");  // windows prove nothing of the whole
    plan.termination = Termination::limit;
    for (const RollingWindow& window : out_.windows) {
      if (window.termination == Termination::interrupted) plan.termination = window.termination;
    }
    if (!check.holds) {
      plan.termination = Termination::unverified;
      plan.detail = check.violations.empty() ? "the plan misses its equations" : check.violations.front().what;
    }
    plan.seconds = watch_.seconds();
    if (auto explained = explain(plan); !explained) return std::unexpected(explained.error());
    out_.statistics = statistics_;
    return std::move(out_);
  }

  /// What is late and waits for what, and what binds, at the prices of the windows.
  Outcome<void> explain(Plan& plan) {
    if (options_.plan.cancel != nullptr && *options_.plan.cancel) return {};
    const Formulation relaxed{.layout = f_.layout, .problem = lp::relaxed(f_.problem), .money_scale = f_.money_scale};
    auto found = worths(m_, relaxed, whole_, {.cancel = options_.plan.cancel});
    if (!found) return std::unexpected(found.error());
    plan.worths = std::move(*found);
    Relaxation relaxation{.model = &m_, .formulation = relaxed, .solution = whole_};
    // windows have objectives of their own: what is asked of the whole is measured against that of the whole
    relaxation.solution.objective =
        std::inner_product(whole_.x.begin(), whole_.x.end(), relaxed.problem.cost.begin(), 0.0);
    auto late = late_deliveries(m_, plan, relaxation, options_.plan.thread_count, options_.plan.cancel);
    if (!late) return std::unexpected(late.error());
    plan.deliveries = std::move(*late);
    return {};
  }

  const Model& m_;
  const RollingOptions& options_;
  const OnPlanProgress& on_progress_;
  Formulation f_;
  std::vector<int> period_, row_period_;  // [column], [row]
  lp::Solution whole_;                    // what is decided so far, and its prices
  Weights last_weights_;
  std::string detail_;
  PlanStatistics statistics_;
  RollingPlan out_;
  Stopwatch watch_;
};

}  // namespace

const char* to_string(EndValue value) {
  switch (value) {
    case EndValue::none: return "none";
    case EndValue::salvage: return "salvage";
    case EndValue::annuity: return "annuity";
  }
  return "none";
}

Outcome<RollingPlan> plan_rolling(const Model& model, const RollingOptions& options,
                                  const OnPlanProgress& on_progress) {
  return Roller(model, options, on_progress).run();
}

std::optional<int> periods_of_duration(const std::string& text, const Calendar& calendar) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0 || number > 100'000) return std::nullopt;
  std::string unit(end, text.data() + text.size());
  std::erase(unit, ' ');
  if (unit.ends_with('s')) unit.pop_back();
  if (unit == "period") return number;
  const int months = unit == "month" ? number : unit == "year" ? 12 * number : 0;
  if (months == 0) return std::nullopt;
  return (months + calendar.months_per_period - 1) / calendar.months_per_period;
}

}  // namespace beltline
