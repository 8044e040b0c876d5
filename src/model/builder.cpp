#include "model/builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/diagnostic_codes.h"

namespace beltline {
namespace {

enum NameTable { kCommodity, kPlace, kParty, kProcess, kCapacity, kMove, kStore, kDemand, kLimit };

template <class IdType, class Entity>
IdType append(std::vector<Entity>& list, std::map<std::string, int32_t, std::less<>>& names, Entity entity) {
  const IdType id(list.size());
  const bool is_new = names.emplace(entity.name, id.value).second;
  if (!is_new) throw Bug("two entities of one kind are named '" + entity.name + "'");
  list.push_back(std::move(entity));
  return id;
}

template <class IdType>
IdType lookup(const std::map<std::string, int32_t, std::less<>>& names, std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? IdType() : IdType(found->second);
}

}  // namespace

ModelBuilder::ModelBuilder(Calendar calendar) {
  model_.calendar = std::move(calendar);
}

Series ModelBuilder::constant(double value) {
  // Most constants repeat (1, 0, 720 …): one place in the pool each.
  if (const auto found = constants_.find(value); found != constants_.end() && !std::isnan(value)) {
    return {.offset = found->second};
  }
  const auto offset = static_cast<int32_t>(model_.pool.size());
  model_.pool.push_back(value);
  constants_.emplace(value, offset);
  return {.offset = offset};
}

Series ModelBuilder::by_period(const std::vector<double>& values) {
  ASSERT(values.size() == static_cast<std::size_t>(model_.calendar.period_count));
  if (std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end()) return constant(values.front());
  const auto offset = static_cast<int32_t>(model_.pool.size());
  model_.pool.insert(model_.pool.end(), values.begin(), values.end());
  return {.offset = offset, .period_stride = 1};
}

Series ModelBuilder::by_period(const std::function<double(int)>& value) {
  std::vector<double> values(static_cast<std::size_t>(model_.calendar.period_count));
  for (int t = 0; t < model_.calendar.period_count; ++t) values[static_cast<std::size_t>(t)] = value(t);
  return by_period(values);
}

Series ModelBuilder::by_slice(const std::vector<double>& values) {
  const auto& calendar = model_.calendar;
  ASSERT(values.size() ==
         static_cast<std::size_t>(calendar.period_count) * static_cast<std::size_t>(calendar.slice_count));
  if (std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end()) return constant(values.front());
  const auto offset = static_cast<int32_t>(model_.pool.size());
  model_.pool.insert(model_.pool.end(), values.begin(), values.end());
  return {.offset = offset, .period_stride = calendar.slice_count, .slice_stride = 1};
}

Series ModelBuilder::by_slice(const std::function<double(int, int)>& value) {
  const auto& calendar = model_.calendar;
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(calendar.period_count) * static_cast<std::size_t>(calendar.slice_count));
  for (int t = 0; t < calendar.period_count; ++t) {
    for (int s = 0; s < calendar.slice_count; ++s) values.push_back(value(t, s));
  }
  return by_slice(values);
}

Series ModelBuilder::by_slice_of_period(const std::vector<double>& values) {
  ASSERT(values.size() == static_cast<std::size_t>(model_.calendar.slice_count));
  const auto offset = static_cast<int32_t>(model_.pool.size());
  model_.pool.insert(model_.pool.end(), values.begin(), values.end());
  return {.offset = offset, .period_stride = 0, .slice_stride = 1};
}

CommodityId ModelBuilder::add(Commodity c) {
  return append<CommodityId>(model_.commodities, names_[kCommodity], std::move(c));
}
PlaceId ModelBuilder::add(Place p) {
  return append<PlaceId>(model_.places, names_[kPlace], std::move(p));
}
PartyId ModelBuilder::add(Party p) {
  return append<PartyId>(model_.parties, names_[kParty], std::move(p));
}
ProcessId ModelBuilder::add(Process p) {
  return append<ProcessId>(model_.processes, names_[kProcess], std::move(p));
}
CapacityId ModelBuilder::add(Capacity c) {
  return append<CapacityId>(model_.capacities, names_[kCapacity], std::move(c));
}
MoveId ModelBuilder::add(Move m) {
  return append<MoveId>(model_.moves, names_[kMove], std::move(m));
}
StoreId ModelBuilder::add(Store s) {
  return append<StoreId>(model_.stores, names_[kStore], std::move(s));
}
DemandId ModelBuilder::add(Demand d) {
  return append<DemandId>(model_.demands, names_[kDemand], std::move(d));
}
LimitId ModelBuilder::add(Limit l) {
  return append<LimitId>(model_.limits, names_[kLimit], std::move(l));
}

CommitmentId ModelBuilder::add(Commitment c) {
  const CommitmentId id(model_.commitments.size());
  model_.commitments.push_back(std::move(c));
  return id;
}

