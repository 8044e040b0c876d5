// The double beside a double: rounding in a direction that is known.
#pragma once

#include <cmath>
#include <limits>

namespace beltline::lp {

inline double down(double value) {
  return std::nextafter(value, -std::numeric_limits<double>::infinity());
}
inline double up(double value) {
  return std::nextafter(value, std::numeric_limits<double>::infinity());
}

}  // namespace beltline::lp
