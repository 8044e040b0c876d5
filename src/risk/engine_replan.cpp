// Goods that are fewer than the plan had by now are started again.
#include "risk/state.h"

namespace beltline {

/// What is there and under way, with what its makers are still to start, less what waits for it.
void Player::State::position(std::size_t n, double* out) const {
  const Stock& stock = play_.stocks[n];
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    out[lane] = initial_.row(n)[lane] + in_.row(n)[lane] - out_.row(n)[lane];
  }
  for (const int taker : stock.takers) {
    const auto o = static_cast<std::size_t>(taker);
    for (const Operation::Input& input : play_.operations[o].inputs) {
      if (input.stock != static_cast<int>(n)) continue;
      const double* factor = slot_row(input.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        out[lane] -= queues_.row(o)[lane] * input.rate[t] * factor[lane];
      }
    }
  }
  for (const int maker : stock.makers) {
    const auto o = static_cast<std::size_t>(maker);
    for (const Operation::Output& output : play_.operations[o].outputs) {
      if (output.to != Operation::Output::To::stock || output.target != static_cast<int>(n)) continue;
      const double rate = output.rate.empty() ? 1.0 : output.rate[t];
      const double* factor = slot_row(output.yield_slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += queues_.row(o)[lane] * rate * factor[lane];
    }
  }
}

void Player::State::note_positions() {
  if (!options_.is_certain) return;
  double here[kLanes];
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    position(n, here);
    position_by_period_[n * static_cast<std::size_t>(play_.period_count) + static_cast<std::size_t>(t_)] = here[0];
  }
}

/// Goods that are fewer than the plan had by now are started again, from the end of the chain to its beginning.
void Player::State::replan() {
  const auto t = static_cast<std::size_t>(t_);
  double here[kLanes];
  for (const int index : replan_order_) {
    const auto n = static_cast<std::size_t>(index);
    position(n, here);
    const double planned = baseline_->position[n * static_cast<std::size_t>(play_.period_count) + t];
    double total = 0;
    for (const int maker : play_.stocks[n].makers) total += planned_sum_[static_cast<std::size_t>(maker)];
    if (total <= 0) continue;
    for (const int maker : play_.stocks[n].makers) {
      const auto o = static_cast<std::size_t>(maker);
      const Operation& operation = play_.operations[o];
      if (operation.kind != Operation::Kind::process || planned_sum_[o] <= 0 || t_ < first_planned_[o]) continue;
      for (const Operation::Output& output : operation.outputs) {
        if (output.to != Operation::Output::To::stock || output.target != index || output.rate[t] <= 0) continue;
        const double share = planned_sum_[o] / total / output.rate[t];
        const double* factor = slot_row(output.yield_slot);
        double* queue = queues_.row(o);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const double lacking = planned - here[lane];
          if (lacking > kLeast && factor[lane] > 0) queue[lane] += lacking * share / factor[lane];
        }
        live_[o] = 1;
      }
    }
  }
}

}  // namespace beltline
