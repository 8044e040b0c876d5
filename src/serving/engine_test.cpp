// The engine on cases that can be done by hand; brute_force_test.cpp has the many.
#include "serving/engine.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serving/engine_test_support.h"

namespace beltline::serving {
namespace {

/// 100 a step, 10 a token of a prompt, 1 a sequence that decodes; contexts cost nothing.
struct PlainCost : PieceCost {
  PlainCost() {
    a_decode = 1;
    slope = bend = 0;
  }
  [[nodiscard]] perf::DecodeLine decode_line(int32_t decodes, int64_t /*context*/) const override {
    return {base + a_decode * decodes, 0, int64_t{1} << 50};
  }
};

const PlainCost kPlain;

EngineRules plain_rules() {
  EngineRules rules;
  rules.sequences_max = 4;
  rules.step_tokens_max = 20;
  rules.blocks_max = 1000;
  rules.block_tokens = 4;
  rules.prefix_unit_tokens = 4;
  return rules;
}

std::map<uint64_t, Completion> by_id(const Cluster& cluster) {
  std::map<uint64_t, Completion> found;
  for (const Completion& it : cluster.completions()) found[it.id] = it;
  return found;
}

TEST(Engine, ComputesAPromptInPieces) {
  Cluster cluster({.records_steps = true});
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules()});
  cluster.submit({.id = 1, .arrival = 1000, .prompt_tokens = 50, .output_tokens = 3});
  cluster.finish();
  // 20, 20 and 10 tokens of the prompt, then two decodes
  const Completion it = by_id(cluster)[1];
  EXPECT_EQ(it.scheduled, 1000);
  EXPECT_EQ(it.first_token, 1000 + 300 + 300 + 200);
  EXPECT_EQ(it.finish, it.first_token + 2 * 101);
  EXPECT_EQ(token_times(cluster, 1), (std::vector<Picoseconds>{1800, 1901, 2002}));
  EXPECT_EQ(cluster.totals(0).steps, 5);
  EXPECT_EQ(cluster.totals(0).busy, 1002);
  EXPECT_EQ(cluster.totals(0).prompt_tokens, 50);
  EXPECT_EQ(cluster.totals(0).output_tokens, 3);
}

TEST(Engine, DecodesBesidePieces) {
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules()});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 5});
  cluster.submit({.id = 2, .arrival = 50, .prompt_tokens = 25, .output_tokens = 1});
  cluster.finish();
  // 200; then 19 tokens beside one decode: 100 + 190 + 1; then the last 6
  EXPECT_EQ(by_id(cluster)[1].first_token, 200);
  EXPECT_EQ(by_id(cluster)[2].first_token, 200 + 291 + 161);
  EXPECT_EQ(by_id(cluster)[1].finish, 200 + 291 + 161 + 2 * 101);
}

TEST(Engine, SeesArrivalsAStepLaterWhereItSchedulesAhead) {
  EngineRules rules = plain_rules();
  rules.schedules_ahead = true;
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 9});
  cluster.submit({.id = 2, .arrival = 250, .prompt_tokens = 10, .output_tokens = 1});
  cluster.finish();
  // steps end at 200, 301, 402; what arrives at 250 is in the step that begins at 402
  EXPECT_EQ(by_id(cluster)[2].scheduled, 402);
}

TEST(Engine, PreemptsTheLatestAndFindsItsBlocksAgain) {
  EngineRules rules = plain_rules();
  rules.blocks_max = 5;  // 20 tokens
  Cluster cluster({});
  for (const bool caches : {false, true}) {
    rules.caches_prefixes = caches;
    cluster = Cluster({});
    cluster.add_replica({.cost = &kPlain, .rules = rules});
    cluster.submit({.id = 1, .prompt_tokens = 8, .output_tokens = 9});
    cluster.submit({.id = 2, .prompt_tokens = 8, .output_tokens = 6});
    cluster.finish();
    cluster.check_conservation();
    EXPECT_EQ(by_id(cluster)[1].preemptions, 0);
    EXPECT_EQ(by_id(cluster)[2].preemptions, 1);
    // of the 9 tokens that it had, two blocks are computed again unless they are found
    EXPECT_EQ(cluster.totals(0).prompt_tokens, 16 + (caches ? 9 - 4 : 9)) << caches;
  }
}

