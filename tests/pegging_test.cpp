// beltline pegging, and a run's decisions read back from its tables.
#include "plan/pegging.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/plan_of_run.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Wafers become dies two months later, dies become racks a month later; halls are ordered with racks. The fab is full
/// in the first months.
constexpr const char* kChain = R"([scenario]
title = "A short chain"
[calendar]
start = "2030-01"
periods = 10
slices_per_day = 1
[objective]
discount_rate = 0
[place.fab]
[place.site]
[commodity.die]
unit = "die"
[commodity.rack]
unit = "rack"
[commodity.power]
unit = "MW"
grain = "rate"
disposable = true
[capacity.line]
place = "fab"
unit = "wafer/month"
existing = "10 wafer/month"
buildable = false
[process.wafers]
title = "wafer starts"
place = "fab"
unit = "wafer"
uses = [{capacity = "line"}]
flows = [{commodity = "die", rate = "40 die/wafer", lag = "2 month"}]
cost = "1 USD/wafer"
[process.assembly]
place = "site"
unit = "rack"
flows = [{commodity = "die", place = "fab", rate = "-100 die/rack"}, {commodity = "rack", rate = 1, lag = "1 month"}]
[process.generator]
place = "site"
grain = "rate"
unit = "MW"
upper = "5 MW"
cost = "1 USD/MWh"
flows = [{commodity = "power", rate = 1}]
[store.dies]
commodity = "die"
place = "fab"
initial = "150 die"
holding_cost = "0.001 USD/die/month"
[store.racks]
commodity = "rack"
place = "site"
holding_cost = "0.01 USD/rack/month"
[demand.customers]
commodity = "rack"
place = "site"
quantity = {values = [0, 1, 0, 4, 4, 4, 4, 5, 5, 1], unit = "rack"}
unserved_cost = "1000 USD/rack"
[demand.load]
commodity = "power"
place = "site"
quantity = "3 MW"
)";

class Pegging : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(scratch_.path() / "chain");
    write_text(scratch_.path() / "chain" / "scenario.toml", kChain);
    const Finished done = run_program({"plan", scenario(), "-o", run()});
    ASSERT_EQ(done.code, 0) << done.out << done.err;
  }
  [[nodiscard]] std::string scenario() const { return scratch_.path() / "chain"; }
  [[nodiscard]] std::string run() const { return scratch_.path() / "run"; }

  ScratchFolder scratch_;
};

TEST_F(Pegging, DecisionsComeBackFromTheTables) {
  const Planned planned = plan_folder(scenario());
  const auto compiled = compile_run(run());
  ASSERT_TRUE(compiled && compiled->model);
  const auto plan = plan_of_run(*compiled->model, run());
  ASSERT_TRUE(plan) << plan.error().message;
  const auto expect_same = [](const Values& a, const Values& b) {
    ASSERT_EQ(a.data.size(), b.data.size());
    for (std::size_t i = 0; i < a.data.size(); ++i) EXPECT_NEAR(a.data[i], b.data[i], 1e-6 * (1 + std::abs(b.data[i])));
  };
  expect_same(plan->activity, planned.plan().activity);
  expect_same(plan->level, planned.plan().level);
  expect_same(plan->unserved, planned.plan().unserved);
  expect_same(plan->order, planned.plan().order);
}

