// Goods that the plan has no store for: what comes too early, or beside something late, waits.
#include <gtest/gtest.h>

#include "risk/play_test_support.h"

namespace beltline {
namespace {

TEST(PlayGoods, WhatIsDeliveredWaitsWithoutAStore) {
  Chain chain(12);
  const auto part = [&](const std::string& name) { return chain.builder().add(Commodity{.name = name, .unit = "1"}); };
  const CommodityId a = part("a"), b = part("b");
  const Distribution months{.spread = Spread::uniform, .low = -2, .mode = 0, .high = 2};
  for (const auto& [name, good] : {std::pair("buy_a", a), std::pair("buy_b", b)}) {
    const int buy = chain.process(name, {}, good, 3, {{0, 1}});
    chain.influence(chain.source(name, months), ChanceTarget::process, buy, Aspect::delay);
  }
  const int hall = chain.capacity("hall", 0, {{3, 1}}, {{0, {a}}, {0, {b}}});
  chain.milestone("hall", TermKind::online, hall, 1, 3);
  chain.finish();
  const Play play = chain.play();
  RiskOptions options;
  options.replications = 4096;
  const Odds odds = play_many(play, make_observation(play), options);
  const std::vector<double> shares = shares_of(odds.milestones[0]);
  // each is there in the month in which it is planned with one half, a month later with three quarters
  EXPECT_NEAR(shares[3], 0.25, 0.03);
  EXPECT_NEAR(shares[4], 0.5625 - 0.25, 0.03);
  EXPECT_EQ(shares.back(), 0) << "nothing that was delivered is gone";
}

}  // namespace
}  // namespace beltline
