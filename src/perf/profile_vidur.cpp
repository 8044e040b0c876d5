// Tables of Vidur (microsoft/vidur, data/profiling): fp16, times in ms, one file a model.
#include <cmath>

#include "perf/profile_rows.h"

namespace beltline::perf {

namespace {

std::vector<ProfilePoint>& of(PointsByKind& points, ProfileOperator kind) {
  return points[static_cast<std::size_t>(kind)];
}

}  // namespace

void read_vidur_products(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  static const std::vector<std::string_view> kTruths = {"False", "True"};
  const auto heads = columns.sizes("n_head");
  const auto kv_heads = columns.sizes("n_kv_head");
  const auto hidden = columns.sizes("n_embd");
  const auto inner = columns.sizes("n_expanded_embd");
  const auto gated = columns.words("use_gated_mlp", kTruths);
  const auto tokens = columns.sizes("num_tokens");
  const auto tensor = columns.sizes("num_tensor_parallel_workers");
  const auto qkv_s = columns.seconds_or_empty("time_stats.attn_pre_proj.median");
  const auto out_s = columns.seconds_or_empty("time_stats.attn_post_proj.median");
  const auto up_s = columns.seconds_or_empty("time_stats.mlp_up_proj.median");
  const auto down_s = columns.seconds_or_empty("time_stats.mlp_down_proj.median");
  if (faults.any()) return;
  std::vector<ProfilePoint>& out = of(points, ProfileOperator::gemm);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto add = [&](double n, double k, double seconds) {
      if (!std::isnan(seconds)) out.push_back({{}, {n, k, tokens[i]}, seconds});
    };
    const double head_size = hidden[i] / heads[i];
    add((heads[i] + 2 * kv_heads[i]) * head_size / tensor[i], hidden[i], qkv_s[i]);
    add(hidden[i], hidden[i] / tensor[i], out_s[i]);
    // both matrices of a gated layer are one product
    add((gated[i] == 1 ? 2 : 1) * inner[i] / tensor[i], hidden[i], up_s[i]);
    add(hidden[i], inner[i] / tensor[i], down_s[i]);
  }
}

void read_vidur_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const auto hidden = columns.sizes("n_embd");
  const auto heads = columns.sizes("n_q_head");
  const auto kv_heads = columns.sizes("n_kv_head");
  const auto tensor = columns.sizes("num_tensor_parallel_workers");
  const auto batch = columns.sizes("batch_size");
  const auto chunk = columns.sizes("prefill_chunk_size", 0);
  const auto cached = columns.sizes("kv_cache_size", 0);
  const auto prefill_s = columns.seconds_or_empty("time_stats.attn_prefill.median");
  const auto decode_s = columns.seconds_or_empty("time_stats.attn_decode.median");
  if (faults.any()) return;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double head_size = hidden[i] / heads[i];
    const double own = heads[i] / tensor[i];
    const double kv = std::max(kv_heads[i] / tensor[i], 1.0);
    if (chunk[i] > 0 && !std::isnan(prefill_s[i])) {
      of(points, ProfileOperator::prefill_attention)
          .push_back({{}, {head_size, kWindowNone, own, kv, cached[i] + 1, batch[i], chunk[i]}, prefill_s[i]});
    }
    if (chunk[i] == 0 && cached[i] > 0 && !std::isnan(decode_s[i])) {
      of(points, ProfileOperator::decode_attention)
          .push_back({{}, {head_size, kWindowNone, own, kv, batch[i], cached[i]}, decode_s[i]});
    }
  }
}

void read_vidur_messages(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points) {
  const bool is_sum = columns.has("time_stats.all_reduce.median");
  const auto workers = columns.sizes("num_workers");
  const auto bytes = columns.sizes("size");
  const auto in_node = columns.sizes("devices_per_node");
  const auto seconds = columns.seconds(is_sum ? "time_stats.all_reduce.median" : "time_stats.send_recv.median");
  if (faults.any()) return;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    // between servers is no matter of the accelerator
    if (in_node[i] < workers[i] || workers[i] < 2) continue;
    if (is_sum) {
      of(points, ProfileOperator::all_reduce).push_back({{}, {workers[i], bytes[i]}, seconds[i]});
    } else if (workers[i] == 2) {
      of(points, ProfileOperator::send).push_back({{}, {bytes[i]}, seconds[i]});
    }
  }
}

}  // namespace beltline::perf
