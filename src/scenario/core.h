// The core sections: [scenario], [calendar], [money].
#pragma once

#include <optional>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "base/units.h"
#include "scenario/spec.h"

namespace beltline {

/// The calendar that [calendar] describes; nothing after reporting why.
/// @errors BL0104, BL0206
std::optional<Calendar> make_calendar(const Entry& entry, Diagnostics& diagnostics);

/// Adds the currencies of [money]: CUR of the base year, CURyyyy of each year with a rate, USDyyyy of each with a price
/// level.
///
/// 1 CURyyyy = 1 / rate[CUR, yyyy] · index[base] / index[yyyy]  real USD of the base year
///
/// @errors BL0108 a rate or index given twice, BL0115 a code, BL0206 a year without index
void add_currencies(const Entry& money, Units& units, Diagnostics& diagnostics);

}  // namespace beltline
