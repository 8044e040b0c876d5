// stack: known good dies, stacked on a base die and tested, become one HBM stack.
//
//     passed = layer_yield ^ dies · test_yield
//     yield  = passed + (1 − passed) · rework_share · rework_yield
//     stack[t + lag] = starts[t],    dies[t] = starts[t] · dies_per_stack / yield
//
// A stack of n dies on a base die has n bonds. 0.99 a bond gives 0.92 for 8 and 0.89 for 12 dies, as SemiAnalysis has
// it. The activity counts good stacks, so that prices and stacks per accelerator are those of good stacks.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kStackSection;

/// Good stacks over stacks begun, in period t, those that rework recovers among them.
double stack_yield(const Calendar& calendar, const Entry& stack, int t);

/// Known good dies that one good stack takes, in period t: dies / yield.
double dies_per_good_stack(const Calendar& calendar, const Entry& stack, int t);

/// Whether the scenario makes the stack (it has lines), or it is bought.
bool is_made(const Entry& stack);

/// Where packaging takes the stacks: `delivers_to`, else the only place of packaging.
PlaceId stack_place(const Compile& c, const Entry& stack);

/// Processes `stack_{stack}@{place}` and the measures of HBM stacks.
void compile_stacks(const Compile& c);

}  // namespace beltline
