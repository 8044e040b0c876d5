// The same model with one slice a period: the calendar on which whole modules are decided.
#pragma once

#include "model/model.h"

namespace beltline {

/// Every series is averaged over its period by hours; everything else is kept, so that orders and moves have the same
/// columns as in the fine model. A coarse plan's builds are good builds for the fine model wherever slices matter
/// little beside months; the fine model then prices and verifies them.
Model coarsen(const Model& model);

}  // namespace beltline
