// Four one-line changes of the Korean scenario: what differs, what is late and what binds are told with the right cause
// first, and with the consequences that a reader of the field expects.
//
// All plans have one slice a day and are not asked for the last tenths of a per cent of cost. They are made once.
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/diff.h"
#include "run/explain.h"
#include "run/run_scenario.h"
#include "run/why.h"
#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

struct Case {
  const char* name;
  const char* change;  // "" for the scenario as it is
};
constexpr Case kCases[] = {{"base", ""},
                           {"half_yield", "product.hbm4_24gb.yield*=0.5"},
                           {"ulsan_late", "site.ulsan.online+=24 month"},
                           {"usd_300", "budget.programme.amount=300 B USD"},
                           {"no_slots", "yard.geoje.slots=0 hull/year"}};

/// The runs of all cases, each planned and written the first time it is asked for.
class Runs {
 public:
  std::filesystem::path folder(const std::string& name) {
    const std::filesystem::path run = scratch_.path() / name;
    if (!std::filesystem::exists(run)) {
      const auto found = std::ranges::find(kCases, std::string_view(name), &Case::name);
      EXPECT_NE(found, std::end(kCases)) << name;
      std::vector<std::string> overrides = {"calendar.slices_per_day=1", "objective.tolerance=0.004"};
      if (*found->change != '\0') overrides.emplace_back(found->change);
      const Compiled compiled = compile_scenario(scenario_folder("korea"), overrides);
      EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
      auto result = run_plan(compiled, {});
      EXPECT_TRUE(result && result->plan.termination == Termination::optimal) << name;
      EXPECT_TRUE(write_run(run, {.manifest_json = result->manifest_json,
                                  .tables = result->tables,
                                  .texts = {},
                                  .scenario = scenario_contents(compiled.originals)}));
    }
    return run;
  }

 private:
  ScratchFolder scratch_;
};

Runs& runs() {
  static Runs all;
  return all;
}

Difference difference(const std::string& name) {
  auto found = compare_runs(runs().folder("base"), runs().folder(name));
  if (!found) throw Bug(found.error().message);
  EXPECT_LE(lines_of(difference_text(*found, false)).size(), 40U) << "one screen";
  return std::move(*found);
}

/// The one cause there is, with the one value that was changed.
void expect_only_cause(const Difference& d, const std::string& entry, const std::string& path) {
  ASSERT_EQ(d.causes.size(), 1U) << difference_text(d, true);
  EXPECT_EQ(d.causes.front().entry, entry);
  ASSERT_EQ(d.causes.front().changes.size(), 1U);
  EXPECT_EQ(d.causes.front().changes.front().path, path);
  EXPECT_EQ(d.causes.front().changes.front().place_after, "--set:3");
  EXPECT_EQ(d.causes.front().impact.share, d.total.share);
}

const Decision& decision(const Difference& d, std::string_view name) {
  const auto found = std::ranges::find(d.decisions, name, &Decision::name);
  if (found == d.decisions.end()) throw Bug(fmt::format("no decision '{}'\n{}", name, difference_text(d, true)));
  return *found;
}

const ResultChange& figure(const Difference& d, std::string_view name) {
  const auto found = std::ranges::find(d.results, name, &ResultChange::name);
  if (found == d.results.end()) throw Bug(fmt::format("no figure '{}'\n{}", name, difference_text(d, true)));
  return *found;
}

TEST(DifferenceOfKorea, HalfTheYieldOfHbm4) {
  const Difference d = difference("half_yield");
  expect_only_cause(d, "product.hbm4_24gb", "product.hbm4_24gb.yield");
  EXPECT_DOUBLE_EQ(d.causes.front().changes.front().ratio, 0.5);
  EXPECT_EQ(d.causes.front().changes.front().confidence, 'C') << "a weak figure";
  EXPECT_LT(d.total.share, -0.1);
  EXPECT_NEAR(d.total.usd, d.total.share * d.a.cost_usd, 1e-6 * std::abs(d.total.usd));
  // racks on HBM4 first: fewer and later; those on HBM4E instead
  EXPECT_EQ(d.decisions.front().name, "rack_vr_nvl72") << difference_text(d, true);
  EXPECT_LT(decision(d, "rack_vr_nvl72").after, 0.6 * decision(d, "rack_vr_nvl72").before);
  EXPECT_GT(decision(d, "rack_vr_nvl72").months_later, 1);
  EXPECT_GT(decision(d, "rack_kyber_nvl576").after, 1.5 * decision(d, "rack_kyber_nvl576").before);
  EXPECT_LT(figure(d, "accelerators_online").relative, -0.1);
  EXPECT_LT(figure(d, "it_power").relative, -0.1);
}

