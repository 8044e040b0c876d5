// The commands of studies as the command line has them: alternatives, pareto, sweep, tornado.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "app/options.h"

namespace beltline {

/// Adds the options of `plan` that are about branches, days and windows.
void add_plan_manner(CLI::App& plan, PlanManner& manner);

/// Adds the commands. `add` makes one with the options that every command has; what they return goes to `code`.
void add_study_commands(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json, int& code);

}  // namespace beltline
