#include "audit/audit.h"

#include <cmath>
#include <deque>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "audit/audit_tables.h"
#include "audit/sentences.h"
#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "parts/product.h"
#include "parts/rack.h"
#include "scenario/load.h"

namespace beltline {
namespace {

// A chain that can be done by hand. 72 accelerators of 1.5 kW and a tenth more beside them, PUE 1.25.
constexpr std::string_view kChain = R"(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 60
[money]
base_year = 2025
[place.texas]
[place.fab]
[place.plant]
[party.maker]
[product.hbm]
family = "hbm"
die_area = "121 mm2"
die_capacity = "24 Gbit"
yield = 0.8
cycle_time = "5 month"
[product.ddr5]
family = "host"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
[stack.tall]
product = "hbm"
dies = 12
layer_yield = 0.99
test_yield = 0.85
stack_time = "2 month"
[packaging.cowos]
place = "fab"
capacity = "1000 wafer/month"
accelerators = ["b300"]
packaging_time = "3 month"
yield = 0.9
[accelerator.b300]
stack = "tall"
stacks = 8
packages_per_wafer = 16
[rack.nvl]
accelerator = "b300"
accelerators = 72
host_memory = [{product = "ddr5", amount = "28 TB"}]
power = "108 kW"
auxiliary_share = 0.1
load_factor = 0.8
performance = "360 PFLOP/s"
price = "4e6 USD/rack"
auxiliary_price = "1e6 USD/rack"
assembly_time = "1 month"
install_time = "2 month"
place = "plant"
[site.texas]
place = "texas"
pue = 1.25
[hall.texas]
site = "texas"
permit = "3 month"
site_work = "2 month"
shell = "5 month"
fit_out = "6 month"
commission = "2 month"
land_cost = "0 USD/MW"
shell_cost = "2e6 USD/MW"
electrical_cost = "5e6 USD/MW"
mechanical_cost = "2e6 USD/MW"
liquid_cooling_cost = "1e6 USD/MW"
soft_cost = "0 USD/MW"
)";

/// The audit of a text. Scenarios are kept until the program ends: claims point into them.
Audit run(const std::string& text, const AuditOptions& options = {}, Diagnostics* found = nullptr) {
  static std::deque<Loaded> kept;
  kept.push_back(load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, all_sections()));
  const Loaded& loaded = kept.back();
  EXPECT_TRUE(loaded.spec.has_value()) << render(loaded.diagnostics, loaded.files);
  if (!loaded.spec) return {};
  Diagnostics diagnostics;
  Audit out = audit(*loaded.spec, options, diagnostics);
  expect_told_in_full(diagnostics);
  if (found != nullptr) *found = diagnostics;
  return out;
}

std::string with(std::string_view more) {
  return std::string(kChain) + std::string(more);
}

double implied(const Audit& audit, std::string_view claim, ClaimKind kind) {
  for (const AuditRow& row : audit.rows) {
    if (audit.claims[static_cast<std::size_t>(row.claim)].name != claim || row.split >= 0) continue;
    for (const Implied& each : row.implied) {
      if (each.kind == kind) return each.spread.p50;
    }
  }
  return std::nan("");
}

const Comparison* comparison(const Audit& audit, std::string_view claim, std::string_view other) {
  for (const Comparison& each : audit.comparisons) {
    const AuditRow& row = audit.rows[static_cast<std::size_t>(each.row)];
    if (audit.claims[static_cast<std::size_t>(row.claim)].name == claim &&
        audit.claims[static_cast<std::size_t>(each.claim)].name == other)
      return &each;
  }
  return nullptr;
}

constexpr std::string_view kPower = "[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\nwindow = \"48 month\"\n";

