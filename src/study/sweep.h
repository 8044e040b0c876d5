// Sweeps over chosen values and tornado sensitivities over the scenario's own ranges.
#pragma once

#include "study/study_model.h"
#include "study/study_report.h"

namespace beltline {

struct SweepOptions : StudyOptions {
  /// "site.ulsan.online=2028-06,2029-06", "product.hbm4.yield*=0.9,1,1.1": every combination is planned
  std::vector<std::string> vary;
  bool full = false;  // a whole plan for each, instead of its outlook
  double mip_gap_max = 5e-3;
};

/// One `--vary`: a path with = , *= or +=, and its values. Commas inside brackets, braces or quotes part nothing.
struct Variation {
  std::string path;  // with the operator: "product.hbm4.yield*="
  std::vector<std::string> values;
};
/// @errors no operator, no value
Outcome<Variation> read_variation(const std::string& text);

/// The outlook (plan/outlook.h) or the plan of every combination of values.
///
/// Table `sweep`: one column a variation, then how it ends, objective, cost, what is missed.
/// @errors what cannot be read, more than 10,000 combinations, overrides that the scenario does not take (the first
///         diagnostic); of the operating system
/// @cost a load and two LPs of the coarse calendar for each combination, several at once
Outcome<StudyReport> sweep(const Compiled& compiled, const SweepOptions& options);

/// Every value of the scenario that has a range, at its low and at its high, ranked by what that does to the outlook.
///
/// Table `tornado`: one row a value: low, mode and high, the objective and the cost at both, and the swing.
/// @param only  paths that begin so; empty: all
/// @errors of the operating system
Outcome<StudyReport> tornado(const Compiled& compiled, const std::string& only, const StudyOptions& options);

}  // namespace beltline
