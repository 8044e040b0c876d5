#include "report/page_data.h"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/base64.h"

namespace beltline {
namespace {

using nlohmann::json;

Table table_of_texts(const std::vector<std::string>& texts) {
  Table table{.name = "t", .title = "", .columns = {}};
  table.add_texts("text").values = texts;
  return table;
}

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(base64(text), expected) << text;
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(Base64, HashesScriptsAsPoliciesNameThem) {
  // the example of Content Security Policy Level 3, section 8.4 and 6.7.2.1: alert('Hello, world.');
  EXPECT_EQ(policy_hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
}

TEST(PageData, EscapesWhatCouldEndAScriptElement) {
  const std::string escaped = escape_for_script("</script><script>&<!--\xe2\x80\xa8|\xe2\x80\xa9|\xe2\x80\xaa");
  EXPECT_EQ(escaped, "\\u003c/script\\u003e\\u003cscript\\u003e\\u0026\\u003c!--\\u2028|\\u2029|\xe2\x80\xaa");
  EXPECT_EQ(escape_for_script("\xe2\x80"), "\xe2\x80") << "a cut character is left as it is";
}

TEST(PageData, ReadsBackToTheSameTextsAndNumbers) {
  Table table{.name = "sites", .title = "Sites <b>", .columns = {}};
  const std::vector<std::string> hostile = {"</script><script>alert(1)</script>", "=1+1", "\"'\\\n",
                                            "울산 \xe2\x80\xa8",
                                            "a\xff"
                                            "b"};
  table.add_texts("name").values = hostile;
  table.add_numbers("power", "MW", "of IT").values =
      std::vector<double>{0.1, 1.0 / 3, std::numeric_limits<double>::quiet_NaN(), -0.0, 1e300};
  table.add_integers("count", "").values = std::vector<int64_t>{1, 2, 3, 4, std::numeric_limits<int64_t>::max()};

  const json read = json::parse(escape_for_script(page_table(table)));
  EXPECT_EQ(read["rows"], 5);
  EXPECT_EQ(read["title"], "Sites <b>");
  const json& names = read["columns"][0]["values"];
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(names[i], hostile[i]);
  EXPECT_EQ(names[4],
            "a\xef\xbf\xbd"
            "b")
      << "bytes that are not UTF-8 become U+FFFD";
  const json& power = read["columns"][1];
  EXPECT_EQ(power["unit"], "MW");
  EXPECT_EQ(power["type"], "number");
  EXPECT_EQ(power["values"][1].get<double>(), 1.0 / 3) << "no figure is rounded";
  EXPECT_TRUE(power["values"][2].is_null());
  EXPECT_EQ(read["columns"][2]["values"][4].get<int64_t>(), std::numeric_limits<int64_t>::max());
}

TEST(PageData, WritesTextsThatRepeatOnce) {
  const json read = json::parse(page_table(table_of_texts({"a", "b", "a", "a", "b", "a"})));
  EXPECT_EQ(read["columns"][0]["words"], json({"a", "b"}));
  EXPECT_EQ(read["columns"][0]["values"], json({0, 1, 0, 0, 1, 0}));
  const json different = json::parse(page_table(table_of_texts({"a", "b", "c"})));
  EXPECT_FALSE(different["columns"][0].contains("words"));
  EXPECT_EQ(json::parse(page_table(table_of_texts({})))["rows"], 0);
}

}  // namespace
}  // namespace beltline