void ModelBuilder::add(Measure m) {
  model_.measures.push_back(std::move(m));
}

CommodityId ModelBuilder::find_commodity(std::string_view n) const {
  return lookup<CommodityId>(names_[kCommodity], n);
}
PlaceId ModelBuilder::find_place(std::string_view n) const {
  return lookup<PlaceId>(names_[kPlace], n);
}
PartyId ModelBuilder::find_party(std::string_view n) const {
  return lookup<PartyId>(names_[kParty], n);
}
ProcessId ModelBuilder::find_process(std::string_view n) const {
  return lookup<ProcessId>(names_[kProcess], n);
}
CapacityId ModelBuilder::find_capacity(std::string_view n) const {
  return lookup<CapacityId>(names_[kCapacity], n);
}

NodeId ModelBuilder::node(CommodityId commodity, PlaceId place) {
  ASSERT(commodity.valid() && commodity.index() < model_.commodities.size());
  ASSERT(place.valid() && place.index() < model_.places.size());
  const int64_t key = (int64_t{commodity.value} << 32) | place.value;
  const auto [it, is_new] = node_index_.emplace(key, static_cast<int32_t>(model_.nodes.size()));
  if (is_new) model_.nodes.push_back({commodity, place});
  return NodeId(it->second);
}

std::optional<Model> ModelBuilder::finish(Diagnostics& diagnostics) && {
  // Nodes exist where something flows.
  for (Process& process : model_.processes) {
    for (Flow& flow : process.flows) {
      if (!flow.place.valid()) flow.place = process.place;
      flow.node = node(flow.commodity, flow.place);
    }
    if (process.reactance != 0) ASSERT(process.line_from.valid() && process.line_to.valid());
  }
  for (Capacity& capacity : model_.capacities) {
    for (BuildFlow& flow : capacity.build_flows) {
      if (!flow.place.valid()) flow.place = capacity.place;
      flow.node = node(flow.commodity, flow.place);
    }
    for (StandFlow& flow : capacity.stand_flows) {
      if (!flow.place.valid()) flow.place = capacity.place;
      flow.node = node(flow.commodity, flow.place);
    }
  }
  for (Store& store : model_.stores) store.node = node(store.commodity, store.place);
  for (Demand& demand : model_.demands) demand.node = node(demand.commodity, demand.place);

  // A capacity is counted either in rates or in amounts, never both.
  std::vector<int> grain(model_.capacities.size(), -1);
  for (const Process& process : model_.processes) {
    for (const CapacityUse& use : process.uses) {
      ASSERT(use.capacity.valid() && use.capacity.index() < model_.capacities.size());
      int& seen = grain[use.capacity.index()];
      const int own = static_cast<int>(process.grain);
      if (seen >= 0 && seen != own) {
        diagnostics.add({.code = Code::grain_mismatch,
                         .origin = process.provenance.origin,
                         .message = "capacity '" + model_.capacities[use.capacity.index()].name +
                                    "' is used by rates and by amounts, also by process '" + process.name + "'",
                         .help = "split it into two capacities"});
      }
      seen = own;
    }
  }

  // A good that is wanted but never supplied is most likely a slip of the pen.
  std::vector<uint8_t> supplied(model_.nodes.size(), 0), wanted(model_.nodes.size(), 0);
  const auto note = [&](NodeId n, double sign) { (sign > 0 ? supplied : wanted)[n.index()] = 1; };
  for (const Process& process : model_.processes) {
    const bool runs_back = model_.runs_back(process);
    for (const Flow& flow : process.flows) {
      if (runs_back) {
        note(flow.node, 1);
        note(flow.node, -1);
      } else {
        note(flow.node, model_.at(flow.rate, 0) >= 0 ? 1 : -1);
      }
    }
  }
  for (const Capacity& capacity : model_.capacities) {
    for (const BuildFlow& flow : capacity.build_flows) note(flow.node, flow.amount);
    for (const StandFlow& flow : capacity.stand_flows) note(flow.node, model_.at(flow.rate, 0) >= 0 ? 1 : -1);
  }
  for (const Store& store : model_.stores) {
    if (store.initial > 0) note(store.node, 1);
  }
  for (const Demand& demand : model_.demands) {
    if (!demand.unserved_cost.present()) note(demand.node, -1);
  }
  for (std::size_t n = 0; n < model_.nodes.size(); ++n) {
    if (wanted[n] && !supplied[n]) {
      const Commodity& commodity = model_.commodities[model_.nodes[n].commodity.index()];
      diagnostics.add({.code = Code::bad_model,
                       .severity = Severity::warning,
                       .origin = commodity.provenance.origin,
                       .message = "nothing supplies " + commodity.name + " at " + model_.place_name(NodeId(n)) +
                                  ", though something there needs it",
                       .help = "add a process, a supply or a line that puts it out there"});
    }
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(model_);
}

}  // namespace beltline
