// What the parts' entities are called in a sentence: "data halls at SK AI Data Center Ulsan" for hall@ulsan.
#pragma once

#include <string_view>

#include "model/model.h"
#include "scenario/spec.h"

namespace beltline {

/// Fills the Titles of every entity, from its name (families of names are this room's own, parts/titles.cpp has them in
/// one table) and the titles of the scenario's entries. What has no Korean title stands in the Korean as it is.
void add_titles(const Spec& spec, Model& model);

/// Titles of an entry as they stand inside a sentence; empty where it has none, or is not there.
Titles titles_of_entry(const Spec& spec, std::string_view section, std::string_view name);

}  // namespace beltline
