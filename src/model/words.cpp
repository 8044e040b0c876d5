#include "model/words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

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

/// "tokens in Korea", "HBM4 12-high stacks at TSMC CoWoS".
std::string title_of_good(const Model& m, NodeId id, Language language) {
  const Node& node = m.nodes[id.index()];
  const Place& place = m.places[node.place.index()];
  const std::string& what = title(m.commodities[node.commodity.index()], language);
  const std::string& where = title(place, language);
  if (language == Language::korean) return fmt::format("{} {}", where, what);
  return fmt::format("{} {} {}", what, place.kind == "region" ? "in" : "at", where);
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
    case TermKind::level:
    case TermKind::charge:
    case TermKind::discharge: return use(m.stores[i]);
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

std::string title_of(const Model& m, Entity entity, Language language) {
  if (entity.id < 0) return {};
  const auto i = static_cast<std::size_t>(entity.id);
  switch (entity.kind) {
    case EntityKind::good: return title_of_good(m, NodeId(i), language);
    case EntityKind::place: return title(m.places[i], language);
    case EntityKind::party: return title(m.parties[i], language);
    case EntityKind::process: return title(m.processes[i], language);
    case EntityKind::capacity: return title(m.capacities[i], language);
    case EntityKind::move: return title(m.moves[i], language);
    case EntityKind::store: return title(m.stores[i], language);
    case EntityKind::demand: return title(m.demands[i], language);
    case EntityKind::limit: return title(m.limits[i], language);
    case EntityKind::commitment: return title(m.commitments[i], language);
  }
  return {};
}

std::string period_words(const Calendar& calendar, int t, Language language) {
  static constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                            "May",       "June",     "July",     "August",
                                                            "September", "October",  "November", "December"};
  const YearMonth month = calendar.month(t);
  const bool korean = language == Language::korean;
  if (calendar.months_per_period >= 12) return fmt::format("{}{}", month.year, korean ? "년" : "");
  if (korean) return fmt::format("{}년 {}월", month.year, month.month);
  return fmt::format("{} {}", kMonths[static_cast<std::size_t>(month.month - 1)], month.year);
}

std::string periods_words(const Calendar& calendar, int first, int last, Language language) {
  if (first == last) return period_words(calendar, first, language);
  return fmt::format("{}{}{}", period_words(calendar, first, language), language == Language::korean ? "~" : " to ",
                     period_words(calendar, last, language));
}

const Provenance& provenance_of(const Model& model, const Term& term) {
  return of_term(model, term, [](const auto& entity) -> const Provenance& { return entity.provenance; });
}

}  // namespace beltline
