#include "serving/engine_replica.h"

#include <algorithm>

#include "base/assert.h"

namespace beltline::serving {

void Journal::report(int32_t slot, Picoseconds now, Ending ending) {
  Sequence& it = pool[slot];
  ++ended;
  finished_tokens += it.generated;
  completions.push_back({.id = it.id,
                         .arrival = it.arrival,
                         .scheduled = it.scheduled,
                         .first_token = it.first_token,
                         .finish = now,
                         .prompt_tokens = it.prompt,
                         .output_tokens = it.output,
                         .generated = it.generated,
                         .cached_tokens = std::max(it.cached, 0),
                         .replica = it.replica,
                         .preemptions = it.preemptions,
                         .restarts = it.restarts,
                         .ending = ending});
}

Replica::Replica(int32_t number, const ReplicaPlan& plan, Journal& journal)
    : plan_(plan), journal_(&journal), number_(number), line_(plan.rules.by_priority) {
  EngineRules& rules = plan_.rules;
  if (rules.blocks_max == 0) rules.blocks_max = plan.cost->kv_tokens_max() / rules.block_tokens;
  blocks_.reset(rules.blocks_max, rules.caches_prefixes ? rules.prefix_unit_tokens / rules.block_tokens : 0);
  at_residue_.assign(static_cast<std::size_t>(rules.block_tokens), 0);
}

void Replica::integrate(Picoseconds now) {
  if (now == integrated_) return;
  const double passed_s = static_cast<double>(now - integrated_) / kSecond;
  totals_.waiting_s += static_cast<double>(waiting()) * passed_s;
  totals_.present_s += static_cast<double>(requests_) * passed_s;
  integrated_ = now;
}

// A boundary at the very time of another replica's event has passed where this one's number is the lower.
Picoseconds Replica::moment(Picoseconds now) const {
  return now + (journal_->turn > number_ ? 1 : 0);
}

// The phase ends with the step that is in progress.
void Replica::cut(Picoseconds now) {
  if (phase_.steps <= 1) return;
  phase_.steps = std::min(phase_.steps, phase_.steps_before(moment(now)) + 1);
  event_ = phase_.end();
}

// The phase ends where what arrives now can be in the next step; formed ahead, that is one that begins after the next.
void Replica::cut_for_arrival(Picoseconds now) {
  if (!plan_.rules.schedules_ahead) return cut(now);
  if (phase_.steps <= 1) return;
  const int64_t begun = now == phase_.start ? 0 : phase_.steps_before(now) + 1;
  phase_.steps = std::min(phase_.steps, begun + 1);
  event_ = phase_.end();
}

void Replica::wake(Picoseconds now) {
  if (phase_.steps == 0 && event_ == kNever && !is_down_ && !is_paused_) event_ = now;
}

bool Replica::has_room() const {
  return running() + static_cast<int64_t>(held_.size()) + reserved_ < plan_.rules.sequences_max;
}

bool Replica::can_hold(const Sequence& sequence) const {
  const EngineRules& rules = plan_.rules;
  // the last token is sampled, never computed; a prefill replica samples the first only
  int64_t tokens = sequence.prompt;
  if (plan_.role != ReplicaRole::prefill) tokens += sequence.output - 1;
  if (!rules.chunks_prompts && tokens > rules.step_tokens_max) return false;
  return blocks_for(tokens + rules.speculation.tokens) <= blocks_.total();
}

void Replica::enqueue(int32_t slot, Picoseconds now) {
  integrate(now);
  Sequence& it = journal_->pool[slot];
  it.stand = Stand::arriving;
  it.replica = number_;
  it.enqueued = now;
  ++requests_;
  prompt_tokens_ += it.prompt;
  const bool is_next = line_.count() == 0 || line_.by_priority();
  arriving_.push_back(slot);
  wake(now);
  if (is_next && has_room() && !plan_.rules.is_static) cut_for_arrival(now);
}

int64_t Replica::blocks_used(Picoseconds now) const {
  int64_t used = blocks_.total() - blocks_.available();
  // a phase takes the blocks of its later steps when it ends
  if (phase_.steps > 1) used += crossings(step_ + 1, phase_.steps_before(moment(now)));
  return used;
}

bool Replica::can_reserve(int64_t tokens, Picoseconds now) const {
  return has_room() && blocks_for(tokens) <= blocks_.total() - blocks_used(now);
}

void Replica::reserve(int64_t tokens, Picoseconds now) {
  integrate(now);
  cut(now);  // its later steps counted on these blocks
  blocks_.take(blocks_for(tokens));
  ++reserved_;
  ++requests_;
}

void Replica::unreserve(int64_t tokens, Picoseconds now) {
  integrate(now);
  blocks_.give(blocks_for(tokens));
  --reserved_;
  --requests_;
  cut(now);
  wake(now);
}

void Replica::join(int32_t slot, Picoseconds now) {
  integrate(now);
  Sequence& it = journal_->pool[slot];
  it.replica = number_;
  it.enqueued = now;
  prompt_tokens_ += it.prompt;
  joining_.push_back(slot);
  wake(now);
  cut_for_arrival(now);
}

void Replica::let_go(int32_t slot, Picoseconds now) {
  integrate(now);
  Sequence& it = journal_->pool[slot];
  release(slot, blocks_for(it.computed));
  --requests_;
  prompt_tokens_ -= it.prompt;
  cut(now);
  wake(now);
}

void Replica::abort(int32_t slot, Picoseconds now, Ending ending) {
  integrate(now);
  Sequence& it = journal_->pool[slot];
  --requests_;
  prompt_tokens_ -= it.prompt;
  if (it.stand == Stand::prefill || it.stand == Stand::decode) {
    abort_running(slot, now, ending);
  } else {
    journal_->report(slot, now, ending);
    if (it.stand == Stand::arriving) std::erase(arriving_, slot);
    if (it.stand == Stand::waiting) line_.remove(journal_->pool, slot);
    if (it.stand == Stand::moving) {  // it is here, but the batch has not taken it
      std::erase(joining_, slot);
      --reserved_;
      release(slot, blocks_for(it.computed));
    }
    journal_->pool.remove(slot);
  }
  // who stood behind it may have its place at the next boundary
  cut(now);
  wake(now);
}

// Its tokens of the steps that are over count; the step in progress computes it for nothing.
void Replica::abort_running(int32_t slot, Picoseconds now, Ending ending) {
  Sequence& it = journal_->pool[slot];
  if (it.stand == Stand::decode && !is_speculative()) {
    const auto found = std::ranges::find(decoding_, slot, &Decoding::slot);
    ASSERT(found != decoding_.end());
    const int64_t done = chunks_.empty() ? phase_.steps_before(now) : 0;
    totals_.output_tokens += done;
    leave_decode(*found, step_ + done);
    found->join_step = step_ + done;  // what it computes until it leaves is no one's
    found->computed = it.computed;
  }
  it.stand = Stand::ended;
  ++ended_;
  journal_->report(slot, now, ending);
}

// Those who are reported, but were not out of the batch yet, are gone; `taken` are to be served elsewhere.
void Replica::forget(std::vector<int32_t>& taken) {
  SequencePool& pool = journal_->pool;
  for (const int32_t slot : held_) pool.remove(slot);
  std::erase_if(taken, [&](int32_t slot) {
    const bool is_over = pool[slot].stand == Stand::ended;
    if (is_over) pool.remove(slot);
    return is_over;
  });
  for (const int32_t slot : taken) pool[slot].restart();
}

std::vector<int32_t> Replica::fail(Picoseconds now) {
  integrate(now);
  if (phase_.steps > 0) {
    const int64_t done = is_speculative() || !chunks_.empty() ? 0 : phase_.steps_before(now);
    totals_.busy += now - phase_.start - phase_.length(done);
    if (done > 0) {
      book(done);
      pass_decodes(done);
    }
  }
  std::vector<int32_t> taken;
  for (const Decoding& it : decoding_) {
    if (journal_->pool[it.slot].stand != Stand::ended) leave_decode(it, step_);
    taken.push_back(it.slot);
  }
  taken.insert(taken.end(), prefilling_.begin(), prefilling_.end());
  taken.insert(taken.end(), joining_.begin(), joining_.end());
  for (int32_t slot = line_.front(journal_->pool); slot >= 0; slot = line_.front(journal_->pool)) {
    line_.remove(journal_->pool, slot);
    taken.push_back(slot);
  }
  taken.insert(taken.end(), arriving_.begin(), arriving_.end());
  forget(taken);
  for (auto* list : {&arriving_, &joining_, &prefilling_, &held_, &leaving_}) list->clear();
  decoding_.clear();
  chunks_.clear();
  std::fill(at_residue_.begin(), at_residue_.end(), 0);
  blocks_.reset(blocks_.total(), blocks_.unit_blocks());
  phase_.steps = context_ = requests_ = prompt_tokens_ = 0;
  reserved_ = ended_ = 0;
  first_done_ = event_ = kNever;
  follows_ = false;
  is_down_ = true;
  return taken;
}

// What is held is what its holders hold, and what the sums say is what the sequences say.
void Replica::check() const {
  int64_t context = 0, blocks = 0, units = 0;
  std::vector<int64_t> at_residue(at_residue_.size(), 0);
  const auto& pool = journal_->pool;
  for (const Decoding& it : decoding_) {
    context += computed_of(it);
    blocks += blocks_of(it) - static_cast<int64_t>(pool[it.slot].units) * blocks_.unit_blocks();
    units += pool[it.slot].units;
    ++at_residue[residue_of(it)];
  }
  ASSERT(context == context_ && at_residue == at_residue_);
  for (int32_t slot = 0; slot < pool.slot_count(); ++slot) {
    const Sequence& it = pool[slot];
    const bool is_reserved = it.decoder == number_;
    if ((it.replica != number_ && !is_reserved) || it.stand == Stand::gone || it.stand == Stand::decode) continue;
    if (std::ranges::find(decoding_, slot, &Decoding::slot) != decoding_.end()) continue;
    const bool is_held = std::ranges::find(held_, slot) != held_.end();
    const int64_t tokens = it.computed + (is_reserved ? 0 : it.chunk);
    const int64_t holds = is_held ? it.blocks : blocks_for(tokens);
    const int64_t shared = it.replica == number_ ? it.units : 0;
    blocks += holds - shared * blocks_.unit_blocks();
    units += shared;
  }
  // the blocks of the step that runs are taken when it is formed
  int64_t ahead = 0;
  if (phase_.steps > 0 && !is_speculative()) ahead = crossings(step_);
  ASSERT(units == blocks_.holds());
  ASSERT(blocks + ahead + blocks_.held_units() * blocks_.unit_blocks() == blocks_.total() - blocks_.available());
}

void Replica::slow(Picoseconds now, double factor) {
  cut(now);
  factor_ = factor;
}

void Replica::pause(Picoseconds now) {
  cut(now);
  is_paused_ = true;
  if (phase_.steps == 0) event_ = kNever;
}

void Replica::resume(Picoseconds now) {
  is_paused_ = false;
  if (running() + waiting() + static_cast<int64_t>(joining_.size()) > 0) wake(now);
}

}  // namespace beltline::serving
