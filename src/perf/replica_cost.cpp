#include "perf/replica_cost.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "perf/efficiency.h"
#include "perf/replica_check.h"

namespace beltline::perf {

namespace {

constexpr double kPicosecond = 1e-12;
constexpr double kContextFirst = 32;
/// A layer with experts has so many times the kernels of a dense one: routing, permuting, two grouped products.
constexpr double kMixtureLaunches = 1.8;

Picoseconds picoseconds(double seconds) {
  return static_cast<Picoseconds>(std::llround(seconds / kPicosecond));
}

Work between(const Work& a, const Work& b, double share) {
  // a value that lies on neither point is at best interpolated
  const Basis basis = share == 0 ? a.basis : share == 1 ? b.basis : worse(worse(a.basis, b.basis), Basis::interpolated);
  return {.seconds = a.seconds + (b.seconds - a.seconds) * share,
          .flop = a.flop + (b.flop - a.flop) * share,
          .bytes = a.bytes + (b.bytes - a.bytes) * share,
          .basis = basis};
}

/// Index of the last point that is at most `count`, where points are 0, 1, 2, 3, 4, 6, 8, 12, …
std::size_t point_below(double count) {
  if (count < 1) return 0;
  if (count < 2) return 1;
  const auto whole = static_cast<uint64_t>(count);
  const auto power = static_cast<std::size_t>(std::bit_width(whole)) - 1;  // 2^power <= count
  return 2 * power + ((whole >> (power - 1)) & 1U);
}

double context_at(std::size_t index) {
  return index == 0 ? 0 : kContextFirst * static_cast<double>(uint64_t{1} << (index - 1));
}

/// Index of the piece [context_at(i), context_at(i + 1)) that holds this mean context; the last one is endless.
std::size_t context_piece(double context) {
  if (context < kContextFirst) return 0;
  const auto times = static_cast<uint64_t>(context / kContextFirst);
  return std::min(static_cast<std::size_t>(std::bit_width(times)), ReplicaCost::kContexts - 2);
}

}  // namespace

Basis StepParts::basis() const {
  return worse(worse(worse(projections.basis, attention.basis), worse(experts.basis, messages.basis)), head.basis);
}

double ReplicaCost::CountTable::at(std::size_t index) {
  if (index < 2) return static_cast<double>(index);
  const double power = std::ldexp(1.0, static_cast<int>(index / 2));
  return index % 2 == 0 ? power : 1.5 * power;
}

Work ReplicaCost::CountTable::operator()(double count) const {
  const std::size_t i = std::min(point_below(count), kSize - 2);
  return between(values[i], values[i + 1], (count - at(i)) / (at(i + 1) - at(i)));
}

/// A step as one batch of one copy of attention sees it.
struct ReplicaCost::Spread {
  double tokens = 0;       // of all copies, in one batch of the pipeline
  double copy_tokens = 0;  // of the busiest copy
  double sampled = 0;      // sequences that get a token, of one copy
  double decodes = 0;      // of one copy
  double sequences = 0;    // of the whole step
  double prompt_tokens = 0;
};

std::expected<std::shared_ptr<const ReplicaCost>, Diagnostics> ReplicaCost::make(const Deployment& deployment,
                                                                                 const CostSources& sources) {
  Diagnostics diagnostics;
  check(deployment, diagnostics);
  if (diagnostics.has_errors()) return std::unexpected(std::move(diagnostics));
  return std::shared_ptr<const ReplicaCost>(new ReplicaCost(deployment, sources));
}

ReplicaCost::ReplicaCost(const Deployment& deployment, const CostSources& sources)
    : deployment_(deployment),
      work_(deployment, sources.profiles),
      memory_(memory_use(deployment)),
      kernels_(*find_kernels(deployment.accelerator.generation, deployment.engine)),
      engine_(sources.engine != nullptr ? *sources.engine
                                        : *find_engine(deployment.engine, deployment.accelerator.generation)),
      divisor_(static_cast<double>(deployment.parallelism.pipeline) * deployment.parallelism.attention_data),
      launched_layers_(deployment.architecture.layers +
                       (kMixtureLaunches - 1) * deployment.architecture.mixture_layers()),
      prefill_latency_s_(work_.prefill_latency_s()) {
  // at 0 tokens everything is 0: a step without prompts has no prefill, one without tokens does not run
  for (std::size_t i = 1; i < CountTable::kSize; ++i) {
    const double count = CountTable::at(i);
    copy_projections_.values[i] = work_.projections(count);
    copy_messages_.values[i] = work_.reductions(count);
    experts_.values[i] = work_.routed(count);
    exchange_.values[i] = work_.exchange(count);
    head_.values[i] = work_.head(count);
    prefill_.values[i] = work_.prefill(count);
  }
  for (std::size_t n = 1; n < kSequences; ++n) {
    for (std::size_t c = 0; c < kContexts; ++c) decode_[n][c] = work_.decode(CountTable::at(n), context_at(c));
  }
}

ReplicaCost::Spread ReplicaCost::spread(const Step& step) const {
  Spread s;
  int64_t prompt = 0;
  int32_t longest = 0;
  int32_t lasts = 0;
  for (const Chunk& chunk : step.chunks) {
    prompt += chunk.tokens;
    longest = std::max(longest, chunk.tokens);
    lasts += chunk.is_last ? 1 : 0;
  }
  const double pipeline = deployment_.parallelism.pipeline;
  const double copies = deployment_.parallelism.attention_data;
  s.decodes = std::ceil(step.decodes / divisor_);
  s.prompt_tokens = static_cast<double>(prompt);
  s.tokens = (s.prompt_tokens + step.decodes) / pipeline;
  // one prompt is not spread over copies: the others wait for the one that has it
  const double busiest = std::max(s.prompt_tokens / copies, static_cast<double>(longest)) / pipeline;
  s.copy_tokens = busiest + s.decodes;
  s.tokens = std::max(s.tokens, s.copy_tokens);
  s.sampled = std::ceil((step.decodes + lasts) / divisor_);
  s.sequences = static_cast<double>(step.decodes) + static_cast<double>(step.chunks.size());
  return s;
}

Work ReplicaCost::rest(const Spread& s) const {
  return copy_projections_(s.copy_tokens) + copy_messages_(s.copy_tokens) + experts_(s.tokens) + exchange_(s.tokens) +
         head_(s.sampled);
}

double ReplicaCost::engine_s(const Spread& s) const {
  const double sequence_us = engine_.sequence_us + (deployment_.streams ? engine_.stream_us : 0);
  const double all_us =
      engine_.step_us + engine_.layer_us * deployment_.architecture.layers + sequence_us * s.sequences / divisor_;
  return all_us * 1e-6;
}

double ReplicaCost::request_latency_s(int64_t prompt_tokens) const {
  return engine_.request_us * 1e-6 + engine_.token_ns * 1e-9 * static_cast<double>(prompt_tokens);
}

double ReplicaCost::step_with_prompts_s(const Step& step) const {
  const Spread s = spread(step);
  double kernels = rest(s).seconds + chunk_attention(step).seconds;
  if (step.decodes > 0) {
    const DecodeLine line = attention_line(step.decodes, step.decode_context);
    kernels += static_cast<double>(line.base + line.slope * step.decode_context) * kPicosecond;
  }
  // launched one by one, kernels can be no faster than the host that launches them
  return std::max(kernels, engine_.eager_us * 1e-6 * launched_layers_) + engine_s(s);
}

Work ReplicaCost::decode_attention_at(double copy_sequences, std::size_t context_index) const {
  const std::size_t i = std::min(point_below(copy_sequences), kSequences - 2);
  const double share = (copy_sequences - CountTable::at(i)) / (CountTable::at(i + 1) - CountTable::at(i));
  return between(decode_[i][context_index], decode_[i + 1][context_index], share);
}

Work ReplicaCost::decode_attention(double copy_sequences, double context) const {
  const std::size_t piece = context_piece(context);
  const double from = context_at(piece);
  return between(decode_attention_at(copy_sequences, piece), decode_attention_at(copy_sequences, piece + 1),
                 (context - from) / (context_at(piece + 1) - from));
}

DecodeLine ReplicaCost::attention_line(int32_t decodes, int64_t decode_context) const {
  const double sequences = std::ceil(decodes / divisor_);
  const std::size_t piece = context_piece(static_cast<double>(decode_context / decodes));
  const auto from = static_cast<int64_t>(context_at(piece)) * decodes;
  const auto to = static_cast<int64_t>(context_at(piece + 1)) * decodes;
  const Picoseconds first = picoseconds(decode_attention_at(sequences, piece).seconds);
  const Picoseconds last = picoseconds(decode_attention_at(sequences, piece + 1).seconds);
  // rounded down, so that the next piece never begins below the end of this one
  const Picoseconds slope = std::max<Picoseconds>(last - first, 0) / (to - from);
  const bool endless = piece == kContexts - 2;
  return {.base = first - slope * from,
          .slope = slope,
          .context_max = endless ? INT64_MAX / std::max<Picoseconds>(slope, 1) / 2 : to - 1};
}

DecodeLine ReplicaCost::decode_line(int32_t decodes, int64_t decode_context) const {
  if (decodes <= 0) return {.base = 0, .slope = 0, .context_max = INT64_MAX};
  DecodeLine line = attention_line(decodes, decode_context);
  const Spread s = spread({.chunks = {}, .decodes = decodes, .decode_context = decode_context});
  line.base += picoseconds(rest(s).seconds + engine_s(s));
  return line;
}

Work ReplicaCost::chunk_attention(const Step& step) const {
  if (step.chunks.empty()) return {};
  Work all;
  Work longest;
  double blocks = 0;
  for (const Chunk& chunk : step.chunks) {
    const auto context = static_cast<double>(chunk.context);
    Work piece = prefill_(context + chunk.tokens);
    const Work before = prefill_(context);
    piece.seconds -= before.seconds;
    piece.flop -= before.flop;
    piece.bytes -= before.bytes;
    all += piece;
    if (piece.seconds > longest.seconds) longest = piece;
    blocks += std::ceil(chunk.tokens / 128.0);
  }
  // spread over copies of attention as far as whole prompts go, and over the batches of a pipeline
  const double copies = deployment_.parallelism.attention_data;
  const double share = std::max(1 / copies, longest.seconds / std::max(all.seconds, 1e-30));
  Work work = share / deployment_.parallelism.pipeline * all;
  work.seconds /= work_.prefill_filled(blocks / copies);
  work.seconds += prefill_latency_s_;
  return work;
}

Picoseconds ReplicaCost::step(const Step& step) const {
  if (step.chunks.empty()) {
    const DecodeLine line = decode_line(step.decodes, step.decode_context);
    return line.base + line.slope * step.decode_context;
  }
  return picoseconds(step_with_prompts_s(step));
}

StepParts ReplicaCost::parts(const Step& step) const {
  const Spread s = spread(step);
  StepParts parts{.projections = copy_projections_(s.copy_tokens),
                  .attention = chunk_attention(step),
                  .experts = experts_(s.tokens),
                  .messages = copy_messages_(s.copy_tokens) + exchange_(s.tokens),
                  .head = head_(s.sampled)};
  if (step.decodes > 0) {
    parts.attention += decode_attention(s.decodes, static_cast<double>(step.decode_context) / step.decodes);
  }
  // what the host adds, and what of its launches the kernels do not hide
  parts.engine_s = std::max(static_cast<double>(this->step(step)) * kPicosecond - parts.seconds(), 0.0);
  return parts;
}

double ReplicaCost::step_energy_J(const Step& step) const {
  const StepParts p = parts(step);
  const Work all = p.projections + p.attention + p.experts + p.messages + p.head;
  const double seconds = static_cast<double>(this->step(step)) * kPicosecond;
  const Accelerator& accelerator = deployment_.accelerator;
  const double dynamic = (all.flop * kernels_.energy.flop_pJ + all.bytes * kernels_.energy.byte_pJ) * 1e-12;
  const double one = std::min(accelerator.idle_W * seconds + dynamic, accelerator.power_W * seconds);
  return one * deployment_.parallelism.accelerators();
}

double ReplicaCost::step_power_W(const Step& step) const {
  const double seconds = static_cast<double>(this->step(step)) * kPicosecond;
  return seconds > 0 ? step_energy_J(step) / seconds : idle_W();
}

double ReplicaCost::idle_W() const {
  return deployment_.accelerator.idle_W * deployment_.parallelism.accelerators();
}

}  // namespace beltline::perf
