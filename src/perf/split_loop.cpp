#include "perf/split_loop.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace beltline::perf {

namespace {

double seconds(Picoseconds time) {
  return static_cast<double>(time) * 1e-12;
}

/// Prompts of all copies of attention at a time, each computed in chunks of at most `tokens_max`.
double prefill_s(const ReplicaCost& cost, int64_t tokens, int64_t tokens_max) {
  std::vector<Chunk> chunks(static_cast<std::size_t>(cost.deployment().parallelism.attention_data));
  Picoseconds total = 0;
  for (int64_t done = 0; done < tokens; done += tokens_max) {
    std::ranges::fill(chunks, Chunk{.tokens = static_cast<int32_t>(std::min(tokens - done, tokens_max)),
                                    .context = done,
                                    .is_last = done + tokens_max >= tokens});
    total += cost.step({.chunks = chunks, .decodes = 0, .decode_context = 0});
  }
  return seconds(total);
}

/// Of `clients` that all ask at once for one of `places`: how many answers each waits for, on average.
double turns_before(double clients, double places) {
  const double turns = std::floor(clients / places);
  return turns * (clients - places * (turns + 1) / 2) / clients;
}

}  // namespace

double transfer_s(const ReplicaCost& prefill, int64_t prompt_tokens) {
  const Deployment& d = prefill.deployment();
  const double bytes = kv_bytes_per_token(d.architecture, d.quantisation.kv_cache) * static_cast<double>(prompt_tokens);
  return d.accelerator.scale_out.latency_s +
         bytes / (d.accelerator.scale_out.bytes_per_s * 0.8 * d.parallelism.accelerators());
}

LoopResult run(const SplitPools& pools, const ClosedLoop& loop) {
  const double isl = static_cast<double>(loop.prompt_tokens) * (1 - loop.length_spread / 2);
  const double osl = static_cast<double>(loop.output_tokens) * (1 - loop.length_spread / 2);
  const auto context = isl + osl / 2;
  const double c = loop.concurrency;
  const double servers =
      static_cast<double>(pools.prefill_workers) * pools.prefill->deployment().parallelism.attention_data;
  const double service = prefill_s(*pools.prefill, std::max<int64_t>(std::llround(isl), 1), loop.policy.tokens_max);
  const double sending = transfer_s(*pools.prefill, std::llround(isl));
  const double room = static_cast<double>(pools.decode->kv_tokens_max()) / (isl + osl);
  const double each_max = std::clamp(room, 1.0, static_cast<double>(std::max(loop.policy.sequences_max, 1)));
  const double before = loop.request_latency_s + service;
  double ttft = before + sending;
  double rest = 0;
  double tpot = 0;
  double rate = 0;
  double decoding = c;
  for (int i = 0; i < 50; ++i) {
    const double each = std::clamp(decoding / pools.decode_workers, 1.0, each_max);
    const auto n = static_cast<int32_t>(std::max(std::lround(each), 1L));
    tpot = seconds(pools.decode->step(
        {.chunks = {}, .decodes = n, .decode_context = static_cast<int64_t>(static_cast<double>(n) * context)}));
    rest = sending + (osl - 1) * tpot;
    rate = std::min({c / (before + rest), servers / service, each_max * pools.decode_workers / rest});
    ttft = std::max(c / rate - rest, before) + sending;
    const double next = std::max(rate * (osl - 1) * tpot, 1.0);
    if (std::abs(next - decoding) < 0.01) break;
    decoding = (decoding + next) / 2;
  }
  const double burst = loop.request_latency_s + (c / servers + 1) / 2 * service + sending;
  const double first_ttft = burst + turns_before(c, std::floor(each_max * pools.decode_workers)) * rest;
  const double first = 1.0 / std::max(loop.rounds, 1);
  return {.ttft_s = first * first_ttft + (1 - first) * ttft, .tpot_s = tpot, .output_tokens_per_s = rate * osl};
}

}  // namespace beltline::perf
