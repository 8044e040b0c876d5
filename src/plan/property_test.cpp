// What must hold on any network: balances close, bounds bind the way they should, threads change nothing.
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "model/builder.h"
#include "plan/coarse.h"
#include "plan/formulate.h"
#include "plan/planner.h"
#include "plan/tables.h"
#include "plan/verify.h"

namespace beltline {
namespace {

/// Draws in order; the network is a function of the seed alone.
class Draw {
 public:
  explicit Draw(uint32_t seed) : seed_(seed) {}
  double real(double low, double high) { return low + (high - low) * uniform01({.seed = seed_, .period = next_++}); }
  int whole(int low, int high) { return std::min(high, static_cast<int>(real(low, high + 1))); }
  bool chance(double p) { return real(0, 1) < p; }

 private:
  uint32_t seed_;
  uint32_t next_ = 0;
};

/// A chain of amounts that ends in machines which turn power into a rate that is asked for: every mechanism at once.
Model random_model(uint32_t seed, double demand_scale = 1.0) {
  Draw draw(seed);
  const int slices = draw.chance(0.5) ? 4 : 1;
  ModelBuilder b(Calendar::monthly({2026, 1}, draw.whole(5, 12), slices));
  b.model().objective = {.kind = ObjectiveKind::min_cost, .discount_rate = 0.05};
  std::vector<PlaceId> places;
  for (int i = 0; i < draw.whole(1, 3); ++i) {
    places.push_back(b.add(Place{.name = "place" + std::to_string(i), .outline = i > 0 && draw.chance(0.3)}));
  }
  const auto anywhere = [&] {
    return places[static_cast<std::size_t>(draw.whole(0, static_cast<int>(places.size()) - 1))];
  };
  const CommodityId power = b.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
  const CommodityId compute =
      b.add(Commodity{.name = "compute", .unit = "PFLOP/s", .grain = Grain::rate, .disposable = true});
  const auto constant = [&](double low, double high) { return b.constant(draw.real(low, high)); };

  std::vector<CommodityId> chain;
  const int links = draw.whole(1, 4);
  for (int i = 0; i < links; ++i)
    chain.push_back(b.add(Commodity{.name = "good" + std::to_string(i), .unit = "wafer"}));
  for (int i = 0; i < links; ++i) {
    const std::string name = "make" + std::to_string(i);
    const CapacityId line = b.add(Capacity{.name = name,
                                           .place = places[0],
                                           .existing = constant(5, 50),
                                           .buildable = draw.chance(0.5),
                                           .lead = draw.whole(0, 3),
                                           .module_size = draw.chance(0.3) ? 5.0 : 0.0,
                                           .build_max = b.constant(20),
                                           .capex = constant(10, 100)});
    Process process{.name = name,
                    .place = places[0],
                    .grain = Grain::amount,
                    .uses = {{line, b.constant(1)}},
                    .cost = constant(1, 5)};
    process.flows.push_back(
        {.commodity = chain[static_cast<std::size_t>(i)], .rate = constant(0.5, 2), .lag = draw.whole(0, 2)});
    if (i > 0)
      process.flows.push_back({.commodity = chain[static_cast<std::size_t>(i - 1)], .rate = constant(-2, -0.5)});
    b.add(std::move(process));
    if (draw.chance(0.7))
      b.add(Store{.name = name,
                  .commodity = chain[static_cast<std::size_t>(i)],
                  .place = places[0],
                  .loss = draw.chance(0.3) ? 0.1 : 0.0,
                  .initial = draw.real(0, 10),
                  .holding_cost = constant(0, 0.1)});
  }
  // Goods without an inventory have to go somewhere.
  for (const CommodityId good : chain) b.model().commodities[good.index()].disposable = true;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string at = "@" + std::to_string(i);
    const CapacityId machines =
        b.add(Capacity{.name = "machine" + at,
                       .place = places[i],
                       .lead = draw.whole(0, 2),
                       .module_size = draw.chance(0.3) ? 2.0 : 0.0,
                       .life = draw.chance(0.3) ? 4 : 0,
                       .capex = constant(10, 1000),
                       .salvage_life = 24,
                       .fixed_cost = constant(0, 3),
                       .availability = b.by_slice([&](int, int) { return draw.real(0.7, 1); }),
                       .build_flows = {{.commodity = chain.back(), .place = places[0], .amount = -1}}});
    b.add(Process{.name = "run" + at,
                  .place = places[i],
                  .flows = {{.commodity = power, .rate = constant(-1.4, -1)},
                            {.commodity = compute, .place = places[0], .rate = constant(1, 3)}},
                  .uses = {{machines, b.constant(1)}},
                  .useful = b.constant(1)});
    b.add(Process{.name = "grid" + at,
                  .place = places[i],
                  .flows = {{.commodity = power, .rate = b.constant(1)}},
                  .upper = constant(5, 50),
                  .cost = b.by_slice([&](int, int) { return draw.real(0.01, 0.2); }),
                  .peak_cost = draw.chance(0.5) ? constant(0, 5) : Series{}});
    if (draw.chance(0.5)) {
      b.add(Store{.name = "battery" + at,
                  .commodity = power,
                  .place = places[i],
                  .level_max = constant(1, 9),
                  .power_max = constant(1, 5),
                  .efficiency_in = 0.9,
                  .efficiency_out = 0.95,
                  .loss = 0.01});
    }
  }
  b.add(Demand{.name = "work",
               .commodity = compute,
               .place = anywhere(),
               .quantity = b.constant(demand_scale * draw.real(1, 40)),
               .unserved_cost = constant(0.5, 5)});
  Limit share{.name = "share", .unit = "USD", .scope = LimitScope::window, .upper = constant(1e3, 1e5)};
  for (std::size_t k = 0; k < b.model().capacities.size(); ++k)
    share.terms.push_back({.kind = TermKind::spend, .id = static_cast<int32_t>(k)});
  b.add(std::move(share));
  Diagnostics diagnostics;
  return std::move(std::move(b).finish(diagnostics).value());
}

class RandomNetwork : public testing::TestWithParam<uint32_t> {};

TEST_P(RandomNetwork, ClosesEveryBalanceAndKeepsEveryBound) {
  const Model model = random_model(GetParam());
  const auto plan = make_plan(model, {.mip_gap_max = 1e-6});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified);
  const Values residual = node_residual(model, *plan);
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const bool disposable = model.commodities[model.nodes[n].commodity.index()].disposable;
    for (int t = 0; t < model.period_count(); ++t) {
      for (int s = 0; s < residual.slices[n]; ++s) {
        EXPECT_GE(residual.at(n, t, s), -1e-5);
        EXPECT_TRUE(disposable || residual.at(n, t, s) <= 1e-5) << residual.at(n, t, s);
      }
    }
  }
}

