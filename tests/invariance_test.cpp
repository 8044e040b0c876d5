// What must not change a plan: the order of files and tables, the units of values, the number of threads.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plan/formulate.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

/// A chain from wafer to token in three files, with whole modules, money in won, and every quantity of it in the unit
/// that the Korean scenario uses; `kOtherUnits` says the same otherwise.
constexpr std::string_view kScenario = R"(include = ["memory.toml", "sites.toml"]

[scenario]
title = "A chain in small"

[calendar]
start = "2026-01"
periods = 36
slices_per_day = 4

[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1400}]
deflator = [{year = 2025, index = 1}, {year = 2026, index = 1.025}]

[objective]
kind = "max_compute"
discount_rate = 0.05

[budget.programme]
amount = "2 B USD"
covers = [{kind = "rack"}, {kind = "hall"}, {kind = "connection"}]

[place.korea]
kind = "region"

[party.operator]
title = "The operator"

[party.maker]
title = "The maker"

[service.assistant]
region = "korea"
owner = "operator"
active_parameters = 1e11
utilisation_decode = 0.05
tokens = { unit = "Mtoken/s", dates = { "2026-01" = 0.5, "2028-12" = 20 } }
peak_to_mean = 2.0
price = "2 USD/Mtoken"
)";

constexpr std::string_view kMemory = R"([place.fab]
kind = "fab"

[place.packaging]
kind = "fab"

[place.racks]
kind = "fab"

[product.hbm]
family = "hbm"
die_area = "120 mm2"
die_capacity = "24 Gbit"
yield = 0.7
cycle_time = "5 month"

[fab.line]
place = "fab"
owner = "maker"
capacity = "900 wafer/month"
products = ["hbm"]
stack_place = "fab"

[stack.hbm_12h]
product = "hbm"
dies = 12
layer_yield = 0.99
test_yield = 0.85
stack_time = "2 month"
lines = [{place = "fab", owner = "maker"}]

[packaging.plant]
place = "packaging"
owner = "maker"
capacity = "120 wafer/month"
accelerators = ["chip"]
packaging_time = "3 month"

[accelerator.chip]
stack = "hbm_12h"
stacks = 8
packages_per_wafer = 16

[rack.of_72]
place = "racks"
accelerator = "chip"
accelerators = 72
power = "135 kW"
performance = "360 PFLOP/s"
utilisation = 0.95
price = "4.2e9 KRW2025/rack"
assembly_time = "1 month"
install_time = "1 month"
)";

constexpr std::string_view kSites = R"([place.north]
kind = "land"

[place.south]
kind = "land"

[site.north]
place = "north"
compute_region = "korea"
owner = "operator"
cooling = "dlc_dry"
pue = 1.2
land_max = "40 MW"

[site.south]
place = "south"
compute_region = "korea"
owner = "operator"
cooling = "dlc_dry"
pue = 1.15
land_max = "0.03 GW"
online = "2027-10"

[connection.north]
site = "north"
permit = "3 month"
assessment = "4 month"
substation = "8 month"
module = "12 MW"
price = "168 KRW2025/kWh"

[connection.south]
site = "south"
permit = "3 month"
assessment = "4 month"
substation = "6 month"
module = "9 MW"
price = "0.10 USD/kWh"

[hall.north]
site = "north"
permit = "3 month"
site_work = "2 month"
shell = "5 month"
fit_out = "6 month"
commission = "2 month"
module = "10 MW"
build_max = "20 MW/month"

[hall.south]
site = "south"
permit = "2 month"
site_work = "2 month"
shell = "4 month"
fit_out = "5 month"
commission = "2 month"
module = "7.5 MW"
)";

