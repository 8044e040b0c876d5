// Model: the network of commodities and processes that a scenario compiles to. It knows nothing about AI.
//
// A node is a commodity at a place. Processes carry flows between nodes; capacities bound processes; stores carry over;
// demands take out; limits are linear rows over all of these. The equations are in docs/formulation.md.
//
// Two grains. A *rate* commodity (MW, PFLOP/s, token/s) balances in every slice; an *amount* commodity (wafer, stack,
// rack, seat-month) balances once a period. A process runs as a rate (one activity a slice) or as an amount (one a
// period); where the two meet, a rate times the hours of the slice is an amount (see flow_weight).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/calendar.h"
#include "model/basics.h"
#include "model/chances.h"

namespace beltline {

struct Commodity {
  std::string name;
  std::string unit;  // a rate's unit ("MW") or an amount's ("wafer")
  Grain grain = Grain::amount;
  bool disposable = false;  // a surplus may be thrown away; otherwise production equals use
  Titles titles;
  Provenance provenance;
};

struct Place {
  std::string name;
  std::string title;
  std::string kind;  // land, sea, fab, grid, region
  double latitude = 0;
  double longitude = 0;
  bool outline = false;  // rates balance once a period here: a place told in outline
  Titles titles;
  Provenance provenance;
};

struct Party {
  std::string name;
  std::string title;
  std::string country;
  Titles titles;
  Provenance provenance;
};

struct Node {
  CommodityId commodity;
  PlaceId place;
};

/// Per unit of activity: rate > 0 puts out, < 0 takes in. What starts in period t arrives in period t + lag.
struct Flow {
  CommodityId commodity;
  PlaceId place;
  Series rate;
  int lag = 0;         // periods
  int delay = 0;       // slices, inside the group; where the node has the process's own slices
  bool wraps = false;  // what the delay carries past the group's end arrives at its beginning; else it is lost
  NodeId node = {};    // set by ModelBuilder::finish
};

/// Σ over the processes of `use` · activity ≤ availability · online capacity, in every slice (amounts: every period).
struct CapacityUse {
  CapacityId capacity;
  Series use;
};

/// Money between parties that is not a cost of the whole: a price per unit of activity. It never enters the objective.
struct Payment {
  PartyId payer;
  PartyId payee;
  Series price;  // USD per unit of activity (rates: per unit and hour)
  std::string item;
};

/// How a rate process starts, stops and ramps inside each group of slices (docs/formulation.md, "Units and ramps").
///
/// Its units are those of the capacity it runs on (its first `use`); a process without any has one unit of its own.
struct UnitCommitment {
  bool has_units = false;  // whole units start and stop; false: ramps alone
  double unit_size = 0;    // capacity of one unit; 0: all that is online is one unit
  Series min_load;         // [period, slice] share of a unit on that it puts out at least; absent: 0
  Series start_cost;       // [period, slice] USD per start of a unit
  Series stop_cost;        // [period, slice] USD per stop of a unit
  Series no_load_cost;     // [period, slice] USD per unit on and hour
  double min_up = 0;       // hours, or slices (`counts_slices`), that a unit stays on once started
  double min_down = 0;     // likewise off
  Series ramp_up;          // [period, slice] share of the capacity on, per hour; absent: no limit
  Series ramp_down;
  double ramp_start = -1;              // share of a unit that it may reach in the slice of its start; < 0: no limit
  double ramp_stop = -1;               // share of a unit from which it may stop; < 0: no limit
  bool ramps_by_count = false;         // ramp limits of units from the number on alone, as PyPSA has them
  bool counts_slices = false;          // min_up, min_down and on_before are numbers of slices, not hours
  bool is_cyclic = true;               // a group's end meets its beginning; false: it begins with the state below
  std::optional<double> on_before;     // how long units were on before a group, negative: off; none: any state
  std::optional<double> units_before;  // units on before a group; none: those that existed, if on_before > 0
  std::optional<double> level_before;  // activity before a group; none: no ramp into it, unless all were off
};

struct Process {
  std::string name;
  PlaceId place;
  PartyId owner;
  Grain grain = Grain::rate;
  std::string unit;  // of activity
  std::string kind;  // for tables: "run", "grid", "fab", …
  std::vector<Flow> flows;
  std::vector<CapacityUse> uses;
  std::vector<Payment> payments;
  Series lower;            // [period, slice] activity ≥; absent: 0, or none with `runs_back`
  Series upper;            // [period, slice] activity ≤; absent: no bound of its own
  Series least_share;      // [period, slice] activity · use ≥ this share of its first capacity's online units
  Series cost;             // [period, slice] USD per unit of activity (rates: per unit and hour)
  Series quadratic_cost;   // [period, slice] ≥ 0: USD per unit² of activity (rates: and hour), on top of `cost`
  Series peak_cost;        // [period] USD per unit of the period's highest activity (rates only)
  Series useful;           // [period, slice] weight in the objective max_compute, per unit (rates: per unit and hour)
  bool runs_back = false;  // activity may be negative: the flows turn round
  double reactance = 0;    // ≠ 0: a line of the DC power flow; activity is signed, from `line_from` to `line_to`
  double phase_shift = 0;  // rad: angle(from) − angle(to) = reactance · activity + phase_shift
  PlaceId line_from;
  PlaceId line_to;
  Titles titles;
  Provenance provenance;
  // of rates only, and not at places told in outline
  std::optional<UnitCommitment> commitment;
};

/// Consumed (< 0) or yielded (> 0) once for each unit ordered, `offset` periods after the order.
struct BuildFlow {
  CommodityId commodity;
  PlaceId place;
  double amount = 0;
  int offset = 0;
  NodeId node = {};
};

/// Held for each unit online: per period for amounts, in every slice for rates.
struct StandFlow {
  CommodityId commodity;
  PlaceId place;
  Series rate;
  NodeId node = {};
};

/// What processes and stores run on. online[t] = existing[t] + Σ orders with order + lead ≤ t < order + lead + life.
struct Capacity {
  std::string name;
  PlaceId place;
  PartyId owner;
  std::string unit;
  std::string kind;  // for tables: "hall", "rack", "hull", …
  Series existing;   // [period] units online without any order; absent: 0
  bool buildable = true;
  int lead = 0;            // periods from order to online
  double module_size = 0;  // > 0: comes whole, in modules of this many units (integer); 0: any amount
  Series build_max;        // [period] units that may be ordered in the period; absent: no limit
  double total_max = -1;   // units built and online at one time, besides existing; < 0: no limit
  int earliest_order = 0;
  int earliest_online = 0;
  int life = 0;                       // periods online; 0: beyond the horizon
  Series capex;                       // [period of the order] USD/unit
  std::vector<double> spend_profile;  // share of capex by periods since the order; sums to 1; empty: all at the order
  double salvage_life =
      0;  // periods over which capex is written off linearly; the rest is salvage at the horizon; 0: none
  double sinking_fund_rate = -1;  // ≥ 0: written off as a sinking fund at this rate a period, not linearly
  Series fixed_cost;              // [period] USD/unit online
  Series availability;            // [period, slice] share of online capacity that can be used; absent: 1
  std::vector<BuildFlow> build_flows;
  std::vector<StandFlow> stand_flows;
  Titles titles;
  Provenance provenance;
};

/// Capacity that changes its place: leaves `from` in t, is online at `to` in t + lag. In modules where `from` has
/// modules.
struct Move {
  std::string name;
  CapacityId from;
  CapacityId to;
  int lag = 1;
  Series cost;  // [period] USD/unit moved
  Titles titles;
  Provenance provenance;
};

/// A level that carries over. Rate commodities: over the slices of a group, cyclic or from `initial`. Amounts: over
/// periods.
struct Store {
  std::string name;
  CommodityId commodity;
  PlaceId place;
  PartyId owner;
  CapacityId level_capacity;  // level ≤ level_per_unit · its online units; invalid: `level_max`
  double level_per_unit = 1;  // hours of storage, where level and power share one capacity
  CapacityId power_capacity;  // charge and discharge ≤ its online units; invalid: `power_max`
  Series level_max;           // [period, slice] absent: no limit
  Series level_min;           // [period, slice] absent: 0
  Series level_share_max;     // [period, slice] share of the level capacity's limit; absent: 1
  Series level_share_min;     // [period, slice] likewise that the level must have; absent: 0
  Series power_max;           // [period, slice] absent: no limit
  bool is_open = false;       // rates: each group begins with `initial` and ends anywhere; otherwise it is cyclic
  double efficiency_in = 1;   // rates only
  double efficiency_out = 1;  // rates only
  double loss = 0;            // share of the level lost per hour (rates) or period (amounts)
  double initial = 0;         // amounts: level before the first period; rates: before each group, where it is open
  Series holding_cost;        // [period] USD per unit of level (rates: mean over the slices)
  Series charge_cost;         // [period, slice] USD per unit and hour charged (rates only)
  Series discharge_cost;      // [period, slice] USD per unit and hour discharged (rates only): wear
  NodeId node = {};
  Titles titles;
  Provenance provenance;
};

struct Demand {
  std::string name;
  CommodityId commodity;
  PlaceId place;
  PartyId party;
  Series quantity;       // [period, slice] rate, or [period] amount
  Series unserved_cost;  // USD per unit unserved (rates: per unit and hour); absent: it must be served
  NodeId node = {};
  Titles titles;
  Provenance provenance;
};

enum class LimitScope : uint8_t { each_period, window, each_slice };

/// lower ≤ Σ coefficient · term ≤ upper, in each period of the window, in each slice of these, or summed over it. In a
/// slice, rates and levels count as they are, not times the hours.
struct Limit {
  std::string name;
  std::string unit;
  std::string kind;  // for tables: "budget", "share", "n_minus_1", "target", "commitment", …
  LimitScope scope = LimitScope::each_period;
  int first = 0;
  int last = 1 << 30;  // inclusive; clipped to the horizon
  std::vector<Term> terms;
  Series lower;            // absent: none
  Series upper;            // absent: none
  Series shortfall_cost;   // present: the lower side may be missed at this cost, USD per unit
  bool is_target = false;  // the lower side is a goal: hard in min_cost, minimised in earliest, reported in max_compute
  Titles titles;
  Provenance provenance;
};

/// What a party promised another. `ceiling` and `take_or_pay` bind the plan; the rest is compared with it.
struct Commitment {
  std::string name;
  std::string title;
  PartyId from;
  PartyId to;
  std::string kind;    // LOI, MOU, contract, announcement, law
  std::string status;  // signed, announced, under_construction, …
  std::string unit;
  int first = 0;
  int last = 1 << 30;
  Series quantity;          // [period] what is promised
  std::vector<Term> terms;  // what the plan draws
  bool ceiling = false;     // draws ≤ quantity
  double take_or_pay = 0;   // share of the quantity paid for whether drawn or not
  Series price;             // USD per unit, for what is paid but not drawn
  Titles titles;
  Provenance provenance;
};

/// A line of a report, period by period: Σ coefficient · term (+ constant). Never enters the optimisation.
struct Measure {
  std::string table;  // programme, memory, centres, floating, belt, seats, public, …
  std::string name;
  std::string unit;
  PlaceId place;
  PartyId party;
  std::vector<Term> terms;
  bool per_hour = false;  // divide by the hours of the period: a mean rate
  Series constant;
  Titles titles;
  Provenance provenance;
};

enum class ObjectiveKind : uint8_t { min_cost, max_compute, earliest };

struct Objective {
  ObjectiveKind kind = ObjectiveKind::min_cost;
  double discount_rate = 0.05;  // real, per year, for costs and (in max_compute) for compute
  bool capex_at_start = false;  // capex counts at the beginning of its period, all else in the middle
  Series weight;                // [period] what a USD of the period counts for, instead of the discount rate
  double constant_usd = 0;      // added to the cost
  double tolerance = 1e-3;      // share of the first goal that the second, cost, may give up
};

/// The immutable network, made by ModelBuilder::finish and shared by all threads.
class Model {
 public:
  Calendar calendar;
  Objective objective;
  std::vector<Commodity> commodities;
  std::vector<Place> places;
  std::vector<Party> parties;
  std::vector<Node> nodes;
  std::vector<Process> processes;
  std::vector<Capacity> capacities;
  std::vector<Move> moves;
  std::vector<Store> stores;
  std::vector<Demand> demands;
  std::vector<Limit> limits;
  std::vector<Commitment> commitments;
  std::vector<Measure> measures;
  Chances chances;  // what a plan does not know: for src/risk, never part of the optimisation
  std::vector<double> pool;

