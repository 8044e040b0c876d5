// A run as one self-contained HTML page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

struct ReportOptions {
  std::string language;              // "en" or "ko"; "": as the reader's browser
  std::size_t size_max = 3'000'000;  // bytes of the whole page
  std::string runs_json = "[]";      // which runs its tables are of (report/joined_runs.h)
};

/// One HTML page with its script, style and data; it works from a file and asks no network.
///
/// @param manifest_json  of the run, as verify_run returns it
/// @param tables         of the run; the page shows what it finds and leaves out the sections whose tables are absent.
///                       From the smallest on they go in, those that are drawn before those that are only offered;
///                       what is beyond `size_max` is named in the page. `dispatch` and `activity` stay out. Large
///                       tables are packed (gzip, base64).
/// @errors  a manifest that is no JSON object; runs that are no JSON array; no room for any data
/// @cost    O(cells); about twice the page's size in memory
Outcome<std::string> report_html(std::string_view manifest_json, const std::vector<Table>& tables,
                                 const ReportOptions& options = {});

}  // namespace beltline
