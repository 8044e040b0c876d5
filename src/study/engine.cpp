#include "study/engine.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/assert.h"

namespace beltline {
namespace {

/// Every row may be missed, at a cost of 1 a unit; nothing else costs.
lp::Problem elastic(lp::Problem p) {
  std::ranges::fill(p.cost, 0.0);
  p.quadratic.clear();
  p.offset = 0;
  p.integer.clear();
  const auto add = [&](std::size_t row, double sign) {
    p.cost.push_back(1);
    p.column_lower.push_back(0);
    p.column_upper.push_back(lp::kInf);
    p.index.push_back(static_cast<int32_t>(row));
    p.value.push_back(sign);
    p.start.push_back(static_cast<int32_t>(p.index.size()));
  };
  for (std::size_t i = 0; i < p.row_count(); ++i) {
    if (p.row_lower[i] > -lp::kInf) add(i, 1.0);
    if (p.row_upper[i] < lp::kInf) add(i, -1.0);
  }
  return p;
}

/// Adds ρ/2 (x − centre)² for each column that is pulled, from below by tangents: q ≥ ρ (p − c)(x − p) + ρ/2 (p − c)².
///
/// Whole numbers get a tangent between any two near the centre, where the chords meet the parabola; others at
/// distances that grow from the centre on.
void add_pull(lp::Problem& p, const SubproblemTask& task) {
  const bool has_integers = !p.integer.empty();
  std::vector<std::vector<std::pair<int32_t, double>>> rows_of_column(task.pull.size());
  std::vector<std::pair<int32_t, double>> own;  // of the q columns: (row, 1)
  std::vector<int32_t> own_start;
  const auto add_row = [&](std::size_t j, double slope, double at_zero) {
    // q − slope · x ≥ at_zero
    const auto row = static_cast<int32_t>(p.row_lower.size());
    p.row_lower.push_back(at_zero);
    p.row_upper.push_back(lp::kInf);
    rows_of_column[j].emplace_back(row, -slope);
    own.emplace_back(row, 1.0);
  };
  for (std::size_t j = 0; j < task.pull.size(); ++j) {
    if (task.pull[j] <= 0) continue;
    own_start.push_back(static_cast<int32_t>(own.size()));
    const double rho = task.pull[j], c = task.centre[j];
    const auto parabola = [&](double x) { return 0.5 * rho * (x - c) * (x - c); };
    if (has_integers && p.integer[j]) {
      for (double x = std::floor(c) - 3; x <= std::floor(c) + 3; ++x) {
        const double slope = parabola(x + 1) - parabola(x);
        add_row(j, slope, parabola(x) - slope * x);
      }
    } else {
      for (const double share : {0.0, 0.01, 0.05, 0.2, 0.5, 1.0}) {
        for (const double sign : {-1.0, 1.0}) {
          const double d = sign * share * (1 + std::abs(c)), slope = rho * d;
          add_row(j, slope, 0.5 * rho * d * d - slope * (c + d));
          if (share == 0) break;
        }
      }
    }
  }
  // columns once more, with their new rows at the end of each
  std::vector<int32_t> start = {0}, index;
  std::vector<double> value;
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      index.push_back(p.index[k]);
      value.push_back(p.value[k]);
    }
    for (const auto& [row, a] : j < rows_of_column.size() ? rows_of_column[j] : decltype(own){}) {
      if (a == 0) continue;
      index.push_back(row);
      value.push_back(a);
    }
    start.push_back(static_cast<int32_t>(index.size()));
  }
  for (std::size_t n = 0; n < own_start.size(); ++n) {
    const auto end =
        static_cast<std::size_t>(n + 1 < own_start.size() ? own_start[n + 1] : static_cast<int32_t>(own.size()));
    for (auto k = static_cast<std::size_t>(own_start[n]); k < end; ++k) {
      index.push_back(own[k].first);
      value.push_back(own[k].second);
    }
    start.push_back(static_cast<int32_t>(index.size()));
    p.cost.push_back(1);
    p.column_lower.push_back(0);
    p.column_upper.push_back(lp::kInf);
    if (has_integers) p.integer.push_back(0);
    if (!p.quadratic.empty()) p.quadratic.push_back(0);
  }
  p.start = std::move(start);
  p.index = std::move(index);
  p.value = std::move(value);
}

