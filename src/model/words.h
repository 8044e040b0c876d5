// Entities in the scenario's words: what tables, explanations and differences call them.
#pragma once

#include <string>
#include <string_view>

#include "base/language.h"
#include "model/model.h"

namespace beltline {

/// "hall at SK AI Data Center Ulsan" for capacity hall@ulsan; the name where nobody gave it words. Never empty for an
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

/// Where an entity came from, by what a term counts.
const Provenance& provenance_of(const Model& model, const Term& term);

}  // namespace beltline
