#include "serving/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"
#include "serving/engine_cluster.h"

namespace beltline::serving {

Cluster::Cluster(const ClusterRules& rules) : state_(std::make_unique<State>(rules)) {}
Cluster::~Cluster() = default;
Cluster::Cluster(Cluster&&) noexcept = default;
Cluster& Cluster::operator=(Cluster&&) noexcept = default;

int32_t Cluster::add_replica(const ReplicaPlan& plan, Picoseconds at, Picoseconds ready) {
  return state_->add(plan, at, ready);
}

void Cluster::drain(int32_t replica, Picoseconds at) {
  state_->advance(at, true);
  state_->set_open(replica, false);
}

void Cluster::accept(int32_t replica, Picoseconds at) {
  state_->advance(at, true);
  state_->set_open(replica, true);
}

void Cluster::fail(int32_t replica, Picoseconds at, Picoseconds repaired, Casualties casualties) {
  state_->fail(replica, at, repaired, casualties);
}

void Cluster::repair(int32_t replica, Picoseconds at) {
  state_->advance(at, true);
  state_->repair(replica);
}

void Cluster::slow(int32_t replica, Picoseconds at, double factor) {
  state_->advance(at, true);
  state_->slow(replica, factor);
}

void Cluster::pause(int32_t replica, Picoseconds at) {
  state_->advance(at, true);
  state_->pause(replica, true);
}

void Cluster::resume(int32_t replica, Picoseconds at) {
  state_->advance(at, true);
  state_->pause(replica, false);
}

void Cluster::submit(const Request& request) {
  state_->submit(request, -1);
}
void Cluster::submit_to(int32_t replica, const Request& request) {
  state_->submit(request, replica);
}

bool Cluster::cancel(uint64_t id, Picoseconds at) {
  state_->advance(at, true);
  return state_->cancel(id);
}

void Cluster::advance(Picoseconds at) {
  state_->advance(at, true);
}
void Cluster::finish() {
  state_->advance(kNever, false);
}
Picoseconds Cluster::next_event() const {
  return state_->next_event();
}
Picoseconds Cluster::now() const {
  return state_->now;
}
std::span<const Completion> Cluster::completions() const {
  return state_->journal.completions;
}
void Cluster::clear_completions() {
  state_->journal.completions.clear();
}
Load Cluster::load() const {
  return state_->load();
}
Load Cluster::load(int32_t replica) const {
  return state_->load(replica);
}
int64_t Cluster::cached_tokens(std::span<const uint64_t> prefix) const {
  return state_->cached_tokens(prefix);
}

const ReplicaTotals& Cluster::totals(int32_t replica) const {
  return state_->replicas[static_cast<std::size_t>(replica)].totals();
}

int32_t Cluster::replica_count() const {
  return static_cast<int32_t>(state_->replicas.size());
}
std::span<const StepRun> Cluster::step_runs() const {
  return state_->journal.step_runs;
}
std::span<const TokenRun> Cluster::token_runs() const {
  return state_->journal.token_runs;
}
void Cluster::check_conservation() const {
  state_->check();
}

std::string fault_of(const ReplicaPlan& plan) {
  const EngineRules& rules = plan.rules;
  if (plan.cost == nullptr) return "time of a step is not known";
  if (rules.sequences_max < 1) return fmt::format("sequences_max is {}, below 1", rules.sequences_max);
  const int64_t decoded = static_cast<int64_t>(rules.sequences_max) * (1 + rules.speculation.tokens);
  if (rules.speculation.tokens < 0 || !(rules.speculation.acceptance >= 0 && rules.speculation.acceptance <= 1)) {
    return fmt::format("speculation has {} tokens accepted at {}", rules.speculation.tokens,
                       rules.speculation.acceptance);
  }
  if (rules.step_tokens_max < decoded) {
    return fmt::format("step_tokens_max is {}, below the {} tokens that {} sequences decode in a step",
                       rules.step_tokens_max, decoded, rules.sequences_max);
  }
  if (rules.block_tokens < 1 || rules.chunk_max < 0 || rules.blocks_max < 0 || rules.requests_max < 0) {
    return "block_tokens is below 1, or chunk_max, blocks_max or requests_max below 0";
  }
  if (rules.caches_prefixes && (rules.prefix_unit_tokens < 1 || rules.prefix_unit_tokens % rules.block_tokens != 0)) {
    return fmt::format("prefix_unit_tokens is {}, not a multiple of block_tokens, {}", rules.prefix_unit_tokens,
                       rules.block_tokens);
  }
  if (rules.blocks_max == 0 && plan.cost->kv_tokens_max() < rules.block_tokens) {
    return fmt::format("memory holds {} tokens of keys and values, less than a block", plan.cost->kv_tokens_max());
  }
  return "";
}

std::vector<Picoseconds> token_times(const Cluster& cluster, uint64_t id) {
  std::vector<Picoseconds> times;
  for (const TokenRun& run : cluster.token_runs()) {
    if (run.id != id) continue;
    for (const StepRun& steps : cluster.step_runs()) {
      if (steps.replica != run.replica) continue;
      const int64_t first = std::max(run.step, steps.step);
      const int64_t last = std::min(run.step + run.steps, steps.step + steps.count);
      for (int64_t step = first; step < last; ++step) {
        const int64_t count = step - steps.step + 1;
        const Picoseconds end = steps.start + count * steps.first + steps.growth * (count * (count - 1) / 2);
        times.insert(times.end(), static_cast<std::size_t>(run.tokens_per_step), end);
      }
    }
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace beltline::serving
