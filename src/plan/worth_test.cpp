// What one more unit of a bound is worth, against finite differences: the bound moved in the Model, the plan found
// anew.
#include "plan/worth.h"

#include <cmath>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "model/entity.h"
#include "plan/planner.h"
#include "plan/test_random_model.h"
#include "plan/weights.h"

namespace beltline {
namespace {

/// The series with its value in periods first to last moved by `delta`, at the calendar's own slices.
Series moved(Model& m, Series series, int first, int last, double delta) {
  const int slices = m.calendar.slice_count;
  const Series out{static_cast<int32_t>(m.pool.size()), slices, 1};
  std::vector<double> values;
  for (int t = 0; t < m.period_count(); ++t) {
    for (int s = 0; s < slices; ++s) {
      values.push_back(m.at_or(series, 0, t, s) + (t >= first && t <= last ? delta : 0));
    }
  }
  m.pool.insert(m.pool.end(), values.begin(), values.end());
  return out;
}

/// The model with `step` more of what a worth is about. What has one number for all periods (build_total), or is
/// rounded to whole modules, stays, and moves in the LP.
Model with_more(const Model& model, const Worth& w, double step) {
  Model m = model;
  const auto id = static_cast<std::size_t>(w.id);
  const auto move = [&](Series& series, double by) { series = moved(m, series, w.first, w.last, by); };
  switch (w.kind) {
    case WorthKind::capacity: move(m.capacities[id].existing, step); break;
    case WorthKind::build_rate:
      if (m.capacities[id].module_size <= 0) move(m.capacities[id].build_max, step);
      break;
    case WorthKind::limit: {
      // of a floor one more is one less asked for
      const bool is_upper = m.limits[id].upper.present() && !m.limits[id].lower.present();
      if (is_upper) move(m.limits[id].upper, step);
      if (!is_upper) move(m.limits[id].lower, -step);
      break;
    }
    case WorthKind::commitment: move(m.commitments[id].quantity, step); break;
    case WorthKind::supply: move(m.processes[id].upper, step); break;
    case WorthKind::must_run: move(m.processes[id].lower, -step); break;
    case WorthKind::build_total:
    case WorthKind::store: break;
  }
  return m;
}

/// The optimum in USD of what the planner minimised: its weights, modules fixed as planned (or free).
class Optimum {
 public:
  Optimum(const Model& model, const Plan& plan) : model_(model), plan_(plan) {
    Formulation f = formulate(model);
    weights_ = first_goal(model);
    if (model.objective.kind == ObjectiveKind::min_cost) return;
    set_goal(model, f, weights_);
    const auto first = lp::solve(f.problem, {.mip_gap_max = 1e-9, .thread_count = 1});
    weights_ = weigh(model, f, first.value());
    // weights are told in the LP's money, whose scale is the model's
    scale_ = f.money_scale;
  }

  /// Infinite where it is infeasible.
  /// @param w     what was moved, by `step` units: fixed modules at a cap of orders move with it
  [[nodiscard]] double operator()(const Model& m, const Worth& w, double step) const {
    Formulation f = formulate(m);
    Weights weights = weights_;
    if (weights.compute > 0) weights.compute *= f.money_scale / scale_;
    if (weights.shortfall > 0) weights.shortfall *= f.money_scale / scale_;
    set_goal(m, f, weights);
    lp::Problem p = lp::relaxed(f.problem);
    if (!w.modules_free) fix_modules(m, f, w, step, p);
    move_columns(m, f, w, step, p);
    const auto solution = lp::solve(p, {.thread_count = 1, .method = lp::Method::simplex});
    if (!solution || solution->termination == lp::Termination::infeasible) return lp::kInf;
    EXPECT_EQ(solution->termination, lp::Termination::optimal) << solution->detail;
    return solution->objective / f.money_scale;
  }

