// A part: one section of the scenario language and the function that compiles its entries into the network.
#pragma once

#include <span>

#include "model/builder.h"
#include "scenario/spec.h"

namespace beltline {

struct SiteView;

/// What every compile function works on. Faults go to `diagnostics`, and the function goes on.
struct Compile {
  const Spec& spec;
  ModelBuilder& builder;
  Diagnostics& diagnostics;
  std::vector<SiteView>& sites;  // filled by the site part, see parts/site.h
};

struct Part {
  const Section* section;
  void (*compile)(const Compile&);  // null: other parts read the section
};

/// All parts, in the order in which they compile: commodities, places and parties first.
std::span<const Part> all_parts();
/// Their sections, as load_scenario and the schema want them.
std::span<const Section* const> all_sections();
/// Processes, capacities, demands, stores and moves as `compile` makes them, by name and number; without what only
/// looks at them or bounds them together (limits, commitments, measures, chances save buffers), titles and nodes. For
/// those who compile one scenario over and over. Empty if there were errors.
std::optional<Model> compile_network(const Spec& spec, Diagnostics& diagnostics);
/// Spec → Model. Empty if there were errors; all diagnostics are in the list.
std::optional<Model> compile(const Spec& spec, Diagnostics& diagnostics);

}  // namespace beltline
