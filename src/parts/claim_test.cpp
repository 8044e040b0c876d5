#include "parts/claim.h"

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "parts/chance_ranges.h"
#include "scenario/load.h"

namespace beltline {
namespace {

constexpr std::string_view kFrame = R"(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 60
[money]
base_year = 2025
[place.texas]
[party.maker]
[site.texas]
place = "texas"
pue = 1.2
[rack.small]
power = "100 kW"
performance = "300 PFLOP/s"
price = "4e6 USD/rack"
[rack.large]
title = "Large"
title_ko = "대형"
power = "200 kW"
performance = "900 PFLOP/s"
price = "6e6 USD/rack"
[commitment.power]
title = "Ten gigawatts"
from = "maker"
kind = "announcement"
unit = "MW"
quantity = {mode = "10 GW", low = "9 GW", high = "11 GW"}
first = "2029-01"
source = "a newspaper"
confidence = "B"
)";

struct Read {
  Loaded loaded;
  Diagnostics diagnostics;
  std::vector<Claim> claims;

  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const Diagnostics* list : {&loaded.diagnostics, &diagnostics}) {
      for (const Diagnostic& each : list->all()) out.push_back(code_name(each.code));
    }
    return out;
  }
};

Read read(const std::string& claims, std::string_view frame = kFrame) {
  Read out;
  out.loaded = load_scenario(std::vector<SourceFile>{{"scenario.toml", std::string(frame) + claims}}, all_sections());
  if (out.loaded.spec) out.claims = read_claims(*out.loaded.spec, out.diagnostics);
  expect_told_in_full(out.diagnostics);
  return out;
}

TEST(Claim, ConvertsToTheUnitOfItsKind) {
  struct Case {
    const char* kind;
    const char* quantity;
    double value;
    bool is_rate;
  };
  for (const Case& each :
       {Case{"power", "10 GW", 10000, false}, Case{"power", "12 GW/year", 1000, true},
        Case{"wafers", "900000 wafer/month", 900000, true}, Case{"wafers", "12 wafer", 12, false},
        Case{"money", "5 B USD", 5e9, false}, Case{"energy", "2 TWh/year", 2e6, false},
        Case{"memory", "96000 Gbit/year", 1, true}, Case{"money_per_power", "35 B USD/GW", 35e6, false},
        Case{"power_per_accelerator", "2.5 kW/accelerator", 2.5, false}}) {
    const Read out =
        read(std::string("[claim.a]\nkind = \"") + each.kind + "\"\nquantity = \"" + each.quantity + "\"\n");
    ASSERT_EQ(out.claims.size(), 1U) << each.kind << " " << each.quantity;
    EXPECT_NEAR(out.claims[0].stated.mode, each.value, 1e-9 * each.value) << each.kind;
    EXPECT_EQ(out.claims[0].is_rate, each.is_rate) << each.kind;
  }
}

TEST(Claim, TakesWhatItLeavesOutFromItsCommitment) {
  const Read out = read("[claim.a]\nkind = \"power\"\ncommitment = \"power\"\n");
  ASSERT_EQ(out.claims.size(), 1U);
  const Claim& claim = out.claims[0];
  EXPECT_EQ(claim.title, "Ten gigawatts");
  EXPECT_EQ(claim.stated.low, 9000);
  EXPECT_EQ(claim.stated.high, 11000);
  EXPECT_EQ(claim.stated.source, "a newspaper");
  // a level that is promised from January 2029 on is built until December 2028
  EXPECT_EQ(to_string(claim.to), "2028-12");
  EXPECT_EQ(claim.window.mode, 36);
}

TEST(Claim, ARisingPromiseIsBuiltBetweenItsDates) {
  const std::string promise =
      "[commitment.rise]\nfrom = \"maker\"\nkind = \"contract\"\nunit = \"MW\"\n"
      "quantity = {dates = {\"2026-07\" = \"0 GW\", \"2029-12\" = \"10 GW\"}}\nfirst = \"2026-07\"\n";
  const Read out = read(promise + "[claim.a]\nkind = \"power\"\ncommitment = \"rise\"\n");
  ASSERT_EQ(out.claims.size(), 1U);
  EXPECT_EQ(out.claims[0].stated.mode, 10000);
  EXPECT_EQ(out.claims[0].window.mode, 42);
}

