// Networks written as text, for the tests of the network's own sections.
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

namespace beltline::network_test {

struct Outcome {
  Diagnostics diagnostics;
  SourceFiles files;
  std::optional<Spec> spec;
  std::optional<Model> model;

  [[nodiscard]] int count(Code code) const {
    return static_cast<int>(std::ranges::count(diagnostics.all(), code, &Diagnostic::code));
  }
  [[nodiscard]] const Diagnostic* find(Code code) const {
    const auto found = std::ranges::find(diagnostics.all(), code, &Diagnostic::code);
    return found == diagnostics.all().end() ? nullptr : &*found;
  }
  [[nodiscard]] std::string text() const { return render(diagnostics, files); }
};

/// 2026-01 to 2026-06, each month one day of 24 hours; prices of 2025, 1,400 won a dollar.
inline constexpr std::string_view kFrame = R"toml(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 6
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1400}]
)toml";

inline Outcome compile_text(std::string_view text, std::string_view frame = kFrame) {
  const std::vector<SourceFile> files{{.path = "scenario.toml", .text = std::string(frame) + std::string(text)}};
  Loaded loaded = load_scenario(files, all_sections());
  Outcome outcome{
      .diagnostics = std::move(loaded.diagnostics), .files = std::move(loaded.files), .spec = {}, .model = {}};
  if (!loaded.spec) return outcome;
  outcome.spec = std::move(loaded.spec);
  outcome.model = compile(*outcome.spec, outcome.diagnostics);
  expect_told_in_full(outcome.diagnostics);
  return outcome;
}

/// The entity of this name; a Bug if there is none.
template <class Entity>
const Entity& named(const std::vector<Entity>& list, std::string_view name) {
  const auto found = std::ranges::find(list, name, &Entity::name);
  if (found == list.end()) throw Bug("no entity named '" + std::string(name) + "'");
  return *found;
}

}  // namespace beltline::network_test
