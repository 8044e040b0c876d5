// A cluster of replicas of one model, request by request: what vLLM v1 does with each, to the picosecond.
//
// A cluster is a value that time is pushed through from outside, so that whoever stands above it — sites, power caps,
// outages, autoscaling — decides between its events:
//
//     Cluster cluster(rules);
//     cluster.add_replica({.cost = &cost, .rules = engine});
//     for (const Request& request : trace) cluster.submit(request);   // times never go backwards
//     cluster.finish();
//     for (const Completion& completion : cluster.completions()) …
//
// Each call with a time `at` first plays every event before `at`. Events of the same time come in this order: calls in
// the order they are made, then ends of transfers and timers by the order in which they were set, then the replicas by
// number. There is nothing random but the draws of speculative decoding and of `Routing::two_choices`, which are pure
// functions of (seed, request): the same calls give the same bytes, on any thread. Time ends after 104 days.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "perf/step_cost.h"

namespace beltline::serving {

using perf::Picoseconds;

inline constexpr Picoseconds kSecond = 1'000'000'000'000;
inline constexpr Picoseconds kNever = std::numeric_limits<Picoseconds>::max();

/// A draft of `tokens` is checked in one step; each is accepted with `acceptance` until the first that is not. The step
/// decodes `tokens` + 1 positions a sequence. Source: Leviathan et al. 2023, arXiv:2211.17192, equation 1.
struct Speculation {
  int32_t tokens = 0;     // 0: none
  double acceptance = 0;  // [0, 1]
  Picoseconds draft = 0;  // what drafting takes, a step
};

/// How an engine forms its steps; the defaults are vLLM's.
struct EngineRules {
  int32_t step_tokens_max = 8192;   // max_num_batched_tokens: prompt pieces and decodes of one step together
  int32_t sequences_max = 256;      // max_num_seqs, at most step_tokens_max
  int32_t chunk_max = 0;            // long_prefill_token_threshold: of one prompt in a step; 0: what the budget leaves
  bool chunks_prompts = true;       // else a prompt waits until it fits whole into a step (it must fit an empty one)
  bool reserves_prompts = true;     // scheduler_reserve_full_isl: one is admitted when blocks for all of it are free
  bool is_static = false;           // a batch is formed when nothing runs, and no one joins it
  bool by_priority = false;         // waiting and preemption by (priority, arrival); else by arrival
  bool schedules_ahead = false;     // async scheduling: a step is formed while the one before it runs
  int32_t block_tokens = 16;        // of keys and values, a block
  int64_t blocks_max = 0;           // 0: what StepCost::kv_tokens_max holds
  bool caches_prefixes = false;     // automatic prefix caching, least recently used leaves first
  int32_t prefix_unit_tokens = 16;  // tokens under one hash of Request::prefix; whole blocks (Mooncake's trace: 512)
  int32_t requests_max = 0;         // waiting and running; one more is refused. 0: no limit
  Speculation speculation;
};

/// What a replica does in a cluster that splits prefill from decode. Where a replica prefills, all others decode.
enum class ReplicaRole : uint8_t { whole, prefill, decode };

struct ReplicaPlan {
  const perf::StepCost* cost = nullptr;  // outlives the cluster; replicas may share it
  EngineRules rules;
  ReplicaRole role = ReplicaRole::whole;
};

enum class Routing : uint8_t {
  round_robin,
  least_requests,  // fewest unfinished requests
  least_tokens,    // fewest prompt tokens of unfinished requests
  two_choices,     // the one with fewer requests, of two drawn (Mitzenmacher 2001)
  affinity,        // same session, or same first prefix hash: same replica, unless it has `affinity_slack` × the mean
  central,         // one queue before all: a replica takes when it has a free place
};

/// The way of keys and values from prefill to decode. One message at a time leaves a prefill replica.
struct KvLink {
  double bytes_per_s = 0;  // > 0 where a replica prefills
  Picoseconds latency = 0;
  double bytes_per_token = 0;
};

struct ClusterRules {
  Routing routing = Routing::least_requests;
  double affinity_slack = 1.5;  // and at least 8 requests more than the mean
  KvLink link;
  uint64_t seed = 1;
  bool counts_energy = false;  // asks StepCost::step_energy_J for each phase
  bool records_steps = false;  // keeps what `token_times` needs: memory grows with the steps
};

struct Request {
  uint64_t id = 0;  // the caller's; keys the request's draws, so let it be unique
  Picoseconds arrival = 0;
  int32_t prompt_tokens = 1;         // ≥ 1
  int32_t output_tokens = 1;         // ≥ 1
  int32_t priority = 0;              // lower goes first
  uint64_t session = 0;              // 0: none
  std::span<const uint64_t> prefix;  // hash of each whole unit of the prompt with all before it; copied
  Picoseconds patience = kNever;     // after arrival; gives up unless a step has begun to compute it
  Picoseconds timeout = kNever;      // after arrival; aborted unless it has finished
};

enum class Ending : uint8_t {
  finished,
  refused,    // requests_max
  too_long,   // prompt and output never fit into the replica's memory, or an unchunked prompt into a step
  gave_up,    // patience
  timed_out,  // timeout
  cancelled,  // Cluster::cancel
  lost,       // its replica failed, and it was not queued again
};

/// What became of a request. Times are −1 where it did not come to that.
struct Completion {
  uint64_t id = 0;
  Picoseconds arrival = 0;
  Picoseconds scheduled = -1;    // the first step that computes a part of it begins
  Picoseconds first_token = -1;  // the step ends that samples it
  Picoseconds finish = 0;        // of the last token, or of what ended it
  int32_t prompt_tokens = 0;
  int32_t output_tokens = 0;  // asked for
  int32_t generated = 0;      // sampled
  int32_t cached_tokens = 0;  // of the prompt, found in the cache when it was first scheduled
  int32_t replica = -1;       // the last that had it
  uint16_t preemptions = 0;   // recomputed because blocks ran out
  uint16_t restarts = 0;      // queued again because a replica failed
  Ending ending = Ending::finished;
};

/// How a cluster or replica stands, for who routes, scales or admits.
struct Load {
  int64_t requests = 0;       // unfinished
  int64_t waiting = 0;        // of them, those that hold no place in a batch
  int64_t prompt_tokens = 0;  // of unfinished requests
  int64_t blocks_used = 0;    // of keys and values that a request holds
  int64_t blocks_max = 0;
  int64_t places = 0;    // sequences_max over the replicas that accept
  int32_t replicas = 0;  // that accept
};

/// Sums since the start. `prompt_tokens` counts what was computed, again after a preemption; a cached token not at all.
struct ReplicaTotals {
  int64_t steps = 0;
  Picoseconds busy = 0;  // steps ran
  int64_t prompt_tokens = 0;
  int64_t output_tokens = 0;  // sampled
  int64_t cached_tokens = 0;  // found in the prefix cache
  int64_t preemptions = 0;
  int64_t finished = 0;
  double waiting_s = 0;  // integral over time of requests that wait, request · s
  double present_s = 0;  // of those that wait or run
  double energy_J = 0;   // of steps, as StepCost tells them; idle power is the caller's to add
};

enum class Casualties : uint8_t { requeue, lose };  // what becomes of the requests of a failed replica

/// Steps that one after the other take `first`, `first + growth`, `first + 2·growth` …
struct StepRun {
  int32_t replica = 0;
  int64_t step = 0;  // number of the first, counted by replica
  int64_t count = 0;
  Picoseconds start = 0, first = 0, growth = 0;
};

/// Tokens of a request that steps sampled, `tokens_per_step` each.
struct TokenRun {
  uint64_t id = 0;
  int32_t replica = 0;
  int64_t step = 0;
  int32_t steps = 0;
  int32_t tokens_per_step = 1;
};

class Cluster {
 public:
  explicit Cluster(const ClusterRules& rules);
  ~Cluster();
  Cluster(Cluster&&) noexcept;
  Cluster& operator=(Cluster&&) noexcept;

