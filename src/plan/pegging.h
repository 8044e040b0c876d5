// Pegging: which lot each use of a good takes its units from, first in, first out through stores and lags.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/plan.h"

namespace beltline {

/// Who hands a good on, or takes it.
enum class PegKind : uint8_t {
  lot,        // a process, begun in a period
  order,      // an order of capacity
  standing,   // capacity online, that holds the good or yields it
  opening,    // what lay in store before the horizon
  demand,     // a demand served
  remaining,  // still in store at the end of the horizon
  beyond,     // arrives after the horizon
  surplus,    // thrown away
  loss,       // lost in store
  unknown,    // the plan is out of balance here: rounding of its numbers
};

struct PegEnd {
  PegKind kind = PegKind::lot;
  int32_t id = -1;  // of a process, capacity, demand or store
  int period = 0;   // in which the lot begins, the order is placed, the demand is served

  auto operator<=>(const PegEnd&) const = default;
};

/// Units that one end made and another took.
struct Peg {
  PegEnd from;
  PegEnd to;
  NodeId node;          // the good and its place
  int arrived = 0;      // period in which they came; that of `from` and its lag
  int taken = 0;        // period in which they went
  double quantity = 0;  // in the good's unit, > 0
};

/// Every unit of every amount, once: what comes to a node goes, oldest first, to what takes it. In one period demands
/// come first, then orders, then what stands, then processes in the model's order. Where stores lose a share, each lot
/// there loses it; what is thrown away is the oldest.
///
/// @param plan  activity, order, built, unserved and level (of stores of amounts) are read
/// @returns     by node, then in the order of taking
/// @cost        O(flows · periods + pegs)
std::vector<Peg> peg(const Model& model, const Plan& plan);

/// Pegs by their ends, to go along them.
class PegIndex {
 public:
  explicit PegIndex(std::span<const Peg> pegs);

  /// What a lot or use takes in, and what it gives.
  [[nodiscard]] std::span<const Peg* const> into(const PegEnd& end) const;
  [[nodiscard]] std::span<const Peg* const> out_of(const PegEnd& end) const;
  /// The ends of every peg, each once, in order.
  [[nodiscard]] std::vector<PegEnd> takers() const;
  [[nodiscard]] std::vector<PegEnd> makers() const;

 private:
  static std::span<const Peg* const> range(const std::vector<PegEnd>& ends, const std::vector<const Peg*>& pegs,
                                           const PegEnd& end);

  std::vector<PegEnd> to_ends_, from_ends_;      // sorted, one for each peg
  std::vector<const Peg*> to_pegs_, from_pegs_;  // in the same order
};

}  // namespace beltline
