// The language of diagnostics: --lang, else the environment.
#pragma once

#include <CLI/CLI.hpp>

namespace beltline {

/// Adds --lang. What it says becomes BELTLINE_LANG, so that `diagnostic_language` has one place to look.
void add_language_option(CLI::App& app);

}  // namespace beltline
