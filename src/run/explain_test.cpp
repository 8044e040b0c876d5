// What `beltline explain` says of a small run, in both languages and as JSON; of Korea see tests/causes_test.cpp.
#include "run/explain.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "run/run_scenario.h"
#include "table/example_table.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The first scenario over three years with a promise that comes too early for its halls.
constexpr const char* kPromise = R"(
[commitment.early]
title = "Ten megawatts at once"
title_ko = "즉시 10 MW"
from = "operator"
kind = "MOU"
quantity = "10 MW"
unit = "MW"
first = "2026-06"
draws = [{kind = "online", of = "hall@ulsan"}]
)";

struct Explained {
  std::string manifest;
  std::vector<Table> tables;

  [[nodiscard]] std::string text(const ExplainOptions& options) const {
    return explain_text(manifest, tables, options);
  }
  [[nodiscard]] nlohmann::json json(const ExplainOptions& options) const {
    return nlohmann::json::parse(explain_json(manifest, tables, options));
  }
};

const Explained& explained() {
  static const Explained made = [] {
    const ScratchFolder scratch;
    {
      const std::ifstream first(std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios/first/scenario.toml");
      std::ofstream(scratch.path() / "scenario.toml") << first.rdbuf() << kPromise;
    }
    const Compiled compiled =
        compile_scenario(scratch.path(), {"calendar.periods=36", "site.ulsan.title=Harbour \x1b[31m",
                                          "site.ulsan.title_ko=항만", "rack.gb300.title=Big"});
    EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
    auto result = run_plan(compiled, {.mip_gap_max = 0.02});
    EXPECT_TRUE(result && result->plan.has_point);
    return Explained{result->manifest_json, result->tables};
  }();
  return made;
}

void expect_one_screen(const std::string& text) {
  std::size_t lines = 0;
  for (std::size_t begin = 0; begin < text.size(); ++lines) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(width_of(text.substr(begin, end - begin)), 120U) << text;
    begin = end + 1;
  }
  EXPECT_LE(lines, 40U) << text;
}

TEST(Explain, TellsWhatIsLateAndWhyInBothLanguages) {
  const std::string english = explained().text({});
  expect_one_screen(english);
  EXPECT_THAT(english, HasSubstr("A first data centre: optimal, verified"));
  EXPECT_THAT(english, HasSubstr("Ten megawatts at once: all 10 MW missing, 2026-06 to "));
  EXPECT_THAT(english, HasSubstr("it cannot be met"));
  // permit, site work, shell, fit-out and commissioning
  EXPECT_THAT(english, HasSubstr("waits for data halls at Harbour"));
  EXPECT_THAT(english, HasSubstr(": not online before July 2027, 18 months after an order [hall.ulsan]"));
  EXPECT_THAT(english, Not(HasSubstr("\x1b"))) << "titles do not steer the terminal";
  EXPECT_THAT(english, Not(HasSubstr("USD -0")));

  const std::string korean = explained().text({.language = Language::korean});
  expect_one_screen(korean);
  EXPECT_THAT(korean, HasSubstr("A first data centre: 최적, 검증됨"));
  EXPECT_THAT(korean, HasSubstr("즉시 10 MW: 10 MW 전부 부족, 2026-06~"));
  EXPECT_THAT(korean, HasSubstr("달성 불가"));
  EXPECT_THAT(korean, HasSubstr("원인: 항만 전산동: 발주부터 18개월이 걸려 2027년 7월 이전 가동 불가 [hall.ulsan]"));
}

TEST(Explain, TellsWhatBindsAndItsWorth) {
  const std::string english = explained().text({});
  EXPECT_THAT(english, HasSubstr("assembly of Big racks"));
  EXPECT_THAT(english, HasSubstr("one more rack in 2027-"));
  const std::string korean = explained().text({.language = Language::korean});
  EXPECT_THAT(korean, HasSubstr("Big 랙 조립"));
  EXPECT_THAT(korean, HasSubstr("에 랙 1대 추가 시 가치 "));
}

TEST(Explain, OneMonthHoldsWhatBindsThen) {
  const auto json = explained().json({});
  ASSERT_FALSE(json["binding"].empty());
  const std::string month = json["binding"][0]["dearest"];
  const auto then = explained().json({.month = month});
  ASSERT_FALSE(then["binding"].empty());
  EXPECT_EQ(then["binding"][0]["first"], then["binding"][0]["last"]) << "a month, no window";
  for (const auto& row : then["worth"]) {
    EXPECT_LE(row["period"].get<std::string>(), month);
    EXPECT_GE(row["last"].get<std::string>(), month);
  }
  const std::string before = explained().text({.month = "2026-01"});
  EXPECT_THAT(before, Not(HasSubstr("Ten megawatts"))) << "promised from June";
  EXPECT_TRUE(explained().json({.month = "2026-01"})["late_chain"].size() > 0) << "chains are kept whole";
}

TEST(Explain, JsonHasWhatTheTextHas) {
  const auto json = explained().json({});
  EXPECT_EQ(json["termination"], "optimal");
  const std::string all = explained().text({.all = true});
  ASSERT_FALSE(json["late"].empty());
  for (const auto& late : json["late"]) {
    EXPECT_THAT(all, HasSubstr(printable(late["title"].get<std::string>())));
    EXPECT_THAT(all, HasSubstr("[" + late["cause_entry"].get<std::string>() + "]"));
  }
  std::size_t number = 0;
  for (const auto& bound : json["binding"]) {
    EXPECT_THAT(all, HasSubstr(fmt::format("{:>3}. {}", ++number, printable(bound["title"].get<std::string>()))));
  }
  const std::string brief = explained().text({});
  EXPECT_GE(all.size(), brief.size());
  EXPECT_THAT(all, Not(HasSubstr("--all")));
}

}  // namespace
}  // namespace beltline
