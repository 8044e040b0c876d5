// A TOML file of sections that is no scenario: a fleet, a model of traffic. Read as scenarios are, with the same
// diagnostics, but without [calendar] and [money].
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "scenario/schema.h"
#include "scenario/spec.h"

namespace beltline::serving {

struct SectionFile {
  SourceFiles files;
  Diagnostics diagnostics;
  std::map<std::string, std::vector<Entry>, std::less<>> sections;  // sorted by name
  std::string text;                                                 // of the file, byte for byte

  /// The entries of a section, none if it is not there.
  [[nodiscard]] const std::vector<Entry>& entries(std::string_view section) const;
  /// The table of a single section, or null.
  [[nodiscard]] const Entry* single(std::string_view section) const;
};

/// Reads a file and the files it includes from its folder, with every fault.
/// @errors those of load_scenario
SectionFile read_sections(const std::filesystem::path& path, std::span<const Section* const> sections);
/// The same of a text that is in the program.
SectionFile read_sections_text(const std::string& name, std::string_view text,
                               std::span<const Section* const> sections);

/// Value of a series at an hour of the day.
double at_hour(const SeriesValue& series, int hour);

}  // namespace beltline::serving
