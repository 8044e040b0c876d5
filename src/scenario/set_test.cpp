// Overrides that files hold themselves: `set = ["…"]` at the top of a file.
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "scenario/load.h"
#include "scenario/test_schema.h"

namespace beltline {
namespace {

constexpr const char* kBase =
    "set = [\"process.etch.module=2\", \"process.etch.yield*=0.5\"]\n"
    "[calendar]\nstart = \"2025-10\"\nperiods = 15\n[region.jeolla]\n"
    "[process.etch]\nplace = \"jeolla\"\nyield = 0.8\nmodule = 8\n";

Loaded load(const std::string& main, std::vector<std::string> overrides = {}) {
  return load_scenario({{"scenario.toml", main}, {"base.toml", kBase}}, test_schema::kSections,
                       {.overrides = std::move(overrides)});
}

int64_t module_of(const Loaded& loaded) {
  return loaded.spec ? loaded.spec->find("process", "etch")->integer("module") : -1;
}

TEST(Set, HoldsAsIfItStoodOnTheCommandLine) {
  const Loaded loaded = load("include = [\"base.toml\"]\n");
  ASSERT_TRUE(loaded.spec) << render(loaded.diagnostics, loaded.files);
  EXPECT_EQ(module_of(loaded), 2);
  EXPECT_DOUBLE_EQ(loaded.spec->find("process", "etch")->number("yield"), 0.4);
  // what the files set is no option of this load: a run that keeps the files would set it twice
  EXPECT_TRUE(loaded.spec->overrides.empty());
}

TEST(Set, TheIncludingFileMeetsWhatTheIncludedLeftAndTheCommandLineComesLast) {
  EXPECT_EQ(module_of(load("include = [\"base.toml\"]\nset = [\"process.etch.module=3\"]\n")), 3);
  EXPECT_EQ(
      module_of(load("include = [\"base.toml\"]\nset = [\"process.etch.module=3\"]\n", {"process.etch.module=4"})), 4);
}

TEST(Set, WhatIsWrongWithItIsTold) {
  const Loaded wrong = load("include = [\"base.toml\"]\nset = [\"process.etch.modul=3\", 4]\n");
  expect_told_in_full(wrong.diagnostics);
  ASSERT_EQ(wrong.diagnostics.error_count(), 2U) << render(wrong.diagnostics, wrong.files);
  std::vector<Code> codes;
  for (const Diagnostic& d : wrong.diagnostics.all()) codes.push_back(d.code);
  EXPECT_NE(std::ranges::find(codes, Code::unknown_key), codes.end());
  EXPECT_NE(std::ranges::find(codes, Code::wrong_type), codes.end());
  EXPECT_EQ(load("include = [\"base.toml\"]\nset = \"process.etch.module=3\"\n").diagnostics.error_count(), 1U);
}

}  // namespace
}  // namespace beltline
