// Units and ramps against every way to switch them: all schedules of small cases, each with an LP of its own that knows
// nothing of the rows of src/plan/commitment_rows.cpp.
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "lp/solver.h"
#include "plan/planner.h"
#include "plan/test_random_model.h"

namespace beltline {
namespace {

constexpr double kUnserved = 1000;
constexpr int kLong = 99;  // slices, longer than any minimum

/// A unit of the brute force: plain numbers, one a slice.
struct Unit {
  double full = 0, cost = 0, start_cost = 0, stop_cost = 0, no_load = 0;
  int min_up = 1, min_down = 1;
  std::vector<double> least, most;  // activity of the unit on
  double up = 0, down = 0, start = 0, stop = 0;
  bool has_ramps = false;
  int before = 0;                      // slices on (> 0) or off (< 0) before the group; 0: any state
  std::optional<double> level_before;  // where it was on
};

struct Case {
  int slices = 0;
  bool is_cyclic = false;
  std::vector<double> load;
  std::vector<Unit> units;
};

Case random_case(uint32_t seed) {
  Draw draw(seed);
  Case out{.slices = draw.whole(3, 4), .is_cyclic = draw.chance(0.4)};
  for (int s = 0; s < out.slices; ++s) out.load.push_back(draw.whole(2, 20) * 10);
  for (int g = 0; g < 2; ++g) {
    Unit u{.full = draw.whole(4, 12) * 10.0, .cost = draw.real(5, 50)};
    if (draw.chance(0.7)) u.start_cost = draw.real(0, 2000);
    if (draw.chance(0.4)) u.stop_cost = draw.real(0, 500);
    if (draw.chance(0.4)) u.no_load = draw.real(0, 300);
    if (draw.chance(0.6)) u.min_up = draw.whole(1, 3);
    if (draw.chance(0.6)) u.min_down = draw.whole(1, 3);
    const double share = draw.chance(0.8) ? draw.real(0.1, 0.6) : 0;
    for (int s = 0; s < out.slices; ++s) {
      u.least.push_back(share * u.full);
      u.most.push_back((draw.chance(0.2) ? draw.real(0.7, 1) : 1.0) * u.full);
    }
    u.has_ramps = draw.chance(0.6);
    u.up = u.down = u.start = u.stop = u.full;
    if (u.has_ramps) {
      u.up = draw.real(0.1, 1) * u.full;
      u.down = draw.real(0.1, 1) * u.full;
      u.start = std::max(share, draw.real(0.1, 1)) * u.full;
      u.stop = std::max(share, draw.real(0.1, 1)) * u.full;
    }
    if (!out.is_cyclic && draw.chance(0.8)) {
      u.before = draw.chance(0.5) ? draw.whole(1, 4) : -draw.whole(1, 4);
      if (u.before > 0 && draw.chance(0.6)) u.level_before = draw.real(share, 1) * u.full;
    }
    out.units.push_back(u);
  }
  return out;
}

Model model_of(const Case& c) {
  ModelBuilder b(Calendar::hourly(c.slices));
  b.model().objective.discount_rate = 0;
  const CommodityId power = b.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
  const PlaceId here = b.add(Place{.name = "here"});
  b.add(Demand{.name = "load",
               .commodity = power,
               .place = here,
               .quantity = b.by_slice(c.load),
               .unserved_cost = b.constant(kUnserved)});
  for (std::size_t g = 0; g < c.units.size(); ++g) {
    const Unit& u = c.units[g];
    const auto share = [&](std::vector<double> values) {
      for (double& x : values) x /= u.full;
      return b.by_slice(values);
    };
    UnitCommitment k{.has_units = true,
                     .min_load = share(u.least),
                     .start_cost = b.constant(u.start_cost),
                     .stop_cost = b.constant(u.stop_cost),
                     .no_load_cost = b.constant(u.no_load),
                     .min_up = static_cast<double>(u.min_up),
                     .min_down = static_cast<double>(u.min_down),
                     .is_cyclic = c.is_cyclic,
                     .level_before = u.level_before};
    if (u.before != 0) k.on_before = u.before;
    if (u.has_ramps) {
      k.ramp_up = b.constant(u.up / u.full);
      k.ramp_down = b.constant(u.down / u.full);
      k.ramp_start = u.start / u.full;
      k.ramp_stop = u.stop / u.full;
    }
    const std::string name = "unit" + std::to_string(g);
    const CapacityId capacity = b.add(Capacity{.name = name,
                                               .place = here,
                                               .unit = "MW",
                                               .existing = b.constant(u.full),
                                               .buildable = false,
                                               .availability = share(u.most)});
    b.add(Process{.name = name,
                  .place = here,
                  .flows = {{.commodity = power, .rate = b.constant(1)}},
                  .uses = {{capacity, b.constant(1)}},
                  .cost = b.constant(u.cost),
                  .commitment = k});
  }
  Diagnostics diagnostics;
  return *std::move(b).finish(diagnostics);
}

using Schedule = std::vector<int>;  // [slice] 0 or 1

/// On or off in the slice before, or −1 where it may be either.
int state_before(const Case& c, const Unit& u, const Schedule& on, int s) {
  if (s > 0) return on[static_cast<std::size_t>(s - 1)];
  if (c.is_cyclic) return on.back();
  return u.before == 0 ? -1 : (u.before > 0 ? 1 : 0);
}

/// For how many slices the unit had been in its state before slice s changes it.
int time_in_state(const Case& c, const Unit& u, const Schedule& on, int s) {
  const int state = state_before(c, u, on, s);
  int time = 0;
  for (int back = 1; back <= c.slices; ++back) {
    int at = s - back;
    if (at < 0 && !c.is_cyclic) {
      if (u.before == 0) return kLong;
      return (u.before > 0) == (state == 1) ? time + std::abs(u.before) : time;
    }
    at = (at + c.slices) % c.slices;
    if (on[static_cast<std::size_t>(at)] != state) return time;
    ++time;
  }
  return kLong;
}

std::optional<double> fixed_cost(const Case& c, const Unit& u, const Schedule& on) {
  double usd = 0;
  for (int s = 0; s < c.slices; ++s) {
    const int now = on[static_cast<std::size_t>(s)], before = state_before(c, u, on, s);
    usd += now * u.no_load;
    if (before < 0 || before == now) continue;
    usd += now == 1 ? u.start_cost : u.stop_cost;
    if (time_in_state(c, u, on, s) < (now == 1 ? u.min_down : u.min_up)) return std::nullopt;
  }
  return usd;
}

/// The cheapest dispatch of given schedules, or nothing where there is none.
std::optional<double> dispatch(const Case& c, const std::vector<Schedule>& on) {
  lp::Problem p;
  const auto columns = c.units.size() + 1;  // and what is not served
  std::vector<std::vector<std::pair<int, double>>> entries(columns * c.load.size());
  const auto column = [&](std::size_t g, int s) { return g * c.load.size() + static_cast<std::size_t>(s); };
  const auto add_row = [&](double lower, double upper) {
    p.row_lower.push_back(lower);
    p.row_upper.push_back(upper);
    return static_cast<int>(p.row_lower.size()) - 1;
  };
  p.cost.resize(entries.size());
  p.column_lower.resize(entries.size());
  p.column_upper.resize(entries.size());
  for (int s = 0; s < c.slices; ++s) {
    const double load = c.load[static_cast<std::size_t>(s)];
    const int balance = add_row(load, load);
    for (std::size_t g = 0; g < columns; ++g) entries[column(g, s)].emplace_back(balance, 1.0);
    p.cost[column(c.units.size(), s)] = kUnserved;
    p.column_upper[column(c.units.size(), s)] = load;
  }
  for (std::size_t g = 0; g < c.units.size(); ++g) {
    const Unit& u = c.units[g];
    for (int s = 0; s < c.slices; ++s) {
      const std::size_t j = column(g, s);
      const auto i = static_cast<std::size_t>(s);
      const bool is_on = on[g][i] == 1;
      p.cost[j] = u.cost;
      p.column_lower[j] = std::max(p.column_lower[j], is_on ? u.least[i] : 0.0);
      p.column_upper[j] = is_on ? u.most[i] : 0.0;
      const int before = state_before(c, u, on[g], s);
      if (before == 0 && is_on) p.column_upper[j] = std::min(p.column_upper[j], u.start);
    }
    for (int s = 0; s < c.slices; ++s) {
      const auto i = static_cast<std::size_t>(s);
      const bool is_on = on[g][i] == 1;
      if (state_before(c, u, on[g], s) != 1) continue;
      if (s == 0 && !c.is_cyclic) {
        if (!u.level_before) continue;
        double& lower = p.column_lower[column(g, 0)];
        double& upper = p.column_upper[column(g, 0)];
        if (!is_on && *u.level_before > u.stop + 1e-9) return std::nullopt;
        if (is_on) upper = std::min(upper, *u.level_before + u.up);
        if (is_on) lower = std::max(lower, *u.level_before - u.down);
        if (lower > upper + 1e-9) return std::nullopt;
        continue;
      }
      const int earlier = s > 0 ? s - 1 : c.slices - 1;
      if (!is_on) {
        double& upper = p.column_upper[column(g, earlier)];
        upper = std::min(upper, u.stop);
        continue;
      }
      if (earlier == s) continue;
      const int ramp = add_row(-u.down, u.up);
      entries[column(g, s)].emplace_back(ramp, 1.0);
      entries[column(g, earlier)].emplace_back(ramp, -1.0);
    }
  }
  p.start.push_back(0);
  for (std::size_t j = 0; j < entries.size(); ++j) {
    if (p.column_lower[j] > p.column_upper[j] + 1e-9) return std::nullopt;
    for (const auto& [r, value] : entries[j]) {
      p.index.push_back(r);
      p.value.push_back(value);
    }
    p.start.push_back(static_cast<int32_t>(p.index.size()));
  }
  const auto solution = lp::solve(p, {});
  if (!solution || solution->termination != lp::Termination::optimal) return std::nullopt;
  return solution->objective;
}

/// The least cost over all schedules; infinite where none can serve.
double brute_force(const Case& c) {
  std::vector<std::vector<std::pair<Schedule, double>>> schedules(c.units.size());
  for (std::size_t g = 0; g < c.units.size(); ++g) {
    for (int bits = 0; bits < 1 << c.slices; ++bits) {
      Schedule on;
      for (int s = 0; s < c.slices; ++s) on.push_back(bits >> s & 1);
      if (const auto usd = fixed_cost(c, c.units[g], on)) schedules[g].emplace_back(on, *usd);
    }
  }
  double best = lp::kInf;
  for (const auto& [first, usd] : schedules[0]) {
    for (const auto& [second, more] : schedules[1]) {
      // What the units on at full load cannot serve costs at least this much; most schedules need no LP.
      double least = usd + more;
      bool can_be = true;
      for (std::size_t s = 0; s < c.load.size(); ++s) {
        const Unit &a = c.units[0], &b = c.units[1];
        least += kUnserved * std::max(0.0, c.load[s] - first[s] * a.most[s] - second[s] * b.most[s]);
        can_be = can_be && first[s] * a.least[s] + second[s] * b.least[s] <= c.load[s] + 1e-9;
      }
      if (!can_be || least >= best) continue;
      if (const auto cost = dispatch(c, {first, second})) best = std::min(best, *cost + usd + more);
    }
  }
  return best;
}

uint32_t case_count() {
  return std::getenv("BELTLINE_SOAK") != nullptr ? 1500 : 60;
}

TEST(CommitmentRandom, IsAsCheapAsTheBestOfAllSchedules) {
  int infeasible = 0;
  for (uint32_t seed = 0; seed < case_count(); ++seed) {
    const Case c = random_case(seed);
    const double best = brute_force(c);
    const auto plan = make_plan(model_of(c), {.mip_gap_max = 1e-7});
    ASSERT_TRUE(plan);
    if (!std::isfinite(best)) {
      EXPECT_EQ(plan->termination, Termination::infeasible) << "seed " << seed;
      ++infeasible;
      continue;
    }
    ASSERT_EQ(plan->termination, Termination::optimal) << "seed " << seed << ": " << plan->detail;
    EXPECT_TRUE(plan->verified) << "seed " << seed << ": " << plan->detail;
    EXPECT_NEAR(plan->objective, best, 1e-5 * (1 + std::abs(best))) << "seed " << seed;
  }
  EXPECT_LT(infeasible, static_cast<int>(case_count()) / 2);
}

/// The model with each of three equal units as a process of its own, or all three as one cluster.
Model cluster_model(uint32_t seed, bool is_cluster, bool with_ramps) {
  Draw draw(seed);
  const int slices = 6;
  ModelBuilder b(Calendar::monthly({2026, 1}, 1, slices));
  b.model().objective.discount_rate = 0;
  const CommodityId power = b.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate, .disposable = true});
  const PlaceId here = b.add(Place{.name = "here"});
  b.add(Demand{.name = "load",
               .commodity = power,
               .place = here,
               .quantity = b.by_slice([&](int, int) { return draw.real(0, 130); }),
               .unserved_cost = b.constant(kUnserved)});
  // hours: a slice has 4
  UnitCommitment k{.has_units = true,
                   .unit_size = 40,
                   .min_load = b.constant(draw.real(0.2, 0.7)),
                   .start_cost = b.constant(draw.real(0, 8000)),
                   .stop_cost = b.constant(draw.real(0, 1000)),
                   .no_load_cost = b.constant(draw.real(0, 100)),
                   .min_up = draw.real(0, 16),
                   .min_down = draw.real(0, 12),
                   .is_cyclic = draw.chance(0.5)};
  if (!k.is_cyclic) k.on_before = draw.chance(0.5) ? draw.real(1, 10) : -draw.real(1, 10);
  if (with_ramps) {
    k.ramp_up = b.constant(draw.real(0.03, 0.2));
    k.ramp_down = b.constant(draw.real(0.03, 0.2));
  }
  for (int i = 0; i < (is_cluster ? 1 : 3); ++i) {
    const std::string name = "unit" + std::to_string(i);
    const CapacityId capacity = b.add(Capacity{
        .name = name, .place = here, .unit = "MW", .existing = b.constant(is_cluster ? 120 : 40), .buildable = false});
    b.add(Process{.name = name,
                  .place = here,
                  .flows = {{.commodity = power, .rate = b.constant(1)}},
                  .uses = {{capacity, b.constant(1)}},
                  .cost = b.constant(20),
                  .commitment = k});
  }
  Diagnostics diagnostics;
  return *std::move(b).finish(diagnostics);
}

