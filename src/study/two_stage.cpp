#include "study/two_stage.h"

#include <algorithm>
#include <map>

#include "plan/lp_map.h"

namespace beltline {
namespace {

class Splitter {
 public:
  explicit Splitter(const StochasticProblem& s) : s_(s) {}

  TwoStage run() {
    find_common();
    find_rows();
    for (std::size_t c = 0; c < s_.cases.size(); ++c) add_case(c);
    return std::move(out_);
  }

 private:
  void find_common() {
    index_.assign(s_.variable_count(), -1);
    for (std::size_t v = 0; v < s_.variable_count(); ++v) {
      if (s_.node[v] < 0) continue;
      index_[v] = static_cast<int32_t>(out_.common.size());
      out_.common.push_back(static_cast<int32_t>(v));
    }
    out_.lower.assign(out_.common.size(), -lp::kInf);
    out_.upper.assign(out_.common.size(), lp::kInf);
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const lp::Problem& p = s_.formulations[c].problem;
      for (std::size_t j = 0; j < p.column_count(); ++j) {
        const int32_t i = index_of(c, j);
        if (i < 0) continue;
        double& lower = out_.lower[static_cast<std::size_t>(i)];
        double& upper = out_.upper[static_cast<std::size_t>(i)];
        lower = std::max(lower, p.column_lower[j]);
        upper = std::min(upper, p.column_upper[j]);
      }
    }
  }

  [[nodiscard]] int32_t index_of(std::size_t c, std::size_t column) const {
    return index_[static_cast<std::size_t>(s_.variable[c][column])];
  }

  struct Key {
    std::vector<std::pair<int32_t, double>> terms;
    double lower, upper;
    auto operator<=>(const Key&) const = default;
  };

  /// Rows of common variables that every case writes alike; others stay in the subproblems.
  void find_rows() {
    std::map<Key, std::vector<std::pair<std::size_t, int32_t>>> known;  // (case, row)
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const lp::Problem& p = s_.formulations[c].problem;
      const Rows rows = rows_of(p);
      out_.row_of_case.emplace_back(p.row_count(), -1);
      for (std::size_t i = 0; i < p.row_count(); ++i) {
        Key key{.terms = {}, .lower = p.row_lower[i], .upper = p.row_upper[i]};
        bool is_common = rows.start[i] < rows.start[i + 1];
        for (auto k = static_cast<std::size_t>(rows.start[i]);
             is_common && k < static_cast<std::size_t>(rows.start[i + 1]); ++k) {
          const int32_t index = index_of(c, static_cast<std::size_t>(rows.column[k]));
          is_common = index >= 0;
          key.terms.emplace_back(index, rows.value[k]);
        }
        if (!is_common) continue;
        std::ranges::sort(key.terms);
        known[std::move(key)].emplace_back(c, static_cast<int32_t>(i));
      }
    }
    for (const auto& [key, at] : known) {
      std::vector<uint8_t> seen(s_.cases.size(), 0);
      for (const auto& [c, row] : at) seen[c] = 1;
      if (std::ranges::count(seen, 1) != static_cast<std::ptrdiff_t>(seen.size())) continue;
      for (const auto& [c, row] : at) {
        out_.row_of_case[c][static_cast<std::size_t>(row)] = static_cast<int32_t>(out_.rows.size());
        taken_[{c, row}] = true;
      }
      out_.rows.push_back({.terms = key.terms, .lower = key.lower, .upper = key.upper});
    }
  }

  void add_case(std::size_t c) {
    const lp::Problem& p = s_.formulations[c].problem;
    const std::size_t common = out_.common.size();
    Subproblem sub{.problem = {}, .linking_count = static_cast<int32_t>(common)};
    lp::Problem& q = sub.problem;
    q.offset = p.offset;
    // rows
    std::vector<int32_t> row(p.row_count(), -1);
    for (std::size_t i = 0; i < p.row_count(); ++i) {
      if (taken_.contains({c, static_cast<int32_t>(i)})) continue;
      row[i] = static_cast<int32_t>(q.row_lower.size());
      out_.row_of_case[c][i] = -1 - row[i];
      q.row_lower.push_back(p.row_lower[i]);
      q.row_upper.push_back(p.row_upper[i]);
    }
    // columns: common ones in their order, then the case's own
    std::vector<int32_t> columns(common, -1);
    std::vector<double> common_cost(common, 0.0);
    for (std::size_t j = 0; j < p.column_count(); ++j) {
      const int32_t i = index_of(c, j);
      if (i >= 0) {
        columns[static_cast<std::size_t>(i)] = static_cast<int32_t>(j);
        common_cost[static_cast<std::size_t>(i)] = p.cost[j];
      } else {
        columns.push_back(static_cast<int32_t>(j));
      }
    }
    if (!p.integer.empty()) q.integer.assign(columns.size(), 0);
    q.start.push_back(0);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const bool is_common = k < common;
      const int32_t from = columns[k];
      q.cost.push_back(is_common ? 0.0 : p.cost[static_cast<std::size_t>(from)]);
      q.column_lower.push_back(is_common ? out_.lower[k] : p.column_lower[static_cast<std::size_t>(from)]);
      q.column_upper.push_back(is_common ? out_.upper[k] : p.column_upper[static_cast<std::size_t>(from)]);
      if (from >= 0) {
        const auto j = static_cast<std::size_t>(from);
        if (!p.integer.empty()) q.integer[k] = p.integer[j];
        for (auto n = static_cast<std::size_t>(p.start[j]); n < static_cast<std::size_t>(p.start[j + 1]); ++n) {
          const int32_t i = row[static_cast<std::size_t>(p.index[n])];
          if (i < 0) continue;
          q.index.push_back(i);
          q.value.push_back(p.value[n]);
        }
      }
      q.start.push_back(static_cast<int32_t>(q.index.size()));
    }
    out_.cost.push_back(std::move(common_cost));
    out_.column.push_back(std::move(columns));
    out_.subproblems.push_back(std::move(sub));
  }

  const StochasticProblem& s_;
  TwoStage out_;
  std::vector<int32_t> index_;  // [variable] common index or −1
  std::map<std::pair<std::size_t, int32_t>, bool> taken_;
};

}  // namespace

TwoStage take_apart(const StochasticProblem& problem) {
  return Splitter(problem).run();
}

}  // namespace beltline
