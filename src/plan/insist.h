// What insisting on something that has no price would cost, and what it would run into.
#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include "plan/cause.h"

namespace beltline {

/// The columns that one term adds up in period t, with their coefficients; what exists besides is left out.
std::vector<std::pair<int32_t, double>> columns_of(const Model& model, const Layout& layout, const Term& term, int t);

/// A relaxation with a requirement more.
struct Insisted {
  Relaxation relaxation;  // solved with it; where it cannot be met, for as little of it missing as can be, at no cost
  int32_t row = -1;       // the requirement's
  bool can_be_met = false;
  double cost_usd = 0;  // discounted, that meeting it adds; 0 where it cannot be met, NaN where that was not found
};

/// The LP with Σ terms ≥ `amount` in period t, begun from the basis it has.
///
/// What is missing of it has a price: ten times all that the plan is worth, spread over the amount. Where something is
/// missing even so, the least that must be missing is looked for at no cost of anything else. If that is nothing, the
/// price was too low and is raised.
///
/// @errors the operating system's
/// @cost   one solve where it can be met, mostly two where it cannot
Outcome<Insisted> insist(const Relaxation& relaxation, const std::vector<Term>& terms, int t, double amount,
                         const std::atomic<bool>* cancel);

}  // namespace beltline
