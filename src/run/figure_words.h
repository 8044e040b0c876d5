// Names of the table `summary` in words, and how each figure is computed.
#pragma once

#include <string>
#include <string_view>

#include "scenario/spec.h"

namespace beltline {

/// "it_power_ulsan_2027" → "IT power of SK AI Data Center Ulsan at the end of 2027"; the name with blanks for one that
/// is not known.
std::string figure_title(const Spec& spec, std::string_view name);

/// How a figure is computed, in words; "" for one that is not known.
std::string figure_formula(const Spec& spec, std::string_view name);

/// What a figure is about: the whole programme, one site, rack or year of it, or what follows from it for a country or
/// its seats.
enum class FigureScope { whole, one_of_many, consequence };
FigureScope figure_scope(std::string_view name);

}  // namespace beltline
