#include "parts/part.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "model/later.h"
#include "parts/branch.h"
#include "parts/chance_parts.h"
#include "parts/claim.h"
#include "parts/memory_chain.h"
#include "parts/network_parts.h"
#include "parts/opening.h"
#include "parts/rack.h"
#include "parts/service_parts.h"
#include "parts/site.h"
#include "parts/site_parts.h"
#include "parts/supply_parts.h"
#include "parts/titles.h"

namespace beltline {

std::span<const Part> all_parts() {
  // Each group may refer to what the groups above it made.
  static const std::vector<Part> parts = [] {
    std::vector<Part> list;
    for (const std::span<const Part> group : {
             network_basic_parts(),
             site_parts(),
             memory_parts(),
             service_parts(),
             supply_parts(),
             network_parts(),
             branch_parts(),
             opening_parts(),
             chance_parts(),
             claim_parts(),
         }) {
      list.insert(list.end(), group.begin(), group.end());
    }
    return list;
  }();
  return parts;
}

std::span<const Section* const> all_sections() {
  static const std::vector<const Section*> sections = [] {
    std::vector<const Section*> list;
    for (const Part& part : all_parts()) list.push_back(part.section);
    return list;
  }();
  return sections;
}

std::optional<Model> compile_network(const Spec& spec, Diagnostics& diagnostics) {
  // what makes no entity that flows; a test compiles both ways
  static constexpr auto kOnlyLooks =
      std::to_array<std::string_view>({"branch", "budget", "claim", "commitment", "correlation", "limit", "measure",
                                       "milestone", "n_minus_1", "regional", "risk", "shock", "target", "uncertainty"});
  ModelBuilder builder(spec.calendar);
  std::vector<SiteView> sites;
  const Compile c{spec, builder, diagnostics, sites};
  for (const Part& part : all_parts()) {
    if (part.compile == nullptr || std::ranges::find(kOnlyLooks, part.section->name) != kOnlyLooks.end()) continue;
    if (part.compile == &compile_racks) {
      add_racks(c);
    } else {
      part.compile(c);
    }
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(builder.model());
}

std::optional<Model> compile(const Spec& spec, Diagnostics& diagnostics) {
  ModelBuilder builder(spec.calendar);
  std::vector<SiteView> sites;
  const Compile c{spec, builder, diagnostics, sites};
  for (const Part& part : all_parts()) {
    if (part.compile != nullptr) part.compile(c);
  }
  // finish resolves ids; after a fault some may be missing
  if (diagnostics.has_errors()) return std::nullopt;
  std::optional<Model> model = std::move(builder).finish(diagnostics);
  if (!model) return model;
  add_titles(spec, *model);
  title_openings(*model);
  return later_part(std::move(*model), opening_period(spec));
}

}  // namespace beltline
