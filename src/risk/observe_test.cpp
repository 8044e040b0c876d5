// What a play is asked for: one line for one promise.
#include "risk/observe.h"

#include <gtest/gtest.h>

#include "risk/play_test_support.h"

namespace beltline {
namespace {

/// A hall of 41 MW in November, promised as a commitment; `milestones` as (name, quantity, period).
Observation observed(const std::vector<std::tuple<std::string, double, int>>& milestones) {
  Chain chain(24);
  const int hall = chain.capacity("hall", 2, {{8, 41}});
  chain.builder().add(Commitment{.name = "ulsan",
                                 .title = "AI data centre Ulsan",
                                 .unit = "1",
                                 .first = 10,
                                 .quantity = chain.builder().constant(41),
                                 .terms = {{.kind = TermKind::online, .id = hall}}});
  for (const auto& [name, quantity, period] : milestones) {
    chain.milestone(name, TermKind::online, hall, quantity, period);
  }
  chain.finish();
  const Play play = chain.play();
  return make_observation(play);
}

std::vector<std::string> names_of(const Observation& observation) {
  std::vector<std::string> out;
  for (const PlayMilestone& each : observation.milestones) out.push_back(each.milestone.name);
  return out;
}

TEST(Observe, APromiseThatAMilestoneRepeatsIsOneLine) {
  const Observation once = observed({{"ulsan_41", 41, 10}});
  EXPECT_EQ(names_of(once), (std::vector<std::string>{"ulsan"}));
  EXPECT_EQ(once.milestones[0].milestone.commitment, 0);
  EXPECT_EQ(once.milestones[0].milestone.titles.title, "AI data centre Ulsan");
  EXPECT_EQ(once.milestones[0].milestone.quantity, 41);
}

TEST(Observe, APromiseOfAnotherAmountOrDateKeepsItsOwnLine) {
  EXPECT_EQ(names_of(observed({{"less", 40, 10}})), (std::vector<std::string>{"less", "ulsan"}));
  EXPECT_EQ(names_of(observed({{"later", 41, 11}})), (std::vector<std::string>{"later", "ulsan"}));
}

TEST(Observe, PromisesOfTheSameThingAreAddedUpOnce) {
  const Observation several = observed({{"less", 40, 10}, {"later", 41, 11}});
  ASSERT_EQ(several.milestones.size(), 3U);
  for (const PlayMilestone& each : several.milestones) EXPECT_EQ(each.series, several.milestones[0].series);
}

}  // namespace
}  // namespace beltline
