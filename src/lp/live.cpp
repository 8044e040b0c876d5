#include "lp/live.h"

#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "lp/body.h"
#include "lp/choose.h"
#include "lp/judge.h"
#include "lp/loaded_child.h"

namespace beltline::lp {

using Clock = std::chrono::steady_clock;

class LiveProblem::State {
 public:
  explicit State(Problem problem) : problem_(std::move(problem)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] const Problem& problem() const { return problem_; }
  Problem& change() { return problem_; }
  [[nodiscard]] Counts counts() const { return counts_; }

  Outcome<void> start() {
    auto child = LoadedChild::open(problem_);
    if (!child) return std::unexpected(child.error());
    child_ = std::move(*child);
    return {};
  }

  /// For patches; where it is gone the next one is loaded with the problem as it is.
  [[nodiscard]] LoadedChild* child() const { return child_.get(); }

  Outcome<Solution> solve(const Options& options, const OnProgress& on_progress) {
    ASSERT(!options.race);
    if (auto direct = solve_directly(problem_)) {
      certify(problem_, *direct);
      return std::move(*direct);
    }
    const auto begin = Clock::now();
    const Choice& choice = choose(options);
    // what has columns and rows of its own is not kept loaded
    const bool outer = problem_.has_integers() && problem_.is_quadratic();
    if (outer || !options.start.empty()) return fresh(options, on_progress, begin);
    if (!child_ || !child_->is_alive()) {
      if (auto started = start(); !started) return std::unexpected(started.error());
    }
    Options live = options;
    live.method = choice.method;
    live.crossover = choice.crossover;
    const Raw raw = child_->ask(live, on_progress);
    const Body body = run_body;
    const Session session(problem_, live, on_progress, body);
    Solution solution = judge(session, raw, live);
    if (session.failure()) return std::unexpected(*session.failure());
    if (solution.termination == Termination::unverified) return fresh(options, on_progress, begin);
    ++counts_.live;
    certify(problem_, solution);
    solution.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    solution.method = (raw.method.empty() ? to_string(choice.method) : raw.method) + ": live, " + choice.why;
    solution.coefficients = raw.coefficients;
    return solution;
  }

 private:
  /// The method, which hangs on what no patch changes.
  const Choice& choose(const Options& options) {
    const Asked asked{options.method, options.crossover, options.start_column_basis.empty()};
    if (!choice_ || asked != asked_) choice_ = choose_method(problem_, options);
    asked_ = asked;
    return *choice_;
  }

  Outcome<Solution> fresh(Options options, const OnProgress& on_progress, Clock::time_point begin) {
    ++counts_.fresh;
    const double spent = std::chrono::duration<double>(Clock::now() - begin).count();
    options.wall_time_max_s = std::max(0.0, options.wall_time_max_s - spent);
    return lp::solve(problem_, options, on_progress);
  }

  /// What of the options a choice hangs on.
  struct Asked {
    Method method = Method::automatic;
    bool crossover = true;
    bool from_nothing = true;
    bool operator==(const Asked&) const = default;
  };

  Problem problem_;
  Asked asked_;
  std::optional<Choice> choice_;
  std::unique_ptr<LoadedChild> child_;
  Counts counts_;
};

LiveProblem::LiveProblem(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveProblem::LiveProblem(LiveProblem&&) noexcept = default;
LiveProblem& LiveProblem::operator=(LiveProblem&&) noexcept = default;
LiveProblem::~LiveProblem() = default;

Outcome<LiveProblem> LiveProblem::open(Problem problem) {
  auto state = std::make_unique<State>(std::move(problem));
  if (auto started = state->start(); !started) return std::unexpected(started.error());
  return LiveProblem(std::move(state));
}

const Problem& LiveProblem::problem() const {
  return state_->problem();
}

LiveProblem::Counts LiveProblem::counts() const {
  return state_->counts();
}

void LiveProblem::set_row_bounds(std::size_t row, double lower, double upper) {
  ASSERT(row < problem().row_count() && !std::isnan(lower) && !std::isnan(upper));
  state_->change().row_lower[row] = lower;
  state_->change().row_upper[row] = upper;
  state_->child()->set_row_bounds(row, lower, upper);
}

void LiveProblem::set_column_bounds(std::size_t column, double lower, double upper) {
  ASSERT(column < problem().column_count() && !std::isnan(lower) && !std::isnan(upper));
  state_->change().column_lower[column] = lower;
  state_->change().column_upper[column] = upper;
  state_->child()->set_column_bounds(column, lower, upper);
}

void LiveProblem::set_cost(std::size_t column, double cost) {
  ASSERT(column < problem().column_count() && std::isfinite(cost));
  state_->change().cost[column] = cost;
  state_->child()->set_cost(column, cost);
}

Outcome<Solution> LiveProblem::solve(const Options& options, const OnProgress& on_progress) {
  return state_->solve(options, on_progress);
}

}  // namespace beltline::lp