  /// @returns its number, from 0 on. It accepts requests from `ready` on: weights load until then.
  /// @errors  rules that contradict themselves are a Bug; `fault_of` tells beforehand
  int32_t add_replica(const ReplicaPlan& plan, Picoseconds at = 0, Picoseconds ready = 0);
  /// It finishes what it has and takes nothing new, until `accept`.
  void drain(int32_t replica, Picoseconds at);
  void accept(int32_t replica, Picoseconds at);
  /// Everything in its memory is gone, and the step in progress. Tokens sampled before stay sampled: a request that is
  /// queued again recomputes them with its prompt. It accepts again from `repaired` on (kNever: until `repair`).
  void fail(int32_t replica, Picoseconds at, Picoseconds repaired, Casualties casualties = Casualties::requeue);
  void repair(int32_t replica, Picoseconds at);
  /// Steps that begin from `at` on take `factor` times as long: a power cap. 1: full speed. > 0.
  void slow(int32_t replica, Picoseconds at, double factor);
  /// No step begins from `at` on until `resume`; who waits, waits.
  void pause(int32_t replica, Picoseconds at);
  void resume(int32_t replica, Picoseconds at);

  /// Routes the request at its arrival, or keeps it until a replica accepts.
  /// @cost  amortised about 1 µs a request, with all that happens to it; O(log replicas); with `affinity` O(replicas)
  void submit(const Request& request);
  /// As submit, to a replica of the caller's choice.
  void submit_to(int32_t replica, const Request& request);
  /// @returns false where no unfinished request has this id. O(unfinished requests).
  bool cancel(uint64_t id, Picoseconds at);

  /// Plays all events before `at`; events at `at` itself stay, so that a request arriving then is seen by them.
  void advance(Picoseconds at);
  /// Plays until no event is left. Requests for which no replica accepts stay unfinished.
  void finish();
  /// Of the next event, kNever where there is none.
  [[nodiscard]] Picoseconds next_event() const;
  [[nodiscard]] Picoseconds now() const;

  /// Those that ended since the last `clear_completions`, in the order of their ends. Valid until the next call that
  /// plays events. Memory is bounded by the requests that are unfinished and those that are not cleared.
  [[nodiscard]] std::span<const Completion> completions() const;
  void clear_completions();

  [[nodiscard]] Load load() const;
  [[nodiscard]] Load load(int32_t replica) const;
  /// Tokens at the start of `prefix` that the best replica has in its cache. O(replicas · units found).
  [[nodiscard]] int64_t cached_tokens(std::span<const uint64_t> prefix) const;
  /// As of the last event of the replica: phases that are under way are not in it until they end or are cut.
  [[nodiscard]] const ReplicaTotals& totals(int32_t replica) const;
  [[nodiscard]] int32_t replica_count() const;

  /// With `records_steps`, in order of time by replica.
  [[nodiscard]] std::span<const StepRun> step_runs() const;
  [[nodiscard]] std::span<const TokenRun> token_runs() const;
  /// Holds requests and tokens, blocks and places against each other: what came in has ended or is here, and what is
  /// held is what its holders hold. A mismatch is a Bug. O(unfinished requests).
  void check_conservation() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// What contradicts itself in a plan, in words that follow "a replica whose …"; "" where nothing does.
std::string fault_of(const ReplicaPlan& plan);

/// When each token of a request was sampled, from what `records_steps` kept.
/// @cost O(runs)
std::vector<Picoseconds> token_times(const Cluster& cluster, uint64_t id);

}  // namespace beltline::serving
