#include "run/open_run.h"

#include <cmath>

#include <gtest/gtest.h>

#include "plan/verify.h"
#include "run/run_scenario.h"
#include "table/example_table.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

// Dies come two months after their wafers, halls three months after their order and take dies a month after it; hulls
// move from one place to another; a window of money and one of orders began earlier.
constexpr std::string_view kChain = R"toml(
[scenario]
name = "chain"
[calendar]
start = "2026-01"
periods = 14
slices_per_day = 1
[commodity.die]
unit = "die"
[commodity.wafer]
unit = "wafer"
[commodity.work]
unit = "ticket"
[place.fab]
[place.a]
[place.b]
[party.owner]
[capacity.line]
place = "fab"
unit = "wafer/month"
existing = "4 wafer/month"
lead = "2 month"
build_max = "1 wafer/month/month"
total_max = "5 wafer/month"
capex = "200 USD/(wafer/month)"
[process.etch]
place = "fab"
unit = "wafer"
cost = "10 USD/wafer"
uses = [{capacity = "line"}]
flows = [{commodity = "die", rate = "10 die/wafer", lag = "2 month"}]
[store.bank]
commodity = "die"
place = "fab"
initial = "15 die"
loss = "1 %/month"
holding_cost = "0.1 USD/die/month"
[capacity.hall]
place = "a"
owner = "owner"
unit = "MW"
lead = "3 month"
life = "9 month"
module_size = "2 MW"
total_max = "20 MW"
capex = "100 USD/MW"
spend_profile = "linear"
build_flows = [{commodity = "die", place = "fab", amount = "-5 die/MW", after = "1 month"}]
[capacity.hull_a]
place = "a"
unit = "MW"
lead = "2 month"
module_size = "3 MW"
capex = "150 USD/MW"
[capacity.hull_b]
place = "b"
unit = "MW"
buildable = false
[move.tow]
from = "hull_a"
to = "hull_b"
lag = "2 month"
cost = "5 USD/MW"
[process.work_hall]
place = "a"
unit = "ticket"
uses = [{capacity = "hall", use = "0.1 MW/ticket"}]
flows = [{commodity = "work", rate = 1}]
[process.work_hull]
place = "a"
unit = "ticket"
cost = "0.2 USD/ticket"
uses = [{capacity = "hull_a", use = "0.1 MW/ticket"}]
flows = [{commodity = "work", rate = 1}]
[process.work_far]
place = "b"
unit = "ticket"
uses = [{capacity = "hull_b", use = "0.1 MW/ticket"}]
flows = [{commodity = "work", rate = 1}]
[demand.near]
commodity = "work"
place = "a"
quantity = {values = [0, 0, 20, 30, 40, 60, 60, 70, 80, 80, 90, 90, 90, 90], unit = "ticket/month"}
unserved_cost = "90 USD/ticket"
[demand.far]
commodity = "work"
place = "b"
quantity = {dates = {"2026-06" = "0 ticket/month", "2026-08" = "30 ticket/month"}}
unserved_cost = "80 USD/ticket"
[limit.money]
unit = "USD"
scope = "window"
first = "2026-02"
last = "2026-12"
terms = [{kind = "spend", of = "hall"}, {kind = "spend", of = "hull_a"}]
upper = "2500 USD"
[limit.built]
terms = [{kind = "built", of = "line"}]
upper = "4 wafer/month"
)toml";

struct Planned {
  Compiled compiled;
  RunResult result;
};

class OpenRun : public ::testing::Test {
 protected:
  static Planned plan(const std::vector<SourceFile>& files) {
    Planned out{.compiled = compile_texts(files, {}), .result = {}};
    EXPECT_TRUE(out.compiled.model) << render(out.compiled.diagnostics, out.compiled.files);
    if (!out.compiled.model) return out;
    auto result = run_plan(out.compiled, {.mip_gap_max = 0});
    EXPECT_TRUE(result && result->plan.has_point);
    if (result) out.result = std::move(*result);
    EXPECT_EQ(out.result.plan.termination, Termination::optimal) << out.result.summary;
    return out;
  }

