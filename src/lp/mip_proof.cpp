#include "lp/mip_proof.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "lp/certificate.h"
#include "lp/check.h"
#include "lp/implied_bounds.h"
#include "lp/loaded_child.h"
#include "lp/rounding.h"
#include "lp/verdict.h"

namespace beltline::lp {
namespace {

constexpr double kWhole = 1e-6;  // distance from a whole number that counts as none

struct Change {
  std::size_t column = 0;
  double lower = 0;
  double upper = 0;
};

/// A box of the integers: the root's with some bounds moved.
struct Box {
  std::vector<Change> changes;  // later ones count
  double bound = -kInf;         // proved of a box around it
};

/// What is known of a box.
struct Seen {
  double bound = -kInf;   // safe; infinity where the box is empty
  std::vector<double> x;  // [column] of the relaxation, or empty
  double plain = -kInf;   // the bound of `y`, before it is a whole cost
  std::vector<double> y;  // [row] duals, or empty
};

/// The largest g of which every cost is a multiple where only integers cost; 0: there is none.
double granularity(const Problem& mip) {
  constexpr double kLargest = 1e9;
  int64_t common = 0;
  if (mip.is_quadratic()) return 0;
  for (std::size_t j = 0; j < mip.column_count(); ++j) {
    const double c = mip.cost[j];
    if (c == 0) continue;
    if (mip.integer[j] == 0 || c != std::round(c) || std::abs(c) > kLargest) return 0;
    common = std::gcd(common, static_cast<int64_t>(c));
  }
  return static_cast<double>(common);
}

/// What branching on a column has raised the bound by, for each unit, downwards and upwards.
struct Gains {
  std::array<double, 2> sum{};
  std::array<int, 2> count{};
  [[nodiscard]] double mean(std::size_t side, double otherwise) const {
    return count[side] > 0 ? sum[side] / count[side] : otherwise;
  }
};

class Tree {
 public:
  Tree(const Session& session, double target, double cost_max, const MipProofLimits& limits)
      : session_(session),
        mip_(session.problem()),
        target_(target),
        cost_max_(cost_max),
        limits_(limits),
        begin_s_(session.seconds()),
        grain_(granularity(mip_)),
        box_(relaxed(mip_)),
        gains_(mip_.column_count()) {
    for (std::size_t j = 0; j < mip_.column_count(); ++j) {
      if (mip_.integer[j] == 0) continue;
      box_.column_lower[j] = std::ceil(box_.column_lower[j] - kViolationMax);
      box_.column_upper[j] = std::floor(box_.column_upper[j] + kViolationMax);
    }
    root_lower_ = box_.column_lower;
    root_upper_ = box_.column_upper;
  }

  Outcome<MipProof> run() {
    auto child = LoadedChild::open(box_);
    if (!child) return std::unexpected(child.error());
    child_ = std::move(*child);
    bound_columns();
    std::vector<Box> open{Box{}};
    while (!open.empty() && proof_.better.empty() && why_.empty()) {
      Box box = std::move(open.back());
      open.pop_back();
      if (!work_on(box, open)) open.push_back(std::move(box));
    }
    proof_.bound = closed_;
    for (const Box& box : open) proof_.bound = std::min(proof_.bound, box.bound);
    proof_.reached = open.empty() && proof_.better.empty();
    proof_.detail = why_;
    return std::move(proof_);
  }

 private:
  /// Columns without bounds get those that are implied, once for all boxes: of points that cost at most cost_max_, and
  /// others need no proof. The solver keeps the columns as they are.
  void bound_columns() {
    ImpliedBounds implied(box_, cost_max_);
    constexpr int kPassMax = 20;
    for (int pass = 0; pass < kPassMax && implied.pass(); ++pass) {
    }
    for (std::size_t j = 0; j < mip_.column_count(); ++j) {
      if (mip_.integer[j] != 0 || mip_.quadratic_of(j) > 0) continue;
      box_.column_lower[j] = implied.lower(j);
      box_.column_upper[j] = implied.upper(j);
    }
    without_cost_ = box_;
    without_cost_.offset = 0;
    without_cost_.quadratic.clear();
    std::ranges::fill(without_cost_.cost, 0.0);
  }

