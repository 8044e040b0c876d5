// beltline desk: the support desks of a run by hour of the week.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace beltline {

struct DeskArguments {
  std::string run_folder, month;
};

void add_desk_options(CLI::App& command, DeskArguments& arguments);
int command_desk(const DeskArguments& arguments, bool as_json);

}  // namespace beltline