  RunPlan written(const Planned& planned, const char* name) const {
    const auto folder = scratch_.path() / name;
    EXPECT_TRUE(write_run(folder, {.manifest_json = planned.result.manifest_json,
                                   .tables = planned.result.tables,
                                   .texts = {},
                                   .scenario = scenario_contents(planned.compiled.originals)}));
    auto run = read_run_plan(folder);
    EXPECT_TRUE(run) << run.error().message;
    return std::move(*run);
  }

  static std::vector<SourceFile> chain() { return {{"scenario.toml", std::string(kChain)}}; }

  ScratchFolder scratch_;
};

/// What a plan has online of a capacity in a month.
double online_in(const Planned& planned, std::string_view name, YearMonth month) {
  const Model& m = *planned.compiled.model;
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    if (m.capacities[k].name == name) return online(m, planned.result.plan, CapacityId(k), m.calendar.period_of(month));
  }
  ADD_FAILURE() << "no capacity " << name;
  return 0;
}

double unserved(const Planned& planned, YearMonth month) {
  const Model& m = *planned.compiled.model;
  double sum = 0;
  for (std::size_t d = 0; d < m.demands.size(); ++d)
    sum += planned.result.plan.unserved.at(d, m.calendar.period_of(month));
  return sum;
}

TEST_F(OpenRun, ReadsBackEveryDecisionAndLevel) {
  const Planned first = plan(chain());
  const RunPlan run = written(first, "run");
  const Plan& before = first.result.plan;
  for (const auto& [read, made] : {std::pair{&run.plan.order, &before.order},
                                   {&run.plan.built, &before.built},
                                   {&run.plan.moved, &before.moved},
                                   {&run.plan.activity, &before.activity},
                                   {&run.plan.level, &before.level}}) {
    ASSERT_EQ(read->data.size(), made->data.size());
    for (std::size_t i = 0; i < made->data.size(); ++i) EXPECT_NEAR(read->data[i], made->data[i], 1e-5);
  }
  const Values built = built_by(run.model(), run.plan);
  for (std::size_t i = 0; i < built.data.size(); ++i) EXPECT_NEAR(built.data[i], before.built.data[i], 1e-6);
}

TEST_F(OpenRun, WhatIsLeftIsTheRestOfThePlan) {
  const Planned first = plan(chain());
  // halls are built, hulls move on: else the case would show nothing
  EXPECT_GT(online_in(first, "hall", {2026, 8}), 0);
  EXPECT_GT(online_in(first, "hull_b", {2026, 12}), 0);
  const RunPlan run = written(first, "run");
  for (const int month : {2, 4, 6, 9, 12}) {
    const YearMonth opens{2026, month};
    const auto opened = open_run(run, opens, Actuals());
    ASSERT_TRUE(opened) << opened.error().message;
    const Planned rest = plan(opened->files);
    ASSERT_TRUE(rest.compiled.model);
    const Model& m = *rest.compiled.model;
    EXPECT_EQ(to_string(m.calendar.start), to_string(opens));
    EXPECT_EQ(m.period_count(), first.compiled.model->period_count() - month + 1);
    for (int t = 0; t < m.period_count(); ++t) {
      const YearMonth then = m.calendar.month(t);
      for (const char* name : {"line", "hall", "hull_a", "hull_b"}) {
        EXPECT_NEAR(online_in(rest, name, then), online_in(first, name, then), 1e-4)
            << name << " in " << to_string(then) << ", opened in " << to_string(opens);
      }
      EXPECT_NEAR(unserved(rest, then), unserved(first, then), 1e-4) << to_string(then);
    }
  }
}

TEST_F(OpenRun, AnOpenedPlanOpensAgain) {
  const Planned first = plan(chain());
  const auto once = open_run(written(first, "run"), {2026, 5}, Actuals());
  ASSERT_TRUE(once) << once.error().message;
  const Planned second = plan(once->files);
  const auto twice = open_run(written(second, "second"), {2026, 9}, Actuals());
  ASSERT_TRUE(twice) << twice.error().message;
  const Planned third = plan(twice->files);
  for (int month = 9; month <= 12; ++month) {
    for (const char* name : {"line", "hall", "hull_a", "hull_b"}) {
      EXPECT_NEAR(online_in(third, name, {2026, month}), online_in(first, name, {2026, month}), 1e-4) << name << month;
    }
  }
}