  /// Closes the box or splits it; false where neither can be done, and why_ or a better point says why.
  bool work_on(Box& box, std::vector<Box>& open) {
    // a child that closes at once leaves the other, which is the box from then on
    for (;;) {
      if (!may_go_on()) return false;
      const Seen seen = look(box);
      box.bound = std::max(box.bound, seen.bound);
      if (box.bound >= target_) {
        closed_ = std::min(closed_, box.bound);
        return true;
      }
      if (seen.x.empty()) {
        if (may_go_on()) why_ = "a part of the tree could be neither bounded nor closed";
        return false;
      }
      if (is_better(seen.x)) return false;
      if (tighten(box, seen)) continue;
      const auto column = choose(box, seen);
      if (!proof_.better.empty() || !why_.empty()) return false;
      if (shrunk_) continue;
      if (!column) {
        why_ = "all integers of a part of the tree are fixed, and its bound is too low";
        return false;
      }
      split(box, *column, seen.x[*column], open);
      return true;
    }
  }

  bool may_go_on() {
    if (proof_.solve_count >= limits_.solve_max) why_ = fmt::format("{} LPs were not enough", proof_.solve_count);
    if (session_.seconds() - begin_s_ > limits_.seconds_max || !session_.may_run()) {
      why_ = fmt::format("time ran out after {} LPs", proof_.solve_count);
    }
    if (!child_->is_alive()) why_ = "the solver's process ended";
    return why_.empty();
  }

  void go_to(const Box& box) {
    std::vector<std::size_t> moved = std::move(moved_);
    moved_.clear();
    for (const Change& change : box.changes) moved_.push_back(change.column);
    std::vector<Change> wanted;
    for (const std::size_t j : moved) wanted.push_back({j, root_lower_[j], root_upper_[j]});
    wanted.insert(wanted.end(), box.changes.begin(), box.changes.end());
    // the last word on each column
    for (auto change = wanted.rbegin(); change != wanted.rend(); ++change) {
      const std::size_t j = change->column;
      const bool later = std::any_of(wanted.rbegin(), change, [&](const Change& c) { return c.column == j; });
      if (later || (box_.column_lower[j] == change->lower && box_.column_upper[j] == change->upper)) continue;
      box_.column_lower[j] = without_cost_.column_lower[j] = change->lower;
      box_.column_upper[j] = without_cost_.column_upper[j] = change->upper;
      child_->set_column_bounds(j, change->lower, change->upper);
    }
  }

  /// Solves the box's relaxation and proves what follows from it.
  Seen look(const Box& box) {
    go_to(box);
    for (const Change& change : box.changes) {
      if (box_.column_lower[change.column] > box_.column_upper[change.column]) return {.bound = kInf, .x = {}};
    }
    Options options{.presolve = false};
    options.method = mip_.is_quadratic() ? Method::active_set : Method::simplex;
    options.wall_time_max_s = std::max(0.0, limits_.seconds_max - (session_.seconds() - begin_s_));
    options.cancel = session_.options().cancel;
    options.abandon = session_.options().abandon;
    const Raw raw = child_->ask(options, {});
    ++proof_.solve_count;
    Seen seen;
    if (raw.row_dual.size() == box_.row_count()) {
      seen.plain = safe_dual_bound(box_, raw.row_dual, cost_max_).bound;
      seen.bound = whole_cost(seen.plain);
      seen.y = raw.row_dual;
      // implied bounds may lie so far out that a rounding times them spoils the bound
      const bool should_close = raw.claim == Claim::optimal && check_point(box_, raw.x).objective >= target_;
      if (seen.bound < target_ && should_close) {
        seen.bound = std::max(seen.bound, whole_cost(bound_without_implied(raw.row_dual)));
      }
    }
    if (seen.bound < target_ && raw.dual_ray.size() == box_.row_count()) {
      const double violation = safe_dual_bound(without_cost_, raw.dual_ray).bound;
      if (violation > 0) return {.bound = cost_max_, .x = {}};
    }
    if (raw.claim == Claim::optimal) seen.x = raw.x;
    return seen;
  }

