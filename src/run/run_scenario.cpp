#include "run/run_scenario.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "run/branches.h"
#include "table/manifest.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::json;

/// What a manifest says of its scenario; nothing where it says none, or not what we write.
std::optional<LoadOptions> read_options(const Json& manifest, std::vector<KeptFile>& files, std::string& branch) {
  const auto text = [](const Json& json, const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                                           : std::string();
  };
  const Json scenario = manifest.value("scenario", Json::object());
  const Json options = manifest.value("options", Json::object());
  if (!scenario.is_object() || !options.is_object()) return std::nullopt;
  LoadOptions out{.main = text(scenario, "main"), .name = text(scenario, "name")};
  if (out.main.empty() || !scenario.contains("files") || !scenario["files"].is_array()) return std::nullopt;
  for (const Json& file : scenario["files"]) {
    files.push_back({text(file, "path"), text(file, "file")});
    if (files.back().path.empty() || files.back().name.empty()) return std::nullopt;
  }
  branch = text(options, "branch");
  for (const Json& set : options.value("set", Json::array())) {
    if (!set.is_string()) return std::nullopt;
    out.overrides.push_back(set.get<std::string>());
  }
  return out;
}

}  // namespace

std::vector<KeptFile> kept_files(const std::vector<SourceFile>& originals) {
  std::vector<KeptFile> kept;
  std::set<std::string> taken;  // in lower case: of two names that differ in case alone a disk may make one
  const auto take = [&](std::string name) {
    if (!is_safe_path(name)) return false;
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    return taken.insert(std::move(name)).second;
  };
  for (const SourceFile& original : originals) {
    std::string name = original.path;
    const std::size_t dot = name.rfind('.');
    const std::string end = dot == std::string::npos ? std::string() : name.substr(dot);
    for (int i = 1; !take(name); ++i) name = fmt::format("file-{}{}", i, is_safe_path("x" + end) ? end : "");
    kept.push_back({original.path, std::move(name)});
  }
  return kept;
}

std::vector<std::pair<std::string, std::string>> scenario_contents(const std::vector<SourceFile>& originals) {
  const std::vector<KeptFile> kept = kept_files(originals);
  std::vector<std::pair<std::string, std::string>> contents;
  for (std::size_t i = 0; i < kept.size(); ++i) contents.emplace_back(kept[i].name, originals[i].text);
  return contents;
}

Outcome<Compiled> compile_run(const std::filesystem::path& run_folder, const std::vector<std::string>& changes) {
  const auto manifest = verify_run(run_folder);
  if (!manifest) return std::unexpected(manifest.error());
  std::vector<KeptFile> files;
  std::string branch;
  auto options = read_options(Json::parse(*manifest), files, branch);
  if (!options) {
    return failure(
        fmt::format("'{}' does not hold its scenario: plan it again with this version", run_folder.string()));
  }
  std::vector<SourceFile> originals;
  for (const KeptFile& file : files) {
    auto bytes = read_run_file(run_folder, "scenario/" + file.name);
    if (!bytes) return std::unexpected(bytes.error());
    originals.push_back({file.path, std::move(*bytes)});
  }
  options->overrides.insert(options->overrides.end(), changes.begin(), changes.end());
  return branch.empty() ? compile_texts(originals, *options) : compile_branch(originals, *options, branch);
}

std::string not_compiled(const std::filesystem::path& run_folder, const Compiled& compiled) {
  const auto& found = compiled.diagnostics.all();
  return fmt::format("the scenario of '{}' does not compile with this version of the program{}{}", run_folder.string(),
                     found.empty() ? "" : ": ", found.empty() ? std::string() : found.front().message);
}

}  // namespace beltline
