// A scenario folder → Spec.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "scenario/schema.h"
#include "scenario/spec.h"

namespace beltline {

/// What loading gives: the files as read and every diagnostic; `spec` is there if no error was found.
/// Diagnostics index `files` of the result.
struct Loaded {
  SourceFiles files;
  Diagnostics diagnostics;
  std::optional<Spec> spec;
  std::vector<SourceFile> originals;  // the scenario's files byte for byte, with their paths, if `spec` is there
};

/// The file that overrides are told to stand in, one line an override.
inline constexpr const char* kOverrideFile = "--set";

/// What one load takes besides the files.
struct LoadOptions {
  std::vector<std::string> overrides = {};  // "site.ulsan.online=2029-06": see scenario/override.h
  std::string main = "scenario.toml";       // of texts in memory: the one read first
  std::string name = "scenario";            // of texts in memory: the scenario's, where it names none itself
};

/// Reads `folder`/scenario.toml (or the file itself, if `folder` names one) and all it includes, checks them against
/// `sections` (domain and network sections; the core sections [scenario], [calendar], [money] are added), resolves
/// names.
///
/// Limits, checked before parsing: 4 MiB a TOML file, 64 MiB a CSV file, 64 files, depth 32, 1,000,000 entries.
Loaded load_scenario(const std::filesystem::path& folder, std::span<const Section* const> sections,
                     const LoadOptions& options = {});
/// The same from texts in memory (path → text): those of a run folder, of tests and of the fuzzer.
Loaded load_scenario(const std::vector<SourceFile>& files, std::span<const Section* const> sections,
                     const LoadOptions& options = {});

/// The core sections: scenario, calendar, money.
std::span<const Section* const> core_sections();

/// JSON Schema (draft 2020-12) of scenario.toml and the files it includes.
std::string json_schema(std::span<const Section* const> sections);
/// Markdown reference of all sections, one heading a section, one table row a key.
std::string reference_markdown(std::span<const Section* const> sections);
/// The nearest of `candidates` within an edit distance of a third of the word, or "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace beltline
