#include "lp/outer_approximation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>

#include "lp/check.h"
#include "lp/highs.h"

namespace beltline::lp {
namespace {

/// Rounds after which the search gives up: the error falls by about four with each.
constexpr int kRoundMax = 60;
/// Where the relaxation is unbounded, tangents as far out as this are tried before that is believed.
constexpr double kFarthest = 1e9;

class OuterApproximation {
 public:
  OuterApproximation(const Problem& problem, const Options& options, Mailbox& mailbox)
      : problem_(problem), options_(options), mailbox_(mailbox), master_(problem) {
    master_.quadratic.clear();
    for (std::size_t j = 0; j < problem.column_count(); ++j) {
      if (problem.quadratic_of(j) > 0) squares_.push_back(j);
    }
    for (std::size_t n = 0; n < squares_.size(); ++n) {
      master_.cost.push_back(1);
      master_.column_lower.push_back(0);
      master_.column_upper.push_back(kInf);
      master_.integer.push_back(0);
      master_.start.push_back(master_.start.back());
    }
  }

  void run() {
    mailbox_.set_method("branch and bound with outer approximation");
    begin_with_tangents();
    double farthest = 100;
    for (int round = 0; round < kRoundMax; ++round) {
      const Claim claim = improve_bound();
      if (claim == Claim::unbounded || claim == Claim::infeasible_or_unbounded) {
        if (farthest > kFarthest) return conclude(claim);
        for (const std::size_t j : squares_) {
          add_tangent(j, farthest);
          add_tangent(j, -farthest);
        }
        farthest *= 100;
        continue;
      }
      if (claim != Claim::optimal) return conclude(claim);
      if (gap() <= options_.mip_gap_max || !add_tangents(master_x_)) return conclude(Claim::optimal);
      if (!fixed_x_.empty()) add_tangents(fixed_x_);
    }
    mailbox_.set_detail("the outer approximation did not close its gap");
    conclude(Claim::none);
  }

 private:
  [[nodiscard]] double gap() const {
    return (incumbent_ - mailbox_.board().bound) / std::max(1.0, std::abs(incumbent_));
  }

  /// t_j − q a x ≥ −½ q a², as a new last row.
  void add_tangent(std::size_t square, double at) {
    tangents_.push_back({square, std::clamp(at, problem_.column_lower[square], problem_.column_upper[square])});
  }

  /// Tangents at a point where the cost lies above those there are; false where it does nowhere by more than rounding.
  bool add_tangents(const std::vector<double>& x) {
    bool added = false;
    for (const std::size_t j : squares_) {
      const double q = problem_.quadratic[j];
      double below = 0;
      for (const auto& [column, at] : tangents_) {
        if (column == j) below = std::max(below, q * at * (x[j] - 0.5 * at));
      }
      const double above = 0.5 * q * x[j] * x[j] - below;
      if (above <= 1e-9 * std::max(1.0, std::abs(incumbent_)) / static_cast<double>(squares_.size())) continue;
      tangents_.push_back({j, x[j]});
      added = true;
    }
    return added;
  }

  void begin_with_tangents() {
    const std::vector<double> x = solve(relaxed(problem_), {}).x;
    for (const std::size_t j : squares_) {
      const double lower = problem_.column_lower[j], upper = problem_.column_upper[j];
      if (std::isfinite(lower) && std::isfinite(upper)) {
        for (int k = 0; k <= 4; ++k) add_tangent(j, lower + 0.25 * k * (upper - lower));
      }
      add_tangent(j, -problem_.cost[j] / problem_.quadratic[j]);
      if (!x.empty()) add_tangent(j, x[j]);
    }
  }

  /// The linear problem with all tangents so far.
  [[nodiscard]] Problem master() const {
    Problem p = master_;
    const std::size_t rows = p.row_count();
    std::vector<std::vector<std::pair<int32_t, double>>> more(p.column_count());
    for (std::size_t n = 0; n < tangents_.size(); ++n) {
      const auto& [j, at] = tangents_[n];
      const double q = problem_.quadratic[j];
      const auto row = static_cast<int32_t>(rows + n);
      const auto t = static_cast<std::size_t>(std::ranges::lower_bound(squares_, j) - squares_.begin());
      if (at != 0) more[j].emplace_back(row, -q * at);
      more[problem_.column_count() + t].emplace_back(row, 1.0);
      p.row_lower.push_back(-0.5 * q * at * at);
      p.row_upper.push_back(kInf);
    }
    std::vector<int32_t> index;
    std::vector<double> value;
    std::vector<int32_t> start{0};
    for (std::size_t j = 0; j < p.column_count(); ++j) {
      const auto first = p.start[j], last = p.start[j + 1];
      index.insert(index.end(), p.index.begin() + first, p.index.begin() + last);
      value.insert(value.end(), p.value.begin() + first, p.value.begin() + last);
      for (const auto& [row, v] : more[j]) {
        index.push_back(row);
        value.push_back(v);
      }
      start.push_back(static_cast<int32_t>(index.size()));
    }
    p.index = std::move(index);
    p.value = std::move(value);
    p.start = std::move(start);
    return p;
  }

