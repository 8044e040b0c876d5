// Plays batches of replications side by side.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "risk/draws.h"
#include "risk/observe.h"
#include "risk/play.h"

namespace beltline {

/// Replications of a batch: a row of numbers that stays in the first cache.
inline constexpr std::size_t kLanes = 128;

/// What a batch gives.
struct Batch {
  std::vector<double> values;   // [series, period, lane]
  std::vector<uint16_t> cause;  // [milestone, lane] of what is missing in the milestone's period; 0: none is missing

  [[nodiscard]] const double* row(std::size_t series, std::size_t period, std::size_t period_count) const {
    return values.data() + (series * period_count + period) * kLanes;
  }
};

/// How causes are numbered: 0 none known, then sources, shocks, stocks (too little of a good), resources (too little
/// capacity).
struct CauseNumbers {
  int source_count = 0, shock_count = 0, stock_count = 0;

  [[nodiscard]] int of_source(int source) const { return 1 + source; }
  [[nodiscard]] int of_shock(int shock) const { return 1 + source_count + shock; }
  [[nodiscard]] int of_stock(int stock) const { return 1 + source_count + shock_count + stock; }
  [[nodiscard]] int of_resource(int resource) const { return 1 + source_count + shock_count + stock_count + resource; }
};

/// Who has what when nothing is uncertain; causes are told by what is less than this.
struct Baseline {
  std::vector<double> built;     // [capacity, period] at the end
  std::vector<double> position;  // [stock, period] at the start: there and under way, less what waits for it
  std::vector<double> values;    // [series, period]
};

struct PlayOptions {
  uint64_t seed = 1;
  bool is_certain = false;   // every source at its mode and no shock
  int replan_every = 0;      // periods; 0: orders follow the plan
  bool by_priority = false;  // scarce goods go to the first in order of the plan's worth; else in proportion
};

/// A workspace for batches. Sized once; nothing is allocated while it plays.
///
/// @cost about 5 ns a replication, period and operation that has something to do
class Player {
 public:
  class State;
  /// @param draws     null where everything is certain
  /// @param baseline  null: no causes are told. All outlive the Player.
  Player(const Play& play, const Observation& observation, const Draws* draws, const PlayOptions& options,
         const Baseline* baseline);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  /// Replications first … first + kLanes − 1.
  void play(uint32_t first, Batch& batch);
  /// Lane 0 of the last batch.
  [[nodiscard]] Baseline lane_0(const Batch& batch) const;
  [[nodiscard]] CauseNumbers cause_numbers() const;

 private:
  std::unique_ptr<State> state_;
};

/// The play with nothing uncertain.
Baseline make_baseline(const Play& play, const Observation& observation, const PlayOptions& options = {});

}  // namespace beltline
