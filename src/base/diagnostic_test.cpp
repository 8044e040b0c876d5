#include "base/diagnostic.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {
namespace {

TEST(SourceFiles, gives_lines) {
  SourceFiles files;
  const int32_t a = files.add("a.toml", "one\r\ntwo\n\nfour");
  EXPECT_EQ(files.line({.file = a, .line = 1, .column = 1}), "one");
  EXPECT_EQ(files.line({.file = a, .line = 2, .column = 1}), "two");
  EXPECT_EQ(files.line({.file = a, .line = 3, .column = 1}), "");
  EXPECT_EQ(files.line({.file = a, .line = 4, .column = 1}), "four");
  EXPECT_EQ(files.line({.file = a, .line = 5, .column = 1}), "");
  EXPECT_EQ(files.line({.file = 7, .line = 1, .column = 1}), "");
  EXPECT_EQ(files.line({}), "");
  EXPECT_EQ(files.describe({.file = a, .line = 2, .column = 3}), "a.toml:2:3");
  EXPECT_EQ(files.describe({}), "");
}

TEST(Diagnostics, are_sorted_unique_and_limited) {
  SourceFiles files;
  const int32_t b = files.add("b.toml", "x\n");
  const int32_t a = files.add("a.toml", "x\n");
  Diagnostics diagnostics;
  const auto add = [&](int32_t file, uint32_t line, Severity severity) {
    diagnostics.add({.code = Code::unused,
                     .severity = severity,
                     .origin = {.file = file, .line = line, .column = 1},
                     .message = "m"});
  };
  add(b, 1, Severity::error);
  add(a, 2, Severity::warning);
  add(a, 1, Severity::warning);
  add(b, 1, Severity::error);
  EXPECT_EQ(diagnostics.error_count(), 2u);
  diagnostics.sort_and_limit(files, 2);
  EXPECT_EQ(diagnostics.error_count(), 1u);
  EXPECT_EQ(diagnostics.suppressed_count(), 1u);
  ASSERT_EQ(diagnostics.all().size(), 2u);
  EXPECT_EQ(files.describe(diagnostics.all()[0].origin), "a.toml:1:1");
  EXPECT_EQ(files.describe(diagnostics.all()[1].origin), "b.toml:1:1");
}

TEST(Diagnostics, render_long_and_odd_lines) {
  SourceFiles files;
  const int32_t file = files.add("a\x1b.toml", std::string(100'000, 'x') + "\tbad\x1b[31m" + std::string(100'000, 'y'));
  const Diagnostic d{
      .code = Code::bad_name, .origin = {.file = file, .line = 1, .column = 100'002, .length = 3}, .message = "m"};
  const std::string text = render(d, files);
  EXPECT_LT(text.size(), 700u);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("xxx bad\\x1b[31m"), std::string::npos);
  const Diagnostic end{.code = Code::bad_name, .origin = {.file = file, .line = 1, .column = 900'002}, .message = "m"};
  EXPECT_LT(render(end, files).size(), 700u);
  EXPECT_EQ(
      render(Diagnostic{.code = Code::file_unreadable, .origin = {}, .message = "m", .expected = "e", .help = "h"},
             files),
      "error[BL0001]: m, expected e\n   help: h\n");
}

TEST(Text, finds_the_nearest_word) {
  const std::vector<std::string> words{"process", "place", "site", "MW", "party"};
  EXPECT_EQ(nearest_word("proces", words), "process");
  EXPECT_EQ(nearest_word("palce", words), "place");
  EXPECT_EQ(nearest_word("stie", words), "site");
  EXPECT_EQ(nearest_word("mw", words), "MW");
  EXPECT_EQ(nearest_word("xyz", words), "");
  EXPECT_EQ(nearest_word("", words), "");
  EXPECT_EQ(nearest_word(std::string(100'000, 'a'), words), "");
}

TEST(Text, counts_columns_of_a_terminal) {
  EXPECT_EQ(width_of(""), 0U);
  EXPECT_EQ(width_of("Doña"), 4U);
  EXPECT_EQ(width_of("울산 IT"), 7U);
  EXPECT_EQ(width_of("\xEC\x9A"), 1U) << "cut in the middle";
}

TEST(Text, finds_invalid_utf8) {
  EXPECT_EQ(find_invalid_utf8("한국 µ 😀"), std::string_view::npos);
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80",
                          "\xE2\x82", "\xFF"}) {
    EXPECT_EQ(find_invalid_utf8(std::string("a") + bad), 1u);
  }
}

TEST(Diagnostics, page_is_current) {
  std::ifstream file(BELTLINE_SOURCE_DIR "/docs/diagnostics.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), diagnostics_markdown()) << "write the function's text to docs/diagnostics.md";
}

}  // namespace
}  // namespace beltline
