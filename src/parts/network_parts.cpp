#include "parts/network_parts.h"

#include <array>

namespace beltline {

std::span<const Part> network_basic_parts() {
  static const std::array parts{
      Part{&kCommoditySection, compile_commodities},
      Part{&kPlaceSection, compile_places},
      Part{&kPartySection, compile_parties},
      Part{&kObjectiveSection, compile_objective},
  };
  return parts;
}

std::span<const Part> network_parts() {
  // capacities before the processes that run on them, rows over both last
  static const std::array parts{
      Part{&kCapacitySection, compile_capacities}, Part{&kProcessSection, compile_processes},
      Part{&kLineSection, compile_lines},          Part{&kStoreSection, compile_stores},
      Part{&kDemandSection, compile_demands},      Part{&kMoveSection, compile_moves},
      Part{&kLimitSection, compile_limits},        Part{&kTargetSection, compile_targets},
      Part{&kNMinus1Section, compile_n_minus_1},   Part{&kCommitmentSection, compile_commitments},
      Part{&kBudgetSection, compile_budgets},      Part{&kMeasureSection, compile_measures},
  };
  return parts;
}

}  // namespace beltline
