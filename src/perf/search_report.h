// What a search found, for a reader, a program and a spreadsheet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/language.h"
#include "perf/search.h"
#include "table/table.h"

namespace beltline::perf {

/// The answers to one question of a rack.
struct SearchReport {
  CatalogueModel model;
  Rack rack;
  Confidence rack_confidence;
  std::string rack_note;
  std::string engine;
  Workload workload;
  ServiceLevel level;
  CostOptions costs;
  int32_t racks = 1;
  std::vector<RackPoint> ranking;  // the best first; empty where nothing meets the level
  std::vector<RackPoint> front;
  ServiceLevel reach;                 // the least of each
  std::vector<std::string> defaults;  // options of the workload that were not given
  std::optional<RackPoint> in_fp4;    // where fp4 was not looked at, the best in it
};

/// "TP4", "DP8 EP8", "TP4 PP2": how one replica is split.
std::string split_text(const Parallelism& split);
/// "fp8", "bf16, experts fp4", "fp8 widened to bf16": in what the weights are stored.
std::string numbers_text(const Deployment& deployment);

/// One page: the best way in words, then the others and the front as tables.
std::string search_text(const SearchReport& report, Language language);
/// An object with model, rack, workload, level, costs, best, ranking, front and reach; what is not known is null.
std::string search_json(const SearchReport& report);
/// One row a point: the ranking, then the front.
Table search_table(const SearchReport& report);

}  // namespace beltline::perf
