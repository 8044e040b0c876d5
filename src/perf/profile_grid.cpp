#include "perf/profile_grid.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include <fmt/format.h>

namespace beltline::perf {

namespace {

// An extension of the compilers that the house builds with; no standard type orders seven axes at once.
__extension__ using Order = unsigned __int128;

struct Ordered {
  Order key;
  float value;
};

/// Bits that tell so many lines apart.
int bits_of(const std::vector<float>& lines) {
  return static_cast<int>(std::bit_width(lines.size()));
}

/// The coordinates of each axis that occur, ascending.
std::vector<std::vector<float>> lines_of(std::size_t axis_count, std::span<const GridPoint> points) {
  std::vector<std::vector<float>> lines(axis_count);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    std::vector<float>& line = lines[axis];
    for (const GridPoint& point : points) {
      // neighbours in a file mostly share most coordinates
      if (line.empty() || line.back() != point.at[axis]) line.push_back(point.at[axis]);
    }
    std::ranges::sort(line);
    line.erase(std::ranges::unique(line).begin(), line.end());
  }
  return lines;
}

}  // namespace

Outcome<ProfileGrid> ProfileGrid::make(std::size_t axis_count, std::span<const GridPoint> points) {
  const std::vector<std::vector<float>> lines = lines_of(axis_count, points);
  int bits = 0;
  for (const auto& line : lines) bits += bits_of(line);
  if (bits > 128 || points.size() > UINT32_MAX) {
    return failure(fmt::format("{} points on {} axes are more than can be ordered", points.size(), axis_count));
  }
  std::vector<Ordered> ordered;
  ordered.reserve(points.size());
  for (const GridPoint& point : points) {
    Order key = 0;
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      const auto rank = std::ranges::lower_bound(lines[axis], point.at[axis]) - lines[axis].begin();
      key = key << bits_of(lines[axis]) | static_cast<Order>(rank);
    }
    ordered.push_back({key, point.value});
  }
  std::ranges::sort(
      ordered, [](const Ordered& a, const Ordered& b) { return a.key != b.key ? a.key < b.key : a.value < b.value; });
  ordered.erase(std::ranges::unique(ordered, {}, &Ordered::key).begin(), ordered.end());

  ProfileGrid grid;
  grid.levels_.resize(axis_count);
  int shift = bits;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    Level& level = grid.levels_[axis];
    const int width = bits_of(lines[axis]);
    shift -= width;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      const Order prefix = ordered[i].key >> shift;
      // a node of this level begins wherever the axes above differ
      const bool is_new_node = i == 0 || prefix >> width != ordered[i - 1].key >> shift >> width;
      if (axis > 0 && is_new_node) grid.levels_[axis - 1].first.push_back(static_cast<uint32_t>(level.at.size()));
      if (is_new_node || prefix != ordered[i - 1].key >> shift) {
        level.at.push_back(lines[axis][static_cast<std::size_t>(prefix & ((Order{1} << width) - 1))]);
      }
    }
    if (axis > 0) grid.levels_[axis - 1].first.push_back(static_cast<uint32_t>(level.at.size()));
  }
  grid.values_.reserve(ordered.size());
  for (const Ordered& point : ordered) grid.values_.push_back(point.value);
  return grid;
}

ProfileGrid::Found ProfileGrid::below(std::size_t level, std::size_t index, std::span<const float> at) const {
  if (level + 1 == levels_.size()) return {.value = values_[index]};
  return find(level + 1, levels_[level].first[index], levels_[level].first[index + 1], at);
}

ProfileGrid::Found ProfileGrid::find(std::size_t level, std::size_t begin, std::size_t end,
                                     std::span<const float> at) const {
  const std::vector<float>& lines = levels_[level].at;
  const float here = at[level];
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
  const auto above = static_cast<std::size_t>(std::lower_bound(first, last, here) - lines.begin());
  if (above < end && lines[above] == here) return below(level, above, at);
  if (above == begin || above == end) {
    Found found = below(level, above == begin ? begin : end - 1, at);
    found.basis = Basis::extrapolated;
    return found;
  }
  const Found low = below(level, above - 1, at);
  const Found high = below(level, above, at);
  const float share = (here - lines[above - 1]) / (lines[above] - lines[above - 1]);
  return {.value = low.value + share * (high.value - low.value),
          .basis = worse(Basis::interpolated, worse(low.basis, high.basis))};
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
