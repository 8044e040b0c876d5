#include "lp/interior_path.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "lp/interior_fold.h"
#include "lp/interior_settle.h"

namespace beltline::lp {
namespace {
// Where a point begins, in the scaled problem's terms, in which typical bounds and costs are near one: well inside, for
// what lies too close to a bound at first takes many short steps to come away. Far from a bound its dual begins
// smaller.
constexpr double kDistanceMin = 10;
constexpr double kDualMin = 1;
constexpr double kProductMin = 100;
// Of the gap that is wanted: beyond that, steps only mend what rounding and folding have left.
constexpr double kLeastGap = 1e-3;
// What folds may leave, in units of mu, before a step aims at less of a change.
constexpr double kFoldMax = 1;
constexpr double kNearlyEarly = 100;  // no iteration takes the gap down by more
constexpr double kFine = 1e-4;
constexpr double kLoose = 1e3;
constexpr int kPatience = 3;
constexpr int kSettleMax = 3;
constexpr double kSlowest = 0.9;  // of mu: every step aims at less

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One iteration's steps, kept together so that their memory serves all iterations.
class Walk {
 public:
  Walk(const Frame& frame, Newton& newton, Iterate start, const PathOptions& options)
      : frame_(frame), newton_(newton), options_(options), point_(std::move(start)), step_(make_iterate(frame)) {
    best_.value = point_.value;
    best_.row_dual = point_.row_dual;
  }

  Path run();

 private:
  bool look(int iteration);
  bool keep(Iterate& point, const Miss& miss);
  bool settle_down();
  void advance();
  [[nodiscard]] StepLength together(StepLength length) const;
  [[nodiscard]] Mix choose_mix();

