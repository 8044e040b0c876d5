// beltline diff and beltline why: runs beside each other, and figures back to their sources.
#pragma once

#include <string>

namespace beltline {

struct DiffArguments {
  std::string a, b;  // run folders
  bool all = false;
};
int command_diff(const DiffArguments& arguments, bool as_json);

struct WhyArguments {
  std::string run_folder;
  std::string figure;
  bool all = false;
};
/// kExitUsage for a figure that the run does not have.
int command_why(const WhyArguments& arguments, bool as_json);

}  // namespace beltline
