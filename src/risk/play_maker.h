// Turns a Model and a plan of it into operations. For src/risk/play*.cpp.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "risk/period_rows.h"
#include "risk/play.h"

namespace beltline {

/// What counts as nothing in a plan.
inline constexpr double kTiny = 1e-12;

/// Makes a Play part by part; see make_play.
class PlayMaker : private PeriodRows {
 public:
  PlayMaker(const Model& model, PlanFigures figures, Chances chances) : PeriodRows(model), m_(model) {
    play_.model = &model;
    play_.figures = std::move(figures);
    play_.chances = std::move(chances);
    play_.period_count = model.period_count();
  }

  Play make() {
    count_events();
    make_capacities();
    make_stocks();
    make_processes();
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) make_stages(static_cast<int>(k));
    make_moves();
    make_flows();
    make_cost_slots();
    put_holders_first();
    order_operations();
    link_stocks();
    return std::move(play_);
  }

 private:
  [[nodiscard]] bool is_amount(CommodityId c) const { return m_.commodities[c.index()].grain == Grain::amount; }

  // play_slots.cpp
  [[nodiscard]] int buffer_of(ChanceTarget target, std::size_t id) const;
  /// Events of a shock: one, or one an entity it hits where these are independent.
  void count_events();
  [[nodiscard]] int event_of(const Shock& shock, const Influence& effect) const;
  /// The slot of what chance does to one aspect of an entity; −1 where it does nothing.
  /// @param offset  of delays of capacities: what counts at this offset and before
  /// @param part    what of the entity it is for, with what is about the whole; kUsePart is beside the whole's limit
  int slot(ChanceTarget target, std::size_t id, Aspect aspect, int offset = -1, int part = kWholePart);
  /// The slot of what ranges say of this one part, and of nothing else; −1 where they say nothing.
  int slot_of_part(ChanceTarget target, std::size_t id, Aspect aspect, int part);
  int stand_slot(std::size_t k, const StandFlow& stand, const std::vector<double>& rate);
  int build_slot(std::size_t k, const BuildFlow& flow);
  /// The slot that is both; −1 is none.
  int joined(int a, int b);
  void add_effect(Slot& made, const Influence& each) const;
  int add_lag(double periods, int slot_index, int after = -1, bool comes_whole = false);
  void make_cost_slots();

  // play_goods.cpp
  void make_capacities();
  /// A stock for each node of an amount.
  void make_stocks();
  /// Amounts that are made for stock are operations; what only answers to what is asked for is a potential; what is a
  /// service of the month, or a rate, is a flow.
  void make_processes();
  /// Whether what it puts out is taken by orders.
  [[nodiscard]] bool is_asked_for(const Process& process) const;
  void make_potential(int p);
  int resource_of(int capacity);
  void make_operation(int p);
  /// An order goes from one need to the next until it is online.
  void make_stages(int k);
  void add_build_flows(const Capacity& capacity, Operation& made, int offset, int lead, std::size_t stage);
  /// Nothing comes online before what it holds is free: space, people.
  void add_holds(const Capacity& capacity, Operation& made);
  [[nodiscard]] std::size_t index_of(const Capacity& capacity) const;
  void make_moves();

  // play_flows.cpp
  int flow_node_of(NodeId node);
  void make_flow(int p);
  [[nodiscard]] int slices_of(Series series) const;
  void make_flows();
  /// Makers of a node before its takers; loops are cut at the process of the lowest index.
  void order_flows();
  void mark_fixed_flows();

  // play.cpp
  /// Of what processes take by the month, such as the room of a line, that which comes to stand on it has its part
  /// first: it was decided, and what runs takes the rest.
  void put_holders_first();
  /// What may pass within one period comes first.
  void order_operations();
  [[nodiscard]] bool may_be_at_once(const Operation::Output& output) const;
  void renumber(const std::vector<std::size_t>& order);
  void link_stocks();
  /// Stages of the same capacity that come after this one and take of the same stock.
  [[nodiscard]] std::vector<int> later_takers(std::size_t operation, int stock) const;

  const Model& m_;
  Play play_;
  std::map<std::tuple<ChanceTarget, std::size_t, Aspect, int, int>, int> slot_of_;
  std::map<std::pair<int, int>, int> joined_;
  std::map<int, int> resource_of_, flow_node_of_;
  std::set<int> potential_;
};

}  // namespace beltline