TEST(Audit, FollowsTheBillOfMaterialsByHand) {
  const Audit out = run(with(kPower));
  const double count = 10e6 / (1.5 * 1.1 * 1.25);  // accelerators, from kW
  EXPECT_NEAR(implied(out, "power", ClaimKind::accelerators), count, 1e-6 * count);
  EXPECT_NEAR(implied(out, "power", ClaimKind::racks), count / 72, 1e-6 * count);
  EXPECT_NEAR(implied(out, "power", ClaimKind::stacks), 8 * count, 1e-6 * count);
  EXPECT_NEAR(implied(out, "power", ClaimKind::interposers), count / (16 * 0.9) / 48, 1e-6 * count);
  EXPECT_NEAR(implied(out, "power", ClaimKind::it_power), 8000, 1e-6);
  EXPECT_NEAR(implied(out, "power", ClaimKind::energy), 10000 * 0.8 * kHoursPerYear, 1e-3);
  const double hbm = 8 * count * 12 / (std::pow(0.99, 12) * 0.85) / (gross_dies(121, {}) * 0.8) / 48;
  EXPECT_NEAR(implied(out, "power", ClaimKind::hbm_wafers), hbm, 1e-6 * hbm);
  const double host = count / 72 * 28 / (gross_dies(46, {}) * 0.88 * 2e-3) / 48;
  EXPECT_NEAR(implied(out, "power", ClaimKind::host_wafers), host, 1e-6 * host);
  EXPECT_NEAR(implied(out, "power", ClaimKind::wafers), hbm + host, 1e-6 * hbm);
  const double usd = count / 72 * 5e6 + 8000 * 10e6;
  EXPECT_NEAR(implied(out, "power", ClaimKind::money), usd, 1e-6 * usd);
  EXPECT_NEAR(implied(out, "power", ClaimKind::money_per_power), usd / 10000, 1e-3);
  EXPECT_NEAR(implied(out, "power", ClaimKind::power_per_accelerator), 1.5 * 1.1 * 1.25, 1e-9);
}

TEST(Audit, IsTheBillThatRacksArePlannedWith) {
  const std::string text = with(kPower);
  const Loaded loaded = load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, all_sections());
  const RackBill bill = rack_bill(*loaded.spec, loaded.spec->entries("rack").front(), 0);
  const Audit out = run(text);
  const double racks = implied(out, "power", ClaimKind::racks);
  EXPECT_NEAR(implied(out, "power", ClaimKind::hbm_wafers) * 48 / racks, bill.hbm_wafers, 1e-6);
  EXPECT_NEAR(implied(out, "power", ClaimKind::host_wafers) * 48 / racks, bill.host_wafers, 1e-6);
  EXPECT_NEAR(implied(out, "power", ClaimKind::stacks) / racks, bill.stacks, 1e-6);
}

TEST(Audit, FollowsDefectsLearningAndRework) {
  std::string text = with(kPower);
  const auto replace = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("yield = 0.8\n",
          "defect_density = \"0.15/cm2\"\nyield_model = \"negative_binomial\"\nclustering = 2\n"
          "critical_area = \"100 mm2\"\nparametric_yield = 0.97\ntest_yield = 0.98\n");
  replace("test_yield = 0.85\n", "test_yield = 0.85\nrework_share = 0.5\nrework_yield = 0.6\n");
  const Loaded loaded = load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, all_sections());
  const Audit out = run(text);
  const double racks = implied(out, "power", ClaimKind::racks);
  const RackBill bill = rack_bill(*loaded.spec, loaded.spec->entries("rack").front(), 0);
  EXPECT_NEAR(implied(out, "power", ClaimKind::hbm_wafers) * 48 / racks, bill.hbm_wafers, 1e-6);

  // a line that learns, over a window of one month: the yield is that of the month
  replace(
      "defect_density = \"0.15/cm2\"\n",
      "learning = [{from = \"2025-01\", start = \"0.4/cm2\", mature = \"0.1/cm2\", time_constant = \"9 month\"}]\n");
  replace("window = \"48 month\"", "first = \"2026-07\"\nlast = \"2026-07\"");
  const Loaded learnt = load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, all_sections());
  ASSERT_TRUE(learnt.spec.has_value()) << render(learnt.diagnostics, learnt.files);
  const RackBill later = rack_bill(*learnt.spec, learnt.spec->entries("rack").front(), 6);
  EXPECT_NEAR(implied(run(text), "power", ClaimKind::hbm_wafers) / racks, later.hbm_wafers, 1e-6);
}

