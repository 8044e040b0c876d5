// A small scenario of places, parties and a source of compute, for the tests of the parts on the side of use.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "parts/part.h"
#include "scenario/load.h"

namespace beltline::service_test {

struct Outcome {
  Diagnostics diagnostics;
  SourceFiles files;
  std::optional<Model> model;

  [[nodiscard]] bool has(Code code) const {
    return std::ranges::any_of(diagnostics.all(), [&](const Diagnostic& d) { return d.code == code; });
  }
  [[nodiscard]] std::string text() const { return render(diagnostics, files); }
};

/// Twelve months from 2026-01 with 24 slices a day; korea in detail, usa in outline, 1,000 PFLOP/s in both.
inline constexpr std::string_view kFrame = R"(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 12
slices_per_day = 24
[place.korea]
kind = "region"
[place.usa]
kind = "region"
outline = true
[party.reseller]
[party.vendor]
[party.customers]
[party.state]
[capacity.centre_korea]
place = "korea"
unit = "PFLOP/s"
existing = "1000 PFLOP/s"
[capacity.centre_usa]
place = "usa"
unit = "PFLOP/s"
existing = "1000 PFLOP/s"
[process.run_korea]
place = "korea"
unit = "PFLOP/s"
grain = "rate"
flows = [{commodity = "compute", rate = 1}]
uses = [{capacity = "centre_korea"}]
[process.run_usa]
place = "usa"
unit = "PFLOP/s"
grain = "rate"
flows = [{commodity = "compute", rate = 1}]
uses = [{capacity = "centre_usa"}]
)";

/// Loads and compiles the frame with `text` after it.
inline Outcome compile_text(std::string_view text) {
  const std::vector<SourceFile> files{{.path = "scenario.toml", .text = std::string(kFrame) + std::string(text)}};
  Loaded loaded = load_scenario(files, all_sections());
  Outcome outcome{.diagnostics = std::move(loaded.diagnostics), .files = std::move(loaded.files), .model = {}};
  if (loaded.spec) outcome.model = compile(*loaded.spec, outcome.diagnostics);
  expect_told_in_full(outcome.diagnostics);
  return outcome;
}

template <class Entity>
const Entity* find(const std::vector<Entity>& list, std::string_view name) {
  const auto found = std::ranges::find(list, name, &Entity::name);
  return found == list.end() ? nullptr : &*found;
}

/// The flow of a process that carries the commodity, or null.
inline const Flow* flow_of(const Model& model, const Process& process, std::string_view commodity) {
  for (const Flow& flow : process.flows) {
    if (model.commodities[flow.commodity.index()].name == commodity) return &flow;
  }
  return nullptr;
}

}  // namespace beltline::service_test
