// What a deployment must fulfil before its steps can be costed.
#pragma once

#include "base/diagnostic.h"
#include "perf/deployment.h"

namespace beltline::perf {

/// All faults of a deployment at once: an unknown engine or generation, numbers that the chip does not compute in, a
/// split that does not divide the model or that counts accelerators two ways, a model that does not fit.
void check(const Deployment& deployment, Diagnostics& diagnostics);

}  // namespace beltline::perf
