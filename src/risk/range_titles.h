// Titles of what is drawn: "Lead time of power transformers from the United States" for
// equipment.transformer.supply[usa].lead.
#pragma once

#include "model/model.h"
#include "scenario/value_paths.h"

namespace beltline {

/// @param moved  what the range moves first, for entries that say nothing of themselves; null: nothing
Titles title_of_range(const Spec& spec, const Model& model, const ValuePlace& place, const Influence* moved);

/// Gives sources and shocks that the scenario has no title for one by what they move: "Delay of hulls at Geoje".
void title_the_untitled(const Model& model, Chances& chances);

}  // namespace beltline
