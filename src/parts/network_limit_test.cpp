#include <gtest/gtest.h>

#include "parts/network_test_support.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::named;
using network_test::Outcome;

constexpr std::string_view kPlaces = R"toml(
[party.buyer]
[party.maker]
[place.a]
[place.b]
[place.c]
[capacity.hall_a]
place = "a"
owner = "buyer"
unit = "MW"
kind = "hall"
capex = "10 M USD/MW"
fixed_cost = "1 USD/MW/month"
[capacity.hall_b]
place = "b"
owner = "buyer"
unit = "MW"
kind = "hall"
capex = "12 M USD/MW"
[capacity.hall_c]
place = "c"
owner = "maker"
unit = "MW"
kind = "hall"
capex = "9 M USD/MW"
[capacity.fab]
place = "a"
owner = "maker"
unit = "wafer/month"
kind = "fab"
existing = "1000 wafer/month"
[process.fab_hbm]
place = "a"
unit = "wafer"
uses = [{capacity = "fab"}]
[process.fab_ddr]
place = "b"
unit = "wafer"
uses = [{capacity = "fab"}]
[process.run]
place = "a"
grain = "rate"
unit = "MW"
uses = [{capacity = "hall_a"}]
flows = [{commodity = "compute", rate = "2 (PFLOP/s)/MW"}]
)toml";

Outcome with(std::string_view text) {
  return compile_text(std::string(kPlaces) + std::string(text));
}

