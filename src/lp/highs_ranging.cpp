// Derivatives of an optimum, by HiGHS: the LP over the cone of active bounds, begun from the optimal basis.
#include <algorithm>
#include <cmath>
#include <memory>

#include <interfaces/highs_c_api.h>

#include "base/assert.h"
#include "lp/highs.h"
#include "lp/scaling.h"

namespace beltline::lp {
namespace {

using Highs = std::unique_ptr<void, decltype(&Highs_destroy)>;

/// More pivots than this for one derivative, and the duals must do.
constexpr HighsInt kPivotMax = 5000;
/// More pivots than this for all together, and the duals must do for those that come later. Counted, not timed: the
/// same on every machine.
constexpr int64_t kPivotTotalMax = 20'000;
/// HiGHS's number for approximate edge weights of the dual simplex method.
constexpr HighsInt kDevex = 1;
/// A factorisation counts as one pivot for so many rows.
constexpr int64_t kRowsPerPivot = 100;

struct Active {
  bool lower = false;
  bool upper = false;
};

/// Which bounds of a column or row hold it: those it rests at, and those a basic one touches (a degenerate vertex).
Active active_bounds(Basis status, double value, double lower, double upper, double size) {
  if (lower == upper) return {true, true};
  const double touch = 1e-9 * (1.0 + size);
  switch (status) {
    case Basis::at_lower: return {true, upper - lower <= touch};
    case Basis::at_upper: return {upper - lower <= touch, true};
    case Basis::free: return {};
    case Basis::basic:
    case Basis::nonbasic: break;
  }
  return {std::isfinite(lower) && value - lower <= touch, std::isfinite(upper) && upper - value <= touch};
}

/// The cone as an LP in HiGHS, and the bounds that a direction moves.
class Cone {
 public:
  Cone(const Problem& problem, const Solution& solution)
      : scaling_(make_scaling(problem)), highs_(Highs_create(), &Highs_destroy) {
    Problem cone = scaled(problem, scaling_);
    find_active(cone, solution);
    const auto close = [](std::vector<double>& lower, std::vector<double>& upper, const std::vector<Active>& active) {
      for (std::size_t i = 0; i < active.size(); ++i) {
        lower[i] = active[i].lower ? 0.0 : -kInf;
        upper[i] = active[i].upper ? 0.0 : kInf;
      }
    };
    close(cone.column_lower, cone.column_upper, column_);
    close(cone.row_lower, cone.row_upper, row_);
    pass(cone);
    const auto statuses = [](const std::vector<Basis>& basis) {
      std::vector<HighsInt> out(basis.size());
      std::ranges::transform(basis, out.begin(), [](Basis b) { return static_cast<HighsInt>(b); });
      return out;
    };
    column_basis_ = statuses(solution.column_basis);
    row_basis_ = statuses(solution.row_basis);
    Highs_setBasis(highs_.get(), column_basis_.data(), row_basis_.data());
    // the basis may be a pivot or two from optimal by rounding: what it ends at is where all derivatives begin
    usable_ = run() == kHighsModelStatusOptimal;
    if (!usable_) return;
    Highs_getBasis(highs_.get(), column_basis_.data(), row_basis_.data());
    column_dual_.resize(cone.column_count());
    row_dual_.resize(cone.row_count());
    Highs_getSolution(highs_.get(), nullptr, column_dual_.data(), nullptr, row_dual_.data());
    basic_.resize(cone.row_count());
    Highs_getBasicVariables(highs_.get(), basic_.data());
    start_ = std::move(cone.start);
    index_ = std::move(cone.index);
    value_ = std::move(cone.value);
    rhs_.assign(cone.row_count(), 0.0);
    step_.assign(cone.row_count(), 0.0);
    step_index_.resize(cone.row_count());
  }

  [[nodiscard]] bool usable() const { return usable_; }

