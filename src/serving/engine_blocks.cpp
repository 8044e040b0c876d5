#include "serving/engine_blocks.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace beltline::serving {

void BlockPool::reset(int64_t blocks, int32_t unit_blocks) {
  total_ = available_ = blocks;
  unit_blocks_ = unit_blocks;
  head_ = tail_ = -1;
  units_.clear();
  unused_.clear();
  table_.clear();
  if (unit_blocks == 0) return;
  // a stretch of empty blocks lies between two units at most, and one at each end
  const std::size_t units_max = static_cast<std::size_t>(blocks / unit_blocks);
  units_.reserve(2 * units_max + 2);
  unused_.reserve(2 * units_max + 2);
  const int32_t unit = make();
  units_[unit].empty = blocks;
  append(unit);
}

std::size_t BlockPool::home(uint64_t hash) const {
  return static_cast<std::size_t>((hash * 0x9E3779B97F4A7C15u) >> 20) & (table_.size() - 1);
}

int32_t BlockPool::find(uint64_t hash) const {
  if (table_.empty()) return -1;
  for (std::size_t at = home(hash); table_[at] >= 0; at = (at + 1) & (table_.size() - 1)) {
    if (units_[table_[at]].hash == hash) return table_[at];
  }
  return -1;
}

void BlockPool::enter(int32_t unit) {
  // made with the first unit: many replicas never have one
  if (table_.empty()) table_.assign(std::bit_ceil(2 * static_cast<std::size_t>(total_ / unit_blocks_) + 2), -1);
  std::size_t at = home(units_[unit].hash);
  while (table_[at] >= 0) at = (at + 1) & (table_.size() - 1);
  table_[at] = unit;
}

// Moves later entries of the same stretch back, so that no search stops short of what it looks for.
void BlockPool::erase(uint64_t hash) {
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = home(hash);
  while (units_[table_[hole]].hash != hash) hole = (hole + 1) & mask;
  for (std::size_t at = (hole + 1) & mask; table_[at] >= 0; at = (at + 1) & mask) {
    const std::size_t wanted = home(units_[table_[at]].hash);
    if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
    table_[hole] = table_[at];
    hole = at;
  }
  table_[hole] = -1;
}

int32_t BlockPool::make() {
  if (unused_.empty()) {
    units_.emplace_back();
    return static_cast<int32_t>(units_.size() - 1);
  }
  const int32_t unit = unused_.back();
  unused_.pop_back();
  units_[unit] = Unit{};
  return unit;
}

void BlockPool::append(int32_t unit) {
  units_[unit].before = tail_;
  units_[unit].after = -1;
  (tail_ < 0 ? head_ : units_[tail_].after) = unit;
  tail_ = unit;
}

void BlockPool::unlink(int32_t unit) {
  const Unit& it = units_[unit];
  (it.before < 0 ? head_ : units_[it.before].after) = it.after;
  (it.after < 0 ? tail_ : units_[it.after].before) = it.before;
}

void BlockPool::take(int64_t count) {
  ASSERT(count >= 0 && count <= available_);
  available_ -= count;
  if (unit_blocks_ == 0) return;
  while (count > 0) {
    Unit& first = units_[head_];
    if (first.empty == 0) {  // the unit that was freed longest ago is forgotten
      erase(first.hash);
      first.empty = unit_blocks_;
    }
    const int64_t taken = std::min(count, first.empty);
    first.empty -= taken;
    count -= taken;
    if (first.empty > 0) return;
    const int32_t gone = head_;
    unlink(gone);
    unused_.push_back(gone);
  }
}

void BlockPool::give(int64_t count) {
  ASSERT(count >= 0);
  if (count == 0) return;
  available_ += count;
  if (unit_blocks_ == 0) return;
  if (tail_ < 0 || units_[tail_].empty == 0) append(make());
  units_[tail_].empty += count;
}

int32_t BlockPool::match(std::span<const uint64_t> prefix) const {
  if (unit_blocks_ == 0) return 0;
  int32_t units = 0;
  for (const uint64_t hash : prefix) {
    if (find(hash) < 0) break;
    ++units;
  }
  return units;
}

int32_t BlockPool::idle_units(std::span<const uint64_t> prefix, int32_t units) const {
  int32_t idle = 0;
  for (int32_t at = 0; at < units; ++at) idle += units_[find(prefix[at])].holders == 0;
  return idle;
}

void BlockPool::hold(uint64_t hash) {
  const int32_t unit = find(hash);
  ASSERT(unit >= 0);
  if (units_[unit].holders++ > 0) return;
  unlink(unit);
  available_ -= unit_blocks_;
}

void BlockPool::publish(uint64_t hash) {
  if (find(hash) >= 0) {
    hold(hash);
    give(unit_blocks_);
    return;
  }
  const int32_t unit = make();
  units_[unit].hash = hash;
  units_[unit].holders = 1;
  enter(unit);
}

void BlockPool::release(uint64_t hash) {
  const int32_t unit = find(hash);
  ASSERT(unit >= 0 && units_[unit].holders > 0);
  if (--units_[unit].holders > 0) return;
  append(unit);
  available_ += unit_blocks_;
}

int64_t BlockPool::held_units() const {
  return std::ranges::count_if(table_, [&](int32_t unit) { return unit >= 0 && units_[unit].holders > 0; });
}

int64_t BlockPool::holds() const {
  int64_t count = 0;
  for (const int32_t unit : table_) count += unit < 0 ? 0 : units_[unit].holders;
  return count;
}

}  // namespace beltline::serving