TEST(Limit, AddsUpTermsInTheUnitOfTheSum) {
  const Outcome outcome = with(R"toml(
[limit.carbon]
unit = "GWh"
first = "2026-02"
last = "2026-03"
scope = "window"
terms = [{kind = "activity", of = "run", coefficient = 2}, {kind = "online", of = "hall_a", coefficient = "3 h"}]
upper = "5 GWh"
shortfall_cost = "1 USD/kWh"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Limit& limit = named(outcome.model->limits, "carbon");
  EXPECT_EQ(limit.scope, LimitScope::window);
  EXPECT_EQ(limit.first, 1);
  EXPECT_EQ(limit.last, 2);
  ASSERT_EQ(limit.terms.size(), 2U);
  EXPECT_DOUBLE_EQ(outcome.model->at(limit.terms[0].coefficient, 0), 0.002);  // GWh per MWh, twice
  EXPECT_DOUBLE_EQ(outcome.model->at(limit.terms[1].coefficient, 0), 0.003);
  EXPECT_EQ(outcome.model->at(limit.upper, 1), 5);
  EXPECT_EQ(outcome.model->at(limit.shortfall_cost, 1), 1e6);
}

TEST(Limit, APatternStandsForAllThatFit) {
  const Outcome outcome = with(R"toml(
[limit.wafers]
unit = "wafer"
terms = [{kind = "activity", of = "fab_*"}]
upper = "900 wafer/month"
target = false
[limit.floor]
terms = [{kind = "online", of = "hall_*"}]
lower = "1 GW"
target = true
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Limit& wafers = named(outcome.model->limits, "wafers");
  EXPECT_EQ(wafers.terms.size(), 2U);
  EXPECT_FALSE(wafers.terms[0].coefficient.present());
  EXPECT_EQ(outcome.model->at(wafers.upper, 0), 900);
  const Limit& floor = named(outcome.model->limits, "floor");
  EXPECT_EQ(floor.unit, "MW");
  EXPECT_EQ(outcome.model->at(floor.lower, 0), 1000);
  EXPECT_TRUE(floor.is_target);
}

TEST(Budget, CapsSpendInTheWindowAndByYear) {
  const Outcome outcome = with(R"toml(
[budget.programme]
amount = "500 B USD"
last = "2026-05"
covers = [{kind = "hall", owner = "buyer"}]
fixed_cost = true
yearly_max = [{year = 2026, amount = {mode = "90 B USD", source = "assumed"}}]
[budget.all]
amount = "1 B USD"
except = [{place = "c"}]
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Limit& limit = named(outcome.model->limits, "budget_programme");
  EXPECT_EQ(limit.unit, "USD");
  EXPECT_EQ(limit.kind, "budget");
  EXPECT_EQ(limit.scope, LimitScope::window);
  EXPECT_EQ(limit.last, 4);
  EXPECT_EQ(outcome.model->at(limit.upper, 0), 5e11);
  EXPECT_EQ(limit.terms.size(), 3U);  // capex of two halls, fixed cost of one
  const Limit& year = named(outcome.model->limits, "budget_programme_2026");
  EXPECT_EQ(year.first, 0);
  EXPECT_EQ(year.last, 4);
  EXPECT_EQ(outcome.model->at(year.upper, 0), 9e10);
  EXPECT_EQ(year.provenance.source, "assumed");
  EXPECT_EQ(named(outcome.model->limits, "budget_all").terms.size(), 2U);
}

TEST(Target, OfCapacityOrOfACommodity) {
  const Outcome outcome = with(R"toml(
[target.halls]
kind = "hall"
places = ["a", "b"]
quantity = {dates = {"2026-01" = "0 MW", "2026-06" = "0.5 GW"}}
[target.compute]
commodity = "compute"
quantity = "100 PFLOP/s"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Limit& halls = named(outcome.model->limits, "target_halls");
  EXPECT_TRUE(halls.is_target);
  EXPECT_EQ(halls.terms.size(), 2U);
  EXPECT_EQ(outcome.model->at(halls.lower, 5), 500);
  const Limit& compute = named(outcome.model->limits, "target_compute");
  ASSERT_EQ(compute.terms.size(), 1U);
  // 2 PFLOP/s per MW, as a mean over the hours of January
  EXPECT_DOUBLE_EQ(outcome.model->at(compute.terms[0].coefficient, 0), 2.0 / 744);
}

TEST(NMinus1, OneRowForEachSiteThatMayFail) {
  const Outcome outcome = with("[n_minus_1.halls]\nkind = \"hall\"\nshare = 0.6\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const Limit& a = named(m.limits, "n_minus_1_halls@a");
  ASSERT_EQ(a.terms.size(), 3U);
  EXPECT_DOUBLE_EQ(m.at(a.terms[0].coefficient, 0), -0.6);  // its own
  EXPECT_DOUBLE_EQ(m.at(a.terms[1].coefficient, 0), 0.4);   // the others
  EXPECT_EQ(m.at(a.lower, 0), 0);
  EXPECT_EQ(m.limits.size(), 3U);
}

TEST(Commitment, ComparesAndBinds) {
  const Outcome outcome = with(R"toml(
[commitment.wafers]
title = "Wafer starts"
from = "maker"
to = "buyer"
kind = "LOI"
status = "signed"
unit = "wafer/month"
quantity = "900000 wafer/month"
first = "2026-02"
draws = [{kind = "activity", of = "fab_*"}]
ceiling = true
source = "Newsroom"
[commitment.money]
from = "buyer"
kind = "announcement"
unit = "USD"
quantity = "12 B USD"
total = true
first = "2026-01"
last = "2026-12"
[commitment.mou]
from = "maker"
kind = "MOU"
[commitment.power]
from = "maker"
to = "buyer"
kind = "contract"
unit = "MWh"
quantity = "30 MW"
take_or_pay = "80 %"
price = "150 KRW/kWh"
draws = [{kind = "activity", of = "run"}]
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const Commitment& wafers = named(m.commitments, "wafers");
  EXPECT_TRUE(wafers.ceiling);
  EXPECT_EQ(wafers.first, 1);
  EXPECT_EQ(m.at(wafers.quantity, 3), 900000);
  EXPECT_EQ(wafers.terms.size(), 2U);
  EXPECT_EQ(wafers.provenance.source, "Newsroom");
  EXPECT_DOUBLE_EQ(m.at(named(m.commitments, "money").quantity, 5), 1e9);
  EXPECT_FALSE(named(m.commitments, "mou").quantity.present());
  const Commitment& power = named(m.commitments, "power");
  EXPECT_EQ(power.take_or_pay, 0.8);
  EXPECT_NEAR(m.at(power.price, 0), 150.0 / 1.4, 1e-9);  // USD/MWh
  EXPECT_EQ(m.at(power.quantity, 1), 30 * 672);          // MWh of February
}

TEST(Measure, IsAMeanRatePerHour) {
  const Outcome outcome = with(R"toml(
[measure.load]
table = "centres"
title = "Mean load"
unit = "GW"
place = "a"
per_hour = true
terms = [{kind = "activity", of = "run"}]
constant = "20 MW"
[measure.starts]
unit = "wafer/month"
terms = [{kind = "activity", of = "fab_*"}]
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const Measure& load = named(m.measures, "Mean load");
  EXPECT_EQ(load.table, "centres");
  EXPECT_TRUE(load.per_hour);
  EXPECT_DOUBLE_EQ(m.at(load.terms[0].coefficient, 0), 0.001);
  EXPECT_DOUBLE_EQ(m.at(load.constant, 0), 0.02);
  EXPECT_EQ(named(m.measures, "starts").terms.size(), 2U);
}

struct FaultCase {
  const char* name;
  const char* text;
  Code code;
  const char* expected;
};

class RowFault : public testing::TestWithParam<FaultCase> {};

TEST_P(RowFault, HasItsCode) {
  const Outcome outcome = with(GetParam().text);
  EXPECT_FALSE(outcome.model);
  const Diagnostic* found = outcome.find(GetParam().code);
  ASSERT_NE(found, nullptr) << outcome.text();
  EXPECT_NE((found->expected + found->help).find(GetParam().expected), std::string::npos) << outcome.text();
}

constexpr FaultCase kFaults[] = {
    {"PatternThatFitsNothing", "[limit.l]\nterms = [{kind = \"online\", of = \"hal_a\"}]\nupper = \"1 MW\"",
     Code::dangling_reference, "hall_a"},
    {"TermsThatDoNotAddUp",
     "[limit.l]\nunit = \"MW\"\nterms = [{kind = \"activity\", of = \"fab_*\"}]\nupper = \"1 MW\"",
     Code::wrong_dimension, "MW/wafer"},
    {"LimitWithoutBounds", "[limit.l]\nterms = [{kind = \"online\", of = \"hall_a\"}]", Code::missing_key,
     "at least one"},
    {"TargetWithoutLower", "[limit.l]\nterms = [{kind = \"online\", of = \"hall_a\"}]\nupper = \"1 MW\"\ntarget = true",
     Code::inconsistent, "lower"},
    {"WindowThatEndsBeforeItStarts", "[budget.x]\namount = \"1 USD\"\nfirst = \"2026-05\"\nlast = \"2026-02\"",
     Code::empty_window, "2026-05 or later"},
    {"WindowOutsideTheHorizon", "[budget.x]\namount = \"1 USD\"\nfirst = \"2030-01\"", Code::outside_horizon,
     "2026-06"},
    {"YearOutsideTheBudget", "[budget.x]\namount = \"1 USD\"\nyearly_max = [{year = 2030, amount = \"1 USD\"}]",
     Code::outside_horizon, "a year of the window"},
    {"AmountInWrongUnit", "[budget.x]\namount = \"1 MW\"", Code::wrong_dimension, "USD"},
    {"TargetOfKindAndCommodity", "[target.t]\nkind = \"hall\"\ncommodity = \"compute\"\nquantity = \"1 MW\"",
     Code::inconsistent, "one of them"},
    {"TargetOfUnknownKind", "[target.t]\nkind = \"halls\"\nquantity = \"1 MW\"", Code::dangling_reference, "hall"},
    {"TargetInWrongUnit", "[target.t]\nkind = \"hall\"\nquantity = \"1 rack\"", Code::wrong_dimension, "MW"},
    {"NMinus1OfOneSite", "[n_minus_1.x]\nkind = \"fab\"\nshare = 0.5", Code::dangling_reference, "2 sites"},
    {"NMinus1ShareAboveOne", "[n_minus_1.x]\nkind = \"hall\"\nshare = 1.5", Code::out_of_range, "1"},
    {"MeasureInATableWithoutAName", "[measure.m]\nunit = \"MW\"\ntable = \"../Mine\"\nconstant = \"1 MW\"",
     Code::bad_name, "a lower-case letter"},
    {"MeasureInATableOfEveryRun", "[measure.m]\nunit = \"MW\"\ntable = \"builds\"\nconstant = \"1 MW\"",
     Code::duplicate_name, "my_builds"},
    {"CommitmentOfNobody", "[commitment.c]\nfrom = \"byer\"\nkind = \"LOI\"", Code::dangling_reference, "buyer"},
    {"CommitmentOfUnknownKind", "[commitment.c]\nfrom = \"buyer\"\nkind = \"wish\"", Code::bad_choice, "LOI"},
    {"QuantityWithoutUnit", "[commitment.c]\nfrom = \"buyer\"\nkind = \"LOI\"\nquantity = \"1 MW\"", Code::missing_key,
     "unit"},
    {"CeilingWithoutDraws",
     "[commitment.c]\nfrom = \"buyer\"\nkind = \"LOI\"\nunit = \"MW\"\nquantity = \"1 MW\"\nceiling = true",
     Code::inconsistent, "draws"},
    {"TakeOrPayWithoutPrice",
     "[commitment.c]\nfrom = \"buyer\"\nkind = \"LOI\"\nunit = \"MW\"\nquantity = \"1 MW\"\ntake_or_pay = 0.5\ndraws = "
     "[{kind = \"online\", of = \"hall_a\"}]",
     Code::inconsistent, "price"},
};

INSTANTIATE_TEST_SUITE_P(All, RowFault, testing::ValuesIn(kFaults), [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace beltline
