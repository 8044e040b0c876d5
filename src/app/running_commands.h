// Commands for a programme that runs: open, actuals, commitments, variance.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "run/actuals.h"
#include "run/pipeline.h"
#include "run/register.h"

namespace CLI {
class App;
}

namespace beltline {

using AddCommand = std::function<CLI::App*(const char*, const char*)>;

/// Adds them to the program; each sets `code`, an exit code, when it has run.
void add_running_commands(const AddCommand& add, const bool& as_json, int& code);

// One function a command, in the files *_command.cpp.
void add_open_command(const AddCommand& add, const bool& as_json, int& code);
void add_actuals_command(const AddCommand& add, const bool& as_json, int& code);
void add_commitments_command(const AddCommand& add, const bool& as_json, int& code);
void add_variance_command(const AddCommand& add, const bool& as_json, int& code);

/// "2026-06" or what to say instead: for CLI11's checks.
std::string check_month(const std::string& text);

/// The numbers of the register at `at`, as those of a scenario; nothing counted where `at` is "". Rows that the
/// scenario has no name for are told on standard error.
Outcome<Actuals> counted_at(const std::string& at, const Compiled& scenario);

}  // namespace beltline
