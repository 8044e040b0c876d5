// The Newton equations of an interior-point method. For src/lp/interior*.cpp only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/interior_factor.h"
#include "lp/interior_iterate.h"

namespace beltline::lp {

/// What a direction does to each pair.
struct PairStep {
  std::vector<double> distance;  // [pair]
  std::vector<double> dual;      // [pair]
};

/// A step is affine + centring · centring direction + second · second-order direction.
struct Mix {
  double centring = 0;  // the product that pairs aim at
  double second = 0;
};

/// The Newton equations of one Form, reduced to
///
///   [ −(Q + Θ + ρ)   Aᵀ    ] [dx]
///   [     A        Θₛ⁻¹ + δ ] [dy]
///
/// quasi-definite, so that LDLᵀ exists in any order; ρ and δ are mended by refinement.
///
/// Three directions: affine asks for products of zero, centring for products larger by one, second takes back the
/// products of the affine direction's halves. So a step is chosen when all three are known.
class Newton {
 public:
  Newton(const Frame& frame, const Symbolic& symbolic);

  /// Factors at the point. @returns whether pivots were as they must be
  bool factor(const Iterate& point, double regularisation);
  /// Factors with Θ = 1, for the starting point.
  bool factor_unit();
  /// Factors with this Θ.
  /// @param stiffness  [variable] > 0
  bool factor(std::span<const double> stiffness);

  /// The directions at the point last factored at, not refined.
  void find_directions(const Iterate& point, const Residual& residual);
  [[nodiscard]] const PairStep& affine() const { return affine_; }
  /// Makes ready for `change`, for the variables of the chunk.
  void find_condition(const Pairs::Chunk& chunk, const Iterate& point, const Residual& residual, const Mix& mix);
  /// How that mix of the directions changes the value of a variable.
  [[nodiscard]] double change(std::size_t variable, const Mix& mix) const {
    return change_of(variable, condition_[variable], mixed(affine_solution_, others_solution_, mix, variable));
  }
  /// The step, refined until it leaves at most `share` of the residuals, if it can.
  void step(const Iterate& point, const Residual& residual, const Mix& mix, double share, Iterate& out);

  /// [dx; dy] := K⁻¹ [column; row], refined.
  void solve(std::span<const double> column, std::span<const double> row, double error_max, std::vector<double>& out);

  [[nodiscard]] std::size_t byte_count() const { return factor_.byte_count(); }

 private:
  /// The largest of each kind, weighed.
  struct Error {
    double column = 0;
    double row = 0;
  };

  void factor_diagonal(double regularisation);
  void find_affine(const Iterate& point, const Residual& residual);
  void find_others(const Iterate& point);
  /// The right-hand side of v's equation, and the change of its value, for a dual condition that lacks g.
  [[nodiscard]] double right_of(std::size_t v, double g) const;
  /// Of K, without ρ and δ.
  [[nodiscard]] double diagonal(std::size_t v) const;
  [[nodiscard]] double change_of(std::size_t v, double g, double solution) const {
    if (v < frame_.columns()) return solution;
    return frame_.bounds[v] == kFixed ? 0 : (g - solution) / theta_[v];
  }
  [[nodiscard]] static double mixed(const std::vector<double>& affine, const std::vector<double>& others,
                                    const Mix& mix, std::size_t v) {
    return affine[v] + mix.centring * others[2 * v] + mix.second * others[2 * v + 1];
  }
  /// Once the directions are mixed, or were never asked for, their memory is the refinement's.
  void lay_out();
  void refine(const Error& allowed);
  /// How much the error of a variable's equation counts: nothing where the rest of the step takes it up.
  [[nodiscard]] double weight(std::size_t v) const;
  [[nodiscard]] Error weigh_error() const;
  [[nodiscard]] Error allowance(const Residual& residual, double share) const;

  Frame frame_;
  Factor factor_;
  std::vector<double> theta_;                   // [variable] Q + Θ
  std::vector<double> condition_;               // [variable] what a mix leaves of dual conditions, the pairs' put in
  std::vector<double> affine_solution_;         // [variable]
  std::vector<double> others_solution_;         // [variable, 2] of centring and second alternately
  std::vector<double> right_, mixed_solution_;  // [variable]
  // [variable] of a refinement, in memory that it may use; they change places
  std::span<double> solution_, best_, error_, correction_;
  PairStep affine_;
  bool sound_ = true;
};

}  // namespace beltline::lp
