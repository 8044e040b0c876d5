#include "lp/interior_settle.h"

#include <algorithm>

namespace beltline::lp {

void settle(const Frame& frame, Newton& newton, double share, Iterate& point) {
  const std::size_t n = frame.columns();
  std::vector<uint8_t> held(frame.variables(), 0);
  std::vector<double> at = point.value;
  for (std::size_t p = 0; p < frame.pairs.count(); ++p) {
    if (point.distance[p] > share * point.dual[p]) continue;
    held[frame.pairs.variable[p]] = 1;
    at[frame.pairs.variable[p]] = frame.pairs.bound[p];
  }
  for (std::size_t v = n; v < held.size(); ++v) {
    if (frame.bounds[v] == kFixed) held[v] = 1, at[v] = frame.form.lower[v];
  }
  std::vector<double> zero(n, 0.0), row(frame.rows()), move(frame.variables());
  std::span<double> x = std::span<double>(at).first(n);
  if (!newton.factor_held(held)) return;
  for (int round = 0; round < 3; ++round) {
    multiply(frame.form, x, row);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = held[n + i] != 0 ? at[n + i] - row[i] : 0;
    newton.solve(zero, row, 1e-16, move);
    for (std::size_t j = 0; j < n; ++j) x[j] += held[j] != 0 ? 0 : move[j];
  }
  multiply(frame.form, x, row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (frame.bounds[n + i] != kFixed) at[n + i] = row[i];
  }
  point.value = std::move(at);
  for (std::size_t p = 0; p < frame.pairs.count(); ++p) {
    const double away = frame.pairs.sign[p] * (point.value[frame.pairs.variable[p]] - frame.pairs.bound[p]);
    point.distance[p] = std::max(0.0, away);
  }
}

}  // namespace beltline::lp
