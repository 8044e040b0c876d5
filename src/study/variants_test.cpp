// Alternatives, Pareto fronts, sweeps and tornado, on scenarios small enough to be worked out by hand.
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/branches.h"
#include "study/alternatives.h"
#include "study/branch_run.h"
#include "study/pareto.h"
#include "study/sweep.h"

namespace beltline {
namespace {

/// A load of 10 MW for a year of 1,000 h: coal is cheap and dirty, gas dearer and cleaner, sun far too dear.
constexpr const char* kScenario = R"toml(
[scenario]
title = "Three plants"
[calendar]
start = "2030-01"
periods = 1
months_per_period = 12
slices = 1
slice_hours = {values = [1000], by = "slice", unit = "h"}
[money]
base_year = 2025
[objective]
discount_rate = 0
[commodity.power]
unit = "MW"
grain = "rate"
[place.here]
[capacity.coal]
place = "here"
unit = "MW"
kind = "plant"
capex = "1000 USD/MW"
[capacity.gas]
place = "here"
unit = "MW"
kind = "plant"
capex = {mode = "1500 USD/MW", low = "1200 USD/MW", high = "2600 USD/MW", source = "a guess", confidence = "C"}
[capacity.sun]
place = "here"
unit = "MW"
kind = "plant"
capex = "90000 USD/MW"
[process.coal]
place = "here"
unit = "MW"
grain = "rate"
flows = [{commodity = "power", rate = 1}]
uses = [{capacity = "coal"}]
cost = "1 USD/MWh"
[process.gas]
place = "here"
unit = "MW"
grain = "rate"
flows = [{commodity = "power", rate = 1}]
uses = [{capacity = "gas"}]
cost = "1 USD/MWh"
[process.sun]
place = "here"
unit = "MW"
grain = "rate"
flows = [{commodity = "power", rate = 1}]
uses = [{capacity = "sun"}]
[demand.load]
commodity = "power"
place = "here"
quantity = "10 MW"
[measure.emissions]
table = "energy"
unit = "t"
terms = [{kind = "activity", of = "coal", coefficient = "0.9 t/MWh"}, {kind = "activity", of = "gas", coefficient = "0.4 t/MWh"}]
)toml";

Compiled compiled(const std::string& text = kScenario, const std::vector<std::string>& overrides = {}) {
  Compiled out = compile_texts({{.path = "scenario.toml", .text = text}}, {.overrides = overrides});
  EXPECT_TRUE(out.model) << render(out.diagnostics, out.files);
  return out;
}

const Table& table(const StudyReport& report, const std::string& name) {
  return *std::ranges::find(report.tables, name, &Table::name);
}

std::size_t row_of(const Table& t, const char* column, const std::string& text) {
  const auto& texts = t.column(column).texts();
  return static_cast<std::size_t>(std::ranges::find(texts, text) - texts.begin());
}

TEST(Alternatives, SayWhatEveryGoodPlanHas) {
  // best: 10 MW of coal, 10,000 + 10,000 = 20,000 USD; 5 % more buys 2 MW of gas instead
  const Compiled scenario = compiled();
  AlternativesOptions options;
  options.slack = 0.05;
  options.count = 4;
  const auto found = find_alternatives(scenario, options);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->termination, Termination::optimal);
  const Table& groups = table(*found, "alternatives");
  const auto value = [&](const char* column, const char* name) {
    return groups.column(column).numbers()[row_of(groups, "name", name)];
  };
  const auto in_plans = [&](const char* name) {
    return groups.column("in_plans").texts()[row_of(groups, "name", name)];
  };
  EXPECT_NEAR(value("least", "coal"), 8, 1e-5);
  EXPECT_NEAR(value("most", "gas"), 2, 1e-5);
  EXPECT_NEAR(value("least", "gas"), 0, 1e-5);
  EXPECT_NEAR(value("least", "plant"), 10, 1e-5);
  EXPECT_EQ(in_plans("coal"), "every");
  EXPECT_EQ(in_plans("gas"), "some");
  EXPECT_EQ(in_plans("sun"), "some");  // 1,000 USD buy 0.011 MW of it
  const Table& plans = table(*found, "alternative_plans");
  EXPECT_EQ(plans.row_count(), 5U);
  for (std::size_t i = 0; i < plans.row_count(); ++i) {
    EXPECT_LE(plans.column("cost").numbers()[i], 21'000 * (1 + 1e-6));
    EXPECT_EQ(plans.column("verified").numbers()[i], 1);
  }
}

TEST(Alternatives, WithoutSlackOnlyTheBestIsGood) {
  const Compiled scenario = compiled();
  AlternativesOptions options;
  options.slack = 0;
  options.count = 0;
  const auto found = find_alternatives(scenario, options);
  ASSERT_TRUE(found);
  const Table& groups = table(*found, "alternatives");
  EXPECT_EQ(groups.column("in_plans").texts()[row_of(groups, "name", "gas")], "none");
}

TEST(Pareto, HasExactEndsAndTheLineBetween) {
  const Compiled scenario = compiled();
  ParetoOptions options;
  options.goals = {"cost", "emissions"};
  options.points = 5;
  const auto found = pareto_front(scenario, options);
  ASSERT_TRUE(found) << found.error().message;
  const Table& front = table(*found, "pareto");
  const auto& cost = front.column("cost").numbers();
  const auto& emissions = front.column("emissions").numbers();
  ASSERT_EQ(cost.size(), 5U);
  EXPECT_NEAR(cost.front(), 20'000, 1e-2);
  EXPECT_NEAR(emissions.front(), 9'000, 1e-2);
  EXPECT_NEAR(cost.back(), 900'000, 1);
  EXPECT_NEAR(emissions.back(), 0, 1e-2);
  for (std::size_t i = 1; i < cost.size(); ++i) {
    EXPECT_GT(cost[i], cost[i - 1]);
    EXPECT_LT(emissions[i], emissions[i - 1]);
    EXPECT_NEAR(emissions[i], 9'000 - 2'250.0 * static_cast<double>(i), 0.1);
  }
  // 6,750 t: 4.5 MW of gas for coal at 500 USD/MW
  EXPECT_NEAR(cost[1], 20'000 + 4.5 * 500, 1);
}

TEST(Pareto, SaysWhichGoalsThereAre) {
  const Compiled scenario = compiled();
  ParetoOptions options;
  options.goals = {"cost", "emision"};
  const auto found = pareto_front(scenario, options);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("energy.emissions"), std::string::npos) << found.error().message;
  options.goals = {"cost"};
  EXPECT_FALSE(pareto_front(scenario, options));
}

TEST(Sweep, PlansEveryCombination) {
  const Compiled scenario = compiled();
  SweepOptions options;
  options.thread_count = 2;
  options.vary = {"demand.load.quantity=5 MW,10 MW", "capacity.coal.capex*=1,3"};
  for (const bool full : {false, true}) {
    options.full = full;
    const auto found = sweep(scenario, options);
    ASSERT_TRUE(found) << found.error().message;
    const auto& objective = table(*found, "sweep").column("objective").numbers();
    ASSERT_EQ(objective.size(), 4U);
    EXPECT_NEAR(objective[0], 10'000, 1e-2);
    EXPECT_NEAR(objective[1], 12'500, 1e-2);  // coal at 3,000: gas is cheaper
    EXPECT_NEAR(objective[2], 20'000, 1e-2);
    EXPECT_NEAR(objective[3], 25'000, 1e-2);
  }
}

TEST(Sweep, TellsWhatItCannotRead) {
  EXPECT_FALSE(read_variation("site.ulsan.online"));
  EXPECT_FALSE(read_variation("a.b=1,,2"));
  const auto lists = read_variation("a.b.set=[\"x\", \"y\"],{low = 1, high = 2}, 'c,d'");
  ASSERT_TRUE(lists);
  EXPECT_EQ(lists->values, (std::vector<std::string>{"[\"x\", \"y\"]", "{low = 1, high = 2}", "'c,d'"}));
  const Compiled scenario = compiled();
  SweepOptions options;
  options.vary = {"capacity.cole.capex=1,2"};
  EXPECT_FALSE(sweep(scenario, options));
  options.vary = {"capacity.coal.capex=2000 USD/MW,3 kg"};
  const auto found = sweep(scenario, options);
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::isnan(table(*found, "sweep").column("objective").numbers()[1]));
}

TEST(Tornado, RanksTheScenariosOwnRanges) {
  const Compiled scenario = compiled(std::string(kScenario) +
                                         "[budget.all]\namount = {mode = \"12000 USD\", low = "
                                         "\"11000 USD\", high = \"20000 USD\"}\n",
                                     {"capacity.coal.capex=1400 USD/MW", "budget.all.amount=14500 USD"});
  const auto found = tornado(scenario, "capacity.", {});
  ASSERT_TRUE(found) << found.error().message;
  const Table& rows = table(*found, "tornado");
  ASSERT_EQ(rows.row_count(), 1U);
  EXPECT_EQ(rows.column("path").texts()[0], "capacity.gas.capex");
  EXPECT_NEAR(rows.column("objective_low").numbers()[0], 10 * 1200 + 10'000, 1e-2);
  EXPECT_NEAR(rows.column("objective_high").numbers()[0], 10 * 1400 + 10'000, 1e-2);
  EXPECT_NEAR(rows.column("swing").numbers()[0], 2'000, 1e-2);
}

// --- scenarios with branches

constexpr const char* kBranches = R"toml(
[branch.low]
from = "2030-01"
probability = 0.5
set = ["demand.load.quantity=5 MW"]
[branch.high]
from = "2030-01"
set = ["demand.load.quantity=20 MW"]
)toml";

TEST(Branches, AtTheStartAreCasesForThemselves) {
  Compiled root = compiled(std::string(kScenario) + kBranches);
  const CompiledTree tree = compile_branches(root);
  ASSERT_EQ(tree.tree.leaves().size(), 2U);
  const auto study = plan_branches(root, tree, {});
  ASSERT_TRUE(study) << study.error().message;
  EXPECT_EQ(study->plan.termination, Termination::optimal) << study->plan.detail;
  EXPECT_NEAR(study->plan.objective, 0.5 * 10'000 + 0.5 * 40'000, 1e-1);
  EXPECT_NEAR(study->plan.value.evpi(), 0, 1e-1);
  const auto manifest = nlohmann::json::parse(study->manifest_json);
  EXPECT_EQ(manifest["branches"].size(), 2U);
  EXPECT_EQ(branch_paths(study->manifest_json).front().second, "branches/high");
}

/// Twelve months, of which the second half differs; capacity takes a month.
std::string monthly(const std::string& more) {
  std::string text = kScenario;
  const auto begin = text.find("periods = 1\n"), end = text.find("[money]");
  text.replace(begin, end - begin, "periods = 12\nslices_per_day = 1\n");
  return text + more;
}

TEST(Branches, KeepTheParentsValuesBeforeTheyPart) {
  Compiled root = compiled(monthly(R"toml(
[branch.base]
from = "2030-07"
probability = 0.4
[branch.more]
from = "2030-07"
set = ["demand.load.quantity*=2"]
[branch.more_still]
parent = "more"
from = "2030-10"
set = ["demand.load.quantity*=2"]
probability = 0.25
[branch.no_more]
parent = "more"
from = "2030-10"
)toml"));
  const CompiledTree tree = compile_branches(root);
  ASSERT_EQ(tree.tree.leaves().size(), 3U) << render(root.diagnostics, root.files);
  const int leaf = tree.tree.find("more_still");
  const Model& m = tree.model(leaf);
  EXPECT_NEAR(tree.tree.probability(leaf), 0.6 * 0.25, 1e-12);
  EXPECT_EQ(m.at(m.demands[0].quantity, 5), 10);
  EXPECT_EQ(m.at(m.demands[0].quantity, 6), 20);
  EXPECT_EQ(m.at(m.demands[0].quantity, 8), 20);
  EXPECT_EQ(m.at(m.demands[0].quantity, 9), 40);
  const auto study = plan_branches(root, tree, {});
  ASSERT_TRUE(study) << study.error().message;
  EXPECT_EQ(study->plan.termination, Termination::optimal) << study->plan.detail;
  EXPECT_TRUE(study->plan.verified);
  EXPECT_LE(study->plan.value.wait_and_see, study->plan.value.here_and_now + 1e-3);
  EXPECT_LE(study->plan.value.here_and_now, study->plan.value.expected_value_plan + 1e-3);
  const auto hedged = plan_branches(root, tree, {.method = StochasticMethod::hedging, .with_value = false});
  ASSERT_TRUE(hedged);
  EXPECT_NEAR(hedged->plan.objective, study->plan.objective, 1e-6 * study->plan.objective);
}

TEST(Branches, FaultsAreToldAtTheirPlace) {
  const auto faults = [](const std::string& more) {
    Compiled root = compile_texts({{.path = "scenario.toml", .text = monthly(more)}}, {});
    compile_branches(root);
    return render(root.diagnostics, root.files);
  };
  const std::string head = "[branch.a]\nfrom = \"2030-07\"\n";
  EXPECT_NE(faults("[branch.a]\nfrom = \"2031-07\"\n").find("outside the horizon"), std::string::npos);
  EXPECT_NE(faults(head + "probability = 0.4\n").find("add up to 0.4"), std::string::npos);
  EXPECT_NE(faults(head + "[branch.b]\nfrom = \"2030-08\"\n").find("different months"), std::string::npos);
  EXPECT_NE(faults(head + "parent = \"a\"\n").find("goes on from itself"), std::string::npos);
  EXPECT_NE(faults(head + "[branch.b]\nparent = \"a\"\nfrom = \"2030-07\"\n").find("no later than its parent"),
            std::string::npos);
  EXPECT_NE(faults(head + "set = [\"demand.load.quantity=5 kg\"]\n").find("branch.a:1"), std::string::npos);
  EXPECT_NE(faults(head + "set = [\"calendar.periods=24\"]\n").find("changes the network itself: the calendar"),
            std::string::npos);
}

}  // namespace
}  // namespace beltline