  /// The safe bound with the columns' own bounds, which takes duals that fit exactly where there are none.
  [[nodiscard]] double bound_without_implied(const std::vector<double>& y) const {
    Problem own = box_;
    for (std::size_t j = 0; j < mip_.column_count(); ++j) {
      if (mip_.integer[j] != 0) continue;
      own.column_lower[j] = root_lower_[j];
      own.column_upper[j] = root_upper_[j];
    }
    return safe_dual_bound(own, y, cost_max_).bound;
  }

  /// The least that a whole point can cost if it costs at least `bound`.
  [[nodiscard]] double whole_cost(double bound) const {
    if (grain_ == 0 || !std::isfinite(bound)) return bound;
    // a multiple that is only just missed is kept: the division rounds
    const double multiple = std::ceil((bound - mip_.offset) / grain_ - 1e-7);
    const double cost = mip_.offset + multiple * grain_;
    return std::max(bound, mip_.offset == std::round(mip_.offset) ? cost : down(cost));
  }

  /// Cuts off what the duals prove to cost too much: k units away from a bound with a reduced cost of d cost k d more.
  /// True where it moved a bound so that the relaxation's point is outside.
  bool tighten(Box& box, const Seen& seen) {
    if (!std::isfinite(seen.plain)) return false;
    const std::vector<ReducedCost> d = safe_reduced_costs(box_, seen.y);
    bool cut_off = false;
    for (std::size_t j = 0; j < d.size(); ++j) {
      const double lower = box_.column_lower[j], upper = box_.column_upper[j];
      if (mip_.integer[j] == 0 || !(lower < upper) || mip_.quadratic_of(j) > 0) continue;
      const bool from_lower = d[j].lower > 0 && std::isfinite(lower);
      const bool from_upper = d[j].upper < 0 && std::isfinite(upper);
      if (!from_lower && !from_upper) continue;
      const double slope = from_lower ? d[j].lower : -d[j].upper;
      const double units = std::max(1.0, std::ceil((target_ - seen.plain) / slope));
      const double bound = whole_cost(down(seen.plain + down(slope * units)));
      if (!(units <= upper - lower) || !(bound >= target_)) continue;
      closed_ = std::min(closed_, bound);
      const Change change{j, from_lower ? lower : upper - units + 1, from_lower ? lower + units - 1 : upper};
      cut_off = cut_off || seen.x[j] < change.lower - kWhole || seen.x[j] > change.upper + kWhole;
      box.changes.push_back(change);
    }
    go_to(box);
    return cut_off;
  }

  /// Whether the point, its integers whole, is feasible and costs less than the target.
  bool is_better(const std::vector<double>& x) {
    std::vector<double> whole = x;
    for (std::size_t j = 0; j < whole.size(); ++j) {
      if (mip_.integer[j] == 0) continue;
      if (std::abs(whole[j] - std::round(whole[j])) > kWhole) return false;
      whole[j] = std::round(whole[j]);
    }
    const Check check = check_point(mip_, whole);
    if (!is_feasible(check) || !(check.objective < target_)) return false;
    proof_.better = std::move(whole);
    return true;
  }

  /// The column to split on: that of the largest gain, of those without a record by trying. Where a trial closes a
  /// side, the box shrinks to the other instead.
  std::optional<std::size_t> choose(Box& box, const Seen& seen) {
    shrunk_ = false;
    struct Candidate {
      std::size_t column;
      double score;
    };
    std::vector<Candidate> candidates;
    for (std::size_t j = 0; j < mip_.column_count(); ++j) {
      if (mip_.integer[j] == 0 || !(box_.column_lower[j] < box_.column_upper[j])) continue;
      const double part = seen.x[j] - std::floor(seen.x[j]);
      if (part > kWhole && part < 1 - kWhole) candidates.push_back({j, score_of(j, part)});
    }
    if (candidates.empty()) return any_open();
    constexpr std::size_t kLook = 8;
    const std::size_t look_count = std::min(kLook, candidates.size());
    std::ranges::partial_sort(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(look_count),
                              [](const Candidate& a, const Candidate& b) {
                                return a.score != b.score ? a.score > b.score : a.column < b.column;
                              });
    candidates.resize(look_count);
    std::optional<Candidate> best;
    for (Candidate& candidate : candidates) {
      const Gains& known = gains_[candidate.column];
      if (std::min(known.count[0], known.count[1]) < kReliable) {
        const auto tried = try_both(box, seen, candidate.column);
        if (!tried) return std::nullopt;
        if (shrunk_) return std::nullopt;
        candidate.score = *tried;
      }
      if (!best || candidate.score > best->score) best = candidate;
    }
    return best->column;
  }

