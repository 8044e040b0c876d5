#include "lp/column_factor.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

namespace beltline::lp {
namespace {

constexpr double kThreshold = 0.1;    // of a column's largest entry: what may be its pivot
constexpr double kDependent = 1e-11;  // of a column's size: what is left of it is rounding
constexpr double kUlp = 0x1p-52;      // twice the rounding of one operation

/// A sum of nonnegative numbers made in `count` operations, rounded up.
double raised(double sum, std::size_t count) {
  return sum * (1 + kUlp * static_cast<double>(count + 4));
}

}  // namespace

/// The columns that are left, eliminated by columns: what a pivot takes from the others is a multiple of its own.
class ColumnFactor::Elimination {
 public:
  Elimination(const Problem& problem, const std::vector<std::size_t>& columns, const std::vector<uint8_t>& usable,
              std::size_t work_max)
      : of_row_(problem.row_count()),
        row_count_(problem.row_count()),
        place_(problem.row_count(), kNone),
        work_left_(work_max) {
    for (const std::size_t j : columns) {
      Open open{.column = j, .size = 0, .entries = {}, .above = {}, .done = false};
      for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]);
           ++k) {
        const auto i = static_cast<std::size_t>(problem.index[k]);
        open.size = std::max(open.size, std::abs(problem.value[k]));
        if (usable[i] == 0 || problem.value[k] == 0) continue;
        open.entries.push_back({i, problem.value[k]});
        of_row_[i].push_back(open_.size());
        ++row_count_[i];
      }
      open_.push_back(std::move(open));
      queue_.emplace(open_.back().entries.size(), open_.size() - 1);
    }
  }

  /// False where the work was too much.
  bool run(std::vector<Pivot>& pivots, std::vector<Open>& dependent) {
    while (!queue_.empty()) {
      const auto [count, n] = queue_.top();
      queue_.pop();
      Open& open = open_[n];
      if (open.done || open.entries.size() != count) continue;
      open.done = true;
      const std::size_t chosen = choose(open);
      if (chosen == kNone) {
        dependent.push_back(open);
        continue;
      }
      Pivot pivot{.row = open.entries[chosen].at,
                  .column = open.column,
                  .value = open.entries[chosen].value,
                  .below = {},
                  .above = open.above};
      for (std::size_t e = 0; e < open.entries.size(); ++e) {
        if (e != chosen) pivot.below.push_back(open.entries[e]);
      }
      for (const std::size_t other : of_row_[pivot.row]) {
        if (!open_[other].done && !take_from(open_[other], pivot, pivots.size(), other)) return false;
      }
      pivots.push_back(std::move(pivot));
    }
    return true;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// The entry in the emptiest row among those large enough.
  [[nodiscard]] std::size_t choose(const Open& open) const {
    double largest = 0;
    for (const Entry& entry : open.entries) largest = std::max(largest, std::abs(entry.value));
    if (!(largest > kDependent * open.size)) return kNone;
    std::size_t best = kNone;
    const auto rank = [&](std::size_t e) {
      const Entry& entry = open.entries[e];
      return std::tuple(row_count_[entry.at], -std::abs(entry.value), entry.at);
    };
    for (std::size_t e = 0; e < open.entries.size(); ++e) {
      if (std::abs(open.entries[e].value) < kThreshold * largest) continue;
      if (best == kNone || rank(e) < rank(best)) best = e;
    }
    return best;
  }

  bool take_from(Open& open, const Pivot& pivot, std::size_t number, std::size_t n) {
    const auto found = std::ranges::find(open.entries, pivot.row, &Entry::at);
    if (found == open.entries.end()) return true;
    const double multiple = found->value / pivot.value;
    *found = open.entries.back();
    open.entries.pop_back();
    open.above.push_back({number, multiple});
    if (work_left_ < pivot.below.size() + open.entries.size()) return false;
    work_left_ -= pivot.below.size() + open.entries.size();
    for (std::size_t e = 0; e < open.entries.size(); ++e) place_[open.entries[e].at] = e;
    for (const Entry& entry : pivot.below) {
      if (std::size_t& place = place_[entry.at]; place == kNone) {
        place = open.entries.size();
        open.entries.push_back({entry.at, -multiple * entry.value});
        of_row_[entry.at].push_back(n);
        ++row_count_[entry.at];
      } else {
        open.entries[place].value -= multiple * entry.value;
      }
    }
    for (const Entry& entry : open.entries) place_[entry.at] = kNone;
    queue_.emplace(open.entries.size(), n);
    return true;
  }

  std::vector<Open> open_;
  std::vector<std::vector<std::size_t>> of_row_;  // [row] open columns with an entry there, now or before
  std::vector<std::size_t> row_count_;            // [row] how many
  std::vector<std::size_t> place_;                // [row] workspace
  std::size_t work_left_;
  using Count = std::pair<std::size_t, std::size_t>;  // entries, column
  std::priority_queue<Count, std::vector<Count>, std::greater<>> queue_;
};

