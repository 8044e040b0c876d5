// What the writers of a PyPSA network share.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "export/pypsa_folder.h"
#include "model/model.h"
#include "plan/formulate.h"

namespace beltline::pypsa_export {

/// A nominal size and the shares of it between which a component runs. Units of the model, before flows scale them.
struct Sizing {
  bool is_extendable = false;
  double nominal = 0;
  double min = 0, max = 0;   // of an extendable one
  double module_size = 0;    // > 0: comes in modules
  double cost = 0;           // discounted USD per unit online
  std::vector<double> low;   // [snapshot] shares
  std::vector<double> high;  // [snapshot]
  std::vector<double> set;   // [snapshot] what is given, in units; empty: none
};

/// A component that a limit may count: its list, its name and how its variable relates to the model's.
struct Written {
  std::string list;
  std::string name;
  double scale = 0;  // component's variable = scale · model's
};

class Network {
 public:
  Network(const Model& model, const std::string& name, Diagnostics& diagnostics);

  /// Says that PyPSA cannot hold a value of an entity.
  void refuse(const Provenance& entity, std::string_view attribute, std::string found, std::string expected,
              std::string help) const;

  [[nodiscard]] int count() const { return m.calendar.slice_count; }
  /// [snapshot]; empty where absent
  [[nodiscard]] std::vector<double> spread(Series series) const;
  [[nodiscard]] std::vector<double> spread(Series series, double otherwise) const;
  /// [snapshot] of the columns of a block
  [[nodiscard]] std::vector<double> lower(const Block& block) const;
  [[nodiscard]] std::vector<double> upper(const Block& block) const;
  /// [snapshot] discounted USD per unit and hour, that of a snapshot without hours being 0; quadratic: per unit²
  [[nodiscard]] std::vector<double> hourly_cost(const Block& block) const;
  [[nodiscard]] std::vector<double> hourly_quadratic_cost(const Block& block) const;
  /// [snapshot] discounted USD per unit, whatever the snapshot stands for
  [[nodiscard]] std::vector<double> cost(const Block& block) const;

  [[nodiscard]] bool can_build(CapacityId k) const;
  [[nodiscard]] int user_count(CapacityId k) const;
  /// Size of a capacity that can be built; `per_unit` units of the component are one of the capacity.
  [[nodiscard]] Sizing sizing_of(CapacityId k, double per_unit) const;
  /// Size of what runs between bounds. Without any it is extendable, at no cost.
  [[nodiscard]] Sizing sizing_between(const Provenance& entity, const std::vector<double>& low,
                                      const std::vector<double>& high) const;
  /// Writes e_nom of `stem` "e" and so on, times `scale`; counts the constant that PyPSA takes away.
  void write_size(Component& out, const std::string& stem, const Sizing& sizing, double scale);

  /// Name of a rate node's bus; "" after saying so, where the node is one of amounts.
  [[nodiscard]] const std::string& bus(NodeId node) const { return buses_[node.index()]; }
  /// The bus of a capacity that several processes use: a generator of its size feeds what they take.
  const std::string& capacity_bus(CapacityId k);
  void use_carrier(const std::string& carrier);

  const Model& m;
  const Formulation lp;
  const GoalVector goal;
  Diagnostics& diagnostics;
  Folder folder;
  std::string title;
  double extendable_usd = 0;                 // of the goal's constant, what PyPSA counts at extendable components
  std::set<std::size_t> limited;             // processes whose activity a limit counts
  std::map<std::size_t, Written> processes;  // what became of them
  std::map<std::size_t, Written> stores;     // likewise
  std::map<std::size_t, std::vector<Written>> capacities;   // extendable components on them
  std::map<std::string, std::vector<double>> efficiencies;  // [snapshot] of generators that limits count

 private:
  void name_buses();

  std::vector<std::string> buses_;                     // [node]
  std::map<std::size_t, std::string> capacity_buses_;  // those made so far
};

void write_processes(Network& network);
void write_stores(Network& network);
void write_limits(Network& network);

}  // namespace beltline::pypsa_export
