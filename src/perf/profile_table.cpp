#include "perf/profile_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

namespace beltline::perf {

namespace {

constexpr std::array<std::string_view, 3> kGemmAxes = {"columns", "inner", "rows"};
constexpr std::array<std::string_view, 7> kPrefillAxes = {"head_size", "window", "heads", "kv_heads",
                                                          "prefix",    "batch",  "length"};
constexpr std::array<std::string_view, 6> kDecodeAxes = {"head_size", "window",    "heads",
                                                         "kv_heads",  "sequences", "context"};
constexpr std::array<std::string_view, 4> kLatentPrefillAxes = {"heads", "prefix", "batch", "length"};
constexpr std::array<std::string_view, 3> kLatentDecodeAxes = {"heads", "sequences", "context"};
constexpr std::array<std::string_view, 6> kExpertAxes = {"experts", "active", "hidden", "inner", "groups", "tokens"};
constexpr std::array<std::string_view, 2> kMessageAxes = {"size", "bytes"};
constexpr std::array<std::string_view, 1> kSendAxes = {"bytes"};

// The expanded and the latent head of DeepSeek-V3, the only one that is published.
constexpr double kLatentQuerySize = 192;
constexpr double kLatentValueSize = 128;
constexpr double kLatentSize = 512;
constexpr double kLatentKeySize = 576;

constexpr double kBf16 = bytes_of(Precision::bf16);

/// Pairs of a query and a key that it sees: `length` queries behind `prefix` tokens, each looking back on `window`.
double pairs_seen(double prefix, double length, double window) {
  const double growing = std::clamp(window - prefix, 0.0, length);  // queries that see all before them
  return growing * (prefix + growing / 2) + (length - growing) * std::min(window, prefix + length);
}

PlaceWork gemm_work(const ProfileSlice& slice, const ProfilePlace& at) {
  const auto [columns, inner, rows, a, b, c, d] = at;
  return {.flop = 2 * rows * columns * inner,
          .bytes = columns * inner * bytes_of(slice.stored) + rows * inner * bytes_of(slice.computed) +
                   rows * columns * kBf16};
}

PlaceWork prefill_work(const ProfileSlice& slice, const ProfilePlace& at) {
  const auto [head_size, window, heads, kv_heads, from, batch, length] = at;
  const double prefix = from - 1;
  const double seen = std::min(prefix + length, window + length);
  return {.flop = 4 * batch * heads * head_size * pairs_seen(prefix, length, window),
          .bytes = batch * head_size * (2 * length * heads * kBf16 + 2 * seen * kv_heads * bytes_of(slice.stored))};
}

PlaceWork decode_work(const ProfileSlice& slice, const ProfilePlace& at) {
  const auto [head_size, window, heads, kv_heads, sequences, context, a] = at;
  const double seen = std::min(context, window);
  return {.flop = 4 * sequences * heads * head_size * seen,
          .bytes = sequences * head_size * (2 * heads * kBf16 + 2 * seen * kv_heads * bytes_of(slice.stored))};
}

PlaceWork latent_prefill_work(const ProfilePlace& at) {
  const auto [heads, from, batch, length, a, b, c] = at;
  const double prefix = from - 1;
  return {.flop = 2 * batch * heads * (kLatentQuerySize + kLatentValueSize) * pairs_seen(prefix, length, kWindowNone),
          .bytes = batch * heads * kBf16 *
                   (length * (kLatentQuerySize + kLatentValueSize) +
                    (prefix + length) * (kLatentQuerySize + kLatentValueSize))};
}

PlaceWork latent_decode_work(const ProfileSlice& slice, const ProfilePlace& at) {
  const auto [heads, sequences, context, a, b, c, d] = at;
  return {.flop = 2 * sequences * context * heads * (kLatentKeySize + kLatentSize),
          .bytes = sequences * (context * kLatentKeySize * bytes_of(slice.stored) +
                                heads * (kLatentKeySize + kLatentSize) * kBf16)};
}

PlaceWork expert_work(const ProfileSlice& slice, const ProfilePlace& at) {
  const auto [experts, active, hidden, inner, groups, tokens, a] = at;
  const double copies = tokens * active / groups;
  const double numbers = 3 * hidden * inner;
  const double hit = slice.spread == ExpertSpread::balanced
                         ? std::max(std::min(tokens * active, experts) / groups, 1.0)
                         : experts_hit({.tokens = tokens, .experts = experts, .active = active, .groups = groups});
  return {.flop = 2 * copies * numbers,
          .bytes = hit * numbers * bytes_of(slice.stored) + copies * (2 * hidden + 3 * inner) * kBf16};
}

/// Percentile of positive values, which it orders anew; 0 for none.
double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

std::array<float, kGridAxesMax> floats_of(const ProfilePlace& at) {
  std::array<float, kGridAxesMax> out = {};
  for (std::size_t axis = 0; axis < out.size(); ++axis) out[axis] = static_cast<float>(at[axis]);
  return out;
}

}  // namespace

std::string_view name_of(ProfileOperator kind) {
  constexpr std::array<std::string_view, kProfileOperatorCount> kNames = {
      "gemm",       "prefill attention", "decode attention", "latent prefill", "latent decode", "experts",
      "all-reduce", "all-gather",        "reduce-scatter",   "all-to-all",     "send"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string label_of(const ProfileSlice& slice) {
  std::string out(name_of(slice.stored));
  if (slice.computed != slice.stored) out += fmt::format(" on {}", name_of(slice.computed));
  if (slice.is_block_scaled) out += " blocks";
  switch (slice.spread) {
    case ExpertSpread::none: break;
    case ExpertSpread::balanced: out += ", balanced"; break;
    case ExpertSpread::power_law_101: out += ", power law 1.01"; break;
    case ExpertSpread::power_law_12: out += ", power law 1.2"; break;
  }
  return out;
}

std::span<const std::string_view> axes_of(ProfileOperator kind) {
  switch (kind) {
    case ProfileOperator::gemm: return kGemmAxes;
    case ProfileOperator::prefill_attention: return kPrefillAxes;
    case ProfileOperator::decode_attention: return kDecodeAxes;
    case ProfileOperator::latent_prefill: return kLatentPrefillAxes;
    case ProfileOperator::latent_decode: return kLatentDecodeAxes;
    case ProfileOperator::experts: return kExpertAxes;
    case ProfileOperator::send: return kSendAxes;
    default: return kMessageAxes;
  }
}

std::size_t rigid_axes_of(ProfileOperator kind) {
  switch (kind) {
    case ProfileOperator::prefill_attention:
    case ProfileOperator::decode_attention: return 1;
    case ProfileOperator::experts: return 3;
    default: return 0;
  }
}

PlaceWork work_of(ProfileOperator kind, const ProfileSlice& slice, const ProfilePlace& at) {
  switch (kind) {
    case ProfileOperator::gemm: return gemm_work(slice, at);
    case ProfileOperator::prefill_attention: return prefill_work(slice, at);
    case ProfileOperator::decode_attention: return decode_work(slice, at);
    case ProfileOperator::latent_prefill: return latent_prefill_work(at);
    case ProfileOperator::latent_decode: return latent_decode_work(slice, at);
    case ProfileOperator::experts: return expert_work(slice, at);
    case ProfileOperator::send: return {.bytes = at[0]};
    // what one accelerator sends, see collective.h
    case ProfileOperator::all_reduce: return {.bytes = 2 * (at[0] - 1) / at[0] * at[1]};
    default: return {.bytes = (at[0] - 1) / at[0] * at[1]};
  }
}

ProfileTable::Rates ProfileTable::rates_of(ProfileOperator kind, std::span<const ProfilePoint> points) {
  // not the very best: one point that a clock misread would set all
  constexpr double kBest = 0.995;
  std::vector<double> seconds;
  std::vector<double> flops;
  std::vector<double> bytes;
  for (auto* const values : {&seconds, &flops, &bytes}) values->reserve(points.size());
  for (const ProfilePoint& point : points) {
    const PlaceWork work = work_of(kind, point.slice, point.at);
    seconds.push_back(point.seconds);
    if (work.flop > 0) flops.push_back(work.flop / point.seconds);
    if (work.bytes > 0) bytes.push_back(work.bytes / point.seconds);
  }
  const double flop_per_s = percentile(flops, kBest);
  const double byte_per_s = percentile(bytes, kBest);
  return {.launch_s = percentile(seconds, 1 - kBest),
          .s_per_flop = flop_per_s > 0 ? 1 / flop_per_s : 0,
          .s_per_byte = byte_per_s > 0 ? 1 / byte_per_s : 0};
}

Outcome<ProfileTable> ProfileTable::make(ProfileOperator kind, ProfileSource source,
                                         std::span<const ProfilePoint> points) {
  ProfileTable table;
  table.kind_ = kind;
  table.source_ = std::move(source);
  std::map<ProfileSlice, std::vector<ProfilePoint>> slices;
  std::vector<ProfilePoint>* slice = nullptr;
  for (const ProfilePoint& point : points) {
    // rows of a slice stand together
    if (slice == nullptr || slice->front().slice != point.slice) slice = &slices[point.slice];
    slice->push_back(point);
  }
  const std::size_t axis_count = axes_of(kind).size();
  for (const auto& [key, members] : slices) {
    Part part{.slice = key, .rates = rates_of(kind, members), .grid = {}};
    std::vector<GridPoint> grid;
    grid.reserve(members.size());
    for (const ProfilePoint& point : members) {
      grid.push_back({.at = floats_of(point.at),
                      .value = static_cast<float>(std::log(point.seconds / table.work_s(part, point.at)))});
    }
    auto made = ProfileGrid::make(axis_count, grid, rigid_axes_of(kind));
    if (!made) return std::unexpected(made.error());
    part.grid = std::move(*made);
    table.parts_.push_back(std::move(part));
  }
  return table;
}

const ProfileTable::Part* ProfileTable::find_slice(const ProfileSlice& slice) const {
  const auto found = std::ranges::find(parts_, slice, &Part::slice);
  return found == parts_.end() ? nullptr : &*found;
}

double ProfileTable::work_s(const Part& part, const ProfilePlace& at) const {
  const PlaceWork work = work_of(kind_, part.slice, at);
  return part.rates.launch_s + work.flop * part.rates.s_per_flop + work.bytes * part.rates.s_per_byte;
}

std::optional<Reading> ProfileTable::find(const ProfileSlice& slice, const ProfilePlace& at) const {
  const Part* const part = find_slice(slice);
  if (part == nullptr) return std::nullopt;
  const std::size_t axis_count = part->grid.axis_count();
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (!(at[axis] > 0) || !std::isfinite(at[axis])) return std::nullopt;
  }
  const auto place = floats_of(at);
  const ProfileGrid::Found found = part->grid.find({place.data(), axis_count});
  return Reading{.seconds = work_s(*part, at) * std::exp(static_cast<double>(found.value)),
                 .basis = found.basis,
                 .source = &source_};
}

std::vector<ProfilePoint> ProfileTable::points() const {
  std::vector<ProfilePoint> out;
  for (const Part& part : parts_) {
    for (const GridPoint& point : part.grid.points()) {
      ProfilePoint& made = out.emplace_back(ProfilePoint{.slice = part.slice});
      std::ranges::copy(point.at, made.at.begin());
      made.seconds = work_s(part, made.at) * std::exp(static_cast<double>(point.value));
    }
  }
  return out;
}

}  // namespace beltline::perf
