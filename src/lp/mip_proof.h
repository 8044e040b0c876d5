// A bound on a mixed-integer problem that is no solver's word: a tree whose leaves are proved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lp/judge.h"

namespace beltline::lp {

struct MipProof {
  double bound = -kInf;        // no point with whole integers costs less, whatever any solver says
  bool reached = false;        // the bound is `target` at least
  std::vector<double> better;  // [column] a point with whole integers that costs less than `target`, or empty
  int64_t solve_count = 0;     // LPs solved
  std::string detail;          // where the target is not reached: why
};

struct MipProofLimits {
  double seconds_max = kInf;
  int64_t solve_max = 50'000;
};

/// Branch and bound in which nothing is believed: a solver proposes duals and rays for each box of the integers, and
/// the box is closed by the safe bound (lp/certificate.h) that they have, or by Farkas' lemma. The boxes cover all
/// whole numbers by construction. Where costs are whole, so is what a whole point costs.
///
/// Depth first, with reliability branching (Achterberg, Koch and Martin 2005, Oper. Res. Lett. 33:42–54).
///
/// @param target    what is to be proved, at most the cost of a known point
/// @param cost_max  a little more than the cost of a known point
/// @errors the operating system's
/// @cost  one warm LP a box, and O(nonzeros) to prove it
Outcome<MipProof> prove_mip_bound(const Session& session, double target, double cost_max, const MipProofLimits& limits);

}  // namespace beltline::lp
