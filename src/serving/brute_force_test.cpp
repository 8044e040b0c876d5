// The engine against a stepper that plays one event a step and notes one time a token: 1,000 random small cases of all
// mechanisms together, equal to the picosecond.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "perf/catalogue.h"
#include "perf/replica_cost.h"
#include "serving/brute_force_test_support.h"
#include "serving/engine.h"
#include "serving/engine_test_support.h"

namespace beltline::serving {
namespace {

struct Case {
  ClusterRules rules;
  std::vector<ReplicaPlan> plans;
  std::vector<Picoseconds> ready;
  std::vector<Request> requests;
  std::vector<std::vector<uint64_t>> prefixes;
  /// Something done to the cluster from outside.
  struct Deed {
    Picoseconds at = 0;
    int kind = 0;
    int32_t replica = 0;
    Picoseconds until = 0;
    double factor = 1;
    uint64_t id = 0;
  };
  std::vector<Deed> deeds;
};

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  int64_t of(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return of(1, 100) <= percent; }

 private:
  std::mt19937_64 random_;
};

EngineRules random_rules(Dice& dice) {
  EngineRules rules;
  rules.sequences_max = static_cast<int32_t>(dice.of(1, 6));
  rules.step_tokens_max = static_cast<int32_t>(dice.of(rules.sequences_max, 40));
  rules.chunk_max = dice.chance(25) ? static_cast<int32_t>(dice.of(1, 12)) : 0;
  rules.chunks_prompts = dice.chance(85);
  rules.reserves_prompts = dice.chance(60);
  rules.is_static = dice.chance(10);
  rules.by_priority = dice.chance(35);
  rules.schedules_ahead = dice.chance(40);
  rules.block_tokens = static_cast<int32_t>(dice.of(1, 5));
  rules.blocks_max = dice.chance(60) ? dice.of(8, 60) : dice.of(60, 400);
  rules.caches_prefixes = dice.chance(40);
  rules.prefix_unit_tokens = rules.block_tokens * static_cast<int32_t>(dice.of(1, 3));
  rules.requests_max = dice.chance(10) ? static_cast<int32_t>(dice.of(1, 8)) : 0;
  if (dice.chance(25)) {
    rules.speculation = {.tokens = static_cast<int32_t>(dice.of(1, 3)), .acceptance = 0.7, .draft = dice.of(0, 9)};
    rules.step_tokens_max = std::max(rules.step_tokens_max, rules.sequences_max * (1 + rules.speculation.tokens));
  }
  return rules;
}

void add_requests(Dice& dice, int32_t unit_tokens, Case& made) {
  const int64_t count = dice.of(1, 24), gap = dice.of(0, 80) * 10;
  Picoseconds time = 0;
  for (int64_t at = 0; at < count; ++at) {
    time += dice.chance(30) ? 0 : dice.of(0, gap) / 10 * 10;
    Request request = {.id = static_cast<uint64_t>(at) + 1,
                       .arrival = time,
                       .prompt_tokens = static_cast<int32_t>(dice.of(1, dice.chance(20) ? 60 : 20)),
                       .output_tokens = static_cast<int32_t>(dice.of(1, dice.chance(30) ? 60 : 12)),
                       .priority = static_cast<int32_t>(dice.of(0, 2))};
    if (dice.chance(10)) request.patience = dice.of(0, 300) * 10;
    if (dice.chance(10)) request.timeout = dice.of(1, 600) * 10;
    std::vector<uint64_t> prefix;
    const int64_t family = dice.of(0, 2), common = dice.of(0, 8);
    for (int64_t unit = 0; (unit + 1) * unit_tokens <= request.prompt_tokens; ++unit) {
      const bool is_common = unit < common;
      prefix.push_back(static_cast<uint64_t>(is_common ? 1000 * family + unit : 100000 * (at + 1) + unit) + 7);
    }
    made.prefixes.push_back(prefix);
    made.requests.push_back(request);
  }
  for (std::size_t at = 0; at < made.requests.size(); ++at) made.requests[at].prefix = made.prefixes[at];
}

void add_deeds(Dice& dice, Case& made) {
  const Picoseconds span = made.requests.back().arrival + 3000;
  for (int64_t left = dice.chance(60) ? dice.of(1, 6) : 0; left > 0; --left) {
    made.deeds.push_back({.at = dice.of(0, span / 10) * 10,
                          .kind = static_cast<int>(dice.of(0, 6)),
                          .replica = static_cast<int32_t>(dice.of(0, std::ssize(made.plans) - 1)),
                          .until = dice.of(0, 200) * 10,
                          .factor = static_cast<double>(dice.of(5, 40)) / 10,
                          .id = static_cast<uint64_t>(dice.of(1, std::ssize(made.requests)))});
  }
  std::ranges::stable_sort(made.deeds, {}, &Case::Deed::at);
}

/// Times of arrivals and deeds are multiples of 10, `scale` times as long.
Case random_case(uint64_t seed, const perf::StepCost& cost, Picoseconds scale) {
  Dice dice(seed);
  Case made;
  const Routing routings[] = {Routing::round_robin, Routing::least_requests, Routing::least_tokens,
                              Routing::two_choices, Routing::central};
  made.rules.routing = routings[dice.of(0, 4)];
  made.rules.seed = seed;
  made.rules.records_steps = true;
  made.rules.counts_energy = true;
  const EngineRules rules = random_rules(dice);
  const bool splits = dice.chance(30);
  const int64_t count = dice.of(splits ? 2 : 1, 3);
  for (int64_t at = 0; at < count; ++at) {
    const ReplicaRole role = !splits ? ReplicaRole::whole : at == 0 ? ReplicaRole::prefill : ReplicaRole::decode;
    made.plans.push_back({.cost = &cost, .rules = rules, .role = role});
    made.ready.push_back(dice.chance(15) ? dice.of(0, 100) * 10 : 0);
  }
  made.rules.link = {
      .bytes_per_s = 1e12, .latency = dice.of(0, 20), .bytes_per_token = static_cast<double>(dice.of(0, 9))};
  add_requests(dice, rules.prefix_unit_tokens, made);
  add_deeds(dice, made);
  for (Picoseconds& ready : made.ready) ready *= scale;
  for (Request& request : made.requests) {
    request.arrival *= scale;
    if (request.patience != kNever) request.patience *= scale;
    if (request.timeout != kNever) request.timeout *= scale;
  }
  for (Case::Deed& deed : made.deeds) {
    deed.at *= scale;
    deed.until *= scale;
  }
  return made;
}

/// Does what the case says to either of both, in the order of time.
template <class Submit, class Deed>
void play(const Case& it, const Submit& submit, const Deed& deed) {
  std::size_t next = 0;
  for (const Request& request : it.requests) {
    for (; next < it.deeds.size() && it.deeds[next].at <= request.arrival; ++next) deed(it.deeds[next]);
    submit(request);
  }
  for (; next < it.deeds.size(); ++next) deed(it.deeds[next]);
}

void play_engine(const Case& it, Cluster& cluster) {
  for (std::size_t at = 0; at < it.plans.size(); ++at) cluster.add_replica(it.plans[at], 0, it.ready[at]);
  play(
      it, [&](const Request& request) { cluster.submit(request); },
      [&](const Case::Deed& deed) {
        const Casualties casualties = deed.factor < 3 ? Casualties::requeue : Casualties::lose;
        switch (deed.kind) {
          case 0: cluster.fail(deed.replica, deed.at, deed.at + deed.until, casualties); break;
          case 1: cluster.slow(deed.replica, deed.at, deed.factor); break;
          case 2: cluster.pause(deed.replica, deed.at); break;
          case 3: cluster.resume(deed.replica, deed.at); break;
          case 4: cluster.cancel(deed.id, deed.at); break;
          case 5: cluster.drain(deed.replica, deed.at); break;
          default: cluster.accept(deed.replica, deed.at);
        }
        cluster.check_conservation();
      });
  for (int32_t at = 0; at < std::ssize(it.plans); ++at) {
    cluster.resume(at, cluster.now());
    cluster.accept(at, cluster.now());
  }
  cluster.finish();
  cluster.check_conservation();
}

void play_brute(const Case& it, BruteForce& brute) {
  for (std::size_t at = 0; at < it.plans.size(); ++at) brute.add_replica(it.plans[at], it.ready[at]);
  play(
      it,
      [&](const Request& request) {
        brute.advance(request.arrival);
        brute.submit(request);
      },
      [&](const Case::Deed& deed) {
        brute.advance(deed.at);
        const Casualties casualties = deed.factor < 3 ? Casualties::requeue : Casualties::lose;
        switch (deed.kind) {
          case 0: brute.fail(deed.replica, deed.at + deed.until, casualties); break;
          case 1: brute.slow(deed.replica, deed.factor); break;
          case 2: brute.pause(deed.replica); break;
          case 3: brute.resume(deed.replica); break;
          case 4: brute.cancel(deed.id); break;
          case 5: brute.drain(deed.replica); break;
          default: brute.accept(deed.replica);
        }
      });
  for (int32_t at = 0; at < std::ssize(it.plans); ++at) {
    brute.resume(at);
    brute.accept(at);
  }
  brute.advance(kNever);
}

auto fields(const Completion& it) {
  return std::tuple(it.id, it.arrival, it.scheduled, it.first_token, it.finish, it.generated, it.cached_tokens,
                    it.replica, it.preemptions, it.restarts, it.ending);
}

int expect_equal(uint64_t seed, const perf::StepCost& cost, Picoseconds scale = 1) {
  const Case it = random_case(seed, cost, scale);
  Cluster cluster(it.rules);
  play_engine(it, cluster);
  BruteForce brute(it.rules);
  play_brute(it, brute);
  std::map<uint64_t, Completion> ours;
  for (const Completion& completion : cluster.completions()) ours[completion.id] = completion;
  int preemptions = 0;
  for (const auto& item : brute.items()) {
    Completion theirs = item->done;
    theirs.cached_tokens = std::max(theirs.cached_tokens, 0);
    const bool is_over = item->place == BruteForce::Place::over;
    EXPECT_EQ(is_over, ours.contains(theirs.id)) << "seed " << seed << " request " << theirs.id;
    if (!is_over || !ours.contains(theirs.id)) continue;
    EXPECT_EQ(fields(ours[theirs.id]), fields(theirs)) << "seed " << seed << " request " << theirs.id;
    EXPECT_EQ(token_times(cluster, theirs.id), item->tokens) << "seed " << seed << " request " << theirs.id;
    preemptions += theirs.preemptions;
  }
  return preemptions;
}

TEST(BruteForce, AgreesOnEachTokenOfRandomCases) {
  const PieceCost cost;
  int preemptions = 0;
  const uint64_t count = std::getenv("BELTLINE_SOAK") == nullptr ? 1000 : 300'000;
  for (uint64_t seed = 1; seed <= count && !HasFailure(); ++seed) preemptions += expect_equal(seed, cost);
  EXPECT_GT(preemptions, 500);
}

TEST(BruteForce, AgreesWithCostsFromEquations) {
  const perf::Deployment deployment = {.architecture = perf::find_architecture("llama-3-8b").value(),
                                       .accelerator = perf::find_accelerator("h100-sxm").value()};
  const auto cost = perf::ReplicaCost::make(deployment);
  ASSERT_TRUE(cost.has_value());
  // a step takes 10 ms, and 100 in the cases
  for (uint64_t seed = 1; seed <= 200 && !HasFailure(); ++seed) expect_equal(seed, **cost, 100'000'000);
}

}  // namespace
}  // namespace beltline::serving
