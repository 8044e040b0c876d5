// What one step of an engine takes: the one question that a simulator asks the performance model.
#pragma once

#include <cstdint>
#include <span>

namespace beltline::perf {

/// Time of the simulators: whole picoseconds, so that sums do not depend on their order. int64 holds 106 days.
using Picoseconds = int64_t;

/// A piece of a prompt that one step computes.
struct Chunk {
  int32_t tokens = 0;
  int64_t context = 0;   // tokens of the sequence that are already in the cache
  bool is_last = false;  // the prompt ends here: its first token is sampled in this step
};

/// One step of an engine: pieces of prompts and sequences that decode, together.
struct Step {
  std::span<const Chunk> chunks;
  int32_t decodes = 0;         // sequences that decode one token each
  int64_t decode_context = 0;  // tokens in the cache of all of them together, before this step
};

/// A step without chunks: `base + slope · decode_context`, as long as decode_context is at most `context_max`.
struct DecodeLine {
  Picoseconds base = 0;
  Picoseconds slope = 0;  // a token in the cache
  int64_t context_max = 0;
};

/// A replica's costs. Immutable: many threads may ask at a time. A pure function of the step: no random part.
class StepCost {
 public:
  virtual ~StepCost() = default;
  /// Exact for what it models: of a step without chunks it is the line of `decode_line`, to the picosecond.
  [[nodiscard]] virtual Picoseconds step(const Step& step) const = 0;
  /// The line that holds from `decode_context` on, for `decodes` sequences. Each of the next k steps adds `decodes`
  /// tokens to the context, so that k steps within the line take k·base + slope·(k·c + decodes·k(k-1)/2).
  [[nodiscard]] virtual DecodeLine decode_line(int32_t decodes, int64_t decode_context) const = 0;
  /// Energy of a step over all accelerators of the replica, J.
  [[nodiscard]] virtual double step_energy_J(const Step& step) const = 0;
  /// Power of all accelerators of the replica when nothing runs, W.
  [[nodiscard]] virtual double idle_W() const = 0;
  /// Tokens whose keys and values fit into the replica's memory, 0 where the model does not fit at all.
  [[nodiscard]] virtual int64_t kv_tokens_max() const = 0;
};

}  // namespace beltline::perf