TEST_F(OpenRun, WhatTheRunWasChangedByStaysChanged) {
  Compiled compiled = compile_texts(chain(), {.overrides = {"capacity.line.total_max=6 wafer/month"}});
  ASSERT_TRUE(compiled.model);
  auto result = run_plan(compiled, {});
  ASSERT_TRUE(result);
  const RunPlan run = written({.compiled = std::move(compiled), .result = std::move(*result)}, "run");
  const auto opened = open_run(run, {2026, 4}, Actuals());
  ASSERT_TRUE(opened);
  EXPECT_NE(
      opened->files.front().text.find("set = [\"calendar.opens=2026-04\", \"capacity.line.total_max=6 wafer/month\"]"),
      std::string::npos)
      << opened->files.front().text;
  const Compiled again = compile_texts(opened->files, {});
  EXPECT_TRUE(again.model) << render(again.diagnostics, again.files);
}

TEST_F(OpenRun, CountsTakeThePlaceOfThePlan) {
  const Planned first = plan(chain());
  const RunPlan run = written(first, "run");
  const Model& m = run.model();
  const auto id = [](const auto& list, std::string_view name) {
    return static_cast<int32_t>(std::ranges::find(list, name, [](const auto& e) { return e.name; }) - list.begin());
  };
  const Entity etch{EntityKind::process, id(m.processes, "etch")};
  const Entity bank{EntityKind::store, id(m.stores, "bank")};
  const Entity hall{EntityKind::capacity, id(m.capacities, "hall")};
  Actuals actuals;
  actuals.set({ActualKind::activity, etch, {2026, 4}, 3});
  actuals.set({ActualKind::activity, etch, {2026, 5}, 2});
  actuals.set({ActualKind::yield, etch, {2026, 5}, 8});
  actuals.set({ActualKind::stock, bank, {2026, 5}, 33});
  const double planned = online_in(first, "hall", {2026, 5});
  ASSERT_GE(planned, 2) << "the case wants a hall by May";
  actuals.set({ActualKind::online, hall, {2026, 5}, planned - 2});
  const auto rows = opening_rows(run, 5, actuals);
  const auto quantity = [&](std::string_view kind, std::string_view of, std::string_view month) {
    double sum = 0;
    for (const OpeningRow& row : rows) {
      if (row.kind == kind && row.of == of && row.month == month) sum += row.quantity;
    }
    return sum;
  };
  EXPECT_NEAR(quantity("arriving", "die", "2026-06"), 30, 1e-9);  // three wafers of April
  EXPECT_NEAR(quantity("arriving", "die", "2026-07"), 16, 1e-9);  // two of May at eight dies each
  EXPECT_NEAR(quantity("stock", "bank", ""), 33, 1e-9);
  EXPECT_NEAR(quantity("existing", "hall", ""), planned - 2, 1e-6);
  const auto unchanged = opening_rows(run, 5, Actuals());
  double due_in_june = 0;
  for (const OpeningRow& row : unchanged) {
    if (row.kind == "online" && row.of == "hall" && row.month == "2026-06") due_in_june += row.quantity;
  }
  // the hall that is late is an open order for the opening month
  EXPECT_NEAR(quantity("online", "hall", "2026-06"), due_in_june + 2, 1e-6);
}

TEST_F(OpenRun, SaysWhichMonthsCanBeOpened) {
  const RunPlan run = written(plan(chain()), "run");
  for (const YearMonth month : {YearMonth{2026, 1}, YearMonth{2025, 6}, YearMonth{2027, 3}}) {
    const auto opened = open_run(run, month, Actuals());
    ASSERT_FALSE(opened) << to_string(month);
    EXPECT_NE(opened.error().message.find("2026-02 to 2027-02"), std::string::npos) << opened.error().message;
  }
}

}  // namespace
}  // namespace beltline
