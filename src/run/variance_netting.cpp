// What later months make up for.
#include <algorithm>
#include <cmath>
#include <deque>

#include "run/variance.h"

namespace beltline {

VarianceParts& VarianceParts::operator+=(const VarianceParts& other) {
  planned += other.planned;
  actual += other.actual;
  total += other.total;
  volume += other.volume;
  yield += other.yield;
  timing += other.timing;
  price += other.price;
  return *this;
}

Netted net_deviations(const std::vector<double>& deviations) {
  Netted out{.volume = deviations, .timing = std::vector<double>(deviations.size(), 0.0)};
  std::deque<std::size_t> open;  // months whose deviation nothing has cancelled yet, all of one sign
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    while (!open.empty() && out.volume[i] * out.volume[open.front()] < 0) {
      const std::size_t j = open.front();
      const double part = std::min(std::abs(out.volume[i]), std::abs(out.volume[j]));
      for (const std::size_t month : {i, j}) {
        const double moved = std::copysign(part, out.volume[month]);
        out.timing[month] += moved;
        out.volume[month] -= moved;
      }
      if (out.volume[j] == 0) open.pop_front();
    }
    if (out.volume[i] != 0) open.push_back(i);
  }
  return out;
}

}  // namespace beltline
