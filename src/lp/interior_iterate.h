// The point of an interior-point method, what it still misses, and the step that would mend it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/interior_factor.h"
#include "lp/interior_form.h"

namespace beltline::lp {

/// Variables are columns, then rows' activities. Distances from bounds are variables of their own, so that a point may
/// begin outside its bounds and that close to one nothing cancels.
///
///   A x = s,   (x, s) − from_lower = lower,   (x, s) + from_upper = upper
///   cost + quadratic x − Aᵀ y − lower_dual + upper_dual = 0,   y − lower_dual + upper_dual = 0 on rows
struct Iterate {
  std::vector<double> value;                   // [variable]
  std::vector<double> from_lower, from_upper;  // [variable] > 0; 1 where there is no such bound
  std::vector<double> lower_dual, upper_dual;  // [variable] > 0; 0 where there is no such bound
  std::vector<double> row_dual;                // [row]
};

/// Which bounds a variable has. The activity of an equality row is no variable at all.
enum Bounds : uint8_t { kFree = 0, kLower = 1, kUpper = 2, kBoxed = 3, kFixed = 4 };

/// What the conditions above lack, each with the sign that a step adds up to.
struct Residual {
  std::vector<double> row;                     // [row] s − A x
  std::vector<double> from_lower, from_upper;  // [variable]
  std::vector<double> dual;                    // [variable]
};

/// Products distance · dual that the step aims at, less those that are.
struct Target {
  std::vector<double> lower, upper;  // [variable]
};

struct StepLength {
  double primal = 1;
  double dual = 1;
};

/// The Newton equations of one Form, reduced to
///
///   [ −(Q + Θ + ρ)   Aᵀ    ] [dx]
///   [     A        Θₛ⁻¹ + δ ] [dy]
///
/// quasi-definite, so that LDLᵀ exists in any order; ρ and δ are mended by refinement.
class Newton {
 public:
  Newton(const Form& form, const Symbolic& symbolic, std::span<const uint8_t> bounds);

  /// Factors at the point. @returns whether pivots were as they must be
  bool factor(const Iterate& point, double regularisation);
  /// Factors with Θ = 1, for the starting point.
  bool factor_unit();
  /// The step for these residuals and targets; refined until what it leaves of them is at most `error_max`, if it can.
  void step(const Iterate& point, const Residual& residual, const Target& target, double error_max, Iterate& out);
  /// [dx; dy] := K⁻¹ [column; row], refined.
  void solve(std::span<const double> column, std::span<const double> row, double error_max, std::span<double> out);

  [[nodiscard]] int64_t solve_count() const { return solve_count_; }
  [[nodiscard]] std::size_t byte_count() const { return factor_.byte_count(); }
  [[nodiscard]] double last_error() const { return last_error_; }

 private:
  void factor_diagonal(double regularisation);
  /// The largest of correction_, where the rest of the step cannot take it up.
  [[nodiscard]] double weigh_error() const;

  const Form& form_;
  std::span<const uint8_t> bounds_;
  Factor factor_;
  std::vector<double> theta_;     // [variable] Q + Θ
  std::vector<double> diagonal_;  // [node] of K, without ρ and δ
  std::vector<double> shifted_;   // [node] with them
  std::vector<double> right_, solution_, correction_, product_, error_;
  bool sound_ = true;
  int64_t solve_count_ = 0;
  double last_error_ = 0;
};

std::vector<uint8_t> bounds_of(const Form& form);
/// The longest step to the boundary, at most 1.
StepLength longest_step(const Iterate& point, const Iterate& step, std::span<const uint8_t> bounds);
void move(Iterate& point, const Iterate& step, const StepLength& length);
void compute_residual(const Form& form, std::span<const uint8_t> bounds, const Iterate& point, Residual& out);
/// Mean of distance · dual.
double complementarity(const Iterate& point, std::span<const uint8_t> bounds);

}  // namespace beltline::lp