  /// What one of HiGHS's solves leaves; empty arrays where it has none.
  struct Answer {
    Claim claim = Claim::none;
    std::vector<double> x;
    double bound = -kInf;
  };

  Answer solve(const Problem& problem, const std::vector<double>& start) {
    Answer answer;
    auto inner = Mailbox::create(problem.column_count(), problem.row_count());
    if (!inner) return answer;
    Options options = options_;
    const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    options.wall_time_max_s = std::max(0.0, options_.wall_time_max_s - spent);
    options.mip_gap_max = 0.5 * options_.mip_gap_max;
    options.method = Method::automatic;
    options.start = start;
    options.start_column_basis.clear();
    options.start_row_basis.clear();
    Mailbox::Board& board = (*inner)->board();
    {
      // an interrupt reaches the outer mailbox only
      const std::jthread relay([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          board.cancel = mailbox_.board().cancel.load();
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
      });
      run_highs(problem, options, **inner);
    }
    mailbox_.board().node_count += board.node_count;
    mailbox_.board().iteration_count += board.iteration_count;
    answer.claim = board.claim;
    if (board.has_point) answer.x.assign((*inner)->x().begin(), (*inner)->x().end());
    answer.bound = std::max<double>(board.final_bound, board.bound);
    return answer;
  }

  /// Takes a point as incumbent where it is feasible and cheaper.
  void offer(const std::vector<double>& x) {
    const Check check = check_point(problem_, x);
    const double worst = std::max({check.row_violation, check.bound_violation, check.integrality_violation});
    if (worst > kViolationMax || check.objective >= incumbent_) return;
    incumbent_ = check.objective;
    best_x_ = x;
    mailbox_.publish_incumbent(x);
    mailbox_.board().incumbent = incumbent_;
  }

  /// Solves the linear problem and the QP with its integers fixed; the bound and the incumbent follow.
  Claim improve_bound() {
    const Answer answer = solve(master(), {});
    if (answer.x.empty()) return answer.claim;
    master_x_.assign(answer.x.begin(), answer.x.begin() + static_cast<std::ptrdiff_t>(problem_.column_count()));
    if (answer.bound < kInf && answer.bound > mailbox_.board().bound) mailbox_.board().bound = answer.bound;
    offer(master_x_);
    if (answer.claim != Claim::optimal) return answer.claim;
    Problem fixed = problem_;
    for (std::size_t j = 0; j < fixed.column_count(); ++j) {
      if (fixed.integer[j]) fixed.column_lower[j] = fixed.column_upper[j] = std::round(master_x_[j]);
    }
    fixed.integer.clear();
    fixed_x_ = solve(fixed, {}).x;
    if (!fixed_x_.empty()) offer(fixed_x_);
    return Claim::optimal;
  }

  void conclude(Claim claim) {
    Mailbox::Board& board = mailbox_.board();
    if (!best_x_.empty()) std::ranges::copy(best_x_, mailbox_.x().begin());
    board.has_point = !best_x_.empty();
    board.final_bound = board.bound;
    board.claim = claim;
    board.claimed = true;
  }

  const Problem& problem_;
  const Options& options_;
  Mailbox& mailbox_;
  Problem master_;                                        // without tangents
  std::vector<std::size_t> squares_;                      // columns with a quadratic cost, ascending
  std::vector<std::pair<std::size_t, double>> tangents_;  // column, and where its cost is touched
  std::vector<double> master_x_, fixed_x_, best_x_;       // [column]
  double incumbent_ = kInf;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

void run_outer_approximation(const Problem& problem, const Options& options, Mailbox& mailbox) {
  OuterApproximation(problem, options, mailbox).run();
}

}  // namespace beltline::lp
