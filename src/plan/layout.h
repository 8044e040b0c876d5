// Where each decision and each equation of a Model lies in the LP. Indices are computed, never looked up.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace beltline {

/// A block of columns or rows of one entity: `first` + (t − t0) · slices + s for t0 ≤ t < t1.
struct Block {
  int32_t first = -1;
  int t0 = 0;
  int t1 = 0;
  int slices = 1;

  [[nodiscard]] bool holds(int t) const { return first >= 0 && t >= t0 && t < t1; }
  [[nodiscard]] int32_t at(int t, int s = 0) const { return first + (t - t0) * slices + s; }
  [[nodiscard]] int32_t size() const { return first < 0 ? 0 : (t1 - t0) * slices; }
};

/// A cycle of the network of lines with reactance: Σ sign · reactance · flow = 0 (Kirchhoff's voltage law).
struct Cycle {
  std::vector<std::pair<ProcessId, double>> lines;  // process, ± reactance
  double shift = 0;                                 // Σ ± phase shift, rad: what the reactances' sum must make up for
};

/// What units and ramps add, for each process; empty blocks where it has none of it (plan/commitment.h).
struct CommitmentLayout {
  // columns
  std::vector<Block> on, starts, stops;
  // rows
  std::vector<Block> recursion;    // units on, from slice to slice
  std::vector<Block> most, least;  // activity between the load limits of the units on
  std::vector<Block> min_up, min_down;
  std::vector<Block> ramp_up, ramp_down;
  std::vector<Block> start_ramp, stop_ramp;  // of a single unit whose size is decided
};

struct Layout {
  // columns
  std::vector<Block> order;      // [capacity] modules or units ordered
  std::vector<Block> built;      // [capacity]
  std::vector<Block> moved;      // [move]
  std::vector<Block> activity;   // [process]
  std::vector<Block> peak;       // [process]
  std::vector<Block> level;      // [store]
  std::vector<Block> charge;     // [store]
  std::vector<Block> discharge;  // [store]
  std::vector<Block> unserved;   // [demand]
  std::vector<Block> shortfall;  // [limit]
  std::vector<Block> unpaid;     // [commitment]
  int32_t column_count = 0;

  // rows
  std::vector<Block> balance;           // [node]
  std::vector<Block> build_recursion;   // [capacity]
  std::vector<Block> capacity;          // [capacity] none where a bound does
  std::vector<Block> capacity_reverse;  // [capacity] for signed processes
  std::vector<Block> floor;             // [process] with a least share of a capacity that can be built
  std::vector<Block> peak_row;          // [process]
  std::vector<Block> level_recursion;   // [store] rates
  std::vector<Block> level_cap;         // [store] where the level capacity can be built
  std::vector<Block> level_floor;       // [store] likewise, with a least share
  std::vector<Block> charge_cap;        // [store]
  std::vector<Block> discharge_cap;     // [store]
  std::vector<Block> limit;             // [limit]
  std::vector<Block> ceiling;           // [commitment]
  std::vector<Block> take_or_pay;       // [commitment]
  std::vector<Cycle> cycles;
  std::vector<Block> cycle;  // [cycle]
  CommitmentLayout commitment;
  int32_t row_count = 0;

  std::vector<int> single_user;  // [capacity] the only process of a capacity without rows (see capacity), or -1
};

Layout make_layout(const Model& model);

/// The size of one column unit of order and move: the module, or 1.
inline double module_of(const Capacity& capacity) {
  return capacity.module_size > 0 ? capacity.module_size : 1.0;
}

/// The slice in which what starts in slice s arrives: `delay` slices later in its group; -1: after the group's end.
int delayed_slice(const Calendar& calendar, const Flow& flow, int s);

/// What one unit of a process's flow adds to its node, per unit of activity at (t, s).
///
/// rate → rate at the same resolution: rate. rate → amount: rate · hours. amount → rate: rate / hours of the period.
/// Between resolutions, a one-slice process counts in every slice of a many-slice node, and a many-slice process
/// counts by its share of the hours at a one-slice (outline) node.
double flow_weight(const Model& model, const Process& process, const Flow& flow, int process_slices, int node_slices,
                   int t, int s);

}  // namespace beltline
