// `beltline serving RUN|FLEET --traffic FILE|MODEL`: a fleet through a day of requests.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace beltline {

void add_serving_command(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json, int& code);

}  // namespace beltline
