#include "model/entity.h"

namespace beltline {
namespace {

std::size_t index(Entity entity) {
  return static_cast<std::size_t>(entity.id);
}

/// That of the commodity, or where it has none of what brings it.
const Provenance& provenance_of_good(const Model& m, NodeId node) {
  const Provenance& own = m.commodities[m.nodes[node.index()].commodity.index()].provenance;
  if (!own.entry.empty()) return own;
  for (const Process& process : m.processes) {
    for (const Flow& flow : process.flows) {
      if (flow.node == node && m.at(flow.rate, 0) > 0) return process.provenance;
    }
  }
  return own;
}

}  // namespace

Entity entity_of(const Worth& worth) {
  switch (worth.kind) {
    case WorthKind::capacity:
    case WorthKind::build_rate:
    case WorthKind::build_total: return {EntityKind::capacity, worth.id};
    case WorthKind::limit: return {EntityKind::limit, worth.id};
    case WorthKind::commitment: return {EntityKind::commitment, worth.id};
    case WorthKind::supply:
    case WorthKind::must_run: return {EntityKind::process, worth.id};
    case WorthKind::store: return {EntityKind::store, worth.id};
  }
  return {};
}

Entity entity_of(const Delivery& delivery) {
  switch (delivery.kind) {
    case DeliveryKind::limit: return {EntityKind::limit, delivery.id};
    case DeliveryKind::demand: return {EntityKind::demand, delivery.id};
    case DeliveryKind::commitment: return {EntityKind::commitment, delivery.id};
  }
  return {};
}

Entity entity_of(const CauseStep& step) {
  switch (step.kind) {
    case StepKind::good:
    case StepKind::no_source: return {EntityKind::good, step.id};
    case StepKind::run:
    case StepKind::supply: return {EntityKind::process, step.id};
    case StepKind::move: return {EntityKind::move, step.id};
    case StepKind::hold: return {EntityKind::store, step.id};
    case StepKind::limit: return {EntityKind::limit, step.id};
    case StepKind::commitment: return {EntityKind::commitment, step.id};
    // a quantity of 1 marks the cost of building, 0 that of running
    case StepKind::cost: return {step.quantity > 0 ? EntityKind::capacity : EntityKind::process, step.id};
    case StepKind::online:
    case StepKind::order:
    case StepKind::given:
    case StepKind::too_early:
    case StepKind::too_late:
    case StepKind::build_rate:
    case StepKind::build_total:
    case StepKind::whole_modules: return {EntityKind::capacity, step.id};
  }
  return {};
}

std::string name_of(const Model& m, Entity e) {
  switch (e.kind) {
    case EntityKind::good: return m.commodity_name(NodeId(index(e))) + "@" + m.place_name(NodeId(index(e)));
    case EntityKind::place: return m.places[index(e)].name;
    case EntityKind::party: return m.parties[index(e)].name;
    case EntityKind::process: return m.processes[index(e)].name;
    case EntityKind::capacity: return m.capacities[index(e)].name;
    case EntityKind::move: return m.moves[index(e)].name;
    case EntityKind::store: return m.stores[index(e)].name;
    case EntityKind::demand: return m.demands[index(e)].name;
    case EntityKind::limit: return m.limits[index(e)].name;
    case EntityKind::commitment: return m.commitments[index(e)].name;
  }
  return {};
}

std::string place_of(const Model& m, Entity e) {
  const auto name = [&](PlaceId place) { return place.valid() ? m.places[place.index()].name : std::string(); };
  switch (e.kind) {
    case EntityKind::good: return m.place_name(NodeId(index(e)));
    case EntityKind::place: return m.places[index(e)].name;
    case EntityKind::process: return name(m.processes[index(e)].place);
    case EntityKind::capacity: return name(m.capacities[index(e)].place);
    case EntityKind::move: return name(m.capacities[m.moves[index(e)].to.index()].place);
    case EntityKind::store: return name(m.stores[index(e)].place);
    case EntityKind::demand: return name(m.demands[index(e)].place);
    case EntityKind::party:
    case EntityKind::limit:
    case EntityKind::commitment: return {};
  }
  return {};
}

std::string unit_of(const Model& m, Entity e) {
  switch (e.kind) {
    case EntityKind::good: return m.commodities[m.nodes[index(e)].commodity.index()].unit;
    case EntityKind::process: return m.processes[index(e)].unit;
    case EntityKind::capacity: return m.capacities[index(e)].unit;
    case EntityKind::move: return m.capacities[m.moves[index(e)].from.index()].unit;
    case EntityKind::store: return m.commodities[m.stores[index(e)].commodity.index()].unit;
    case EntityKind::demand: return m.commodities[m.demands[index(e)].commodity.index()].unit;
    case EntityKind::limit: return m.limits[index(e)].unit;
    case EntityKind::commitment: return m.commitments[index(e)].unit;
    case EntityKind::place:
    case EntityKind::party: return {};
  }
  return {};
}

const Provenance& provenance_of(const Model& m, Entity e) {
  switch (e.kind) {
    case EntityKind::good: return provenance_of_good(m, NodeId(index(e)));
    case EntityKind::place: return m.places[index(e)].provenance;
    case EntityKind::party: return m.parties[index(e)].provenance;
    case EntityKind::process: return m.processes[index(e)].provenance;
    case EntityKind::capacity: return m.capacities[index(e)].provenance;
    case EntityKind::move: return m.moves[index(e)].provenance;
    case EntityKind::store: return m.stores[index(e)].provenance;
    case EntityKind::demand: return m.demands[index(e)].provenance;
    case EntityKind::limit: return m.limits[index(e)].provenance;
    case EntityKind::commitment: return m.commitments[index(e)].provenance;
  }
  return m.commodities.front().provenance;
}

}  // namespace beltline
