// The language that the program speaks: --lang, else the environment.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace beltline {

/// Adds --lang. What it says becomes BELTLINE_LANG, so that `output_language` has one place to look.
void add_language_option(CLI::App& app);

/// What --lang or BELTLINE_LANG says: "en", "ko", or "" where neither does.
std::string asked_language();

}  // namespace beltline
