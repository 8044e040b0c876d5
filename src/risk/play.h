// A Model and a plan of it as operations that replications play month by month.
//
// What a plan orders and starts is released period by period. An operation does of its queue what its inputs, its
// capacity and its own limit allow; the rest waits. What it puts out arrives after its lag, which chance may have
// lengthened. Rates (power, compute, tokens) follow: each process runs at the share of its plan that its capacity and
// its inputs allow.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"
#include "model/model.h"
#include "model/plan.h"

namespace beltline {

/// What of a plan is played. [entity, period] each, in the Model's order and units.
struct PlanFigures {
  std::vector<double> order;     // [capacity, period] units
  std::vector<double> moved;     // [move, period] units
  std::vector<double> activity;  // [process, period] amounts: units; rates: units · hours
  std::vector<double> peak;      // [process, period] highest activity
  std::vector<double> variable;  // [process, period] USD of activity and peak
};

PlanFigures figures_of(const Model& model, const Plan& plan);
/// The same from the tables of a run of this Model.
/// @errors the disk's; tables that name what the Model has not
Outcome<PlanFigures> read_figures(const Model& model, const std::filesystem::path& run_folder);

/// A number that chance moves: a product of factors, or a sum of delays. One value a lane.
struct Slot {
  struct Effect {
    int source = -1;  // −1: `shock`
    int shock = -1;
    double at_low = 0, at_mode = 0, at_high = 0;
    int first = 0, last = 0;
    int event = -1;  // of a shock: its index among the shock's own events (independent ones have several)
  };
  bool is_sum = false;
  bool is_static = true;  // no shock, no window, nothing drawn each period
  std::vector<Effect> effects;
};

struct Stock {
  NodeId node;
  bool carries = true;  // has a store; else what is not taken in a period is gone
  double initial = 0;
  struct Level {
    double initial;  // of one store
    int slot;
  };
  std::vector<Level> levels;  // that make up `initial`
  double kept = 1;            // share of it that is left after a period
  int kept_slot = -1;
  int pipe = -1;
  struct Stand {
    int capacity;
    std::vector<double> rate;  // [period] put up (> 0) or held (< 0) by each unit online
    int slot = -1;             // of the rate
  };
  std::vector<Stand> stands;  // of stocks that do not carry
  struct Potential {
    int process;
    std::vector<double> most;  // [period] what it may put out
    int limit_slot;
  };
  std::vector<Potential> potentials;  // processes that put out what is asked for
  std::vector<int> takers;            // operations
  std::vector<int> makers;            // operations
};

struct Operation {
  enum class Kind : uint8_t { process, stage, move };
  Kind kind = Kind::process;
  int32_t id = -1;              // process, capacity or move
  int offset = 0;               // of a stage: periods since the order
  bool is_last = false;         // of a stage: what passes is online
  std::vector<double> planned;  // [period] released; empty: only what the stage before hands on
  int pipe = -1;                // what the stage before handed on
  struct Input {
    int stock;
    std::vector<double> rate;  // [period] taken per unit
    int slot;
    bool is_first = false;        // what it is to stand on it holds before anybody else takes of it in the month
    std::vector<int> later = {};  // stages further on the same way, which take of it first: a dock is left when done
  };
  std::vector<Input> inputs;
  struct Use {
    int resource;
    std::vector<double> use;  // [period]
    int slot = -1;            // of what its capacity allows, besides that capacity's own
  };
  std::vector<Use> uses;
  std::vector<double> upper;  // [period] most it may do; empty: no limit
  int limit_slot = -1;
  struct Output {
    enum class To : uint8_t { stock, stage, online };
    To to = To::stock;
    int target = -1;           // stock, operation or capacity
    std::vector<double> rate;  // [period] per unit; empty: 1
    int lag = -1;              // index into `lags`
    int yield_slot = -1;
  };
  std::vector<Output> outputs;
};

/// Periods from a step to the next: those since the order, with delays, less the same of what went before.
///
/// Rounded up to whole periods, as the plan does it. But of what does not come whole (in modules) a delay of 0.3
/// periods beyond the plan's makes three tenths a period later: goods flow through the month, and rounding up all of
/// them would make every small delay a whole one.
struct Lag {
  double periods = 0;
  int slot = -1;
  int after = -1;  // the lag since the order that the step before had; −1: none
  bool comes_whole = false;
};

/// A capacity that operations run on: existing (shifted by its delay) · factor + built.
struct Resource {
  int capacity = -1;
  std::vector<double> existing;  // [period]
  std::vector<double> availability;
  int limit_slot = -1, availability_slot = -1, delay_slot = -1;
};

/// A process of rates, or a service by the month: it runs at a share of its plan.
struct FlowProcess {
  int process = -1;
  std::vector<double> planned;  // [period]
  struct Use {
    int capacity;
    std::vector<double> need;  // [period] units that the plan's highest activity takes
    int slot;                  // availability
  };
  std::vector<Use> uses;
  struct End {
    int node;                  // into `flow_nodes`
    std::vector<double> flow;  // [period] as planned
    int slot;                  // intake or yield
  };
  std::vector<End> inputs, outputs;
  int limit_slot = -1, availability_slot = -1;
  bool is_fixed = true;  // nothing that chance moves reaches it
};

struct FlowNode {
  NodeId node;
  std::vector<double> planned;  // [period] what flow processes put in
  bool is_fixed = true;
};

/// Money and quantities as measures count them: Σ coefficient · term.
struct PlayCapacity {
  std::vector<double> existing;  // [period]
  int existing_slot = -1;        // of what exists
  bool is_moving = false;        // has orders or moves, or chance moves it
  int retire_pipe = -1;
  int life = 0;
};

struct Play {
  const Model* model = nullptr;
  Chances chances;
  PlanFigures figures;
  int period_count = 0;
  std::vector<Slot> slots;
  std::vector<Lag> lags;
  std::vector<Stock> stocks;
  std::vector<Operation> operations;  // in order of flow
  std::vector<Resource> resources;
  std::vector<FlowProcess> flows;  // in order of flow
  std::vector<FlowNode> flow_nodes;
  std::vector<PlayCapacity> capacities;     // [capacity]
  std::vector<int> operation_of_process;    // [process] −1: a flow, or a potential
  std::vector<int> flow_of_process;         // [process] −1: none
  std::vector<int> order_of_capacity;       // [capacity] operation of its orders, −1: none
  std::vector<int> stock_of_node;           // [node]
  std::vector<int> cost_slot_of_capacity;   // [capacity] of capex; −1: none
  std::vector<int> fixed_slot_of_capacity;  // [capacity] of fixed cost
  std::vector<int> cost_slot_of_process;    // [process]
  std::vector<int> operation_of_move;       // [move] what leaves, −1: nothing does
  std::vector<int> cost_slot_of_move;       // [move]
  std::vector<int> event_count;             // [shock] events: 1, or one an entity
  int pipe_count = 0;
};

/// What is left out, because it says nothing of when goods meet: power flow, unit commitment, limits and budgets (the
/// plan has kept them), the hours of a month.
///
/// @param model  outlives the Play
Play make_play(const Model& model, PlanFigures figures, Chances chances);

}  // namespace beltline