TEST(CommitmentRandom, RunsAClusterAsItsUnits) {
  for (uint32_t seed = 0; seed < case_count() / 3; ++seed) {
    const bool with_ramps = seed % 2 == 1;
    const auto cluster = make_plan(cluster_model(seed, true, with_ramps), {.mip_gap_max = 1e-7});
    const auto units = make_plan(cluster_model(seed, false, with_ramps), {.mip_gap_max = 1e-7});
    ASSERT_TRUE(cluster && units);
    ASSERT_EQ(cluster->termination, Termination::optimal) << "seed " << seed << ": " << cluster->detail;
    ASSERT_EQ(units->termination, Termination::optimal) << "seed " << seed << ": " << units->detail;
    EXPECT_TRUE(cluster->verified && units->verified);
    // Ramps of a cluster are those of its sum, and the end of a cyclic group has as many units on as its beginning, not
    // the same: neither is tighter than for each unit.
    const double within = 1e-5 * (1 + std::abs(units->objective));
    EXPECT_LE(cluster->objective, units->objective + within) << "seed " << seed;
    const bool may_be_less = with_ramps || cluster_model(seed, true, false).processes[0].commitment->is_cyclic;
    const double least = may_be_less ? -lp::kInf : units->objective - within;
    EXPECT_GE(cluster->objective, least) << "seed " << seed;
  }
}

}  // namespace
}  // namespace beltline
