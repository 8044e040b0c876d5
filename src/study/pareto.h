// Pareto fronts: what more of one goal costs in another.
#pragma once

#include "study/study_model.h"
#include "study/study_report.h"

namespace beltline {

struct ParetoOptions : StudyOptions {
  std::vector<std::string> goals;  // two or more, as make_goal_model takes them
  int points = 9;                  // along each goal but the first
};

/// The ε-constraint method with exact ends: each goal alone, then the others within what it leaves (lexicographic), for
/// the payoff table; between its best and its worst, the later goals are held at evenly spaced values while the first
/// is optimised, with a weight on what is left of the others so small that it decides between equals only (Mavrotas
/// 2009, Appl. Math. Comput. 213:455–465).
///
/// Tables: `pareto` (one row a point, goals as columns), `pareto_builds` (what each has online at the end).
/// @errors names that are no goals; of the operating system
Outcome<StudyReport> pareto_front(const Compiled& compiled, const ParetoOptions& options);

}  // namespace beltline
