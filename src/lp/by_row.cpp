#include "lp/by_row.h"

namespace beltline::lp {

ByRow by_row(const Problem& problem) {
  ByRow rows{.start = std::vector<std::size_t>(problem.row_count() + 1), .column = {}, .value = {}};
  for (const int32_t i : problem.index) ++rows.start[static_cast<std::size_t>(i) + 1];
  for (std::size_t i = 0; i < problem.row_count(); ++i) rows.start[i + 1] += rows.start[i];
  rows.column.resize(problem.index.size());
  rows.value.resize(problem.index.size());
  std::vector<std::size_t> next(rows.start.begin(), rows.start.end() - 1);
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const std::size_t to = next[static_cast<std::size_t>(problem.index[k])]++;
      rows.column[to] = static_cast<int32_t>(j);
      rows.value[to] = problem.value[k];
    }
  }
  return rows;
}

}  // namespace beltline::lp
