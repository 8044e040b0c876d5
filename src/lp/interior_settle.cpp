#include "lp/interior_settle.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

constexpr double kLean = 1e-4;    // distance / dual: at most this much, and a value goes onto the bound
constexpr double kSurely = 1e-9;  // the same, for those that are never let go
constexpr double kOpen = 1e-14;   // of a row: more is left open
constexpr int kPassMax = 6;
constexpr double kStiff = 1e8;      // of what is held
constexpr double kNear = 1e-3;      // columns nearer to a bound than this move less
constexpr double kNearStiff = 1e3;  // at most

class Settling {
 public:
  Settling(const Frame& frame, Newton& newton, Iterate& point) : frame_(frame), newton_(newton), point_(point) {
    n_ = frame.columns();
    held_.assign(frame.variables(), 0);
    sure_ = held_;
    near_.assign(frame.variables(), 1.0);
    for (std::size_t p = 0; p < frame.pairs.count(); ++p) {
      const double distance = point.distance[p], dual = point.dual[p];
      if (distance <= kLean * dual) hold(p);
      if (distance <= kSurely * dual) sure_[frame.pairs.variable[p]] = 1;
      double& near = near_[frame.pairs.variable[p]];
      near = std::max(near, std::min(kNearStiff, kNear * kNear / (distance * distance)));
    }
    for (std::size_t v = n_; v < held_.size(); ++v) {
      if (frame.bounds[v] == kFixed) held_[v] = sure_[v] = 1, point.value[v] = frame.form.lower[v];
    }
  }

  void run() {
    for (int pass = 0; pass < kPassMax && close_rows(); ++pass) {
      if (!take_in() && !let_go()) break;
    }
    for (std::size_t p = 0; p < frame_.pairs.count(); ++p) point_.distance[p] = std::max(0.0, away(p));
  }

 private:
  void hold(std::size_t pair) {
    held_[frame_.pairs.variable[pair]] = 1;
    point_.value[frame_.pairs.variable[pair]] = frame_.pairs.bound[pair];
  }
  [[nodiscard]] double away(std::size_t pair) const {
    return frame_.pairs.sign[pair] * (point_.value[frame_.pairs.variable[pair]] - frame_.pairs.bound[pair]);
  }
  bool close_rows();
  bool take_in();
  bool let_go();

  const Frame& frame_;
  Newton& newton_;
  Iterate& point_;
  std::size_t n_ = 0;
  std::vector<uint8_t> held_, sure_;  // [variable]
  std::vector<double> near_;          // [variable] stiffness of what is not held
  std::vector<double> open_;          // [row] what is left
};

/// Moves what is not held so that rows that are held are as they should be; the others' activities follow.
bool Settling::close_rows() {
  std::vector<double> stiffness(near_), zero(n_, 0.0), move(frame_.variables());
  for (std::size_t v = 0; v < n_; ++v) stiffness[v] = held_[v] != 0 ? kStiff : near_[v];
  for (std::size_t v = n_; v < held_.size(); ++v) stiffness[v] = held_[v] != 0 ? kStiff * kStiff : 1 / kStiff;
  if (!newton_.factor(stiffness)) return false;
  const std::span<double> x = std::span<double>(point_.value).first(n_);
  std::vector<double> activity(frame_.rows());
  open_.assign(frame_.rows(), 0);
  for (int round = 0;; ++round) {
    multiply(frame_.form, x, activity);
    double most = 0;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      open_[i] = held_[n_ + i] != 0 ? point_.value[n_ + i] - activity[i] : 0;
      most = std::max(most, std::abs(open_[i]));
    }
    if (round == 5 || most < 1e-16) break;
    newton_.solve(zero, open_, 1e-16, move);
    for (std::size_t j = 0; j < n_; ++j) x[j] += held_[j] != 0 ? 0 : move[j];
  }
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (frame_.bounds[n_ + i] != kFixed) point_.value[n_ + i] = activity[i];
  }
  return true;
}

/// Puts onto its bound what has gone beyond. @returns whether there was any
bool Settling::take_in() {
  bool any = false;
  for (std::size_t p = 0; p < frame_.pairs.count(); ++p) {
    if (away(p) >= -kOpen * (1 + std::abs(frame_.pairs.bound[p])) || held_[frame_.pairs.variable[p]] != 0) continue;
    hold(p);
    any = true;
  }
  return any;
}

/// Lets go the columns of rows that stay open. @returns whether there was any
bool Settling::let_go() {
  bool any = false;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (std::abs(open_[i]) < kOpen) continue;
    for (int64_t k = frame_.form.row_start[i]; k < frame_.form.row_start[i + 1]; ++k) {
      const int32_t j = frame_.form.column[k];
      if (held_[j] == 0 || sure_[j] != 0) continue;
      held_[j] = 0;
      any = true;
    }
  }
  return any;
}

}  // namespace

void settle(const Frame& frame, Newton& newton, Iterate& point) {
  Settling(frame, newton, point).run();
}

}  // namespace beltline::lp
