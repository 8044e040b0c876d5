// A small scenario with a region, parties and a place, for the tests of the parts that stand on sites.
#pragma once

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "parts/part.h"
#include "scenario/load.h"

namespace beltline::site_test {

struct Outcome {
  Diagnostics diagnostics;
  SourceFiles files;
  std::optional<Spec> spec;
  std::optional<Model> model;

  [[nodiscard]] bool has(Code code) const {
    return std::ranges::any_of(diagnostics.all(), [&](const Diagnostic& d) { return d.code == code; });
  }
  [[nodiscard]] std::string text() const { return render(diagnostics, files); }
};

/// Four years of months from 2026-01 with 24 slices a day; won at 1,000 to the dollar.
inline constexpr std::string_view kFrame = R"(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 48
slices_per_day = 24
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1000}]
[place.korea]
kind = "region"
[place.coast]
kind = "land"
latitude = 35
longitude = 129
[place.bay]
kind = "sea"
[place.port]
kind = "sea"
[place.grid_east]
kind = "grid"
[place.desert]
kind = "land"
outline = true
[place.shipyard]
[party.operator]
[party.builder]
[party.utility]
)";

inline Outcome compile_files(const std::vector<SourceFile>& files) {
  Loaded loaded = load_scenario(files, all_sections());
  Outcome outcome{.diagnostics = std::move(loaded.diagnostics),
                  .files = std::move(loaded.files),
                  .spec = std::move(loaded.spec),
                  .model = {}};
  if (outcome.spec) outcome.model = compile(*outcome.spec, outcome.diagnostics);
  expect_told_in_full(outcome.diagnostics);
  return outcome;
}

/// Loads and compiles the frame with `text` after it.
inline Outcome compile_text(std::string_view text) {
  return compile_files({{.path = "scenario.toml", .text = std::string(kFrame) + std::string(text)}});
}

template <class Entity>
const Entity* find(const std::vector<Entity>& list, std::string_view name) {
  const auto found = std::ranges::find(list, name, &Entity::name);
  return found == list.end() ? nullptr : &*found;
}

/// The flow of a process or capacity that carries the commodity, or null.
template <class FlowType>
const FlowType* flow_of(const Model& model, const std::vector<FlowType>& flows, std::string_view commodity) {
  for (const FlowType& flow : flows) {
    if (model.commodities[flow.commodity.index()].name == commodity) return &flow;
  }
  return nullptr;
}

inline const Measure* find_measure(const Model& model, std::string_view table, std::string_view name) {
  for (const Measure& measure : model.measures) {
    if (measure.table == table && measure.name == name) return &measure;
  }
  return nullptr;
}

inline double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace beltline::site_test
