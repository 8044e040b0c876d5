// What the parts' entities are called in a sentence: "hall at SK AI Data Center Ulsan" for hall@ulsan.
#pragma once

#include "model/model.h"
#include "scenario/spec.h"

namespace beltline {

/// Fills the Titles of every entity, from its name (families of names are this room's own, parts/titles.cpp has them in
/// one table) and the titles of the scenario's entries. Korean where every title that goes into it has its Korean.
void add_titles(const Spec& spec, Model& model);

}  // namespace beltline