  /// Where the optimal basis stays feasible both ways, what its duals say is the derivative: one solve with the basis
  /// instead of two LPs. False where it may not be; only before the first call of `derivative`, which moves the basis.
  ///
  /// The basics move by B⁻¹ (moved rows − moved columns); a degenerate one must not leave the bound it touches.
  bool smooth(const Direction& direction, double& slope) {
    slope = 0;
    std::ranges::fill(rhs_, 0.0);
    for (const BoundShift& shift : direction) {
      if (is_basic(shift)) {
        const Active active = active_of(shift);
        if (active.lower || active.upper) return false;
        continue;
      }
      const Active active = active_of(shift);
      const bool lower = active.lower && shift.side != Side::upper, upper = active.upper && shift.side != Side::lower;
      if (!lower && !upper) continue;
      if (active.lower && active.upper && !(lower && upper)) return false;
      const double step = scaled_step(shift, shift.rate);
      const auto i = static_cast<std::size_t>(shift.index);
      slope += step * (shift.is_column ? column_dual_[i] : row_dual_[i]);
      if (!shift.is_column) {
        rhs_[i] += step;
        continue;
      }
      for (auto k = static_cast<std::size_t>(start_[i]); k < static_cast<std::size_t>(start_[i + 1]); ++k) {
        rhs_[static_cast<std::size_t>(index_[k])] -= value_[k] * step;
      }
    }
    HighsInt count = 0;
    if (Highs_getBasisSolve(highs_.get(), rhs_.data(), step_.data(), &count, step_index_.data()) == kHighsStatusError) {
      return false;
    }
    double largest = 0;
    for (HighsInt n = 0; n < count; ++n) largest = std::max(largest, std::abs(step_[basis_place(n)]));
    for (HighsInt n = 0; n < count; ++n) {
      const std::size_t place = basis_place(n);
      const HighsInt basic = basic_[place];
      const bool is_row = basic < 0;
      const auto i = static_cast<std::size_t>(is_row ? -basic - 1 : basic);
      const Active active = is_row ? row_[i] : column_[i];
      if ((active.lower || active.upper) && std::abs(step_[place]) > 1e-9 * largest) return false;
    }
    return true;
  }

  /// min cᵀd along `sign` times the direction; NaN if it was not found.
  double derivative(const Direction& direction, double sign) {
    for (const BoundShift& shift : direction) move(shift, sign * shift.rate);
    const HighsInt status = run();
    double value = std::nan("");
    if (status == kHighsModelStatusOptimal) value = Highs_getObjectiveValue(highs_.get());
    if (status == kHighsModelStatusInfeasible) value = kInf;
    for (const BoundShift& shift : direction) move(shift, 0.0);
    HighsInt pivots = 0;
    Highs_getIntInfoValue(highs_.get(), "simplex_iteration_count", &pivots);
    // beginning again costs a factorisation, whatever follows
    pivot_count_ += pivots + static_cast<int64_t>(row_.size()) / kRowsPerPivot;
    if (pivots != 0 || status != kHighsModelStatusOptimal) {
      Highs_setBasis(highs_.get(), column_basis_.data(), row_basis_.data());
    }
    return value;
  }

  [[nodiscard]] int64_t pivot_count() const { return pivot_count_; }

 private:
  void find_active(const Problem& cone, const Solution& solution) {
    std::vector<double> activity(cone.row_count(), 0.0), size(cone.row_count(), 0.0);
    column_.resize(cone.column_count());
    row_.resize(cone.row_count());
    for (std::size_t j = 0; j < cone.column_count(); ++j) {
      const double x = solution.x[j] / scaling_.column[j];
      column_[j] = active_bounds(solution.column_basis[j], x, cone.column_lower[j], cone.column_upper[j], std::abs(x));
      for (auto k = static_cast<std::size_t>(cone.start[j]); k < static_cast<std::size_t>(cone.start[j + 1]); ++k) {
        const auto i = static_cast<std::size_t>(cone.index[k]);
        activity[i] += cone.value[k] * x;
        size[i] = std::max(size[i], std::abs(cone.value[k] * x));
      }
    }
    for (std::size_t i = 0; i < cone.row_count(); ++i) {
      row_[i] = active_bounds(solution.row_basis[i], activity[i], cone.row_lower[i], cone.row_upper[i], size[i]);
    }
  }

