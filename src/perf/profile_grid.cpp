#include "perf/profile_grid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace beltline::perf {

namespace {

struct Ordered {
  uint64_t key = 0;
  float value = 0;
};

/// The coordinates of one axis that occur: an open hash, as tables of 10^5 points have some ten lines.
class Lines {
 public:
  Lines() : slots_(64, kFree) {}

  /// The number of the line through this coordinate, in the order in which lines were first seen.
  uint32_t line_of(float at) {
    if (!lines_.empty() && lines_[last_] == at) return last_;  // neighbours in a file share most coordinates
    for (std::size_t slot = hash(at);; slot = (slot + 1) % slots_.size()) {
      if (slots_[slot] == kFree) {
        slots_[slot] = static_cast<uint32_t>(lines_.size());
        last_ = slots_[slot];
        lines_.push_back(at);
        if (2 * lines_.size() > slots_.size()) grow();
        return last_;
      }
      if (lines_[slots_[slot]] == at) return last_ = slots_[slot];
    }
  }

  /// [line] its rank by coordinate; orders `sorted` so.
  std::vector<uint32_t> ranks(std::vector<float>& sorted) const {
    std::vector<uint32_t> order(lines_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, {}, [&](uint32_t line) { return lines_[line]; });
    std::vector<uint32_t> out(lines_.size());
    for (uint32_t rank = 0; rank < order.size(); ++rank) {
      out[order[rank]] = rank;
      sorted.push_back(lines_[order[rank]]);
    }
    return out;
  }

  [[nodiscard]] int bits() const { return static_cast<int>(std::bit_width(lines_.size() - 1)); }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  [[nodiscard]] std::size_t hash(float at) const {
    // the highest bits of the product: the lowest of a float that holds a size are mostly 0
    return std::bit_cast<uint32_t>(at) * 2'654'435'761u >> (33 - std::bit_width(slots_.size()));
  }

  void grow() {
    slots_.assign(2 * slots_.size(), kFree);
    for (uint32_t line = 0; line < lines_.size(); ++line) {
      std::size_t slot = hash(lines_[line]);
      while (slots_[slot] != kFree) slot = (slot + 1) % slots_.size();
      slots_[slot] = line;
    }
  }

  std::vector<float> lines_;
  std::vector<uint32_t> slots_;
  uint32_t last_ = 0;
};

/// By key, least digit first: keys have some 25 bits, so that three passes do.
void sort_by_key(std::vector<Ordered>& points, int bits) {
  constexpr int kDigitBits = 11;
  std::vector<Ordered> other(points.size());
  for (int shift = 0; shift < bits; shift += kDigitBits) {
    std::array<uint32_t, (1 << kDigitBits) + 1> begin = {};
    const auto digit = [&](const Ordered& p) { return (p.key >> shift) & ((1 << kDigitBits) - 1); };
    for (const Ordered& point : points) ++begin[digit(point) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    for (const Ordered& point : points) other[begin[digit(point)]++] = point;
    points.swap(other);
  }
}

/// One of each place, the smallest.
void merge_places(std::vector<Ordered>& points) {
  std::size_t count = 0;
  for (const Ordered& point : points) {
    if (count > 0 && points[count - 1].key == point.key) {
      points[count - 1].value = std::min(points[count - 1].value, point.value);
    } else {
      points[count++] = point;
    }
  }
  points.resize(count);
}

}  // namespace

Outcome<ProfileGrid> ProfileGrid::make(std::size_t axis_count, std::span<const GridPoint> points,
                                       std::size_t rigid_count) {
  std::vector<Lines> lines(axis_count);
  std::vector<uint32_t> line_of(points.size() * axis_count);  // [axis, point]
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      line_of[axis * points.size() + i] = lines[axis].line_of(points[i].at[axis]);
    }
  }
  int bits = 0;
  for (const Lines& of_axis : lines) bits += of_axis.bits();
  if (bits > 64 || points.size() >= UINT32_MAX) {
    return failure(fmt::format("{} points on {} axes are more than can be ordered", points.size(), axis_count));
  }
  std::vector<Ordered> ordered(points.size());
  std::vector<std::vector<float>> sorted(axis_count);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const std::vector<uint32_t> ranks = lines[axis].ranks(sorted[axis]);
    for (std::size_t i = 0; i < points.size(); ++i) {
      ordered[i].key = ordered[i].key << lines[axis].bits() | ranks[line_of[axis * points.size() + i]];
      ordered[i].value = points[i].value;
    }
  }
  sort_by_key(ordered, bits);
  merge_places(ordered);

  ProfileGrid grid;
  grid.rigid_count_ = rigid_count;
  grid.levels_.resize(axis_count);
  int shift = bits;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    Level& level = grid.levels_[axis];
    const int width = lines[axis].bits();
    // a shift by all 64 bits has no meaning in C++: above the first axis there is nothing that could differ
    const int above = shift;
    shift -= width;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      const uint64_t here = ordered[i].key >> shift;
      // a node of this level begins wherever the axes above differ
      const bool is_node = i == 0 || (axis > 0 && ordered[i].key >> above != ordered[i - 1].key >> above);
      if (axis > 0 && is_node) grid.levels_[axis - 1].first.push_back(static_cast<uint32_t>(level.at.size()));
      if (is_node || here != ordered[i - 1].key >> shift) {
        level.at.push_back(sorted[axis][here & ((uint64_t{1} << width) - 1)]);
      }
    }
    if (axis > 0) grid.levels_[axis - 1].first.push_back(static_cast<uint32_t>(level.at.size()));
    for (const float at : level.at) level.logs.push_back(std::log(at));
  }
  grid.values_.reserve(ordered.size());
  for (const Ordered& point : ordered) grid.values_.push_back(point.value);
  return grid;
}

