// The section opening: what a programme that runs already has when its plan begins.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// First period that is planned: that of `opens` in [calendar], 0 without it or with one that is refused.
int opening_period(const Spec& spec);

/// opening: compiled after everything it names. The model is cut to the planned periods by `compile` (model/later.h).
std::span<const Part> opening_parts();

/// Words for what the rows made: "HBM4 dies under way at Icheon".
void title_openings(Model& model);

}  // namespace beltline
