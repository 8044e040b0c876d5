// What the network language says of power systems and energy models, from text to the optimum worked out by hand.
#include <gtest/gtest.h>

#include "model/words.h"
#include "parts/part.h"
#include "plan/planner.h"
#include "plan/verify.h"
#include "scenario/load.h"

namespace beltline {
namespace {

struct Planned {
  Model model;
  Plan plan;

  [[nodiscard]] double activity(std::string_view name, int s = 0, int t = 0) const {
    for (std::size_t p = 0; p < model.processes.size(); ++p) {
      if (model.processes[p].name == name) return plan.activity.at(p, t, s);
    }
    throw Bug("no process of that name");
  }
};

Planned planned(std::string_view text) {
  const std::string whole = "[money]\nbase_year = 2025\n[objective]\ndiscount_rate = 0\n" + std::string(text);
  const std::vector<SourceFile> files{{.path = "scenario.toml", .text = whole}};
  Loaded loaded = load_scenario(files, all_sections());
  if (!loaded.spec) throw Bug(render(loaded.diagnostics, loaded.files));
  Diagnostics diagnostics;
  std::optional<Model> model = compile(*loaded.spec, diagnostics);
  if (!model) throw Bug(render(diagnostics, loaded.files));
  auto plan = make_plan(*model, {.mip_gap_max = 1e-9});
  if (!plan) throw Bug(plan.error().message);
  EXPECT_TRUE(plan->verified) << plan->detail;
  EXPECT_EQ(plan->termination, Termination::optimal) << plan->detail;
  return {std::move(*model), std::move(*plan)};
}

constexpr std::string_view kFourSlices = R"toml(
[calendar]
start = "2030-01"
periods = 1
months_per_period = 12
slices = 4
slice_hours = {values = [1000, 2000, 3000, 2760], by = "slice", unit = "h"}
[commodity.power]
unit = "MW"
grain = "rate"
[place.a]
[place.b]
)toml";

std::string with(std::string_view frame, std::string_view more) {
  return std::string(frame) + std::string(more);
}

TEST(NetworkLanguage, SlicesCountTheHoursTheyStandFor) {
  const Planned p = planned(with(kFourSlices, R"toml(
[process.gas]
place = "a"
grain = "rate"
unit = "MW"
cost = "10 USD/MWh"
flows = [{commodity = "power", rate = 1}]
[demand.load]
commodity = "power"
place = "a"
quantity = {values = [1, 2, 3, 4], by = "slice", unit = "MW"}
)toml"));
  EXPECT_NEAR(p.plan.cost_usd, 10 * (1000 + 4000 + 9000 + 4 * 2760), 1e-6);
}

TEST(NetworkLanguage, TwoGeneratorsWithQuadraticCostsShareTheLoadByMarginalCost) {
  // 2 + 0.02 a = 1 + 0.06 b with a + b = 100 → a = 62.5, b = 37.5, price 3.25
  const Planned p = planned(R"toml(
[calendar]
start = "2030-01"
hours = 1
[commodity.power]
unit = "MW"
grain = "rate"
[place.a]
[process.first]
place = "a"
grain = "rate"
unit = "MW"
cost = "2 USD/MWh"
quadratic_cost = "0.01 USD/MW/MWh"
flows = [{commodity = "power", rate = 1}]
[process.second]
place = "a"
grain = "rate"
unit = "MW"
cost = "1 USD/MWh"
quadratic_cost = "0.03 USD/MW/MWh"
flows = [{commodity = "power", rate = 1}]
[demand.load]
commodity = "power"
place = "a"
quantity = "100 MW"
)toml");
  EXPECT_NEAR(p.activity("first"), 62.5, 1e-4);
  EXPECT_NEAR(p.plan.cost_usd, 2 * 62.5 + 0.01 * 62.5 * 62.5 + 37.5 + 0.03 * 37.5 * 37.5, 1e-5);
  EXPECT_NEAR(p.plan.node_price.at(0, 0), 3.25, 1e-4);
}

TEST(NetworkLanguage, AnOpenStoreBeginsWithWhatItHas) {
  // 10 MWh there: slice 0 draws the 4 it can (5 MW · 0.8), the rest is bought dear later
  const Planned p = planned(R"toml(
[calendar]
start = "2030-01"
periods = 1
slices = 2
slice_hours = "1 h"
[commodity.power]
unit = "MW"
grain = "rate"
[place.a]
[process.gas]
place = "a"
grain = "rate"
unit = "MW"
cost = {values = [10, 100], by = "slice", unit = "USD/MWh"}
flows = [{commodity = "power", rate = 1}]
[store.battery]
commodity = "power"
place = "a"
carry = "open"
initial = "10 MWh"
power_max = "5 MW"
efficiency_out = 0.8
level_min = {values = [0, 1], by = "slice", unit = "MWh"}
discharge_cost = "1 USD/MWh"
[demand.load]
commodity = "power"
place = "a"
quantity = "8 MW"
)toml");
  // 9 MWh may leave: 7.2 MWh delivered, 5 of them in the dear slice, 2.2 in the cheap one
  EXPECT_NEAR(p.plan.cost_usd, 10 * (8 - 2.2) + 100 * 3 + 7.2, 1e-6);
}

TEST(NetworkLanguage, ADelayedFlowArrivesSlicesLater) {
  const Planned p = planned(R"toml(
[calendar]
start = "2030-01"
periods = 1
slices = 4
slice_hours = "1 h"
[commodity.power]
unit = "MW"
grain = "rate"
[commodity.water]
unit = "MW"
grain = "rate"
disposable = true
[place.a]
[place.b]
[process.release]
place = "a"
grain = "rate"
unit = "MW"
cost = {values = [1, 2, 3, 4], by = "slice", unit = "USD/MWh"}
flows = [{commodity = "water", place = "b", rate = 1, delay = "2 h", wraps = true}]
[process.turbine]
place = "b"
grain = "rate"
unit = "MW"
flows = [{commodity = "water", rate = -1}, {commodity = "power", rate = 1}]
[demand.load]
commodity = "power"
place = "b"
quantity = {values = [0, 0, 0, 7], by = "slice", unit = "MW"}
)toml");
  EXPECT_NEAR(p.activity("release", 1), 7, 1e-9);
  EXPECT_NEAR(p.plan.cost_usd, 14, 1e-9);
}

TEST(NetworkLanguage, APhaseShifterTurnsFlowsRoundALoop) {
  // Two parallel lines of 0.1 rad/MW from a to b; a shift of 1 rad on one moves 5 MW from it to the other.
  const Planned p = planned(with(kFourSlices, R"toml(
[process.gas]
place = "a"
grain = "rate"
unit = "MW"
cost = "10 USD/MWh"
flows = [{commodity = "power", rate = 1}]
[demand.load]
commodity = "power"
place = "b"
quantity = "100 MW"
[line.one]
from = "a"
to = "b"
commodity = "power"
reactance = 0.1
shift = "1 rad"
[line.two]
from = "a"
to = "b"
commodity = "power"
capacity = "70 MW"
reactance = 0.1
)toml"));
  EXPECT_NEAR(p.activity("line_one"), 45, 1e-7);
  EXPECT_NEAR(p.activity("line_two"), 55, 1e-7);
}

TEST(NetworkLanguage, LinesRunOnCapacityThatGrowsBothWays) {
  const Planned p = planned(with(kFourSlices, R"toml(
[process.gas]
place = "a"
grain = "rate"
unit = "MW"
cost = "10 USD/MWh"
flows = [{commodity = "power", rate = 1}]
[capacity.wire]
place = "a"
unit = "MW"
existing = "20 MW"
capex = "7 USD/MW"
[demand.load]
commodity = "power"
place = "b"
quantity = "50 MW"
[line.one]
from = "b"
to = "a"
commodity = "power"
runs_on = "wire"
reactance = 0.1
)toml"));
  EXPECT_NEAR(p.activity("line_one"), -50, 1e-7);
  EXPECT_NEAR(p.plan.cost_usd, 10 * 50 * 8760 + 7 * 30, 1e-3);
}

TEST(NetworkLanguage, ALeastShareHoldsWhatIsBuiltAtWork) {
  // 100 MW must be online; at least 40 % of it runs although power from elsewhere is cheaper.
  const Planned p = planned(with(kFourSlices, R"toml(
[capacity.plant]
place = "a"
unit = "MW"
capex = "1 USD/MW"
[process.coal]
place = "a"
grain = "rate"
unit = "MW"
cost = "30 USD/MWh"
uses = [{capacity = "plant"}]
least_share = 0.4
flows = [{commodity = "power", rate = 1}]
[process.cheap]
place = "a"
grain = "rate"
unit = "MW"
upper = "60 MW"
cost = "5 USD/MWh"
flows = [{commodity = "power", rate = 1}]
[limit.reserve]
unit = "MW"
scope = "each_slice"
terms = [{kind = "online", of = "plant"}, {kind = "activity", of = "cheap", coefficient = -1}]
lower = {values = [20, 20, 20, 40], by = "slice", unit = "MW"}
[demand.load]
commodity = "power"
place = "a"
quantity = {values = [100, 90, 80, 60], by = "slice", unit = "MW"}
)toml"));
  // the reserve asks for 20 + cheap in slices 0…2 and 40 + cheap in slice 3
  for (int s = 0; s < 4; ++s) {
    const double online = p.plan.built.at(0, 0);
    EXPECT_GE(p.activity("coal", s), 0.4 * online - 1e-6);
    EXPECT_GE(online - p.activity("cheap", s), (s < 3 ? 20 : 40) - 1e-6);
  }
}

TEST(NetworkLanguage, YearsDiscountAndSinkingFundsAreWorthWhatTheFormulasSay) {
  const Planned p = planned(R"toml(
[calendar]
start = "2030-01"
periods = 3
months_per_period = 12
slices = 1
[commodity.power]
unit = "MW"
grain = "rate"
[place.a]
[capacity.plant]
place = "a"
unit = "MW"
capex = "1000 USD/MW"
life = "5 year"
write_off_as = "sinking_fund"
sinking_fund_rate = 0.07
[process.coal]
place = "a"
grain = "rate"
unit = "MW"
uses = [{capacity = "plant"}]
flows = [{commodity = "power", rate = 1}]
[demand.load]
commodity = "power"
place = "a"
quantity = "10 MW"
)toml");
  const double left = 1 - (std::pow(1.07, 3) - 1) / (std::pow(1.07, 5) - 1);
  EXPECT_NEAR(p.plan.cost_usd, 10 * 1000 * (1 - left), 1e-6);
}

}  // namespace
}  // namespace beltline
