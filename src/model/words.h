// Entities in the scenario's words: what tables, explanations and differences call them.
#pragma once

#include <string>
#include <string_view>

#include "model/model.h"

namespace beltline {

enum class Tongue { english, korean };

/// "hall at SK AI Data Center Ulsan" for capacity hall@ulsan; the name where nobody gave it words. Never empty for an
/// entity that is there; "" for an invalid id.
const std::string& title_of(const Model& model, CommodityId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, PlaceId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, PartyId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, ProcessId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, CapacityId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, MoveId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, StoreId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, DemandId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, LimitId id, Tongue tongue = Tongue::english);
const std::string& title_of(const Model& model, CommitmentId id, Tongue tongue = Tongue::english);

/// The entity that a term counts.
const std::string& title_of(const Model& model, const Term& term, Tongue tongue = Tongue::english);

/// By kind and name, as tables name entities: "capacity", "hall@ulsan". The name itself if there is none such.
std::string title_of(const Model& model, std::string_view kind, std::string_view name, Tongue tongue = Tongue::english);

/// Where an entity came from, by what a term counts.
const Provenance& provenance_of(const Model& model, const Term& term);

}  // namespace beltline
