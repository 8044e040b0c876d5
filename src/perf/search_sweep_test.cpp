// Every model on every rack, with and without a service level: what is found is finite and consistent, or refused.
#include <cmath>

#include <gtest/gtest.h>

#include "perf/search.h"

namespace beltline::perf {
namespace {

void expect_sound(const RackPoint& point, const RackSearch& search, const ServiceLevel& level) {
  const auto where = [&] { return search.model().architecture.name + " on " + search.rack().name; };
  for (const double value : {point.ttft_s, point.tpot_s, point.requests_per_s, point.output_tokens_per_s, point.power_W,
                             point.decode.sequences, point.prompts ? point.prompts->sequences : 1.0}) {
    EXPECT_TRUE(std::isfinite(value) && value > 0) << where() << ": " << value;
  }
  EXPECT_LE(point.ttft_s, level.ttft_s) << where();
  EXPECT_LE(point.prompt_use, 0.9 + 1e-6) << where();
  EXPECT_LE(point.power_W, search.rack().power_W * (1 + 1e-9)) << where();
}

TEST(SearchSweep, WhatIsFoundIsSound) {
  const ServiceLevel levels[] = {{}, {.ttft_s = 2, .tpot_s = 0.05}, {.tpot_s = 0.05}, {.ttft_s = 1}};
  const Workload workloads[] = {{.input_tokens = 1000, .output_tokens = 1000},
                                {.input_tokens = 1800, .output_tokens = 1},
                                {.input_tokens = 1, .output_tokens = 1500},
                                {.input_tokens = 1500, .output_tokens = 100, .cached_share = 0.9}};
  int found = 0;
  for (const char* const model : {"llama-3.1-8b", "llama-3.1-405b", "gpt-oss-120b"}) {
    for (const CatalogueRack& rack : built_in().racks) {
      const auto search = RackSearch::make(*find_model(model), rack.rack);
      if (!search) continue;  // a generation without coefficients, or too small
      for (const Workload& workload : workloads) {
        for (const ServiceLevel& level : levels) {
          const auto best = search->best(workload, level);
          if (!best) continue;
          ++found;
          expect_sound(*best, *search, level);
        }
      }
      for (const RackPoint& point : search->front(workloads[0], {})) expect_sound(point, *search, {});
    }
  }
  EXPECT_GT(found, 300);
}

}  // namespace
}  // namespace beltline::perf
