#include "perf/steady_load.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace beltline::perf {

namespace {

constexpr double kPicosecond = 1e-12;
constexpr double kFreeShare = 0.05;  // of the cache, for sequences that are longer than the mean
constexpr int kRounds = 2;           // of the fixed point of D: a prompt's time is short beside its answer's
constexpr std::size_t kChunksMax = 64;

/// One kind of step: so many tokens of prompts beside so many decodes.
class MeanStep {
 public:
  /// @param prompts  prompts of which a piece is computed; their pieces share `tokens`
  MeanStep(const Workload& workload, double tokens, double prompts, double decodes) {
    step_.decodes = static_cast<int32_t>(std::lround(decodes));
    step_.decode_context = std::llround(step_.decodes * workload.mean_context());
    if (tokens <= 0) return;
    const auto count = std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(prompts)), 1, kChunksMax);
    const double piece = tokens / static_cast<double>(count);
    // a piece begins, in the mean, where half of what is not in it has been computed
    const double cached = static_cast<double>(workload.input_tokens) - workload.computed_tokens();
    const double before = cached + std::max(0.0, workload.computed_tokens() - piece) / 2;
    const Chunk chunk{.tokens = std::max(1, static_cast<int32_t>(std::lround(piece))),
                      .context = std::llround(before),
                      .is_last = piece >= 0.5 * workload.computed_tokens()};
    std::fill_n(chunks_.begin(), count, chunk);
    step_.chunks = {chunks_.data(), count};
  }
  // the step looks into this object
  MeanStep(const MeanStep&) = delete;
  MeanStep& operator=(const MeanStep&) = delete;

  [[nodiscard]] const Step& step() const { return step_; }
  [[nodiscard]] bool is_empty() const { return step_.decodes == 0 && step_.chunks.empty(); }

 private:
  std::array<Chunk, kChunksMax> chunks_ = {};
  Step step_;
};

double seconds_of(const ReplicaCost& cost, const MeanStep& mean) {
  return mean.is_empty() ? 0 : static_cast<double>(cost.step(mean.step())) * kPicosecond;
}

double energy_of(const ReplicaCost& cost, const MeanStep& mean) {
  return mean.is_empty() ? 0 : cost.step_energy_J(mean.step());
}

/// How the prompts of a load fall into steps.
struct PromptPattern {
  double steps = 1;    // that one prompt takes
  double share = 0;    // of steps that carry prompts
  double tokens = 0;   // in such a step
  double prompts = 1;  // in such a step
  double use = 0;      // ρ
};

/// Each copy of attention has a scheduler of its own with the policy's budget, and a prompt is computed by one of them.
PromptPattern pattern_of(const BatchPolicy& policy, const Workload& workload, double copies, double decodes) {
  const double computed = workload.computed_tokens();
  double room = static_cast<double>(policy.tokens_max);
  if (policy.mixes) room = std::max(room - decodes / copies, 1.0);
  if (!policy.chunks) room = std::max(room, computed);
  PromptPattern out;
  out.steps = std::ceil(computed / room);
  const double arrivals = decodes / static_cast<double>(workload.output_tokens);  // a step
  out.use = arrivals * computed / (room * copies);
  out.share = std::min(1.0, arrivals * out.steps);
  // of a load that cannot be borne, what a step can hold
  out.tokens = out.share > 0 ? std::min(arrivals * computed / out.share, room * copies) : std::min(computed, room);
  out.prompts = out.share < 1 ? 1 : arrivals;
  return out;
}

double copies_of(const ReplicaCost& cost) {
  return cost.deployment().parallelism.attention_data;
}

/// Waiting for others of one's kind over service, M/D/1.
double wait_factor(double use) {
  return use < 1 ? use / (2 * (1 - use)) : std::numeric_limits<double>::infinity();
}

/// The mean step at this many decodes.
SteadyLoad times_of(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double decodes) {
  const PromptPattern p = pattern_of(policy, workload, copies_of(cost), decodes);
  const double plain_s = seconds_of(cost, MeanStep(workload, 0, 0, decodes));
  const double full_s = seconds_of(cost, MeanStep(workload, p.tokens, p.prompts, policy.mixes ? decodes : 0));
  SteadyLoad out;
  // what passes from one token of a sequence to its next
  if (policy.mixes) {
    out.tpot_s = p.share * full_s + (1 - p.share) * plain_s;
    out.prompt_use = p.use;
  } else {
    out.tpot_s = plain_s + p.share * full_s;
    out.prompt_use = p.share * full_s / out.tpot_s;
  }
  out.ttft_s = cost.request_latency_s(workload.input_tokens) + out.tpot_s / 2 +
               p.steps * full_s * (1 + wait_factor(out.prompt_use));
  out.requests_per_s = decodes / (static_cast<double>(workload.output_tokens) * out.tpot_s);
  return out;
}

double power_of(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double decodes,
                double tpot_s) {
  const PromptPattern p = pattern_of(policy, workload, copies_of(cost), decodes);
  const double plain = energy_of(cost, MeanStep(workload, 0, 0, decodes));
  const double full = energy_of(cost, MeanStep(workload, p.tokens, p.prompts, policy.mixes ? decodes : 0));
  return (p.share * full + (policy.mixes ? 1 - p.share : 1) * plain) / tpot_s;
}

