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

/// A cause and how many periods of delay speak for it.
struct Suspect {
  int cause = 0;
  double periods = 0;
};

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

  /// Who is to blame for too little of a good, as found in one month of one batch.
  struct Known {
    uint64_t month = 0;
    Suspect suspect;
  };

  /// What an operation does of its queue. [lane] each
  struct Todo {
    double* queue;
    double* q;      // once it is limited; else all of the queue
    double* limit;  // by what, see kUpper; −1: by nothing
    bool is_limited = false;
  };

  void size_shocks();
  void size_rings();
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
  void compute_lag(std::size_t lag);
  [[nodiscard]] double effect_at(const Slot::Effect& effect, std::size_t lane) const;
  // goods (engine_goods.cpp)
  void move_goods_wide();  // for processors that have AVX2
  void move_goods_narrow();
  void move_goods();
  void receive();
  void open_resources();
  void open_stocks();
  void ask(std::size_t stock);
  void operate(std::size_t o);
  template <class Most>
  void limit_to(Todo& todo, double why, const Most& most);
  void limit_by_itself(const Operation& operation, Todo& todo);
  void limit_by_uses(const Operation& operation, Todo& todo);
  void limit_by_inputs(const Operation& operation, Todo& todo);
  void limit_by_stock(const Operation::Input& input, const double* kept, double why, Todo& todo);
  void take(const Operation& operation, const Todo& todo);
  void deliver(const Operation::Output& output, const double* q);
  void put(int pipe, int32_t ahead, double* now, const auto& value);
  void send(int pipe, std::size_t lag, double* now, const double* amount, const double* later);
  void put_online(int capacity, const double* q);
  void spend(std::size_t capacity, const double* q);
  void replan();
  void position(std::size_t stock, double* out) const;
  void note_positions();
  void note_waiting(std::size_t o, const double* left, const double* limit);
  // rates and results (engine_observe.cpp)
  void observe_wide(Batch& batch);
  void observe_narrow(Batch& batch);
  void run_flows();
  void observe(Batch& batch);
  void add_term(const PlayTerm& term, double* out);
  void blame_milestones(Batch& batch);
  void check_conservation() const;

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
  [[nodiscard]] double* pipe_row(int pipe, int ahead) { return pipes_.row(pipe_place(pipe, ahead)); }
  /// The row, all zeros if nothing was put into it yet.
  double* touch(int pipe, int ahead);
  /// Adds what arrives now to a row, and clears the way; false if nothing does.
  bool arrive(int pipe, double* into);
  void turn_rings();
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
  std::vector<Known> known_;                   // [stock, lane]
  uint64_t month_number_ = 0;                  // of all batches
  std::vector<Ring> rings_;                    // [pipe]
  std::vector<char> touched_;                  // [row of `pipes_`]
  std::vector<char> live_;                     // [operation] may have something to do
  std::vector<char> is_seen_;                  // [operation] a series has it as a term
  Rows2<double> unseen_;                       // what the others do
  std::vector<char> has_run_;                  // [operation] its row of `done_` is not all zeros
  std::vector<char> lag_moves_;                // [lag] changes in the course of a replication
  std::vector<int32_t> lag_least_, lag_most_;  // [lag] of all lanes
  bool follows_positions_ = false;             // `in_` and `out_` are wanted
  bool is_wide_ = false;
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
