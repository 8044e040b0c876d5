// A run with a plan written by hand, for the tests of promises and variance.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "plan/extract.h"
#include "plan/layout.h"
#include "run/run_plan.h"

namespace beltline::counted {

// Six months; prices of dollars; promises of every sort.
inline constexpr std::string_view kScenario = R"toml(
[scenario]
name = "counted"
[calendar]
start = "2026-01"
periods = 6
slices_per_day = 1
[commodity.wafer]
unit = "wafer"
[commodity.die]
unit = "die"
[place.fab]
[party.maker]
title = "Maker"
title_ko = "제조사"
[party.buyer]
[party.state]
[capacity.line]
place = "fab"
owner = "maker"
unit = "wafer/month"
kind = "fab"
lead = "2 month"
capex = "100 USD/(wafer/month)"
spend_profile = "linear"
[process.etch]
place = "fab"
owner = "maker"
unit = "wafer"
kind = "fab"
cost = "30 USD/wafer"
uses = [{capacity = "line"}]
flows = [{commodity = "die", rate = "10 die/wafer"}]
[commitment.supply]
from = "maker"
to = "buyer"
kind = "contract"
status = "signed"
unit = "wafer"
quantity = "12 wafer/month"
first = "2026-02"
draws = [{kind = "activity", of = "etch"}]
take_or_pay = 0.5
price = "50 USD/wafer"
penalty = "2 USD/wafer"
source = "the contract"
[commitment.hall]
title = "A hall"
title_ko = "전산동"
from = "state"
kind = "announcement"
unit = "wafer/month"
quantity = {step = true, dates = {"2026-01" = "5 wafer/month", "2026-04" = "9 wafer/month"}}
draws = [{kind = "online", of = "line"}]
[commitment.ceiling]
from = "maker"
to = "buyer"
kind = "LOI"
status = "signed"
unit = "wafer"
quantity = "40 wafer/month"
ceiling = true
draws = [{kind = "activity", of = "etch"}]
[commitment.goodwill]
from = "state"
to = "maker"
kind = "MOU"
status = "signed"
[commitment.money]
from = "buyer"
kind = "contract"
status = "cancelled"
firmness = "conditional"
unit = "USD"
quantity = "60 kUSD"
total = true
first = "2026-01"
last = "2026-12"
)toml";

/// Planned starts of 10, 10, 20, 20, 10 and 10 wafers on a line of which 8 wafers a month are ordered in January.
inline RunPlan make_run() {
  RunPlan run{.compiled = compile_texts({{"scenario.toml", std::string(kScenario)}}, {}), .plan = {}, .surplus = {}};
  EXPECT_TRUE(run.compiled.model) << render(run.compiled.diagnostics, run.compiled.files);
  const Model& m = run.model();
  run.plan = empty_plan(m, make_layout(m));
  const double starts[] = {10, 10, 20, 20, 10, 10};
  for (int t = 0; t < 6; ++t) run.plan.activity.at(0, t) = starts[t];
  run.plan.order.at(0, 0) = 8;
  run.plan.built = built_by(m, run.plan);
  return run;
}

inline Entity entity(EntityKind kind, const auto& list, std::string_view name) {
  const auto found = std::ranges::find_if(list, [&](const auto& one) { return one.name == name; });
  EXPECT_NE(found, list.end()) << name;
  return {kind, static_cast<int32_t>(found - list.begin())};
}

}  // namespace beltline::counted
