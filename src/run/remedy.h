// What would make an infeasible scenario feasible: the smallest changes of its own values, each tried before it is
// told.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "plan/shortage.h"
#include "run/pipeline.h"

namespace beltline {

/// One value of the scenario and what it would have to be.
struct Change {
  std::string path;    // "yard.geoje.slots"
  std::string before;  // "0 hull/year"
  std::string after;   // "2.5 hull/year"; of a series: "× 1.4"
  std::string option;  // as --set takes it: "yard.geoje.slots=2.5 hull/year"
  std::string place;   // "sites.toml:41"
};

enum class RemedyKind {
  more,   // of what is short
  later,  // what is asked for, from a later month on
  less,   // of what is asked for
};

/// Changes that together make the scenario feasible.
struct Remedy {
  RemedyKind kind = RemedyKind::more;
  std::vector<Change> changes;
  double size = 0;        // Σ |ln factor|, a year of a date or a beginning from nothing counted as ln 2
  bool is_tried = false;  // with whole modules and all hours: the scenario so changed can be planned
};

struct RemedyOptions {
  double wall_time_max_s = 60;  // of the whole search; what was found by then is returned
  std::size_t count_max = 3;    // remedies of kind `more`
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(const std::string&)> on_progress;
};

/// Finds remedies by changing one value after the other and asking how much is still missing (find_shortages): first
/// values of what binds, then of the entries that these name. Where no single value is enough, the one that helps most
/// is changed as far as it helps, and what is still missing is asked for again.
///
/// @param compiled   the scenario, with a Model
/// @param shortages  of its Model
/// @returns smallest first, those that ask for less or later last; empty if none was found in time
/// @errors the operating system's
/// @cost an LP for each value tried: tens to a few hundred
Outcome<std::vector<Remedy>> find_remedies(const Compiled& compiled, const Shortages& shortages,
                                           const RemedyOptions& options = {});

}  // namespace beltline
