#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "model/words.h"
#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;

constexpr const char* kText = R"toml(
[site.coast]
title = "Harbour (east side)"
title_ko = "항만"
[hall.coast]
site = "coast"
[connection.coast]
site = "coast"
module = "10 MW"
[rack.big]
title = "Big rack"
title_ko = "대형"
accelerators = 72
power = "132 kW"
performance = "360 PFLOP/s"
price = "4 M USD/rack"
supply_max = "10 rack/month"
[budget.all]
amount = "500 M USD"
yearly_max = [{year = 2026, amount = "100 M USD"}]
)toml";

TEST(Titles, SayWhatAnEntityIsAndWhere) {
  const auto outcome = compile_text(kText);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const auto title = [&](const char* kind, const char* name) { return title_of(m, kind, name); };
  EXPECT_EQ(title("capacity", "hall@coast"), "data halls at Harbour") << "without what stands in brackets";
  EXPECT_EQ(title("capacity", "rack_big@coast"), "Big rack racks at Harbour");
  EXPECT_EQ(title("process", "import@coast"), "grid power at Harbour");
  EXPECT_EQ(title("commodity", "rack_big"), "Big rack racks");
  EXPECT_EQ(title("place", "coast"), "Harbour");
  EXPECT_EQ(title("limit", "budget_all_2026"), "budget \"all\", 2026");
  EXPECT_EQ(title("capacity", "none@nowhere"), "none@nowhere");
  EXPECT_EQ(title("nothing", "hall@coast"), "hall@coast");
}

TEST(Titles, AreKoreanWithNamesAsTheyAreWhereTheyHaveNoKorean) {
  const auto outcome = compile_text(kText);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  EXPECT_EQ(title_of(m, "capacity", "hall@coast", Language::korean), "항만 전산동");
  EXPECT_EQ(title_of(m, "capacity", "rack_big@coast", Language::korean), "항만 대형 랙");
  EXPECT_EQ(title_of(m, "limit", "budget_all_2026", Language::korean), "2026년 예산 “all”");
  EXPECT_EQ(title_of(m, "process", "assemble_big", Language::korean), "대형 랙 조립");
}

TEST(Titles, EveryEntityHasWordsAndTermsHaveTheirEntitys) {
  const auto outcome = compile_text(kText);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  for (std::size_t k = 0; k < m.capacities.size(); ++k) EXPECT_FALSE(title_of(m, CapacityId(k)).empty());
  for (std::size_t p = 0; p < m.processes.size(); ++p) EXPECT_FALSE(title_of(m, ProcessId(p)).empty());
  for (std::size_t d = 0; d < m.demands.size(); ++d) EXPECT_FALSE(title_of(m, DemandId(d)).empty());
  for (const Measure& measure : m.measures) {
    EXPECT_FALSE(measure.titles.title.empty()) << measure.name;
    for (const Term& term : measure.terms) {
      EXPECT_FALSE(title_of(m, term).empty()) << measure.name;
      EXPECT_FALSE(provenance_of(m, term).entry.empty()) << measure.name;
    }
  }
  EXPECT_EQ(title_of(m, CapacityId{}), "");
  EXPECT_EQ(title_of(m, Entity{}), "");
}

TEST(Titles, OfGoodsSayWhereTheyAre) {
  const auto outcome = compile_text(kText);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  std::map<std::string, std::string> english, korean;
  for (std::size_t n = 0; n < m.nodes.size(); ++n) {
    const Entity good{EntityKind::good, static_cast<int32_t>(n)};
    english[name_of(m, good)] = title_of(m, good);
    korean[name_of(m, good)] = title_of(m, good, Language::korean);
  }
  EXPECT_EQ(english.at("it_space@coast"), "room for racks at Harbour");
  EXPECT_EQ(korean.at("it_space@coast"), "항만 랙 설치 공간");
}

TEST(Titles, PeriodsAreMonthsOrYears) {
  const auto outcome = compile_text(kText);
  ASSERT_TRUE(outcome.model) << outcome.text();
  Calendar calendar = outcome.model->calendar;
  const YearMonth start = calendar.month(0);
  EXPECT_EQ(period_words(calendar, 2, Language::korean),
            fmt::format("{}년 {}월", start.plus(2).year, start.plus(2).month));
  EXPECT_EQ(periods_words(calendar, 1, 1, Language::english), period_words(calendar, 1, Language::english));
  EXPECT_TRUE(periods_words(calendar, 0, 2, Language::english).find(" to ") != std::string::npos);
  calendar.months_per_period = 12;
  EXPECT_EQ(period_words(calendar, 0, Language::english), fmt::format("{}", start.year));
  EXPECT_EQ(periods_words(calendar, 0, 1, Language::korean), fmt::format("{}년~{}년", start.year, start.year + 1));
}

}  // namespace
}  // namespace beltline
