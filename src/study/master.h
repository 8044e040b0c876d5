// The master problem of a Benders decomposition: common decisions, an estimate of each case's recourse, and cuts.
#pragma once

#include "study/two_stage.h"

namespace beltline {

/// value ≥ constant + gradientᵀ x: of a case's recourse, or with `feasibility` of 0.
struct Cut {
  std::size_t case_index = 0;
  bool is_feasibility = false;
  double constant = 0;
  std::vector<double> gradient;  // [common index]
};

class Master {
 public:
  /// @param recourse_bound  [case] what no recourse costs less than
  Master(const TwoStage& parts, const StochasticProblem& problem, const RiskMeasure& risk,
         const std::vector<double>& recourse_bound);

  void add(Cut cut);
  [[nodiscard]] std::size_t cut_count() const { return cuts_.size(); }

  struct Answer {
    lp::Termination termination = lp::Termination::unverified;
    double objective = 0;
    double bound = 0;
    std::vector<double> x;         // [common index]
    std::vector<double> row_dual;  // [row of TwoStage::rows]
    std::string detail;
  };
  /// The best common decisions as far as the cuts know, within `radius` · scale of a centre (radius < 0: anywhere).
  Outcome<Answer> solve(const std::vector<double>& centre, const std::vector<double>& scale, double radius,
                        const lp::Options& options);

 private:
  [[nodiscard]] lp::Problem write() const;

  const TwoStage& parts_;
  const StochasticProblem& problem_;
  const RiskMeasure& risk_;
  const std::vector<double> recourse_bound_;
  std::vector<Cut> cuts_;
  std::vector<lp::Basis> column_basis_, row_basis_;
};

}  // namespace beltline
