// The network of a case as a scenario: places, processes, lines and demands of one hour, or of a day of hours.
#pragma once

#include <string>
#include <vector>

#include "import/draft.h"
#include "import/matpower_network.h"

namespace beltline::matpower {

/// Where a bus lies and what it is called.
struct BusPlace {
  int64_t bus = 0;
  double latitude = 0;
  double longitude = 0;
  std::string title;
  std::string title_ko;
};

/// A source of power at a bus that gives a share of what stands, hour by hour, at no cost: wind, sun, water.
struct Renewable {
  std::string kind;
  std::size_t bus = 0;          // in Network::buses
  std::vector<double> most_mw;  // [hour]
};

/// What goes beyond the case itself.
struct Surroundings {
  std::string source;  // for the header: "case9.m"
  Convention convention = Convention::matpower;
  int hours = 1;
  std::vector<BusPlace> places;            // of some or all buses
  std::vector<std::vector<double>> loads;  // [bus][hour] MW, instead of the case's; empty: the case's
  std::vector<Renewable> renewables;
  std::vector<std::vector<double>> committed;  // [generator][hour] 1 on, 0 off; empty: all are on
};

/// The scenario. Money is that of the case, written as USD.
///
///   bus 5 → place bus_5, its load → demand load_5, generator 3 (row of mpc.gen, from 1) → process gen_3 and, for the
///   pieces of its cost, gen_3_1, gen_3_2, …; its cost at no load → process no_load_gen_3, which runs at 1 all the
///   time; branch 7 → line branch_7, with limit flow_7 where its limits differ by direction; DC line 1 → process dc_1.
Draft make_draft(const Case& from, const Network& network, const Surroundings& around);

}  // namespace beltline::matpower
