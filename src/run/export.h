// Scenarios in the formats of other tools.
#pragma once

#include <string>

#include "run/pipeline.h"

namespace beltline {

/// The scenario's LP as free MPS (plan/mps.h). `compiled` has a model.
Outcome<std::string> export_mps(const Compiled& compiled);

}  // namespace beltline