struct FixedPoint {
  SteadyLoad load;
  double decodes = 0;
};

FixedPoint settle(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double sequences) {
  FixedPoint out{.load = {}, .decodes = sequences};
  for (int round = 0;; ++round) {
    out.load = times_of(cost, policy, workload, out.decodes);
    out.load.sequences = sequences;
    if (round == kRounds) return out;
    const double prompts = std::isfinite(out.load.ttft_s) ? out.load.ttft_s * out.load.requests_per_s : sequences;
    // D = sequences − prompts, where prompts grow with D: as if in proportion, which never goes below nothing
    const double next = sequences / (1 + prompts / out.decodes);
    out.decodes = std::clamp(next, 0.01 * sequences, sequences);
  }
}

}  // namespace

double Workload::computed_tokens() const {
  return std::max(1.0, static_cast<double>(input_tokens) * (1 - cached_share));
}

double Workload::mean_context() const {
  return static_cast<double>(input_tokens) + static_cast<double>(output_tokens) / 2;
}

SteadyLoad mixed_times(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double sequences) {
  return settle(cost, policy, workload, sequences).load;
}

SteadyLoad mixed_load(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double sequences) {
  FixedPoint found = settle(cost, policy, workload, sequences);
  found.load.power_W = power_of(cost, policy, workload, found.decodes, found.load.tpot_s);
  return found.load;
}

double decode_time_s(const ReplicaCost& cost, const Workload& workload, double sequences) {
  return seconds_of(cost, MeanStep(workload, 0, 0, sequences));
}

SteadyLoad decode_load(const ReplicaCost& cost, const Workload& workload, double sequences) {
  const MeanStep mean(workload, 0, 0, sequences);
  const double seconds = seconds_of(cost, mean);
  return {.sequences = sequences,
          .ttft_s = 0,
          .tpot_s = seconds,
          .requests_per_s = sequences / (static_cast<double>(workload.output_tokens) * seconds),
          .power_W = energy_of(cost, mean) / seconds,
          .prompt_use = 0};
}

namespace {

/// Steps in which a replica that only computes prompts is done with one.
double prompt_steps(const BatchPolicy& policy, const Workload& workload) {
  return policy.chunks ? std::ceil(workload.computed_tokens() / static_cast<double>(policy.tokens_max)) : 1;
}

}  // namespace

double prompt_service_s(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload) {
  const double steps = prompt_steps(policy, workload);
  const double copies = copies_of(cost);
  return steps * seconds_of(cost, MeanStep(workload, copies * workload.computed_tokens() / steps, copies, 0));
}

double prompt_ttft_s(const ReplicaCost& cost, const Workload& workload, double service_s, double use,
                     double transfer_s) {
  return cost.request_latency_s(workload.input_tokens) + service_s * (1 + wait_factor(use)) + transfer_s;
}

SteadyLoad prompt_load(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double use,
                       double transfer_s) {
  const double steps = prompt_steps(policy, workload);
  const double copies = copies_of(cost);
  const MeanStep mean(workload, copies * workload.computed_tokens() / steps, copies, 0);
  const double service_s = steps * seconds_of(cost, mean);
  const double rate = copies * use / service_s;
  const double ttft = cost.request_latency_s(workload.input_tokens) + service_s * (1 + wait_factor(use)) + transfer_s;
  return {.sequences = ttft * rate,
          .ttft_s = ttft,
          .tpot_s = 0,
          .requests_per_s = rate,
          .power_W = cost.idle_W() * (1 - use) + steps * energy_of(cost, mean) * rate / copies,
          .prompt_use = use};
}

Basis PartBases::worst() const {
  return worse(worse(worse(projections, attention), worse(experts, messages)), head);
}

PartBases worse(const PartBases& a, const PartBases& b) {
  return {.projections = worse(a.projections, b.projections),
          .attention = worse(a.attention, b.attention),
          .experts = worse(a.experts, b.experts),
          .messages = worse(a.messages, b.messages),
          .head = worse(a.head, b.head)};
}

PartBases bases_of(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double decodes,
                   bool has_prompts) {
  const auto bases = [&](const Step& step) {
    const StepParts parts = cost.parts(step);
    const auto basis = [](const Work& work) { return work.seconds > 0 ? work.basis : Basis::measured; };
    return PartBases{.projections = basis(parts.projections),
                     .attention = basis(parts.attention),
                     .experts = basis(parts.experts),
                     .messages = basis(parts.messages),
                     .head = basis(parts.head)};
  };
  PartBases out;
  if (decodes > 0) out = bases(MeanStep(workload, 0, 0, decodes).step());
  if (!has_prompts) return out;
  const PromptPattern p = pattern_of(policy, workload, copies_of(cost), std::max(decodes, 1.0));
  return worse(out, bases(MeanStep(workload, p.tokens, p.prompts, policy.mixes ? decodes : 0).step()));
}

double sequences_max(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload) {
  const double in_memory = static_cast<double>(cost.kv_tokens_max()) * (1 - kFreeShare) / workload.mean_context();
  return std::floor(std::min(in_memory, policy.sequences_max * copies_of(cost)));
}

}  // namespace beltline::perf