TEST(DifferenceOfKorea, UlsanTwoYearsLate) {
  const Difference d = difference("ulsan_late");
  expect_only_cause(d, "site.ulsan", "site.ulsan.online");
  EXPECT_EQ(d.causes.front().changes.front().before, "2027-11");
  EXPECT_EQ(d.causes.front().changes.front().after, "2029-11");
  // the promise is missed from the month on for which it was given
  ASSERT_EQ(d.missed.size(), 1U);
  EXPECT_EQ(d.missed.front().name, "ulsan_announced");
  EXPECT_TRUE(d.missed.front().when_after.starts_with("2027-11 to ")) << d.missed.front().when_after;
  EXPECT_EQ(d.missed.front().before, 0);
  EXPECT_GT(d.total.missed_usd, 1e9);
  EXPECT_EQ(d.decisions.front().name, "hall@ulsan") << difference_text(d, true);
  EXPECT_EQ(d.decisions.front().first_before, "2027-11");
  EXPECT_TRUE(d.decisions.front().first_after.empty() || d.decisions.front().first_after >= "2029-11");
  EXPECT_EQ(figure(d, "it_power_ulsan_2027").after, 0);
  // where racks are scarce, their place is worth little
  EXPECT_LT(std::abs(d.total.share), 0.01);
}

TEST(DifferenceOfKorea, ThreeHundredBillion) {
  const Difference d = difference("usd_300");
  expect_only_cause(d, "budget.programme", "budget.programme.amount");
  EXPECT_DOUBLE_EQ(d.causes.front().changes.front().ratio, 0.6);
  EXPECT_EQ(d.causes.front().changes.front().before, "USD 500 billion");
  EXPECT_LT(d.total.share, -0.05);
  EXPECT_LE(figure(d, "spent_of_budget_programme").after, 300e9 * (1 + 1e-6));
  EXPECT_LT(figure(d, "accelerators_online").relative, -0.1);
  // what the money would have bought most of
  EXPECT_TRUE(d.decisions.front().name.starts_with("rack_")) << difference_text(d, true);
  EXPECT_LT(d.decisions.front().usd_after, d.decisions.front().usd_before - 10e9);
}

TEST(DifferenceOfKorea, NoDockSlots) {
  const Difference d = difference("no_slots");
  expect_only_cause(d, "yard.geoje", "yard.geoje.slots");
  EXPECT_EQ(d.decisions.front().entry, "hull.fdc50") << difference_text(d, true);
  EXPECT_EQ(d.decisions.front().after, 0);
  ASSERT_FALSE(d.missed.empty());
  EXPECT_EQ(d.missed.front().name, "floating_demonstration");
  EXPECT_EQ(figure(d, "hulls_ordered").after, 0);
  EXPECT_LT(std::abs(d.total.share), 0.01) << "one hull of fifty megawatts";
}

TEST(DifferenceOfKorea, OfSeveralChangesTheOneThatMattersComesFirst) {
  // both changes of the plans' scenarios, one against the other: A has late Ulsan, B has half the yield
  const auto found = compare_runs(runs().folder("ulsan_late"), runs().folder("half_yield"));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->causes.size(), 2U);
  EXPECT_EQ(found->causes[0].entry, "product.hbm4_24gb") << difference_text(*found, true);
  EXPECT_EQ(found->causes[1].entry, "site.ulsan");
  // alone, on the coarse relaxation, it is worth what the plans say together
  EXPECT_NEAR(found->causes[0].impact.share, found->total.share, 0.02);
  EXPECT_LT(found->causes[1].impact.missed_usd, -1e9) << "back in time, nothing is missed";
  EXPECT_NE(found->method.find("alone"), std::string::npos);
}

