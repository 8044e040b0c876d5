// Sobol points, scrambled: even coverage of many dimensions, and still an unbiased estimate with an honest error.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace beltline {

/// Which points of which scramble.
struct SobolKey {
  uint64_t seed = 0;
  uint32_t source = 0;  // whose random bits scramble
  std::size_t dimension = 0;
};

/// Blocks of Sobol points (Joe & Kuo 2008, SIAM J. Sci. Comput. 30:2635), each with Owen's nested uniform scrambling
/// (Owen 1995, Lect. Notes Stat. 106:299) of its own, so that blocks are independent of each other.
///
/// A block of 2ᵐ points puts exactly one into each of 2ᵐ equal cells of a dimension. Below the first m digits each
/// point is therefore alone in its branch of the nested permutations, and its further digits are plain random ones:
/// scrambling the first m digits by a tree of random bits and adding a uniform draw is exact, not an approximation.
class SobolBlocks {
 public:
  /// Dimensions that direction numbers are known for.
  static std::size_t dimension_max();
  static constexpr uint32_t kBlockSizeMax = 1U << 16;

  /// @param dimension_count  ≤ dimension_max()
  /// @param block_size       a power of two, 1 … kBlockSizeMax
  SobolBlocks(std::size_t dimension_count, uint32_t block_size);

  [[nodiscard]] std::size_t dimension_count() const { return dimension_count_; }
  /// @param out  [point] in (0, 1): replications first … first + out.size() − 1, whose block is replication /
  ///             block_size
  /// @cost about 30 ns a point, and 10 ns for every 128 points of each block touched; no allocation
  void points(const SobolKey& key, uint32_t first, std::span<double> out) const;

 private:
  /// The points of one block from `begin` on.
  void part_of_block(const SobolKey& key, uint32_t block, uint32_t begin, std::span<double> out) const;

  std::size_t dimension_count_;
  uint32_t block_size_;
  int digit_count_;                   // m
  std::vector<uint32_t> directions_;  // [dimension, digit] m bits, the first digit the highest
};

}  // namespace beltline
