#include "stock/guaranteed_service.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::stock {
namespace {

double deviation_of(const ServiceNetwork& network, std::size_t k) {
  double squares = std::pow(network.stages[k].deviation, 2);
  for (const ServiceArc& arc : network.arcs)
    if (arc.supplier == k) squares += std::pow(deviation_of(network, arc.customer), 2);
  return std::sqrt(squares);
}

/// Every combination of promises; the inbound time is then the longest of the suppliers'.
double by_every_promise(const ServiceNetwork& network, int promise_max) {
  const std::size_t count = network.stages.size();
  std::vector<int> promise(count, 0);
  double best = std::numeric_limits<double>::infinity();
  const std::function<void(std::size_t)> choose = [&](std::size_t k) {
    if (k < count) {
      const int most = std::min(promise_max, network.stages[k].promise_max.value_or(promise_max));
      for (promise[k] = 0; promise[k] <= most; ++promise[k]) choose(k + 1);
      promise[k] = 0;
      return;
    }
    double cost = 0;
    for (std::size_t i = 0; i < count; ++i) {
      int inbound = network.stages[i].inbound;
      for (const ServiceArc& arc : network.arcs)
        if (arc.customer == i) inbound = std::max(inbound, promise[arc.supplier]);
      const int net = inbound + network.stages[i].time - promise[i];
      if (net < 0) return;
      cost += network.stages[i].holding * network.factor * deviation_of(network, i) * std::sqrt(net);
    }
    best = std::min(best, cost);
  };
  choose(0);
  return best;
}

TEST(GuaranteedService, SnyderAndShen) {
  // Snyder & Shen 2019, example 6.5: times 2, 1, 1, 1; stage 3 feeds 2 and 4, stage 1 feeds 3; holding 1, 3, 2, 3:
  // S = (0, 0, 0, 1), cost 8.277
  const ServiceNetwork network{.stages = {{.time = 2, .holding = 1, .inbound = 1},
                                          {.time = 1, .holding = 3, .deviation = 1, .promise_max = 0},
                                          {.time = 1, .holding = 2},
                                          {.time = 1, .holding = 3, .deviation = 1, .promise_max = 1}},
                               .arcs = {{0, 2}, {2, 1}, {2, 3}}};
  const ServicePlan out = guaranteed_service(network);
  EXPECT_EQ(out.promise, (std::vector<int>{0, 0, 0, 1}));
  EXPECT_NEAR(out.cost, 8.277, 0.0015);
  EXPECT_NEAR(out.cost, by_every_promise(network, 4), 1e-9);
}

TEST(GuaranteedService, SerialIsAllOrNothing) {
  // Simpson 1958: each stage promises 0 or all of its time
  const ServiceNetwork network{.stages = {{.time = 6, .holding = 1},
                                          {.time = 2, .holding = 1.5},
                                          {.time = 3, .holding = 4},
                                          {.time = 1, .holding = 9, .deviation = 10, .promise_max = 0}},
                               .arcs = {{0, 1}, {1, 2}, {2, 3}},
                               .factor = 1.645};
  const ServicePlan out = guaranteed_service(network);
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_TRUE(out.promise[k] == 0 || out.promise[k] == out.inbound[k] + network.stages[k].time) << k;
  EXPECT_NEAR(out.cost, by_every_promise(network, 12), 1e-9);
}

TEST(GuaranteedService, RandomTreesAgainstEveryPromise) {
  uint32_t draws = 0;
  const auto draw = [&](int below) { return static_cast<int>(below * uniform01({.seed = 9, .period = draws++})); };
  for (int instance = 0; instance < 40; ++instance) {
    ServiceNetwork network;
    for (std::size_t k = 0; k < 5; ++k) {
      network.stages.push_back({.time = draw(3), .holding = 1.0 + draw(9), .inbound = draw(2)});
      if (k == 0) continue;
      const auto other = static_cast<std::size_t>(draw(static_cast<int>(k)));
      network.arcs.push_back(draw(2) == 0 ? ServiceArc{other, k} : ServiceArc{k, other});
    }
    for (std::size_t k = 0; k < 5; ++k) {
      bool sells = true;
      for (const ServiceArc& arc : network.arcs) sells &= arc.supplier != k;
      if (!sells) continue;
      network.stages[k].deviation = 1 + draw(5);
      network.stages[k].promise_max = draw(3);
    }
    EXPECT_NEAR(guaranteed_service(network).cost, by_every_promise(network, 7), 1e-9) << instance;
  }
}

TEST(GuaranteedService, SeparateTrees) {
  const ServiceNetwork network{.stages = {{.time = 4, .holding = 1, .deviation = 1, .promise_max = 0},
                                          {.time = 9, .holding = 2, .deviation = 1, .promise_max = 0}}};
  EXPECT_NEAR(guaranteed_service(network).cost, 2 + 6, 1e-12);
}

}  // namespace
}  // namespace beltline::stock
