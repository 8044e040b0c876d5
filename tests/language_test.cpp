// The language of diagnostics, as --lang and the environment choose it.
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A scenario with one fault, checked in an environment of its own.
class InLanguage : public testing::Test {
 protected:
  InLanguage() { write_text(file(), "[calendar]\nstart = \"2026-01\"\nperiods = 12\n[scenario]\ntitel = \"x\"\n"); }

  [[nodiscard]] std::string check(const std::string& environment, const std::string& options = {}) const {
    const auto out = scratch_.path() / "out.txt";
    const std::string command = fmt::format("env -i {} {} check {} {} >{} 2>&1", environment, BELTLINE_PROGRAM,
                                            file().string(), options, out.string());
    EXPECT_NE(std::system(command.c_str()), 0);
    return text_of(out);
  }
  [[nodiscard]] std::filesystem::path file() const { return scratch_.path() / "scenario.toml"; }

 private:
  ScratchFolder scratch_;
};

TEST_F(InLanguage, the_option_wins_over_the_environment) {
  const std::string korean =
      "scenario.toml:5:1: 오류[BL0101]: [scenario]에는 'titel' 키가 없습니다\n"
      "    5 | titel = \"x\"\n"
      "      | ^^^^^\n"
      "   도움말: 혹시 'title' 아닙니까?\n";
  EXPECT_THAT(check(""), HasSubstr("error[BL0101]: [scenario] has no key 'titel'"));
  EXPECT_THAT(check("", "--lang ko"), HasSubstr(korean));
  EXPECT_THAT(check("LANG=ko_KR.UTF-8", "--lang en"), HasSubstr("error[BL0101]"));
  EXPECT_THAT(check("BELTLINE_LANG=ko LC_ALL=C"), HasSubstr(korean));
  EXPECT_THAT(check("BELTLINE_LANG=en LC_ALL=ko_KR.UTF-8"), HasSubstr("error[BL0101]"));
  EXPECT_THAT(check("BELTLINE_LANG=xx LC_ALL=ko_KR.UTF-8"), HasSubstr(korean));
  EXPECT_THAT(check("LC_ALL=C LANG=ko_KR.UTF-8"), HasSubstr("error[BL0101]"));
  EXPECT_THAT(check("LC_MESSAGES=ko_KR LANG=C"), HasSubstr(korean));
  EXPECT_THAT(check("LANG=ko_KR.UTF-8"), HasSubstr(korean));
  EXPECT_THAT(check("", "--lang fr"), HasSubstr("--lang"));
}

TEST_F(InLanguage, json_holds_both_and_the_fix) {
  const nlohmann::json json = nlohmann::json::parse(check("LANG=ko_KR.UTF-8", "--json"));
  const nlohmann::json& d = json["diagnostics"][0];
  EXPECT_EQ(d["message"], "[scenario] has no key 'titel'");
  EXPECT_EQ(d["message_ko"], "[scenario]에는 'titel' 키가 없습니다");
  EXPECT_EQ(d["help"], "did you mean 'title'?");
  EXPECT_EQ(d["help_ko"], "혹시 'title' 아닙니까?");
  EXPECT_EQ(d["severity"], "error");
  EXPECT_EQ(d["column"], 1);
  EXPECT_EQ(d["length"], 5);
  EXPECT_EQ(d["fix"], "title");
}

}  // namespace
}  // namespace beltline
