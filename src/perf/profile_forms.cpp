#include "perf/profile_forms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "perf/profile_rows.h"

namespace beltline::perf {

namespace {

using Kind = ProfileOperator;

const std::vector<ProfileTableForm> kForms = {
    {ProfileForm::aiconfigurator, "gemm_perf", {Kind::gemm}, {"gemm_dtype", "m", "n", "k", "latency"}, read_gemm},
    {ProfileForm::aiconfigurator,
     "context_attention_perf",
     {Kind::prefill_attention},
     {"attn_dtype", "kv_cache_dtype", "batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim",
      "window_size", "step", "latency"},
     read_context_attention},
    {ProfileForm::aiconfigurator,
     "generation_attention_perf",
     {Kind::decode_attention},
     {"attn_dtype", "kv_cache_dtype", "batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim",
      "window_size", "step", "latency"},
     read_generation_attention},
    {ProfileForm::aiconfigurator,
     "context_mla_perf",
     {Kind::latent_prefill},
     {"mla_dtype", "kv_cache_dtype", "batch_size", "isl", "num_heads", "step", "latency"},
     read_context_latent},
    {ProfileForm::aiconfigurator,
     "generation_mla_perf",
     {Kind::latent_decode},
     {"mla_dtype", "kv_cache_dtype", "batch_size", "isl", "num_heads", "step", "latency"},
     read_generation_latent},
    {ProfileForm::aiconfigurator,
     "moe_perf",
     {Kind::experts},
     {"moe_dtype", "num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "moe_tp_size", "moe_ep_size",
      "distribution", "latency"},
     read_experts},
    {ProfileForm::aiconfigurator,
     "nccl_perf",
     {Kind::all_reduce, Kind::all_gather, Kind::reduce_scatter, Kind::all_to_all},
     {"op_name", "nccl_dtype", "num_gpus", "message_size", "latency"},
     read_messages},
    {ProfileForm::aiconfigurator,
     "oneccl_perf",
     {Kind::all_reduce, Kind::all_gather, Kind::reduce_scatter, Kind::all_to_all},
     {"op_name", "nccl_dtype", "num_gpus", "message_size", "latency"},
     read_messages},
    {ProfileForm::aiconfigurator,
     "custom_allreduce_perf",
     {Kind::all_reduce},
     {"allreduce_dtype", "num_gpus", "message_size", "latency"},
     read_all_reduce},
    {ProfileForm::vidur,
     "mlp",
     {Kind::gemm},
     {"n_head", "n_kv_head", "n_embd", "n_expanded_embd", "use_gated_mlp", "num_tokens", "num_tensor_parallel_workers",
      "time_stats.attn_pre_proj.median", "time_stats.attn_post_proj.median", "time_stats.mlp_up_proj.median",
      "time_stats.mlp_down_proj.median"},
     read_vidur_products},
    {ProfileForm::vidur,
     "attention",
     {Kind::prefill_attention, Kind::decode_attention},
     {"n_embd", "n_q_head", "n_kv_head", "num_tensor_parallel_workers", "batch_size", "prefill_chunk_size",
      "kv_cache_size", "time_stats.attn_prefill.median", "time_stats.attn_decode.median"},
     read_vidur_attention},
    {ProfileForm::vidur,
     "all_reduce",
     {Kind::all_reduce},
     {"num_workers", "size", "devices_per_node", "time_stats.all_reduce.median"},
     read_vidur_messages},
    {ProfileForm::vidur,
     "send_recv",
     {Kind::send},
     {"num_workers", "size", "devices_per_node", "time_stats.send_recv.median"},
     read_vidur_messages},
};

// Folders between a system and an engine.
constexpr std::array<std::string_view, 6> kFamilies = {"gemm", "attention", "comm", "moe", "mla", "nccl"};

bool is_family(std::string_view word) {
  return std::ranges::find(kFamilies, word) != kFamilies.end();
}

const ProfileTableForm* form_of(ProfileForm form, std::string_view table) {
  const auto found =
      std::ranges::find_if(kForms, [&](const ProfileTableForm& f) { return f.form == form && f.table == table; });
  return found == kForms.end() ? nullptr : &*found;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = text.find_first_of(separators);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

/// "h100_sxm_gemm_vllm_0.24.0"
void read_flat_name(std::string_view rest, ProfileFileName& name) {
  const std::size_t before_version = rest.rfind('_');
  if (before_version == std::string_view::npos) return;
  name.version = rest.substr(before_version + 1);
  rest = rest.substr(0, before_version);
  const std::size_t before_engine = rest.rfind('_');
  if (before_engine == std::string_view::npos) return;
  name.engine = rest.substr(before_engine + 1);
  rest = rest.substr(0, before_engine);
  const std::size_t before_family = rest.rfind('_');
  if (before_family != std::string_view::npos && is_family(rest.substr(before_family + 1))) {
    rest = rest.substr(0, before_family);
  }
  name.system = rest;
}

void read_folders(const std::vector<std::string_view>& parts, ProfileFileName& name) {
  const std::size_t n = parts.size();
  if (n < 4) return;
  const std::size_t system = is_family(parts[n - 4]) ? 5 : 4;  // from the end
  if (n < system) return;
  name.version = parts[n - 2];
  name.engine = parts[n - 3];
  name.system = parts[n - system];
}

std::optional<ProfileFileName> parse_aiconfigurator(const std::vector<std::string_view>& parts, std::string_view stem) {
  for (const ProfileTableForm& form : kForms) {
    if (form.form != ProfileForm::aiconfigurator || !stem.ends_with(form.table)) continue;
    ProfileFileName name{.form = form.form, .table = std::string(form.table)};
    if (stem == form.table) {
      read_folders(parts, name);
      return name;
    }
    stem.remove_suffix(form.table.size());
    // "wideep_context_mla_perf" is another table
    if (!stem.ends_with('_')) continue;
    stem.remove_suffix(1);
    read_flat_name(stem, name);
    if (name.system.empty()) return std::nullopt;
    return name;
  }
  return std::nullopt;
}

std::optional<ProfileFileName> parse_vidur(const std::vector<std::string_view>& parts, std::string_view stem) {
  if (form_of(ProfileForm::vidur, stem) == nullptr) return std::nullopt;
  for (std::size_t i = parts.size(); i-- > 0;) {
    if ((parts[i] != "compute" && parts[i] != "network") || i + 2 >= parts.size()) continue;
    std::string_view device = parts[i + 1];
    if (device.ends_with("_dgx")) device.remove_suffix(4);  // all joined by switches, as in a catalogue's accelerator
    return ProfileFileName{.form = ProfileForm::vidur,
                           .table = std::string(stem),
                           .system = std::string(device),
                           .engine = {},
                           .version = {}};
  }
  return std::nullopt;
}

/// A version's parts: numbers, and words that come before or after a version without them.
struct VersionPart {
  int rank = 0;  // dev, alpha, beta, rc: below an end; post, numbers: above
  int64_t number = 0;
  auto operator<=>(const VersionPart&) const = default;
};

std::vector<VersionPart> version_parts(std::string_view text) {
  std::vector<VersionPart> out;
  std::size_t at = 0;
  int rank = 2;  // a number that no word stands before
  while (at < text.size()) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      int64_t number = 0;
      const auto end = std::from_chars(text.data() + at, text.data() + text.size(), number).ptr;
      out.push_back({rank, number});
      at = std::max(static_cast<std::size_t>(end - text.data()), at + 1);
      rank = 2;
      continue;
    }
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("dev"))
      rank = -4;
    else if (rest.starts_with("rc"))
      rank = -1;
    else if (rest.starts_with("post"))
      rank = 1;
    else if (c == 'a' && rank == 2)
      rank = -3;
    else if (c == 'b' && rank == 2)
      rank = -2;
    ++at;
  }
  return out;
}

}  // namespace

