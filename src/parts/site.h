// Sites as the parts that stand on them (hall, hull, rack, plant, service) see them.
#pragma once

#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// A place that can house racks: a campus on land or a mooring.
struct SiteView {
  std::string name;  // entry of section `site`
  const Entry* entry = nullptr;
  PlaceId place;          // electricity and it_space balance here
  PlaceId compute_place;  // where its compute is of use: "korea", "usa"
  PlaceId grid;           // the region it takes power from; invalid for outline sites
  PartyId owner;          // pays capex and opex of what stands here
  bool sea = false;
  Series pue;           // [period, slice] facility power over IT power
  Series availability;  // [period, slice] share of the hour that racks can run (waves, typhoons, maintenance)
  int online = 0;       // first period in which anything may be online here
};

extern const Section kSiteSection;
/// Fills c.sites; for sites with an energy price of their own also processes `supply@{site}`.
void compile_sites(const Compile& c);

/// All sites, sorted by name. Cheap to call again: the series are made once per compile.
const std::vector<SiteView>& sites(const Compile& c);
const SiteView* find_site(const Compile& c, std::string_view name);

}  // namespace beltline
