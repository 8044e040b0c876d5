#include "parts/yard.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;

TEST(Yard, GivesDockMonthsByMonthAndByYear) {
  const auto outcome = compile_text(R"(
[yard.south]
place = "shipyard"
owner = "builder"
slots = {step = true, unit = "hull/year", dates = {"2026-01" = 0, "2027-07" = 2}}
dock_time = "3 month"
docks = 2
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* dock = find(model.processes, "dock@south");
  ASSERT_NE(dock, nullptr);
  EXPECT_EQ(model.at(dock->upper, 0), 2);
  struct Case {
    const char* name;
    double dock_months;
    int first;
  };
  // 2027 has half a year of two slots a year
  for (const Case& c :
       {Case{"slots@south_2026", 0, 0}, Case{"slots@south_2027", 3, 12}, Case{"slots@south_2028", 6, 24}}) {
    const Limit* limit = find(model.limits, c.name);
    ASSERT_NE(limit, nullptr) << c.name;
    EXPECT_EQ(limit->scope, LimitScope::window);
    EXPECT_NEAR(model.at(limit->upper, 0), c.dock_months, 1e-9) << c.name;
    EXPECT_EQ(limit->first, c.first);
    EXPECT_EQ(limit->last, c.first + 11);
  }
}

TEST(Yard, RefusesNegativeSlotsAndTimes) {
  EXPECT_TRUE(compile_text("[yard.south]\nplace = \"shipyard\"\nslots = \"-1 hull/year\"\n").has(Code::out_of_range));
  EXPECT_TRUE(compile_text("[yard.south]\nplace = \"shipyard\"\nslots = \"1 hull/year\"\ndock_time = \"-1 month\"\n")
                  .has(Code::negative_lead));
  EXPECT_TRUE(compile_text("[yard.south]\nplace = \"shipyard\"\n").has(Code::missing_key));
}

}  // namespace
}  // namespace beltline