TEST(Claim, StandsForEachGenerationUnlessItNamesSome) {
  EXPECT_EQ(read("[claim.a]\nkind = \"power\"\nquantity = \"1 GW\"\n").claims[0].bases.size(), 2U);
  const Read one = read("[claim.a]\nkind = \"power\"\nquantity = \"1 GW\"\ngenerations = [\"large\"]\n");
  ASSERT_EQ(one.claims[0].bases.size(), 1U);
  EXPECT_EQ(one.claims[0].bases[0].title_ko, "대형");
  const Read mix = read(
      "[claim.a]\nkind = \"power\"\nquantity = \"1 GW\"\n"
      "mix = [{rack = \"small\", share = 0.25}, {rack = \"large\", share = 0.75}]\n");
  ASSERT_EQ(mix.claims[0].bases.size(), 1U);
  EXPECT_EQ(mix.claims[0].bases[0].racks.size(), 2U);
}

TEST(Claim, AScenarioWithoutClaimsHasThoseOfItsCommitments) {
  const Read out = read("");
  ASSERT_EQ(out.claims.size(), 1U);
  EXPECT_EQ(out.claims[0].name, "power");
  EXPECT_EQ(out.claims[0].kind, ClaimKind::power);
  EXPECT_EQ(out.claims[0].bases.size(), 2U);
}

TEST(Claim, EachFaultHasItsCode) {
  struct Case {
    const char* text;
    std::vector<std::string> codes;
  };
  for (const Case& each : {
           Case{"kind = \"power\"\nquantity = 10\n", {"BL0107"}},             // no unit
           Case{"kind = \"power\"\nquantity = \"10 wafer\"\n", {"BL0107"}},   // a unit of another kind
           Case{"kind = \"gigawatts\"\nquantity = \"10 GW\"\n", {"BL0110"}},  // an unknown kind
           Case{"kind = \"power\"\n", {"BL0102"}},                            // nothing claimed
           Case{"kind = \"power\"\nquantity = {low = \"5 GW\", mode = \"3 GW\", high = \"9 GW\"}\n", {"BL0113"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\ngenerations = [\"huge\"]\n", {"BL0109"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\nmix = [{rack = \"small\", share = 0.3}]\n", {"BL0206"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\nfirst = \"2027-01\"\nlast = \"2026-01\"\n", {"BL0300"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\nby = \"2027-01\"\n", {"BL0206"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\nsplits = [{hbm_share = 0.4}]\n", {"BL0206"}},
           Case{"kind = \"power\"\nquantity = \"1 GW\"\npart_of = \"a\"\n", {"BL0206"}},
           Case{"kind = \"date\"\n", {"BL0102"}},
           Case{"kind = \"date\"\nbegun = \"2027-01\"\nby = \"2026-01\"\n", {"BL0300"}},
           Case{"kind = \"date\"\nby = \"2027-01\"\nquantity = \"3 USD\"\n", {"BL0107"}},
           Case{"kind = \"wafers\"\nquantity = \"1 wafer/month\"\nsplits = [{hbm_share = 1.4}]\n", {"BL0104"}},
       }) {
    EXPECT_EQ(read(std::string("[claim.a]\n") + each.text).codes(), each.codes) << each.text;
  }
}

TEST(Claim, NeedsRacksAndSites) {
  constexpr std::string_view kBare = "[scenario]\nname = \"bare\"\n[calendar]\nstart = \"2026-01\"\nperiods = 12\n";
  const Read out = read("[claim.a]\nkind = \"power\"\nquantity = \"1 GW\"\n", kBare);
  EXPECT_EQ(out.codes(), (std::vector<std::string>{"BL0205", "BL0205"}));
}

TEST(Claim, IsNothingToDraw) {
  // its range is of what was said, not of what will be
  EXPECT_FALSE(is_drawn_section("claim"));
  EXPECT_TRUE(is_drawn_section("product"));
}

TEST(Claim, AllFaultsComeAtOnce) {
  const Read out = read("[claim.a]\nkind = \"power\"\n[claim.b]\nkind = \"money\"\nquantity = \"3 MW\"\n");
  EXPECT_EQ(out.codes(), (std::vector<std::string>{"BL0102", "BL0107"}));
}

}  // namespace
}  // namespace beltline
