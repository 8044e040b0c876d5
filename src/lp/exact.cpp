#include "lp/exact.h"

#include "base/assert.h"

namespace beltline::lp {

void ExactSum::add(double term) {
  // grow-expansion with zero elimination: the errors are the new small parts, the running sum the new largest
  double running = term;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const Split s = two_sum(running, parts_[i]);
    running = s.value;
    if (s.error != 0) parts_[kept++] = s.error;
  }
  if (running != 0) {
    ASSERT(kept < kPartMax);
    parts_[kept++] = running;
  }
  count_ = kept;
}

double ExactSum::value() const {
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += parts_[i];
  return sum;
}

}  // namespace beltline::lp
