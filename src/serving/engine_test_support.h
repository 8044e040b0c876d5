// Costs of steps for tests: small, exact, and with pieces.
#pragma once

#include "serving/engine.h"

namespace beltline::serving {

/// A line in the context whose base and slope change every `piece` tokens.
struct PieceCost : perf::StepCost {
  Picoseconds base = 100, a_decode = 3, slope = 1, a_token = 10, bend = 2;
  int64_t piece = 40, kv_tokens = 1 << 20;

  [[nodiscard]] Picoseconds step(const perf::Step& step) const override {
    Picoseconds time = base;
    for (const perf::Chunk& chunk : step.chunks) time += a_token * chunk.tokens + slope * chunk.context / 4;
    if (step.decodes == 0) return time;
    const perf::DecodeLine line = decode_line(step.decodes, step.decode_context);
    return time + line.base - base + line.slope * step.decode_context;
  }
  [[nodiscard]] perf::DecodeLine decode_line(int32_t decodes, int64_t context) const override {
    const int64_t number = context / piece;
    return {base + a_decode * decodes + bend * number, slope + number % 3, (number + 1) * piece - 1};
  }
  [[nodiscard]] double step_energy_J(const perf::Step& step) const override {
    double energy_J = 10 + 2.0 * step.decodes + 0.5 * static_cast<double>(step.decode_context);
    for (const perf::Chunk& chunk : step.chunks) energy_J += chunk.tokens;
    return energy_J;
  }
  [[nodiscard]] double idle_W() const override { return 100; }
  [[nodiscard]] int64_t kv_tokens_max() const override { return kv_tokens; }
};

}  // namespace beltline::serving
