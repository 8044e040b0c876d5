#include "report/report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "report/base64.h"
#include "report/page_bundle.h"

namespace beltline {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kManifest =
    R"({"scenario": {"name": "s", "title": "</title><script>alert(1)</script> & \"co\""}})";

/// What stands between an opening tag and the next </script>.
std::string inside(const std::string& page, const std::string& tag) {
  const std::size_t begin = page.find(tag);
  if (begin == std::string::npos) return "no " + tag;
  const std::size_t from = begin + tag.size();
  return page.substr(from, page.find("</script>", from) - from);
}

std::string data(const std::string& page, const std::string& id) {
  return inside(page, "<script type=\"application/json\" id=\"" + id + "\">");
}

Table table_of(std::string name, std::vector<std::string> texts) {
  Table table{.name = std::move(name), .title = "", .columns = {}};
  table.add_texts("text").values = std::move(texts);
  return table;
}

/// Texts that no packing makes small: 17 digits each.
std::vector<std::string> random_texts(uint32_t count) {
  std::vector<std::string> out;
  for (uint32_t i = 0; i < count; ++i) out.push_back(fmt::format("x{:.17f}", uniform01({.seed = 1, .replication = i})));
  return out;
}

std::size_t count(const std::string& page, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = page.find(what); at != std::string::npos; at = page.find(what, at + 1)) ++found;
  return found;
}

TEST(Report, AllowsItsOwnScriptAndStyleAndNothingElse) {
  const auto page = report_html(kManifest, {});
  ASSERT_TRUE(page.has_value());
  // the hash is that of the very text between the tags, as a browser computes it
  const std::string script = inside(*page, "<script>");
  const std::size_t style_begin = page->find("<style>") + 7;
  const std::string style = page->substr(style_begin, page->find("</style>") - style_begin);
  EXPECT_EQ(script, page_script());
  EXPECT_EQ(style, page_style());
  EXPECT_THAT(*page, HasSubstr("default-src 'none'; script-src '" + policy_hash(script) + "'; style-src '" +
                               policy_hash(style) + "'; img-src data: blob:; base-uri 'none'; form-action 'none'"));
  EXPECT_THAT(*page, Not(HasSubstr("unsafe-")));
}

