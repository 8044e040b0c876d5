// Names that refer to entries.
#pragma once

#include "base/diagnostic.h"
#include "scenario/spec.h"

namespace beltline {

/// Checks every reference of every entry, records too, against the names in the sections it may point to.
/// @errors BL0109 with the nearest name
void check_references(const Spec& spec, Diagnostics& diagnostics);

/// Sorts each section by name and keeps the first, by place, of entries with one name.
/// @errors BL0108
void sort_entries(Spec& spec, const SourceFiles& files, Diagnostics& diagnostics);

}  // namespace beltline
