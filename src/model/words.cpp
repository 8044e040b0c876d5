#include "model/words.h"

#include <algorithm>

namespace beltline {
namespace {

template <class Entity>
const std::string& title(const Entity& entity, Language language) {
  if (language == Language::korean && !entity.titles.title_ko.empty()) return entity.titles.title_ko;
  return entity.titles.title.empty() ? entity.name : entity.titles.title;
}

template <class Entity, class IdType>
const std::string& title(const std::vector<Entity>& entities, IdType id, Language language) {
  static const std::string none;
  return id.valid() ? title(entities[id.index()], language) : none;
}

template <class Entity>
const std::string* find_title(const std::vector<Entity>& entities, std::string_view name, Language language) {
  const auto found = std::ranges::find(entities, name, &Entity::name);
  return found == entities.end() ? nullptr : &title(*found, language);
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

const std::string& title_of(const Model& model, CommodityId id, Language language) {
  return title(model.commodities, id, language);
}
const std::string& title_of(const Model& model, PlaceId id, Language language) {
  return title(model.places, id, language);
}
const std::string& title_of(const Model& model, PartyId id, Language language) {
  return title(model.parties, id, language);
}
const std::string& title_of(const Model& model, ProcessId id, Language language) {
  return title(model.processes, id, language);
}
const std::string& title_of(const Model& model, CapacityId id, Language language) {
  return title(model.capacities, id, language);
}
const std::string& title_of(const Model& model, MoveId id, Language language) {
  return title(model.moves, id, language);
}
const std::string& title_of(const Model& model, StoreId id, Language language) {
  return title(model.stores, id, language);
}
const std::string& title_of(const Model& model, DemandId id, Language language) {
  return title(model.demands, id, language);
}
const std::string& title_of(const Model& model, LimitId id, Language language) {
  return title(model.limits, id, language);
}
const std::string& title_of(const Model& model, CommitmentId id, Language language) {
  return title(model.commitments, id, language);
}

const std::string& title_of(const Model& model, const Term& term, Language language) {
  return of_term(model, term, [&](const auto& entity) -> const std::string& { return title(entity, language); });
}

std::string title_of(const Model& m, std::string_view kind, std::string_view name, Language language) {
  const std::string* found = nullptr;
  if (kind == "commodity") found = find_title(m.commodities, name, language);
  if (kind == "place") found = find_title(m.places, name, language);
  if (kind == "party") found = find_title(m.parties, name, language);
  if (kind == "process") found = find_title(m.processes, name, language);
  if (kind == "capacity") found = find_title(m.capacities, name, language);
  if (kind == "move") found = find_title(m.moves, name, language);
  if (kind == "store") found = find_title(m.stores, name, language);
  if (kind == "demand") found = find_title(m.demands, name, language);
  if (kind == "limit") found = find_title(m.limits, name, language);
  if (kind == "commitment") found = find_title(m.commitments, name, language);
  return found == nullptr ? std::string(name) : *found;
}

const Provenance& provenance_of(const Model& model, const Term& term) {
  return of_term(model, term, [](const auto& entity) -> const Provenance& { return entity.provenance; });
}

}  // namespace beltline