 private:
  void fix_modules(const Model& m, const Formulation& f, const Worth& w, double step, lp::Problem& p) const {
    for (std::size_t k = 0; k < m.capacities.size(); ++k) {
      const double size = m.capacities[k].module_size;
      const Block& order = f.layout.order[k];
      for (int t = order.t0; size > 0 && order.first >= 0 && t < order.t1; ++t) {
        const bool moves = w.kind == WorthKind::build_rate && w.id == static_cast<int32_t>(k) && w.first == t;
        const double x = std::round(plan_.order.at(k, t) / size) + (moves ? step / size : 0);
        const auto j = static_cast<std::size_t>(order.at(t));
        p.column_lower[j] = p.column_upper[j] = x;
      }
    }
  }

  /// Bounds that have one number in the Model for all periods, or for several columns at once.
  static void move_columns(const Model& m, const Formulation& f, const Worth& w, double step, lp::Problem& p) {
    const auto id = static_cast<std::size_t>(w.id);
    const auto move = [&](const Block& block, double most) {
      for (int s = 0; block.holds(w.first) && s < block.slices; ++s) {
        double& upper = p.column_upper[static_cast<std::size_t>(block.at(w.first, s))];
        if (std::abs(upper - most) < 1e-9 * (1 + most)) upper += step;
      }
    };
    const double size = w.kind == WorthKind::build_rate ? m.capacities[id].module_size : 0;
    if (size > 0 && w.modules_free) {
      p.column_upper[static_cast<std::size_t>(f.layout.order[id].at(w.first))] += step / size;
    }
    if (w.kind == WorthKind::build_total) move(f.layout.built[id], m.capacities[id].total_max);
    if (w.kind != WorthKind::store) return;
    const Store& store = m.stores[id];
    const double level = m.at_or(store.level_max, -1, w.first), power = m.at_or(store.power_max, -1, w.first);
    if (level == w.quantity) move(f.layout.level[id], level);
    if (power == w.quantity) {
      move(f.layout.charge[id], power);
      move(f.layout.discharge[id], power);
    }
  }

