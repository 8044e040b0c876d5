#include "parts/belt.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find_measure;

TEST(Belt, SumsHallsHullsAndPower) {
  const auto outcome = compile_text(R"(
[grid_region.east]
place = "grid_east"
emission_factor = "0.4 tCO2/MWh"
[yard.south]
place = "shipyard"
slots = "2 hull/year"
[site.coast]
grid = "east"
[connection.coast]
site = "coast"
price = "100 USD/MWh"
[hall.coast]
site = "coast"
[site.bay]
kind = "mooring"
[hull.fdc]
yard = "south"
moorings = ["bay"]
[belt.east]
sites = ["coast", "bay"]
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* it = find_measure(*outcome.model, "belt", "it_capacity_east");
  ASSERT_NE(it, nullptr);
  EXPECT_EQ(it->terms.size(), 2U);
  const Measure* energy = find_measure(*outcome.model, "belt", "energy_east");
  ASSERT_NE(energy, nullptr);
  EXPECT_EQ(energy->terms.size(), 1U);
  const Measure* emission = find_measure(*outcome.model, "belt", "emission_east");
  ASSERT_NE(emission, nullptr);
  EXPECT_NEAR(outcome.model->at(emission->terms[0].coefficient, 0), 0.408, 1e-12);
}

TEST(Belt, RefusesUnknownSites) {
  EXPECT_TRUE(compile_text("[belt.east]\nsites = [\"coast\"]\n").has(Code::dangling_reference));
}

}  // namespace
}  // namespace beltline
