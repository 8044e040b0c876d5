// Measured points on ragged lines of a grid, and what lies between them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/failure.h"
#include "perf/operators.h"

namespace beltline::perf {

inline constexpr std::size_t kGridAxesMax = 7;

/// Coordinates, all positive, and what was measured there.
struct GridPoint {
  std::array<float, kGridAxesMax> at = {};
  float value = 0;
};

/// A tree with one level an axis: a node holds the coordinates that occur under it, in order, so that lines of
/// different lengths need no filling up.
class ProfileGrid {
 public:
  struct Found {
    float value = 0;
    Basis basis = Basis::measured;  // never analytic
  };

  /// Several points of one place count as the smallest: the fastest of the kernels that were tried.
  /// @errors more lines than 64 bits can order
  ///
  /// @param rigid_count  so many of the first axes are kinds more than sizes: between two of their lines is beyond both
  static Outcome<ProfileGrid> make(std::size_t axis_count, std::span<const GridPoint> points,
                                   std::size_t rigid_count = 0);

  /// On a point, the point. Between lines, linear in the logarithm of the coordinate from one line to the next, axis by
  /// axis. Beyond the last line of an axis, that line's value. The grid has a point at least.
  ///
  /// @param at  [axis] coordinates, positive
  /// @cost      O(2^axes between lines · log(lines))
  [[nodiscard]] Found find(std::span<const float> at) const;

  [[nodiscard]] std::size_t axis_count() const { return levels_.size(); }
  [[nodiscard]] std::size_t point_count() const { return values_.size(); }
  /// All points, in order.
  [[nodiscard]] std::vector<GridPoint> points() const;

 private:
  struct Level {
    std::vector<float> logs;      // of the coordinates, ascending within a node
    std::vector<float> at;        // [coordinate]
    std::vector<uint32_t> first;  // [coordinate] where its node begins in the next level; one more at the end
  };

  [[nodiscard]] Found find(std::size_t level, std::size_t begin, std::size_t end, const float* logs) const;
  [[nodiscard]] Found below(std::size_t level, std::size_t index, const float* logs) const;

  std::size_t rigid_count_ = 0;
  std::vector<Level> levels_;
  std::vector<float> values_;  // [coordinate of the last level]
};

}  // namespace beltline::perf
