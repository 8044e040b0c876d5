#include "lp/interior_settle.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

constexpr double kDistanceMin = 1e-6;  // nearer to a bound, a value is at first as stiff as here
constexpr double kDistanceMax = 1e4;
constexpr double kClosed = 1e18;  // stiffness of the activity of a row that is open
constexpr double kPinned = 1e15;  // stiffness of what would have gone beyond its bound
constexpr double kLean = 1e-4;    // distance / dual: at most this much, and a value goes onto the bound
constexpr int kRoundMax = 24;
constexpr double kStuck = 0.7;  // of what was open before: less of a gain asks for softer ones
constexpr double kLooser = 4;
constexpr double kSlow = 0.3;  // of what was open before: less of a gain asks for other stiffnesses

class Settling {
 public:
  Settling(const Frame& frame, Newton& newton, Residual& scratch, Iterate& point)
      : frame_(frame), newton_(newton), point_(point), n_(frame.columns()), open_(scratch.row), move_(scratch.dual) {
    open_.resize(frame.rows());
    activity_.resize(frame.rows());
    move_.assign(frame.variables(), 0.0);
    pinned_.assign(n_, 0);
    lean();
  }

  void run(double open_max) {
    go();
    double before = kInf;
    bool stale = true;
    for (int round = 0;; ++round) {
      const double open = look();
      const bool slow = open > kSlow * before;
      // what costs one solve more is taken along
      if (open == 0 || (open <= open_max && slow) || round == kRoundMax) break;
      stale = stale || slow;
      if (open > kStuck * before) {
        distance_min_ *= kLooser;
        let_go();
      }
      before = open;
      if (stale && !factor()) break;
      stale = false;
      newton_.solve({}, open_, kInf, move_);
      go();
    }
    for (std::size_t p = 0; p < frame_.pairs.count(); ++p) {
      const auto v = static_cast<std::size_t>(frame_.pairs.variable[p]);
      if (v >= n_) point_.value[v] = std::clamp(activity_[v - n_], frame_.form.lower[v], frame_.form.upper[v]);
      point_.distance[p] = std::max(0.0, away(p));
    }
  }

 private:
  [[nodiscard]] double away(std::size_t pair) const {
    return frame_.pairs.sign[pair] * (point_.value[frame_.pairs.variable[pair]] - frame_.bound(pair));
  }
  void lean();
  void let_go();
  void go();
  double look();
  bool factor();

  const Frame& frame_;
  Newton& newton_;
  Iterate& point_;
  std::size_t n_;
  std::vector<double> activity_;  // [row]
  std::vector<double>& open_;     // [row]
  std::vector<double>& move_;     // [variable]
  std::vector<uint8_t> pinned_;   // [column] would have gone beyond its bound
  std::vector<uint8_t> leans_;    // [column] stays on its bound, unless rows cannot do without it
  double distance_min_ = kDistanceMin;
};

/// Puts columns onto the bounds that they are much nearer to than the bounds' duals are to zero: planners like their
/// zeros whole.
void Settling::lean() {
  leans_.assign(n_, 0);
  for (std::size_t p = 0; p < frame_.pairs.count(); ++p) {
    const auto v = static_cast<std::size_t>(frame_.pairs.variable[p]);
    if (v >= n_ || point_.distance[p] > kLean * point_.dual[p]) continue;
    leans_[v] = 1;
    point_.value[v] = frame_.bound(p);
  }
}

/// Lets go of the columns of rows that stay open.
void Settling::let_go() {
  const Form& form = frame_.form;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i] == 0) continue;
    for (int64_t k = form.row_start[i]; k < form.row_start[i + 1]; ++k) leans_[form.column[k]] = 0;
  }
}

/// Moves the columns as far as their bounds.
void Settling::go() {
  for (std::size_t j = 0; j < n_; ++j) {
    if (leans_[j] != 0) continue;
    const double to = point_.value[j] + move_[j];
    point_.value[j] = std::clamp(to, frame_.form.lower[j], frame_.form.upper[j]);
    if (point_.value[j] != to) pinned_[j] = 1;
  }
}

/// @returns what the worst row leaves open, relative
double Settling::look() {
  const Form& form = frame_.form;
  multiply(form, std::span<const double>(point_.value).first(n_), activity_);
  double most = 0;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const double to = std::clamp(activity_[i], form.lower[n_ + i], form.upper[n_ + i]);
    open_[i] = to - activity_[i];
    const double scale = form.bound_scale / form.row_scale[i];
    const auto relative = [&](double size) { return std::abs(open_[i]) * scale / (1 + size * scale); };
    if (relative(std::abs(to)) > most) {
      most = std::max(most, relative(std::abs(to) + largest_term(form, point_.value, i)));
    }
  }
  return most;
}

bool Settling::factor() {
  for (std::size_t i = 0; i < frame_.rows(); ++i) {
    if (frame_.bounds[n_ + i] != kFixed) point_.value[n_ + i] = activity_[i];
  }
  std::vector<double>& stiffness = move_;  // which is made anew before the next move
  std::ranges::fill(stiffness, 1 / (kDistanceMax * kDistanceMax));
  for (std::size_t p = 0; p < frame_.pairs.count(); ++p) {
    const double d = std::clamp(away(p), distance_min_, kDistanceMax);
    stiffness[frame_.pairs.variable[p]] += 1 / (d * d);
  }
  for (std::size_t j = 0; j < n_; ++j) {
    if (pinned_[j] != 0 || leans_[j] != 0) stiffness[j] = kPinned;
  }
  // what a row lacks is not for its own activity to give
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i] != 0) stiffness[n_ + i] = kClosed;
  }
  std::ranges::fill(pinned_, uint8_t{0});
  return newton_.factor(stiffness);
}

}  // namespace

void settle(const Frame& frame, Newton& newton, double open_max, Residual& scratch, Iterate& point) {
  Settling(frame, newton, scratch, point).run(open_max);
}

}  // namespace beltline::lp
