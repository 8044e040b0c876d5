// fab_lines: lines of a fab that start one product, and their conversion to another.
//
//     starts[p,t] / months ≤ line[p,t] · share[t]  −  Σ_{conversions from p} (lost · left[t] + (1 − lost) · back[t])
//                                                  +  Σ_{conversions to p} back[t]
//     left[t] = converted up to t,   back[t] = left[t − downtime]
//
// A line's room is a good of the month, fab_line_PRODUCT_FAB: the capacity fab_line_PRODUCT@FAB offers it, starts take
// of it, and so does what is converted. So a play of the plan has it too, with all that may come otherwise. Of all
// customers together it is shared_fab_line_PRODUCT_FAB.
//
// So a conversion loses the share `lost` of what is converted during its downtime; what is not lost goes on with the
// old product until then. A product without a line has whatever the fab has.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// Keys of one record of `lines`, and of `conversions`.
extern const std::array<Attribute, 2> kLineFields;
extern const std::array<Attribute, 7> kConversionFields;

/// Checks lines and conversions, and adds the programme's lines and the capacities `convert_{from}_{to}@{fab}` (back on
/// line) and `leave_{from}_{to}@{fab}` (taken off). The fab's processes must be there.
void add_fab_lines(const Compile& c, const Entry& fab);

/// A line like that of the programme, but for all that is started of the product at the fab and its whole line; nothing
/// where the product has no line.
void add_shared_line(const Compile& c, const Entry& fab, const std::string& product,
                     const std::vector<ProcessId>& starts);

}  // namespace beltline