  const Frame& frame_;
  Newton& newton_;
  const PathOptions& options_;
  Iterate point_, step_;
  Residual residual_;
  Path best_;
  double mu_ = 0;
  double mu_least_ = 0;      // worth aiming at
  double mu_lowest_ = kInf;  // met so far
  double regularisation_ = 1e-9;
  int since_best_ = 0;
  int patience_ = 0;  // iterations that only reduced costs asked for
  int settled_ = 0;   // times it was tried
};

StepLength Walk::together(StepLength length) const {
  // a quadratic cost ties primal to dual
  if (frame_.form.has_quadratic) length.primal = length.dual = std::min(length.primal, length.dual);
  return length;
}

/// Looks at the point: kept if it is the best, and whether to go on.
bool Walk::look(int iteration) {
  compute_residual(frame_, point_, residual_);
  mu_ = complementarity(frame_, point_);
  const Miss miss = measure(frame_, point_, residual_, options_.offset);
  mu_least_ = kLeastGap * options_.gap_max * (1 + std::abs(miss.primal_objective)) /
              (frame_.form.cost_scale * frame_.form.bound_scale *
               static_cast<double>(std::max<std::size_t>(1, frame_.pairs.count())));
  ++since_best_;
  // progress is a better point, or the same rounding on a shorter way to go
  if (mu_ < 0.9 * mu_lowest_) {
    mu_lowest_ = mu_;
    since_best_ = 0;
  }
  if (std::isfinite(miss.worst()) && (iteration == 0 || miss.worst() < best_.miss.worst())) {
    if (miss.worst() < 0.9 * best_.miss.worst()) since_best_ = 0;
    best_.miss = miss;
    best_.value = point_.value;
    best_.row_dual = point_.row_dual;
  }
  best_.iterations = iteration;
  const auto is_last_above = [&](double gap) {
    return iteration == 0 || (miss.gap > gap && miss.gap < kNearlyEarly * gap);
  };
  if (options_.keep_early && is_last_above(kEarlyGap)) best_.early = point_;
  if (options_.keep_early && is_last_above(kLateGap)) best_.late = point_;
  const bool near = miss.dual <= options_.residual_max && miss.gap <= options_.gap_max;
  // reduced costs of the wrong sign make a proof of the bound hard: they go in an iteration more, if they go
  const bool done = near && (miss.dual <= kFine * options_.residual_max || ++patience_ > kPatience);
  if (done && (miss.primal <= options_.residual_max ? keep(point_, miss) : settle_down())) return false;
  if (options_.proceed && !options_.proceed(iteration, miss)) {
    best_.end = PathEnd::stopped;
    return false;
  }
  if (!std::isfinite(miss.worst()) || since_best_ > 25 || iteration >= options_.iteration_max) {
    // little is wanting where rounding ends the path: the room's checks will say whether it is too much
    const bool close = best_.miss.primal <= kLoose * options_.residual_max &&
                       best_.miss.dual <= options_.residual_max && best_.miss.gap <= options_.gap_max;
    best_.end = close ? PathEnd::converged : PathEnd::stalled;
    return false;
  }
  return true;
}

bool Walk::keep(Iterate& point, const Miss& miss) {
  best_.miss = miss;
  best_.value = std::move(point.value);
  best_.row_dual = std::move(point.row_dual);
  best_.end = PathEnd::converged;
  return true;
}

/// Whether the point leans on its bounds so clearly that it can be put there, and rows are held then.
bool Walk::settle_down() {
  if (settled_++ >= kSettleMax) return false;
  // the step's memory: a settled point that is not taken is not needed either
  Iterate& settled = step_;
  settled = point_;
  settle(frame_, newton_, 0.5 * options_.residual_max, residual_, settled);
  compute_residual(frame_, settled, residual_);
  const Miss miss = measure(frame_, settled, residual_, options_.offset);
  if (miss.primal <= options_.residual_max && miss.dual <= options_.residual_max && miss.gap <= options_.gap_max) {
    return keep(settled, miss);
  }
  compute_residual(frame_, point_, residual_);
  return false;
}

/// How much to centre: less the further the affine step goes (Mehrotra 1992), more where folds would leave too much;
/// and the second order at the weight that fits a step of that length (Colombo and Gondzio 2008).
Mix Walk::choose_mix() {
  const StepLength affine = together(longest_step(frame_, point_, newton_.affine()));
  const double ratio = mu_ > 0 ? complementarity(frame_, point_, newton_.affine(), affine) / mu_ : 0;
  double sigma = std::clamp(ratio * ratio * ratio, 1e-6, kSlowest);
  const double second = std::sqrt(affine.primal * affine.dual);
  const auto mix = [&] { return Mix{.centring = std::max(mu_least_, sigma * mu_), .second = second}; };
  for (double before = kInf; sigma < kSlowest;) {
    const double left = residual_of_folds(frame_, point_, residual_, newton_, mix());
    if (left <= kFoldMax || left > 0.9 * before) break;
    before = left;
    sigma = std::min(kSlowest, 1.5 * std::max(sigma, mu_least_ / mu_));
  }
  return mix();
}

void Walk::advance() {
  newton_.find_directions(point_, residual_);
  const Mix mix = choose_mix();
  newton_.step(point_, residual_, mix, 0.3, step_);
  move_and_fold(frame_, step_, together(longest_fold(frame_, point_, step_)), mix.centring, point_);
}

Path Walk::run() {
  for (int iteration = 0; look(iteration); ++iteration) {
    double begin = seconds_now();
    regularisation_ = std::clamp(1e-3 * mu_, 1e-11, 1e-10);
    // a replaced pivot spoils the direction: once more with a matrix further from singular
    for (int attempt = 0; attempt < 3 && !newton_.factor(point_, regularisation_); ++attempt) regularisation_ *= 100;
    best_.factor_s += seconds_now() - begin;
    begin = seconds_now();
    advance();
    best_.solve_s += seconds_now() - begin;
  }
  return std::move(best_);
}

}  // namespace

Miss measure(const Frame& frame, const Iterate& point, const Residual& residual, double offset) {
  struct Sum {
    double primal_miss = 0, dual_miss = 0, cost_max = 0;
    double primal = 0, dual = 0;  // objectives
  };
  const Form& form = frame.form;
  const Pairs& pairs = frame.pairs;
  const std::size_t n = frame.columns();
  const auto look = [&](const Pairs::Chunk& chunk) {
    Sum m;
    std::size_t p = chunk.pair_begin;
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) {
      const bool column = v < n;
      const double scale = form.bound_scale * (column ? form.column_scale[v] : 1 / form.row_scale[v - n]);
      const double dual_scale = column ? 1 / form.column_scale[v] : form.row_scale[v - n];
      // what is missed in the original's units
      const auto see = [&](double miss, double bound) {
        const double by = std::abs(miss) * scale;
        if (by <= m.primal_miss * (1 + std::abs(bound) * scale)) return;
        const double size = std::abs(bound) + (column ? 0 : largest_term(form, point.value, v - n));
        m.primal_miss = std::max(m.primal_miss, by / (1 + size * scale));
      };
      double reduced = -residual.dual[v];
      for (; p < chunk.pair_end && static_cast<std::size_t>(pairs.variable[p]) == v; ++p) {
        see(residual.pair[p], frame.bound(p));
        reduced += pairs.sign[p] * point.dual[p];
      }
      if (column) {
        const double x = point.value[v];
        m.primal += form.cost[v] * x + 0.5 * form.quadratic[v] * x * x;
        m.dual -= 0.5 * form.quadratic[v] * x * x;
        m.cost_max = std::max(m.cost_max, std::abs(form.cost[v]) * dual_scale);
      } else {
        see(residual.row[v - n], std::isfinite(form.lower[v]) ? form.lower[v] : form.upper[v]);
        reduced = point.row_dual[v - n];
      }
      // the bound that this reduced cost leans on, whatever the pairs' duals say
      const double bound = reduced > 0 ? form.lower[v] : form.upper[v];
      if (std::isfinite(bound)) {
        m.dual += reduced * bound;
      } else {
        m.dual_miss = std::max(m.dual_miss, std::abs(reduced) * dual_scale);
      }
    }
    return m;
  };
  std::vector<Sum> parts(pairs.chunk.size());
  frame.team.run(static_cast<int32_t>(parts.size()), [&](int32_t k) { parts[k] = look(pairs.chunk[k]); });
  Sum all;
  for (const Sum& part : parts) {
    all = {.primal_miss = std::max(all.primal_miss, part.primal_miss),
           .dual_miss = std::max(all.dual_miss, part.dual_miss),
           .cost_max = std::max(all.cost_max, part.cost_max),
           .primal = all.primal + part.primal,
           .dual = all.dual + part.dual};
  }
  const double factor = form.cost_scale * form.bound_scale;
  Miss m{.primal = all.primal_miss, .dual = all.dual_miss / (all.cost_max > 0 ? all.cost_max : 1)};
  m.primal_objective = offset + factor * all.primal;
  m.dual_objective = offset + factor * all.dual;
  m.gap = std::abs(m.primal_objective - m.dual_objective) / (1 + std::abs(m.primal_objective));
  return m;
}

