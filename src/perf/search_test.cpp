#include "perf/search.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "perf/splits.h"

namespace beltline::perf {
namespace {

using testing::HasSubstr;

constexpr Workload kChat{.input_tokens = 4000, .output_tokens = 1000};
constexpr ServiceLevel kLevel{.ttft_s = 2, .tpot_s = 0.05};

RackSearch search_of(const char* model, const char* rack, const SearchOptions& options = {}) {
  auto made = RackSearch::make(*find_model(model), *find_rack(rack), options);
  EXPECT_TRUE(made) << render(made.error(), {});
  return std::move(*made);
}

std::string fault_of(const CatalogueModel& model, const Rack& rack, const SearchOptions& options = {}) {
  const auto made = RackSearch::make(model, rack, options);
  return made ? "" : render(made.error(), {});
}

TEST(Search, EveryPointMeetsTheLevelAndTheBestComesFirst) {
  for (const char* const model : {"llama-3.1-70b", "deepseek-v3", "gpt-oss-120b"}) {
    for (const char* const name : {"gb300-nvl72", "hgx-h200"}) {
      const RackSearch search = search_of(model, name);
      const auto ranked = search.ranking(kChat, kLevel, 100);
      ASSERT_FALSE(ranked.empty()) << model << ' ' << name;
      for (std::size_t i = 0; i < ranked.size(); ++i) {
        const RackPoint& point = ranked[i];
        EXPECT_LE(point.ttft_s, kLevel.ttft_s);
        EXPECT_LE(point.tpot_s, kLevel.tpot_s * (1 + 1e-9));
        // what yields nearly the same is ranked by its speed
        EXPECT_GE(ranked[0].output_tokens_per_s, point.output_tokens_per_s * 0.997);
        EXPECT_NEAR(point.output_tokens_per_s, point.requests_per_s * 1000, 1e-6 * point.output_tokens_per_s);
        EXPECT_GT(point.power_W, search.rack().idle_power_W);
        EXPECT_LE(point.power_W, search.rack().power_W * (1 + 1e-9));
        const int used =
            point.decode.replicas * point.decode.cost->deployment().parallelism.accelerators() +
            (point.prompts ? point.prompts->replicas * point.prompts->cost->deployment().parallelism.accelerators()
                           : 0);
        EXPECT_LE(used, point.racks * search.rack().accelerators);
      }
      EXPECT_EQ(search.best(kChat, kLevel)->output_tokens_per_s, ranked[0].output_tokens_per_s);
    }
  }
}

// A rack cannot yield more than its bandwidth and its peak allow, and a good deployment comes within a factor of them.
TEST(Search, YieldStaysBelowTheRoofline) {
  const RackSearch search = search_of("llama-3.1-70b", "hgx-h100");
  const RackPoint best = *search.best({.input_tokens = 1000, .output_tokens = 1000}, {.ttft_s = 5, .tpot_s = 0.1});
  const Accelerator& chip = search.rack().accelerator;
  const double flop_bound = 8 * chip.flops(Precision::fp8) / (2 * 2 * parameters(search.model().architecture));
  EXPECT_LT(best.output_tokens_per_s, flop_bound);
  EXPECT_GT(best.output_tokens_per_s, flop_bound / 10);
}

TEST(Search, AStricterLevelNeverYieldsMore) {
  const RackSearch search = search_of("deepseek-v3", "gb200-nvl72");
  double before = 0;
  for (const double tpot_s : {0.012, 0.02, 0.04, 0.08, 0.16}) {
    const auto point = search.best(kChat, {.ttft_s = 2, .tpot_s = tpot_s});
    ASSERT_TRUE(point) << tpot_s;
    // a batch is planned to a sixty-fourth
    EXPECT_GE(point->output_tokens_per_s, before * (1 - 1.0 / 32)) << tpot_s;
    before = point->output_tokens_per_s;
  }
}

TEST(Search, CachedPromptsYieldMore) {
  const RackSearch search = search_of("llama-3.1-70b", "gb300-nvl72");
  const Workload cached{.input_tokens = 4000, .output_tokens = 1000, .cached_share = 0.8};
  EXPECT_GT(search.best(cached, kLevel)->output_tokens_per_s, 1.2 * search.best(kChat, kLevel)->output_tokens_per_s);
}

TEST(Search, TheFrontRisesFromTheFastestUser) {
  const RackSearch search = search_of("llama-3.1-70b", "hgx-h200");
  const auto front = search.front(kChat, kLevel);
  ASSERT_GE(front.size(), 5U);
  for (std::size_t i = 1; i < front.size(); ++i) {
    EXPECT_GT(front[i].tpot_s, front[i - 1].tpot_s);
    EXPECT_GT(front[i].output_tokens_per_s, front[i - 1].output_tokens_per_s);
  }
  // at the level's own TPOT, the front's batches lie on a coarser grid than the best's
  const RackPoint best = *search.best(kChat, kLevel);
  for (const RackPoint& point : front) {
    if (point.tpot_s <= kLevel.tpot_s) {
      EXPECT_LE(point.output_tokens_per_s, best.output_tokens_per_s * 1.05);
    }
  }
}

TEST(Search, TellsWhatIsReachable) {
  const RackSearch search = search_of("llama-3.1-70b", "hgx-h100");
  EXPECT_FALSE(search.best(kChat, {.ttft_s = 0.001, .tpot_s = 0.001}));
  const ServiceLevel reach = search.reach(kChat);
  EXPECT_FALSE(search.best(kChat, {.ttft_s = 100, .tpot_s = reach.tpot_s * 0.9}));
  EXPECT_TRUE(search.best(kChat, {.ttft_s = 100, .tpot_s = reach.tpot_s * 1.1}));
  EXPECT_TRUE(search.best(kChat, {.ttft_s = reach.ttft_s * 1.2, .tpot_s = 100}));
}

TEST(Search, RefusesWhatCannotRun) {
  const CatalogueModel model = *find_model("llama-3.1-405b");
  Rack none = *find_rack("hgx-h100");
  none.accelerators = 0;
  EXPECT_THAT(fault_of(model, none), HasSubstr("has no accelerators"));
  Rack tiny = *find_rack("hgx-h100");
  tiny.accelerator.memory_bytes = 1e9;
  EXPECT_THAT(fault_of(model, tiny), HasSubstr("does not fit"));
  Rack foreign = *find_rack("hgx-h100");
  foreign.accelerator.generation = "abacus";
  EXPECT_THAT(fault_of(model, foreign), HasSubstr("no coefficients of generation 'abacus' are known"));
  EXPECT_THAT(fault_of(model, *find_rack("hgx-h100"), {.engine = "steam"}), HasSubstr("engine 'steam'"));
}

TEST(Search, AModelLargerThanARackTakesSeveral) {
  const RackSearch search = search_of("llama-3.1-405b", "dgx-a100", {.precision = Precision::bf16});
  const auto point = search.best({.input_tokens = 500, .output_tokens = 500}, {});
  ASSERT_TRUE(point);
  EXPECT_GE(point->racks, 2);
}

TEST(Search, NumbersThatTheChipHasNotAreWidened) {
  const auto numbers = quantisations_of(*find_model("deepseek-v3"), *find_accelerator("a100"), std::nullopt);
  ASSERT_EQ(numbers.size(), 1U);
  EXPECT_TRUE(numbers[0].weights_only);
  const auto both = quantisations_of(*find_model("llama-3.1-70b"), *find_accelerator("h100"), std::nullopt);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[1].weights, Precision::fp8);
  EXPECT_FALSE(both[1].weights_only);
}

TEST(Search, PowerOfARackLiesBetweenIdleAndFull) {
  const Rack rack = *find_rack("gb300-nvl72");
  EXPECT_NEAR(rack_power_W(rack, 72 * rack.accelerator.idle_W), rack.idle_power_W, 1e-6);
  EXPECT_NEAR(rack_power_W(rack, 72 * rack.accelerator.power_W), rack.power_W, 1e-6);
}

// 3.9 million USD over 5 years are 88.98 USD an hour, 100 kW at PUE 1.2 and 0.08 USD/kWh 9.60; 100,000 tokens/s are 360
// million an hour.
TEST(Search, CostIsCapitalAndPowerOverTokens) {
  const Rack rack = *find_rack("gb300-nvl72");
  RackPoint point;
  point.output_tokens_per_s = 1e5;
  point.power_W = 100e3;
  EXPECT_NEAR(usd_per_million_output_tokens(point, rack, {}), (3.9e6 / (5 * 8766) + 9.6) / 360, 1e-9);
  Rack unknown = rack;
  unknown.price_USD = 0;
  EXPECT_TRUE(std::isnan(usd_per_million_output_tokens(point, unknown, {})));
}

}  // namespace
}  // namespace beltline::perf
