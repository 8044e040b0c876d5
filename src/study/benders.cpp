#include "study/benders.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/assert.h"
#include "study/master.h"
#include "study/stopwatch.h"
#include "study/two_stage.h"

namespace beltline {
namespace {

/// A step is taken where the cost falls by at least this share of what the cuts promised.
constexpr double kGoodShare = 0.1;
constexpr double kRadiusFirst = 1.0, kRadiusMax = 1e6, kRadiusMin = 1e-6;

class Benders {
 public:
  Benders(const StochasticProblem& problem, const RiskMeasure& risk, SubproblemEngine& engine,
          const DecompositionOptions& options)
      : s_(problem), risk_(risk), engine_(engine), options_(options), parts_(take_apart(problem)) {}

  Outcome<Decomposed> run() {
    if (auto loaded = engine_.load(parts_.subproblems); !loaded) return std::unexpected(loaded.error());
    auto bounds = bound_recourse();
    if (!bounds) return std::unexpected(bounds.error());
    if (out_.termination != lp::Termination::optimal) return std::move(out_);
    master_.emplace(parts_, s_, risk_, *bounds);
    scale_.assign(parts_.common.size(), 1.0);
    if (auto done = iterate(); !done) return std::unexpected(done.error());
    finish();
    return std::move(out_);
  }

 private:
  /// The least that each recourse costs, wherever the common decisions lie; out_ says `optimal` if there is one.
  Outcome<std::vector<double>> bound_recourse() {
    std::vector<SubproblemTask> tasks;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) tasks.push_back({.subproblem = static_cast<int32_t>(c)});
    auto answers = engine_.solve(tasks);
    if (!answers) return std::unexpected(answers.error());
    out_.termination = lp::Termination::optimal;
    std::vector<double> bounds;
    for (const SubproblemAnswer& answer : *answers) {
      bounds.push_back(answer.bound);
      if (answer.termination == lp::Termination::optimal && std::isfinite(answer.bound)) continue;
      // a recourse without a lower bound says nothing of the whole
      out_.termination =
          answer.termination == lp::Termination::unbounded ? lp::Termination::unverified : answer.termination;
      out_.detail = fmt::format("recourse of case '{}': {}", name(answer), lp::to_string(answer.termination));
      break;
    }
    return bounds;
  }

  Outcome<void> iterate() {
    double radius = -1;  // no centre yet
    for (; out_.iteration_count < options_.iteration_max; ++out_.iteration_count) {
      if (stops()) return {};
      auto proposal = master_->solve(centre_, scale_, radius, master_options());
      if (!proposal) return std::unexpected(proposal.error());
      if (proposal->termination != lp::Termination::optimal) return give_up(*proposal);
      if (radius < 0) out_.bound = std::max(out_.bound, proposal->bound);
      report();
      if (is_closed()) return {};
      const double promised = best_ - proposal->objective;
      if (radius >= 0 && promised <= 0.5 * tolerance()) {
        // nothing near is better; anywhere?
        radius = -1;
        continue;
      }
      auto cost = evaluate(proposal->x);
      if (!cost) return std::unexpected(cost.error());
      if (out_.termination != lp::Termination::optimal) return {};
      radius = next_radius(*cost, promised, radius, proposal->x);
      if (*cost < best_) {
        best_ = *cost;
        centre_ = proposal->x;
        for (std::size_t i = 0; i < scale_.size(); ++i) scale_[i] = std::max(scale_[i], std::abs(centre_[i]));
      }
      if (is_closed()) return {};
    }
    out_.termination = lp::Termination::limit;
    return {};
  }

  /// Wider where the cuts kept their promise at the edge, narrower where they did not.
  double next_radius(double cost, double promised, double radius, const std::vector<double>& x) {
    if (!std::isfinite(best_)) return std::isfinite(cost) ? kRadiusFirst : -1;
    if (radius < 0) return cost < best_ ? kRadiusMax : last_radius_ = std::min(1.0, last_radius_);
    const double kept = (best_ - cost) / std::max(promised, 1e-300);
    bool at_edge = false;
    for (std::size_t i = 0; i < x.size(); ++i) {
      at_edge = at_edge || std::abs(x[i] - centre_[i]) >= 0.999 * radius * scale_[i];
    }
    if (kept >= 0.5 && at_edge) {
      radius = std::min(kRadiusMax, 2 * radius);
    } else if (kept < -1) {
      radius = std::max(kRadiusMin, radius / std::min(4.0, -kept));
    }
    return last_radius_ = radius;
  }

