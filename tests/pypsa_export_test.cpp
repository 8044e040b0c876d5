// Networks exported as PyPSA's folders and read again: the optimum stays, and what PyPSA cannot hold is told.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/korean_check.h"
#include "export/pypsa.h"
#include "import/pypsa.h"
#include "lp/solver.h"
#include "run/pipeline.h"
#include "support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr double kRelative = 1e-6;

const fs::path kCases = fs::path(BELTLINE_SOURCE_DIR) / "tests/cases/pypsa";
const fs::path kPublished = fs::path(BELTLINE_SOURCE_DIR) / "../shared/validation/planning/pypsa";

Compiled imported(const fs::path& source) {
  const Imported read = import_pypsa(source, {});
  EXPECT_FALSE(read.diagnostics.has_errors()) << render(read.diagnostics, read.files);
  if (!read.draft) return {};
  Compiled compiled = compile_texts(read.draft->files(), {});
  EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  return compiled;
}

double optimum(const Compiled& compiled) {
  if (!compiled.model) return NAN;
  const auto plan = make_plan(*compiled.model, {.mip_gap_max = 1e-9});
  if (!plan) return NAN;
  EXPECT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified) << plan->detail;
  return plan->cost_usd;
}

/// The model, written as a PyPSA folder and read again.
Compiled there_and_back(const Model& model, const fs::path& folder) {
  Diagnostics diagnostics;
  const std::vector<SourceFile> files = pypsa_files(model, "round trip", diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << render(diagnostics, {});
  fs::create_directories(folder);
  for (const SourceFile& file : files) write_text(folder / file.path, file.text);
  return imported(folder);
}

void expect_same(double found, double wanted) {
  EXPECT_NEAR(found, wanted, kRelative * std::max(1.0, std::abs(wanted)));
}

class PypsaExport : public testing::TestWithParam<std::string> {};

TEST_P(PypsaExport, KeepsTheOptimumThereAndBack) {
  const fs::path source = kCases / GetParam();
  const Compiled first = imported(source);
  ASSERT_TRUE(first.model);
  const ScratchFolder scratch;
  double wanted = 0;
  std::ifstream(source / "objective.txt") >> wanted;
  expect_same(optimum(there_and_back(*first.model, scratch.path() / "folder")), wanted);
}

// all but `periods` and `storage`, whose limits of growth count capacities by several coefficients
INSTANTIATE_TEST_SUITE_P(Pypsa, PypsaExport,
                         testing::Values("delays", "direct_current", "down_time", "expansion", "link_commitment",
                                         "links", "meshed", "modules", "overnight", "quadratic", "ramps",
                                         "shut_down_costs", "start_up_costs", "transformers", "unit_commitment",
                                         "unit_modules", "up_time"),
                         [](const auto& tested) { return tested.param; });

TEST(PypsaExportTest, PublishedMeshedNetworkThereAndBack) {
  const fs::path source = kPublished / "ac-dc-meshed";
  if (!fs::exists(source)) GTEST_SKIP() << "no " << source;
  const Compiled first = imported(source);
  ASSERT_TRUE(first.model);
  const ScratchFolder scratch;
  expect_same(optimum(there_and_back(*first.model, scratch.path() / "folder")), -3474256.04055);
}

constexpr std::string_view kNative = R"toml(
[scenario]
name = "native"
[calendar]
start = "2030-01"
periods = 1
months_per_period = 12
slices = 4
slice_hours = ["2000 h", "2500 h", "1500 h", "2760 h"]
[money]
base_year = 2030
[objective]
kind = "min_cost"
discount_rate = 0.05
[commodity.power]
unit = "MW"
grain = "rate"
[commodity.heat]
unit = "MW"
grain = "rate"
disposable = true
[commodity.fuel]
unit = "MW"
grain = "rate"
[place.north]
[place.south]
[capacity.plant]
place = "north"
unit = "MW"
existing = "10 MW"
capex = "300000 USD/MW"
fixed_cost = "9000 USD/MW/year"
total_max = "500 MW"
[process.supply]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "fuel", place = "north", rate = 1}]
cost = "20 USD/MWh"
[process.plant]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "fuel", place = "north", rate = -2.5},
         {commodity = "power", place = "north", rate = 1},
         {commodity = "heat", place = "north", rate = 0.8}]
uses = [{capacity = "plant"}]
[process.well]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "heat", place = "north", rate = 1}, {commodity = "power", place = "north", rate = 0.1}]
upper = "30 MW"
cost = "1 USD/MWh"
[process.sale]
place = "south"
grain = "rate"
unit = "MW"
flows = [{commodity = "power", place = "south", rate = -2}]
upper = "3 MW"
cost = "-70 USD/MWh"
[capacity.oven]
place = "north"
unit = "MW"
existing = "5 MW"
capex = "90000 USD/MW"
[process.oven_by_fuel]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "fuel", place = "north", rate = -1.2}, {commodity = "heat", place = "north", rate = 1}]
uses = [{capacity = "oven"}]
[process.oven_by_power]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "power", place = "north", rate = -1.01}, {commodity = "heat", place = "north", rate = 1}]
uses = [{capacity = "oven", use = 0.5}]
upper = "25 MW"
[line.cable]
from = "north"
to = "south"
commodity = "power"
loss = 0.05
capacity = "5 MW"
capex = "60000 USD/MW"
[line.bridge]
from = "north"
to = "south"
commodity = "power"
capacity = "80 MW"
[store.battery]
commodity = "power"
place = "south"
level_max = "40 MWh"
power_max = "15 MW"
efficiency_in = 0.9
efficiency_out = 0.8
discharge_cost = "2 USD/MWh"
[demand.city]
commodity = "power"
place = "south"
quantity = {values = ["50 MW", "95 MW", "70 MW", "20 MW"], by = "slice"}
unserved_cost = "4000 USD/MWh"
[demand.homes]
commodity = "heat"
place = "north"
quantity = {values = ["20 MW", "30 MW", "60 MW", "10 MW"], by = "slice"}
[limit.plant_energy]
unit = "MWh"
scope = "window"
terms = [{kind = "activity", of = "plant"}]
upper = "450000 MWh"
)toml";

