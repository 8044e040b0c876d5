#include "serving/traffic_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "serving/traffic_hash.h"

namespace beltline::serving {
namespace {

constexpr int64_t kExact = int64_t{1} << 20;
constexpr std::size_t kSeenMax = 32'000'000;
constexpr int64_t kUnit = 512;

/// Index of a length's count: itself, or 64 steps an octave.
std::size_t slot_of(int64_t tokens) {
  if (tokens < kExact) return static_cast<std::size_t>(tokens);
  const int octave = 63 - std::countl_zero(static_cast<uint64_t>(tokens));
  const auto step = static_cast<std::size_t>((tokens >> (octave - 6)) & 63);
  return static_cast<std::size_t>(kExact) + static_cast<std::size_t>(octave - 20) * 64 + step;
}

double value_of(std::size_t slot) {
  if (slot < static_cast<std::size_t>(kExact)) return static_cast<double>(slot);
  const std::size_t beyond = slot - static_cast<std::size_t>(kExact);
  return std::ldexp(1 + static_cast<double>(beyond % 64) / 64, static_cast<int>(beyond / 64) + 20);
}

}  // namespace

void LengthCounts::add(int64_t tokens) {
  const std::size_t slot = slot_of(tokens);
  if (slot >= counts_.size()) counts_.resize(slot + 1);
  ++counts_[slot];
  sum_ += static_cast<double>(tokens);
  ++count_;
  max_ = std::max(max_, tokens);
}

double LengthCounts::value_at(uint64_t rank) const {
  uint64_t before = 0;
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    before += counts_[slot];
    if (before > rank) return value_of(slot);
  }
  return static_cast<double>(max_);
}

double LengthCounts::quantile(double share) const {
  if (count_ == 0) return 0;
  const double at = share * static_cast<double>(count_ - 1);
  const auto rank = static_cast<uint64_t>(at);
  const double low = value_at(rank);
  const double part = at - static_cast<double>(rank);
  return part == 0 ? low : low + part * (value_at(rank + 1) - low);
}

void TrafficStatistics::add(const TrafficRequest& request) {
  if (count() == 0) {
    first_ = request.arrival;
  } else {
    const double gap = static_cast<double>(request.arrival - last_);
    ++gap_count_;
    const double off = gap - gap_mean_;
    gap_mean_ += off / static_cast<double>(gap_count_);
    gap_m2_ += off * (gap - gap_mean_);
  }
  last_ = request.arrival;
  input_.add(request.input_tokens);
  output_.add(request.output_tokens);
  const auto minute = static_cast<std::size_t>((request.arrival - first_) / (60 * kSecond));
  if (minute >= minutes_.size()) minutes_.resize(minute + 1);
  ++minutes_[minute];
  add_blocks(request);
}

void TrafficStatistics::add_blocks(const TrafficRequest& request) {
  if (request.pieces.empty()) return;
  // each unit by its hash with all before it: it is there if and only if they all are
  uint64_t chain = 0;
  const auto see = [&](uint64_t hash) {
    chain = hash_of(chain, hash);
    ++blocks_;
    if (seen_.contains(chain)) {
      ++hits_;
    } else if (seen_.size() < kSeenMax) {
      seen_.insert(chain);
    } else {
      seen_full_ = true;
    }
  };
  for (const PromptPiece& piece : request.pieces) {
    const int64_t units = (piece.tokens + kUnit - 1) / kUnit;
    for (int64_t unit = 0; unit < units; ++unit) {
      // the last unit of a piece is as long as the piece leaves it, and another one when the piece grows
      const int64_t length = std::min(kUnit, piece.tokens - unit * kUnit);
      see(hash_of(hash_of(piece.stream, static_cast<uint64_t>(unit)), static_cast<uint64_t>(length)));
    }
  }
}

double TrafficStatistics::rate_per_s() const {
  return span() > 0 ? static_cast<double>(count() - 1) / (static_cast<double>(span()) / kSecond) : 0;
}

double TrafficStatistics::gap_cv() const {
  if (gap_count_ < 2 || gap_mean_ <= 0) return 0;
  return std::sqrt(gap_m2_ / static_cast<double>(gap_count_ - 1)) / gap_mean_;
}

double TrafficStatistics::minute_peak_to_mean() const {
  if (minutes_.size() < 2) return 0;
  uint64_t sum = 0, peak = 0;
  for (std::size_t i = 0; i + 1 < minutes_.size(); ++i) {
    sum += minutes_[i];
    peak = std::max<uint64_t>(peak, minutes_[i]);
  }
  return sum == 0 ? 0 : static_cast<double>(peak) * static_cast<double>(minutes_.size() - 1) / static_cast<double>(sum);
}

double TrafficStatistics::infinite_cache_hit() const {
  return blocks_ == 0 ? 0 : static_cast<double>(hits_) / static_cast<double>(blocks_);
}

void prefix_units(const TrafficRequest& request, int64_t unit_tokens, std::vector<uint64_t>& units) {
  units.clear();
  uint64_t chain = 0x62656C74;
  int64_t filled = 0;  // of the unit under way
  for (const PromptPiece& piece : request.pieces) {
    for (int64_t at = 0; at < piece.tokens;) {
      const int64_t part = std::min(unit_tokens - filled, piece.tokens - at);
      // a part is known by its stream, where it begins in it, and how long it is
      chain = hash_of(hash_of(chain, piece.stream), static_cast<uint64_t>(at) * 0x10001 + static_cast<uint64_t>(part));
      filled += part;
      at += part;
      if (filled < unit_tokens) continue;
      units.push_back(chain);
      filled = 0;
    }
  }
}

}  // namespace beltline::serving
