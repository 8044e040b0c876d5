// What only the ranges of a scenario move, besides what `uncertainty` and `shock` may name (model/chances.h).
#pragma once

#include "model/chances.h"

namespace beltline {

/// Delay: its lag; cost.
inline constexpr ChanceTarget kMoveTarget{3};
/// Limit: what it holds at first; yield: what is left of it after a period.
inline constexpr ChanceTarget kStoreTarget{4};

/// Intake and yield of a capacity: of its build flow, or of its stand flow, of this index.
inline constexpr int kBuildPart = 1000, kStandPart = 100'000;

}  // namespace beltline