TEST(Engine, FindsPrefixes) {
  EngineRules rules = plain_rules();
  rules.caches_prefixes = true;
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  const std::vector<uint64_t> one = {11, 12, 13}, other = {11, 12, 99};
  cluster.submit({.id = 1, .prompt_tokens = 13, .output_tokens = 1, .prefix = one});
  cluster.submit({.id = 2, .arrival = 9000, .prompt_tokens = 12, .output_tokens = 1, .prefix = other});
  // all of it is known, but the last token has to be computed
  cluster.submit({.id = 3, .arrival = 18'000, .prompt_tokens = 12, .output_tokens = 1, .prefix = one});
  EXPECT_EQ(cluster.cached_tokens(one), 12);
  cluster.finish();
  EXPECT_EQ(by_id(cluster)[2].cached_tokens, 8);
  EXPECT_EQ(by_id(cluster)[2].finish, 9000 + 100 + 4 * 10);
  EXPECT_EQ(by_id(cluster)[3].cached_tokens, 8);
  EXPECT_EQ(cluster.totals(0).cached_tokens, 16);
}

TEST(Engine, ForgetsTheLeastRecentlyUsedPrefix) {
  EngineRules rules = plain_rules();
  rules.caches_prefixes = true;
  rules.blocks_max = 6;
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  const std::vector<uint64_t> first = {1, 2}, second = {3, 4}, third = {5, 6};
  uint64_t id = 0;
  for (const auto& prefix : {first, second, first, third}) {
    cluster.submit({.id = id,
                    .arrival = static_cast<Picoseconds>(id) * 9000,
                    .prompt_tokens = 9,
                    .output_tokens = 1,
                    .prefix = prefix});
    ++id;
  }
  cluster.finish();
  EXPECT_EQ(cluster.cached_tokens(first), 8);
  EXPECT_EQ(cluster.cached_tokens(third), 8);
  EXPECT_LT(cluster.cached_tokens(second), 8);
}

TEST(Engine, DraftsTokens) {
  EngineRules rules = plain_rules();
  rules.speculation = {.tokens = 3, .acceptance = 1, .draft = 7};
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 9});
  cluster.finish();
  // the prompt gives one, two steps of four positions give four each
  EXPECT_EQ(by_id(cluster)[1].finish, 200 + 2 * (100 + 4 + 7));
}

TEST(Engine, AcceptsDraftsAsOftenAsTold) {
  EngineRules rules = plain_rules();
  rules.speculation = {.tokens = 3, .acceptance = 0.6};
  rules.blocks_max = 100'000;
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  cluster.submit({.id = 1, .prompt_tokens = 1, .output_tokens = 100'001});
  cluster.finish();
  // (1 − a^4) / (1 − a) tokens a step
  const double steps = static_cast<double>(cluster.totals(0).steps - 1);
  EXPECT_NEAR(100'000 / steps, (1 - 0.6 * 0.6 * 0.6 * 0.6) / 0.4, 0.02);
}

TEST(Engine, SplitsPrefillFromDecode) {
  Cluster cluster({.link = {.bytes_per_s = 1e12, .latency = 5, .bytes_per_token = 3}});
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules(), .role = ReplicaRole::prefill});
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules(), .role = ReplicaRole::decode});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 4});
  cluster.submit({.id = 2, .prompt_tokens = 10, .output_tokens = 1});
  cluster.finish();
  cluster.check_conservation();
  const auto found = by_id(cluster);
  // both prompts in one step of 300; ten tokens of 3 bytes take 30 and 5 more; three decodes
  EXPECT_EQ(found.at(1).first_token, 300);
  EXPECT_EQ(found.at(1).finish, 300 + 35 + 3 * 101);
  EXPECT_EQ(found.at(1).replica, 1);
  EXPECT_EQ(found.at(2).replica, 0);
}

TEST(Engine, KeepsBlocksBackWhereNobodyCanDecode) {
  EngineRules small = plain_rules();
  small.sequences_max = 1;
  Cluster cluster({.link = {.bytes_per_s = 1e12}});
  EngineRules rules = plain_rules();
  rules.blocks_max = 5;  // one prompt of ten tokens, and no second
  cluster.add_replica({.cost = &kPlain, .rules = rules, .role = ReplicaRole::prefill});
  cluster.add_replica({.cost = &kPlain, .rules = small, .role = ReplicaRole::decode});
  for (uint64_t id = 1; id <= 3; ++id) cluster.submit({.id = id, .prompt_tokens = 10, .output_tokens = 11});
  cluster.finish();
  const auto found = by_id(cluster);
  EXPECT_EQ(found.at(1).finish, 200 + 10 * 101);
  // the second is prefilled at once, the third when the second has left
  EXPECT_EQ(found.at(2).first_token, 400);
  EXPECT_EQ(found.at(3).scheduled, found.at(1).finish);
}