TEST(PypsaExportTest, NetworksOfOurOwnKeepTheirOptimum) {
  const Compiled compiled = compile_texts({{.path = "scenario.toml", .text = std::string(kNative)}}, {});
  ASSERT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  const double wanted = optimum(compiled);
  EXPECT_GT(wanted, 1e6);
  const ScratchFolder scratch;
  expect_same(optimum(there_and_back(*compiled.model, scratch.path() / "folder")), wanted);
}

// PyPSA itself finds the same
TEST(PypsaExportTest, MixedNetworkKeepsTheOptimumThatPypsaFinds) {
  const Compiled compiled = compile_scenario(fs::path(BELTLINE_SOURCE_DIR) / "tests/cases/pypsa_export/mixed");
  ASSERT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  constexpr double kWanted = 11737209.145221066;
  expect_same(optimum(compiled), kWanted);
  const ScratchFolder scratch;
  expect_same(optimum(there_and_back(*compiled.model, scratch.path() / "folder")), kWanted);
}

constexpr std::string_view kForeign = R"toml(
[commodity.wafer]
unit = "wafer"
grain = "amount"
[capacity.kiln]
place = "north"
unit = "MW"
existing = "10 MW"
capex = "10 USD/MW"
[process.left]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "heat", place = "north", rate = 1}]
uses = [{capacity = "kiln"}]
peak_cost = "5 USD/MW/month"
[process.right]
place = "north"
grain = "rate"
unit = "MW"
flows = [{commodity = "heat", place = "north", rate = 1}]
uses = [{capacity = "kiln"}]
least_share = 0.1
[store.stock]
commodity = "wafer"
place = "north"
[demand.wafers]
commodity = "wafer"
place = "north"
quantity = "0 wafer"
[limit.always]
unit = "MW"
scope = "each_slice"
terms = [{kind = "activity", of = "well"}]
upper = "29 MW"
)toml";

TEST(PypsaExportTest, SaysAllThatPypsaCannotHoldAtOnce) {
  const Compiled compiled =
      compile_texts({{.path = "scenario.toml", .text = std::string(kNative) + std::string(kForeign)}}, {});
  ASSERT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  Diagnostics diagnostics;
  pypsa_files(*compiled.model, "foreign", diagnostics);
  const std::string told = render(diagnostics, compiled.files);
  for (const char* const part :
       {"uses of process 'right' cannot be carried over: found kiln", "peak_cost of process 'left'",
        "commodity of store 'stock' cannot be carried over: found wafer", "commodity of demand 'wafers'",
        "scope of limit 'always' cannot be carried over: found each_slice", "scenario.toml:"}) {
    EXPECT_THAT(told, testing::HasSubstr(part));
  }
  expect_told_in_full(diagnostics);
}

TEST(PypsaExportTest, SeveralPeriodsAreRefused) {
  const Compiled compiled = compile_scenario(scenario_folder("first"));
  ASSERT_TRUE(compiled.model);
  Diagnostics diagnostics;
  pypsa_files(*compiled.model, "first", diagnostics);
  EXPECT_THAT(render(diagnostics, compiled.files), testing::HasSubstr("calendar.periods cannot be carried over"));
  expect_told_in_full(diagnostics);
}

TEST(PypsaExportTest, TheProgramWritesAWholeFolderOrNone) {
  const ScratchFolder scratch;
  fs::create_directories(scratch.path() / "scenario");
  write_text(scratch.path() / "scenario/scenario.toml", kNative);
  const std::string scenario = (scratch.path() / "scenario").string();
  const std::string target = (scratch.path() / "folder").string();
  EXPECT_EQ(run_program({"export", "pypsa", scenario, "-o", target}).code, 0);
  EXPECT_TRUE(fs::exists(fs::path(target) / "buses.csv"));
  EXPECT_EQ(run_program({"export", "pypsa", scenario, "-o", target}).code, 6);
  const Finished again = run_program({"export", "pypsa", scenario, "-o", target, "--force", "--json"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, testing::HasSubstr("\"generators.csv\""));
  const std::string other = (scratch.path() / "other").string();
  EXPECT_EQ(run_program({"export", "pypsa", scenario_folder("first").string(), "-o", other}).code, 1);
  EXPECT_FALSE(fs::exists(other));
}

TEST(PypsaExportTest, PackedMpsIsTheSameProblem) {
  const ScratchFolder scratch;
  write_text(scratch.path() / "scenario.toml", kNative);
  const std::string plain = (scratch.path() / "native.mps").string();
  const std::string packed = plain + ".gz";
  for (const std::string& file : {plain, packed})
    EXPECT_EQ(run_program({"export", "mps", scratch.path().string(), "-o", file}).code, 0);
  EXPECT_LT(fs::file_size(packed), fs::file_size(plain) / 2);
  const auto first = lp::read_problem(plain);
  const auto second = lp::read_problem(packed);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->problem.value, second->problem.value);
  EXPECT_EQ(first->problem.cost, second->problem.cost);
}

}  // namespace
}  // namespace beltline
