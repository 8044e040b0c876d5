// Which tokens the next step computes, as vLLM v1's scheduler decides it: who runs goes on, in the order of admission;
// with what is left of the budget those who wait are admitted. Where blocks run out, who came last is preempted: its
// blocks are freed, and it computes its tokens anew when it is admitted again.
// Source: vLLM, v1/core/sched/scheduler.py, `schedule`.
#include <algorithm>
#include <tuple>

#include "base/assert.h"
#include "serving/engine_replica.h"

namespace beltline::serving {

void Replica::form(Picoseconds now) {
  chunks_.clear();
  event_ = kNever;
  if (is_down_ || is_paused_) {
    release_held();  // no step is formed that would have their place
    return;
  }
  if (ended_ > 0) {  // while no step ran
    collect_decodes(now);
    pass_prefills(now);
  }
  const bool is_ahead = plan_.rules.schedules_ahead && follows_;
  follows_ = false;
  if (!is_ahead) release_held();
  is_brief_ = !held_.empty();
  look(is_ahead ? previous_ : now);
  schedule(now);
  if (is_ahead) release_held();
  // formed ahead of a step that then left nothing to do, or emptied by a preemption: formed again with what is known
  // now
  if (is_empty() && (is_ahead || preempted_)) {
    look(now);
    schedule(now);
  }
  start(now);
}

// What has arrived until then gets into the line; who comes with its keys and values, into the batch.
void Replica::look(Picoseconds until) {
  SequencePool& pool = journal_->pool;
  const auto in_time = [&](int32_t slot) { return pool[slot].enqueued <= until; };
  std::size_t seen = 0;
  for (; seen < arriving_.size() && in_time(arriving_[seen]); ++seen) {
    pool[arriving_[seen]].stand = Stand::waiting;
    line_.push_back(pool, arriving_[seen]);
  }
  arriving_.erase(arriving_.begin(), arriving_.begin() + static_cast<std::ptrdiff_t>(seen));
  for (seen = 0; seen < joining_.size() && in_time(joining_[seen]); ++seen) {
    Sequence& it = pool[joining_[seen]];
    it.blocks = static_cast<int32_t>(blocks_for(it.computed));
    it.admitted = ++admissions_;
    --reserved_;
    begin_decode(joining_[seen]);
  }
  joining_.erase(joining_.begin(), joining_.begin() + static_cast<std::ptrdiff_t>(seen));
}

void Replica::schedule(Picoseconds now) {
  preempted_ = false;
  budget_ = plan_.rules.step_tokens_max;
  const bool is_batch = running() > 0;
  schedule_decodes();
  schedule_prefills();
  if (!preempted_ && !(plan_.rules.is_static && is_batch)) admit(now);
  for (const int32_t slot : prefilling_) {
    const Sequence& it = journal_->pool[slot];
    if (it.chunk > 0) chunks_.push_back({it.chunk, it.computed, it.computed + it.chunk == it.target});
  }
}

// Blocks that a sequence needs to decode one step.
int64_t Replica::need_of(const Decoding& it) const {
  if (!is_speculative()) return (it.computed + step_ - it.join_step) % plan_.rules.block_tokens == 0 ? 1 : 0;
  const Sequence& sequence = journal_->pool[it.slot];
  const int64_t needed = blocks_for(sequence.computed + 1 + plan_.rules.speculation.tokens);
  return std::max<int64_t>(0, needed - sequence.blocks);
}

void Replica::schedule_decodes() {
  const int32_t tokens = 1 + plan_.rules.speculation.tokens;
  if (!is_speculative() && crossings(step_) <= blocks_.available()) {
    blocks_.take(crossings(step_));
    scheduled_decodes_ = decoding_.size();
    budget_ -= static_cast<int32_t>(decoding_.size());
    return;
  }
  for (scheduled_decodes_ = 0; scheduled_decodes_ < decoding_.size();) {
    const int32_t slot = decoding_[scheduled_decodes_].slot;
    const int64_t needed = need_of(decoding_[scheduled_decodes_]);
    if (!make_room(needed, slot)) continue;
    blocks_.take(needed);
    if (is_speculative()) journal_->pool[slot].blocks += static_cast<int32_t>(needed);
    budget_ -= tokens;
    ++scheduled_decodes_;
  }
}

int32_t Replica::chunk_of(const Sequence& it) const {
  const int32_t rest = it.target - it.computed;
  if (!plan_.rules.chunks_prompts) return rest <= budget_ ? rest : 0;
  const int32_t most = plan_.rules.chunk_max > 0 ? std::min(plan_.rules.chunk_max, budget_) : budget_;
  return std::min(rest, most);
}

void Replica::schedule_prefills() {
  for (std::size_t at = 0; at < prefilling_.size() && budget_ > 0;) {
    const int32_t slot = prefilling_[at];
    Sequence& it = journal_->pool[slot];
    const int32_t chunk = chunk_of(it);
    const int64_t needed = blocks_for(it.computed + chunk) - blocks_for(it.computed);
    if (!make_room(needed, slot)) continue;
    blocks_.take(needed);
    it.chunk = chunk;
    budget_ -= chunk;
    publish_units(slot, it.computed + chunk);
    // by priority some before it may have gone
    at = 1 + static_cast<std::size_t>(std::ranges::find(prefilling_, slot) - prefilling_.begin());
  }
}

// Preempts until there are as many blocks. @returns false where `slot` itself had to go
bool Replica::make_room(int64_t blocks, int32_t slot) {
  while (blocks > blocks_.available()) {
    const int32_t last = victim();
    preempt(last);
    if (last == slot) return false;
  }
  return true;
}

// Who goes first: by priority the least urgent, then the latest; else who was admitted last.
int32_t Replica::victim() const {
  const SequencePool& pool = journal_->pool;
  if (!plan_.rules.by_priority) {
    if (prefilling_.empty()) return decoding_.back().slot;
    if (decoding_.empty()) return prefilling_.back();
    const bool prefill_is_last = pool[prefilling_.back()].admitted > decoding_.back().admitted;
    return prefill_is_last ? prefilling_.back() : decoding_.back().slot;
  }
  int32_t worst = -1;
  const auto look_at = [&](int32_t slot) {
    const auto rank = [&](int32_t of) { return std::tuple(pool[of].priority, pool[of].arrival, pool[of].admitted); };
    if (worst < 0 || rank(slot) > rank(worst)) worst = slot;
  };
  for (const Decoding& it : decoding_) look_at(it.slot);
  for (const int32_t slot : prefilling_) look_at(slot);
  return worst;
}

void Replica::preempt(int32_t slot) {
  Sequence& it = journal_->pool[slot];
  if (it.stand == Stand::decode) {
    const auto found = std::ranges::find(decoding_, slot, &Decoding::slot);
    // by priority it may have been scheduled in this step, and then has the block of the token to come
    const bool is_scheduled = found - decoding_.begin() < static_cast<std::ptrdiff_t>(scheduled_decodes_);
    const int64_t computed = computed_of(*found);
    context_ -= computed;
    --at_residue_[residue_of(*found)];
    const int64_t blocks = is_speculative() ? it.blocks : blocks_for(computed + (is_scheduled ? 1 : 0));
    leave_decode(*found, step_);
    decoding_.erase(found);
    it.computed = static_cast<int32_t>(computed);
    first_done_ = kNever;
    for (const Decoding& other : decoding_) first_done_ = std::min(first_done_, other.last_step);
    if (is_scheduled) {
      --scheduled_decodes_;
      budget_ += 1 + plan_.rules.speculation.tokens;
    }
    publish_own(slot);
    release(slot, blocks);
  } else {
    std::erase(prefilling_, slot);
    budget_ += it.chunk;
    publish_own(slot);
    release(slot, blocks_for(it.computed + it.chunk));
  }
  it.target = it.prompt + it.generated;
  it.computed = it.chunk = 0;
  it.stand = Stand::waiting;
  ++it.preemptions;
  ++totals_.preemptions;
  line_.push_front(journal_->pool, slot);
  preempted_ = true;
}

void Replica::admit(Picoseconds now) {
  SequencePool& pool = journal_->pool;
  const EngineRules& rules = plan_.rules;
  while (budget_ > 0 && has_room()) {
    const int32_t slot = line_.front(pool);
    if (slot < 0) return;
    Sequence& it = pool[slot];
    const std::span<const uint64_t> prefix = units_of(slot);
    const int32_t units = blocks_.match(prefix);
    it.computed = units * rules.prefix_unit_tokens;
    const int32_t chunk = chunk_of(it);
    const int64_t held = static_cast<int64_t>(units) * blocks_.unit_blocks();
    const int64_t needed = blocks_for(it.computed + chunk) - held;
    const int64_t idle = static_cast<int64_t>(blocks_.idle_units(prefix, units)) * blocks_.unit_blocks();
    // prefilled requests that wait to leave keep their blocks: a prompt begins where it can be finished beside them
    const bool needs_all = rules.reserves_prompts || plan_.role == ReplicaRole::prefill;
    const int64_t wanted = needs_all ? blocks_for(it.target) - held : needed;
    if (chunk == 0 || wanted + idle > blocks_.available()) {
      it.computed = 0;
      // of a prompt that a step can only begin, fewer blocks are wanted once its cached start has been forgotten
      is_brief_ = is_brief_ || (!needs_all && idle > 0 && chunk_of(it) < it.target);
      return;
    }
    line_.remove(pool, slot);
    for (int32_t unit = 0; unit < units; ++unit) blocks_.hold(prefix[unit]);
    it.units = units;
    blocks_.take(needed);
    if (it.scheduled < 0) it.scheduled = now;
    if (it.cached < 0) it.cached = it.computed;
    totals_.cached_tokens += it.computed;
    it.stand = Stand::prefill;
    it.admitted = ++admissions_;
    it.chunk = chunk;
    budget_ -= chunk;
    prefilling_.push_back(slot);
    publish_units(slot, it.computed + chunk);
  }
}

// The hash of a unit of a request: its caller's, or beyond those one that is its own.
uint64_t Replica::unit_of(int32_t slot, int32_t unit) const {
  const auto prefix = journal_->pool.prefix(slot);
  if (static_cast<std::size_t>(unit) < prefix.size()) return prefix[unit];
  uint64_t mixed = journal_->pool[slot].life * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(unit);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  return (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
}

// What of a request may be in the cache: whole units, but at least one token is computed, for the next is sampled from
// it. Only who was preempted can find what is its own alone.
std::span<const uint64_t> Replica::units_of(int32_t slot) {
  if (!plan_.rules.caches_prefixes) return {};
  const Sequence& it = journal_->pool[slot];
  const auto prefix = journal_->pool.prefix(slot);
  const int32_t whole = (it.target - 1) / plan_.rules.prefix_unit_tokens;
  if (it.preemptions == 0) return prefix.first(std::min(prefix.size(), static_cast<std::size_t>(whole)));
  own_units_.clear();
  for (int32_t unit = 0; unit < whole; ++unit) own_units_.push_back(unit_of(slot, unit));
  return own_units_;
}

// All whole units that a request computed stay in the cache when it is preempted, those of its answer too.
void Replica::publish_own(int32_t slot) {
  if (!plan_.rules.caches_prefixes) return;
  Sequence& it = journal_->pool[slot];
  const int32_t whole = it.computed / plan_.rules.prefix_unit_tokens;
  for (; it.units < whole; ++it.units) blocks_.publish(unit_of(slot, it.units));
}

// Units that this step completes can be found from now on, by those too who are scheduled after it in the same step.
void Replica::publish_units(int32_t slot, int64_t tokens) {
  if (!plan_.rules.caches_prefixes) return;
  Sequence& it = journal_->pool[slot];
  const auto prefix = journal_->pool.prefix(slot);
  const int64_t whole = std::min<int64_t>(std::ssize(prefix), tokens / plan_.rules.prefix_unit_tokens);
  for (; it.units < whole; ++it.units) blocks_.publish(prefix[it.units]);
}

}  // namespace beltline::serving
