// What a study of many solves gives, before it is written.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/language.h"
#include "run/pipeline.h"

namespace beltline {

struct StudyReport {
  std::string study;  // "alternatives", "pareto", "sweep", "tornado": also its main table
  Termination termination = Termination::unverified;
  std::string facts_json;  // an object: what is particular to this study
  std::vector<Table> tables;
  std::string text, text_ko;                                    // for people
  std::vector<std::pair<std::string, std::string>> files = {};  // further files of the run: name, content
};

/// The manifest of a study's run folder.
std::string study_manifest(const Compiled& compiled, const StudyReport& report);

/// Facts and tables as one JSON object.
std::string study_json(const StudyReport& report);

}  // namespace beltline
