#include "plan/pegging.h"

#include <cmath>
#include <map>

#include "base/random.h"
#include "plan/test_network.h"
#include "plan/verify.h"

namespace beltline {
namespace {

/// Sums of pegs by one end.
std::map<PegEnd, double> sums(const std::vector<Peg>& pegs, PegEnd Peg::* end) {
  std::map<PegEnd, double> out;
  for (const Peg& peg : pegs) out[peg.*end] += peg.quantity;
  return out;
}

TEST(Pegging, OldestFirstThroughAStore) {
  TestNetwork network(Calendar::monthly({2030, 1}, 4, 1));
  // two makers: one in the first month only, one later at a price; a demand of 5 a month from the second on
  auto& b = network.builder;
  const ProcessId early = network.source("early", network.wafer, Grain::amount, 1, {}, {}, 1);
  b.model().processes[early.index()].upper = b.by_period(std::vector<double>{8, 0, 0, 0});
  const ProcessId late = network.source("late", network.wafer, Grain::amount, 10);
  b.add(Store{.name = "bank", .commodity = network.wafer, .place = network.here, .initial = 2});
  network.demand(network.wafer, b.by_period(std::vector<double>{0, 5, 5, 5}));
  const Plan plan = network.solve();
  const std::vector<Peg> pegs = peg(*network.model, plan);
  const PegIndex index(pegs);
  const auto demand = [](int t) { return PegEnd{PegKind::demand, 0, t}; };
  const PegEnd opening{PegKind::opening, 0, -1};
  const PegEnd lot{PegKind::lot, static_cast<int32_t>(early.index()), 0};
  // February: what lay there, then the lot of January; March: the rest of it; April: 5 made then
  ASSERT_EQ(index.into(demand(1)).size(), 2U);
  EXPECT_EQ(index.into(demand(1))[0]->from, opening);
  EXPECT_NEAR(index.into(demand(1))[0]->quantity, 2, 1e-9);
  EXPECT_EQ(index.into(demand(1))[1]->from, lot);
  EXPECT_EQ(index.into(demand(1))[1]->arrived, 1);
  EXPECT_NEAR(index.into(demand(2))[0]->quantity, 5, 1e-9);
  ASSERT_EQ(index.into(demand(3)).size(), 1U);
  EXPECT_EQ(index.into(demand(3))[0]->from.id, static_cast<int32_t>(late.index()));
  EXPECT_EQ(index.out_of(lot).size(), 2U);
}

/// A chain of stages with lags, stores that lose and goods that may be thrown away, run by chance: every unit that
/// comes to a node goes somewhere, once.
TEST(Pegging, EveryUnitOnce) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    uint32_t draws = 0;
    const auto draw = [&] { return uniform01({.seed = seed, .period = draws++}); };
    TestNetwork network(Calendar::monthly({2030, 1}, 12, 1));
    auto& b = network.builder;
    const CommodityId die = b.add(Commodity{.name = "die", .unit = "die", .grain = Grain::amount});
    const CommodityId rack =
        b.add(Commodity{.name = "rack", .unit = "rack", .grain = Grain::amount, .disposable = true});
    network.source("fab", network.wafer, Grain::amount, 1);
    b.add(Process{.name = "cut",
                  .place = network.here,
                  .grain = Grain::amount,
                  .flows = {{.commodity = network.wafer, .place = network.here, .rate = b.constant(-1)},
                            {.commodity = die, .place = network.here, .rate = b.constant(50), .lag = 2}},
                  .upper = b.constant(3 + 4 * draw())});
    b.add(Process{.name = "build",
                  .place = network.here,
                  .grain = Grain::amount,
                  .flows = {{.commodity = die, .place = network.here, .rate = b.constant(-20)},
                            {.commodity = rack, .place = network.here, .rate = b.constant(1), .lag = 1}}});
    b.add(Store{.name = "dies",
                .commodity = die,
                .place = network.here,
                .loss = 0.02,
                .initial = 30,
                .holding_cost = b.constant(0.01)});
    b.add(Store{.name = "racks", .commodity = rack, .place = network.here, .holding_cost = b.constant(0.5)});
    std::vector<double> asked;
    for (int t = 0; t < 12; ++t) asked.push_back(std::floor(12 * draw()));
    network.demand(rack, b.by_period(asked), 1000);
    const Plan plan = network.solve();
    const Model& m = *network.model;
    const std::vector<Peg> pegs = peg(m, plan);
    const auto to = sums(pegs, &Peg::to);
    const auto from = sums(pegs, &Peg::from);
    for (const Peg& peg : pegs) {
      EXPECT_GT(peg.quantity, 0);
      EXPECT_LE(peg.arrived, peg.taken);
      EXPECT_NE(peg.from.kind, PegKind::unknown);
    }
    for (int t = 0; t < 12; ++t) {
      const double served = asked[static_cast<std::size_t>(t)] - plan.unserved.at(0, t);
      const auto demand = to.find({PegKind::demand, 0, t});
      EXPECT_NEAR(demand == to.end() ? 0 : demand->second, served, 1e-6);
      // each lot: all that it takes in, and all that it puts out
      for (const int32_t p : {1, 2}) {
        const double activity = plan.activity.at(static_cast<std::size_t>(p), t);
        const PegEnd lot{PegKind::lot, p, t};
        const double took = p == 1 ? 1 : 20;
        const double gave = p == 1 ? 50 : 1;
        EXPECT_NEAR(to.contains(lot) ? to.at(lot) : 0, took * activity, 1e-6 * (1 + took * activity));
        EXPECT_NEAR(from.contains(lot) ? from.at(lot) : 0, gave * activity, 1e-6 * (1 + gave * activity));
      }
    }
  }
}

}  // namespace
}  // namespace beltline
