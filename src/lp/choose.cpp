#include "lp/choose.h"

#include <algorithm>

#include <fmt/format.h>

namespace beltline::lp {
namespace {

/// Above this an LP is solved by interior point.
constexpr std::size_t kSimplexNonzeroMax = 1'500'000;
/// From here on it is worth to look for a chain; shorter ones are the simplex method's. On the expansion case of
/// bench/, a week by the hour, a chain of 84, is walked through 10 to 30 times as fast at 15,000 to 60,000 rows.
constexpr std::size_t kChainRowMin = 8'000;
constexpr int kChainMin = 80;
/// Above this the active set of a QP moves too many columns in and out.
constexpr std::size_t kActiveSetColumnMax = 1'000;

/// Row indices by column are the problem's; this is the same by row.
struct ByRow {
  std::vector<std::size_t> start;  // [row + 1]
  std::vector<int32_t> column;     // [nonzero]
};

ByRow transposed(const Problem& problem) {
  ByRow rows{.start = std::vector<std::size_t>(problem.row_count() + 1), .column = {}};
  for (const int32_t i : problem.index) ++rows.start[static_cast<std::size_t>(i) + 1];
  for (std::size_t i = 0; i < problem.row_count(); ++i) rows.start[i + 1] += rows.start[i];
  rows.column.resize(problem.index.size());
  std::vector<std::size_t> next(rows.start.begin(), rows.start.end() - 1);
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      rows.column[next[static_cast<std::size_t>(problem.index[k])]++] = static_cast<int32_t>(j);
    }
  }
  return rows;
}

/// Searches in breadth from row to row, without the links.
class Search {
 public:
  explicit Search(const Problem& problem) : problem_(problem), rows_(transposed(problem)) {
    const auto nonzeros = static_cast<double>(problem.nonzero_count());
    const auto many = [&](std::size_t count) { return std::max(32.0, 8 * nonzeros / static_cast<double>(count)); };
    column_max_ = static_cast<std::size_t>(many(std::max<std::size_t>(1, problem.column_count())));
    row_max_ = static_cast<std::size_t>(many(std::max<std::size_t>(1, problem.row_count())));
  }

  [[nodiscard]] bool is_link(std::size_t row) const { return rows_.start[row + 1] - rows_.start[row] > row_max_; }

  /// What a search has been to.
  struct Seen {
    explicit Seen(const Problem& problem) : row(problem.row_count(), 0), column(problem.column_count(), 0) {}
    std::vector<uint8_t> row, column;
  };
  struct Reach {
    int steps = 0;              // to the farthest row
    std::size_t farthest = 0;   // that row
    std::size_t row_count = 0;  // reached
  };

  [[nodiscard]] Reach from(std::size_t row, Seen& seen) const {
    std::vector<std::size_t> front{row}, next;
    seen.row[row] = 1;
    Reach reach{.steps = -1};
    while (!front.empty()) {
      ++reach.steps;
      reach.farthest = front.front();
      reach.row_count += front.size();
      next.clear();
      for (const std::size_t i : front) {
        for (std::size_t k = rows_.start[i]; k < rows_.start[i + 1]; ++k) {
          enter(static_cast<std::size_t>(rows_.column[k]), seen, next);
        }
      }
      front.swap(next);
    }
    return reach;
  }

  /// The largest part that hangs together without links, searched from some row of it: rows that bound a capacity are
  /// parts of their own.
  [[nodiscard]] Reach largest() const {
    Seen seen(problem_);
    Reach best;
    for (std::size_t row = 0; row < problem_.row_count(); ++row) {
      if (seen.row[row] || is_link(row)) continue;
      const Reach reach = from(row, seen);
      if (reach.row_count > best.row_count) best = reach;
    }
    return best;
  }

 private:
  void enter(std::size_t column, Seen& seen, std::vector<std::size_t>& next) const {
    if (seen.column[column]) return;
    seen.column[column] = 1;
    const auto begin = static_cast<std::size_t>(problem_.start[column]);
    const auto end = static_cast<std::size_t>(problem_.start[column + 1]);
    if (end - begin > column_max_) return;
    for (std::size_t k = begin; k < end; ++k) {
      const auto i = static_cast<std::size_t>(problem_.index[k]);
      if (seen.row[i] || is_link(i)) continue;
      seen.row[i] = 1;
      next.push_back(i);
    }
  }

  const Problem& problem_;
  ByRow rows_;
  std::size_t column_max_ = 0;
  std::size_t row_max_ = 0;
};

std::string count(std::size_t value, const char* what) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits + " " + what;
}

Choice choose_linear(const Problem& problem, const Options& options) {
  const std::string rows = count(problem.row_count(), "rows");
  // a vertex to begin from is worth more than any structure
  if (!options.start_column_basis.empty()) return {Method::simplex, options.crossover, rows + ", begun from a vertex"};
  if (problem.nonzero_count() > kSimplexNonzeroMax) {
    return {Method::interior_point, false, count(problem.nonzero_count(), "nonzeros")};
  }
  if (problem.row_count() < kChainRowMin) return {Method::simplex, options.crossover, rows};
  const int chain = chain_length(problem);
  if (chain < kChainMin) return {Method::simplex, options.crossover, rows + ", no long chain"};
  const std::string steps = count(static_cast<std::size_t>(chain), "steps");
  return {Method::interior_point, false, rows + ", a chain of " + steps};
}

}  // namespace

const char* to_string(Method method) {
  switch (method) {
    case Method::automatic: return "automatic";
    case Method::simplex: return "simplex";
    case Method::ipx: return "ipx";
    case Method::hipo: return "hipo";
    case Method::interior_point: return "interior point";
    case Method::active_set: return "active set";
    case Method::branch_and_bound: return "branch and bound";
  }
  return "automatic";
}

int chain_length(const Problem& problem) {
  if (problem.nonzero_count() == 0) return 0;
  const Search search(problem);
  const Search::Reach part = search.largest();
  if (part.row_count == 0) return 0;
  Search::Seen seen(problem);
  return search.from(part.farthest, seen).steps;
}

Choice choose_method(const Problem& problem, const Options& options) {
  const bool quadratic = problem.is_quadratic();
  if (problem.has_integers()) {
    const auto integers =
        static_cast<std::size_t>(std::ranges::count_if(problem.integer, [](auto f) { return f != 0; }));
    const std::string why = count(integers, "integer columns");
    return {Method::branch_and_bound, options.crossover, quadratic ? why + " and a quadratic cost" : why};
  }
  const bool fits = quadratic ? options.method != Method::simplex && options.method != Method::ipx
                              : options.method != Method::active_set;
  const bool open = options.method == Method::automatic || options.method == Method::branch_and_bound || !fits;
  if (!open) return {options.method, options.crossover, "asked for"};
  if (!quadratic) return choose_linear(problem, options);
  const bool small = options.method == Method::simplex ||
                     (options.method != Method::ipx && problem.column_count() <= kActiveSetColumnMax);
  return {small ? Method::active_set : Method::interior_point, options.crossover,
          count(problem.column_count(), "columns of a quadratic problem")};
}

}  // namespace beltline::lp
