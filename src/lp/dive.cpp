#include "lp/dive.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/assert.h"
#include "lp/highs.h"
#include "lp/verdict.h"

namespace beltline::lp {
namespace {

constexpr double kWhole = 1e-6;  // distance from a whole number that counts as none
constexpr int64_t kWorkMax = 40'000;
/// A factorisation counts as one pivot for so many rows.
constexpr int64_t kRowsPerPivot = 100;

/// The search, in the child.
class Search {
 public:
  Search(const Problem& problem, double bound, const Options& options, Mailbox& out)
      : problem_(problem),
        bound_(bound),
        options_(options),
        out_(out),
        lower_(problem.column_lower),
        upper_(problem.column_upper),
        loaded_(relaxed(problem)) {}

  void run() {
    auto inner = Mailbox::create(problem_.column_count(), problem_.row_count());
    if (!inner) return out_.set_detail(inner.error().message.c_str());
    inner_ = std::move(*inner);
    while (may_go_on()) {
      if (look()) {
        const auto column = nearest_below_whole();
        if (!column) return fix_all_and_post();
        branch(*column);
      } else if (!go_back()) {
        break;
      }
    }
    out_.set_detail(fmt::format("{} LPs, and no whole point so near", lp_count_).c_str());
  }

 private:
  struct Branch {
    std::size_t column = 0;
    double lower = 0;  // before it, as is the upper bound
    double upper = 0;
    double below = 0;        // the whole number below what the column was
    bool is_second = false;  // rounded down, after up led nowhere
  };

  [[nodiscard]] bool may_go_on() const { return work_ < kWorkMax && !out_.board().cancel; }

  void set(std::size_t j, double lower, double upper) {
    lower_[j] = lower;
    upper_[j] = upper;
    loaded_.set_column_bounds(static_cast<int32_t>(j), lower, upper);
  }

  /// Solves the LP within the bounds as they are; true where its optimum is near enough.
  bool look() {
    Options options{.wall_time_max_s = options_.wall_time_max_s,
                    .seed = options_.seed,
                    .method = Method::simplex,
                    .presolve = false,
                    .devex = true};
    if (lp_count_ == 0) {
      options.start_column_basis = options_.start_column_basis;
      options.start_row_basis = options_.start_row_basis;
    }
    inner_->clear();
    loaded_.solve(options, *inner_);
    const Mailbox::Board& board = inner_->board();
    ++lp_count_;
    work_ += board.iteration_count + static_cast<int64_t>(problem_.row_count()) / kRowsPerPivot + 1;
    out_.board().iteration_count += board.iteration_count;
    out_.board().node_count = lp_count_;
    return board.claim == Claim::optimal && board.has_point && is_near();
  }

  [[nodiscard]] bool is_near() const {
    const std::span<const double> x = inner_->x();
    double cost = problem_.offset;
    for (std::size_t j = 0; j < x.size(); ++j) cost += problem_.cost[j] * x[j];
    return cost - bound_ <= options_.mip_gap_max * std::max(1.0, std::abs(cost));
  }

  /// The integer that is not whole and nearest to the whole number above it; nothing where all are whole.
  [[nodiscard]] std::optional<std::size_t> nearest_below_whole() const {
    const std::span<const double> x = inner_->x();
    std::optional<std::size_t> best;
    double least = 1;
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (problem_.integer[j] == 0 || std::abs(x[j] - std::round(x[j])) <= kWhole) continue;
      const double up = std::ceil(x[j]) - x[j];
      if (up >= least) continue;
      least = up;
      best = j;
    }
    return best;
  }

  void branch(std::size_t j) {
    const double below = std::floor(inner_->x()[j]);
    branches_.push_back({.column = j, .lower = lower_[j], .upper = upper_[j], .below = below});
    set(j, below + 1, upper_[j]);
  }

  /// Takes the other side of the last branch that has one; false where the whole tree has been seen.
  bool go_back() {
    while (!branches_.empty()) {
      Branch& last = branches_.back();
      if (!last.is_second) {
        last.is_second = true;
        set(last.column, last.lower, last.below);
        return true;
      }
      set(last.column, last.lower, last.upper);
      branches_.pop_back();
    }
    return false;
  }

  /// The integers are whole within the tolerance: the rest once more, with them quite whole.
  void fix_all_and_post() {
    const std::vector<double> x(inner_->x().begin(), inner_->x().end());
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (problem_.integer[j] != 0) set(j, std::round(x[j]), std::round(x[j]));
    }
    if (!look()) return out_.set_detail("whole modules leave no point");
    std::ranges::copy(inner_->x(), out_.x().begin());
    Mailbox::Board& board = out_.board();
    board.has_point = true;
    board.claim = Claim::optimal;
    board.claimed = true;
  }

  const Problem& problem_;
  const double bound_;
  const Options& options_;
  Mailbox& out_;
  std::vector<double> lower_, upper_;  // [column] as the search has them
  LoadedHighs loaded_;
  std::unique_ptr<Mailbox> inner_;  // of the LPs
  std::vector<Branch> branches_;
  int64_t lp_count_ = 0;
  int64_t work_ = 0;
};

}  // namespace

Outcome<Solution> dive(const Problem& problem, const Solution& relaxation, const Options& options,
                       const OnProgress& on_progress) {
  ASSERT(problem.has_integers() && !problem.is_quadratic());
  Solution solution;
  solution.termination = Termination::limit;
  if (relaxation.column_basis.empty()) {
    solution.detail = "no vertex to begin from";
    return solution;
  }
  Options begun = options;
  begun.start_column_basis = relaxation.column_basis;
  begun.start_row_basis = relaxation.row_basis;
  const Body body = [&](const Problem& p, const Options& o, Mailbox& out) {
    Search(p, relaxation.bound, o, out).run();
  };
  const auto raw = run_in_child(problem, begun, on_progress, body);
  if (!raw) return std::unexpected(raw.error());
  solution.detail = raw->detail;
  solution.iteration_count = raw->iteration_count;
  solution.node_count = raw->node_count;
  solution.seconds = raw->seconds;
  solution.method = "search in depth";
  if (options.cancel != nullptr && *options.cancel) solution.termination = Termination::interrupted;
  offer_point(problem, solution, raw->x, "the search's point");
  if (!solution.has_point) return solution;
  set_bound(solution, relaxation.bound);
  if (solution.gap <= options.mip_gap_max + 1e-6) solution.termination = Termination::optimal;
  certify(problem, solution);
  return solution;
}

}  // namespace beltline::lp
