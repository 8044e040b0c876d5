// What `beltline explain` says of a run, from its tables.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "table/table.h"

namespace beltline {

struct ExplainOptions {
  Language language = Language::english;
  std::string month;  // "2027-03": only what is late or binds then; empty: the whole horizon
  bool all = false;   // everything, instead of what fits one screen
};

/// For people: what is late or missing and what it waits for, then what binds and what one more is worth.
///
/// @param manifest_json  of the run
/// @param tables         worth, late, late_chain (of a plan), names (Korean titles), shortages, changes (of an
/// infeasible
///                       scenario); others are not looked at
std::string explain_text(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options);
/// The same as one JSON object: {"termination", "late": […], "binding": […], "shortages": […], "changes": […]}.
std::string explain_json(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options);

}  // namespace beltline
