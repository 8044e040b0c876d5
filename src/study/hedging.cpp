#include "study/hedging.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "study/stopwatch.h"

namespace beltline {
namespace {

/// Prices are asked for a bound every so many iterations, and at the end.
constexpr int kBoundEvery = 5;
constexpr double kAgree = 1e-5;

/// A case's whole LP with its common decisions first.
struct WholeCase {
  Subproblem subproblem;
  std::vector<int32_t> column;    // [column of the subproblem] of the case
  std::vector<int32_t> variable;  // [linking column]
};

WholeCase whole_case(const StochasticProblem& s, std::size_t c) {
  const lp::Problem& p = s.formulations[c].problem;
  WholeCase out;
  std::vector<int32_t> rest;
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    const auto v = static_cast<std::size_t>(s.variable[c][j]);
    const bool is_linking = s.is_common(c, j) && s.is_decision[v];
    (is_linking ? out.column : rest).push_back(static_cast<int32_t>(j));
    if (is_linking) out.variable.push_back(static_cast<int32_t>(v));
  }
  out.subproblem.linking_count = static_cast<int32_t>(out.column.size());
  out.column.insert(out.column.end(), rest.begin(), rest.end());
  lp::Problem& q = out.subproblem.problem;
  q.offset = p.offset;
  q.row_lower = p.row_lower;
  q.row_upper = p.row_upper;
  q.start.push_back(0);
  for (const int32_t from : out.column) {
    const auto j = static_cast<std::size_t>(from);
    q.cost.push_back(p.cost[j]);
    q.column_lower.push_back(p.column_lower[j]);
    q.column_upper.push_back(p.column_upper[j]);
    if (!p.quadratic.empty()) q.quadratic.push_back(p.quadratic[j]);
    if (!p.integer.empty()) q.integer.push_back(p.integer[j]);
    q.index.insert(q.index.end(), p.index.begin() + p.start[j], p.index.begin() + p.start[j + 1]);
    q.value.insert(q.value.end(), p.value.begin() + p.start[j], p.value.begin() + p.start[j + 1]);
    q.start.push_back(static_cast<int32_t>(q.index.size()));
  }
  return out;
}

class Hedger {
 public:
  Hedger(const StochasticProblem& problem, SubproblemEngine& engine, const DecompositionOptions& options)
      : s_(problem), engine_(engine), options_(options) {}

  Outcome<HedgingResult> run() {
    std::vector<Subproblem> subproblems;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      cases_.push_back(whole_case(s_, c));
      subproblems.push_back(cases_.back().subproblem);
      prices_.emplace_back(cases_.back().variable.size(), 0.0);
    }
    if (auto loaded = engine_.load(std::move(subproblems)); !loaded) return std::unexpected(loaded.error());
    out_.mean.assign(s_.variable_count(), 0.0);
    out_.termination = lp::Termination::limit;
    // alone, each case says where it would go; without prices that is the wait-and-see bound
    auto first = solve(false);
    if (!first) return std::unexpected(first.error());
    if (!*first) return std::move(out_);
    out_.bound = std::max(out_.bound, last_bound_);
    set_pull();
    move_prices();
    for (out_.iteration_count = 1; out_.iteration_count < options_.iteration_max; ++out_.iteration_count) {
      report();
      if (stops()) return std::move(out_);
      auto next = solve(true);
      if (!next) return std::unexpected(next.error());
      if (!*next) return std::move(out_);
      move_prices();
      const bool agree = out_.disagreement <= kAgree;
      if (agree || out_.iteration_count % kBoundEvery == 0) {
        if (auto bounded = update_bound(); !bounded) return std::unexpected(bounded.error());
      }
      if (!agree) continue;
      out_.termination = lp::Termination::optimal;
      break;
    }
    return std::move(out_);
  }

