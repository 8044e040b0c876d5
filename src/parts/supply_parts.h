// The generic supply chain: items, bills of materials, assemblies, suppliers, and who else wants the same.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// item, supplier, assembly, bill, bank, customer, in the order in which they compile: after the parts whose goods and
/// processes they name.
std::span<const Part> supply_parts();

}  // namespace beltline