class LocalEngine final : public SubproblemEngine {
 public:
  explicit LocalEngine(const EngineOptions& options) : options_(options) {}

  Outcome<void> load(std::vector<Subproblem> subproblems) override {
    subproblems_ = std::move(subproblems);
    starts_.assign(subproblems_.size(), {});
    return {};
  }

  Outcome<std::vector<SubproblemAnswer>> solve(const std::vector<SubproblemTask>& tasks) override {
    std::vector<Outcome<SubproblemAnswer>> answers(tasks.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < tasks.size(); i = next++) {
        const auto which = static_cast<std::size_t>(tasks[i].subproblem);
        ASSERT(which < subproblems_.size());
        // a basis is of one kind of task: elastic ones have more columns
        StartBasis scratch;
        StartBasis& start = tasks[i].elastic ? scratch : starts_[which];
        answers[i] = solve_task(subproblems_[which], tasks[i], options_, start);
      }
    };
    const std::size_t count = std::min(tasks.size(), static_cast<std::size_t>(std::max(1, options_.thread_count)));
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back(work);
    work();
    others.clear();
    std::vector<SubproblemAnswer> out;
    for (auto& answer : answers) {
      if (!answer) return std::unexpected(answer.error());
      out.push_back(std::move(*answer));
    }
    return out;
  }

 private:
  const EngineOptions options_;
  std::vector<Subproblem> subproblems_;
  std::vector<StartBasis> starts_;  // [subproblem] used by one task of a call at a time
};

}  // namespace

Outcome<SubproblemAnswer> solve_task(const Subproblem& subproblem, const SubproblemTask& task,
                                     const EngineOptions& options, StartBasis& start) {
  const auto linking = static_cast<std::size_t>(subproblem.linking_count);
  ASSERT(task.value.empty() || task.value.size() == linking);
  ASSERT(task.cost.empty() || task.cost.size() == linking);
  lp::Problem p = task.elastic   ? elastic(subproblem.problem)
                  : task.relaxed ? lp::relaxed(subproblem.problem)
                                 : subproblem.problem;
  for (std::size_t j = 0; j < task.value.size(); ++j) {
    p.column_lower[j] = p.column_upper[j] = task.value[j];
    if (!p.integer.empty()) p.integer[j] = 0;  // held at a value: the solver has nothing to choose
  }
  for (std::size_t j = 0; j < task.cost.size(); ++j) p.cost[j] += task.cost[j];
  if (!task.pull.empty()) add_pull(p, task);
  lp::Options how{
      .wall_time_max_s = options.wall_time_max_s, .mip_gap_max = options.mip_gap_max, .cancel = options.cancel};
  const bool is_lp = !p.has_integers();
  if (is_lp && start.column.size() == p.column_count() && start.row.size() == p.row_count()) {
    how.start_column_basis = start.column;
    how.start_row_basis = start.row;
  }
  auto solution = lp::solve(p, how);
  if (!solution) return std::unexpected(solution.error());
  SubproblemAnswer answer{.subproblem = task.subproblem,
                          .termination = solution->termination,
                          .objective = solution->objective,
                          .bound = solution->bound,
                          .x = {},
                          .gradient = {},
                          .row_dual = std::move(solution->row_dual),
                          .detail = std::move(solution->detail)};
  if (solution->has_point) {
    answer.x = std::move(solution->x);
    answer.x.resize(subproblem.problem.column_count());
  }
  if (!solution->column_dual.empty()) {
    answer.gradient.assign(solution->column_dual.begin(),
                           solution->column_dual.begin() + static_cast<std::ptrdiff_t>(linking));
  }
  if (is_lp && !solution->column_basis.empty()) {
    start.column = std::move(solution->column_basis);
    start.row = std::move(solution->row_basis);
  }
  return answer;
}

std::unique_ptr<SubproblemEngine> make_local_engine(const EngineOptions& options) {
  return std::make_unique<LocalEngine>(options);
}

}  // namespace beltline
