#include <gtest/gtest.h>

#include "table/example_table.h"
#include "table/table.h"

namespace beltline {
namespace {

using Numbers = std::vector<double>;
using Integers = std::vector<int64_t>;
using Texts = std::vector<std::string>;

Table one_column(std::string name, std::string unit, decltype(Column::values) values) {
  return Table{.name = "t",
               .columns = {{.name = std::move(name), .unit = std::move(unit), .values = std::move(values)}}};
}

TEST(Csv, HeaderCarriesUnitsAndCellsTheShortestDigits) {
  Table table{.name = "t"};
  table.add_numbers("power", "MW").values = Numbers{0.1, -0.0, 1e300, 2};
  table.add_integers("year", "").values = Integers{2026, -1, INT64_MIN, INT64_MAX};
  table.add_texts("site").values = Texts{"a,b", "say \"so\"", "", "7.0"};
  EXPECT_EQ(to_csv(table),
            "power [MW],year,site\r\n"
            "0.1,2026,\"a,b\"\r\n"
            "-0,-1,\"say \"\"so\"\"\"\r\n"
            "1e+300,-9223372036854775808,\r\n"
            "2,9223372036854775807,\"7.0\"\r\n");
}

TEST(Csv, WhatIsWrittenReadsBackToTheSameBits) {
  Table table = example_table(200);
  // CSV holds neither title nor descriptions, and one NaN
  table.title.clear();
  for (Column& column : table.columns) column.description.clear();
  for (double& value : std::get<Numbers>(table.columns[0].values)) {
    if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
  }
  const auto read = table_from_csv(to_csv(table), "build");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(same_table(*read, table));
}

TEST(Csv, KeepsANameThatBeginsWithAByteOrderMark) {
  const auto table = table_from_csv("\n\xEF\xBB\xBF", "t");
  ASSERT_TRUE(table);
  const auto again = table_from_csv(to_csv(*table), "t");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->columns[0].name, table->columns[0].name);
}

TEST(Csv, RandomDoublesReadBackToTheSameBits) {
  Numbers values;
  for (uint32_t i = 0; values.size() < 20'000; ++i) {
    const auto high = static_cast<uint64_t>(draw(1, i, uint64_t{1} << 32));
    const auto value = std::bit_cast<double>(high << 32 | static_cast<uint64_t>(draw(2, i, uint64_t{1} << 32)));
    if (!std::isnan(value)) values.push_back(value);
  }
  const Table table = one_column("x", "MW", values);
  const auto read = table_from_csv(to_csv(table), "t");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(same_table(*read, table));
}

TEST(Csv, ColumnsTakeTheTypeThatAllTheirCellsHave) {
  const auto table = table_from_csv("a,b,c,d,e,f [MW]\n1,1,1,\"1\",,1\n-2,2.5,x,2,,2e3\n0,nan,3,3,,-inf\n", "t");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->column("a").integers(), (Integers{1, -2, 0}));
  EXPECT_EQ(table->column("b").numbers()[1], 2.5);
  EXPECT_TRUE(std::isnan(table->column("b").numbers()[2]));
  EXPECT_EQ(table->column("c").texts(), (Texts{"1", "x", "3"}));
  EXPECT_EQ(table->column("d").texts(), (Texts{"1", "2", "3"}));
  EXPECT_EQ(table->column("e").texts(), (Texts{"", "", ""}));
  EXPECT_EQ(table->column("f").numbers(), (Numbers{1, 2000, -std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(table->column("f").unit, "MW");
}

TEST(Csv, ReadsWhatOtherProgramsWrite) {
  const Texts both{"x\r\ny", "z"};
  const char* cases[] = {
      "\xEF\xBB\xBFn,s\r\n1,\"x\r\ny\"\r\n2,z\r\n",  // byte order mark, CRLF
      "n,s\n1,\"x\r\ny\"\n2,z",                      // LF, no last line end
      "\n\nn,s\n1,\"x\r\ny\"\n\n\n2,z\n\n",          // blank lines
      "\"n\",\"s\"\n1,\"x\r\ny\"\n2,\"z\"\n",        // everything quoted that may be
  };
  for (const char* text : cases) {
    const auto table = table_from_csv(text, "t");
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ(table->column("n").integers(), (Integers{1, 2})) << text;
    EXPECT_EQ(table->column("s").texts(), both) << text;
  }
}

// Quotes do not keep a spreadsheet from taking a cell for a formula; an apostrophe does.
TEST(Csv, NoTextIsAFormulaAndEachReadsBack) {
  const Texts formulas{"=1+1",  "+1",   "-2+3", "@SUM(1)", "\t=1",         "\r=1", "\n=1", "  =1",
                       "＝1+1", "＋1",  "－1",  "＠SUM",   "\u00A0=1",     "　=1", "\t",   "-",
                       "'=1",   "''=1", "' =1", "-5",      "=\"a\",\"b\"", "=a,b", "+",    "\uFEFF=1"};
  const Texts harmless{"a=1", "'", "''", "'a", "a-b", "평택", "", "1-2", "'1", "<=", "007"};
  for (const Texts& texts : {formulas, harmless}) {
    for (const std::string& text : texts) {
      Table table{.name = "t"};
      table.add_texts("s").values = Texts{text};
      table.add_integers("n", "").values = Integers{-5};
      const std::string csv = to_csv(table);
      const std::string row = csv.substr(csv.find("\r\n") + 2);
      EXPECT_EQ(row.starts_with("\"'") && &texts == &formulas, &texts == &formulas) << row;
      const auto read = table_from_csv(csv, "t");
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(same_table(*read, table)) << csv;
    }
  }
}

TEST(Csv, HeadersAreNoFormulasAndNumbersStayNumbers) {
  Table table{.name = "t"};
  table.add_numbers("=1+1", "MW").values = Numbers{-5, -0.5};
  table.add_integers("-x", "").values = Integers{-5, -6};
  const std::string csv = to_csv(table);
  EXPECT_EQ(csv, "\"'=1+1 [MW]\",\"'-x\"\r\n-5,-5\r\n-0.5,-6\r\n");
  const auto read = table_from_csv(csv, "t");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(same_table(*read, table));
}

// Only the quoted apostrophe before a formula is ours; what people type stays.
TEST(Csv, OtherApostrophesStay) {
  const auto table = table_from_csv("s\n'=1\n\"'a\"\n\"'=1\"\n", "t");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->column("s").texts(), (Texts{"'=1", "'a", "=1"}));
}

TEST(Csv, EmptyTextsOfASingleColumnAreRowsAndNotBlankLines) {
  const Table table = one_column("s", "", Texts{"", "a", ""});
  const auto read = table_from_csv(to_csv(table), "t");
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_table(*read, table));
}

TEST(Csv, HeaderAloneIsATableWithoutRows) {
  const auto table = table_from_csv("a,b [MW]\n", "t");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->row_count(), 0u);
  EXPECT_EQ(table->column("b").numbers().size(), 0u);
}

