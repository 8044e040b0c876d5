// Which replica comes next in time, and which has least to do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "serving/engine.h"

namespace beltline::serving {

/// A least value by replica, in a tree whose inner nodes name the lesser of two: the first replica where two are equal.
/// @cost  O(log replicas) to set, O(1) to ask
class Least {
 public:
  void add() {
    values_.push_back(kNever);
    const std::size_t leaves = std::max<std::size_t>(1, tree_.size());
    if (values_.size() > leaves || tree_.empty()) {
      std::size_t grown = leaves;
      while (grown < values_.size()) grown *= 2;
      tree_.assign(grown, -1);
      for (std::size_t at = 0; at < values_.size(); ++at) lift(static_cast<int32_t>(at));
    } else {
      lift(static_cast<int32_t>(values_.size() - 1));
    }
  }
  void set(int32_t replica, int64_t value) {
    if (values_[replica] == value) return;
    values_[replica] = value;
    lift(replica);
  }
  /// −1 where there is no replica.
  [[nodiscard]] int32_t first() const { return values_.empty() ? -1 : tree_.size() == 1 ? 0 : tree_[1]; }
  [[nodiscard]] int64_t value(int32_t replica) const { return values_[replica]; }
  /// kNever where there is none.
  [[nodiscard]] int64_t least() const { return values_.empty() ? kNever : values_[first()]; }

 private:
  [[nodiscard]] int32_t at(std::size_t node) const {
    if (node < tree_.size()) return tree_[node];
    const std::size_t leaf = node - tree_.size();
    return leaf < values_.size() ? static_cast<int32_t>(leaf) : -1;
  }
  [[nodiscard]] int32_t lesser(int32_t left, int32_t right) const {
    if (right < 0) return left;
    return values_[right] < values_[left] ? right : left;
  }
  void lift(int32_t replica) {
    for (std::size_t node = (tree_.size() + static_cast<std::size_t>(replica)) / 2; node > 0; node /= 2) {
      tree_[node] = lesser(at(2 * node), at(2 * node + 1));
    }
  }

  std::vector<int64_t> values_;
  std::vector<int32_t> tree_;  // [1 …): node n stands over 2n and 2n + 1; the leaves are not stored
};

enum class TimerKind : uint8_t { patience, timeout, arrival_of_keys, ready };

/// Something that is due at a time, unless the request that it is for is gone.
struct Timer {
  Picoseconds time = 0;
  uint64_t sequence = 0;  // in which they were set
  uint64_t life = 0;      // of the request; for `ready` of the replica: how often its state was set
  int32_t subject = 0;    // slot or replica
  TimerKind kind = TimerKind::patience;

  bool operator<(const Timer& other) const {  // a heap has its largest first
    return time != other.time ? time > other.time : sequence > other.sequence;
  }
};

class Timers {
 public:
  void set(Timer timer) {
    timer.sequence = ++count_;
    heap_.push_back(timer);
    std::push_heap(heap_.begin(), heap_.end());
  }
  [[nodiscard]] Picoseconds next() const { return heap_.empty() ? kNever : heap_.front().time; }
  Timer take() {
    std::pop_heap(heap_.begin(), heap_.end());
    const Timer timer = heap_.back();
    heap_.pop_back();
    return timer;
  }

 private:
  std::vector<Timer> heap_;
  uint64_t count_ = 0;
};

}  // namespace beltline::serving
