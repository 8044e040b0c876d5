// Why a model cannot be planned: what is missing at the least, where and when, and what it waits for.
#pragma once

#include <atomic>
#include <vector>

#include "base/failure.h"
#include "model/entity.h"
#include "model/plan.h"

namespace beltline {

/// A requirement that the nearest thing to a plan misses. Nothing else is given up for it.
struct Shortage {
  Entity entity;           // demand, limit, commitment, process (must run) or good (more comes or is held than can go)
  bool is_excess = false;  // too much instead of too little: an upper bound that is passed
  int first = 0;           // first and last period in which something is missing
  int last = 0;
  int worst = 0;                 // the period in which most is missing
  double required = 0;           // in the worst period (rates: mean), in the entity's unit
  double missing = 0;            // likewise
  double share = 0;              // of all that is required over the horizon
  std::vector<CauseStep> chain;  // from the requirement to what binds; empty for what runs or is held by itself
};

/// A bound that the shortage runs into, and how much of it twice the bound would take away, to first order.
struct Pressure {
  Entity entity;
  double stake = 0;
};

struct Shortages {
  Termination termination = Termination::unverified;  // optimal, or why there is no answer
  double share = 0;                 // Σ over the requirements of the share that is missing; 0: the model can be planned
  bool whole_modules = false;       // only whole modules make it infeasible
  bool by_slice = false;            // only the hours of the day do
  std::vector<Shortage> items;      // largest share first
  std::vector<Pressure> pressures;  // largest first, one an entity
};

struct ShortageOptions {
  double wall_time_max_s = 60;
  bool with_causes = true;         // chains and pressures
  int coarse_column_min = 60'000;  // from so many columns on months are asked first, without the hours of their day
  const std::atomic<bool>* cancel = nullptr;
};

/// The least that any plan must miss, each requirement measured by its own whole: an elastic relaxation (Chinneck 2008,
/// *Feasibility and Infeasibility in Optimization*, chapter 6) in which only what is asked for gives way — demands,
/// floors, least running — never what supplies it. Modules come in any amount unless that alone makes it possible.
///
/// @returns share 0 where the model can be planned
/// @errors the operating system's
/// @cost an LP of the model's size; with whole modules at fault, a MIP
Outcome<Shortages> find_shortages(const Model& model, const ShortageOptions& options = {});

}  // namespace beltline
