// Strong indices: a SiteId is never mistaken for a ProcessId.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace beltline {

/// Index of one entity in its array. A default-made id refers to nothing.
template <class Tag>
struct Id {
  int32_t value = -1;

  constexpr Id() = default;
  constexpr explicit Id(int32_t v) : value(v) {}
  constexpr explicit Id(std::size_t v) : value(static_cast<int32_t>(v)) {}

  [[nodiscard]] constexpr bool valid() const { return value >= 0; }
  [[nodiscard]] constexpr std::size_t index() const { return static_cast<std::size_t>(value); }
  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace beltline

template <class Tag>
struct std::hash<beltline::Id<Tag>> {
  std::size_t operator()(beltline::Id<Tag> id) const noexcept { return std::hash<int32_t>{}(id.value); }
};
