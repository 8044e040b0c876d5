#include "lp/problem.h"

#include <algorithm>
#include <utility>

namespace beltline::lp {

bool Problem::has_integers() const {
  return std::any_of(integer.begin(), integer.end(), [](uint8_t flag) { return flag != 0; });
}

bool Problem::is_quadratic() const {
  return std::any_of(quadratic.begin(), quadratic.end(), [](double q) { return q != 0; });
}

std::size_t Problem::byte_count() const {
  const std::size_t doubles = cost.size() + quadratic.size() + column_lower.size() + column_upper.size() +
                              row_lower.size() + row_upper.size() + value.size();
  const std::size_t ints = start.size() + index.size();
  return doubles * sizeof(double) + ints * sizeof(int32_t) + integer.size() * sizeof(uint8_t);
}

Problem relaxed(Problem problem) {
  problem.integer.clear();
  return problem;
}

}  // namespace beltline::lp
