// Good dies of a wafer, and dies begun for each good stack, as numbers with their ranges.
#pragma once

#include "audit/reading.h"

namespace beltline {

/// Known good dies of one wafer: the formulas of parts/product.h and die_yield.h. What changes by the month counts with
/// its mean over the months that are read.
Ranged good_dies(const Read& read, const Entry& product);

/// Dies begun for each good stack: dies / (passed + (1 − passed) · rework share · rework yield), parts/stack.h.
Ranged dies_per_stack(const Read& read, const Entry& stack);

}  // namespace beltline
