// The workspace of a Player: one row of kLanes numbers for everything that a replication has. For src/risk/engine*.cpp
// and src/risk/lanes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "risk/engine.h"

namespace beltline {

inline constexpr std::size_t kCacheLine = 64;

/// Memory that begins with a line of the cache: a register's load then never spans two.
template <class T>
struct LineAllocator {
  using value_type = T;
  LineAllocator() = default;
  template <class U>
  explicit LineAllocator(const LineAllocator<U>&) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{kCacheLine}));
  }
  void deallocate(T* at, std::size_t) { ::operator delete(at, std::align_val_t{kCacheLine}); }
  bool operator==(const LineAllocator&) const { return true; }
};

/// Rows of kLanes values, contiguous.
template <class T>
class Rows2 {
 public:
  void resize(std::size_t rows) { data_.assign(rows * kLanes, T{}); }
  T* row(std::size_t i) { return data_.data() + i * kLanes; }
  const T* row(std::size_t i) const { return data_.data() + i * kLanes; }
  void clear() { std::fill(data_.begin(), data_.end(), T{}); }
  std::span<T> data() { return data_; }

 private:
  std::vector<T, LineAllocator<T>> data_;
};

inline constexpr double kAlmost = 1 - 1e-9;   // a queue done to this share is done
inline constexpr double kEnough = 1 - 9e-10;  // what allows this share of a queue allows it, whatever the rounding
inline constexpr int32_t kFewRows = 12;       // that are gone through whole, instead of lane by lane
inline constexpr double kLeast = 1e-9;        // units that nobody waits for

/// What an operation waits for: input i, the use of resource i, or its own limit.
inline constexpr double kUse = 1000, kUpper = 2000;

/// A cause and how many periods of delay speak for it.
struct Suspect {
  int cause = 0;
  double periods = 0;
};

/// An operation as most are, see lanes/plain.h: where its rows lie.
struct PlainOperation {
  double* queue = nullptr;
  const double* upper = nullptr;  // [period]; null: none
  struct Good {
    double* here = nullptr;        // null: it takes only one
    double* wanted = nullptr;      // by all who are still to come
    const double* rate = nullptr;  // [period]
    bool is_shared = false;        // several take of it
  } goods[2];
};

/// What is ordered now, and begins to be paid.
inline bool is_order(const Operation& operation) {
  return operation.kind == Operation::Kind::stage && operation.offset == 0 && !operation.planned.empty();
}

/// What a Player is made of, see there.
struct PlayerInput {
  const Play& play;
  const Observation& observation;
  const Draws* draws = nullptr;
  PlayOptions options;
  const Baseline* baseline = nullptr;
};

/// What is common to processors; loops over lanes are compiled for each kind, see lanes/mover.h.
class Player::State {
 public:
  explicit State(const PlayerInput& input);
  virtual ~State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void play(uint32_t first, Batch& batch);

  std::vector<double> built_by_period_;     // [capacity, period] of lane 0
  std::vector<double> position_by_period_;  // [stock, period] of lane 0: stock and what is under way, less what waits
  CauseNumbers causes_;

 protected:
  friend class Blame;

  /// One period of goods and orders.
  virtual void move_goods() = 0;
  /// One period of rates and series.
  virtual void observe(Batch& batch) = 0;
  virtual void compute_lags(bool only_moving) = 0;

  /// Who is to blame for too little of a good, as found in one month of one batch.
  struct Known {
    uint64_t month = 0;
    Suspect suspect;
  };

  /// Goods from an operation to a stock or to the stage after it, see lanes/ways.h.
  struct Way {
    std::size_t lag = 0;
    int yield_slot = -1;
    int begin = 0, length = 1;   // rows of `sent_`
    bool is_even = false;        // all lanes send the same, but for a yield that stays as it is
    std::vector<double> amount;  // [period] of an even way, before its yield

    [[nodiscard]] std::size_t place(int period) const { return static_cast<std::size_t>(begin + period % length); }
  };

  void size_shocks();
  void size_rings();
  void index_ways();
  void index_plain();
  [[nodiscard]] bool never_waits(std::size_t o) const;
  [[nodiscard]] bool is_plain(std::size_t o) const;
  [[nodiscard]] int lag_bound(const Lag& lag) const;
  void index_operations();
  void index_spending();
  void begin(uint32_t first);
  // chance (engine_chance.cpp)
  void draw_values();
  void compute_slot(std::size_t slot, bool only_static, double* out);
  void advance_shocks();
  void next_event(std::size_t event, std::size_t lane, int from);
  void refresh_slots();
  [[nodiscard]] double effect_at(const Slot::Effect& effect, std::size_t lane) const;
  // goods (engine_replan.cpp)
  void replan();
  void position(std::size_t stock, double* out) const;
  void note_positions();
  // results (engine_observe.cpp)
  void blame_milestones(Batch& batch);
  void check_conservation() const;
  [[nodiscard]] double under_way(const Way& way, std::size_t lane) const;

