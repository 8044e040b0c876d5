#include "study/window_problem.h"

#include <algorithm>
#include <cmath>

namespace beltline {

WindowProblem cut_window(const lp::Problem& whole, const std::vector<int>& period, const std::vector<double>& cost,
                         const std::vector<double>& decided, int first, int last) {
  const std::size_t rows = whole.row_count();
  std::vector<double> past(rows, 0.0), size(rows, 0.0), least(rows, 0.0), most(rows, 0.0);
  std::vector<uint8_t> has_own(rows, 0);
  WindowProblem out;
  for (std::size_t j = 0; j < whole.column_count(); ++j) {
    if (period[j] >= first && period[j] <= last) out.column.push_back(static_cast<int32_t>(j));
    for (auto k = static_cast<std::size_t>(whole.start[j]); k < static_cast<std::size_t>(whole.start[j + 1]); ++k) {
      const auto i = static_cast<std::size_t>(whole.index[k]);
      const double a = whole.value[k];
      if (period[j] < first) {
        past[i] += a * decided[j];
        size[i] = std::max(size[i], std::abs(a * decided[j]));
      } else if (period[j] > last) {
        const double low = a > 0 ? whole.column_lower[j] : whole.column_upper[j];
        const double high = a > 0 ? whole.column_upper[j] : whole.column_lower[j];
        least[i] += low == 0 ? 0 : a * low;
        most[i] += high == 0 ? 0 : a * high;
      } else {
        has_own[i] = 1;
      }
    }
  }
  std::vector<int32_t> at(rows, -1);
  for (std::size_t i = 0; i < rows; ++i) {
    if (!has_own[i]) continue;
    // what earlier windows left by a hair is no reason for this one to have no plan
    const double hair = 1e-9 * (1 + size[i]);
    double lower = whole.row_lower[i] - past[i] - most[i];
    double upper = whole.row_upper[i] - past[i] - least[i];
    if (std::isnan(lower)) lower = -lp::kInf;
    if (std::isnan(upper)) upper = lp::kInf;
    if (lower == -lp::kInf && upper == lp::kInf) continue;
    if (size[i] > 0 && lower < upper) {
      lower -= hair;
      upper += hair;
    }
    at[i] = static_cast<int32_t>(out.row.size());
    out.row.push_back(static_cast<int32_t>(i));
    out.problem.row_lower.push_back(lower);
    out.problem.row_upper.push_back(upper);
  }
  lp::Problem& p = out.problem;
  p.start.push_back(0);
  for (const int32_t column : out.column) {
    const auto j = static_cast<std::size_t>(column);
    p.cost.push_back(cost[j]);
    p.column_lower.push_back(whole.column_lower[j]);
    p.column_upper.push_back(whole.column_upper[j]);
    if (!whole.integer.empty()) p.integer.push_back(whole.integer[j]);
    if (!whole.quadratic.empty()) p.quadratic.push_back(whole.quadratic[j]);
    for (auto k = static_cast<std::size_t>(whole.start[j]); k < static_cast<std::size_t>(whole.start[j + 1]); ++k) {
      const int32_t row = at[static_cast<std::size_t>(whole.index[k])];
      if (row < 0) continue;
      p.index.push_back(row);
      p.value.push_back(whole.value[k]);
    }
    p.start.push_back(static_cast<int32_t>(p.index.size()));
  }
  return out;
}

}  // namespace beltline
