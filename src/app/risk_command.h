// `beltline risk RUN`: how likely a plan holds.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace beltline {

void add_risk_command(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json, int& code);

}  // namespace beltline
