// Seconds since something began: limits of studies are the user's, and every solve gets what is left.
#pragma once

#include <algorithm>
#include <chrono>

namespace beltline {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  /// What is left of a limit, at least a moment: a solver wants to be told a time.
  [[nodiscard]] double left(double limit_s) const { return std::max(0.1, limit_s - seconds()); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace beltline
