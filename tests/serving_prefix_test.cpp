// Prefixes of a published trace (Mooncake, synthetic) through the serving engine's cache.
#include <filesystem>
#include <fstream>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "perf/catalogue.h"
#include "perf/replica_cost.h"
#include "serving/engine.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

const fs::path kTrace =
    fs::path(BELTLINE_SOURCE_DIR) / "../shared/validation/serving/traces/mooncake/synthetic_trace.jsonl";
constexpr int32_t kUnit = 512;

struct Row {
  serving::Request request;
  std::vector<uint64_t> units;  // of whole blocks: the trace's ids stand for a block with all before it
};

std::vector<Row> read_rows() {
  std::vector<Row> rows;
  std::ifstream file(kTrace);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Row row;
    row.request = {.id = rows.size(),
                   .arrival = json.at("timestamp").get<int64_t>() * 1'000'000'000,
                   .prompt_tokens = json.at("input_length"),
                   .output_tokens = std::max(1, json.at("output_length").get<int32_t>())};
    for (const auto& id : json.at("hash_ids")) row.units.push_back(id.get<uint64_t>() + 1);
    row.units.resize(
        std::min<std::size_t>(row.units.size(), static_cast<std::size_t>(row.request.prompt_tokens / kUnit)));
    rows.push_back(row);
  }
  return rows;
}

int64_t cached_tokens(const std::vector<Row>& rows, const perf::StepCost& cost, int64_t blocks, int64_t& prompts) {
  serving::Cluster cluster({});
  serving::EngineRules rules;
  rules.caches_prefixes = true;
  rules.prefix_unit_tokens = kUnit;
  rules.blocks_max = blocks;
  cluster.add_replica({.cost = &cost, .rules = rules});
  for (const Row& row : rows) {
    serving::Request request = row.request;
    request.prefix = row.units;
    cluster.submit(request);
  }
  cluster.finish();
  cluster.check_conservation();
  prompts = cluster.totals(0).prompt_tokens;
  return cluster.totals(0).cached_tokens;
}

TEST(PublishedPrefixes, OfMooncake) {
  if (!fs::exists(kTrace)) GTEST_SKIP() << "no " << kTrace;
  const std::vector<Row> rows = read_rows();
  const auto cost = perf::ReplicaCost::make({.architecture = perf::find_architecture("llama-3-8b").value(),
                                             .accelerator = perf::find_accelerator("b200").value()});
  ASSERT_TRUE(cost.has_value());

  // what a cache without end finds, counted apart: the last token of a prompt is always computed
  std::unordered_set<uint64_t> seen;
  int64_t expected = 0, asked = 0;
  for (const Row& row : rows) {
    const std::size_t most = static_cast<std::size_t>((row.request.prompt_tokens - 1) / kUnit);
    std::size_t found = 0;
    while (found < std::min(most, row.units.size()) && seen.contains(row.units[found])) ++found;
    expected += static_cast<int64_t>(found) * kUnit;
    asked += row.request.prompt_tokens;
    seen.insert(row.units.begin(), row.units.end());
  }
  int64_t computed = 0;
  EXPECT_EQ(cached_tokens(rows, **cost, 100'000'000, computed), expected);
  EXPECT_EQ(computed, asked - expected);
  EXPECT_GT(static_cast<double>(expected) / static_cast<double>(asked), 0.5);

  // what fits into memory finds less
  const int64_t small = cached_tokens(rows, **cost, 40'000, computed);
  EXPECT_LT(small, expected);
  EXPECT_GT(small, 0);
}

}  // namespace
}  // namespace beltline
