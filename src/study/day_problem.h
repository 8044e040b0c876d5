// The LP of a long chronology, folded onto representative days.
#pragma once

#include <string>
#include <vector>

#include "lp/problem.h"
#include "plan/layout.h"
#include "study/days.h"

namespace beltline {

/// A folded LP and where the columns of the whole are in it.
struct FoldedProblem {
  lp::Problem problem;
  std::vector<int32_t> column;  // [column of the whole] column of the folded problem
  bool is_bound = true;         // of fold_for_bound: whether its optimum is no more than the whole's
  std::string why_not;
};

/// What to plan on: all days run as the chosen day that they belong to.
///
/// What happens in a slice of a day is one column with the same slice of its chosen day, and costs what it costs on all
/// of them together. Of rows by slice those of the chosen days stay. Levels of stores stay as they are, slice by slice
/// through all days in their order, so that what is charged in summer is there in winter: the levels of Kotzur et al.
/// 2018 (Applied Energy 213:123–135), with every slice's bounds instead of the days' least and most.
FoldedProblem fold_for_plan(const lp::Problem& whole, const Layout& layout, const Days& days);

/// What proves how good a plan can be: a relaxation whose optimum is no more than the whole's.
///
/// Every row by slice is the mean over the days that belong to one chosen day, every column the mean of theirs: a plan
/// of the whole, averaged so, satisfies them (Zipkin 1980, Oper. Res. 28:1450–1453; Teichgraeber & Brandt 2019, Applied
/// Energy 239:1283–1293). Costs are the least of these days. What a row has of another day (the level at the day's
/// beginning, what was sent before midnight) is a mean of its own, tied to the others by its sum over all days.
///
/// Rows whose coefficients of by-slice columns differ between the days of one group have no such mean; where dropping
/// them does no harm to the proof they are dropped.
FoldedProblem fold_for_bound(const lp::Problem& whole, const Layout& layout, const Days& days);

}  // namespace beltline
