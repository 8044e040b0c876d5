#include "risk/sobol.h"

#include <algorithm>
#include <array>
#include <bit>

#include <boost/random/sobol.hpp>

#include "base/assert.h"
#include "base/random.h"
#include "base/random_row.h"

namespace beltline {
namespace {

/// Bits of the scrambling tree: periods of draws count from below, so its words have the upper half.
constexpr uint32_t kTreePeriod = 0x8000'0000;
constexpr double kBelowOne = 1 - 0x1p-53;

/// The random bits of one block's tree: node 1 flips the first digit, nodes 2 and 3 the second of points that began
/// with 0 and with 1, and so on.
using Tree = std::array<uint32_t, SobolBlocks::kBlockSizeMax / 32>;

void draw_tree(const SobolKey& key, uint32_t block, uint32_t node_count, Tree& tree) {
  for (uint32_t word = 0; word * 32 < node_count; word += 4) {
    const auto bits =
        random_words({.seed = key.seed, .replication = block, .source = key.source, .period = kTreePeriod + word / 4});
    std::ranges::copy(bits, tree.begin() + word);
  }
}

/// Digits of `x`, each flipped by the bit of the node that the digits before it lead to.
uint32_t scrambled(uint32_t x, int digit_count, const Tree& tree) {
  uint32_t out = 0, node = 1;
  for (int digit = digit_count - 1; digit >= 0; --digit) {
    const uint32_t bit = (x >> digit) & 1;
    out = out << 1 | (bit ^ ((tree[node >> 5] >> (node & 31)) & 1));
    node = node << 1 | bit;
  }
  return out;
}

}  // namespace

std::size_t SobolBlocks::dimension_max() {
  return boost::random::default_sobol_table::max_dimension;
}

SobolBlocks::SobolBlocks(std::size_t dimension_count, uint32_t block_size)
    : dimension_count_(dimension_count),
      block_size_(block_size),
      digit_count_(std::bit_width(block_size) - 1),
      directions_(dimension_count * static_cast<std::size_t>(digit_count_)) {
  ASSERT(dimension_count <= dimension_max());
  ASSERT(std::has_single_bit(block_size) && block_size <= kBlockSizeMax);
  if (dimension_count == 0 || digit_count_ == 0) return;
  // In Gray code, point 2ᵏ is the sum of direction numbers k and k − 1; the engine counts from the point after 0.
  boost::random::sobol_engine<uint32_t, 32> engine(dimension_count);
  const auto digits = static_cast<std::size_t>(digit_count_);
  for (std::size_t k = 0; k < digits; ++k) {
    engine.seed((uint32_t{1} << k) - 1);
    for (std::size_t d = 0; d < dimension_count; ++d) {
      const uint32_t before = k == 0 ? 0 : directions_[d * digits + k - 1];
      directions_[d * digits + k] = (engine() >> (32 - digit_count_)) ^ before;
    }
  }
}

void SobolBlocks::points(const SobolKey& key, uint32_t first, std::span<double> out) const {
  while (!out.empty()) {
    const uint32_t begin = first % block_size_;
    const std::size_t count = std::min<std::size_t>(out.size(), block_size_ - begin);
    part_of_block(key, first / block_size_, begin, out.first(count));
    out = out.subspan(count);
    first += static_cast<uint32_t>(count);
  }
}

void SobolBlocks::part_of_block(const SobolKey& key, uint32_t block, uint32_t begin, std::span<double> out) const {
  ASSERT(key.dimension < dimension_count_);
  Tree tree;
  draw_tree(key, block, block_size_, tree);
  const std::span<const uint32_t> directions =
      std::span(directions_)
          .subspan(key.dimension * static_cast<std::size_t>(digit_count_), static_cast<std::size_t>(digit_count_));
  // point i is the sum of the direction numbers of the bits of i's Gray code: from one to the next, one bit changes
  uint32_t x = 0;
  for (uint32_t code = begin ^ (begin >> 1); code != 0; code &= code - 1) x ^= directions[std::countr_zero(code)];
  const double width = 1.0 / block_size_;
  uniform01_row({.seed = key.seed, .replication = block * block_size_ + begin, .source = key.source}, out);
  for (std::size_t lane = 0; lane < out.size(); ++lane) {
    const uint32_t index = begin + static_cast<uint32_t>(lane);
    // the sum may round up to the next cell, of which 1 has none
    out[lane] = std::min((scrambled(x, digit_count_, tree) + out[lane]) * width, kBelowOne);
    if (index + 1 < block_size_) x ^= directions[std::countr_zero(index + 1)];
  }
}

}  // namespace beltline
