// Near-optimal alternatives: how far a good plan may be from the best one.
#pragma once

#include "study/study_model.h"
#include "study/study_report.h"

namespace beltline {

struct AlternativesOptions : StudyOptions {
  double slack = 0.02;  // of the best cost (and of the best compute or lateness, where that is the goal)
  int count = 10;       // plans as different as possible, besides the least and the most of every group
};

/// Modelling to generate alternatives (Brill, Chang & Hopkins 1982, Management Science 28:221–235; Lombardi et al.
/// 2020, Energy 193:116737).
///
/// Among the plans that cost at most (1 + slack) · the best, for every capacity that can be built, every kind and every
/// place: the least and the most online at the end of the horizon. A group whose least is above nothing is in every
/// good plan; one whose most is nothing is in none. Then `count` plans: half by hop–skip–jump (minimise what the plans
/// so far build), half in random directions.
///
/// Tables: `alternatives` (one row a group), `alternative_plans`, `alternative_builds`.
/// @errors of the operating system
Outcome<StudyReport> find_alternatives(const Compiled& compiled, const AlternativesOptions& options);

}  // namespace beltline