TEST_F(Pegging, TheTableHoldsEveryUnitOnce) {
  const fs::path file = scratch_.path() / "pegs.csv";
  const Finished done = run_program({"pegging", run(), "-o", file});
  ASSERT_EQ(done.code, 0) << done.err;
  const auto table = table_from_csv(text_of(file), "pegging");
  ASSERT_TRUE(table) << table.error().message;
  std::map<std::string, double> made, taken;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    const std::string& good = table->column("good").texts()[i];
    const double quantity = table->column("quantity").numbers()[i];
    made[table->column("from").texts()[i] + " " + good] += quantity;
    taken[table->column("to").texts()[i] + " " + good] += quantity;
    EXPECT_NE(table->column("from_kind").texts()[i], "unknown");
  }
  const auto compiled = compile_run(run());
  const auto plan = plan_of_run(*compiled->model, run());
  double wafers = 0, racks = 0, unserved = 0;
  for (int t = 0; t < 10; ++t) {
    racks += plan->activity.at(0, t);
    wafers += plan->activity.at(2, t);
    unserved += plan->unserved.at(0, t);
  }
  EXPECT_NEAR(made["wafers die"], 40 * wafers, 1e-4);
  EXPECT_NEAR(made["dies die"], 150, 1e-6);
  EXPECT_NEAR(taken["assembly die"], 100 * racks, 1e-4);
  EXPECT_NEAR(taken["customers rack"], 28 - unserved, 1e-5);
}

TEST_F(Pegging, UpTheTreeToTheFullLine) {
  const Finished done = run_program({"pegging", run(), "--of", "customers", "--month", "2030-06", "--up", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  const Json json = Json::parse(done.out);
  EXPECT_FALSE(json.contains("down"));
  const Json& racks = json["up"]["branches"].at(0);
  EXPECT_EQ(racks["name"], "assembly");
  const Json& dies = racks["branches"].at(0);
  EXPECT_NEAR(dies["quantity"].get<double>(), 100 * racks["quantity"].get<double>(), 1e-4);
  // all levels of one branch add up to what is above it
  double sum = 0;
  for (const Json& each : racks["branches"]) sum += each["quantity"].get<double>();
  EXPECT_NEAR(sum, 100 * racks["quantity"].get<double>(), 1e-4);
  const Finished overview = run_program({"pegging", run(), "--json"});
  const Json uses = Json::parse(overview.out)["uses"];
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0]["name"], "customers");
  EXPECT_EQ(uses[0]["waits_for"]["name"], "wafers");
  EXPECT_EQ(uses[0]["waits_for"]["full"], Json::array({"line"}));
}

TEST_F(Pegging, DownTheTreeAndInWords) {
  const Finished down = run_program({"pegging", run(), "--of", "wafers", "--month", "2030-01", "--down"});
  EXPECT_EQ(down.code, 0);
  EXPECT_NE(down.out.find("wafer starts, begun 2030-01: what it serves"), std::string::npos) << down.out;
  EXPECT_NE(down.out.find("→ customers"), std::string::npos) << down.out;
  const Finished korean = run_program({"pegging", run(), "--of", "customers", "--lang", "ko"});
  EXPECT_NE(korean.out.find("투입"), std::string::npos) << korean.out;
  const Finished goods = run_program({"pegging", run(), "--of", "die@fab"});
  EXPECT_EQ(goods.code, 0) << goods.err;
  const Finished overview = run_program({"pegging", run()});
  EXPECT_NE(overview.out.find("waits for wafer starts"), std::string::npos) << overview.out;
  EXPECT_EQ(overview.out.find("power"), std::string::npos) << "rates are not pegged";
}

TEST_F(Pegging, WrongNamesAndMonths) {
  const Finished name = run_program({"pegging", run(), "--of", "wafer"});
  EXPECT_EQ(name.code, 2);
  EXPECT_NE(name.err.find("did you mean 'wafers'?"), std::string::npos) << name.err;
  EXPECT_EQ(run_program({"pegging", run(), "--month", "2040-01", "--of", "wafers"}).code, 2);
  EXPECT_EQ(run_program({"pegging", run(), "--month", "soon"}).code, 2);
  EXPECT_EQ(run_program({"pegging", run() + "x"}).code, 6);
  const Finished idle = run_program({"pegging", run(), "--of", "generator"});
  EXPECT_EQ(idle.code, 2);
  EXPECT_NE(idle.err.find("no goods pass through"), std::string::npos) << idle.err;
}

}  // namespace
}  // namespace beltline
