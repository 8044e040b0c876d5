// Standard types of lines and transformers, by which PyPSA knows impedances.
#pragma once

#include <span>
#include <string>

#include "import/pypsa_network.h"

namespace beltline::pypsa {

struct LineType {
  std::string name;
  double r_ohm_per_km = 0;
  double x_ohm_per_km = 0;

  static LineType of(const Network& network, const Item& item);
};

/// Impedances in per cent of the rating.
struct TransformerType {
  std::string name;
  double s_nom_mva = 0;
  double vsc = 0;
  double vscr = 0;
  double phase_shift_deg = 0;
  double tap_neutral = 0;
  double tap_step = 0;

  static TransformerType of(const Network& network, const Item& item);
};

/// @source Oswald, Transformatoren (2005); Heuck, Dettmann & Schulz, Elektrische Energieversorgung (2010, 2013); the
///         names are those under which pandapower and PyPSA list them
std::span<const LineType> standard_line_types();
std::span<const TransformerType> standard_transformer_types();

}  // namespace beltline::pypsa
