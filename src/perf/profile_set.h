// What Profiles holds.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "perf/profile_table.h"

namespace beltline::perf {

struct Profiles::Tables {
  /// [kind] tables, those behind the first answer where it would have to extrapolate
  std::array<std::vector<ProfileTable>, kProfileOperatorCount> by_kind;

  [[nodiscard]] std::span<const ProfileTable> of(ProfileOperator kind) const {
    return by_kind[static_cast<std::size_t>(kind)];
  }
};

}  // namespace beltline::perf
