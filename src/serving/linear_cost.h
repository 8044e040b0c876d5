// A replica whose times were measured, as a straight line: for hardware that no data sheet describes, and for tests.
//
//     step = base + prompt tokens · per_prompt_token + sequences · per_sequence + tokens in the cache ·
//     per_cached_token
#pragma once

#include "perf/step_cost.h"

namespace beltline::serving {

struct LinearRates {
  perf::Picoseconds base = 0;              // of every step
  perf::Picoseconds per_prompt_token = 0;  // of the prompts' pieces
  perf::Picoseconds per_sequence = 0;      // that decodes
  perf::Picoseconds per_cached_token = 0;  // of sequences that decode
  int64_t kv_tokens = 0;
  double idle_W = 0;
  double busy_W = 0;  // during steps
};

class LinearCost final : public perf::StepCost {
 public:
  explicit LinearCost(const LinearRates& rates) : rates_(rates) {}
  [[nodiscard]] perf::Picoseconds step(const perf::Step& step) const override;
  [[nodiscard]] perf::DecodeLine decode_line(int32_t decodes, int64_t decode_context) const override;
  [[nodiscard]] double step_energy_J(const perf::Step& step) const override;
  [[nodiscard]] double idle_W() const override { return rates_.idle_W; }
  [[nodiscard]] int64_t kv_tokens_max() const override { return rates_.kv_tokens; }

 private:
  LinearRates rates_;
};

}  // namespace beltline::serving
