// One replica: what it computes in each step, and when the next one that matters ends.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "serving/engine.h"
#include "serving/engine_blocks.h"
#include "serving/engine_phase.h"
#include "serving/engine_sequence.h"

namespace beltline::serving {

/// What all replicas of a cluster write to.
struct Journal {
  SequencePool pool;
  std::vector<Completion> completions;
  std::vector<StepRun> step_runs;
  std::vector<TokenRun> token_runs;
  uint64_t seed = 1;
  bool counts_energy = false, records_steps = false;
  int64_t ended = 0, finished_tokens = 0;
  int32_t turn = -1;  // the replica whose event is played

  /// Reports a request. Its slot stays until who holds blocks for it lets go.
  void report(int32_t slot, Picoseconds now, Ending ending);
};

/// Between two calls of `form` a replica is in one phase: a step with pieces of prompts, or many steps without. Their
/// end is the replica's event, unless something from outside cuts the phase shorter. Sequences that decode are not
/// touched by a step: what each has follows from the number of steps since it joined.
///
/// A boundary is `complete`, whatever the cluster does in between, and `form`.
class Replica {
 public:
  Replica(int32_t number, const ReplicaPlan& plan, Journal& journal);

  [[nodiscard]] Picoseconds event() const { return event_; }
  [[nodiscard]] const ReplicaPlan& plan() const { return plan_; }

  /// The phase's end: tokens are sampled, who has all leaves. Those that go to a decode replica are in `leaving`.
  void complete(Picoseconds now);
  /// Forms the next step or phase; nothing where the replica is down, paused or has nothing to do.
  void form(Picoseconds now);
  [[nodiscard]] std::vector<int32_t>& leaving() { return leaving_; }

  void enqueue(int32_t slot, Picoseconds now);
  [[nodiscard]] bool can_reserve(int64_t tokens, Picoseconds now) const;
  /// Keeps a place and `tokens` worth of blocks for a request under way; `can_reserve`.
  void reserve(int64_t tokens, Picoseconds now);
  void unreserve(int64_t tokens, Picoseconds now);
  /// A request with a kept place is here.
  void join(int32_t slot, Picoseconds now);
  /// Frees the blocks of a request that left by `leaving`.
  void let_go(int32_t slot, Picoseconds now);
  /// A request ends from outside: at once where it waits; where it runs, its place is free when the step is over.
  void abort(int32_t slot, Picoseconds now, Ending ending);
  /// Everything is lost. @returns the requests that were here, in no order that means anything
  std::vector<int32_t> fail(Picoseconds now);
  void revive() { is_down_ = false; }
  void slow(Picoseconds now, double factor);
  void pause(Picoseconds now);
  void resume(Picoseconds now);

  /// Whether prompt and output fit at all.
  [[nodiscard]] bool can_hold(const Sequence& sequence) const;
  [[nodiscard]] int64_t requests() const { return requests_; }
  [[nodiscard]] int64_t prompt_tokens() const { return prompt_tokens_; }
  [[nodiscard]] int64_t waiting() const { return line_.count() + static_cast<int64_t>(arriving_.size()); }
  [[nodiscard]] bool is_down() const { return is_down_; }
  [[nodiscard]] const BlockPool& blocks() const { return blocks_; }
  [[nodiscard]] int64_t blocks_used(Picoseconds now) const;
  [[nodiscard]] const ReplicaTotals& totals() const { return totals_; }
  void check() const;

 private:
  /// A sequence that decodes: which, when it joined, when it is done.
  struct Decoding {
    int32_t slot;
    int32_t computed;   // tokens in the cache when it joined
    int64_t join_step;  // steps done when it joined
    int64_t last_step;  // steps done when it has all
    int64_t admitted;
  };

  // engine_replica.cpp: what comes from outside
  void integrate(Picoseconds now);
  [[nodiscard]] Picoseconds moment(Picoseconds now) const;
  void cut(Picoseconds now);
  void cut_for_arrival(Picoseconds now);
  void wake(Picoseconds now);
  void abort_running(int32_t slot, Picoseconds now, Ending ending);
  void forget(std::vector<int32_t>& taken);

  // engine_steps.cpp: what steps leave behind
  void book(int64_t count);
  void pass_decodes(int64_t count);
  void pass_speculation();
  void collect_decodes(Picoseconds now);
  void pass_prefills(Picoseconds now);
  void begin_decode(int32_t slot);
  void leave_decode(const Decoding& it, int64_t step);
  void finish(int32_t slot, Picoseconds now);
  void release(int32_t slot, int64_t blocks);
  void drop(int32_t slot, int64_t blocks);
  void release_held();

