#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/random.h"
#include "plan/planner.h"
#include "plan/test_network.h"
#include "study/day_problem.h"
#include "study/days_plan.h"

namespace beltline {
namespace {

constexpr int kDays = 20;

/// Load, sun, wind, gas and a battery over days whose sun and wind follow the season: seasonal storage pays.
struct Island {
  TestNetwork network{Calendar::hourly(24 * kDays)};

  explicit Island(double unserved = 0) {
    ModelBuilder& b = network.builder;
    const auto draw = [](int s, uint32_t source) {
      return uniform01({.seed = 3, .source = source, .period = static_cast<uint32_t>(s)});
    };
    const auto season = [](int s) { return 0.5 + 0.5 * std::cos(2 * 3.14159265 * s / (24.0 * kDays)); };
    const CapacityId sun = b.add(Capacity{
        .name = "sun", .place = network.here, .capex = b.constant(300), .availability = b.by_slice([&](int, int s) {
          const double noon = std::max(0.0, std::sin(2 * 3.14159265 * (s % 24 - 6) / 24.0));
          return noon * (0.3 + 0.6 * season(s)) * (0.7 + 0.3 * draw(s / 24, 1));
        })});
    const CapacityId gas = b.add(Capacity{.name = "gas", .place = network.here, .capex = b.constant(200)});
    const CapacityId battery = b.add(Capacity{.name = "battery", .place = network.here, .capex = b.constant(20)});
    network.source("sun", network.power, Grain::rate, 0, {{sun, b.constant(1)}});
    network.source("gas", network.power, Grain::rate, 1.5, {{gas, b.constant(1)}});
    b.add(Store{.name = "battery",
                .commodity = network.power,
                .place = network.here,
                .level_capacity = battery,
                .level_per_unit = 8,
                .power_capacity = battery,
                .efficiency_in = 0.9,
                .efficiency_out = 0.9,
                .loss = 0.001});
    network.demand(network.power, b.by_slice([&](int, int s) {
      return 5 + 3 * std::sin(2 * 3.14159265 * (s % 24 - 9) / 24.0) + draw(s, 2);
    }),
                   unserved > 0 ? std::optional(unserved) : std::nullopt);
    b.model().commodities[network.power.index()].disposable = true;
    Diagnostics diagnostics;
    network.model = std::move(b).finish(diagnostics);
  }
  const Model& model() const { return *network.model; }
};

double tolerance(double value) {
  return 1e-6 * (1 + std::abs(value));
}

TEST(Days, EveryDayBelongsToOneAndExtremesStandForThemselves) {
  const Island island;
  const auto days = choose_days(island.model(), 6);
  ASSERT_TRUE(days) << days.error().message;
  const DayChoice& choice = days->periods.front();
  EXPECT_EQ(choice.day.size(), 6U);
  EXPECT_EQ(std::accumulate(choice.stands_for.begin(), choice.stands_for.end(), 0), kDays);
  int extremes = 0;
  for (std::size_t i = 0; i < choice.day.size(); ++i) {
    EXPECT_EQ(choice.chosen_of[static_cast<std::size_t>(choice.day[i])], static_cast<int>(i));
    if (choice.why[i] != "medoid") {
      ++extremes;
      EXPECT_EQ(choice.stands_for[i], 1);
    }
  }
  EXPECT_GE(extremes, 1);
}

TEST(Days, NeedALongChronology) {
  TestNetwork network(Calendar::monthly({2026, 1}, 12, 24));
  Diagnostics diagnostics;
  network.model = std::move(network.builder).finish(diagnostics);
  EXPECT_FALSE(choose_days(*network.model, 5));
}

TEST(Days, ErrorIsStatedFromBothSides) {
  const Island island;
  const auto whole = make_plan(island.model(), {.mip_gap_max = 1e-6});
  ASSERT_TRUE(whole && whole->termination == Termination::optimal);
  double last_gap = lp::kInf;
  for (const int count : {5, 10, kDays}) {
    const auto found = plan_days(island.model(), {.days = count});
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_TRUE(found->plan.has_point) << count << ": " << found->plan.detail;
    EXPECT_TRUE(found->plan.verified) << count << ": " << found->plan.detail;
    EXPECT_GE(found->plan.cost_usd, whole->cost_usd - tolerance(whole->cost_usd)) << count;
    EXPECT_LE(found->plan.bound, whole->cost_usd + tolerance(whole->cost_usd)) << count;
    EXPECT_GT(found->plan.bound, 0.5 * whole->cost_usd) << count << ": a bound should say something";
    EXPECT_LT(found->plan.cost_usd, 1.2 * whole->cost_usd) << count;
    EXPECT_LE(found->plan.gap, last_gap + 0.02) << count;
    last_gap = found->plan.gap;
  }
  EXPECT_LT(last_gap, 1e-5) << "all days are no approximation";
}

TEST(Days, LevelsGoOnThroughDaysThatStandForOthers) {
  const Island island;
  const auto found = plan_days(island.model(), {.days = 6});
  ASSERT_TRUE(found && found->plan.has_point);
  // a store that only cycled within a day would end every day where it began
  const Plan& plan = found->plan;
  double most = 0;
  for (int d = 1; d < kDays; ++d) most = std::max(most, std::abs(plan.level.at(0, 0, 24 * d) - plan.level.at(0, 0, 0)));
  EXPECT_GT(most, 0.1);
}

}  // namespace
}  // namespace beltline
