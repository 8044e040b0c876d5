#include "model/words.h"

#include <algorithm>

namespace beltline {
namespace {

template <class Entity>
const std::string& title(const Entity& entity, Tongue tongue) {
  if (tongue == Tongue::korean && !entity.titles.title_ko.empty()) return entity.titles.title_ko;
  return entity.titles.title.empty() ? entity.name : entity.titles.title;
}

template <class Entity, class IdType>
const std::string& title(const std::vector<Entity>& entities, IdType id, Tongue tongue) {
  static const std::string none;
  return id.valid() ? title(entities[id.index()], tongue) : none;
}

template <class Entity>
const std::string* find_title(const std::vector<Entity>& entities, std::string_view name, Tongue tongue) {
  const auto found = std::ranges::find(entities, name, &Entity::name);
  return found == entities.end() ? nullptr : &title(*found, tongue);
}

/// Calls `use` with the entity of a term.
template <class Use>
const auto& of_term(const Model& m, const Term& term, Use use) {
  const auto i = static_cast<std::size_t>(term.id);
  switch (term.kind) {
    case TermKind::activity:
    case TermKind::peak:
    case TermKind::variable: return use(m.processes[i]);
    case TermKind::order:
    case TermKind::online:
    case TermKind::built:
    case TermKind::spend:
    case TermKind::fixed: return use(m.capacities[i]);
    case TermKind::level: return use(m.stores[i]);
    case TermKind::unserved: return use(m.demands[i]);
    case TermKind::moved: return use(m.moves[i]);
  }
  throw Bug("a term of no kind");
}

}  // namespace

const std::string& title_of(const Model& model, CommodityId id, Tongue tongue) {
  return title(model.commodities, id, tongue);
}
const std::string& title_of(const Model& model, PlaceId id, Tongue tongue) {
  return title(model.places, id, tongue);
}
const std::string& title_of(const Model& model, PartyId id, Tongue tongue) {
  return title(model.parties, id, tongue);
}
const std::string& title_of(const Model& model, ProcessId id, Tongue tongue) {
  return title(model.processes, id, tongue);
}
const std::string& title_of(const Model& model, CapacityId id, Tongue tongue) {
  return title(model.capacities, id, tongue);
}
const std::string& title_of(const Model& model, MoveId id, Tongue tongue) {
  return title(model.moves, id, tongue);
}
const std::string& title_of(const Model& model, StoreId id, Tongue tongue) {
  return title(model.stores, id, tongue);
}
const std::string& title_of(const Model& model, DemandId id, Tongue tongue) {
  return title(model.demands, id, tongue);
}
const std::string& title_of(const Model& model, LimitId id, Tongue tongue) {
  return title(model.limits, id, tongue);
}
const std::string& title_of(const Model& model, CommitmentId id, Tongue tongue) {
  return title(model.commitments, id, tongue);
}

const std::string& title_of(const Model& model, const Term& term, Tongue tongue) {
  return of_term(model, term, [&](const auto& entity) -> const std::string& { return title(entity, tongue); });
}

std::string title_of(const Model& m, std::string_view kind, std::string_view name, Tongue tongue) {
  const std::string* found = nullptr;
  if (kind == "commodity") found = find_title(m.commodities, name, tongue);
  if (kind == "place") found = find_title(m.places, name, tongue);
  if (kind == "party") found = find_title(m.parties, name, tongue);
  if (kind == "process") found = find_title(m.processes, name, tongue);
  if (kind == "capacity") found = find_title(m.capacities, name, tongue);
  if (kind == "move") found = find_title(m.moves, name, tongue);
  if (kind == "store") found = find_title(m.stores, name, tongue);
  if (kind == "demand") found = find_title(m.demands, name, tongue);
  if (kind == "limit") found = find_title(m.limits, name, tongue);
  if (kind == "commitment") found = find_title(m.commitments, name, tongue);
  return found == nullptr ? std::string(name) : *found;
}

const Provenance& provenance_of(const Model& model, const Term& term) {
  return of_term(model, term, [](const auto& entity) -> const Provenance& { return entity.provenance; });
}

}  // namespace beltline
