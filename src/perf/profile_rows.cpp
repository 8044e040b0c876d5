#include "perf/profile_rows.h"

#include <array>
#include <cmath>

namespace beltline::perf {

namespace {

struct Format {
  std::string_view word;
  ProfileSlice slice;
};

// Words for number formats in tables of GEMM and experts. W4A16 of any kind is widened to bf16 as it is read.
constexpr std::array<Format, 14> kFormats = {{
    {"bfloat16", {}},
    {"float16", {}},
    {"fp8", {.stored = Precision::fp8, .computed = Precision::fp8}},
    {"fp8_block", {.stored = Precision::fp8, .computed = Precision::fp8, .is_block_scaled = true}},
    {"nvfp4", {.stored = Precision::fp4, .computed = Precision::fp4}},
    {"sq", {.stored = Precision::int8, .computed = Precision::int8}},
    {"int8", {.stored = Precision::int8, .computed = Precision::int8}},
    {"int8_wo", {.stored = Precision::int8, .computed = Precision::bf16}},
    {"int4_wo", {.stored = Precision::fp4, .computed = Precision::bf16}},
    {"w4a16_mxfp4", {.stored = Precision::fp4, .computed = Precision::bf16}},
    {"w4afp8", {.stored = Precision::fp4, .computed = Precision::fp8}},
    {"w4a8_mxfp4_mxfp8", {.stored = Precision::fp4, .computed = Precision::fp8}},
    {"half", {}},
    {"fp16", {}},
}};

const std::vector<std::string_view>& format_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> out;
    for (const Format& format : kFormats) out.push_back(format.word);
    return out;
  }();
  return words;
}

std::vector<ProfilePoint>& of(PointsByKind& points, ProfileOperator kind) {
  return points[static_cast<std::size_t>(kind)];
}

ProfileSlice slice_of(int format) {
  return kFormats[static_cast<std::size_t>(format)].slice;
}

/// Of attention: the cache's format and that of the products.
ProfileSlice attention_slice(int compute, int cache) {
  return {.stored = slice_of(cache).stored, .computed = slice_of(compute).computed};
}

}  // namespace

void read_gemm(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto format = columns.words("gemm_dtype", format_words());
  const auto m = columns.sizes("m");
  const auto n = columns.sizes("n");
  const auto k = columns.sizes("k");
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::gemm);
  out.reserve(out.size() + seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (format[i] >= 0) out.push_back({slice_of(format[i]), {n[i], k[i], m[i]}, seconds[i]});
  }
}

void read_context_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto compute = columns.words("attn_dtype", format_words());
  const auto cache = columns.words("kv_cache_dtype", format_words());
  const auto batch = columns.sizes("batch_size");
  const auto length = columns.sizes("isl");
  const auto heads = columns.sizes("num_heads");
  const auto kv_heads = columns.sizes("num_key_value_heads", 0);
  const auto head_size = columns.sizes("head_dim");
  const auto window = columns.sizes_or("window_size", 0, 0);
  const auto prefix = columns.sizes_or("step", 0, 0);
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::prefill_attention);
  out.reserve(out.size() + seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (compute[i] < 0 || cache[i] < 0) continue;
    // 0 key-value heads: as many as heads
    out.push_back({attention_slice(compute[i], cache[i]),
                   {head_size[i], window[i] > 0 ? window[i] : kWindowNone, heads[i],
                    kv_heads[i] > 0 ? kv_heads[i] : heads[i], prefix[i] + 1, batch[i], length[i]},
                   seconds[i]});
  }
}

void read_generation_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto cache = columns.words("kv_cache_dtype", format_words());
  const auto sequences = columns.sizes("batch_size");
  const auto query = columns.sizes_or("isl", 1, 1);
  const auto before = columns.sizes("step", 0);
  const auto heads = columns.sizes("num_heads");
  const auto kv_heads = columns.sizes("num_key_value_heads", 0);
  const auto head_size = columns.sizes("head_dim");
  const auto window = columns.sizes_or("window_size", 0, 0);
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::decode_attention);
  out.reserve(out.size() + seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (cache[i] < 0) continue;
    // memory decides: what QK and PV compute in makes no slice of its own
    const Precision stored = slice_of(cache[i]).stored;
    out.push_back({{.stored = stored, .computed = stored},
                   {head_size[i], window[i] > 0 ? window[i] : kWindowNone, heads[i],
                    kv_heads[i] > 0 ? kv_heads[i] : heads[i], sequences[i], query[i] + before[i]},
                   seconds[i]});
  }
}

