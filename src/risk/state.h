// The workspace of a Player: one row of kLanes numbers for everything that a replication has. For src/risk/engine*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "risk/engine.h"

namespace beltline {

/// Rows of kLanes values, contiguous.
template <class T>
class Rows2 {
 public:
  void resize(std::size_t rows) { data_.assign(rows * kLanes, T{}); }
  T* row(std::size_t i) { return data_.data() + i * kLanes; }
  const T* row(std::size_t i) const { return data_.data() + i * kLanes; }
  void clear() { std::fill(data_.begin(), data_.end(), T{}); }
  std::vector<T>& data() { return data_; }

 private:
  std::vector<T> data_;
};

/// What an operation waits for: input i, the use of resource i, or its own limit.
inline constexpr double kUse = 1000, kUpper = 2000;

class Player::State {
 public:
  State(const Play& play, const Observation& observation, const Draws* draws, const PlayOptions& options,
        const Baseline* baseline);
  void play(uint32_t first, Batch& batch);

  std::vector<double> built_by_period_;     // [capacity, period] of lane 0
  std::vector<double> position_by_period_;  // [stock, period] of lane 0: stock and what is under way, less what waits
  CauseNumbers causes_;

 private:
  friend class Blame;

  void size_shocks();
  void index_operations();
  void index_spending();
  void begin(uint32_t first);
  // chance (engine_chance.cpp)
  void draw_values();
  void compute_slot(std::size_t slot, bool only_static, double* out);
  void advance_shocks();
  void next_event(std::size_t event, std::size_t lane, int from);
  void refresh_slots();
  void compute_lag(std::size_t lag);
  [[nodiscard]] double effect_at(const Slot::Effect& effect, std::size_t lane) const;
  // goods (engine_goods.cpp)
  void receive();
  void open_resources();
  void open_stocks();
  void operate(std::size_t o);
  void deliver(const Operation::Output& output, const double* q);
  void put_online(int capacity, const double* q);
  void spend(std::size_t capacity, const double* q);
  void replan();
  void position(std::size_t stock, double* out) const;
  void note_positions();
  void note_waiting(std::size_t o, const double* left, const double* limit);
  // rates and results (engine_observe.cpp)
  void run_flows();
  void observe(Batch& batch);
  void add_term(const PlayTerm& term, double* out);
  void blame_milestones(Batch& batch);
  void check_conservation() const;

  [[nodiscard]] double* pipe_row(int pipe, int period) {
    return pipes_.row(static_cast<std::size_t>(pipe) * (static_cast<std::size_t>(play_.period_count) + 1) +
                      static_cast<std::size_t>(period));
  }
  [[nodiscard]] char& touched(int pipe, int period) {
    return touched_[static_cast<std::size_t>(pipe) * (static_cast<std::size_t>(play_.period_count) + 1) +
                    static_cast<std::size_t>(period)];
  }
  /// The row, all zeros if nothing was put into it yet.
  [[nodiscard]] double* touch(int pipe, int period);
  [[nodiscard]] const double* slot_row(int slot) const {
    return slot < 0 ? ones_.row(0) : slots_.row(static_cast<std::size_t>(slot));
  }

  const Play& play_;
  const Observation& seen_;
  const Draws* draws_;
  PlayOptions options_;
  const Baseline* baseline_;
  uint32_t first_ = 0;
  int t_ = 0;

  Rows2<double> ones_, values_, slots_, static_slots_;
  Rows2<int32_t> lags_;                      // [lag] periods since the step before
  Rows2<int32_t> lags_since_;                // [lag] periods since the order
  Rows2<int32_t> next_, until_;              // [event] period in which it begins next; it lasts before this period
  std::vector<int> event_begin_;             // [shock] its first event
  std::vector<std::vector<double>> hazard_;  // [shock][period + 1] expected events before the period
  std::vector<Quantiles> durations_;         // [shock]
  Rows2<uint32_t> event_number_;             // [event] how many there were

  Rows2<double> stocks_, wanted_, queues_, built_, available_, flows_, node_share_, node_sum_, pipes_, spend_;
  std::vector<char> touched_, live_;
  std::vector<int> spend_index_;             // [series] into `spend_`, −1: no money that falls due later
  std::vector<double> planned_sum_;          // [operation] all that is released
  std::vector<int> first_planned_;           // [operation]
  Rows2<double> waited_;                     // [operation] units · periods
  Rows2<double> limit_;                      // [operation] what it waited for last, see kUpper
  std::vector<std::vector<int>> stages_of_;  // [capacity] operations
  std::vector<std::vector<std::pair<int, std::size_t>>> spenders_;  // [capacity] (series, term)
  Rows2<double> done_;                                              // [operation] this period
  Rows2<double> in_, out_;         // [stock] all that was started towards it, all that was taken
  std::vector<int> replan_order_;  // stocks, those nearest to the end first
  std::vector<double> draw_buffer_;
};

}  // namespace beltline