  /// Some column that is not fixed: whole where it is, but the box is not closed.
  std::optional<std::size_t> any_open() const {
    for (std::size_t j = 0; j < mip_.column_count(); ++j) {
      if (mip_.integer[j] != 0 && box_.column_lower[j] < box_.column_upper[j]) return j;
    }
    return std::nullopt;
  }

  [[nodiscard]] double score_of(std::size_t j, double part) const {
    const double otherwise = 1 + std::abs(mip_.cost[j]);
    return product(gains_[j].mean(0, otherwise) * part, gains_[j].mean(1, otherwise) * (1 - part));
  }
  static double product(double below, double above) { return std::max(below, 1e-9) * std::max(above, 1e-9); }

  /// Solves both sides; nothing where it must stop. A side that closes shrinks the box to the other.
  std::optional<double> try_both(Box& box, const Seen& seen, std::size_t j) {
    const double lower = box_.column_lower[j], upper = box_.column_upper[j], cut = std::floor(seen.x[j]);
    const std::array<Change, 2> sides{Change{j, lower, cut}, Change{j, cut + 1, upper}};
    std::array<double, 2> gain{};
    for (std::size_t side = 0; side < 2; ++side) {
      if (!may_go_on()) return std::nullopt;
      Box child = box;
      child.changes.push_back(sides[side]);
      const Seen found = look(child);
      if (!found.x.empty() && found.bound < target_ && is_better(found.x)) return std::nullopt;
      if (found.bound >= target_) {
        closed_ = std::min(closed_, found.bound);
        box.changes.push_back(sides[1 - side]);
        shrunk_ = true;
        return 0.0;
      }
      gain[side] = std::max(0.0, found.bound - seen.bound);
      const double step = side == 0 ? seen.x[j] - cut : cut + 1 - seen.x[j];
      if (std::isfinite(gain[side])) {
        gains_[j].sum[side] += gain[side] / step;
        ++gains_[j].count[side];
      }
    }
    return product(gain[0], gain[1]);
  }

  void split(const Box& box, std::size_t j, double x, std::vector<Box>& open) {
    go_to(box);
    const double lower = box_.column_lower[j], upper = box_.column_upper[j];
    const double cut = std::clamp(std::floor(x), lower, upper - 1);
    Box below = box, above = box;
    below.changes.push_back({j, lower, cut});
    above.changes.push_back({j, cut + 1, upper});
    // first the side that is nearer: its LP is solved in fewer pivots
    const bool nearer_below = x - cut < 0.5;
    open.push_back(nearer_below ? std::move(above) : std::move(below));
    open.push_back(nearer_below ? std::move(below) : std::move(above));
  }

  static constexpr int kReliable = 2;  // trials after which a column's record is believed

  const Session& session_;
  const Problem& mip_;
  const double target_;
  const double cost_max_;
  const MipProofLimits limits_;
  const double begin_s_;
  const double grain_;
  Problem box_;                                  // the relaxation, in the box last looked at
  Problem without_cost_;                         // the same, for Farkas' lemma
  std::vector<double> root_lower_, root_upper_;  // [column]
  std::vector<std::size_t> moved_;               // columns whose bounds in box_ are not the root's
  std::vector<Gains> gains_;                     // [column]
  std::unique_ptr<LoadedChild> child_;
  double closed_ = kInf;  // the least bound of the boxes that are closed
  bool shrunk_ = false;
  std::string why_;
  MipProof proof_;
};

}  // namespace

Outcome<MipProof> prove_mip_bound(const Session& session, double target, double cost_max,
                                  const MipProofLimits& limits) {
  return Tree(session, target, cost_max, limits).run();
}

}  // namespace beltline::lp
