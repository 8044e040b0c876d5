#include "perf/estimate.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace beltline::perf {

namespace {

constexpr double kPico = 1e-12;

struct Cost {
  double seconds = 0;
  double energy_J = 0;
};

Cost of_step(const ReplicaCost& cost, const Step& step) {
  return {.seconds = static_cast<double>(cost.step(step)) * kPico, .energy_J = cost.step_energy_J(step)};
}

Cost decode_step(const ReplicaCost& cost, double decodes, double context) {
  const auto n = std::max<int32_t>(static_cast<int32_t>(std::lround(decodes)), 1);
  return of_step(cost, {.chunks = {}, .decodes = n, .decode_context = static_cast<int64_t>(n * context)});
}

/// What one of `together` prompts adds to the step that they share with `decodes` sequences; a prompt that does not fit
/// into a step takes several.
Cost prompt_cost(const ReplicaCost& cost, const Traffic& traffic, double decodes, double context, double together,
                 const BatchPolicy& policy) {
  const auto n = policy.mixes ? static_cast<int32_t>(std::lround(decodes)) : 0;
  const Cost bare = n > 0 ? decode_step(cost, n, context) : Cost{};
  const int64_t copies = cost.deployment().parallelism.attention_data;
  const int64_t room = std::max<int64_t>(policy.tokens_max * copies - n, 1);
  const int64_t most = policy.chunks ? std::max<int64_t>(room / copies, 1) : traffic.prompt_tokens;
  const auto fit = std::max<int64_t>(room / std::max<int64_t>(traffic.prompt_tokens, 1), 1);
  const auto count =
      static_cast<std::size_t>(std::clamp<int64_t>(std::llround(together), 1, std::min<int64_t>(fit, 256)));
  std::vector<Chunk> chunks(count);
  Cost all;
  for (int64_t done = 0; done < traffic.prompt_tokens; done += most) {
    const Chunk chunk{.tokens = static_cast<int32_t>(std::min(most, traffic.prompt_tokens - done)),
                      .context = done,
                      .is_last = done + most >= traffic.prompt_tokens};
    std::ranges::fill(chunks, chunk);
    const Cost with =
        of_step(cost, {.chunks = chunks, .decodes = n, .decode_context = static_cast<int64_t>(n * context)});
    all.seconds += (with.seconds - bare.seconds) / static_cast<double>(count);
    all.energy_J += (with.energy_J - bare.energy_J) / static_cast<double>(count);
  }
  return all;
}

double mean_context(const Traffic& traffic) {
  return static_cast<double>(traffic.prompt_tokens) + static_cast<double>(traffic.output_tokens) / 2;
}

}  // namespace

int32_t concurrency_max(const ReplicaCost& cost, const Traffic& traffic, const BatchPolicy& policy) {
  const int64_t each = traffic.prompt_tokens + (policy.reserves ? traffic.output_tokens : traffic.output_tokens / 2);
  return static_cast<int32_t>(
      std::min<int64_t>(cost.kv_tokens_max() / std::max<int64_t>(each, 1), policy.sequences_max));
}

Estimate estimate(const ReplicaCost& cost, const Traffic& traffic, int32_t concurrency, const BatchPolicy& policy) {
  const double fits = concurrency_max(cost, traffic, policy);
  if (fits < 1 || concurrency < 1) return {};
  const double c = std::min<double>(concurrency, fits);
  const double context = mean_context(traffic);
  const double outputs = std::max<double>(static_cast<double>(traffic.output_tokens) - 1, 0);
  double n = c;
  Estimate e;
  Cost decode;
  Cost prompt;
  for (int i = 0; i < 12; ++i) {
    decode = decode_step(cost, n, context);
    // as many prompts come into a step as sequences end in it, or one; they lie on the copies of attention where those
    // ended, and no engine holds them back until every copy has one unless it is told to
    const double together = std::max(outputs > 0 ? n / outputs : c, 1.0);
    prompt = prompt_cost(cost, traffic, n, context, together, policy);
    const double rate = 1 / (outputs * decode.seconds / n + prompt.seconds);
    const double busy = std::min(rate * prompt.seconds, 1 - 1e-9);
    const double queue = std::min(busy / (2 * (1 - busy)), (c - 1) / 2);
    const double step = decode.seconds + together * prompt.seconds;
    e.ttft_s = cost.request_latency_s(traffic.prompt_tokens) + step + queue * prompt.seconds;
    e.requests_per_s = rate;
    e.prefill_share = busy;
    const double next = std::clamp(c - rate * e.ttft_s, std::min(c, 1.0), c);
    if (std::abs(next - n) < 0.01 * n) break;
    n = (n + next) / 2;
  }
  e.tpot_s = outputs > 0 ? decode.seconds + n * prompt.seconds / outputs : 0;
  e.decodes = n;
  e.concurrency = concurrency;
  // those that do not fit wait for a place
  e.ttft_s += (concurrency - c) / e.requests_per_s;
  e.output_tokens_per_s = e.requests_per_s * static_cast<double>(traffic.output_tokens);
  e.power_W = e.requests_per_s * (prompt.energy_J + outputs / n * decode.energy_J);
  e.energy_per_output_token_J = e.power_W / e.output_tokens_per_s;
  e.basis = cost.parts({.chunks = {},
                        .decodes = static_cast<int32_t>(std::max(std::lround(n), 1L)),
                        .decode_context = static_cast<int64_t>(n * context)})
                .basis();
  return e;
}

Estimate estimate_offline(const ReplicaCost& cost, const Traffic& traffic, const BatchPolicy& policy) {
  return estimate(cost, traffic, concurrency_max(cost, traffic, policy), policy);
}

Estimate estimate(const SplitPools& pools, const Traffic& traffic, int32_t concurrency, const BatchPolicy& policy) {
  ClosedLoop loop{.prompt_tokens = traffic.prompt_tokens,
                  .output_tokens = traffic.output_tokens,
                  .concurrency = concurrency,
                  .rounds = 1 << 20,  // the steady state: the first burst counts for nothing
                  .request_latency_s = pools.prefill->request_latency_s(traffic.prompt_tokens),
                  .policy = policy};
  const LoopResult result = run(pools, loop);
  Estimate e{.ttft_s = result.ttft_s,
             .tpot_s = result.tpot_s,
             .requests_per_s = result.output_tokens_per_s / static_cast<double>(traffic.output_tokens),
             .output_tokens_per_s = result.output_tokens_per_s,
             .concurrency = static_cast<double>(concurrency)};
  e.decodes = e.requests_per_s * static_cast<double>(traffic.output_tokens - 1) * e.tpot_s;
  const double context = mean_context(traffic);
  const double copies = pools.prefill->deployment().parallelism.attention_data;
  const Cost prompt = prompt_cost(*pools.prefill, traffic, 0, 0, copies, policy);
  const double each = std::max(e.decodes / pools.decode_workers, 1.0);
  const Cost decode = decode_step(*pools.decode, each, context);
  e.prefill_share = e.requests_per_s * prompt.seconds / pools.prefill_workers;
  const double decode_share = std::min(e.decodes / pools.decode_workers, 1.0);
  e.power_W = e.requests_per_s * prompt.energy_J +
              std::max(1 - e.prefill_share, 0.0) * pools.prefill_workers * pools.prefill->idle_W() +
              pools.decode_workers *
                  (decode_share * decode.energy_J / decode.seconds + (1 - decode_share) * pools.decode->idle_W());
  e.energy_per_output_token_J = e.power_W / e.output_tokens_per_s;
  return e;
}

}  // namespace beltline::perf
