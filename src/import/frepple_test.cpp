#include "import/frepple.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "import/frepple_time.h"
#include "import/frepple_xml.h"
#include "table/example_table.h"
#include "table/files.h"

namespace beltline {
namespace {

using frepple::parse_date;
using frepple::parse_duration;

TEST(FreppleTime, Durations) {
  EXPECT_EQ(parse_duration("P7D"), 7 * frepple::kDay);
  EXPECT_EQ(parse_duration("PT12H"), 43'200);
  EXPECT_EQ(parse_duration("P1DT1H30M5S"), 86'400 + 5405);
  EXPECT_EQ(parse_duration("P2W"), 14 * frepple::kDay);
  EXPECT_EQ(parse_duration("P0D"), 0);
  EXPECT_EQ(parse_duration("1:00:00:00"), 86'400);
  EXPECT_EQ(parse_duration("10:30"), 630);
  EXPECT_EQ(parse_duration("3600"), 3600);
  EXPECT_EQ(parse_duration("-P1D"), -86'400);
  for (const char* bad : {"", "P", "PT", "7D", "P7", "P7X", "PTT1H", "1:2:3:4:5", "1e99", "P9999999Y", "nan"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(FreppleTime, Dates) {
  EXPECT_EQ(parse_date("1970-01-02T00:00:00"), 86'400);
  EXPECT_EQ(parse_date("1970-01-01 01:02:03"), 3723);
  EXPECT_EQ(parse_date("2009-01-03"), 14'247 * frepple::kDay);
  EXPECT_EQ(frepple::date_text(*parse_date("2012-02-29T23:59:58")), "2012-02-29T23:59:58");
  EXPECT_EQ(frepple::date_text(-1), "1969-12-31T23:59:59");
  for (const char* bad : {"", "2009-13-01", "2009-02-29", "2009-1-1", "2009-01-01T25:00:00", "2009-01-01X00:00:00",
                          "1899-01-01", "2009-01-01T00:00:00Z", "tomorrow"})
    EXPECT_FALSE(parse_date(bad)) << bad;
}

TEST(FreppleXml, OutsideIsNeverRead) {
  Diagnostics diagnostics;
  const auto document = frepple::parse_xml(
      "<!DOCTYPE plan [<!ENTITY secret SYSTEM \"file:///etc/passwd\"><!ENTITY a \"&b;&b;\">]>\n"
      "<plan><name>&secret;&a;&lt;</name></plan>",
      0, diagnostics);
  ASSERT_TRUE(document) << render(diagnostics, {});
  EXPECT_EQ(document->root.children.at(0).text, "&secret;&a;<");
  EXPECT_EQ(document->root.children.at(0).origin.line, 2U);
}

TEST(FreppleXml, DepthAndSizeAreCapped) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  Diagnostics diagnostics;
  EXPECT_FALSE(frepple::parse_xml(deep, 0, diagnostics));  // not closed
  std::string closed = deep;
  for (int i = 0; i < 100'000; ++i) closed += "</a>";
  EXPECT_FALSE(frepple::parse_xml(closed, 0, diagnostics));
  EXPECT_FALSE(frepple::parse_xml(std::string(2'000'001, '<'), 0, diagnostics));
  ASSERT_EQ(diagnostics.all().size(), 3U);
  EXPECT_EQ(diagnostics.all()[0].code, Code::file_syntax);
  EXPECT_EQ(diagnostics.all()[1].code, Code::file_too_deep);
  EXPECT_EQ(diagnostics.all()[2].code, Code::too_many);
}

Imported imported(const std::string& body, const ImportOptions& options = {}) {
  ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "model.xml";
  const std::string text =
      "<?xml version=\"1.0\"?>\n<plan xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
      "<current>2009-01-01T00:00:00</current>\n" +
      body + "</plan>\n";
  EXPECT_TRUE(write_file_atomically(file, text));
  return import_frepple(file, options);
}

/// The codes of what was said, errors first.
std::vector<Code> codes(const Imported& imported) {
  std::vector<Code> out;
  for (const Diagnostic& d : imported.diagnostics.all()) out.push_back(d.code);
  return out;
}

constexpr const char* kOrder =
    "<demands><demand name=\"order\"><quantity>5</quantity><due>2009-01-10T00:00:00</due><item name=\"thing\"/>"
    "<location name=\"here\"/></demand></demands>\n";

TEST(Frepple, EachFaultHasItsPlace) {
  struct Case {
    const char* body;
    Code code;
    uint32_t line;
  };
  const std::vector<Case> cases{
      {"<items>\n<item/></items>", Code::missing_key, 5},
      {"<items><item name=\"a\" colour=\"red\"/></items>", Code::unknown_key, 4},
      {"<operations><operation name=\"a\" xsi:type=\"operation_magic\"/></operations>", Code::bad_choice, 4},
      {"<operations><operation name=\"a\" duration=\"soon\"/></operations>", Code::csv_bad_value, 4},
      {"<operations><operation name=\"a\" duration=\"-P1D\"/></operations>", Code::csv_bad_value, 4},
      {"<demands><demand name=\"a\"><quantity>-1</quantity></demand></demands>", Code::out_of_range, 4},
      {"<demands><demand name=\"a\"><quantity>nan</quantity></demand></demands>", Code::csv_bad_value, 4},
      {"<demands><demand name=\"a\"><due>2009-02-30</due></demand></demands>", Code::csv_bad_value, 4},
      {"<resources><resource name=\"a\"><setupmatrix name=\"b\"/></resource></resources>", Code::bad_model, 4},
      {"<resources><resource name=\"a\" xsi:type=\"resource_buckets\"/></resources>", Code::bad_model, 4},
      {"<suppliers><supplier name=\"a\"><available name=\"b\"/></supplier></suppliers>", Code::bad_model, 4},
      {"<demands><demand name=\"a\" xsi:type=\"demand_forecast\"/></demands>", Code::bad_choice, 4},
      {"<wishes/>", Code::unknown_key, 4},
      {"<flows><flow><quantity>1</quantity><item name=\"a\"/></flow></flows>", Code::missing_key, 4},
      {"<demands><demand name=\"a\"/></demands>", Code::missing_key, 4},
  };
  for (const Case& c : cases) {
    const Imported out = imported(c.body);
    EXPECT_FALSE(out.draft) << c.body;
    const auto& all = out.diagnostics.all();
    const auto found = std::ranges::find(all, c.code, &Diagnostic::code);
    ASSERT_NE(found, all.end()) << c.body << "\n" << render(out.diagnostics, out.files);
    EXPECT_EQ(found->origin.line, c.line) << c.body;
    EXPECT_FALSE(found->help.empty()) << c.body;
  }
}

TEST(Frepple, AllFaultsAtOnce) {
  const Imported out = imported("<items><item/><item name=\"a\" x=\"1\"/></items><wishes/>");
  EXPECT_EQ(codes(out), (std::vector<Code>{Code::missing_key, Code::unknown_key, Code::unknown_key}));
}

TEST(Frepple, LoopsAreFound) {
  const std::string loop =
      "<flows><flow><operation name=\"a\"/><buffer name=\"x\"/><quantity>1</quantity></flow>"
      "<flow><operation name=\"a\"/><buffer name=\"y\"/><quantity>-1</quantity></flow>"
      "<flow><operation name=\"b\"/><buffer name=\"y\"/><quantity>1</quantity></flow>"
      "<flow><operation name=\"b\"/><buffer name=\"x\"/><quantity>-1</quantity></flow></flows>";
  EXPECT_EQ(codes(imported(loop)), std::vector<Code>{Code::gain_loop});
  const std::string self =
      "<operations><operation name=\"a\" xsi:type=\"operation_routing\"><suboperations><suboperation>"
      "<operation name=\"a\"/></suboperation></suboperations></operation></operations>"
      "<buffers><buffer name=\"x\"><producing name=\"a\"/></buffer></buffers>";
  EXPECT_EQ(codes(imported(self)), std::vector<Code>{Code::gain_loop});
  // a group that holds itself ends somewhere
  EXPECT_TRUE(
      imported(std::string("<items><item name=\"thing\"><owner name=\"thing\"/></item></items>") + kOrder).draft);
}

TEST(Frepple, PeriodsDivideTheModelsTimes) {
  const auto header = [](const Imported& out) {
    return out.draft ? out.draft->header : render(out.diagnostics, out.files);
  };
  EXPECT_NE(header(imported(kOrder)).find("stands for 1 day"), std::string::npos);
  const std::string half = std::string(
                               "<suppliers><supplier name=\"s\"><itemsuppliers><itemsupplier>"
                               "<item name=\"thing\"/><leadtime>PT36H</leadtime></itemsupplier>"
                               "</itemsuppliers></supplier></suppliers>") +
                           kOrder;
  EXPECT_NE(header(imported(half)).find("stands for 12 hours"), std::string::npos);
  const Imported coarse = imported(half, {{"period", "P1D"}});
  EXPECT_NE(header(coarse).find("stands for 1 day"), std::string::npos);
  EXPECT_EQ(codes(coarse), std::vector<Code>{Code::inconsistent});
  EXPECT_FALSE(coarse.diagnostics.has_errors());
  EXPECT_EQ(codes(imported(half, {{"period", "1"}})), std::vector<Code>{Code::too_many});
  EXPECT_EQ(codes(imported(half, {{"period", "P0D"}})), std::vector<Code>{Code::csv_bad_value});
}

TEST(Frepple, WhatIsLeftOutIsTold) {
  const std::string plan =
      "<operationplans><operationplan id=\"1\" ordertype=\"PO\" quantity=\"3\" "
      "end=\"2009-01-05T00:00:00\" status=\"proposed\"><item name=\"thing\"/>"
      "<location name=\"here\"/></operationplan></operationplans>"
      "<buffers><buffer name=\"thing @ here\" maximum=\"9\"><item name=\"thing\"/>"
      "<location name=\"here\"/></buffer></buffers>";
  const Imported out = imported(plan + kOrder + "<?python frepple.quit() ?>");
  EXPECT_TRUE(out.draft);
  EXPECT_EQ(codes(out), (std::vector<Code>{Code::unused, Code::unused, Code::unused}));
  for (const Diagnostic& d : out.diagnostics.all()) EXPECT_EQ(d.severity, Severity::warning);
}

}  // namespace
}  // namespace beltline
