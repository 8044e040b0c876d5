#include "study/master.h"

#include <algorithm>

namespace beltline {
namespace {

/// Rows first, columns from them: the master grows by rows.
class RowWriter {
 public:
  explicit RowWriter(std::size_t column_count) : columns_(column_count) {}

  void begin(double lower, double upper) {
    lower_.push_back(lower);
    upper_.push_back(upper);
  }
  void put(std::size_t column, double value) {
    if (value != 0) columns_[column].emplace_back(static_cast<int32_t>(lower_.size()) - 1, value);
  }
  void finish(lp::Problem& p) {
    p.row_lower = std::move(lower_);
    p.row_upper = std::move(upper_);
    p.start.push_back(0);
    for (const auto& column : columns_) {
      for (const auto& [row, value] : column) {
        p.index.push_back(row);
        p.value.push_back(value);
      }
      p.start.push_back(static_cast<int32_t>(p.index.size()));
    }
  }

 private:
  std::vector<std::vector<std::pair<int32_t, double>>> columns_;
  std::vector<double> lower_, upper_;
};

}  // namespace

Master::Master(const TwoStage& parts, const StochasticProblem& problem, const RiskMeasure& risk,
               const std::vector<double>& recourse_bound)
    : parts_(parts), problem_(problem), risk_(risk), recourse_bound_(recourse_bound) {}

void Master::add(Cut cut) {
  cuts_.push_back(std::move(cut));
}

/// Columns: x, θ by case, and with a risk measure η and z by case. Rows: common, risk, cuts.
lp::Problem Master::write() const {
  const std::size_t common = parts_.common.size(), cases = problem_.cases.size();
  const bool has_risk = risk_.weight > 0;
  const std::size_t theta = common, eta = common + cases, z = eta + 1;
  const std::size_t count = common + cases + (has_risk ? 1 + cases : 0);
  lp::Problem p;
  p.cost.assign(count, 0.0);
  p.column_lower = parts_.lower;
  p.column_upper = parts_.upper;
  p.column_lower.insert(p.column_lower.end(), recourse_bound_.begin(), recourse_bound_.end());
  p.column_lower.resize(count, 0.0);
  p.column_upper.resize(count, lp::kInf);
  RowWriter rows(count);
  for (const CommonRow& row : parts_.rows) {
    rows.begin(row.lower, row.upper);
    for (const auto& [i, value] : row.terms) rows.put(static_cast<std::size_t>(i), value);
  }
  if (has_risk) {
    p.column_lower[eta] = -lp::kInf;
    p.cost[eta] = risk_.weight;
  }
  for (std::size_t c = 0; c < cases; ++c) {
    const double weight = (1 - risk_.weight) * problem_.cases[c].probability;
    p.cost[theta + c] = weight;
    for (std::size_t i = 0; i < common; ++i) p.cost[i] += weight * parts_.cost[c][i];
    if (!has_risk) continue;
    // z ≥ c_cᵀx + θ − η
    p.cost[z + c] = risk_.weight * problem_.cases[c].probability / (1 - risk_.level);
    rows.begin(0, lp::kInf);
    for (std::size_t i = 0; i < common; ++i) rows.put(i, -parts_.cost[c][i]);
    rows.put(theta + c, -1);
    rows.put(eta, 1);
    rows.put(z + c, 1);
  }
  for (const Cut& cut : cuts_) {
    rows.begin(cut.constant, lp::kInf);
    for (std::size_t i = 0; i < common; ++i) rows.put(i, -cut.gradient[i]);
    if (!cut.is_feasibility) rows.put(theta + cut.case_index, 1);
  }
  rows.finish(p);
  return p;
}

Outcome<Master::Answer> Master::solve(const std::vector<double>& centre, const std::vector<double>& scale,
                                      double radius, const lp::Options& options) {
  lp::Problem p = write();
  const std::size_t common = parts_.common.size();
  for (std::size_t i = 0; radius >= 0 && i < common; ++i) {
    p.column_lower[i] = std::max(p.column_lower[i], centre[i] - radius * scale[i]);
    p.column_upper[i] = std::min(p.column_upper[i], centre[i] + radius * scale[i]);
  }
  lp::Options how = options;
  if (column_basis_.size() == p.column_count() && row_basis_.size() <= p.row_count()) {
    how.start_column_basis = column_basis_;
    how.start_row_basis = row_basis_;
    how.start_row_basis.resize(p.row_count(), lp::Basis::basic);  // cuts that are new
  }
  auto solution = lp::solve(p, how);
  if (!solution) return std::unexpected(solution.error());
  Answer answer{.termination = solution->termination,
                .objective = solution->objective,
                .bound = solution->bound,
                .x = {},
                .row_dual = {},
                .detail = solution->detail};
  if (solution->has_point) {
    answer.x.assign(solution->x.begin(), solution->x.begin() + static_cast<std::ptrdiff_t>(common));
  }
  if (solution->row_dual.size() >= parts_.rows.size()) {
    answer.row_dual.assign(solution->row_dual.begin(),
                           solution->row_dual.begin() + static_cast<std::ptrdiff_t>(parts_.rows.size()));
  }
  if (!solution->column_basis.empty()) {
    column_basis_ = std::move(solution->column_basis);
    row_basis_ = std::move(solution->row_basis);
  }
  return answer;
}

}  // namespace beltline
