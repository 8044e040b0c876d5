// What would have to change for two claims to agree.
#pragma once

#include <span>
#include <vector>

#include "audit/audit.h"

namespace beltline {

/// A row and a claim that disagree.
struct Disagreement {
  const Spec& spec;
  const Claim& claim;
  const ClaimBasis& basis;
  int split = -1;
  const Claim& other;
  std::span<const Line> lines;
  std::span<const Driver> drivers;  // of what the row implies
  double ratio = 1;                 // stated / implied
};

/// The row's window, its quantity, and the strongest lines of the scenario, each changed alone from its mode until the
/// row implies what the other claim states, all other lines at their modes.
///
/// A line is moved over what its key may hold, at most 100 times up or down; between the points of a grid the answer
/// is interpolated in logarithms.
/// @cost one bill over a grid of 401 points for each line
std::vector<AuditChange> find_changes(const Disagreement& d);

}  // namespace beltline
