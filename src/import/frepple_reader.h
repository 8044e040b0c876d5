// The XML of a frePPLe model, element by element.
#pragma once

#include <optional>

#include "import/frepple_model.h"
#include "import/frepple_xml.h"

namespace beltline::frepple {

/// What the file describes. Fields may be attributes or elements, and what is named inside another may be described
/// there; a later description adds to an earlier one, as frePPLe has it.
/// @errors BL0101 a field that frePPLe does not have here; BL0102 something without a name; BL0023 values that are no
///         number, date or duration; BL0104 negative ones; BL0110 an unknown kind; BL0301 what a plan depends on and a
///         scenario cannot hold. All of them
std::optional<FreppleModel> read_model(const XmlDocument& document, Diagnostics& diagnostics);

}  // namespace beltline::frepple
