// The tables of data/models and data/accelerators, put into the program when it is built (cmake/Embed.cmake).
#pragma once

#include <string_view>

namespace beltline {

/// data/models/models.csv
std::string_view catalogue_models_text();
/// data/accelerators/accelerators.csv
std::string_view catalogue_accelerators_text();
/// data/accelerators/racks.csv
std::string_view catalogue_racks_text();

}  // namespace beltline
