// A PyPSA network with its values typed and its faults told: what the converters read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "import/draft.h"
#include "import/names.h"
#include "import/pypsa_source.h"

namespace beltline::pypsa {

/// A component of a list.
struct Item {
  const Component* list = nullptr;
  std::size_t index = 0;

  [[nodiscard]] const std::string& name() const { return list->names[index].text; }
};

/// Reads values with their defaults; a static value is one number, a varying one a number a snapshot.
class Network {
 public:
  Network(const Source& source, Diagnostics& diagnostics);

  /// The components of a list that `optimize` looks at: those that are active in some snapshot.
  [[nodiscard]] const std::vector<Item>& items(std::string_view list) const;
  [[nodiscard]] const Item* find(std::string_view list, std::string_view name) const;

  [[nodiscard]] bool is_given(const Item& item, std::string_view attribute) const;
  [[nodiscard]] std::string text(const Item& item, std::string_view attribute, std::string_view fallback = {}) const;
  [[nodiscard]] double number(const Item& item, std::string_view attribute) const;
  [[nodiscard]] bool flag(const Item& item, std::string_view attribute) const;
  /// [1] or [snapshot]
  [[nodiscard]] std::vector<double> series(const Item& item, std::string_view attribute) const;
  /// [snapshot]
  [[nodiscard]] std::vector<double> spread(const Item& item, std::string_view attribute) const;
  /// Annuity for the horizon per unit of capacity, times what the periods in which it is active count for.
  [[nodiscard]] double fixed_cost(const Item& item) const;
  /// capital_cost of one period, without fixed operation and maintenance.
  [[nodiscard]] double period_cost(const Item& item) const;
  /// [snapshot] 1 where the component is active, 0 where it is not; empty: always.
  [[nodiscard]] const std::vector<double>& activity(const Item& item) const;
  [[nodiscard]] bool is_active_in(const Item& item, int year) const;

  /// Says that a value cannot be carried over.
  void refuse(const Item& item, std::string_view attribute, std::string expected, std::string help) const;

  [[nodiscard]] std::size_t count() const { return source_.snapshot_count(); }
  [[nodiscard]] bool has_periods() const { return !source_.periods.empty(); }
  [[nodiscard]] const Source& source() const { return source_; }
  /// Hours that a snapshot counts for in the objective, times what its period counts for.
  [[nodiscard]] const std::vector<double>& hours() const { return hours_; }
  /// Hours in sums of energy, times the years of the period, over `hours`: a limit's coefficient for a snapshot.
  [[nodiscard]] std::vector<double> energy_weights(bool with_years) const;
  [[nodiscard]] Diagnostics& diagnostics() const { return diagnostics_; }

  Draft draft;
  mutable NameMap names;

  /// Names of the place and commodity of a bus; empty names, after saying so, where there is no such bus.
  struct Node {
    std::string place;
    std::string commodity;
  };
  [[nodiscard]] Node node(const Item& item, std::string_view attribute) const;
  [[nodiscard]] Node node_of_bus(std::string_view bus) const { return nodes_.find(bus)->second; }
  /// The carrier of the sub-network that a bus belongs to.
  [[nodiscard]] const std::string& carrier_of(std::string_view bus) const { return carrier_of_.find(bus)->second; }
  /// The bus's own carrier; "" where there is no such bus.
  [[nodiscard]] std::string carrier_of_bus(std::string_view bus) const;
  [[nodiscard]] bool is_direct_current(std::string_view bus) const;

  void add_objective_constant(double usd) { constant_usd_ += usd; }
  [[nodiscard]] double constant_usd() const { return constant_usd_; }

 private:
  void check_attributes(const Component& list) const;
  void check_number(const Component& list, std::string_view attribute) const;
  void make_nodes();
  void find_activity();
  [[nodiscard]] const Cell* cell(const Item& item, std::string_view attribute) const;
  [[nodiscard]] const std::vector<double>* varying(const Item& item, std::string_view attribute) const;

  const Source& source_;
  Diagnostics& diagnostics_;
  std::vector<double> hours_;
  std::map<std::string, std::vector<Item>, std::less<>> items_;
  std::map<std::pair<std::string, std::size_t>, std::vector<double>> activity_;
  std::map<std::string, Node, std::less<>> nodes_;
  std::map<std::string, std::string, std::less<>> carrier_of_;  // of the sub-network that a bus belongs to
  double constant_usd_ = 0;
};

/// "efficiency" of "efficiency2": a link has one of them for each of its buses.
std::string_view stem_of(std::string_view attribute);

/// Makes entries of all components; what cannot be carried over is reported.
void convert_buses(Network& network);
void convert_generators(Network& network);
void convert_loads(Network& network);
void convert_links(Network& network);
void convert_branches(Network& network);
void convert_stores(Network& network);
void convert_storage_units(Network& network);
void convert_constraints(Network& network);

/// The process of a generator or link.
std::string process_of(const Network& network, const Item& item);
/// The capacity of a component, where it has one.
std::string capacity_of(const Network& network, const Item& item);

}  // namespace beltline::pypsa