  void pass(const Problem& cone) {
    void* h = highs_.get();
    Highs_setBoolOptionValue(h, "output_flag", 0);
    Highs_setStringOptionValue(h, "presolve", "off");
    Highs_setStringOptionValue(h, "solver", "simplex");
    Highs_setStringOptionValue(h, "parallel", "off");
    Highs_setIntOptionValue(h, "threads", 1);
    Highs_setIntOptionValue(h, "simplex_strategy", 1);
    // few pivots from the optimal basis, mostly none: exact edge weights would cost a solve for each row first
    Highs_setIntOptionValue(h, "simplex_dual_edge_weight_strategy", kDevex);
    Highs_setIntOptionValue(h, "simplex_iteration_limit", kPivotMax);
    const HighsInt status =
        Highs_passLp(h, static_cast<HighsInt>(cone.column_count()), static_cast<HighsInt>(cone.row_count()),
                     static_cast<HighsInt>(cone.nonzero_count()), kHighsMatrixFormatColwise, kHighsObjSenseMinimize, 0,
                     cone.cost.data(), cone.column_lower.data(), cone.column_upper.data(), cone.row_lower.data(),
                     cone.row_upper.data(), cone.start.data(), cone.index.data(), cone.value.data());
    ASSERT(status != kHighsStatusError);
  }

  HighsInt run() {
    Highs_run(highs_.get());
    return Highs_getModelStatus(highs_.get());
  }

  [[nodiscard]] std::size_t basis_place(HighsInt n) const {
    return static_cast<std::size_t>(step_index_[static_cast<std::size_t>(n)]);
  }
  [[nodiscard]] Active active_of(const BoundShift& shift) const {
    const auto i = static_cast<std::size_t>(shift.index);
    return shift.is_column ? column_[i] : row_[i];
  }
  [[nodiscard]] bool is_basic(const BoundShift& shift) const {
    const auto i = static_cast<std::size_t>(shift.index);
    return (shift.is_column ? column_basis_[i] : row_basis_[i]) == kHighsBasisStatusBasic;
  }
  [[nodiscard]] double scaled_step(const BoundShift& shift, double by) const {
    const auto i = static_cast<std::size_t>(shift.index);
    return shift.is_column ? by / scaling_.column[i] : by * scaling_.row[i];
  }

  void move(const BoundShift& shift, double by) {
    const Active active = active_of(shift);
    const double step = scaled_step(shift, by);
    const double lower = active.lower ? (shift.side != Side::upper ? step : 0.0) : -kInf;
    const double upper = active.upper ? (shift.side != Side::lower ? step : 0.0) : kInf;
    if (shift.is_column) {
      Highs_changeColBounds(highs_.get(), shift.index, lower, upper);
    } else {
      Highs_changeRowBounds(highs_.get(), shift.index, lower, upper);
    }
  }

  Scaling scaling_;
  Highs highs_;
  std::vector<Active> column_, row_;
  std::vector<HighsInt> column_basis_, row_basis_;
  std::vector<double> column_dual_, row_dual_;  // of the scaled cone at the basis
  std::vector<HighsInt> basic_;                 // [row] column, or −1 − row
  std::vector<int32_t> start_, index_;          // the scaled matrix by columns
  std::vector<double> value_;
  std::vector<double> rhs_, step_;    // [row] workspace of `smooth`
  std::vector<HighsInt> step_index_;  // [row]
  int64_t pivot_count_ = 0;
  bool usable_ = false;
};

}  // namespace

void run_derivatives(const Problem& problem, const Solution& solution, const std::vector<Direction>& directions,
                     const Options&, std::span<double> out) {
  Cone cone(problem, solution);
  if (!cone.usable()) return;
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    double slope = 0;
    if (cone.smooth(directions[i], slope)) {
      out[2 * i] = slope;
      out[2 * i + 1] = -slope;
    } else {
      rest.push_back(i);
    }
  }
  for (const std::size_t i : rest) {
    if (cone.pivot_count() > kPivotTotalMax) break;
    out[2 * i] = cone.derivative(directions[i], 1.0);
    out[2 * i + 1] = cone.derivative(directions[i], -1.0);
  }
}

}  // namespace beltline::lp