/// The same values in other units, as they would be rewritten by hand.
constexpr std::pair<std::string_view, std::string_view> kOtherUnits[] = {
    {"\"2 B USD\"", "\"2.8e12 KRW2025\""},
    {"\"900 wafer/month\"", "{mode = 0.9, unit = \"kwafer/month\"}"},
    {"\"120 wafer/month\"", "{mode = 1440, unit = \"wafer/year\"}"},
    {"\"120 mm2\"", "\"1.2 cm2\""},
    {"\"24 Gbit\"", "\"3 Gbyte\""},
    {"\"135 kW\"", "\"0.135 MW\""},
    {"\"360 PFLOP/s\"", "\"0.36 EFLOP/s\""},
    {"\"4.2e9 KRW2025/rack\"", "\"3 M USD/rack\""},
    {"\"168 KRW2025/kWh\"", "\"120 USD/MWh\""},
    {"\"0.10 USD/kWh\"", "\"140 KRW2025/kWh\""},
    {"\"40 MW\"", "\"0.04 GW\""},
    {"\"0.03 GW\"", "\"30 MW\""},
    {"\"20 MW/month\"", "\"0.02 GW/month\""},
    {"\"12 MW\"", "\"12000 kW\""},
    {"\"6 month\"", "\"0.5 year\""},
    {"unit = \"Mtoken/s\", dates = { \"2026-01\" = 0.5, \"2028-12\" = 20 }",
     "unit = \"token/s\", dates = { \"2026-01\" = 5e5, \"2028-12\" = 2e7 }"},
    {"\"2 USD/Mtoken\"", "\"2e-6 USD/token\""},
};

struct Folder {
  ScratchFolder scratch;
  fs::path path = scratch.path() / "small";

  Folder() {
    fs::create_directory(path);
    write_text(path / "scenario.toml", kScenario);
    write_text(path / "memory.toml", kMemory);
    write_text(path / "sites.toml", kSites);
  }
};

/// A text cut at its top-level headers: what is before the first, and each table with the subtables that belong to it.
std::vector<std::string> blocks_of(const std::string& text) {
  std::vector<std::string> blocks(1);
  std::string last_entry;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("[")) {
      // [tariff.industrial_b] and [[tariff.industrial_b.rates]] stay together and in order.
      const std::string header = line.substr(line.find_first_not_of('['));
      const std::size_t dot = header.find('.');
      const std::string entry =
          header.substr(0, dot == std::string::npos ? header.find(']') : header.find_first_of(".]", dot + 1));
      if (entry != last_entry) blocks.emplace_back();
      last_entry = entry;
    }
    blocks.back() += line + "\n";
  }
  return blocks;
}

/// The tables of a file in another order, and the includes of the scenario in another order.
std::string permuted(const std::string& text, uint32_t seed) {
  std::vector<std::string> blocks = blocks_of(text);
  for (std::size_t i = blocks.size() - 1; i >= 2; --i) {
    std::swap(blocks[i], blocks[1 + draw(seed, static_cast<uint32_t>(i), i)]);
  }
  std::string out;
  for (const std::string& block : blocks) out += block;
  return out;
}

void reverse_includes(const fs::path& folder) {
  const fs::path file = folder / "scenario.toml";
  std::string text = text_of(file);
  const std::size_t begin = text.find("include = [");
  if (begin == std::string::npos) return;
  const std::size_t open = text.find('[', begin), close = text.find(']', open);
  std::vector<std::string> names;
  for (std::size_t i = text.find('"', open); i < close; i = text.find('"', text.find('"', i + 1) + 1)) {
    names.push_back(text.substr(i, text.find('"', i + 1) + 1 - i));
  }
  ASSERT_GE(names.size(), 2U);
  std::ranges::reverse(names);
  text.replace(open, close + 1 - open, fmt::format("[{}]", fmt::join(names, ", ")));
  write_text(file, text);
}

/// Every table as CSV but the one that says where in the files things are, and the columns that do.
std::map<std::string, std::string> tables_of(const Planned& planned) {
  std::map<std::string, std::string> all;
  for (Table table : planned.result.tables) {
    if (table.name == "provenance") continue;
    if (table.name == "inputs") {
      std::erase_if(table.columns, [](const Column& column) {
        return column.name == "file" || column.name == "line" || column.name == "column";
      });
    }
    all[table.name] = to_csv(table);
  }
  return all;
}

void expect_same_bytes(const Planned& a, const Planned& b) {
  EXPECT_EQ(a.plan().objective, b.plan().objective);
  const auto first = tables_of(a), second = tables_of(b);
  ASSERT_EQ(first.size(), second.size());
  for (const auto& [name, csv] : first) EXPECT_EQ(csv, second.at(name)) << name;
}