TEST(Engine, LosesAStepWithItsReplica) {
  for (const Casualties casualties : {Casualties::requeue, Casualties::lose}) {
    Cluster cluster({});
    cluster.add_replica({.cost = &kPlain, .rules = plain_rules()});
    cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 5});
    // tokens at 200, 301 and 402 are sampled; the step that would end at 503 is lost
    cluster.fail(0, 500, 1000, casualties);
    cluster.finish();
    const Completion it = by_id(cluster)[1];
    if (casualties == Casualties::lose) {
      EXPECT_EQ(it.ending, Ending::lost);
      EXPECT_EQ(it.generated, 3);
      EXPECT_EQ(it.finish, 500);
    } else {
      // thirteen tokens are computed at once, which samples the fourth
      EXPECT_EQ(it.finish, 1000 + 100 + 130 + 101);
      EXPECT_EQ(it.restarts, 1);
      EXPECT_EQ(it.first_token, 200);
    }
  }
}

TEST(Engine, SlowsAndPauses) {
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules()});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 5});
  cluster.slow(0, 250, 2);  // from the step that begins at 301 on
  cluster.pause(0, 510);    // after the step that ends at 705
  cluster.resume(0, 2000);
  cluster.finish();
  EXPECT_EQ(by_id(cluster)[1].finish, 2000 + 202);
  EXPECT_EQ(cluster.totals(0).busy, 200 + 101 + 3 * 202);
}

TEST(Engine, EndsRequestsForMoreThanOneReason) {
  EngineRules rules = plain_rules();
  rules.sequences_max = 1;
  rules.requests_max = 3;
  rules.blocks_max = 25;
  Cluster cluster({});
  cluster.add_replica({.cost = &kPlain, .rules = rules});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 50, .timeout = 450});
  cluster.submit({.id = 2, .prompt_tokens = 10, .output_tokens = 2, .patience = 300});
  cluster.submit({.id = 3, .prompt_tokens = 10, .output_tokens = 2});
  cluster.submit({.id = 4, .prompt_tokens = 10, .output_tokens = 2});
  EXPECT_EQ(cluster.load().requests, 3);
  EXPECT_TRUE(cluster.cancel(3, 320));
  EXPECT_FALSE(cluster.cancel(3, 320));
  cluster.submit({.id = 5, .arrival = 330, .prompt_tokens = 90, .output_tokens = 12});
  cluster.finish();
  cluster.check_conservation();
  const auto found = by_id(cluster);
  EXPECT_EQ(found.at(1).ending, Ending::timed_out);
  EXPECT_EQ(found.at(1).generated, 3);
  EXPECT_EQ(found.at(2).ending, Ending::gave_up);
  EXPECT_EQ(found.at(2).finish, 300);
  EXPECT_EQ(found.at(3).ending, Ending::cancelled);
  EXPECT_EQ(found.at(4).ending, Ending::refused);
  EXPECT_EQ(found.at(5).ending, Ending::too_long);
}

TEST(Engine, KeepsSessionsTogetherUntilOneIsTooMuch) {
  Cluster cluster({.routing = Routing::affinity});
  EngineRules rules = plain_rules();
  for (int replica = 0; replica < 8; ++replica) cluster.add_replica({.cost = &kPlain, .rules = rules});
  uint64_t id = 0;
  for (int turn = 0; turn < 5; ++turn) {
    for (uint64_t session = 1; session <= 20; ++session) {
      cluster.submit({.id = ++id, .arrival = turn * 1'000'000, .session = session});
    }
  }
  cluster.finish();
  std::map<uint64_t, std::vector<int32_t>> replicas;
  for (const auto& [number, it] : by_id(cluster)) replicas[(number - 1) % 20].push_back(it.replica);
  std::map<int32_t, int> used;
  for (const auto& [session, list] : replicas) {
    EXPECT_THAT(list, testing::Each(list.front()));
    ++used[list.front()];
  }
  EXPECT_GT(used.size(), 4);
  // one session alone does not drown its replica
  cluster.clear_completions();
  for (uint64_t burst = 0; burst < 200; ++burst) cluster.submit({.id = ++id, .arrival = cluster.now(), .session = 7});
  cluster.finish();
  used.clear();
  for (const Completion& it : cluster.completions()) ++used[it.replica];
  EXPECT_EQ(used.size(), 8);
}

