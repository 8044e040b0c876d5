// What is drawn in a cluster: a pure function of (seed, request, position), so that the order of events changes
// nothing.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "serving/engine.h"

namespace beltline::serving {

enum class EngineDraw : uint32_t { speculation = 1, choice = 2 };

/// Uniform in (0, 1).
inline double request_draw(uint64_t seed, uint64_t request, EngineDraw draw, uint32_t position) {
  // two numbers of 64 bits do not fit beside the rest of a key: the second moves the seed
  uint64_t mixed = request + 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return uniform01({.seed = seed ^ mixed ^ (mixed >> 31), .source = static_cast<uint32_t>(draw), .period = position});
}

/// Tokens that one step gives: drafts are accepted until the first that is not, and one more token is sampled.
inline int32_t speculative_tokens(const Speculation& rules, uint64_t seed, uint64_t request, int32_t generated) {
  const double drawn = request_draw(seed, request, EngineDraw::speculation, static_cast<uint32_t>(generated));
  int32_t accepted = 0;
  for (double share = rules.acceptance; accepted < rules.tokens && drawn < share; share *= rules.acceptance) ++accepted;
  return 1 + accepted;
}

}  // namespace beltline::serving