ColumnFactor::ColumnFactor(const Problem& problem, const std::vector<std::size_t>& columns,
                           const std::vector<uint8_t>& usable, std::size_t work_max) {
  complete_ = Elimination(problem, columns, usable, work_max).run(pivots_, dependent_);
  // rows that hold no pivot have no part in the product
  std::vector<std::size_t> pivot_of(problem.row_count(), pivots_.size());
  for (std::size_t p = 0; p < pivots_.size(); ++p) pivot_of[pivots_[p].row] = p;
  for (Pivot& pivot : pivots_) {
    std::erase_if(pivot.below, [&](const Entry& entry) { return pivot_of[entry.at] == pivots_.size(); });
    for (Entry& entry : pivot.below) entry.at = pivot_of[entry.at];
  }
}

std::vector<double> ColumnFactor::solve_transposed(std::vector<double> right) const {
  for (std::size_t p = 0; p < pivots_.size(); ++p) {
    for (const Entry& entry : pivots_[p].above) right[p] -= entry.value * right[entry.at];
  }
  for (std::size_t p = pivots_.size(); p-- > 0;) {
    for (const Entry& entry : pivots_[p].below) right[p] -= entry.value * right[entry.at];
    right[p] /= pivots_[p].value;
  }
  return right;
}

std::vector<double> ColumnFactor::bound_transposed(std::vector<double> right) const {
  for (std::size_t p = 0; p < pivots_.size(); ++p) {
    for (const Entry& entry : pivots_[p].above) right[p] += std::abs(entry.value) * right[entry.at];
    right[p] = raised(right[p], 2 * pivots_[p].above.size());
  }
  for (std::size_t p = pivots_.size(); p-- > 0;) {
    for (const Entry& entry : pivots_[p].below) right[p] += std::abs(entry.value) * right[entry.at];
    right[p] = raised(right[p] / std::abs(pivots_[p].value), 2 * pivots_[p].below.size());
  }
  return right;
}

std::vector<double> ColumnFactor::error_transposed(const std::vector<double>& v) const {
  // an entry of column j is a sum of as many products as U's column has; each operation rounds a part of |L| |U| at
  // most (Higham, Accuracy and Stability of Numerical Algorithms, lemma 8.4)
  std::vector<double> below(pivots_.size()), error(pivots_.size());
  for (std::size_t p = 0; p < pivots_.size(); ++p) {
    below[p] = std::abs(pivots_[p].value) * v[p];
    for (const Entry& entry : pivots_[p].below) below[p] += std::abs(entry.value) * v[entry.at];
    below[p] = raised(below[p], 2 * pivots_[p].below.size());
  }
  for (std::size_t p = 0; p < pivots_.size(); ++p) {
    double sum = below[p];
    for (const Entry& entry : pivots_[p].above) sum += std::abs(entry.value) * below[entry.at];
    const std::size_t count = pivots_[p].above.size();
    error[p] = raised(sum, 2 * count) * kUlp * static_cast<double>(2 * count + 4);
  }
  return error;
}

std::vector<ColumnFactor::Dependent> ColumnFactor::dependents() const {
  std::vector<Dependent> out;
  for (const Open& open : dependent_) {
    Dependent dependent{.column = open.column, .weight = std::vector<double>(pivots_.size())};
    for (const Entry& entry : open.above) dependent.weight[entry.at] = entry.value;
    for (std::size_t p = pivots_.size(); p-- > 0;) {
      if (dependent.weight[p] == 0) continue;
      for (const Entry& entry : pivots_[p].above) dependent.weight[entry.at] -= entry.value * dependent.weight[p];
    }
    out.push_back(std::move(dependent));
  }
  return out;
}

}  // namespace beltline::lp
