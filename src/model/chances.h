// What of a network is not certain: sources of chance, what they move, shocks, and the milestones that plans are held
// to.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "model/basics.h"

namespace beltline {

enum class Spread : uint8_t {
  point,        // always the mode
  uniform,      // from low to high
  triangular,   // low, mode, high
  pert,         // beta on [low, high] with mean (low + 4 mode + high) / 6 (Malcolm et al. 1959, Oper. Res. 7:646)
  normal,       // mean `mode`, low and high its 5 % and 95 % quantiles
  lognormal,    // median `mode`, low and high its 5 % and 95 % quantiles
  exponential,  // mean `mode`
};

/// low ≤ mode ≤ high. Where the two quantiles of `normal` and `lognormal` are not symmetric, their distance counts.
struct Distribution {
  Spread spread = Spread::point;
  double low = 0;
  double mode = 0;
  double high = 0;

  bool operator==(const Distribution&) const = default;
};

/// One number that chance draws: the value of a scenario that has a range, or an entry `uncertainty`.
struct Source {
  std::string name;  // "hall.ulsan.permit", "uncertainty.hbm4_ramp"
  std::string unit;
  Distribution distribution;
  bool each_period = false;  // drawn anew in every period; else once a replication
  Titles titles;
  Provenance provenance;
};

enum class Aspect : uint8_t {
  delay,         // periods added: to a process's lag, to a capacity's way from order to online, to announced capacity
  yield,         // what comes out × value
  intake,        // what goes in × value
  limit,         // what it may do or be at most × value: activity, orders, capacity that exists
  cost,          // × value
  demand,        // × value
  availability,  // share of it that can be used × value
};

enum class ChanceTarget : uint8_t { process, capacity, demand };

/// What of an entity an Influence is about, where it is not all of it. Yield and intake of one flow have its index.
inline constexpr int kWholePart = -1;
inline constexpr int kOnlinePart = 0;  // limit of a capacity: what is there
inline constexpr int kOrdersPart = 1;  // limit of a capacity: what may be ordered
inline constexpr int kOwnPart = 0;     // limit of a process: its own bound
inline constexpr int kUsePart = 1;    // limit of a process: what its capacities allow, as 1 / what a unit takes of them
inline constexpr int kCapexPart = 0;  // cost of a capacity
inline constexpr int kFixedPart = 1;  // cost of a capacity: of what is online

/// What one source does to one entity: piecewise linear through (low, at_low), (mode, at_mode), (high, at_high) of the
/// source, and on beyond.
///
/// Values of `delay` are in periods and add up, with the lag of the plan, to a time that is rounded up to whole
/// periods; at_mode is below 0 where the plan's lag had been rounded up. Values of all others are factors, and
/// multiply.
struct Influence {
  int source = -1;
  ChanceTarget target = ChanceTarget::process;
  int32_t id = -1;
  Aspect aspect = Aspect::delay;
  int stage =
      -1;  // delay of a capacity: of the build flows at and after this offset, in periods since the order; −1: all
  double at_low = 0;
  double at_mode = 0;
  double at_high = 0;
  int first = 0;
  int last = std::numeric_limits<int>::max();  // periods in which it counts
  int part = kWholePart;
};

/// Something that happens: an earthquake, a strike, an export licence withheld, a storm, a transformer that fails.
struct Shock {
  std::string name;
  double rate = 0;          // expected number a period in which it may begin
  uint32_t months = 0xFFF;  // bit m−1: it may begin in month m of the year
  int first = 0;
  int last = std::numeric_limits<int>::max();
  Distribution duration;           // periods, rounded up
  bool is_independent = false;     // each entity has its own; else one event hits all of them at once
  std::vector<Influence> effects;  // while it lasts; source is −1, at_mode is the value
  Titles titles;
  Provenance provenance;
};

/// A quantity by a period: Σ coefficient · term ≥ quantity in `period`.
struct Milestone {
  std::string name;
  std::string unit;
  double quantity = 0;
  int period = 0;
  bool is_total = false;  // counts what was drawn since the start of the horizon
  int commitment = -1;    // the commitment it is about; −1: an entry of its own
  std::vector<Term> terms;
  Titles titles;
  Provenance provenance;
};

/// Sources that move together: a Gaussian copula with this coefficient between all pairs of them.
struct Correlation {
  std::vector<int> sources;
  double coefficient = 0;
};

/// Time that a plan leaves between when a thing is to be there and when it is needed: in the lag or lead of the Model.
struct Buffer {
  ChanceTarget target = ChanceTarget::capacity;
  int32_t id = -1;
  int periods = 0;
};

struct Chances {
  std::vector<Source> sources;
  std::vector<Influence> influences;
  std::vector<Shock> shocks;
  std::vector<Milestone> milestones;
  std::vector<Correlation> correlations;
  std::vector<Buffer> buffers;
};

}  // namespace beltline
