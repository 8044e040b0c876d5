// The models of traffic in data/traffic, as they were when the program was built.
#pragma once

#include <string_view>

namespace beltline {

std::string_view traffic_korea_day_text();
std::string_view traffic_chat_text();
std::string_view traffic_reasoning_text();

}  // namespace beltline