TEST_P(RandomNetwork, CostsNoMoreWhereLessIsAsked) {
  const auto all = make_plan(random_model(GetParam()), {.mip_gap_max = 1e-6});
  const auto half = make_plan(random_model(GetParam(), 0.5), {.mip_gap_max = 1e-6});
  ASSERT_TRUE(all && half && all->has_point && half->has_point);
  EXPECT_LE(half->objective, all->objective + 1e-5 * (1 + std::abs(all->objective)));
}

TEST_P(RandomNetwork, GivesTheSameTablesForAnyNumberOfThreads) {
  const Model model = random_model(GetParam());
  std::string first;
  for (const int threads : {1, 2, 8}) {
    const auto plan = make_plan(model, {.mip_gap_max = 1e-6, .thread_count = threads});
    ASSERT_TRUE(plan);
    std::string all;
    for (const Table& table : plan_tables(model, *plan)) all += to_csv(table);
    if (first.empty()) first = all;
    EXPECT_EQ(all, first);
  }
}

TEST_P(RandomNetwork, DecidesModulesOnTheCoarseCalendarAlmostAsWell) {
  const Model model = random_model(GetParam());
  const auto whole = make_plan(model, {.mip_gap_max = 1e-6});
  const auto split = make_plan(model, {.mip_gap_max = 1e-6, .mip_column_max = 0});
  ASSERT_TRUE(whole && split);
  ASSERT_TRUE(split->has_point) << split->detail;
  EXPECT_TRUE(split->verified);
  // Its bound is a bound on the optimum, its plan no better than the optimum.
  EXPECT_LE(split->bound, whole->objective + 1e-5 * (1 + std::abs(whole->objective)));
  EXPECT_GE(split->objective, whole->objective - 1e-5 * (1 + std::abs(whole->objective)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetwork, testing::Range<uint32_t>(0, 25));

TEST(Formulation, KeepsColumnsSortedAndFinite) {
  for (uint32_t seed = 0; seed < 25; ++seed) {
    const lp::Problem p = formulate(random_model(seed)).problem;
    ASSERT_EQ(p.start.size(), p.column_count() + 1);
    for (std::size_t j = 0; j < p.column_count(); ++j) {
      for (int32_t i = p.start[j]; i < p.start[j + 1]; ++i) {
        ASSERT_TRUE(std::isfinite(p.value[static_cast<std::size_t>(i)]));
        ASSERT_LT(p.index[static_cast<std::size_t>(i)], static_cast<int32_t>(p.row_count()));
        ASSERT_TRUE(i == p.start[j] || p.index[static_cast<std::size_t>(i) - 1] < p.index[static_cast<std::size_t>(i)]);
      }
    }
  }
}

}  // namespace
}  // namespace beltline
