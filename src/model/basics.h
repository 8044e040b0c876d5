// What all entities of a Model are made of: ids, series, names for people, provenance, terms.
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostic.h"
#include "base/id.h"

namespace beltline {

using CommodityId = Id<struct CommodityTag>;
using PlaceId = Id<struct PlaceTag>;
using NodeId = Id<struct NodeTag>;
using ProcessId = Id<struct ProcessTag>;
using CapacityId = Id<struct CapacityTag>;
using StoreId = Id<struct StoreTag>;
using DemandId = Id<struct DemandTag>;
using LimitId = Id<struct LimitTag>;
using PartyId = Id<struct PartyTag>;
using MoveId = Id<struct MoveTag>;
using CommitmentId = Id<struct CommitmentTag>;

/// A series of numbers in the model's pool: value(t, s) = pool[offset + t · period_stride + s · slice_stride].
/// Absent by default; a constant has both strides 0.
struct Series {
  int32_t offset = -1;
  int32_t period_stride = 0;
  int32_t slice_stride = 0;

  [[nodiscard]] bool present() const { return offset >= 0; }
};

enum class Grain : uint8_t { rate, amount };

/// Where an entity came from: "section.entry" of the scenario, its place in the file, and the source it cites.
struct Provenance {
  std::string entry;
  Origin origin;
  std::string source;
};

/// What an entity is called in a sentence: "data halls at SK AI Data Center Ulsan". See model/words.h.
struct Titles {
  std::string title;     // "": its name
  std::string title_ko;  // "": its title
};

enum class TermKind : uint8_t {
  activity,   // process: units in the period (rates: unit·hours)
  peak,       // process: highest activity in the period
  order,      // capacity: units ordered in the period
  online,     // capacity: units online, existing included
  built,      // capacity: units online, existing left out
  spend,      // capacity: USD of capex falling into the period (by the spend profile)
  fixed,      // capacity: USD of fixed cost in the period
  variable,   // process: USD of activity and peak cost in the period
  level,      // store: level at the end of the period (amounts), or its mean
  charge,     // store: units·hours charged (rates only)
  discharge,  // store: units·hours discharged (rates only)
  unserved,   // demand: units (rates: unit·hours)
  moved,      // move: units leaving in the period
};

struct Term {
  TermKind kind = TermKind::activity;
  int32_t id = -1;
  Series coefficient;  // [period], or [period, slice] for what has slices: each slice's part counts so much; absent: 1
};

}  // namespace beltline
