#include "parts/hull.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::find_measure;
using site_test::sum;

constexpr const char* kHull = R"(
[climate.south]
sea = "15 degC"
hours_lost = "24 h"
[yard.south]
place = "shipyard"
slots = "2 hull/year"
dock_time = "3 month"
[site.bay]
kind = "mooring"
climate = "south"
cooling = "seawater"
land_max = "100 MW"
[site.port]
kind = "mooring"
[hull.fdc]
yard = "south"
moorings = ["bay", "port"]
size = "50 MW"
approved = "2026-04"
design = "10 month"
quay = "9 month"
tow = "2 month"
hull_cost = "100 M USD/hull"
topside_cost = "8 M USD/MW"
premium = 1.25
routes = [{from = "bay", to = "port"}]
move_time = "2 month"
move_cost = "5 M USD/hull"
)";

TEST(Hull, FloatsNoEarlierThanItsApprovalAndYardTime) {
  const auto outcome = compile_text(kHull);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* hull = find(outcome.model->capacities, "hull@bay");
  ASSERT_NE(hull, nullptr);
  EXPECT_EQ(hull->lead, 24);
  EXPECT_EQ(hull->earliest_order, 3);
  EXPECT_EQ(hull->module_size, 50);
  EXPECT_EQ(hull->total_max, 100);
  EXPECT_EQ(outcome.model->at(hull->capex, 0), 2e6 + 10e6);
  EXPECT_NEAR(sum(hull->spend_profile), 1, 1e-12);
}

TEST(Hull, TakesItsDockTimeInTheMonthsOfItsStay) {
  const auto outcome = compile_text(kHull);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* hull = find(outcome.model->capacities, "hull@bay");
  ASSERT_EQ(hull->build_flows.size(), 3U);
  for (int j = 0; j < 3; ++j) {
    const BuildFlow& flow = hull->build_flows[static_cast<std::size_t>(j)];
    EXPECT_EQ(flow.offset, 10 + j);
    EXPECT_NEAR(flow.amount * 50, -1, 1e-12);
    EXPECT_EQ(outcome.model->places[flow.place.index()].name, "shipyard");
  }
}

TEST(Hull, MovesAlongItsRoutes) {
  const auto outcome = compile_text(kHull);
  ASSERT_TRUE(outcome.model) << outcome.text();
  ASSERT_EQ(outcome.model->moves.size(), 1U);
  const Move& move = outcome.model->moves[0];
  EXPECT_EQ(move.lag, 2);
  EXPECT_EQ(outcome.model->at(move.cost, 0), 1e5);
  EXPECT_EQ(outcome.model->capacities[move.from.index()].name, "hull@bay");
  EXPECT_EQ(outcome.model->capacities[move.to.index()].name, "hull@port");
}

TEST(Hull, IsCountedInHulls) {
  const auto outcome = compile_text(kHull);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* measure = find_measure(*outcome.model, "floating", "hulls_online");
  ASSERT_NE(measure, nullptr);
  EXPECT_EQ(outcome.model->at(measure->terms[0].coefficient, 0), 0.02);
}

TEST(Hull, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"moorings = [\"coast\"]\n", Code::inconsistent},
      {"moorings = [\"bay\"]\ntow = \"-1 month\"\n", Code::negative_lead},
      {"moorings = [\"bay\"]\nsize = \"0 MW\"\n", Code::out_of_range},
      {"moorings = [\"bay\", \"bay\"]\n", Code::duplicate_name},
      {"moorings = [\"bay\"]\nroutes = [{from = \"bay\", to = \"coast\"}]\n", Code::inconsistent},
      {"moorings = [\"bay\"]\napproved = \"2040-01\"\n", Code::outside_horizon},
      {"moorings = [\"lake\"]\n", Code::dangling_reference},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(std::string("[yard.south]\nplace = \"shipyard\"\nslots = \"2 hull/year\"\n"
                                                  "[site.coast]\n[site.bay]\nkind = \"mooring\"\n"
                                                  "[hull.fdc]\nyard = \"south\"\n") +
                                      c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

}  // namespace
}  // namespace beltline
