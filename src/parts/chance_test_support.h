// A small network on which the sections of what is not certain are tested. For src/parts/chance_*_test.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "parts/network_test_support.h"

namespace beltline::chance_test {

using network_test::compile_text;
using network_test::named;
using network_test::Outcome;

inline constexpr std::string_view kNetwork = R"toml(
[party.maker]
[place.a]
[commodity.wafer]
unit = "wafer"
[commodity.die]
unit = "die"
[commodity.power]
unit = "MW"
grain = "rate"
[capacity.fab]
place = "a"
unit = "wafer/month"
existing = "1000 wafer/month"
availability = 0.9
[capacity.hall]
place = "a"
unit = "MW"
lead = {low = "3 month", mode = "4 month", high = "9 month"}
capex = {low = "8 M USD/MW", mode = "10 M USD/MW", high = "15 M USD/MW"}
build_flows = [{commodity = "wafer", amount = "-1 wafer/MW", after = "1 month"}]
[process.buy]
place = "a"
unit = "wafer"
flows = [{commodity = "wafer", rate = "1 wafer/wafer", lag = "2 month"}]
[process.make_hbm]
place = "a"
unit = "wafer"
uses = [{capacity = "fab"}]
flows = [{commodity = "wafer", rate = "-1 wafer/wafer"}, {commodity = "die", rate = "300 die/wafer", lag = "2 month"}]
[process.make_ddr]
place = "a"
unit = "wafer"
uses = [{capacity = "fab"}]
flows = [{commodity = "wafer", rate = "-1 wafer/wafer"}, {commodity = "die", rate = "900 die/wafer", lag = "2 month"}]
[process.rework]
place = "a"
unit = "die"
flows = [{commodity = "die", rate = "-1 die/die"}, {commodity = "die", rate = "0.9 die/die", lag = "1 month"}]
[process.run]
place = "a"
grain = "rate"
unit = "MW"
flows = [{commodity = "power", rate = "1 MW/MW"}]
[demand.dies]
commodity = "die"
place = "a"
quantity = "500 die/month"
unserved_cost = "1 USD/die"
[demand.load]
commodity = "power"
place = "a"
quantity = "10 MW"
unserved_cost = "1 USD/MWh"
)toml";

inline Outcome with(std::string_view text, std::string_view frame = network_test::kFrame) {
  return compile_text(std::string(kNetwork) + std::string(text), frame);
}

/// Of a scenario that is refused: the first error of a code, a Bug without one.
inline const Diagnostic& refused(const Outcome& outcome, Code code) {
  const Diagnostic* const found = outcome.find(code);
  if (found == nullptr) throw Bug("no such diagnostic in\n" + outcome.text());
  EXPECT_GT(found->origin.line, 0U);
  EXPECT_NE(found->help, "");
  return *found;
}

int id_of(const auto& list, std::string_view name) {
  return static_cast<int>(std::ranges::find(list, name, [](const auto& e) -> std::string_view { return e.name; }) -
                          list.begin());
}

}  // namespace beltline::chance_test
