// What Profiles holds.
#pragma once

#include <array>
#include <optional>

#include "perf/profile_table.h"

namespace beltline::perf {

struct Profiles::Tables {
  std::array<std::optional<ProfileTable>, kProfileOperatorCount> by_kind;

  [[nodiscard]] const ProfileTable* of(ProfileOperator kind) const {
    const auto& table = by_kind[static_cast<std::size_t>(kind)];
    return table ? &*table : nullptr;
  }
};

}  // namespace beltline::perf