 private:
  /// Every case once; false where one has no plan at all.
  Outcome<bool> solve(bool with_pull) {
    std::vector<SubproblemTask> tasks;
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      SubproblemTask task{.subproblem = static_cast<int32_t>(c), .cost = prices_[c]};
      if (with_pull) {
        for (const int32_t v : cases_[c].variable) {
          task.centre.push_back(out_.mean[static_cast<std::size_t>(v)]);
          task.pull.push_back(pull_[static_cast<std::size_t>(v)]);
        }
      }
      tasks.push_back(std::move(task));
    }
    auto answers = engine_.solve(tasks);
    if (!answers) return std::unexpected(answers.error());
    last_bound_ = 0;
    std::vector<std::vector<double>> points;
    for (std::size_t c = 0; c < answers->size(); ++c) {
      const SubproblemAnswer& answer = (*answers)[c];
      last_bound_ += s_.cases[c].probability * answer.bound;
      if (answer.x.empty()) {
        out_.termination = answer.termination;
        out_.detail =
            fmt::format("case '{}': {} {}", s_.cases[c].name, lp::to_string(answer.termination), answer.detail);
        return false;
      }
      std::vector<double> x(answer.x.size());
      for (std::size_t k = 0; k < x.size(); ++k) x[static_cast<std::size_t>(cases_[c].column[k])] = answer.x[k];
      points.push_back(std::move(x));
    }
    out_.points = std::move(points);
    take_means();
    return true;
  }

  /// x̄ of every common decision over the cases that share it.
  void take_means() {
    std::vector<double> weight(s_.variable_count(), 0.0);
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      for (const int32_t v : cases_[c].variable) {
        out_.mean[static_cast<std::size_t>(v)] = 0;
        weight[static_cast<std::size_t>(v)] += s_.cases[c].probability;
      }
    }
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      for (std::size_t k = 0; k < cases_[c].variable.size(); ++k) {
        const auto v = static_cast<std::size_t>(cases_[c].variable[k]);
        out_.mean[v] += s_.cases[c].probability / weight[v] * value(c, k);
      }
    }
  }

  [[nodiscard]] double value(std::size_t c, std::size_t k) const {
    return out_.points[c][static_cast<std::size_t>(cases_[c].column[k])];
  }

  /// ρ = |cost| / (1 + how far the cases lie apart), the mean cost of decisions for those without any.
  void set_pull() {
    std::vector<double> low(s_.variable_count(), lp::kInf), high(s_.variable_count(), -lp::kInf);
    pull_.assign(s_.variable_count(), 0.0);
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      for (std::size_t k = 0; k < cases_[c].variable.size(); ++k) {
        const auto v = static_cast<std::size_t>(cases_[c].variable[k]);
        low[v] = std::min(low[v], value(c, k));
        high[v] = std::max(high[v], value(c, k));
        const double cost = std::abs(cases_[c].subproblem.problem.cost[k]);
        pull_[v] = std::max(pull_[v], cost);
        sum += cost;
        count += cost > 0 ? 1 : 0;
      }
    }
    const double mean = count > 0 ? sum / static_cast<double>(count) : 1.0;
    for (std::size_t v = 0; v < pull_.size(); ++v) {
      if (low[v] > high[v]) continue;
      pull_[v] = (pull_[v] > 0 ? pull_[v] : mean) / (1 + high[v] - low[v]);
    }
  }

  void move_prices() {
    out_.disagreement = 0;
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      for (std::size_t k = 0; k < cases_[c].variable.size(); ++k) {
        const auto v = static_cast<std::size_t>(cases_[c].variable[k]);
        const double distance = value(c, k) - out_.mean[v];
        prices_[c][k] += pull_[v] * distance;
        out_.disagreement = std::max(out_.disagreement, std::abs(distance) / (1 + std::abs(out_.mean[v])));
      }
    }
  }

  /// What the prices prove. The points stay those of the pulled problems.
  Outcome<void> update_bound() {
    const auto points = out_.points;
    const auto mean = out_.mean;
    auto solved = solve(false);
    if (!solved) return std::unexpected(solved.error());
    if (*solved) out_.bound = std::max(out_.bound, last_bound_);
    out_.points = points;
    out_.mean = mean;
    out_.termination = lp::Termination::limit;
    return {};
  }

  bool stops() {
    const bool cancelled = options_.cancel != nullptr && *options_.cancel;
    if (!cancelled && watch_.seconds() < options_.wall_time_max_s) return false;
    out_.termination = cancelled ? lp::Termination::interrupted : lp::Termination::limit;
    return true;
  }

  void report() const {
    if (!options_.on_progress) return;
    options_.on_progress({.seconds = watch_.seconds(), .bound = out_.bound, .iteration_count = out_.iteration_count});
  }

  const StochasticProblem& s_;
  SubproblemEngine& engine_;
  const DecompositionOptions& options_;
  std::vector<WholeCase> cases_;
  std::vector<std::vector<double>> prices_;  // [case][linking column] LP money a unit; Σ π w = 0 at every node
  std::vector<double> pull_;                 // [variable] ρ
  double last_bound_ = 0;
  HedgingResult out_;
  Stopwatch watch_;
};

}  // namespace

Outcome<HedgingResult> hedge(const StochasticProblem& problem, SubproblemEngine& engine,
                             const DecompositionOptions& options) {
  return Hedger(problem, engine, options).run();
}

}  // namespace beltline
