#include "parts/grid_region.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::find_measure;

TEST(GridRegion, GivesAtMostItsSupply) {
  const auto outcome = compile_text(R"(
[grid_region.east]
place = "grid_east"
supply = {step = true, unit = "MW", dates = {"2026-01" = 500, "2028-01" = 1500}}
utility = "utility"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* supply = find(model.processes, "supply@east");
  ASSERT_NE(supply, nullptr);
  EXPECT_EQ(model.places[supply->place.index()].name, "grid_east");
  EXPECT_EQ(supply->grain, Grain::rate);
  EXPECT_EQ(model.at(supply->upper, 23), 500);
  EXPECT_EQ(model.at(supply->upper, 24), 1500);
  EXPECT_NE(find_measure(model, "energy", "supply_east"), nullptr);
}

TEST(GridRegion, NeedsAPlaceThatIsThere) {
  EXPECT_TRUE(compile_text("[grid_region.east]\n").has(Code::missing_key));
  EXPECT_TRUE(compile_text("[grid_region.east]\nplace = \"grid_west\"\n").has(Code::dangling_reference));
}

}  // namespace
}  // namespace beltline