TEST(Audit, GoesBackTheWayItCame) {
  // what 10 GW imply of every kind implies 10 GW
  const Audit forth = run(with(kPower));
  for (const ClaimKind kind : {ClaimKind::wafers, ClaimKind::hbm_wafers, ClaimKind::interposers, ClaimKind::stacks,
                               ClaimKind::memory, ClaimKind::racks, ClaimKind::money}) {
    const ClaimUnit& unit = claim_unit(kind);
    const bool is_rate = kind <= ClaimKind::interposers || kind == ClaimKind::memory;
    const std::string claim =
        fmt::format("[claim.back]\nkind = \"{}\"\nquantity = \"{:.15g} {}\"\nwindow = \"48 month\"\n", unit.word,
                    implied(forth, "power", kind), is_rate ? unit.rate : unit.total);
    EXPECT_NEAR(implied(run(with(claim)), "back", ClaimKind::power), 10000, 1e-6) << unit.word;
  }
}

TEST(Audit, ComparesClaimsOfOneProgramme) {
  const Audit out =
      run(with("[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\nwindow = \"48 month\"\nprogrammes = [\"a\"]\n"
               "[claim.many]\nkind = \"accelerators\"\nquantity = \"9696970 accelerator\"\nprogrammes = [\"a\"]\n"
               "[claim.other]\nkind = \"money\"\nquantity = \"1 B USD\"\nprogrammes = [\"b\"]\n"
               "[claim.grid]\nkind = \"power\"\nrole = \"capacity\"\nquantity = \"4 GW\"\n"
               "[claim.part]\nkind = \"power\"\nquantity = \"100 MW\"\npart_of = \"power\"\n"));
  const Comparison* pair = comparison(out, "power", "many");
  ASSERT_NE(pair, nullptr);
  EXPECT_NEAR(pair->ratio.p50, 2, 1e-3);
  EXPECT_EQ(pair->verdict, Verdict::differs);
  EXPECT_EQ(comparison(out, "power", "other"), nullptr);
  const Comparison* grid = comparison(out, "power", "grid");
  ASSERT_NE(grid, nullptr);
  EXPECT_EQ(grid->relation, Relation::capacity);
  EXPECT_NEAR(grid->ratio.p50, 2.5, 1e-9);
  const Comparison* part = comparison(out, "part", "power");
  ASSERT_NE(part, nullptr);
  EXPECT_NEAR(part->ratio.p50, 0.01, 1e-9);
}

TEST(Audit, RoundedFiguresWithoutARangeAgree) {
  const Audit exact = run(with(kPower));
  const double accelerators = implied(exact, "power", ClaimKind::accelerators);
  const auto verdict_at = [&](double factor) {
    const std::string claims = fmt::format(
        "{}programmes = [\"p\"]\n[claim.chips]\nkind = \"accelerators\"\nquantity = \"{} accelerator\"\nwindow = \"48 "
        "month\"\nprogrammes = [\"p\"]\n",
        kPower, factor * accelerators);
    const Audit audit = run(with(claims));
    const Comparison* found = comparison(audit, "power", "chips");
    return found == nullptr ? Verdict::differs : found->verdict;
  };
  EXPECT_EQ(verdict_at(1.0), Verdict::agrees);
  EXPECT_EQ(verdict_at(0.99), Verdict::agrees) << "a figure of two digits is no nearer than this";
  EXPECT_EQ(verdict_at(1.1), Verdict::near);
}

TEST(Audit, OneClaimAloneIsToldByWhatItImplies) {
  const Audit audit = run(with(kPower));
  EXPECT_TRUE(audit.comparisons.empty());
  const std::string text = audit_text(audit, Language::english);
  EXPECT_EQ(text.find("Held against each other"), std::string::npos) << text;
  EXPECT_NE(text.find("Nothing to hold them against"), std::string::npos) << text;
  EXPECT_NE(text.find("accelerators,"), std::string::npos) << text;
}

