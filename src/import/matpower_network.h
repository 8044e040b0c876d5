// A case as the network of its DC optimal power flow: what stands, in MW, MWh and radians.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "import/matpower_case.h"

namespace beltline::matpower {

/// Which susceptance a branch has, and what else belongs to the DC power flow.
///
///   matpower  b = 1 / (x · tap), phase shifts counted           (MATPOWER's makeBdc)
///   pglib     b = x / (r² + x²), taps and shifts left out       (PowerModels' DCPPowerModel, PGLib's baseline)
///
/// In both the conductance Gs of a bus is a load at voltage 1, and angle limits bind.
enum class Convention : uint8_t { matpower, pglib };

struct Bus {
  int64_t number = 0;
  double load_mw = 0;   // Pd + Gs; negative: it feeds in
  double shunt_mw = 0;  // the part of it that is Gs
  double base_kv = 0;
  std::size_t row = 0;  // of mpc.bus, from 0
};

/// cost(p) = constant + linear · p + quadratic · p², or pieces from `lower` upwards.
struct Cost {
  struct Piece {
    double width_mw = 0;
    double slope = 0;  // USD/MWh
  };
  double constant = 0;        // USD/h; with pieces, the cost at `lower`
  double linear = 0;          // USD/MWh
  double quadratic = 0;       // USD/MW/MWh
  std::vector<Piece> pieces;  // slopes never fall; the last may be without end
};

/// A generator or dispatchable load (lower < 0).
struct Generator {
  std::size_t bus = 0;  // in Network::buses
  double lower_mw = 0;  // may be -infinity
  double upper_mw = 0;  // may be infinity
  Cost cost;
  std::string fuel;
  std::size_t row = 0;
};

/// f = (θ_from − θ_to − shift) / reactance
struct Branch {
  std::size_t from = 0;
  std::size_t to = 0;
  double reactance = 0;  // rad/MW
  double shift_rad = 0;
  double lower_mw = 0;  // of the flow; may be infinite
  double upper_mw = 0;
  std::size_t row = 0;
};

/// What leaves `from` is f; what arrives at `to` is (1 − loss_share) · f − loss_mw.
struct DcLine {
  std::size_t from = 0;
  std::size_t to = 0;
  double lower_mw = 0;
  double upper_mw = 0;
  double loss_mw = 0;
  double loss_share = 0;
  Cost cost;
  std::size_t row = 0;
};

struct Network {
  double base_mva = 0;
  std::vector<Bus> buses;  // in service
  std::vector<Generator> generators;
  std::vector<Branch> branches;
  std::vector<DcLine> dc_lines;
};

/// What is in service: isolated buses (type 4) are left out with all that is connected to them, and elements whose
/// status says so.
///
/// @errors  two buses of one number, a bus that is not there, numbers that are not finite, a reactance of 0, limits
/// that
///          contradict each other, costs that are not convex or of a higher degree than 2; each at its number in the
///          table, all at once
std::optional<Network> make_network(Reader& reader, const Case& from, Convention convention);

}  // namespace beltline::matpower
