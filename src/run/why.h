// Where a figure of a run came from: its value, how it is computed, and the scenario's lines behind it.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"
#include "run/inputs.h"

namespace beltline {

/// One value of the scenario that stands behind a figure.
struct WhyInput {
  Input input;
  std::string place;     // "memory.toml:310", "--set:1"
  double relevance = 0;  // what a screen shows first; kFits and more: of the figure's own kind
};
inline constexpr double kFits = 8;

/// One entry of the scenario that a figure reads.
struct WhyEntry {
  std::string entry;
  std::string title;
  std::vector<std::string> roles;  // what of it is read
  double share = 0;                // of the figure, where it is a sum; NaN where it is none
  std::vector<WhyInput> inputs;    // most relevant first
};

/// A value in time: a month and what it was then.
struct WhyPoint {
  std::string period;
  double value = 0;
  std::string note;
};

struct Why {
  std::string figure;  // as it was asked for
  std::string title;
  double value = 0;  // NaN where it is none
  std::string value_text;
  std::string unit;
  std::string formula;
  std::string note;
  std::vector<WhyPoint> points;        // of what runs over the horizon
  std::vector<WhyEntry> entries;       // largest part first
  std::vector<std::string> used_by;    // of an input: the figures that read its entry
  std::vector<std::string> overrides;  // that the run was planned with
};

/// What was asked for is nowhere in the run.
struct UnknownFigure {
  std::string asked;
  std::string suggestion;  // the nearest name, or ""
};

/// Walks back from a figure of a run.
///
/// @param figure  a name of the table `summary` (it_power); TABLE.MEASURE[@PLACE][:PERIOD] of a table of measures;
///                TABLE.NAME[:PERIOD] of builds, capacity, activity, limits and commitments (builds.hall@ulsan); a
///                value or entry of the scenario (site.ulsan.online, site.ulsan)
/// @errors the disk's, damaged runs, runs that do not hold their scenario
/// @returns the answer, or what might have been meant
Outcome<std::expected<Why, UnknownFigure>> why(const std::filesystem::path& run_folder, const std::string& figure);

/// For people: one screen, or everything.
std::string why_text(const Why& why, bool all);
std::string why_json(const Why& why);

}  // namespace beltline
