#include "run/open_run.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace beltline {
namespace {

constexpr const char* kMain = "scenario.toml";
constexpr std::string_view kEmptyOpening = "name,kind,of,place,quantity,month\n";

/// Whether a file is a table of the section opening: "opening.csv", "data/opening-2026-06.csv".
bool is_opening(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".csv") && name.substr(0, name.find_first_of("-.")) == "opening";
}

/// "as-planned.toml", or with a number where that is taken.
std::string free_name(const std::vector<SourceFile>& files, const std::string& stem, const std::string& end) {
  for (int i = 1;; ++i) {
    std::string name = i == 1 ? stem + end : fmt::format("{}-{}{}", stem, i, end);
    if (std::ranges::find(files, name, &SourceFile::path) == files.end()) return name;
  }
}

/// A text as TOML writes it: JSON's escapes are TOML's.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump();
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}

Outcome<int> period_to_open(const Calendar& calendar, YearMonth month) {
  const int t = calendar.period_of(month);
  if (t > 0 && t < calendar.period_count && calendar.month(t) == month) return t;
  const std::string last = to_string(calendar.month(calendar.period_count - 1));
  const std::string reason =
      t > 0 && t < calendar.period_count ? "lies within a period" : "is none of the plan's later months";
  if (calendar.period_count == 1) return failure("the plan has one period: there is no later one to open");
  return failure(fmt::format("{} {}: open it in a month from {} to {} that begins a period", to_string(month), reason,
                             to_string(calendar.month(1)), last));
}

}  // namespace

Outcome<OpenedScenario> open_run(const RunPlan& run, YearMonth month, const Actuals& actuals) {
  const Compiled& compiled = run.compiled;
  if (!compiled.branch.empty())
    return failure("a branch of a scenario tree cannot be opened: plan the scenario as it turned out, and open that");
  const auto first = period_to_open(run.model().calendar, month);
  if (!first) return std::unexpected(first.error());
  for (const Entry& entry : compiled.spec->entries("opening")) {
    const std::string path = entry.origin.file < 0 ? "" : compiled.spec->files[entry.origin.file].path;
    if (!is_opening(path)) {
      return failure(
          fmt::format("opening '{}' stands in {}: write opening rows into a file opening.csv, so that a later "
                      "state can take their place",
                      entry.name, path.empty() ? "no file" : path));
    }
  }
  OpenedScenario out;
  out.rows = opening_rows(run, *first, actuals);
  const std::string& main = compiled.spec->main;
  const std::string renamed = free_name(compiled.originals, "as-planned", ".toml");
  out.opening_file = free_name(compiled.originals, "opening-" + to_string(month), ".csv");
  std::vector<std::string> sets{"calendar.opens=" + to_string(month)};
  sets.insert(sets.end(), compiled.spec->overrides.begin(), compiled.spec->overrides.end());
  out.files.push_back(
      {kMain,
       fmt::format("# What is left to plan from {0} on: the scenario as it was planned, and in {1} what was there\n"
                   "# by then. Correct a row of it, and plan again.\n"
                   "include = {2}\nset = {3}\n",
                   to_string(month), out.opening_file, list_of({renamed, out.opening_file}), list_of(sets))});
  out.files.push_back({out.opening_file, opening_csv(out.rows)});
  for (const SourceFile& file : compiled.originals) {
    const bool is_main = file.path == main;
    // an earlier opening is in the new one
    out.files.push_back(
        {is_main ? renamed : file.path, is_opening(file.path) ? std::string(kEmptyOpening) : file.text});
  }
  return out;
}

}  // namespace beltline
