#include <array>
#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table/example_table.h"
#include "table/table.h"
#include "table/zip.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// What another reader finds: each part of the archive, unpacked by Python's zipfile, which checks every CRC-32.
std::string part_of(const std::string& xlsx, const std::string& part) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "t.xlsx", std::ios::binary) << xlsx;
  const std::string command = "/usr/bin/python3 -c \"import sys, zipfile, xml.dom.minidom as m; z = zipfile.ZipFile('" +
                              (scratch.path() / "t.xlsx").string() +
                              "'); assert z.testzip() is None; [m.parseString(z.read(n)) for n in z.namelist()]; "
                              "sys.stdout.buffer.write(z.read('" +
                              part + "'))\"";
  FILE* const pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t size; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), size);
  EXPECT_EQ(pclose(pipe), 0);
  return out;
}

TEST(Xlsx, HoldsHeaderNumbersAndTexts) {
  Table table{.name = "build", .title = "Built & <done>"};
  table.add_texts("site").values = std::vector<std::string>{"평택 & <Icheon>", ""};
  table.add_numbers("power", "MW").values = std::vector<double>{0.25, std::nan("")};
  table.add_integers("year", "").values = std::vector<int64_t>{-2026, INT64_MAX};
  const std::string xlsx = to_xlsx(table).value();
  const std::string sheet = part_of(xlsx, "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, HasSubstr(R"(<c r="B1" s="1" t="inlineStr"><is><t xml:space="preserve">power [MW]</t></is></c>)"));
  EXPECT_THAT(sheet, HasSubstr(R"(<t xml:space="preserve">평택 &amp; &lt;Icheon&gt;</t>)"));
  EXPECT_THAT(sheet, HasSubstr(R"(<c r="B2" s="8"><v>0.25</v></c>)"));
  EXPECT_THAT(sheet, HasSubstr(R"(<c r="B3" s="2" t="inlineStr"><is><t xml:space="preserve">nan</t></is></c>)"));
  EXPECT_THAT(sheet, HasSubstr(R"(<c r="C2" s="0"><v>-2026</v></c>)"));
  EXPECT_THAT(sheet, HasSubstr(">9223372036854775807</t>")) << "a double would round it";
  EXPECT_THAT(sheet, HasSubstr(R"(ySplit="1")"));
  EXPECT_THAT(part_of(xlsx, "docProps/core.xml"), HasSubstr("<dc:title>Built &amp; &lt;done&gt;</dc:title>"));
  EXPECT_THAT(part_of(xlsx, "xl/workbook.xml"), HasSubstr(R"(<sheet name="build")"));
}

TEST(Xlsx, NoTextIsAFormula) {
  Table table{.name = "t"};
  table.add_texts("=A1").values =
      std::vector<std::string>{"=1+1", "@SUM(1)", "-5", "a\x1b[2J\r\n", "_x001B_", "\uFFFF", "' \"<![CDATA[]]>"};
  const std::string xlsx = to_xlsx(table).value();
  const std::string sheet = part_of(xlsx, "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, Not(HasSubstr("<f")));
  EXPECT_THAT(sheet, Not(HasSubstr("<v>")));
  EXPECT_THAT(sheet, HasSubstr(">=1+1</t>"));
  EXPECT_THAT(sheet, HasSubstr(">a_x001B_[2J_x000D_\n</t>"));
  EXPECT_THAT(sheet, HasSubstr(">_x005F_x001B_</t>"));
  EXPECT_THAT(sheet, HasSubstr(">_xFFFF_</t>"));
  // texts and headers have the styles 1 and 2, both kept as texts when edited
  const std::string styles = part_of(xlsx, "xl/styles.xml");
  std::size_t count = 0;
  for (std::size_t at = 0; (at = styles.find("quotePrefix=\"1\"", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 2U);
}

TEST(Xlsx, TheSameTableGivesTheSameBytes) {
  const std::string xlsx = to_xlsx(example_table(300)).value();
  EXPECT_EQ(xlsx, to_xlsx(example_table(300)).value());
  EXPECT_THAT(xlsx, StartsWith("PK\x03\x04"));
}

TEST(Xlsx, WhatASheetCannotHoldIsAFailure) {
  Table table{.name = "t"};
  table.add_texts("s").values = std::vector<std::string>{std::string(32'767, 'x')};
  EXPECT_TRUE(to_xlsx(table));
  table.columns[0].values = std::vector<std::string>{"", std::string(32'768, 'x')};
  EXPECT_EQ(to_xlsx(table).error().message, "XLSX: row 2 of column 's' has 32768 characters, a cell holds 32767");
  table.columns[0].values = std::vector<std::string>{"\xff"};
  EXPECT_EQ(to_xlsx(table).error().message, "XLSX: row 1 of column 's' is not UTF-8");
  table.columns[0].values = std::vector<int64_t>(1'048'576);
  EXPECT_EQ(to_xlsx(table).error().message, "XLSX: 1048576 rows, a sheet holds 1048575 below its header");
}

}  // namespace
}  // namespace beltline
