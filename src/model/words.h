// Entities in the scenario's words: what tables, explanations and differences call them.
#pragma once

#include <string>
#include <string_view>

#include "base/language.h"
#include "model/entity.h"

namespace beltline {

/// "data halls at SK AI Data Center Ulsan" for hall@ulsan; the name where nobody gave it words. Never empty for an
/// entity that is there; "" for an invalid id.
const std::string& title_of(const Model& model, CommodityId id, Language language = Language::english);
const std::string& title_of(const Model& model, PlaceId id, Language language = Language::english);
const std::string& title_of(const Model& model, PartyId id, Language language = Language::english);
const std::string& title_of(const Model& model, ProcessId id, Language language = Language::english);
const std::string& title_of(const Model& model, CapacityId id, Language language = Language::english);
const std::string& title_of(const Model& model, MoveId id, Language language = Language::english);
const std::string& title_of(const Model& model, StoreId id, Language language = Language::english);
const std::string& title_of(const Model& model, DemandId id, Language language = Language::english);
const std::string& title_of(const Model& model, LimitId id, Language language = Language::english);
const std::string& title_of(const Model& model, CommitmentId id, Language language = Language::english);

/// The entity that a term counts.
const std::string& title_of(const Model& model, const Term& term, Language language = Language::english);

/// By kind and name, as tables name entities: "capacity", "hall@ulsan". The name itself if there is none such.
std::string title_of(const Model& model, std::string_view kind, std::string_view name,
                     Language language = Language::english);

/// Of whatever kind; a good is told with its place: "HBM4 12-high stacks at TSMC CoWoS".
std::string title_of(const Model& model, Entity entity, Language language = Language::english);

/// "March 2027", "2027년 3월"; the year where periods are years.
std::string period_words(const Calendar& calendar, int t, Language language);
/// "March 2027 to May 2028", or one period.
std::string periods_words(const Calendar& calendar, int first, int last, Language language);

/// Where an entity came from, by what a term counts.
const Provenance& provenance_of(const Model& model, const Term& term);

}  // namespace beltline
