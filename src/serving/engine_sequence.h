// A request inside a cluster, and the line in which requests wait.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "serving/engine.h"

namespace beltline::serving {

/// Where a request is.
enum class Stand : uint8_t {
  gone,      // the slot is free
  unrouted,  // no replica takes it yet
  arriving,  // at a replica, which has not looked yet
  waiting,   // in the replica's line
  prefill,   // in the batch, its prompt is not computed yet
  decode,    // in the batch
  leaving,   // prefilled, no replica has room to decode it
  moving,    // its keys and values are under way
  ended      // reported; the step that it is in, or is formed with it, is not over
};

struct Sequence {
  uint64_t id = 0;
  uint64_t session = 0;
  Picoseconds arrival = 0, scheduled = -1, first_token = -1;
  Picoseconds enqueued = 0;  // at its replica
  uint64_t ticket = 0;       // of its place in a line, and of its timers: those of another request are void
  int32_t prompt = 0, output = 0, priority = 0;
  int32_t generated = 0;  // without those of the decode that it is in, unless steps are speculative
  int32_t target = 0;     // tokens to compute before the next is sampled
  int32_t computed = 0;   // of them; while it decodes, when it joined, unless steps are speculative
  int32_t chunk = 0;      // in the step that is formed or runs
  int32_t blocks = 0;     // held, where steps are speculative
  int32_t units = 0;      // of the prefix cache that it holds
  int32_t cached = -1;    // tokens found when it was first scheduled
  int32_t replica = -1;
  int32_t decoder = -1;  // where a place is kept for it
  int32_t before = -1, after = -1;
  uint64_t life = 0;     // which request has this slot
  int64_t admitted = 0;  // order in the batch
  uint16_t preemptions = 0, restarts = 0;
  Stand stand = Stand::gone;

  /// Nothing of it is computed any more; what was sampled stays.
  void restart() {
    stand = Stand::unrouted;
    target = prompt + generated;
    computed = chunk = units = 0;
    replica = decoder = -1;
    ticket = 0;
    ++restarts;
  }
};

/// Slots of unfinished requests, used again.
class SequencePool {
 public:
  int32_t add(const Request& request) {
    int32_t slot;
    if (free_.empty()) {
      slot = static_cast<int32_t>(sequences_.size());
      sequences_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    Sequence& it = sequences_[slot];
    it = Sequence{};
    it.id = request.id;
    it.session = request.session;
    it.arrival = request.arrival;
    it.prompt = it.target = request.prompt_tokens;
    it.output = request.output_tokens;
    it.priority = request.priority;
    it.life = ++lives_;
    if (!request.prefix.empty()) {
      if (prefixes_.size() < sequences_.size()) prefixes_.resize(sequences_.size());
      prefixes_[slot].assign(request.prefix.begin(), request.prefix.end());
    } else if (static_cast<std::size_t>(slot) < prefixes_.size()) {
      prefixes_[slot].clear();
    }
    ++count_;
    return slot;
  }
  void remove(int32_t slot) {
    sequences_[slot].stand = Stand::gone;
    free_.push_back(slot);
    --count_;
  }
  Sequence& operator[](int32_t slot) { return sequences_[slot]; }
  const Sequence& operator[](int32_t slot) const { return sequences_[slot]; }
  [[nodiscard]] std::span<const uint64_t> prefix(int32_t slot) const {
    if (static_cast<std::size_t>(slot) >= prefixes_.size()) return {};
    return prefixes_[slot];
  }
  /// Each once in a cluster, so that no line takes another's entry for its own.
  uint64_t next_ticket() { return ++tickets_; }
  [[nodiscard]] int64_t count() const { return count_; }
  [[nodiscard]] int32_t slot_count() const { return static_cast<int32_t>(sequences_.size()); }

 private:
  std::vector<Sequence> sequences_;
  std::vector<std::vector<uint64_t>> prefixes_;  // by slot; only as long as prefixes were seen
  std::vector<int32_t> free_;
  uint64_t lives_ = 0, tickets_ = 0;
  int64_t count_ = 0;
};

/// Requests that wait: first come, first served, as a list through the slots; or by (priority, arrival, entry), as a
/// heap whose entries are void once their request has left.
class WaitingLine {
 public:
  explicit WaitingLine(bool by_priority = false) : by_priority_(by_priority) {}

  [[nodiscard]] int64_t count() const { return count_; }
  [[nodiscard]] bool by_priority() const { return by_priority_; }
  void push_back(SequencePool& pool, int32_t slot) { push(pool, slot, true); }
  /// By priority there is no front: it goes where it belongs.
  void push_front(SequencePool& pool, int32_t slot) { push(pool, slot, false); }
  /// −1 where nobody waits.
  int32_t front(const SequencePool& pool) {
    if (!by_priority_) return head_;
    while (!heap_.empty() && is_void(pool, heap_.front())) drop();
    return heap_.empty() ? -1 : heap_.front().slot;
  }
  void remove(SequencePool& pool, int32_t slot) {
    --count_;
    Sequence& it = pool[slot];
    it.ticket = 0;
    if (by_priority_) {
      if (heap_.size() > 64 && heap_.size() > 2 * static_cast<std::size_t>(count_)) tidy(pool);
      return;
    }
    (it.before < 0 ? head_ : pool[it.before].after) = it.after;
    (it.after < 0 ? tail_ : pool[it.after].before) = it.before;
    it.before = it.after = -1;
  }

 private:
  struct Entry {
    int32_t priority;
    int32_t slot;
    Picoseconds arrival;
    uint64_t ticket;
    bool operator<(const Entry& other) const {  // the heap has its largest first
      if (priority != other.priority) return priority > other.priority;
      if (arrival != other.arrival) return arrival > other.arrival;
      return ticket > other.ticket;
    }
  };

  void push(SequencePool& pool, int32_t slot, bool back) {
    ++count_;
    Sequence& it = pool[slot];
    it.ticket = pool.next_ticket();
    if (by_priority_) {
      heap_.push_back({it.priority, slot, it.arrival, it.ticket});
      std::push_heap(heap_.begin(), heap_.end());
      return;
    }
    it.before = back ? tail_ : -1;
    it.after = back ? -1 : head_;
    (it.before < 0 ? head_ : pool[it.before].after) = slot;
    (it.after < 0 ? tail_ : pool[it.after].before) = slot;
  }
  static bool is_void(const SequencePool& pool, const Entry& entry) { return pool[entry.slot].ticket != entry.ticket; }
  void drop() {
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
  }
  void tidy(const SequencePool& pool) {
    std::erase_if(heap_, [&](const Entry& entry) { return is_void(pool, entry); });
    std::make_heap(heap_.begin(), heap_.end());
  }

  bool by_priority_;
  int64_t count_ = 0;
  int32_t head_ = -1, tail_ = -1;
  std::vector<Entry> heap_;
};

}  // namespace beltline::serving
