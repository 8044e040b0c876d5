// allocation: who of several customers at one node gets a good that is short.
//
//     value       whoever loses most without it: the objective's own choice, no rows
//     pro_rata    unserved_d / wanted_d is the same for all d, in each period
//     priority    unserved of a class > 0 only if all later classes get nothing:
//                   served of the later class ≤ wanted · g[t],   unserved of the earlier ≤ wanted · (1 − g[t])
//
// g is a choice of order_rules.h, one a period and pair of classes that follow each other; so priority makes whole
// numbers, the others none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// A customer's demand at a node.
struct Ask {
  DemandId demand;
  int64_t priority = 1;  // the lowest is served first
};

/// Rows of the rule, named `allocation_{name}…`.
/// @param rule  value, priority or pro_rata
void allocate(const Compile& c, std::string_view rule, const std::vector<Ask>& claims, const std::string& name,
              const Provenance& provenance);

}  // namespace beltline
