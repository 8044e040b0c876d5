// What something late has waited for, in one replication.
#pragma once

#include "risk/state.h"

namespace beltline {

/// Follows what is missing to the draw, the shock or the scarce good behind it. Changes nothing of a State but what it
/// has found already, so that a good with many takers is looked into once.
///
/// Several causes may have worked together; the one with the most periods of delay is named.
class Blame {
 public:
  explicit Blame(Player::State& state) : s_(state) {}

  [[nodiscard]] Suspect of_capacity(std::size_t capacity, std::size_t lane) const;
  [[nodiscard]] Suspect of_stock(std::size_t stock, std::size_t lane) const;
  [[nodiscard]] Suspect of_operation(std::size_t operation, std::size_t lane) const;
  [[nodiscard]] Suspect of_resource(std::size_t resource, std::size_t lane) const;
  /// The worst of a slot: the longest delay, or the least factor (the largest where more is worse).
  [[nodiscard]] Suspect of_slot(int slot, std::size_t lane, bool more_is_worse, double periods) const;
  [[nodiscard]] Suspect of_flow(std::size_t flow, std::size_t lane, int depth) const;
  [[nodiscard]] Suspect of_series(const PlaySeries& series, std::size_t series_index, std::size_t lane) const;

 private:
  using Known = Player::State::Known;
  [[nodiscard]] Suspect of_inputs(const Operation& operation, std::size_t lane, double since) const;
  /// What comes to a capacity from another place.
  [[nodiscard]] Suspect of_tows(std::size_t capacity, std::size_t lane) const;
  [[nodiscard]] Suspect makers_of(std::size_t stock, std::size_t lane) const;

  Player::State& s_;
};

}  // namespace beltline
