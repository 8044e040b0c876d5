// The table of data/efficiency, put into the program when it is built (cmake/Embed.cmake).
#pragma once

#include <string_view>

namespace beltline {

/// data/efficiency/kernels.csv
std::string_view kernel_efficiencies_text();

}  // namespace beltline
