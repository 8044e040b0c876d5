#include "audit/pert.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace beltline {
namespace {

constexpr int kCellCount = 512;
constexpr double kShape = 4;  // the weight of the mode, as PERT has it

}  // namespace

Pert::Pert(double low, double mode, double high) : low_(low), width_(high - low) {
  ASSERT(low <= mode && mode <= high);
  if (width_ <= 0) return;
  const double m = (mode - low) / width_;
  const double a = kShape * m;
  const double b = kShape * (1 - m);
  const auto density = [&](double x) { return std::pow(x, a) * std::pow(1 - x, b); };
  cumulative_.assign(kCellCount + 1, 0);
  double left = density(0);
  for (int i = 0; i < kCellCount; ++i) {
    const double middle = density((i + 0.5) / kCellCount);
    const double right = density((i + 1.0) / kCellCount);
    const auto at = static_cast<std::size_t>(i);
    cumulative_[at + 1] = cumulative_[at] + (left + 4 * middle + right) / 6;
    left = right;
  }
  const double all = cumulative_.back();
  for (double& each : cumulative_) each /= all;
}

double Pert::quantile(double probability) const {
  if (cumulative_.empty()) return low_;
  const auto above = std::ranges::upper_bound(cumulative_, probability);
  const auto cell = std::clamp<std::ptrdiff_t>(above - cumulative_.begin() - 1, 0, kCellCount - 1);
  const double before = cumulative_[static_cast<std::size_t>(cell)];
  const double after = cumulative_[static_cast<std::size_t>(cell) + 1];
  const double inside = after > before ? (probability - before) / (after - before) : 0.5;
  return low_ + width_ * (static_cast<double>(cell) + std::clamp(inside, 0.0, 1.0)) / kCellCount;
}

}  // namespace beltline