/// Numbers equal to 1e-9 of the largest of their column, texts to the letter.
void expect_close(const Planned& a, const Planned& b) {
  ASSERT_EQ(a.result.tables.size(), b.result.tables.size());
  for (std::size_t i = 0; i < a.result.tables.size(); ++i) {
    const Table& x = a.result.tables[i];
    const Table& y = b.result.tables[i];
    ASSERT_EQ(x.name, y.name);
    if (x.name == "provenance") continue;
    ASSERT_EQ(x.row_count(), y.row_count()) << x.name;
    for (std::size_t c = 0; c < x.columns.size(); ++c) {
      if (std::holds_alternative<std::vector<std::string>>(x.columns[c].values)) {
        EXPECT_EQ(x.columns[c].texts(), y.columns[c].texts()) << x.name << "." << x.columns[c].name;
        continue;
      }
      if (!std::holds_alternative<std::vector<double>>(x.columns[c].values)) continue;
      double largest = 0;
      for (const double value : x.columns[c].numbers())
        largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
      for (std::size_t row = 0; row < x.row_count(); ++row) {
        const double p = x.columns[c].numbers()[row], q = y.columns[c].numbers()[row];
        if ((std::isnan(p) && std::isnan(q)) || p == q) continue;  // also infinite ones
        EXPECT_NEAR(p, q, 1e-9 * largest) << x.name << "." << x.columns[c].name << " row " << row;
      }
    }
  }
}

TEST(Invariance, TheSmallChainBuildsSomething) {
  const Folder folder;
  const Planned planned = plan_folder(folder.path);
  EXPECT_EQ(planned.plan().termination, Termination::optimal) << planned.plan().detail;
  EXPECT_TRUE(planned.plan().verified);
  EXPECT_GT(planned.last("programme", "accelerators_online", ""), 1000);
  EXPECT_GT(planned.last("sites", "it_capacity", "north"), 1);
  EXPECT_GT(planned.last("sites", "it_capacity", "south"), 1);
}

class Permuted : public testing::TestWithParam<std::string> {};

TEST_P(Permuted, TheOrderOfTablesAndFilesChangesNothing) {
  const Folder small;
  const fs::path original = GetParam() == "small" ? small.path : scenario_folder(GetParam());
  const Planned planned = plan_folder(original);
  for (const uint32_t seed : {1U, 2U}) {
    ScenarioCopy copy(original);
    copy.rewrite([&](const std::string& text) { return permuted(text, seed); });
    reverse_includes(copy.path());
    expect_same_bytes(planned, plan_folder(copy.path()));
  }
}

TEST_P(Permuted, OneFileOrManyChangesNothing) {
  const Folder small;
  const fs::path original = GetParam() == "small" ? small.path : scenario_folder(GetParam());
  ScenarioCopy copy(original);
  std::string main, others;
  for (const std::string& name : names_in(copy.path())) {
    (name == "scenario.toml" ? main : others) += text_of(copy.path() / name) + "\n";
  }
  // Everything but the head moves into files of their own, one a table.
  const std::size_t include = main.find("include = [");
  if (include != std::string::npos) main.erase(include, main.find('\n', include) - include);
  std::string head, includes;
  int count = 0;
  for (const std::string& block : blocks_of(main + others)) {
    const bool single =
        block.starts_with("[scenario]") || block.starts_with("[calendar]") || block.starts_with("[objective]");
    if (!block.starts_with("[") || single) {
      head += block;
      continue;
    }
    const std::string name = fmt::format("part-{}.toml", count++);
    write_text(copy.path() / name, block);
    includes += fmt::format("{}\"{}\"", includes.empty() ? "" : ", ", name);
  }
  write_text(copy.path() / "scenario.toml", fmt::format("include = [{}]\n{}", includes, head));
  expect_same_bytes(plan_folder(original), plan_folder(copy.path()));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Permuted, testing::Values("first", "small"),
                         [](const auto& scenario) { return scenario.param; });