TEST(Audit, SaysWhichOneValueWouldHaveToChange) {
  // twice the stacks that the accelerators carry: half the test yield, half the die yield, or half the window
  const double stacks = 8 * 10e6 / (1.5 * 1.1 * 1.25);
  const Audit out = run(with(
      fmt::format("[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\nwindow = \"48 month\"\nprogrammes = [\"a\"]\n"
                  "[claim.starts]\nkind = \"hbm_wafers\"\nprogrammes = [\"a\"]\nquantity = \"{:.12g} wafer/month\"\n",
                  2 * stacks * 12 / (std::pow(0.99, 12) * 0.85) / (gross_dies(121, {}) * 0.8) / 48)));
  const Comparison* pair = comparison(out, "power", "starts");
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->verdict, Verdict::differs);
  ASSERT_GE(pair->changes.size(), 2U);
  EXPECT_TRUE(pair->changes[0].is_window);
  EXPECT_NEAR(pair->changes[0].to, 24, 1e-6);
  EXPECT_NEAR(pair->changes[1].to, 20000, 1e-3);
}

TEST(Audit, MovesALineUntilTheClaimsAgree) {
  std::string text =
      with("[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\nwindow = \"48 month\"\nprogrammes = [\"a\"]\n");
  const auto range = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  range("yield = 0.8\n", "yield = {mode = 0.8, low = 0.6, high = 0.9}\n");
  range("pue = 1.25", "pue = {mode = 1.25, low = 1.2, high = 1.3}");
  const Audit alone = run(text);
  const double hbm =
      10e6 / (1.5 * 1.1 * 1.25) * 8 * 12 / (std::pow(0.99, 12) * 0.85) / (gross_dies(121, {}) * 0.8) / 48;
  const Audit out = run(text + fmt::format("[claim.starts]\nkind = \"hbm_wafers\"\nprogrammes = [\"a\"]\n"
                                           "quantity = \"{:.12g} wafer/month\"\n",
                                           4 * hbm));
  const Comparison* pair = comparison(out, "power", "starts");
  ASSERT_NE(pair, nullptr);
  bool has_yield = false, has_pue = false;
  for (const AuditChange& change : pair->changes) {
    if (change.line < 0) continue;
    const Line& line = out.lines[static_cast<std::size_t>(change.line)];
    if (line.path == "product.hbm.yield") {
      has_yield = true;
      EXPECT_TRUE(change.is_possible);
      EXPECT_NEAR(change.to, 0.2, 1e-4);
    }
    if (line.path == "site.texas.pue") {
      // a PUE below 1 is none, so it cannot bring four times the wafers
      has_pue = true;
      EXPECT_FALSE(change.is_possible);
    }
  }
  EXPECT_TRUE(has_yield);
  EXPECT_TRUE(has_pue);
}

TEST(Audit, FindsAMistakenUnit) {
  const double tb_a_year = implied(run(with(kPower)), "power", ClaimKind::memory) * 12;
  const Audit out = run(with(fmt::format(
      "[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\nwindow = \"48 month\"\nprogrammes = [\"a\"]\n"
      "[claim.bits]\nkind = \"memory\"\nrole = \"figure\"\nprogrammes = [\"a\"]\nquantity = \"{:.12g} TB/year\"\n",
      1.1e3 * tb_a_year)));
  const Comparison* pair = comparison(out, "power", "bits");
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->unit_slip, 1);
  EXPECT_TRUE(pair->changes.empty());
  EXPECT_EQ(comparison(out, "bits", "power"), nullptr);
}