TEST(Report, HasABundleThatStaysInItsElement) {
  EXPECT_GT(page_script().size(), 100'000U);
  EXPECT_GT(page_style().size(), 1'000U);
  EXPECT_EQ(page_script().find("</script"), std::string_view::npos);
  EXPECT_EQ(page_script().find("<!--"), std::string_view::npos);
  EXPECT_EQ(page_style().find("</style"), std::string_view::npos);
  // a browser reads CR LF as LF, and would not find the hash of the policy
  EXPECT_EQ(page_script().find('\r'), std::string_view::npos);
  EXPECT_EQ(page_style().find('\r'), std::string_view::npos);
  // who gets a page gets the licences of what it contains
  for (const char* package : {"echarts", "svelte", "tabulator-tables", "fflate", "zrender"}) {
    EXPECT_THAT(std::string(page_script().substr(0, 100'000)), HasSubstr(package));
  }
  EXPECT_THAT(std::string(page_script().substr(0, 100'000)), HasSubstr("Permission is hereby granted"));
  // nothing is fetched: neither by the style sheet nor by imports
  EXPECT_EQ(page_style().find("url(http"), std::string_view::npos);
  EXPECT_EQ(page_style().find("@import"), std::string_view::npos);
}

TEST(Report, TakesNamesForData) {
  const std::string hostile = "</script><script>alert(1)</script><!--";
  const auto page = report_html(kManifest, {table_of("sites", {hostile})});
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(count(*page, "<script"), 4U) << "manifest, settings, tables and the one script";
  EXPECT_EQ(count(*page, "alert(1)</script>"), 0U);
  EXPECT_THAT(*page,
              HasSubstr("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;</title>"));
  const auto tables = nlohmann::json::parse(data(*page, "tables"));
  EXPECT_EQ(tables["sites"]["columns"][0]["values"][0], hostile);
  const auto manifest = nlohmann::json::parse(data(*page, "manifest"));
  EXPECT_EQ(manifest["scenario"]["title"], "</title><script>alert(1)</script> & \"co\"");
}

TEST(Report, LeavesOutWhatDoesNotFitAndSaysSo) {
  const std::vector<Table> tables = {table_of("large", random_texts(20'000)), table_of("small", {"a"}),
                                     table_of("dispatch", {"hour"})};

  const auto whole = report_html(kManifest, tables);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(nlohmann::json::parse(data(*whole, "settings"))["left_out"], nlohmann::json({"dispatch"}));

  const std::size_t size_max = page_script().size() + page_style().size() + 50'000;
  const auto page = report_html(kManifest, tables, {.language = "ko", .size_max = size_max});
  ASSERT_TRUE(page.has_value());
  EXPECT_LE(page->size(), size_max);
  const auto settings = nlohmann::json::parse(data(*page, "settings"));
  EXPECT_EQ(settings["left_out"], nlohmann::json({"dispatch", "large"}));
  EXPECT_EQ(settings["language"], "ko");
  EXPECT_THAT(*page, HasSubstr("<html lang=\"ko\">"));
  const auto kept = nlohmann::json::parse(data(*page, "tables"));
  EXPECT_TRUE(kept.contains("small"));
  EXPECT_FALSE(kept.contains("large"));
}

TEST(Report, PutsInWhatItDrawsBeforeWhatItOnlyOffers) {
  // about 25 kB, and 35 when packed, where there is room for less than 50: from the smallest on, the larger would stay
  // out
  const std::vector<Table> tables = {table_of("energy", random_texts(1'200)), table_of("worth", random_texts(3'500)),
                                     table_of("activity", {"a"})};
  const std::size_t size_max = page_script().size() + page_style().size() + 50'000;
  const auto page = report_html(kManifest, tables, {.language = {}, .size_max = size_max});
  ASSERT_TRUE(page.has_value());
  EXPECT_TRUE(nlohmann::json::parse(data(*page, "tables")).contains("worth"));
  EXPECT_EQ(nlohmann::json::parse(data(*page, "settings"))["left_out"], nlohmann::json({"activity", "energy"}));
}

TEST(Report, PacksLongColumns) {
  std::vector<std::string> numbered;
  for (int i = 0; i < 20'000; ++i) numbered.push_back("entry " + std::to_string(i));
  const auto page = report_html(kManifest, {table_of("numbered", numbered), table_of("small", {"a"})});
  ASSERT_TRUE(page.has_value());
  const auto tables = nlohmann::json::parse(data(*page, "tables"));
  const auto& packed = tables["numbered"]["columns"][0];
  EXPECT_FALSE(packed.contains("values"));
  // gzip's magic number, in base64
  EXPECT_TRUE(packed["packed"].get<std::string>().starts_with("H4sI"));
  EXPECT_LT(packed["packed"].get<std::string>().size(), 100'000U);
  EXPECT_TRUE(tables["small"]["columns"][0].contains("values"));
}

TEST(Report, FailsWhereItHasNothingToShow) {
  for (const char* manifest : {"", "[]", "{", "7"}) {
    const auto page = report_html(manifest, {});
    ASSERT_FALSE(page.has_value()) << manifest;
    EXPECT_THAT(page.error().message, HasSubstr("no JSON object"));
  }
  const auto page = report_html(kManifest, {}, {.language = {}, .size_max = 1000});
  ASSERT_FALSE(page.has_value());
  EXPECT_THAT(page.error().message, HasSubstr("more than the 1000 permitted"));
}

TEST(Report, GivesTheSameBytesForTheSameRun) {
  const std::vector<Table> one = {table_of("a", {"x"}), table_of("b", {"y"})};
  const std::vector<Table> other = {one[1], one[0]};
  EXPECT_EQ(report_html(kManifest, one).value(), report_html(kManifest, other).value());
}

}  // namespace
}  // namespace beltline
