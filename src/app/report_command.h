// beltline report: a run as one HTML page.
#pragma once

#include <string>
#include <vector>

namespace beltline {

struct ReportArguments {
  std::string run_folder;
  std::vector<std::string> further;  // run folders of the same scenario whose tables go into the same page
  std::string output;                // "": beside the run folder, NAME.html
  std::string language;              // "en", "ko"; "": as the reader's browser
  std::string register_at = {};      // of actuals; "": nothing was counted
};

int command_report(const ReportArguments& arguments, bool as_json);

}  // namespace beltline
