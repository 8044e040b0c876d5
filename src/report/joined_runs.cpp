#include "report/joined_runs.h"

#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "report/page_data.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// The text at `path` in a manifest; "" where it has none.
std::string text_at(const Json& manifest, const char* path) {
  const Json::json_pointer at(path);
  return manifest.contains(at) && manifest[at].is_string() ? manifest[at].get<std::string>() : std::string();
}

/// What else may stand in a manifest at `path`.
Json value_at(const Json& manifest, const char* path, Json otherwise) {
  const Json::json_pointer at(path);
  return manifest.contains(at) ? manifest[at] : std::move(otherwise);
}

Outcome<std::vector<Json>> manifests_of(const std::vector<ReportRun>& runs) {
  std::vector<Json> out;
  for (const ReportRun& run : runs) {
    out.push_back(Json::parse(run.manifest_json, nullptr, false));
    if (!out.back().is_object()) return failure(fmt::format("'{}': the manifest is no JSON object", run.name));
  }
  return out;
}

/// The index of the plan, or 0.
Outcome<std::size_t> plan_among(const std::vector<ReportRun>& runs, const std::vector<Json>& manifests) {
  std::size_t plan = runs.size();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!text_at(manifests[i], "/study").empty()) continue;
    if (plan < runs.size()) {
      return failure(
          fmt::format("'{}' and '{}' are both plans, and a page is of one: 'beltline diff {} {}' compares them",
                      runs[plan].name, runs[i].name, runs[plan].name, runs[i].name));
    }
    plan = i;
  }
  return plan < runs.size() ? plan : 0;
}

Outcome<void> check_scenario(const std::vector<ReportRun>& runs, const std::vector<Json>& manifests, std::size_t main) {
  constexpr const char* kHash = "/scenario/sha256";
  const std::string wanted = text_at(manifests[main], kHash);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string found = text_at(manifests[i], kHash);
    if (found == wanted) continue;
    return failure(
        fmt::format("'{}' is of another scenario than '{}': '{}' with SHA-256 {:.12}…, expected '{}' with {:.12}…; "
                    "make it from this "
                    "very run, or write it as a page of its own",
                    runs[i].name, runs[main].name, text_at(manifests[i], "/scenario/name"), found,
                    text_at(manifests[main], "/scenario/name"), wanted));
  }
  return {};
}

/// A page goes to others: the folder's own name does, and no path of the disk it lay on.
std::string last_part(const std::string& folder) {
  const auto path = std::filesystem::path(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace

Outcome<JoinedRuns> join_runs(std::vector<ReportRun> runs) {
  ASSERT(!runs.empty());
  const auto manifests = manifests_of(runs);
  if (!manifests) return std::unexpected(manifests.error());
  const auto main = plan_among(runs, *manifests);
  if (!main) return std::unexpected(main.error());
  if (const auto same = check_scenario(runs, *manifests, *main); !same) return std::unexpected(same.error());

  JoinedRuns out{.manifest_json = runs[*main].manifest_json, .runs_json = {}, .tables = {}};
  Json list = Json::array();
  std::map<std::string, std::pair<std::string, std::size_t>> owners;  // table → the run that has it, and where
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Json& manifest = (*manifests)[i];
    Json& entry = list.emplace_back(Json{{"run", last_part(runs[i].name)},
                                         {"study", text_at(manifest, "/study")},
                                         {"set", value_at(manifest, "/options/set", Json::array())},
                                         {"facts", value_at(manifest, "/facts", Json::object())},
                                         {"tables", Json::array()}});
    for (Table& table : runs[i].tables) {
      entry["tables"].push_back(table.name);
      const auto [known, is_new] = owners.try_emplace(table.name, runs[i].name, out.tables.size());
      if (is_new) {
        out.tables.push_back(std::move(table));
      } else if (page_table(table) != page_table(out.tables[known->second.second])) {
        return failure(fmt::format("'{}' and '{}' both have a table '{}', and they differ: leave one of the runs out",
                                   known->second.first, runs[i].name, table.name));
      }
    }
  }
  out.runs_json = list.dump(-1, ' ', false, Json::error_handler_t::replace);
  return out;
}

}  // namespace beltline
