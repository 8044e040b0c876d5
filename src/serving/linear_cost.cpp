#include "serving/linear_cost.h"

#include <limits>

namespace beltline::serving {

perf::Picoseconds LinearCost::step(const perf::Step& step) const {
  perf::Picoseconds time =
      rates_.base + step.decodes * rates_.per_sequence + step.decode_context * rates_.per_cached_token;
  for (const perf::Chunk& chunk : step.chunks) time += chunk.tokens * rates_.per_prompt_token;
  return time;
}

perf::DecodeLine LinearCost::decode_line(int32_t decodes, int64_t) const {
  return {.base = rates_.base + decodes * rates_.per_sequence,
          .slope = rates_.per_cached_token,
          .context_max = std::numeric_limits<int64_t>::max() / 4};
}

double LinearCost::step_energy_J(const perf::Step& step) const {
  return rates_.busy_W * static_cast<double>(this->step(step)) * 1e-12;
}

}  // namespace beltline::serving
