// How long what was scheduled takes: one step, or as many decode steps as pass until something changes.
#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "serving/engine_replica.h"

namespace beltline::serving {

Picoseconds Replica::scaled(Picoseconds time) const {
  return factor_ == 1 ? time : std::llround(static_cast<double>(time) * factor_);
}

/// Blocks that the decodes take in the step of this number.
int64_t Replica::crossings(int64_t step) const {
  const int64_t size = plan_.rules.block_tokens;
  return at_residue_[static_cast<std::size_t>((size - step % size) % size)];
}

int64_t Replica::crossings(int64_t step, int64_t count) const {
  const int64_t size = plan_.rules.block_tokens;
  int64_t blocks = count / size * static_cast<int64_t>(decoding_.size());
  for (int64_t at = 0; at < count % size; ++at) blocks += crossings(step + at);
  return blocks;
}

// The first step has its blocks; in each `block_tokens` further ones every sequence takes one.
int64_t Replica::steps_with_blocks(int64_t most) const {
  const int64_t decodes = static_cast<int64_t>(decoding_.size());
  const int64_t size = plan_.rules.block_tokens;
  const int64_t rounds = blocks_.available() / decodes;
  if (rounds > (most - 1) / size) return most;
  int64_t left = blocks_.available() - rounds * decodes;
  int64_t steps = 1 + rounds * size;
  while (steps < most && crossings(step_ + steps) <= left) left -= crossings(step_ + steps++);
  return std::min(steps, most);
}

void Replica::start(Picoseconds now) {
  if (is_empty()) return;
  ASSERT(now <= kLastStart);
  if (!chunks_.empty() || is_speculative()) {
    start_step(now);
  } else {
    start_decodes(now);
  }
  ASSERT(phase_.first > 0 && phase_.growth >= 0);
  event_ = phase_.end();
}

void Replica::start_step(Picoseconds now) {
  const Speculation& speculation = plan_.rules.speculation;
  const int32_t decodes = static_cast<int32_t>(decoding_.size());
  const perf::Step step = {
      .chunks = chunks_, .decodes = decodes * (1 + speculation.tokens), .decode_context = context_};
  Picoseconds time = plan_.cost->step(step);
  if (decodes > 0) time += speculation.draft;
  phase_ = {.start = now, .first = scaled(time), .growth = 0, .steps = 1};
}

void Replica::start_decodes(Picoseconds now) {
  const int64_t decodes = static_cast<int64_t>(decoding_.size());
  if (line_decodes_ != decodes || context_ < line_context_ || context_ > line_of_decodes_.context_max) {
    line_of_decodes_ = plan_.cost->decode_line(static_cast<int32_t>(decodes), context_);
    line_decodes_ = decodes;
    line_context_ = context_;
    ASSERT(line_of_decodes_.context_max >= context_);
  }
  const Picoseconds slope = scaled(line_of_decodes_.slope);
  phase_.start = now;
  phase_.first = scaled(line_of_decodes_.base) + slope * context_;
  phase_.growth = slope * decodes;
  // who could not be admitted now can only when someone has left; these may at the next boundary
  const bool is_brief = is_brief_ || !arriving_.empty() || !joining_.empty() || (preempted_ && line_.count() > 0);
  int64_t steps = 1;
  if (!is_brief) {
    steps = std::min(first_done_ - step_, (line_of_decodes_.context_max - context_) / decodes + 1);
    const double first = static_cast<double>(phase_.first), growth = static_cast<double>(phase_.growth);
    for (double count = static_cast<double>(steps); count > 1 && count * (first + growth * count / 2) > kPhaseMax;
         count = static_cast<double>(steps)) {
      steps /= 2;
    }
    steps = steps_with_blocks(steps);
  }
  phase_.steps = steps;
}

}  // namespace beltline::serving
