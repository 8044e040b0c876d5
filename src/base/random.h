// Random draws as pure functions of their coordinates, so that results do not depend on the number of threads.
#pragma once

#include <array>
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
/// The 128 random bits of a key, for those who want bits.
std::array<uint32_t, 4> random_words(const DrawKey& key);

}  // namespace beltline
