// Bounds that rows, other bounds and the cost imply for columns that have none.
#pragma once

#include <span>
#include <vector>

#include "lp/by_row.h"
#include "lp/exact.h"
#include "lp/problem.h"

namespace beltline::lp {

/// Each bound is rounded outwards, so that every optimal point lies within; nothing that a column has is tightened.
class ImpliedBounds {
 public:
  /// @param cost_max  no point that costs more counts; infinity: all do
  ImpliedBounds(const Problem& problem, double cost_max);

  [[nodiscard]] double lower(std::size_t column) const { return lower_[column]; }
  [[nodiscard]] double upper(std::size_t column) const { return upper_[column]; }

  /// One pass over the rows and the cost, O(nonzeros); false where it found nothing.
  bool pass();

 private:
  [[nodiscard]] double least_end(std::size_t column, double coefficient) const;
  void look(std::span<const int32_t> column, std::span<const double> value, double sign, double most);
  void look_at_cost();
  void tighten(int32_t column, double a, double most, const BoundedSum& least, std::size_t infinite);

  const Problem& problem_;
  std::vector<double> lower_, upper_;  // [column]
  double cost_max_;
  ByRow rows_;
  bool changed_ = false;
};

}  // namespace beltline::lp
