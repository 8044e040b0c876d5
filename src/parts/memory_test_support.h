// Small scenarios of the chain from wafer to rack, and compiling parts of them.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "parts/memory_chain.h"
#include "parts/network_parts.h"
#include "parts/site.h"
#include "scenario/load.h"

namespace beltline::memory_test {

/// Twelve months from 2026-01 with two slices a day; places, parties, and one product of each family.
inline constexpr std::string_view kFrame = R"(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 12
slices_per_day = 2
[place.icheon]
[place.hsinchu]
[place.plant]
[place.texas]
outline = true
[place.jeonnam]
[place.korea]
kind = "region"
[party.maker]
[party.vendor]
[party.owner]
[product.hbm]
family = "hbm"
die_area = "121 mm2"
yield = 0.8
cycle_time = "20 week"
[product.ddr5]
family = "host"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
)";

inline constexpr std::string_view kChain = R"(
[fab.m16]
place = "icheon"
owner = "maker"
capacity = "100000 wafer/month"
programme_share_max = 0.1
products = ["hbm", "ddr5"]
[stack.hbm_12h]
product = "hbm"
test_yield = 0.85
stack_time = "8 week"
lines = [{place = "icheon", owner = "maker"}]
[packaging.cowos]
place = "hsinchu"
capacity = "1000 wafer/month"
programme_share_max = 0.5
accelerators = ["b300"]
packaging_time = "3 month"
[accelerator.b300]
stack = "hbm_12h"
stacks = 8
packages_per_wafer = 16
)";

inline constexpr std::string_view kRack = R"(
[rack.gb300]
place = "plant"
accelerator = "b300"
host_memory = [{product = "ddr5", amount = "28 TB"}]
power = "135 kW"
auxiliary_share = 0.1
load_factor = 0.8
performance = "360 PFLOP/s"
utilisation = 0.9
price = "4e6 USD/rack"
auxiliary_price = "1e6 USD/rack"
maintenance_share = 0.03
install_time = "2 month"
)";

/// Sections of places, parties and the chain.
inline std::vector<const Section*> chain_sections() {
  std::vector<const Section*> sections;
  for (const auto group : {network_basic_parts(), memory_parts()}) {
    for (const Part& part : group) sections.push_back(part.section);
  }
  return sections;
}

/// A scenario, its diagnostics, and the model of its chain. The model is that of the builder: nodes are not resolved.
struct Compiled {
  Loaded loaded;
  Diagnostics diagnostics;
  std::optional<ModelBuilder> builder;
  std::vector<SiteView> sites;

  [[nodiscard]] const Model& model() { return builder->model(); }
  [[nodiscard]] const Process& process(std::string_view name) {
    const ProcessId id = builder->find_process(name);
    if (!id.valid()) throw Bug("no process " + std::string(name));
    return model().processes[id.index()];
  }
  [[nodiscard]] const Capacity& capacity(std::string_view name) {
    const CapacityId id = builder->find_capacity(name);
    if (!id.valid()) throw Bug("no capacity " + std::string(name));
    return model().capacities[id.index()];
  }
  /// The flow of a commodity in a process, or one of rate 0 if there is none.
  [[nodiscard]] Flow flow(std::string_view process_name, std::string_view commodity) {
    for (const Flow& flow : process(process_name).flows) {
      if (model().commodities[flow.commodity.index()].name == commodity) return flow;
    }
    return {};
  }
  [[nodiscard]] const Measure* measure(std::string_view name) {
    const auto& all = model().measures;
    const auto found = std::ranges::find(all, name, &Measure::name);
    return found == all.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool has(Code code) const {
    const auto holds = [&](const Diagnostics& list) {
      return std::ranges::any_of(list.all(), [&](const Diagnostic& d) { return d.code == code; });
    };
    return holds(loaded.diagnostics) || holds(diagnostics);
  }
  [[nodiscard]] bool has_errors() const { return loaded.diagnostics.has_errors() || diagnostics.has_errors(); }
  [[nodiscard]] std::string text() const {
    return render(loaded.diagnostics, loaded.files) +
           render(diagnostics, loaded.spec ? loaded.spec->files : loaded.files);
  }
};

/// Two sites: `jeonnam` in detail with a PUE of 1.1 by day and 1.3 by night, `texas` in outline, open from April.
inline std::vector<SiteView> two_sites(ModelBuilder& builder) {
  SiteView jeonnam;
  jeonnam.name = "jeonnam";
  jeonnam.place = builder.find_place("jeonnam");
  jeonnam.compute_place = builder.find_place("korea");
  jeonnam.owner = builder.find_party("owner");
  jeonnam.pue = builder.by_slice_of_period({1.3, 1.1});
  jeonnam.availability = builder.constant(0.98);
  SiteView texas = jeonnam;
  texas.name = "texas";
  texas.place = builder.find_place("texas");
  texas.online = 3;
  return {jeonnam, texas};
}

/// Loads the text and compiles the chain, with two sites for the racks.
inline Compiled compile_chain(const std::string& text) {
  Compiled result;
  result.loaded = load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, chain_sections());
  if (!result.loaded.spec) return result;
  const Spec& spec = *result.loaded.spec;
  result.builder.emplace(spec.calendar);
  const Compile c{spec, *result.builder, result.diagnostics, result.sites};
  for (const Part& part : network_basic_parts()) {
    if (part.compile != nullptr) part.compile(c);
  }
  result.sites = two_sites(*result.builder);
  for (const Part& part : memory_parts()) {
    if (part.compile != nullptr) part.compile(c);
  }
  expect_told_in_full(c.diagnostics);
  return result;
}

}  // namespace beltline::memory_test
