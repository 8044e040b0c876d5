// Blocks of keys and values: who may take some, and what of finished prompts still lies in them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace beltline::serving {

/// The blocks of one replica. Free blocks stand in one queue, as in vLLM: what was freed longest ago is taken first, be
/// it empty or a unit of some prompt that could still be found. A unit is found by the hash of itself and all before
/// it.
///
/// @cost  O(1) for a call without prefixes; else O(units). Nothing is allocated after the first unit
class BlockPool {
 public:
  /// All blocks free and empty. @param unit_blocks  blocks of one cached unit; 0: prefixes are not cached
  void reset(int64_t blocks, int32_t unit_blocks);

  [[nodiscard]] int64_t total() const { return total_; }
  [[nodiscard]] int64_t available() const { return available_; }
  [[nodiscard]] int32_t unit_blocks() const { return unit_blocks_; }
  /// count ≤ available.
  void take(int64_t count);
  void give(int64_t count);

  /// Units at the start of `prefix` that are in the cache.
  [[nodiscard]] int32_t match(std::span<const uint64_t> prefix) const;
  /// Of the first `units`, which are in the cache: those that nobody holds, and that stand among the free blocks.
  [[nodiscard]] int32_t idle_units(std::span<const uint64_t> prefix, int32_t units) const;
  /// Holds a unit that is in the cache.
  void hold(uint64_t hash);
  /// The caller's own blocks of a unit that it computed become the cache's, held once by the caller. Where the unit is
  /// there already, the caller's blocks are freed and it holds the others: vLLM keeps both until one is freed.
  void publish(uint64_t hash);
  void release(uint64_t hash);
  /// Units that somebody holds, and how often they are held, over all. O(units).
  [[nodiscard]] int64_t held_units() const;
  [[nodiscard]] int64_t holds() const;

 private:
  struct Unit {
    uint64_t hash = 0;
    int32_t holders = 0;
    int32_t before = -1, after = -1;  // in the queue of free blocks, where nobody holds it
    int64_t empty = 0;                // blocks; > 0: no unit but so many empty blocks in a row
  };

  [[nodiscard]] int32_t find(uint64_t hash) const;
  [[nodiscard]] std::size_t home(uint64_t hash) const;
  void enter(int32_t unit);
  void erase(uint64_t hash);
  int32_t make();
  void append(int32_t unit);
  void unlink(int32_t unit);

  int64_t total_ = 0, available_ = 0;
  int32_t unit_blocks_ = 0;
  std::vector<Unit> units_;
  std::vector<int32_t> unused_;  // of units_
  std::vector<int32_t> table_;   // open addressing by hash, −1: empty
  int32_t head_ = -1, tail_ = -1;
};

}  // namespace beltline::serving
