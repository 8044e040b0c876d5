// Causes and levers as people call them.
#pragma once

#include <string>

#include "risk/levers.h"

namespace beltline {

struct CauseName {
  std::string kind;  // "draw", "shock", "good", "capacity", "other"
  std::string name;  // of the source, shock, good@place or capacity
  std::string title, title_ko;
  std::string entry;  // of the scenario: "hall.ulsan"
};

/// @param cause  as CauseNumbers has it
CauseName name_of_cause(const Play& play, const CauseNumbers& numbers, int cause);

/// "orders 3 months earlier: data halls at Ulsan".
struct LeverName {
  std::string kind;     // "earlier_order", …
  std::string targets;  // names, with commas
  std::string title, title_ko;
};
LeverName name_of_lever(const Play& play, const CauseNumbers& numbers, const RiskLever& lever);

}  // namespace beltline