TEST(DifferenceOfKorea, IsWrittenInOneScreenAndAsJson) {
  const Difference d = difference("half_yield");
  const std::string brief = difference_text(d, false);
  const std::size_t cause = brief.find("1. product.hbm4_24gb (HBM4 core die, 24 Gbit)");
  ASSERT_NE(cause, std::string::npos) << brief;
  EXPECT_LT(cause, brief.find("Vera Rubin"));
  EXPECT_GT(lines_of(difference_text(d, true)).size(), lines_of(brief).size());
  const auto json = nlohmann::json::parse(difference_json(d));
  EXPECT_EQ(json["inputs"][0]["entry"], "product.hbm4_24gb");
  EXPECT_THAT(json["inputs"][0]["changes"][0]["place_before"].get<std::string>(), testing::StartsWith("memory.toml:"));
  EXPECT_EQ(json["a"]["termination"], "optimal");
  EXPECT_NEAR(json["total"]["share"].get<double>(), d.total.share, 1e-12);
}

nlohmann::json explained(const std::string& name) {
  const auto run = runs().folder(name);
  const std::string manifest = verify_run(run).value();
  std::vector<Table> tables;
  for (const char* table : {"late", "late_chain", "worth", "names"}) {
    tables.push_back(read_run_table(run, table).value());
  }
  for (const Language language : {Language::english, Language::korean}) {
    const std::string text = explain_text(manifest, tables, {.language = language});
    EXPECT_LE(lines_of(text).size(), 40U) << text;
  }
  return nlohmann::json::parse(explain_json(manifest, tables, {}));
}

/// Entry → its share of all that is at stake in what binds.
std::map<std::string, double> shares(const nlohmann::json& explained) {
  std::map<std::string, double> of_entry;
  double total = 0;
  for (const auto& bound : explained["binding"]) {
    if (!bound["stake_usd"].is_number()) continue;
    of_entry[bound["entry"]] += bound["stake_usd"].get<double>();
    total += bound["stake_usd"].get<double>();
  }
  for (auto& [entry, share] : of_entry) share /= total;
  return of_entry;
}

/// The entry whose share of what is at stake grows most.
std::string binds_more(const nlohmann::json& before, const nlohmann::json& after) {
  const auto was = shares(before), is = shares(after);
  const auto rise = [&](const auto& each) {
    const auto found = was.find(each.first);
    return each.second - (found == was.end() ? 0 : found->second);
  };
  return std::ranges::max_element(is, {}, rise)->first;
}

/// What is newly late or lacks more than before, dearest first.
std::vector<nlohmann::json> later(const nlohmann::json& before, const nlohmann::json& after) {
  std::map<std::string, double> was;
  for (const auto& late : before["late"]) was[late["delivery"]] = late["missing"];
  std::vector<nlohmann::json> out;
  for (const auto& late : after["late"]) {
    const auto found = was.find(late["delivery"]);
    if (found == was.end() || late["missing"].get<double>() > 1.01 * found->second) out.push_back(late);
  }
  return out;
}

TEST(ExplanationOfKorea, HalfTheYieldOfHbm4BindsItsFabs) {
  const auto before = explained("base"), after = explained("half_yield");
  // the lines on which HBM is made: their share grows, and they come first
  EXPECT_TRUE(after["binding"][0]["entry"].get<std::string>().starts_with("fab.")) << after["binding"][0];
  EXPECT_TRUE(binds_more(before, after).starts_with("fab.")) << binds_more(before, after);
  const auto fabs = [](const std::map<std::string, double>& of_entry) {
    double sum = 0;
    for (const auto& [entry, share] : of_entry) sum += entry.starts_with("fab.") ? share : 0;
    return sum;
  };
  EXPECT_GT(fabs(shares(after)), 0.6);
  EXPECT_GT(fabs(shares(after)), fabs(shares(before)));
  // accelerators promised for 2028 wait for them
  const auto missed = later(before, after);
  ASSERT_FALSE(missed.empty());
  EXPECT_EQ(missed.front()["delivery"], "national_centre");
  EXPECT_TRUE(missed.front()["cause_entry"].get<std::string>().starts_with("fab.")) << missed.front();
}