  // What is under way: each pipe has a ring of rows, one a period from this one on, as many as its longest lag takes.
  struct Ring {
    int begin = 0;   // its first row of `pipes_`
    int length = 1;  // rows
    int now = 0;     // row of this period
  };
  [[nodiscard]] std::size_t pipe_place(int pipe, int ahead) const {
    const Ring& ring = rings_[static_cast<std::size_t>(pipe)];
    const int row = ring.now + ahead;
    return static_cast<std::size_t>(ring.begin + (row < ring.length ? row : row - ring.length));
  }
  [[nodiscard]] const double* slot_row(int slot) const {
    return slot < 0 ? ones_.row(0) : slots_.row(static_cast<std::size_t>(slot));
  }

  /// Shares of what was sent `periods` ago that arrive now.
  [[nodiscard]] double* weight_row(std::size_t lag, int periods) {
    return is_whole_[lag] != 0 ? ones_.row(0)
                               : weights_.row(static_cast<std::size_t>(weight_begin_[lag] + periods - lag_least_[lag]));
  }

  const Play& play_;
  const Observation& seen_;
  const Draws* draws_;
  PlayOptions options_;
  const Baseline* baseline_;
  uint32_t first_ = 0;
  int t_ = 0;

  Rows2<double> zeros_, ones_, values_, slots_, static_slots_;
  Rows2<double> lags_;                       // [lag] whole periods since the step before
  Rows2<double> lags_since_;                 // [lag] periods since the order
  Rows2<double> lag_rest_;                   // [lag] share that comes a period later
  std::vector<char> has_rest_;               // [lag] in any lane
  Rows2<int32_t> next_, until_;              // [event] period in which it begins next; it lasts before this period
  std::vector<int> event_begin_;             // [shock] its first event
  std::vector<std::vector<double>> hazard_;  // [shock][period + 1] expected events before the period
  std::vector<Quantiles> durations_;         // [shock]
  Rows2<uint32_t> event_number_;             // [event] how many there were

  Rows2<double> initial_;  // [stock] at the start
  Rows2<double> stocks_, wanted_, queues_, built_, available_, flows_, node_share_, node_sum_, pipes_, spend_;
  std::vector<Known> known_;                  // [stock, lane]
  uint64_t month_number_ = 0;                 // of all batches
  std::vector<Ring> rings_;                   // [pipe]
  std::vector<char> touched_;                 // [row of `pipes_`]
  std::vector<char> live_;                    // [operation] may have something to do
  std::vector<char> is_seen_;                 // [operation] a series has it as a term
  Rows2<double> unseen_;                      // what the others do
  std::vector<char> has_run_;                 // [operation] in this period; else its row of `done_` says nothing
  std::vector<char> lag_moves_;               // [lag] changes in the course of a replication
  std::vector<int32_t> lag_least_, lag_end_;  // [lag] of all lanes; the end with what comes a period later
  std::vector<char> gathers_;                 // [lag] weighs what was sent when it arrives, in this batch
  std::vector<char> is_whole_;                // [lag] the same in all lanes, and nothing comes later
  std::vector<int> weight_begin_;             // [lag] into `weights_`
  Rows2<double> weights_;
  std::vector<Way> ways_;
  std::vector<std::size_t> way_begin_;                                   // [operation] its first output's
  std::vector<std::vector<std::size_t>> ways_to_stock_, ways_to_stage_;  // [stock], [operation]
  Rows2<double> sent_;
  std::vector<int> sent_in_;                                           // [row of `sent_`] period; −1: never
  std::vector<std::vector<std::pair<std::size_t, double>>> releases_;  // [period] (operation, units) of the plan
  std::vector<std::size_t> followers_;                                 // operations that others hand on to
  std::vector<std::size_t> retiring_;                                  // capacities whose life can end
  std::vector<char> is_even_;  // [operation] does what is planned when it is planned, whatever happens
  std::vector<int> plain_of_;  // [operation] into `plain_`; −1: not so simple
  std::vector<PlainOperation> plain_;
  std::vector<char> waits_;                  // [operation] that is plain: something is left of its queue
  std::vector<char> goes_as_is_;             // [operation] all that it does goes one way, at no other rate
  bool follows_positions_ = false;           // `in_` and `out_` are wanted
  std::vector<int> spend_index_;             // [series] into `spend_`, −1: no money that falls due later
  std::vector<double> planned_sum_;          // [operation] all that is released
  std::vector<int> first_planned_;           // [operation]
  Rows2<double> waited_;                     // [operation] units · periods
  Rows2<double> limit_;                      // [operation] what it waited for last, see kUpper
  std::vector<std::vector<int>> stages_of_;  // [capacity] operations
  /// Money of a series that an order brings.
  struct Due {
    std::size_t series = 0;   // into `spend_`
    std::size_t later = 0;    // periods after the order
    std::vector<double> usd;  // [period of the order] per unit
  };
  std::vector<std::vector<Due>> dues_;  // [capacity]
  std::vector<double> spend_even_;      // [row of `spend_`] due whatever happens
  Rows2<double> done_;                  // [operation] this period
  Rows2<double> in_, out_;              // [stock] all that was started towards it, all that was taken
  std::vector<int> replan_order_;       // stocks, those nearest to the end first
  std::vector<double> draw_buffer_;
};

using StatePtr = std::unique_ptr<Player::State>;
/// Loops compiled for one kind of processor each: to the same bytes. @returns null where this processor is not so
StatePtr make_avx512_state(const PlayerInput& input);
StatePtr make_avx2_state(const PlayerInput& input);
StatePtr make_any_state(const PlayerInput& input);

}  // namespace beltline