Iterate starting_point(const Frame& frame, Newton& newton) {
  const Form& form = frame.form;
  const std::size_t n = frame.columns(), rows = frame.rows();
  Iterate p = make_iterate(frame);
  newton.factor_unit();
  for (std::size_t v = 0; v < frame.variables(); ++v) p.value[v] = std::clamp(0.0, form.lower[v], form.upper[v]);
  // min ‖(dx, ds)‖ so that A x = s
  std::vector<double> column(n, 0.0), row(rows), solution(frame.variables());
  multiply(form, std::span<const double>(p.value).first(n), row);
  for (std::size_t i = 0; i < rows; ++i) row[i] = p.value[n + i] - row[i];
  newton.solve(column, row, 1e-6, solution);
  for (std::size_t j = 0; j < n; ++j) p.value[j] += solution[j];
  for (std::size_t i = 0; i < rows; ++i) {
    if (frame.bounds[n + i] != kFixed) p.value[n + i] -= solution[n + i];
  }
  // min ‖cost − Aᵀ y‖² + ‖y‖² of the rows that may move
  std::ranges::copy(form.cost, column.begin());
  std::ranges::fill(row, 0.0);
  newton.solve(column, row, 1e-6, solution);
  for (std::size_t i = 0; i < rows; ++i) p.row_dual[i] = solution[n + i];
  std::vector<double> reduced(frame.variables());
  multiply_transposed(form, p.row_dual, std::span<double>(reduced).first(n));
  for (std::size_t j = 0; j < n; ++j) reduced[j] = form.cost[j] - reduced[j];
  std::ranges::copy(p.row_dual, reduced.begin() + static_cast<std::ptrdiff_t>(n));
  for (std::size_t k = 0; k < frame.pairs.count(); ++k) {
    const auto v = static_cast<std::size_t>(frame.pairs.variable[k]);
    const double sign = frame.pairs.sign[k];
    p.distance[k] = std::max(sign * (p.value[v] - frame.bound(k)), kDistanceMin);
    p.dual[k] = std::max(sign * reduced[v], std::min(kDualMin, kProductMin / p.distance[k]));
  }
  return p;
}

Path follow_path(const Frame& frame, Newton& newton, Iterate start, const PathOptions& options) {
  return Walk(frame, newton, std::move(start), options).run();
}

}  // namespace beltline::lp
