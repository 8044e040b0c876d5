// What a phase leaves behind: tokens, sequences that are done, prompts that are computed.
#include <algorithm>

#include "base/assert.h"
#include "base/random.h"
#include "serving/engine_draws.h"
#include "serving/engine_replica.h"

namespace beltline::serving {

int64_t Replica::computed_of(const Decoding& it) const {
  return is_speculative() ? journal_->pool[it.slot].computed : it.computed + step_ - it.join_step;
}

int64_t Replica::blocks_of(const Decoding& it) const {
  return is_speculative() ? journal_->pool[it.slot].blocks : blocks_for(computed_of(it));
}

std::size_t Replica::residue_of(const Decoding& it) const {
  const int64_t size = plan_.rules.block_tokens;
  return static_cast<std::size_t>((((it.computed - it.join_step) % size) + size) % size);
}

void Replica::complete(Picoseconds now) {
  integrate(now);
  event_ = kNever;
  follows_ = phase_.steps > 0;
  if (!follows_) return;
  previous_ = phase_.start + phase_.length(phase_.steps - 1);
  book(phase_.steps);
  if (is_speculative()) {
    pass_speculation();
  } else {
    pass_decodes(phase_.steps);
  }
  phase_.steps = 0;
  collect_decodes(now);
  pass_prefills(now);
  chunks_.clear();
}

// Before the phase's steps are passed: the batch is still the one that they ran with.
void Replica::book(int64_t count) {
  totals_.steps += count;
  totals_.busy += phase_.length(count);
  if (journal_->records_steps) {
    journal_->step_runs.push_back({number_, step_, count, phase_.start, phase_.first, phase_.growth});
  }
  if (!journal_->counts_energy) return;
  // linear in the context, so that the middle of the phase stands for all of it
  const int32_t decodes = static_cast<int32_t>(decoding_.size());
  const perf::Step step = {.chunks = chunks_,
                           .decodes = decodes * (1 + plan_.rules.speculation.tokens),
                           .decode_context = context_ + decodes * (count - 1) / 2};
  totals_.energy_J += static_cast<double>(count) * plan_.cost->step_energy_J(step);
}

void Replica::pass_decodes(int64_t count) {
  const int64_t decodes = static_cast<int64_t>(decoding_.size());
  if (count > 1) blocks_.take(crossings(step_ + 1, count - 1));
  context_ += decodes * count;
  step_ += count;
  if (ended_ == 0) {
    totals_.output_tokens += decodes * count;
    return;
  }
  for (const Decoding& it : decoding_) {
    if (journal_->pool[it.slot].stand == Stand::decode) totals_.output_tokens += count;
  }
}

// Tokens a sequence gets from one step: the drafts that are accepted, and one more.
void Replica::pass_speculation() {
  const Speculation& rules = plan_.rules.speculation;
  ++step_;
  for (Decoding& it : decoding_) {
    Sequence& sequence = journal_->pool[it.slot];
    if (sequence.stand == Stand::ended) continue;
    const int32_t drawn = speculative_tokens(rules, journal_->seed, sequence.id, sequence.generated);
    const int32_t tokens = std::min(drawn, sequence.output - sequence.generated);
    sequence.generated += tokens;
    sequence.computed += tokens;
    context_ += tokens;
    totals_.output_tokens += tokens;
    if (journal_->records_steps) journal_->token_runs.push_back({sequence.id, number_, step_ - 1, 1, tokens});
    if (sequence.generated == sequence.output) it.last_step = first_done_ = step_;
  }
}

void Replica::leave_decode(const Decoding& it, int64_t step) {
  if (is_speculative() || step == it.join_step) return;
  Sequence& sequence = journal_->pool[it.slot];
  const int32_t steps = static_cast<int32_t>(step - it.join_step);
  sequence.generated += steps;
  sequence.computed = it.computed + steps;
  if (journal_->records_steps) journal_->token_runs.push_back({sequence.id, number_, it.join_step, steps, 1});
}

// Those who have all, and those who were ended from outside while they ran, leave the batch.
void Replica::collect_decodes(Picoseconds now) {
  if (step_ < first_done_ && ended_ == 0) return;
  first_done_ = kNever;
  std::size_t kept = 0;
  for (const Decoding& it : decoding_) {
    const bool is_ended = journal_->pool[it.slot].stand == Stand::ended;
    if (it.last_step > step_ && !is_ended) {
      first_done_ = std::min(first_done_, it.last_step);
      decoding_[kept++] = it;
      continue;
    }
    context_ -= computed_of(it);
    --at_residue_[residue_of(it)];
    if (is_ended) {
      --ended_;
      drop(it.slot, blocks_of(it));
    } else {
      journal_->pool[it.slot].blocks = static_cast<int32_t>(blocks_of(it));
      leave_decode(it, step_);
      finish(it.slot, now);
    }
  }
  decoding_.resize(kept);
}

void Replica::finish(int32_t slot, Picoseconds now) {
  Sequence& it = journal_->pool[slot];
  journal_->report(slot, now, Ending::finished);
  ++totals_.finished;
  --requests_;
  prompt_tokens_ -= it.prompt;
  it.stand = Stand::ended;
  if (plan_.rules.schedules_ahead) {
    held_.push_back(slot);
  } else {
    drop(slot, it.blocks);
  }
}

void Replica::pass_prefills(Picoseconds now) {
  std::size_t kept = 0;
  for (const int32_t slot : prefilling_) {
    Sequence& it = journal_->pool[slot];
    it.computed += it.chunk;
    totals_.prompt_tokens += it.chunk;
    it.chunk = 0;
    if (it.stand == Stand::ended) {
      --ended_;
      drop(slot, blocks_for(it.computed));
    } else if (it.computed < it.target) {
      prefilling_[kept++] = slot;
    } else {
      ++it.generated;
      ++totals_.output_tokens;
      if (it.first_token < 0) it.first_token = now;
      if (journal_->records_steps) journal_->token_runs.push_back({it.id, number_, step_ - 1, 1, 1});
      it.blocks = static_cast<int32_t>(blocks_for(it.computed));
      if (it.generated == it.output) {
        finish(slot, now);
      } else if (plan_.role == ReplicaRole::prefill) {
        it.stand = Stand::leaving;
        leaving_.push_back(slot);
      } else {
        begin_decode(slot);
      }
    }
  }
  prefilling_.resize(kept);
}

void Replica::begin_decode(int32_t slot) {
  Sequence& it = journal_->pool[slot];
  it.stand = Stand::decode;
  Decoding entry = {.slot = slot,
                    .computed = it.computed,
                    .join_step = step_,
                    .last_step = is_speculative() ? kNever : step_ + it.output - it.generated,
                    .admitted = it.admitted};
  // a short prompt may be done before a longer one that was admitted earlier
  const auto place = std::ranges::upper_bound(decoding_, entry.admitted, {}, &Decoding::admitted);
  context_ += it.computed;
  ++at_residue_[residue_of(entry)];
  first_done_ = std::min(first_done_, entry.last_step);
  decoding_.insert(place, entry);
}

void Replica::release(int32_t slot, int64_t blocks) {
  Sequence& it = journal_->pool[slot];
  blocks_.give(blocks - static_cast<int64_t>(it.units) * blocks_.unit_blocks());
  // the end of a prompt first, so that it is the first to be forgotten
  for (int32_t unit = it.units; unit-- > 0;) blocks_.release(unit_of(slot, unit));
  it.units = 0;
}

void Replica::drop(int32_t slot, int64_t blocks) {
  release(slot, blocks);
  journal_->pool.remove(slot);
}

void Replica::release_held() {
  for (const int32_t slot : held_) drop(slot, journal_->pool[slot].blocks);
  held_.clear();
}

}  // namespace beltline::serving
