#include <gtest/gtest.h>

#include "table/table.h"

namespace beltline {
namespace {

TEST(Text, AlignsNumbersRightAndTextsLeft) {
  Table table{.name = "build", .title = "Built"};
  table.add_texts("site").values = std::vector<std::string>{"평택", "Icheon", "x\x1b[2J"};
  table.add_numbers("cost", "USD").values = std::vector<double>{1234567.5, 0.25, -1000};
  table.add_integers("year", "").values = std::vector<int64_t>{2026, 12345, -123456};
  EXPECT_EQ(to_text(table),
            "Built\n"
            "site      cost [USD]      year\n"
            "--------  ----------  --------\n"
            "평택       1,234,568      2026\n"
            "Icheon          0.25    12,345\n"
            "x\\x1b[2J       -1000  -123,456\n");
}

// Nothing a name holds may turn the terminal, the writing direction or the columns.
TEST(Text, ShowsNoControlsAndKeepsColumnsUnderWideAndCombinedLetters) {
  Table table{.name = "t", .title = "a\x1b[31m\nb\u009b"};
  table.add_texts("name").values =
      std::vector<std::string>{"평택", "e\u0301te\u0301", "\u202Egnp.exe", "a\u2028b", "🚀x"};
  table.add_integers("n", "").values = std::vector<int64_t>{1, 2, 3, 4, 5};
  EXPECT_EQ(to_text(table),
            "a\\x1b[31m\\nb\\u009b\n"
            "name           n\n"
            "-------------  -\n"
            "평택           1\n"
            "e\u0301te\u0301            2\n"
            "\\u202egnp.exe  3\n"
            "a\\u2028b       4\n"
            "🚀x            5\n");
}

TEST(Text, OneNumberOfDecimalsAColumn) {
  const struct {
    std::vector<double> values;
    std::vector<std::string> shown;
  } cases[] = {
      {{0.5, 0.25, 0}, {"0.50000", "0.25000", "0.00000"}},
      {{12.5, 3, -0.0}, {"12.500", "3.000", "0.000"}},
      {{1, 2, 3000}, {"1", "2", "3000"}},
      {{1e20, 1, std::nan("")}, {"1e+20", "1", "nan"}},
      {{99999.5, 0.001, -HUGE_VAL}, {"100,000", "0.001", "-inf"}},  // never shown as 0 what is not 0
  };
  for (const auto& [values, shown] : cases) {
    Table table{.name = "t"};
    table.add_numbers("x", "").values = values;
    const std::string text = to_text(table);
    for (const std::string& cell : shown)
      EXPECT_NE(text.find(cell + "\n"), std::string::npos) << cell << " in\n" << text;
  }
}

TEST(Text, SaysHowManyRowsItLeavesOut) {
  Table table{.name = "t"};
  table.add_integers("n", "").values = std::vector<int64_t>(100, 7);
  EXPECT_TRUE(to_text(table, 2).ends_with("7\n7\n(2 of 100 rows shown)\n"));
  EXPECT_EQ(to_text(table, 100).find("shown"), std::string::npos);
  EXPECT_EQ(to_text(Table{.name = "t", .title = "nothing"}), "nothing\n");
}

}  // namespace
}  // namespace beltline
