// Ranges that have no influence on the play: said, never passed over.
#pragma once

#include <string>
#include <vector>

#include "base/language.h"
#include "risk/play.h"
#include "risk/ranges.h"

namespace beltline {

/// Adds the sources that reach nothing of the play to the ranges that are not drawn.
/// @param is_reached  [source] as sources_in_reach has it
std::vector<IdleRange> idle_of(std::vector<IdleRange> ranges, const Play& play, const std::vector<char>& is_reached);

/// "the plan has kept it, and the play does not look at it".
std::string reason_words(IdleReason reason, Language language);

}  // namespace beltline