TEST(Audit, ReadsWafersWithAShareOfHbm) {
  const Audit out =
      run(with("[claim.starts]\nkind = \"wafers\"\nquantity = \"100000 wafer/month\"\nwindow = \"12 month\"\n"
               "splits = [{hbm_share = 1}, {hbm_share = 0.4}]\n"));
  ASSERT_EQ(out.rows.size(), 3U);
  const auto of = [&](std::size_t row, ClaimKind kind) {
    for (const Implied& each : out.rows[row].implied) {
      if (each.kind == kind) return each.spread.p50;
    }
    return std::nan("");
  };
  const double hbm_each = 8 * 12 / (std::pow(0.99, 12) * 0.85) / (gross_dies(121, {}) * 0.8);
  EXPECT_NEAR(of(1, ClaimKind::accelerators), 12 * 100000 / hbm_each, 1e-3);
  EXPECT_NEAR(of(2, ClaimKind::accelerators), 12 * 40000 / hbm_each, 1e-3);
  EXPECT_NEAR(of(2, ClaimKind::hbm_wafers), 40000, 1e-6);
  // bits: 36 GB a stack from the HBM wafers, the rest as host memory
  const double tb = 40000 / hbm_each * 8 * 0.036 + 60000 * gross_dies(46, {}) * 0.88 * 2e-3;
  EXPECT_NEAR(of(2, ClaimKind::memory), tb, 1e-6 * tb);
}

TEST(Audit, TheFirstRackWaitsForTheLongestOfChainAndHall) {
  // wafer 5 + stack 2 + package 3 + rack 1 + install 2 = 13 months; hall 3 + 2 + 5 + 6 + 2 = 18
  const std::string claim = "[claim.first]\nkind = \"date\"\nbegun = \"2026-01\"\nby = \"2027-12\"\n";
  EXPECT_NEAR(implied(run(with(claim)), "first", ClaimKind::date), 18, 1e-9);
  std::string quick = with(claim);
  quick.replace(quick.find("shell = \"5 month\""), 17, "existing = \"9 MW\"\nshell = \"5 month\"");
  EXPECT_NEAR(implied(run(quick), "first", ClaimKind::date), 13, 1e-9);
}

TEST(Audit, AnAmountWaitsForPackaging) {
  // 1,000 wafers a month · 16 · 0.9 = 14,400 accelerators; 288,000 of them take 20 months, and 3 + 1 + 2 more
  const Audit out = run(with(
      "[claim.first]\nkind = \"date\"\nbegun = \"2026-01\"\nby = \"2027-12\"\nquantity = \"288000 accelerator\"\n"));
  EXPECT_NEAR(implied(out, "first", ClaimKind::date), 26, 1e-6);
  ASSERT_EQ(out.comparisons.size(), 1U);
  EXPECT_EQ(out.comparisons[0].share_met, 0);
  EXPECT_EQ(out.comparisons[0].verdict, Verdict::near);
}

TEST(Audit, AMixIsTheMeanOfItsRacks) {
  const std::string second =
      "[rack.bare]\naccelerators = 10\npower = \"30 kW\"\nperformance = \"1 PFLOP/s\"\nprice = \"1e6 USD/rack\"\n";
  const Audit out = run(with(second + "[claim.power]\nkind = \"power\"\nquantity = \"10 GW\"\n"
                                      "mix = [{rack = \"nvl\", share = 0.75}, {rack = \"bare\", share = 0.25}]\n"));
  const double kw = (0.75 * 1.65 + 0.25 * 3) * 1.25;
  EXPECT_NEAR(implied(out, "power", ClaimKind::accelerators), 10e6 / kw, 1e-3);
  EXPECT_NEAR(implied(out, "power", ClaimKind::stacks), 0.75 * 8 * 10e6 / kw, 1e-2);
}

TEST(Audit, RacksThatSayNothingOfAKindAreAFault) {
  std::string text = with("[claim.starts]\nkind = \"stacks\"\nquantity = \"1000 stack\"\ngenerations = [\"bare\"]\n");
  text += "[rack.bare]\npower = \"30 kW\"\nperformance = \"1 PFLOP/s\"\nprice = \"1e6 USD/rack\"\n";
  Diagnostics found;
  run(text, {}, &found);
  ASSERT_EQ(found.error_count(), 1U);
  EXPECT_EQ(found.all().front().code, Code::inconsistent);
}

