// A State with its loops over lanes. Compiled once for each kind of register (engine_avx512.cpp, engine_avx2.cpp,
// engine_any.cpp), in a namespace of its own: the same operations in the same order, so the same bytes.
#pragma once

#include <vector>

#include "risk/state.h"

#if !defined(BELTLINE_LANES) || !defined(BELTLINE_REGISTER)
#error "included by engine_any.cpp and its kind alone, for which CMakeLists.txt says what registers they have"
#endif

namespace beltline::BELTLINE_LANES {

class Mover final : public Player::State {
 public:
  using State::State;

 private:
  /// What an operation does of its queue. [lane] each
  struct Todo {
    double* queue;
    double* q;      // once it is limited; else all of the queue
    double* limit;  // by what, see kUpper; −1: by nothing
    bool is_limited = false;
  };

  void move_goods() override;
  void observe(Batch& batch) override;
  void compute_lags(bool only_moving) override;
  // lags.h
  void compute_lag(std::size_t lag);
  void compute_weights(std::size_t lag);
  // ways.h
  void receive();
  bool gather(const std::vector<std::size_t>& ways, double* into);
  bool gather_even(const Way& way, int32_t least, int32_t most, double* into);
  [[nodiscard]] bool sends_as_is(std::size_t o) const;
  void deliver(std::size_t o, std::size_t index, const auto& q);
  void send(int pipe, std::size_t lag, double* now, double* amount);
  void put_online(int capacity, const auto& q);
  void spend(std::size_t o, const double* q);
  /// The row, all zeros if nothing was put into it yet.
  double* touch(int pipe, int ahead);
  /// Adds what arrives now to a row, and clears the way; false if nothing does.
  bool arrive(int pipe, double* into);
  void turn_rings();
  // plain.h
  void operate_plain(std::size_t o, double* q);
  // goods.h
  void open_resources();
  void open_stocks();
  void ask(std::size_t stock);
  void operate(std::size_t o);
  void operate_any(std::size_t o, double* q);
  double* place_of(std::size_t o);
  template <class Most>
  void limit_to(Todo& todo, double why, const Most& most);
  void limit_by_itself(const Operation& operation, Todo& todo);
  void limit_by_uses(const Operation& operation, Todo& todo);
  void limit_by_inputs(const Operation& operation, Todo& todo);
  void limit_by_stock(const Operation::Input& input, const double* kept, double why, Todo& todo);
  void take(const Operation& operation, const Todo& todo);
  void operate_even(std::size_t o);
  void hand_on(std::size_t o, const auto& q);
  void note_waiting(std::size_t o, const double* left, const double* limit);
  // observe.h
  void run_flows();
  void add_term(const PlayTerm& term, double* out);
};

}  // namespace beltline::BELTLINE_LANES
