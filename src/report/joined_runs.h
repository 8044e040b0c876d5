// Runs of one scenario that go into one page: a plan, and what studies of it found.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

struct ReportRun {
  std::string name;           // what messages and the page call it: its folder
  std::string manifest_json;  // as verify_run returns it
  std::vector<Table> tables;
};

struct JoinedRuns {
  std::string manifest_json;  // of the plan; where none is among them, of the first
  std::string runs_json;      // an array: of each run "run", "study" ("": a plan), "set", "facts" and its "tables"
  std::vector<Table> tables;  // of all, each name once
};

/// One page's worth of runs: at most one of them is a plan, all are of one scenario.
///
/// @param runs  at least one; the plan may stand anywhere
/// @errors  a manifest that is no JSON object; another scenario, which its SHA-256 tells; a second plan; a table that
///          two runs have and that differs
/// @cost    O(cells) of tables that two runs have
Outcome<JoinedRuns> join_runs(std::vector<ReportRun> runs);

}  // namespace beltline
