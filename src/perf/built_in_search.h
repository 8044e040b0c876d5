// Searches over the built-in catalogue, each made once.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "base/diagnostic.h"
#include "perf/search.h"

namespace beltline::perf {

/// RackSearch::make of a model and a rack by their names in the built-in catalogue, without profiles. The same question
/// gets the same search for as long as few others are asked, so that whoever compiles a scenario hundreds of times pays
/// once. Many threads may ask at a time.
///
/// @errors an unknown model or rack, with the nearest name; those of RackSearch::make
std::expected<std::shared_ptr<const RackSearch>, Diagnostics> built_in_search(const std::string& model,
                                                                              const std::string& rack,
                                                                              std::optional<Precision> precision,
                                                                              const std::string& engine);

}  // namespace beltline::perf
