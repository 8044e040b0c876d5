// One entity of a Model, of whatever kind.
#pragma once

#include <string>

#include "model/explanation.h"
#include "model/model.h"

namespace beltline {

enum class EntityKind : uint8_t { good, place, party, process, capacity, move, store, demand, limit, commitment };

struct Entity {
  EntityKind kind{};
  int32_t id = -1;

  bool operator==(const Entity&) const = default;
};

/// What a worth, a delivery or a step of its chain is about.
Entity entity_of(const Worth& worth);
Entity entity_of(const Delivery& delivery);
Entity entity_of(const CauseStep& step);

/// "hall@ulsan"; a good is "die_hbm4_24gb@cheongju".
std::string name_of(const Model& model, Entity entity);
/// The place where it is, "" where it has none (limits, commitments).
std::string place_of(const Model& model, Entity entity);
/// Its unit as the Model writes it: of an activity, a capacity, a good, a limit.
std::string unit_of(const Model& model, Entity entity);
const Provenance& provenance_of(const Model& model, Entity entity);

}  // namespace beltline
