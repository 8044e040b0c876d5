// The loops over lanes against each other: for one processor and another, simple operations in their short way and in
// the long one, goods weighed when they arrive and put where they arrive.
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "risk/play_test_support.h"
#include "risk/state.h"

namespace beltline {
namespace {

constexpr int kPeriods = 36;

/// What changes how a chain is played, and nothing of what comes out.
enum class Detour { none, intakes, shocks };

/// Three tiers of goods and what is built of them, by chance as the seed says.
class RandomChain {
 public:
  RandomChain(uint32_t seed, Detour detour) : seed_(seed), detour_(detour), chain_(kPeriods) {
    const auto raw = chain_.good("raw", uniform(0, 20)), part = chain_.good("part"), rack = chain_.good("rack", 3);
    const auto space = chain_.moment("space");
    for (int i = 0; i < 2; ++i) process({}, raw, 40);
    for (int i = 0; i < 1 + pick(3); ++i) process({{raw, uniform(0.5, 3)}}, part, 15);
    for (int i = 0; i < 1 + pick(3); ++i) process({{raw, uniform(0.2, 1)}, {part, uniform(1, 3)}}, rack, 6);
    capacity({}, {{space, 1}});
    for (int i = 0; i < 1 + pick(3); ++i) capacity({{pick(3), {rack, uniform(0.3, 1)}}}, {{space, -0.5}});
    // after all others, whose draws go by their number
    for (const int id : processes_) {
      if (detour_ != Detour::intakes) break;
      chain_.influence(chain_.source(name(), {.mode = 1}), ChanceTarget::process, id, Aspect::intake);
    }
    chain_.milestone("built", TermKind::online, 1, 5, kPeriods - 1);
    chain_.finish();
  }

  /// Values of every stock and of what is online, [row, lane].
  [[nodiscard]] std::vector<double> played(const auto& make, uint32_t first) const {
    const Play play = chain_.play();
    Observation observation = make_observation(play);
    for (std::size_t n = 0; n < play.stocks.size(); ++n) add(observation, PlayTerm::Source::stock, n);
    for (std::size_t k = 0; k < play.capacities.size(); ++k) add(observation, PlayTerm::Source::online, k);
    const Draws draws(play.chances, {.seed = seed_});
    const Baseline baseline = make_baseline(play, observation);
    const StatePtr state = make(
        {.play = play, .observation = observation, .draws = &draws, .options = {.seed = seed_}, .baseline = &baseline});
    Batch batch;
    if (state != nullptr) state->play(first, batch);
    return batch.values;
  }

 private:
  double uniform(double low, double high) {
    return low + (high - low) * uniform01({.seed = seed_, .period = ++draws_});
  }
  int pick(int count) { return static_cast<int>(uniform(0, count)); }
  std::vector<std::pair<int, double>> row(double most) {
    std::vector<std::pair<int, double>> out;
    for (int t = pick(6); t < kPeriods - 6; t += 1 + pick(3)) out.emplace_back(t, uniform(1, most));
    return out;
  }
  Distribution about(double low, double mode, double high) {
    return {.spread = pick(2) == 0 ? Spread::pert : Spread::triangular, .low = low, .mode = mode, .high = high};
  }
  std::string name() { return "n" + std::to_string(++names_); }

  void process(const std::vector<Chain::Part>& in, CommodityId out, double most) {
    const double upper = in.empty() || pick(2) == 0 ? -1 : uniform(0.3, 0.8) * most;
    const int id = chain_.process(name(), in, out, pick(4), row(most), upper);
    if (pick(4) > 0) {
      chain_.influence(chain_.source(name(), about(0.5, 0.9, 1.1)), ChanceTarget::process, id, Aspect::yield);
    }
    if (pick(4) > 0) delay(ChanceTarget::process, id);
    processes_.push_back(id);
  }
  void capacity(const std::vector<std::pair<int, Chain::Part>>& takes, const std::vector<Chain::Part>& stands) {
    const int id = chain_.capacity(name(), 3 + pick(4), row(8), takes, stands);
    if (pick(3) > 0) delay(ChanceTarget::capacity, id);
  }
  void delay(ChanceTarget target, int id) {
    const Distribution of = pick(4) == 0 ? about(-1, 0, 30) : about(-2, 0, 3);
    chain_.influence(chain_.source(name(), of), target, id, Aspect::delay);
    if (detour_ != Detour::shocks) return;
    chain_.chances.shocks.push_back({.name = name(),
                                     .rate = 0.1,
                                     .duration = {.mode = 2},
                                     .effects = {{.target = target, .id = id, .aspect = Aspect::delay, .at_mode = 0}}});
  }
  static void add(Observation& observation, PlayTerm::Source source, std::size_t index) {
    PlaySeries series{.table = "t", .name = "s", .unit = "1", .place = "", .titles = {}, .entry = "", .terms = {}};
    series.terms.push_back({.source = source,
                            .index = static_cast<int>(index),
                            .coefficient = std::vector<double>(kPeriods, 1.0),
                            .base = std::vector<double>(kPeriods, 0.0)});
    observation.series.push_back(series);
  }

  uint32_t seed_;
  Detour detour_;
  Chain chain_;
  uint32_t draws_ = 0;
  int names_ = 0;
  std::vector<int> processes_;
};

constexpr uint32_t kChains = 30;

TEST(RiskLanes, EveryProcessorGivesTheSameBytes) {
  int kinds = 0;
  for (uint32_t seed = 1; seed <= kChains; ++seed) {
    const RandomChain chain(seed, seed % 3 == 0 ? Detour::intakes : seed % 3 == 1 ? Detour::shocks : Detour::none);
    const auto any = chain.played(make_any_state, 256);
    ASSERT_FALSE(any.empty());
    for (const auto& make : {make_avx2_state, make_avx512_state}) {
      const auto values = chain.played(make, 256);
      if (values.empty()) continue;  // not on this processor
      ++kinds;
      ASSERT_EQ(values.size(), any.size());
      ASSERT_EQ(std::memcmp(values.data(), any.data(), any.size() * sizeof(double)), 0) << seed;
    }
  }
  if (kinds == 0) GTEST_SKIP() << "this processor has neither AVX2 nor AVX-512";
}

/// The furthest that two plays of a chain are apart, in shares of 1 + the value.
double furthest(const std::vector<double>& a, const std::vector<double>& b) {
  double most = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max(most, std::abs(a[i] - b[i]) / (1 + std::abs(a[i])));
  }
  return most;
}

TEST(RiskLanes, TheShortWayOfSimpleOperationsIsTheLongOne) {
  double moved = 0;
  for (uint32_t seed = 1; seed <= kChains; ++seed) {
    const auto short_way = RandomChain(seed, Detour::none).played(make_any_state, 0);
    EXPECT_LT(furthest(short_way, RandomChain(seed, Detour::intakes).played(make_any_state, 0)), 1e-8) << seed;
    for (const double value : short_way) moved += value;
  }
  EXPECT_GT(moved, 1e6);  // something happens in these chains
}

TEST(RiskLanes, WhatIsWeighedWhenItArrivesIsWhatIsPutWhereItArrives) {
  for (uint32_t seed = 1; seed <= kChains; ++seed) {
    EXPECT_LT(furthest(RandomChain(seed, Detour::none).played(make_any_state, 0),
                       RandomChain(seed, Detour::shocks).played(make_any_state, 0)),
              1e-8)
        << seed;
  }
}

}  // namespace
}  // namespace beltline
