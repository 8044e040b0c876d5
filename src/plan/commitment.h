// Units that start and stop, and ramps: their columns and rows (docs/formulation.md, "Units and ramps").
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plan/formulate.h"

namespace beltline {

/// Slices of a group in their order, and how long each lasts as minimum times count it.
class Chronology {
 public:
  Chronology(const Calendar& calendar, const UnitCommitment& commitment);

  /// The slice before s, or −1 where a group that is open begins.
  [[nodiscard]] int before(int s) const;
  /// Slices whose start keeps a unit as it is in s, for so long: s itself and those less than `length` before it.
  [[nodiscard]] std::vector<int> window(int s, double length) const;
  /// From the beginning of the group to that of s.
  [[nodiscard]] double since_begin(int s) const;

 private:
  [[nodiscard]] double length(int s) const;
  [[nodiscard]] int first(int s) const;

  const Calendar& calendar_;
  bool is_cyclic_;
  bool counts_slices_;
};

/// The units of a process in one period. With `is_whole` all that is online is one unit, whose `size` is then the most
/// that can be.
struct UnitColumns {
  int capacity = -1;        // index, or −1: one unit of its own
  double per_capacity = 1;  // activity of one unit of capacity
  double size = 0;          // capacity of one unit
  double existing = 0;      // capacity online without orders
  int32_t built = -1;       // column of what is built, or −1
  bool is_whole = false;

  [[nodiscard]] double full() const { return size * per_capacity; }  // activity of a unit at full load
  [[nodiscard]] double existing_count() const;
};
UnitColumns units_of(const Model& model, const Layout& layout, std::size_t process, int t);

/// Units on before a group begins; none: any number.
std::optional<double> units_before(const UnitCommitment& commitment, const UnitColumns& units);
/// Activity before a group begins; none: unknown.
std::optional<double> level_before(const UnitCommitment& commitment, const UnitColumns& units);

/// Takes columns and rows after all others.
void lay_commitment(const Model& model, Layout& layout);

/// Rows of units and ramps: bounds, and entries by column of the whole problem. Without any all arrays are empty.
struct CommitmentRows {
  int32_t first = 0;                 // row
  std::vector<double> lower, upper;  // [row − first]
  std::vector<int32_t> start;        // [column + 1]
  std::vector<int32_t> index;        // [nonzero] row
  std::vector<double> value;         // [nonzero]
};
/// @cost O(entries); a minimum time has one a slice of its length
CommitmentRows commitment_rows(const Model& model, const Layout& layout);

/// Upper bound of the units on, started or stopped in t; may be infinite.
double units_max(const Model& model, const Layout& layout, std::size_t process, int t);

/// USD, undiscounted, of one unit on, one start and one stop in a slice, for all the times that it stands for.
struct CommitmentCost {
  double on = 0;
  double start = 0;
  double stop = 0;
};
CommitmentCost commitment_cost(const Model& model, const Process& process, int t, int s);
/// Adds them to the goal, discounted.
void add_commitment_costs(const Model& model, const Layout& layout, GoalVector& goal);

}  // namespace beltline
