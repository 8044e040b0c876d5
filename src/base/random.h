// Random draws as pure functions of their coordinates, so that results do not depend on the number of threads.
#pragma once

#include <cstdint>

namespace beltline {

struct DrawKey {
  uint64_t seed = 0;
  uint32_t replication = 0;
  uint32_t source = 0;
  uint32_t period = 0;
};

/// Uniform in (0, 1), Philox 4x32-10 (Salmon et al. 2011, Random123).
double uniform01(const DrawKey& key);

}  // namespace beltline