TEST(Csv, FaultsSayLineAndColumn) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"", "line 1, column 1: the file holds no header"},
      {"\xEF\xBB\xBF\n\n", "line 1, column 1: the file holds no header"},
      {"a,b\n1\n", "line 2, column 1: the row has 1 cells, the header has 2"},
      {"a,b\n1,2,3\n", "line 2, column 5: the row has 3 cells, the header has 2"},
      {"a,\n1,2\n", "line 1, column 3: a header cell without a name"},
      {"a, [MW]\n1,2\n", "line 1, column 3: a header cell without a name"},
      {"a [],b\n1,2\n", "line 1, column 1: the brackets of the header hold no unit"},
      {"a,b,a [MW]\n1,2,3\n", "line 1, column 5: column 'a' is there twice"},
      {"a [MW]\n1\n\nx\n", "line 4, column 1: 'x' in column 'a' is not a number"},
      {"s,a [MW]\n\"1\n2\",\n", "line 3, column 4: '' in column 'a' is not a number"},
      {"a [MW]\n1e999\n", "line 2, column 1: '1e999' in column 'a' is out of range"},
      {"a\n1\n1e-999\n", "line 3, column 1: '1e-999' in column 'a' is out of range"},
      {"a [MW]\n007\n", "line 2, column 1: '007' in column 'a' is not a number"},
      {"a [MW]\n1,5\n", "line 2, column 3: the row has 2 cells, the header has 1"},
      {"a [MW]\n0x10\n", "line 2, column 1: '0x10' in column 'a' is not a number"},
      {"a [MW]\n infinity\n", "line 2, column 1: ' infinity' in column 'a' is not a number"},
      {"a\nx\"y\n", "line 2, column 2: a quote inside a cell without quotes"},
      {"a\n\"x\"y\n", "line 2, column 4: text after the closing quote"},
      {"a,b\nx,\"y\nz\n", "line 2, column 3: the quote is never closed"},
      {"a\nx\ry\n", "line 2, column 2: a carriage return without line feed"},
      {"a,b\nx,\xff\n", "line 2, column 3: not valid UTF-8"},
      {"a\xc0\xaf", "line 1, column 2: not valid UTF-8"},
  };
  for (const auto& [text, message] : cases) {
    const auto table = table_from_csv(text, "t");
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().message, message) << text;
  }
}

TEST(Csv, TooManyColumnsAndCellsAreFailures) {
  EXPECT_FALSE(table_from_csv(std::string(3'000, ','), "t"));
  std::string rows = "a,b\n";
  for (int i = 0; i < 2'100'000; ++i) rows += "1,\n";
  const auto table = table_from_csv(rows, "t");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().message, "line 2000001, column 1: more than 4000000 cells");
}

}  // namespace
}  // namespace beltline
