#include "parts/belt.h"

#include <array>

#include "parts/common.h"
#include "parts/phases.h"
#include "parts/site.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "sites",
              .kind = Kind::references,
              .target = "site",
              .required = true,
              .description = "The sites it holds."},
};

constexpr std::string_view kDescription =
    R"(Sites told together, such as the Korean west and east coast: rows of table `belt`, each for the
IT power online, the power drawn, the energy used and the emissions of all its sites. No decision depends on it.)";

/// Sums over the sites of a belt.
struct Sums {
  std::vector<Term> it_capacity;
  std::vector<Term> energy;
  std::vector<Term> emission;
};

void add_energy(const Compile& c, ProcessId id, Sums& sums) {
  if (!id.valid()) return;
  sums.energy.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = {}});
  const Model& model = c.builder.model();
  const CommodityId emission = c.builder.find_commodity("emission");
  for (const Flow& flow : model.processes[id.index()].flows) {
    if (flow.commodity != emission) continue;
    sums.emission.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = flow.rate});
  }
}

void add_site(const Compile& c, const SiteView& site, Sums& sums) {
  for (const char* family : {"hall@", "hull@"}) {
    const CapacityId id = c.builder.find_capacity(family + site.name);
    if (id.valid()) sums.it_capacity.push_back({.kind = TermKind::online, .id = id.value, .coefficient = {}});
  }
  for (const char* family : {"import@", "supply@"}) add_energy(c, c.builder.find_process(family + site.name), sums);
  for (const Entry& plant : c.spec.entries("plant")) {
    if (plant.has("site") && plant.text("site") == site.name) {
      add_energy(c, c.builder.find_process("plant_" + plant.name), sums);
    }
  }
}

void compile_belt(const Compile& c, const Entry& belt) {
  Sums sums;
  for (const std::string& name : belt.names("sites")) {
    if (const SiteView* site = find_site(c, name); site != nullptr) add_site(c, *site, sums);
  }
  const auto add = [&](const char* what, const char* unit, const std::vector<Term>& terms, bool per_hour = false) {
    if (terms.empty()) return;
    c.builder.add(Measure{.table = "belt",
                          .name = std::string(what) + "_" + belt.name,
                          .unit = unit,
                          .place = {},
                          .party = {},
                          .terms = terms,
                          .per_hour = per_hour,
                          .constant = {},
                          .provenance = provenance(belt)});
  };
  add("it_capacity", "MW", sums.it_capacity);
  add("facility_power", "MW", sums.energy, true);
  add("energy", "MWh", sums.energy);
  add("emission", "tCO2", sums.emission);
}

}  // namespace

const Section kBeltSection{.name = "belt", .title = "Belt", .description = kDescription, .attributes = kAttributes};

void compile_belts(const Compile& c) {
  for (const Entry& belt : c.spec.entries("belt")) compile_belt(c, belt);
}

}  // namespace beltline
