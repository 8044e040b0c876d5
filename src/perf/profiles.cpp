#include "perf/profiles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "perf/profile_set.h"

namespace beltline::perf {

namespace {

/// The reading of the first table that has the place inside it, else the first that can extrapolate to it; of the first
/// of `slices` that any table has. Later slices only stand in.
std::optional<Reading> find_first(std::span<const ProfileTable> tables, std::span<const ProfileSlice> slices,
                                  const ProfilePlace& at) {
  for (std::size_t i = 0; i < slices.size(); ++i) {
    std::optional<Reading> best;
    for (const ProfileTable& table : tables) {
      const std::optional<Reading> reading = table.find(slices[i], at);
      if (!reading || (best && !(reading->basis < best->basis))) continue;
      best = reading;
      if (best->basis != Basis::extrapolated) break;
    }
    if (!best) continue;
    if (i > 0) best->basis = worse(best->basis, Basis::extrapolated);
    return best;
  }
  return std::nullopt;
}

/// The expanded heads of latent attention, whose keys have a rotary part that values lack.
bool is_expanded(const AttentionShape& shape) {
  return shape.head_size != shape.value_head_size;
}

constexpr std::array<double, 2> kExpandedHead = {192, 128};
constexpr std::array<double, 2> kLatentHead = {576, 512};

bool has_head(const AttentionShape& shape, const std::array<double, 2>& head) {
  return shape.head_size == head[0] && shape.value_head_size == head[1];
}

double window_of(const AttentionShape& shape, double tokens) {
  return shape.window > 0 && shape.window < tokens ? shape.window : kWindowNone;
}

}  // namespace

Profiles::Profiles(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Profiles::~Profiles() = default;

std::optional<Reading> Profiles::gemm(const GemmShape& shape, GemmNumbers numbers) const {
  const ProfileSlice plain{.stored = numbers.stored, .computed = numbers.computed};
  ProfileSlice blocks = plain;
  blocks.is_block_scaled = true;
  return find_first(tables_->of(ProfileOperator::gemm), std::array{plain, blocks},
                    {shape.columns, shape.inner, shape.rows});
}

std::optional<Reading> Profiles::prefill_attention(const AttentionShape& shape, double batch, double length,
                                                   double prefix) const {
  if (!(prefix >= 0)) return std::nullopt;
  const ProfileSlice own{.stored = shape.kv_cache, .computed = shape.compute};
  const ProfileSlice other{.stored = shape.kv_cache, .computed = Precision::bf16};
  if (shape.latent || is_expanded(shape)) {
    if (!has_head(shape, kExpandedHead)) return std::nullopt;
    return find_first(tables_->of(ProfileOperator::latent_prefill), std::array{own, other},
                      {shape.heads, prefix + 1, batch, length});
  }
  return find_first(
      tables_->of(ProfileOperator::prefill_attention), std::array{own, other},
      {shape.head_size, window_of(shape, prefix + length), shape.heads, shape.kv_heads, prefix + 1, batch, length});
}

std::optional<Reading> Profiles::decode_attention(const AttentionShape& shape, double sequences, double context) const {
  const std::array slices = {ProfileSlice{.stored = shape.kv_cache, .computed = shape.kv_cache}};
  if (shape.latent || is_expanded(shape)) {
    if (!has_head(shape, kLatentHead)) return std::nullopt;
    return find_first(tables_->of(ProfileOperator::latent_decode), slices, {shape.heads, sequences, context});
  }
  return find_first(tables_->of(ProfileOperator::decode_attention), slices,
                    {shape.head_size, window_of(shape, context), shape.heads, shape.kv_heads, sequences, context});
}

std::optional<Reading> Profiles::experts(const ExpertShape& shape, GemmNumbers numbers) const {
  const auto slice = [&](ExpertSpread spread, bool is_block_scaled) {
    return ProfileSlice{numbers.stored, numbers.computed, is_block_scaled, spread};
  };
  // what published tables call a power law of 1.01 is how requests spread, see experts_hit
  using enum ExpertSpread;
  const std::array slices = {slice(power_law_101, false), slice(power_law_101, true), slice(power_law_12, false),
                             slice(power_law_12, true),   slice(balanced, false),     slice(balanced, true)};
  return find_first(tables_->of(ProfileOperator::experts), slices,
                    {shape.experts, shape.active, shape.hidden, shape.inner, shape.groups, shape.tokens});
}

std::optional<Reading> Profiles::all_reduce(double size, double message_bytes) const {
  return find_first(tables_->of(ProfileOperator::all_reduce), std::array{ProfileSlice{}}, {size, message_bytes});
}

std::optional<Reading> Profiles::all_gather(double size, double message_bytes) const {
  return find_first(tables_->of(ProfileOperator::all_gather), std::array{ProfileSlice{}}, {size, message_bytes});
}

std::optional<Reading> Profiles::reduce_scatter(double size, double message_bytes) const {
  return find_first(tables_->of(ProfileOperator::reduce_scatter), std::array{ProfileSlice{}}, {size, message_bytes});
}

std::optional<Reading> Profiles::all_to_all(double size, double message_bytes) const {
  return find_first(tables_->of(ProfileOperator::all_to_all), std::array{ProfileSlice{}}, {size, message_bytes});
}

std::optional<Reading> Profiles::send(double message_bytes) const {
  return find_first(tables_->of(ProfileOperator::send), std::array{ProfileSlice{}}, {message_bytes});
}

bool Profiles::has(ProfileOperator kind) const {
  return !tables_->of(kind).empty();
}

std::vector<ProfileSource> Profiles::sources() const {
  std::vector<ProfileSource> out;
  for (const auto& tables : tables_->by_kind) {
    for (const ProfileTable& table : tables) out.push_back(table.source());
  }
  return out;
}

std::vector<ProfileError> Profiles::cross_validate(std::size_t stride) const {
  std::vector<ProfileError> out;
  for (const auto& tables : tables_->by_kind) {
    for (const ProfileTable& table : tables) table.cross_validate(std::max<std::size_t>(stride, 1), out);
  }
  return out;
}

}  // namespace beltline::perf
