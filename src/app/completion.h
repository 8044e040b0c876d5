// Shell completion scripts, made from the commands themselves.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace beltline {

int command_completion(const CLI::App& app, const std::string& shell, bool as_json);

}  // namespace beltline
