// Numbers of things in words: "1 period", "63 periods".
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace beltline {

/// @param plural  where adding an s does not make it: "processes"
template <std::integral Integer>
std::string counted(Integer count, std::string_view singular, std::string_view plural = {}) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural);
}

}  // namespace beltline