  /// The cost of common decisions, infinite where a case has no recourse; leaves a cut for every case.
  Outcome<double> evaluate(const std::vector<double>& x) {
    std::vector<SubproblemTask> tasks;
    for (std::size_t c = 0; c < s_.cases.size(); ++c)
      tasks.push_back({.subproblem = static_cast<int32_t>(c), .value = x});
    auto answers = engine_.solve(tasks);
    if (!answers) return std::unexpected(answers.error());
    std::vector<double> costs;
    std::vector<SubproblemTask> missed;
    for (const SubproblemAnswer& answer : *answers) {
      const auto c = static_cast<std::size_t>(answer.subproblem);
      if (answer.termination == lp::Termination::infeasible) {
        missed.push_back({.subproblem = answer.subproblem, .value = x, .elastic = true});
        continue;
      }
      if (answer.termination != lp::Termination::optimal || answer.gradient.empty()) return stop(answer);
      double cost = answer.objective;
      for (std::size_t i = 0; i < x.size(); ++i) cost += parts_.cost[c][i] * x[i];
      costs.push_back(cost);
      add_cut(c, false, answer, x);
    }
    if (missed.empty()) {
      const std::vector<double> probabilities = s_.probabilities();
      return risk_.of(costs, probabilities);
    }
    auto elastic = engine_.solve(missed);
    if (!elastic) return std::unexpected(elastic.error());
    for (const SubproblemAnswer& answer : *elastic) {
      if (answer.termination != lp::Termination::optimal || answer.gradient.empty()) return stop(answer);
      add_cut(static_cast<std::size_t>(answer.subproblem), true, answer, x);
    }
    return lp::kInf;
  }

  void add_cut(std::size_t c, bool is_feasibility, const SubproblemAnswer& answer, const std::vector<double>& x) {
    // the bound, not the objective: what the duals prove
    double constant = answer.bound;
    for (std::size_t i = 0; i < x.size(); ++i) constant -= answer.gradient[i] * x[i];
    master_->add(
        {.case_index = c, .is_feasibility = is_feasibility, .constant = constant, .gradient = answer.gradient});
  }

  double stop(const SubproblemAnswer& answer) {
    out_.termination = answer.termination;
    out_.detail = fmt::format("case '{}': {} {}", name(answer), lp::to_string(answer.termination), answer.detail);
    return lp::kInf;
  }

  Outcome<void> give_up(const Master::Answer& answer) {
    out_.termination =
        answer.termination == lp::Termination::unbounded ? lp::Termination::unverified : answer.termination;
    out_.detail = fmt::format("master: {} {}", lp::to_string(answer.termination), answer.detail);
    return {};
  }

  void finish() {
    if (!std::isfinite(best_)) return;
    out_.has_point = true;
    out_.objective = best_;
    out_.common.assign(s_.variable_count(), 0.0);
    for (std::size_t i = 0; i < centre_.size(); ++i)
      out_.common[static_cast<std::size_t>(parts_.common[i])] = centre_[i];
  }

  bool stops() {
    const bool cancelled = options_.cancel != nullptr && *options_.cancel;
    if (!cancelled && watch_.seconds() < options_.wall_time_max_s) return false;
    out_.termination = cancelled ? lp::Termination::interrupted : lp::Termination::limit;
    return true;
  }

  void report() const {
    if (!options_.on_progress) return;
    options_.on_progress({.seconds = watch_.seconds(),
                          .bound = out_.bound,
                          .incumbent = best_,
                          .iteration_count = out_.iteration_count});
  }

  lp::Options master_options() const {
    return {.wall_time_max_s = std::max(1.0, options_.wall_time_max_s - watch_.seconds()), .cancel = options_.cancel};
  }

  [[nodiscard]] double tolerance() const { return options_.gap_max * (1 + std::abs(best_)); }
  [[nodiscard]] bool is_closed() const { return std::isfinite(best_) && best_ - out_.bound <= tolerance(); }
  [[nodiscard]] const std::string& name(const SubproblemAnswer& answer) const {
    return s_.cases[static_cast<std::size_t>(answer.subproblem)].name;
  }

  const StochasticProblem& s_;
  const RiskMeasure& risk_;
  SubproblemEngine& engine_;
  const DecompositionOptions& options_;
  const TwoStage parts_;
  std::optional<Master> master_;
  std::vector<double> centre_, scale_;  // [common index] the best point; what a step of 1 is
  double best_ = lp::kInf, last_radius_ = kRadiusFirst;
  Decomposed out_;
  Stopwatch watch_;
};

}  // namespace

Outcome<Decomposed> solve_benders(const StochasticProblem& problem, const RiskMeasure& risk, SubproblemEngine& engine,
                                  const DecompositionOptions& options) {
  ASSERT(problem.is_two_stage());
  return Benders(problem, risk, engine, options).run();
}

}  // namespace beltline