TEST(Engine, HoldsRequestsUntilAReplicaIsReady) {
  Cluster cluster({});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 1});
  EXPECT_EQ(cluster.load().waiting, 1);
  cluster.add_replica({.cost = &kPlain, .rules = plain_rules()}, 50, 700);
  EXPECT_EQ(cluster.load().replicas, 0);
  cluster.finish();
  EXPECT_EQ(by_id(cluster)[1].finish, 700 + 200);
  cluster.drain(0, 1000);
  cluster.submit({.id = 2, .arrival = 1100});
  cluster.finish();
  EXPECT_EQ(cluster.completions().size(), 1);
  cluster.accept(0, 5000);
  cluster.finish();
  EXPECT_EQ(by_id(cluster)[2].scheduled, 5000);
}

TEST(Engine, AddsUpEnergyAndTheTimePresent) {
  const PieceCost cost;
  Cluster cluster({.counts_energy = true});
  cluster.add_replica({.cost = &cost, .rules = plain_rules()});
  cluster.submit({.id = 1, .prompt_tokens = 10, .output_tokens = 4});
  cluster.finish();
  // 10 + 10 for the prompt; 10 + 2 + half the context of 10, 11 and 12 for each decode
  EXPECT_NEAR(cluster.totals(0).energy_J, 20 + 3 * 12 + 0.5 * (10 + 11 + 12), 1e-9);
  EXPECT_NEAR(cluster.totals(0).present_s * kSecond, static_cast<double>(by_id(cluster)[1].finish), 1e-3);
}

TEST(Engine, KeepsTimeForMonths) {
  // steps of ten seconds, and an answer that takes four days of them, late in the longest trace
  PlainCost slow;
  slow.base = 10 * kSecond;
  EngineRules rules = plain_rules();
  rules.blocks_max = 100'000;
  Cluster cluster({});
  cluster.add_replica({.cost = &slow, .rules = rules});
  const Picoseconds arrival = 100 * Picoseconds{86'400} * kSecond;
  cluster.submit({.id = 1, .arrival = arrival, .prompt_tokens = 1, .output_tokens = 34'561});
  cluster.finish();
  EXPECT_EQ(by_id(cluster)[1].finish, arrival + slow.base + 10 + 34'560 * (slow.base + 1));
}

TEST(Engine, TellsWhatContradictsItself) {
  const auto fault = [](auto change) {
    ReplicaPlan plan = {.cost = &kPlain, .rules = plain_rules()};
    change(plan);
    return fault_of(plan);
  };
  EXPECT_EQ(fault([](ReplicaPlan&) {}), "");
  EXPECT_THAT(fault([](ReplicaPlan& it) { it.cost = nullptr; }), testing::HasSubstr("not known"));
  EXPECT_THAT(fault([](ReplicaPlan& it) { it.rules.sequences_max = 0; }), testing::HasSubstr("below 1"));
  EXPECT_THAT(fault([](ReplicaPlan& it) { it.rules.step_tokens_max = 3; }), testing::HasSubstr("below the 4 tokens"));
  EXPECT_THAT(fault([](ReplicaPlan& it) { it.rules.speculation = {1, 1.5, 0}; }), testing::HasSubstr("accepted"));
  EXPECT_THAT(fault([](ReplicaPlan& it) { it.rules.block_tokens = 0; }), testing::HasSubstr("block_tokens"));
  EXPECT_THAT(fault([](ReplicaPlan& it) {
                it.rules.caches_prefixes = true;
                it.rules.prefix_unit_tokens = 6;
              }),
              testing::HasSubstr("not a multiple"));
  PlainCost tiny;
  tiny.kv_tokens = 3;
  EXPECT_THAT(fault([&](ReplicaPlan& it) {
                it.cost = &tiny;
                it.rules.blocks_max = 0;
              }),
              testing::HasSubstr("less than a block"));
}

}  // namespace
}  // namespace beltline::serving