  // engine_schedule.cpp: which tokens the next step computes
  void look(Picoseconds until);
  void schedule(Picoseconds now);
  void schedule_decodes();
  void schedule_prefills();
  void admit(Picoseconds now);
  bool make_room(int64_t blocks, int32_t slot);
  [[nodiscard]] int32_t victim() const;
  void preempt(int32_t slot);
  void publish_units(int32_t slot, int64_t tokens);
  void publish_own(int32_t slot);
  [[nodiscard]] uint64_t unit_of(int32_t slot, int32_t unit) const;
  [[nodiscard]] std::span<const uint64_t> units_of(int32_t slot);
  [[nodiscard]] int64_t need_of(const Decoding& it) const;
  [[nodiscard]] int32_t chunk_of(const Sequence& it) const;

  // engine_start.cpp: how long it takes
  void start(Picoseconds now);
  void start_step(Picoseconds now);
  void start_decodes(Picoseconds now);
  [[nodiscard]] int64_t steps_with_blocks(int64_t most) const;
  [[nodiscard]] int64_t crossings(int64_t step) const;
  [[nodiscard]] int64_t crossings(int64_t step, int64_t count) const;
  [[nodiscard]] Picoseconds scaled(Picoseconds time) const;

  [[nodiscard]] bool is_speculative() const { return plan_.rules.speculation.tokens > 0; }
  [[nodiscard]] int64_t blocks_for(int64_t tokens) const {
    return (tokens + plan_.rules.block_tokens - 1) / plan_.rules.block_tokens;
  }
  [[nodiscard]] int64_t computed_of(const Decoding& it) const;
  /// (computed − step) modulo block_tokens: it stays as it is while the sequence decodes, and tells when it needs a
  /// block.
  [[nodiscard]] std::size_t residue_of(const Decoding& it) const;
  [[nodiscard]] int64_t blocks_of(const Decoding& it) const;
  [[nodiscard]] int64_t running() const { return static_cast<int64_t>(decoding_.size() + prefilling_.size()); }
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool is_empty() const { return decoding_.empty() && chunks_.empty(); }

  ReplicaPlan plan_;
  Journal* journal_;
  int32_t number_;
  BlockPool blocks_;
  WaitingLine line_;
  std::vector<int32_t> arriving_;    // not seen by the scheduler yet, in order
  std::vector<int32_t> joining_;     // from prefill replicas; their place is kept
  std::vector<Decoding> decoding_;   // by `admitted`
  std::vector<int32_t> prefilling_;  // by `admitted`
  std::vector<int32_t> held_;        // done, but the step that is formed ahead still has their place
  std::vector<int32_t> leaving_;
  std::vector<int64_t> at_residue_;  // sequences that decode, by residue
  std::vector<perf::Chunk> chunks_;  // of the step that is formed or runs
  std::vector<uint64_t> own_units_;  // of one who was preempted, while it is looked for in the cache

  Phase phase_;
  Picoseconds event_ = kNever;
  Picoseconds previous_ = 0;     // when the step before this boundary began
  Picoseconds integrated_ = 0;   // until when the totals hold the integrals
  int64_t step_ = 0;             // done
  int64_t context_ = 0;          // tokens in the cache of those that decode
  int64_t first_done_ = kNever;  // least last_step
  int64_t admissions_ = 0;
  int64_t requests_ = 0, prompt_tokens_ = 0;
  int32_t reserved_ = 0;               // places kept for requests under way
  int32_t ended_ = 0;                  // in the batch, but reported
  int32_t budget_ = 0;                 // of the step that is formed
  std::size_t scheduled_decodes_ = 0;  // in it, the first so many of decoding_
  double factor_ = 1;
  perf::DecodeLine line_of_decodes_;  // for `line_decodes_` sequences, from `line_context_` on
  int64_t line_decodes_ = -1;
  int64_t line_context_ = 0;
  ReplicaTotals totals_;
  bool is_down_ = false, is_paused_ = false;
  bool follows_ = false;    // this boundary ends a step
  bool preempted_ = false;  // in the step that is formed
  bool is_brief_ = false;   // what is formed may change at the next boundary
};

}  // namespace beltline::serving
