// beltline pegging: which lot each use takes its units from.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace beltline {

struct PeggingArguments {
  std::string run_folder;
  std::string of;      // process, capacity, demand or good; "": an overview
  std::string month;   // "2027-03"; "": the whole horizon
  std::string output;  // file for the table; "": none
  bool up = false;
  bool down = false;
  bool all = false;
};

void add_pegging_options(CLI::App& command, PeggingArguments& arguments);
/// kExitUsage for a name that the run does not have, or a month outside it.
int command_pegging(const PeggingArguments& arguments, bool as_json);

}  // namespace beltline
