#include "base/random.h"

namespace beltline {
namespace {

/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, uint32_t key0, uint32_t key1) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53;
  constexpr uint64_t kMultiplier1 = 0xCD9E8D57;
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0];
    const uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)};
    key0 += 0x9E3779B9;  // the golden ratio and the square root of 3, as Weyl sequences
    key1 += 0xBB67AE85;
  }
  return counter;
}

}  // namespace

std::array<uint32_t, 4> random_words(const DrawKey& key) {
  return philox({key.replication, key.source, key.period, 0}, static_cast<uint32_t>(key.seed),
                static_cast<uint32_t>(key.seed >> 32));
}

double uniform01(const DrawKey& key) {
  const auto words = random_words(key);
  // 52 bits and a half: never 0 and never 1, as the inverse of a distribution function needs
  const uint64_t bits = ((static_cast<uint64_t>(words[1]) << 32) | words[0]) >> 12;
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

}  // namespace beltline
