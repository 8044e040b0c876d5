// What a frePPLe model must have to be taken apart into jobs.
#pragma once

#include <string>

#include "import/frepple_network.h"

namespace beltline::frepple {

/// Gives operations their names and kinds, and tells what nobody describes.
/// @errors BL0109 names that nothing describes; what is not named at all. All of them
void check_names(FreppleModel& model, Diagnostics& diagnostics);

/// @errors BL0203 a good that is made of itself: the first found
/// @cost O(flows)
void check_loops(const Network& network, Diagnostics& diagnostics);

void add_missing(const Origin& origin, std::string message, Diagnostics& diagnostics);

}  // namespace beltline::frepple
