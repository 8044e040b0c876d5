// ModelBuilder: entities in, one immutable Model out.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/model.h"

namespace beltline {

/// Collects entities in any order; ids are given at once, so that entities may refer to each other before all are
/// there. Names are unique within a kind of entity. `finish` sorts nothing: parts add in the order of sorted entries.
class ModelBuilder {
 public:
  explicit ModelBuilder(Calendar calendar);

  [[nodiscard]] const Calendar& calendar() const { return model_.calendar; }
  Model& model() { return model_; }

  Series constant(double value);
  Series by_period(const std::vector<double>& values);        // [period]
  Series by_period(const std::function<double(int)>& value);  // t → value
  Series by_slice(const std::vector<double>& values);         // [period, slice]
  Series by_slice(const std::function<double(int, int)>& value);
  Series by_slice_of_period(const std::vector<double>& values);  // [slice], the same in every period

  // Each adds one entity; a name already taken is a Bug (parts check names first).
  CommodityId add(Commodity commodity);
  PlaceId add(Place place);
  PartyId add(Party party);
  ProcessId add(Process process);
  CapacityId add(Capacity capacity);
  MoveId add(Move move);
  StoreId add(Store store);
  DemandId add(Demand demand);
  LimitId add(Limit limit);
  CommitmentId add(Commitment commitment);
  void add(Measure measure);

  [[nodiscard]] CommodityId find_commodity(std::string_view name) const;
  [[nodiscard]] PlaceId find_place(std::string_view name) const;
  [[nodiscard]] PartyId find_party(std::string_view name) const;
  [[nodiscard]] ProcessId find_process(std::string_view name) const;
  [[nodiscard]] CapacityId find_capacity(std::string_view name) const;

  /// Makes nodes, resolves references, drops nothing. Structural faults that a scenario can cause (a node that is used
  /// but never supplied, capacities whose processes mix grains) are added to `diagnostics`; ids out of range are Bugs.
  std::optional<Model> finish(Diagnostics& diagnostics) &&;

 private:
  NodeId node(CommodityId commodity, PlaceId place);
  Model model_;
  std::map<std::string, int32_t, std::less<>> names_[9];
  std::unordered_map<int64_t, int32_t> node_index_;
  std::unordered_map<double, int32_t> constants_;
};

}  // namespace beltline
