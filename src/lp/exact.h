// Sums of products without rounding, and with rounding that is known: what certificates are computed with.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace beltline::lp {

/// a + b = sum + error exactly (Knuth 1969), and a · b = product + error exactly where nothing under- or overflows.
struct Split {
  double value = 0;
  double error = 0;
};
inline Split two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}
inline Split two_product(double a, double b) {
  const double product = a * b;
  return {product, std::fma(a, b, -product)};
}

/// A sum of doubles and of products of doubles, exact: an expansion of doubles that do not overlap (Shewchuk 1997,
/// Discrete Comput. Geom. 18:305–363). Doubles are dyadic rationals, so this is rational arithmetic.
///
/// Exact as long as products stay above 1e-290; smaller ones are off by 1e-320 at most. Not for infinities and NaN.
/// @cost a few additions a term; the expansion has one or two parts unless terms of very different size cancel
class ExactSum {
 public:
  void clear() { count_ = 0; }
  void add(double term);
  void add_product(double a, double b) {
    const Split p = two_product(a, b);
    add(p.error);
    add(p.value);
  }
  /// The sum to the nearest double, or one beside it.
  [[nodiscard]] double value() const;
  /// −1, 0 or 1, exactly.
  [[nodiscard]] int sign() const { return count_ == 0 ? 0 : (parts_[count_ - 1] > 0 ? 1 : -1); }

 private:
  // a double's bits span 2,098 places and each part covers 53 of them
  static constexpr std::size_t kPartMax = 42;
  std::array<double, kPartMax> parts_{};  // ascending by size, not overlapping, none 0
  std::size_t count_ = 0;
};

/// The same sum in about two doubles, with a bound on its error (Ogita, Rump and Oishi 2005, SIAM J. Sci. Comput. 26):
/// cheaper, and safe in the direction asked for.
class BoundedSum {
 public:
  void add(double term) {
    const Split s = two_sum(sum_, term);
    sum_ = s.value;
    error_ += s.error;
    size_ += std::abs(term);
    count_ += 1;
  }
  void add_product(double a, double b) {
    const Split p = two_product(a, b);
    const Split s = two_sum(sum_, p.value);
    sum_ = s.value;
    error_ += s.error + p.error;
    size_ += std::abs(p.value);
    count_ += 2;
  }
  /// Never above the true sum, and never below it.
  [[nodiscard]] double lower() const { return std::nextafter(middle() - width(), -kHuge); }
  [[nodiscard]] double upper() const { return std::nextafter(middle() + width(), kHuge); }
  [[nodiscard]] double middle() const { return std::isfinite(sum_) ? sum_ + error_ : sum_; }

 private:
  static constexpr double kHuge = std::numeric_limits<double>::infinity();
  // u |s| + γ² Σ|terms| with u = 2⁻⁵³ and γ ≤ n u; taken 64 times too wide so that its own rounding cannot matter
  [[nodiscard]] double width() const {
    return 0x1p-52 * std::abs(middle()) + (count_ + 2) * (count_ + 2) * 0x1p-100 * size_ + count_ * 0x1p-1070;
  }
  double sum_ = 0;
  double error_ = 0;
  double size_ = 0;
  double count_ = 0;
};

}  // namespace beltline::lp