  [[nodiscard]] int period_count() const { return calendar.period_count; }
  [[nodiscard]] double at(Series series, int t, int s = 0) const {
    return pool[static_cast<std::size_t>(series.offset + t * series.period_stride + s * series.slice_stride)];
  }
  [[nodiscard]] double at_or(Series series, double otherwise, int t, int s = 0) const {
    return series.present() ? at(series, t, s) : otherwise;
  }
  /// The value at the resolution of an entity with `slices` slices: its own slice, or with one slice the mean by hours.
  [[nodiscard]] double at_resolution(Series series, int slices, int t, int s) const {
    return slices == 1 && series.slice_stride != 0 && calendar.slice_count > 1 ? mean(series, t) : at(series, t, s);
  }
  [[nodiscard]] double mean(Series series, int t) const;
  /// Slices in which the node balances: 1 for amounts and at outline places, else the calendar's.
  [[nodiscard]] int slice_count(const Node& node) const {
    return commodities[node.commodity.index()].grain == Grain::amount || places[node.place.index()].outline
               ? 1
               : calendar.slice_count;
  }
  [[nodiscard]] int slice_count(const Process& process) const {
    return process.grain == Grain::amount || places[process.place.index()].outline ? 1 : calendar.slice_count;
  }
  /// Hours that one activity value of a process with `slices` slices stands for.
  [[nodiscard]] double hours(int slices, int t, int s) const {
    return slices == 1 ? calendar.hours(t) : calendar.hours(t, s);
  }
  /// What money, and compute, of period t counts for at the start of the horizon.
  [[nodiscard]] double discount_factor(int t) const;
  /// The same for capex, and for what is left of it at the end of the horizon.
  [[nodiscard]] double capex_factor(int t) const;
  [[nodiscard]] double salvage_factor() const;
  /// Whether the activity may be negative: a line, a link both ways.
  [[nodiscard]] bool runs_back(const Process& process) const;
  [[nodiscard]] const std::string& commodity_name(NodeId n) const {
    return commodities[nodes[n.index()].commodity.index()].name;
  }
  [[nodiscard]] const std::string& place_name(NodeId n) const { return places[nodes[n.index()].place.index()].name; }
};

}  // namespace beltline
