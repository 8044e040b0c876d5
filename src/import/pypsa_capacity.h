// The nominal capacity of a PyPSA component as a capacity of the network.
#pragma once

#include <string>
#include <vector>

#include "import/pypsa_network.h"

namespace beltline::pypsa {

/// What of a component is sized: p_nom in MW, s_nom in MVA (counted as MW) or e_nom in MWh.
struct Nominal {
  std::string prefix;  // "p"
  std::string unit;    // "MW"

  [[nodiscard]] std::string attribute(std::string_view suffix) const { return prefix + "_nom" + std::string(suffix); }
};

/// How large a component may be.
struct Sizes {
  bool is_extendable = false;
  double nominal = 0;  // where it is not
  double min = 0;
  double max = 0;  // may be infinite
  double module_size = 0;
  double cost = 0;  // USD per unit of capacity over the horizon
};

/// @errors bounds that contradict each other, a negative minimum
Sizes sizes_of(Network& network, const Item& item, const Nominal& nominal);

struct CapacityEntry {
  std::string name;
  std::string place;
  std::string title;
  std::string kind;
  double scale = 1;                   // units of the capacity per unit of nominal capacity, where none is extendable
  std::vector<double> availability;   // [1] or [snapshot]; empty: 1
  std::string family = "capacities";  // file of the availability
};

/// Adds it, with its cost in the objective's constant.
void add_capacity(Network& network, const Nominal& nominal, const Sizes& sizes, const CapacityEntry& entry);

/// "generator Norway Wind at Norway".
std::string title_of(const Network& network, const Item& item, std::string_view bus);

}  // namespace beltline::pypsa