  const Model& model_;
  const Plan& plan_;
  Weights weights_;
  double scale_ = 1;
};

/// The random network with bounds of the kinds that it lacks: a floor, a ceiling with its take-or-pay, a least
/// activity, and a cap on what is built; and each of the three goals in turn.
Model bounded_model(uint32_t seed) {
  Model m = random_model(seed);
  Draw draw(seed + 1000);
  const auto constant = [&](double value) {
    m.pool.push_back(value);
    return Series{static_cast<int32_t>(m.pool.size()) - 1, 0, 0};
  };
  const auto found = std::ranges::find(m.processes, "make0", &Process::name);
  const auto make = static_cast<int32_t>(found - m.processes.begin());
  if (draw.chance(0.5)) m.processes[static_cast<std::size_t>(make)].lower = constant(draw.real(0.5, 3));
  if (draw.chance(0.5)) m.capacities.back().total_max = draw.real(2, 20);
  if (draw.chance(0.5)) m.capacities.back().build_max = constant(draw.real(2, 6));
  if (draw.chance(0.7)) {
    m.commitments.push_back({.name = "supply",
                             .quantity = constant(draw.real(4, 15)),
                             .terms = {{.kind = TermKind::activity, .id = make}},
                             .ceiling = true,
                             .take_or_pay = draw.chance(0.5) ? 0.3 : 0.0,
                             .price = constant(draw.real(1, 4))});
  }
  const auto last = static_cast<int32_t>(m.capacities.size()) - 1;
  m.limits.push_back({.name = "floor",
                      .unit = "MW",
                      .first = m.period_count() - 2,
                      .terms = {{.kind = TermKind::online, .id = last}},
                      .lower = constant(draw.real(2, 12)),
                      .shortfall_cost = constant(draw.real(10, 2000)),
                      .is_target = seed % 3 == 2});
  constexpr ObjectiveKind kKinds[] = {ObjectiveKind::min_cost, ObjectiveKind::max_compute, ObjectiveKind::earliest};
  m.objective.kind = kKinds[seed % 3];
  m.objective.tolerance = 0.01;
  return m;
}

std::string told(const Model& m, const Worth& w) {
  return fmt::format("{} {} in {} (quantity {}, worth {} to {}{})", to_string(w.kind), name_of(m, entity_of(w)),
                     w.first, w.quantity, w.one_more, w.one_less, w.modules_free ? ", modules free" : "");
}

/// Whether a one-sided difference agrees with a worth, for some step that is small beside what there is of it: kinks
/// lie near degenerate vertices, and the solver's tolerance drowns the smallest steps.
///
/// @param side  +1: what one more saves; −1: what one less costs
bool agrees(const Model& m, const Optimum& optimum, double base, const Worth& w, int side, std::string& seen) {
  const double expected = side > 0 ? w.one_more : w.one_less;
  const double size = std::max(0.1, std::abs(w.quantity));
  for (const double share : {1e-3, 1e-2, 1e-4, 1e-5}) {
    const double step = share * size;
    const double moved_value = optimum(with_more(m, w, side * step), w, side * step);
    const double slope = side * (base - moved_value) / step;
    seen += fmt::format(" {:.6g} (step {:.3g})", slope, step);
    if (std::isinf(slope) || std::isinf(expected)) {
      if (slope == expected) return true;
      continue;
    }
    // what an optimum is known to, over the step
    const double noise = 2e-9 * std::max(1.0, std::abs(base)) / step;
    if (std::abs(slope - expected) <= 0.01 * std::max(std::abs(expected), std::abs(slope)) + noise) return true;
  }
  return false;
}

/// Networks of which every kind of bound that the test names is met several times; in a soak fifty times as many.
int seed_count() {
  return std::getenv("BELTLINE_SOAK") != nullptr ? 2000 : 40;
}

TEST(Worths, AgreeWithFiniteDifferences) {
  constexpr std::size_t kWorthMax = 5;  // of each network, spread over all that bind
  int checked = 0, unique = 0, networks = 0;
  std::map<WorthKind, int> kinds;
  for (uint32_t seed = 0; seed < static_cast<uint32_t>(seed_count()); ++seed) {
    const Model m = bounded_model(seed);
    const auto plan = make_plan(m, {.mip_gap_max = 1e-9});
    ASSERT_TRUE(plan) << seed;
    if (plan->termination != Termination::optimal) continue;
    ++networks;
    const Optimum optimum(m, *plan);
    const std::size_t stride = std::max<std::size_t>(1, plan->worths.size() / kWorthMax);
    for (std::size_t i = seed % stride; i < plan->worths.size(); i += stride) {
      const Worth& w = plan->worths[i];
      if (!w.exact) continue;
      const double base = optimum(m, w, 0);
      ++checked;
      ++kinds[w.kind];
      unique += w.one_less - w.one_more <= 0.01 * std::abs(w.one_less) ? 1 : 0;
      std::string seen;
      EXPECT_TRUE(agrees(m, optimum, base, w, +1, seen)) << "seed " << seed << ", one more: " << told(m, w) << seen;
      seen.clear();
      // of nothing there is no less
      if (w.quantity <= 0) continue;
      EXPECT_TRUE(agrees(m, optimum, base, w, -1, seen)) << "seed " << seed << ", one less: " << told(m, w) << seen;
    }
  }
  EXPECT_GE(networks * 10, seed_count() * 9);
  EXPECT_GE(checked, 2 * networks);
  EXPECT_GE(unique * 2, checked) << "most shadow prices are unique";
  fmt::print("{} networks, {} worths, {} of them unique\n", networks, checked, unique);
  for (const auto& [kind, count] : kinds) fmt::print("  {} {}\n", to_string(kind), count);
}

}  // namespace
}  // namespace beltline