// The same problem has the same plan; that of the Korean scenario is told in another order without solving it again.
TEST(Invariance, TheOrderOfTheKoreanTablesAndFilesGivesTheSameProblem) {
  const auto problem_of = [](const fs::path& folder) {
    const Compiled compiled = compile_scenario(folder);
    EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
    Formulation formulation = formulate(*compiled.model);
    formulation.problem.cost = goal_vector(*compiled.model, formulation.layout, Goal::cost).coefficient;
    const GoalVector compute = goal_vector(*compiled.model, formulation.layout, Goal::useful_compute);
    return std::pair(std::move(formulation.problem), compute.coefficient);
  };
  const auto [problem, compute] = problem_of(scenario_folder("korea"));
  for (const uint32_t seed : {1U, 2U, 3U}) {
    ScenarioCopy copy(scenario_folder("korea"));
    copy.rewrite([&](const std::string& text) { return permuted(text, seed); });
    reverse_includes(copy.path());
    const auto [other, other_compute] = problem_of(copy.path());
    EXPECT_TRUE(problem.start == other.start && problem.index == other.index && problem.value == other.value);
    EXPECT_TRUE(problem.column_lower == other.column_lower && problem.column_upper == other.column_upper);
    EXPECT_TRUE(problem.row_lower == other.row_lower && problem.row_upper == other.row_upper);
    EXPECT_TRUE(problem.integer == other.integer && problem.cost == other.cost && compute == other_compute);
  }
}

TEST(Invariance, OtherUnitsChangeNothing) {
  const Folder folder;
  const Planned planned = plan_folder(folder.path);
  ScenarioCopy copy(folder.path);
  std::size_t replaced = 0;
  copy.rewrite([&](const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      const auto found = std::ranges::find_if(
          kOtherUnits, [&](const auto& unit) { return text.compare(i, unit.first.size(), unit.first) == 0; });
      if (found == std::end(kOtherUnits)) {
        out += text[i++];
        continue;
      }
      out += found->second;
      i += found->first.size();
      ++replaced;
    }
    return out;
  });
  EXPECT_GE(replaced, std::size(kOtherUnits));
  expect_close(planned, plan_folder(copy.path()));
}

TEST(Invariance, OtherUnitsChangeNothingInTheFirstScenario) {
  const Planned planned = plan_folder(scenario_folder("first"));
  ScenarioCopy copy(scenario_folder("first"));
  copy.set("budget.programme", "amount", "\"0.5 B USD\"");
  copy.set("site.ulsan", "land_max", "\"0.02 GW\"");
  copy.set("connection.ulsan", "substation", "{mode = 0.6666666666666666, unit = \"year\"}");
  copy.set("connection.ulsan", "price", "\"120 USD/MWh\"");
  copy.set("hall.ulsan", "fit_out", "\"0.5 year\"");
  copy.set("rack.gb300", "supply_max", "\"120 rack/year\"");
  copy.set("rack.gb300", "power", "\"0.132 MW\"");
  copy.set("service.assistant", "price", "\"2e-6 USD/token\"");
  expect_close(planned, plan_folder(copy.path()));
}

/// Path → SHA-256 of a run's files, as its manifest has them.
std::map<std::string, std::string> hashes_of(const fs::path& run) {
  std::map<std::string, std::string> hashes;
  const nlohmann::json manifest = nlohmann::json::parse(text_of(run / "manifest.json"));
  for (const auto& file : manifest["files"]) hashes[file["path"]] = file["sha256"];
  EXPECT_GE(hashes.size(), 10U);
  return hashes;
}

TEST(Invariance, OneTwoAndEightThreadsGiveTheSameFiles) {
  const Folder small;
  for (const fs::path& scenario : {scenario_folder("first"), small.path}) {
    const ScratchFolder scratch;
    std::map<std::string, std::string> first;
    for (const char* threads : {"1", "2", "8"}) {
      const fs::path run = scratch.path() / fmt::format("run-{}", threads);
      const Finished plan = run_program({"plan", scenario.string(), "-o", run.string(), "--threads", threads});
      ASSERT_EQ(plan.code, 0) << plan.err;
      const auto hashes = hashes_of(run);
      if (first.empty()) first = hashes;
      for (const auto& [path, hash] : hashes) EXPECT_EQ(first[path], hash) << path << " with " << threads << " threads";
      EXPECT_EQ(hashes.size(), first.size());
    }
  }
}

}  // namespace
}  // namespace beltline