void read_context_latent(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto compute = columns.words("mla_dtype", format_words());
  const auto cache = columns.words("kv_cache_dtype", format_words());
  const auto batch = columns.sizes("batch_size");
  const auto length = columns.sizes("isl");
  const auto heads = columns.sizes("num_heads");
  const auto prefix = columns.sizes_or("step", 0, 0);
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::latent_prefill);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (compute[i] < 0 || cache[i] < 0) continue;
    out.push_back({attention_slice(compute[i], cache[i]), {heads[i], prefix[i] + 1, batch[i], length[i]}, seconds[i]});
  }
}

void read_generation_latent(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto cache = columns.words("kv_cache_dtype", format_words());
  const auto sequences = columns.sizes("batch_size");
  const auto query = columns.sizes_or("isl", 1, 1);
  const auto before = columns.sizes("step", 0);
  const auto heads = columns.sizes("num_heads");
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::latent_decode);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (cache[i] < 0) continue;
    const Precision stored = slice_of(cache[i]).stored;
    out.push_back({{.stored = stored, .computed = stored}, {heads[i], sequences[i], query[i] + before[i]}, seconds[i]});
  }
}

void read_experts(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  static const std::vector<std::string_view> kSpreads = {"balanced", "power_law_1.01", "power_law_1.2"};
  const auto format = columns.words("moe_dtype", format_words());
  const auto spread = columns.words("distribution", kSpreads);
  const auto tokens = columns.sizes("num_tokens");
  const auto hidden = columns.sizes("hidden_size");
  const auto inner = columns.sizes("inter_size");
  const auto active = columns.sizes("topk");
  const auto experts = columns.sizes("num_experts");
  const auto tensor = columns.sizes("moe_tp_size");
  const auto groups = columns.sizes("moe_ep_size");
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::experts);
  out.reserve(out.size() + seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (format[i] < 0 || spread[i] < 0) continue;
    ProfileSlice slice = slice_of(format[i]);
    slice.spread = static_cast<ExpertSpread>(spread[i] + 1);
    out.push_back({slice, {experts[i], active[i], hidden[i], inner[i] / tensor[i], groups[i], tokens[i]}, seconds[i]});
  }
}

void read_messages(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  static const std::vector<std::string_view> kNames = {"all_reduce", "all_gather", "reduce_scatter", "alltoall"};
  constexpr std::array<ProfileOperator, 4> kKinds = {ProfileOperator::all_reduce, ProfileOperator::all_gather,
                                                     ProfileOperator::reduce_scatter, ProfileOperator::all_to_all};
  const auto name = columns.words("op_name", kNames);
  const auto format = columns.words("nccl_dtype", format_words());
  const auto size = columns.sizes("num_gpus", 2);
  const auto numbers = columns.sizes("message_size");
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    // sums of int8 are no activations, and its gathers only tell again what those of bf16 do
    if (name[i] < 0 || format[i] < 0 || slice_of(format[i]).stored != Precision::bf16) continue;
    of(points, kKinds[static_cast<std::size_t>(name[i])])
        .push_back({{}, {size[i], numbers[i] * bytes_of(Precision::bf16)}, seconds[i]});
  }
}

void read_all_reduce(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto format = columns.words("allreduce_dtype", format_words());
  const auto size = columns.sizes("num_gpus", 2);
  const auto numbers = columns.sizes("message_size");
  const auto seconds = columns.seconds("latency");
  if (faults.any()) return;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (format[i] < 0) continue;
    of(points, ProfileOperator::all_reduce)
        .push_back({{}, {size[i], numbers[i] * bytes_of(slice_of(format[i]).stored)}, seconds[i]});
  }
}

}  // namespace beltline::perf