constexpr std::string_view kRanges = R"(
[claim.power]
kind = "power"
quantity = {mode = "10 GW", low = "8 GW", high = "12 GW"}
window = {mode = "48 month", low = "36 month", high = "60 month"}
programmes = ["a"]
[claim.starts]
kind = "wafers"
quantity = "900000 wafer/month"
programmes = ["a"]
)";

TEST(Audit, SamplesHangOnTheSeedAlone) {
  const Audit one = run(with(kRanges));
  const Audit again = run(with(kRanges));
  const Audit other = run(with(kRanges), {.sample_count = 2000, .seed = 2, .claim = {}});
  const auto text = [](const Audit& audit) { return to_json(audit_tables(audit, SourceFiles()).front()); };
  EXPECT_EQ(text(one), text(again));
  EXPECT_NE(text(one), text(other));
  // a claim alone is what it is among others
  const Audit alone = run(with(kRanges), {.sample_count = 2000, .seed = 1, .claim = "power"});
  EXPECT_EQ(implied(alone, "power", ClaimKind::wafers), implied(one, "power", ClaimKind::wafers));
  EXPECT_TRUE(std::isnan(implied(alone, "starts", ClaimKind::power)));
  // and the median of another seed is near
  EXPECT_NEAR(implied(other, "power", ClaimKind::wafers) / implied(one, "power", ClaimKind::wafers), 1, 0.02);
}

TEST(Audit, NamesLinesAndWhatDrivesThem) {
  const Audit out = run(with(kRanges));
  const AuditRow& row = out.rows.front();
  const auto found = std::ranges::find(row.implied, ClaimKind::wafers, &Implied::kind);
  ASSERT_NE(found, row.implied.end());
  std::vector<std::string> paths;
  for (const int line : found->lines) paths.push_back(out.lines[static_cast<std::size_t>(line)].path);
  for (const char* path :
       {"product.hbm.yield", "product.ddr5.die_area", "stack.tall.test_yield", "rack.nvl.power",
        "rack.nvl.host_memory[1].amount", "site.texas.pue", "claim.power.quantity", "claim.power.window"}) {
    EXPECT_NE(std::ranges::find(paths, path), paths.end()) << path;
  }
  ASSERT_EQ(found->drivers.size(), 2U);
  EXPECT_EQ(out.lines[static_cast<std::size_t>(found->drivers[0].line)].path, "claim.power.window");
  EXPECT_LT(found->drivers[0].correlation, -0.6);
  EXPECT_GT(found->drivers[1].correlation, 0.6);
}

TEST(Audit, OneAssumptionIsDrawnOnce) {
  // two sites that cite one source for one PUE are one line; another source is another
  constexpr std::string_view kSecond =
      "[place.ohio]\n[site.ohio]\nplace = \"ohio\"\npue = {mode = 1.25, low = 1.2, high = 1.3, source = \"SOURCE\"}\n";
  const auto lines_of = [&](std::string_view source) {
    std::string text = with(kPower) + std::string(kSecond);
    text.replace(text.find("SOURCE"), 6, source);
    text.replace(text.find("pue = 1.25"), 10, "pue = {mode = 1.25, low = 1.2, high = 1.3, source = \"a\"}");
    const Audit out = run(text);
    return std::ranges::count_if(out.lines, [](const Line& line) { return line.path.ends_with(".pue"); });
  };
  EXPECT_EQ(lines_of("a"), 1);
  EXPECT_EQ(lines_of("b"), 2);
}

TEST(Audit, SentencesAreToldInBothLanguages) {
  const Audit out = run(with(kRanges));
  const auto sentences = audit_sentences(out);
  ASSERT_FALSE(sentences.empty());
  bool has_disagreement = false;
  for (const AuditSentence& each : sentences) {
    EXPECT_TRUE(each.english.ends_with('.')) << each.english;
    EXPECT_NE(each.korean.find_first_of("\xEA\xEB\xEC\xED"), std::string::npos) << each.korean;
    has_disagreement = has_disagreement || each.finding == "differs";
  }
  EXPECT_TRUE(has_disagreement);
}

}  // namespace
}  // namespace beltline
