#include "study/study_report.h"

#include <nlohmann/json.hpp>

#include "lp/solver.h"
#include "run/run_scenario.h"

namespace beltline {

using Json = nlohmann::ordered_json;

std::string study_manifest(const Compiled& compiled, const StudyReport& report) {
  const Spec& spec = *compiled.spec;
  Json json;
  json["program"] = "beltline";
  json["version"] = version();
  json["solver"] = lp::version();
  json["study"] = report.study;
  json["scenario"] = {{"name", spec.name}, {"title", spec.title}, {"sha256", spec.hash}, {"main", spec.main}};
  auto& files = json["scenario"]["files"] = Json::array();
  for (const KeptFile& file : kept_files(compiled.originals))
    files.push_back({{"path", file.path}, {"file", file.name}});
  json["options"] = {{"set", spec.overrides}};
  json["termination"] = to_string(report.termination);
  json["facts"] = Json::parse(report.facts_json);
  return json.dump(2);
}

std::string study_json(const StudyReport& report) {
  Json json = Json::parse(report.facts_json);
  json["study"] = report.study;
  json["termination"] = to_string(report.termination);
  for (const Table& table : report.tables) json["tables"][table.name] = Json::parse(to_json(table));
  return json.dump(2);
}

}  // namespace beltline