ProfileGrid::Found ProfileGrid::find(std::span<const float> at) const {
  std::array<float, kGridAxesMax> logs = {};
  for (std::size_t axis = 0; axis < levels_.size(); ++axis) logs[axis] = std::log(at[axis]);
  return find(0, 0, levels_[0].at.size(), logs.data());
}

ProfileGrid::Found ProfileGrid::below(std::size_t level, std::size_t index, const float* logs) const {
  if (level + 1 == levels_.size()) return {.value = values_[index]};
  return find(level + 1, levels_[level].first[index], levels_[level].first[index + 1], logs);
}

ProfileGrid::Found ProfileGrid::find(std::size_t level, std::size_t begin, std::size_t end, const float* logs) const {
  const std::vector<float>& lines = levels_[level].logs;
  const float here = logs[level];
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
  const auto above = static_cast<std::size_t>(std::lower_bound(first, last, here) - lines.begin());
  if (above < end && lines[above] == here) return below(level, above, logs);
  if (above == begin || above == end) {
    Found found = below(level, above == begin ? begin : end - 1, logs);
    found.basis = Basis::extrapolated;
    return found;
  }
  const Found low = below(level, above - 1, logs);
  const Found high = below(level, above, logs);
  const Basis between = level < rigid_count_ ? Basis::extrapolated : Basis::interpolated;
  const float share = (here - lines[above - 1]) / (lines[above] - lines[above - 1]);
  return {.value = low.value + share * (high.value - low.value), .basis = worse(between, worse(low.basis, high.basis))};
}

std::vector<GridPoint> ProfileGrid::points() const {
  std::vector<GridPoint> out(values_.size());
  // [axis] the coordinate under which the point stands; each moves on where its node ends
  std::vector<std::size_t> index(levels_.size(), 0);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    index.back() = i;
    for (std::size_t axis = levels_.size() - 1; axis-- > 0;) {
      if (index[axis + 1] == levels_[axis].first[index[axis] + 1]) ++index[axis];
    }
    for (std::size_t axis = 0; axis < levels_.size(); ++axis) out[i].at[axis] = levels_[axis].at[index[axis]];
    out[i].value = values_[i];
  }
  return out;
}

}  // namespace beltline::perf
