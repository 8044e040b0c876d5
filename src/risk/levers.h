// What would help: an earlier order, a buffer, a second source, each played beside the plan with the same draws.
#pragma once

#include <string>
#include <vector>

#include "risk/risk.h"

namespace beltline {

enum class LeverKind : uint8_t {
  earlier_order,  // orders of capacities placed so many periods earlier
  buffer,         // goods started so many periods earlier: a stock of so many periods' use
  second_source,  // half of it from another source whose luck is its own
  more_capacity,  // a tenth more of it
};

struct RiskLever {
  LeverKind kind = LeverKind::buffer;
  int cause = 0;  // of Odds::causes, that it is meant against
  int periods = 0;
  std::vector<int> capacities;  // earlier_order
  std::vector<int> processes;   // buffer
  std::vector<int> upstream;    // buffer: what these processes need, started as much earlier
  int source = -1, shock = -1;  // second_source
  int resource = -1;            // more_capacity
};

/// A mean of differences pair by pair.
struct Gain {
  double mean = 0;
  double half_width = 0;
};

struct LeverOdds {
  RiskLever lever;
  std::vector<double> before, after;  // [milestone] probabilities, of the same replications
  std::vector<Gain> probability;      // [milestone]
  std::vector<Gain> periods;          // [milestone] how much earlier it is reached
};

/// Levers against what made the plan's milestones late most often.
std::vector<RiskLever> find_levers(const Play& play, const Observation& observation, const Odds& odds,
                                   std::size_t count_max);

/// @param replications  of each lever and of the plan
std::vector<LeverOdds> value_levers(const Play& play, const Observation& observation,
                                    const std::vector<RiskLever>& levers, const RiskOptions& options,
                                    uint32_t replications);

}  // namespace beltline
