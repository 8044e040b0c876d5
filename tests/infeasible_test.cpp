// A belt in small that can just be planned, and six ways in which it cannot: each is explained in one screen, with
// changes that make it feasible when they are applied.
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/explain.h"
#include "tests/support.h"

namespace beltline {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::filesystem::path folder() {
  return std::filesystem::path(BELTLINE_SOURCE_DIR) / "tests/cases/infeasible";
}

RunResult plan_with(const std::vector<std::string>& overrides) {
  const Compiled compiled = compile_scenario(folder(), overrides);
  EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  auto result = run_plan(compiled, {});
  if (!result) throw Bug(result.error().message);
  return std::move(*result);
}

const Table& table(const RunResult& result, std::string_view name) {
  const auto found = std::ranges::find(result.tables, name, &Table::name);
  if (found == result.tables.end()) throw Bug(fmt::format("no table '{}'", name));
  return *found;
}

struct Case {
  const char* name;
  std::vector<std::string> taken;   // what is taken away
  const char* missed;               // entry of the requirement that misses most
  std::vector<std::string> causes;  // entries that bind, the first that of the largest shortage
  std::vector<std::string> mends;   // values of which the first remedy consists
};

const Case kCases[] = {
    {"wafers", {"fab.line.capacity=20 wafer/month"}, "target.racks", {"fab.line"}, {"fab.line.capacity"}},
    {"dock slots", {"yard.shipyard.slots=0 hull/year"}, "target.floating", {"yard.shipyard"}, {"yard.shipyard.slots"}},
    {"budget",
     {"budget.programme.amount=600 M USD"},
     "target.floating",
     {"budget.programme"},
     {"budget.programme.amount"}},
    {"grid",
     {"connection.north.total_max=12 MW"},
     "service.assistant",
     {"connection.north"},
     {"connection.north.total_max"}},
    {"technicians",
     {"school.korea.existing=2 person", "school.korea.intake=0 person/month"},
     "target.floating",
     {"school.korea"},
     {"school.korea.intake"}},
    {"wafers and dock slots",
     {"fab.line.capacity=20 wafer/month", "yard.shipyard.slots=0 hull/year"},
     "target.floating",
     {"yard.shipyard", "fab.line"},
     {"fab.line.capacity", "yard.shipyard.slots"}},
};

class Infeasible : public testing::TestWithParam<Case> {};

TEST(InfeasibleBase, CanBePlannedAsItIs) {
  EXPECT_EQ(plan_with({}).plan.termination, Termination::optimal);
}

TEST_P(Infeasible, IsExplainedInOneScreenAndMendedByEachRemedy) {
  const Case& c = GetParam();
  const RunResult result = plan_with(c.taken);
  ASSERT_EQ(result.plan.termination, Termination::infeasible);

  const Table& shortages = table(result, "shortages");
  ASSERT_GT(shortages.row_count(), 0U);
  EXPECT_LE(shortages.row_count(), 4U) << "by requirement, not by row";
  EXPECT_EQ(shortages.column("entry").texts().front(), c.missed);
  EXPECT_EQ(shortages.column("cause_entry").texts().front(), c.causes.front());
  for (const std::string& cause : c.causes) EXPECT_THAT(shortages.column("cause_entry").texts(), Contains(cause));
  for (const std::string& cause : shortages.column("cause_entry").texts()) EXPECT_THAT(c.causes, Contains(cause));

  for (const Language language : {Language::english, Language::korean}) {
    const std::string text = explain_text(result.manifest_json, result.tables, {.language = language});
    const auto lines = lines_of(text);
    EXPECT_LE(lines.size(), 40U) << text;
    EXPECT_THAT(text, HasSubstr(shortages.column(language == Language::korean ? "cause_ko" : "cause").texts().front()));
    EXPECT_THAT(text, HasSubstr(fmt::format("--set '{}=", c.mends.front())));
  }
  EXPECT_THAT(result.summary, HasSubstr("makes it feasible")) << "said at once, not only when asked";

  const Table& changes = table(result, "changes");
  std::map<double, std::vector<std::string>> remedies;
  std::vector<std::string> first;
  for (std::size_t i = 0; i < changes.row_count(); ++i) {
    const double remedy = changes.column("remedy").numbers()[i];
    remedies[remedy].push_back(changes.column("set").texts()[i]);
    if (remedy == 1) first.push_back(changes.column("path").texts()[i]);
    EXPECT_THAT(changes.column("place_in_file").texts()[i], testing::Not(testing::IsEmpty()));
  }
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(c.mends));
  ASSERT_FALSE(remedies.empty());
  for (const auto& [number, sets] : remedies) {
    std::vector<std::string> overrides = c.taken;
    overrides.insert(overrides.end(), sets.begin(), sets.end());
    const RunResult mended = plan_with(overrides);
    EXPECT_TRUE(mended.plan.has_point && mended.plan.verified) << "remedy " << number << " of " << c.name;
  }

  const auto json = nlohmann::json::parse(explain_json(result.manifest_json, result.tables, {}));
  EXPECT_EQ(json["shortages"].size(), shortages.row_count());
  EXPECT_EQ(json["changes"].size(), changes.row_count());
}

INSTANTIATE_TEST_SUITE_P(Cases, Infeasible, testing::ValuesIn(kCases), [](const auto& each) {
  std::string name = each.param.name;
  std::erase(name, ' ');
  return name;
});

TEST(InfeasibleSize, TheFirstRemedyIsNearlyTheLeastThatHelps) {
  const RunResult result = plan_with({"fab.line.capacity=20 wafer/month"});
  const std::string set = table(result, "changes").column("set").texts().front();
  ASSERT_EQ(set, "fab.line.capacity=196 wafer/month");
  EXPECT_EQ(plan_with({"fab.line.capacity=190 wafer/month"}).plan.termination, Termination::infeasible);
}

}  // namespace
}  // namespace beltline
