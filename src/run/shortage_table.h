// shortages, changes: why a scenario cannot be planned, and what would make it so, as tables.
#pragma once

#include "run/remedy.h"

namespace beltline {

/// One row a requirement that is missed: what, where, when, how much, and what it waits for.
Table shortages_table(const Spec& spec, const Model& model, const Shortages& shortages);
/// One row a value to change; the rows of one remedy belong together.
Table changes_table(const std::vector<Remedy>& remedies);

}  // namespace beltline