std::string_view name_of(ProfileForm form) {
  return form == ProfileForm::vidur ? "vidur" : "aiconfigurator";
}

std::optional<ProfileFileName> parse_profile_path(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, "/\\");
  const std::string_view file = parts.back();
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view ending = file.substr(dot + 1);
  if (ending != "csv" && ending != "parquet") return std::nullopt;
  const std::string_view stem = file.substr(0, dot);
  if (auto name = parse_aiconfigurator(parts, stem)) return name;
  return parse_vidur(parts, stem);
}

const std::vector<ProfileOperator>& kinds_of(const ProfileFileName& name) {
  return form_of(name.form, name.table)->kinds;
}

const std::vector<std::string_view>& columns_of(const ProfileFileName& name) {
  return form_of(name.form, name.table)->columns;
}

void read_points(const ProfileFileName& name, const Table& table, ProfileFaults& faults,
                 std::vector<std::vector<ProfilePoint>>& points) {
  ProfileColumns columns(table, faults);
  form_of(name.form, name.table)->read(columns, faults, points);
}

int compare_versions(std::string_view a, std::string_view b) {
  const std::vector<VersionPart> left = version_parts(a);
  const std::vector<VersionPart> right = version_parts(b);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const VersionPart x = i < left.size() ? left[i] : VersionPart{};
    const VersionPart y = i < right.size() ? right[i] : VersionPart{};
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

}  // namespace beltline::perf