TEST(ExplanationOfKorea, UlsanWaitsForItsDate) {
  const auto missed = later(explained("base"), explained("ulsan_late"));
  ASSERT_FALSE(missed.empty());
  EXPECT_EQ(missed.front()["delivery"], "ulsan_announced");
  EXPECT_EQ(missed.front()["first"], "2027-11");
  EXPECT_EQ(missed.front()["cause_name"], "hall@ulsan");
  EXPECT_EQ(missed.front()["cause_entry"], "site.ulsan") << "where the date stands";
  EXPECT_THAT(missed.front()["cause"].get<std::string>(),
              testing::HasSubstr("not online before November 2029, by the date in the scenario"));
}

TEST(ExplanationOfKorea, ThreeHundredBillionBindFirst) {
  const auto before = explained("base"), after = explained("usd_300");
  EXPECT_EQ(after["binding"][0]["entry"], "budget.programme");
  EXPECT_EQ(binds_more(before, after), "budget.programme");
  EXPECT_FALSE(shares(before).contains("budget.programme"));
  EXPECT_GT(shares(after)["budget.programme"], 0.3);
}

TEST(ExplanationOfKorea, WithoutDockSlotsThePromiseAfloatWaitsForTheYard) {
  const auto missed = later(explained("base"), explained("no_slots"));
  ASSERT_FALSE(missed.empty());
  EXPECT_EQ(missed.front()["delivery"], "floating_demonstration");
  EXPECT_EQ(missed.front()["cause_entry"], "yard.geoje") << missed.front();
  EXPECT_THAT(missed.front()["cause"].get<std::string>(), testing::HasSubstr("no more than 0 months"));
}

TEST(WhyOfKorea, EveryFigureOfTheSummaryComesFromEntriesAndIsToldInWords) {
  const auto run = runs().folder("base");
  const Table summary = read_run_table(run, "summary").value();
  const Table lineage = read_run_table(run, "lineage").value();
  std::map<std::string, double> parts;
  std::map<std::string, std::string> formulas;
  for (std::size_t i = 0; i < lineage.row_count(); ++i) {
    if (lineage.column("table").texts()[i] != "summary") continue;
    parts[lineage.column("figure").texts()[i]] += lineage.column("part").numbers()[i];
    formulas[lineage.column("figure").texts()[i]] = lineage.column("formula").texts()[i];
  }
  for (std::size_t i = 0; i < summary.row_count(); ++i) {
    const std::string& name = summary.column("name").texts()[i];
    ASSERT_TRUE(parts.contains(name)) << name;
    EXPECT_FALSE(formulas[name].empty()) << name;
    const bool is_sum = name.starts_with("it_power") || name.starts_with("spent_of") ||
                        name.starts_with("wafer_starts") || name.starts_with("jobs") || name.starts_with("exports");
    const double value = summary.column("value").numbers()[i];
    if (is_sum) {
      EXPECT_NEAR(parts[name], value, 1e-6 * (1 + std::abs(value))) << name;
    }
  }
}

TEST(WhyOfKorea, PowerGoesBackToTheRacksAndTheirSources) {
  const auto found = why(runs().folder("base"), "it_power");
  ASSERT_TRUE(found && *found);
  const Why& power = **found;
  ASSERT_EQ(power.entries.size(), 4U) << "four generations of racks";
  EXPECT_EQ(power.entries.front().entry, "rack.vr_nvl72");
  const WhyInput& first = power.entries.front().inputs.front();
  EXPECT_EQ(first.input.path, "rack.vr_nvl72.power");
  EXPECT_EQ(first.input.confidence, 'B');
  EXPECT_FALSE(first.input.source.empty());
  EXPECT_TRUE(first.place.starts_with("memory.toml:")) << first.place;
  EXPECT_LE(lines_of(why_text(power, false)).size(), 40U) << "one screen";
  const auto hall = why(runs().folder("base"), "builds.hall@ulsan");
  ASSERT_TRUE(hall && *hall);
  EXPECT_THAT((*hall)->title, testing::HasSubstr("SK AI Data Center Ulsan"));
}

}  // namespace
}  // namespace beltline
