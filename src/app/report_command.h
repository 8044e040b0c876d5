// beltline report: a run as one HTML page.
#pragma once

#include <string>

namespace beltline {

struct ReportArguments {
  std::string run_folder;
  std::string output;            // "": beside the run folder, NAME.html
  std::string language;          // "en", "ko"; "": as the reader's browser
  std::string register_at = {};  // of actuals; "": nothing was counted
};

int command_report(const ReportArguments& arguments, bool as_json);

}  // namespace beltline
