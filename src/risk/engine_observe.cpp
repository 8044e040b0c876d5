// What a batch is looked at for: who is to blame, and that nothing is lost.
#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "risk/blame.h"
#include "risk/state.h"

namespace beltline {

void Player::State::blame_milestones(Batch& batch) {
  const auto periods = static_cast<std::size_t>(play_.period_count);
  const Blame blame(*this);
  ++month_number_;
  for (std::size_t i = 0; i < seen_.milestones.size(); ++i) {
    const PlayMilestone& milestone = seen_.milestones[i];
    if (milestone.milestone.period != t_ || !milestone.is_planned()) continue;
    const auto series = static_cast<std::size_t>(milestone.series);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      double value = 0;
      const auto at = static_cast<std::size_t>(t_);
      for (std::size_t t = milestone.milestone.is_total ? 0 : at; t <= at; ++t) {
        value += batch.row(series, t, periods)[lane];
      }
      if (value >= milestone.reached_at()) continue;
      batch.cause[i * kLanes + lane] = static_cast<uint16_t>(blame.of_series(seen_.series[series], series, lane).cause);
    }
  }
}

/// Of what was sent on a way that weighs it when it arrives, what arrives beyond the horizon.
double Player::State::under_way(const Way& way, std::size_t lane) const {
  if (gathers_[way.lag] == 0) return 0;
  double sum = 0;
  for (int sent = std::max(0, t_ - lag_end_[way.lag]); sent < t_; ++sent) {
    double amount = 0;
    if (way.is_even) {
      amount = way.amount[static_cast<std::size_t>(sent)] * slot_row(way.yield_slot)[lane];
    } else if (sent_in_[way.place(sent)] == sent) {
      amount = sent_.row(way.place(sent))[lane];
    }
    const double lag = lags_.row(way.lag)[lane], rest = lag_rest_.row(way.lag)[lane];
    if (sent + lag >= t_) sum += amount * (1 - rest);
    if (sent + lag + 1 >= t_) sum += amount * rest;
  }
  return sum;
}

/// What was started towards a stock is in it, under way or was taken; only what may be thrown away can be gone.
void Player::State::check_conservation() const {
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    const bool is_plain = stock.stands.empty() && stock.potentials.empty();
    if (!stock.carries || stock.kept != 1 || stock.kept_slot >= 0 || !is_plain) continue;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      double there = stocks_.row(n)[lane];
      // what arrives in the last period has been received; the rings have turned to what comes after it
      const std::size_t row = pipe_place(stock.pipe, 0);
      if (touched_[row] != 0) there += pipes_.row(row)[lane];
      for (const std::size_t way : ways_to_stock_[n]) there += under_way(ways_[way], lane);
      const double balance = initial_.row(n)[lane] + in_.row(n)[lane] - out_.row(n)[lane] - there;
      const double scale = 1 + initial_.row(n)[lane] + in_.row(n)[lane];
      ASSERT(std::abs(balance) <= 1e-6 * scale);  // nothing comes from nothing, nothing is lost
    }
  }
}

}  // namespace beltline
