// Overrides do what the same text in the file would do, and say what is wrong with them as the file would.
#include "scenario/override.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "scenario/load.h"
#include "scenario/test_schema.h"

namespace beltline {
namespace {

constexpr const char* kText = R"(
include = ["site-more.csv"]
[calendar]
start = "2025-10"
periods = 15
[region.jeolla]
[commodity.wafer]
[commodity.die]
[process.etch]
place = "jeolla"
yield = {mode = 0.8, low = 0.6, high = 0.9, source = "vendor", confidence = "B"}
starts = "900 wafer/month"
lead = "28 week"
flows = [{commodity = "wafer", rate = "-3 wafer/day"}, {commodity = "die", rate = {mode = 2, low = 1, high = 3, unit = "die"}, lag = "2 month"}]
module = 8
earliest = "2026-03"
modes = ["day"]
[site.ulsan]
power = {dates = {"2026-01" = "10 MW", "2026-07" = "20 MW"}}
sea = "12 degC"
supply = "24 wafer/day"
price = {file = "prices.csv", column = "price", by = "month_of_year"}
)";

std::vector<SourceFile> files(std::string text = kText) {
  std::string prices = "month,price [USD/MWh]\n";
  for (int month = 1; month <= 12; ++month) prices += fmt::format("{},{}\n", month, 10 * month);
  return {{"scenario.toml", std::move(text)},
          {"site-more.csv", "name,power [MW],power.low,latitude\ngumi,5,4,36\n"},
          {"prices.csv", prices}};
}

Loaded load(std::vector<std::string> overrides, std::string text = kText) {
  return load_scenario(files(std::move(text)), test_schema::kSections, {.overrides = std::move(overrides)});
}

Spec good(std::vector<std::string> overrides) {
  Loaded loaded = load(std::move(overrides));
  EXPECT_TRUE(loaded.spec) << render(loaded.diagnostics, loaded.files);
  return loaded.spec ? std::move(*loaded.spec) : Spec{};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Override, IsReadAsIfWrittenInTheFile) {
  struct Case {
    const char* set;
    const char* from;
    const char* to;
  };
  const Case cases[] = {
      {"process.etch.earliest=2026-05", "\"2026-03\"", "\"2026-05\""},
      {"process.etch.earliest = \"2026-05\"", "\"2026-03\"", "\"2026-05\""},
      {"process.etch.starts=1 kwafer/month", "\"900 wafer/month\"", "\"1 kwafer/month\""},
      {"process.etch.module=9", "module = 8", "module = 9"},
      {"process.etch.modes=[\"night\", 'day']", "[\"day\"]", "[\"night\", \"day\"]"},
      {"process.etch.whole=true", "module = 8", "module = 8\nwhole = true"},
      {"process.etch.remark=a = b", "module = 8", "module = 8\nremark = \"a = b\""},
      {"process.etch.yield={low = \"50 %\", high = 0.7}",
       "{mode = 0.8, low = 0.6, high = 0.9, source = \"vendor\", "
       "confidence = \"B\"}",
       "{low = 0.5, high = 0.7}"},
      {"process.etch.flows[2].lag=3 month", "\"2 month\"", "\"3 month\""},
      {"process.etch.flows[die].lag=3 month", "\"2 month\"", "\"3 month\""},
      {"process.etch.flows[1].lag=3 month", "\"-3 wafer/day\"", "\"-3 wafer/day\", lag = \"3 month\""},
      {"process.etch.flows[1]={commodity = \"die\", rate = 1}", "{commodity = \"wafer\", rate = \"-3 wafer/day\"}",
       "{commodity = \"die\", rate = 1}"},
      {"site.ulsan.power={unit = \"MW\", dates = {\"2026-02\" = 1}}",
       "{dates = {\"2026-01\" = \"10 MW\", \"2026-07\" = \"20 MW\"}}", "{dates = {\"2026-02\" = \"1 MW\"}}"},
      {"calendar.periods=18", "periods = 15", "periods = 18"},
      {"objective.discount=7 %", "[region.jeolla]", "[objective]\ndiscount = 0.07\n[region.jeolla]"},
      {"site.mokpo.latitude=34", "[region.jeolla]", "[site.mokpo]\nlatitude = 34\n[region.jeolla]"},
      {"process.etch.yield*=0.5", "mode = 0.8, low = 0.6, high = 0.9", "mode = 0.4, low = 0.3, high = 0.45"},
      {"process.etch.yield*=50 %", "mode = 0.8, low = 0.6, high = 0.9", "mode = 0.4, low = 0.3, high = 0.45"},
      {"process.etch.lead+=1 month", "\"28 week\"", "7.439655 month"},
      {"process.etch.earliest+=2 year", "\"2026-03\"", "\"2028-03\""},
      {"process.etch.earliest+=-2 month", "\"2026-03\"", "\"2026-01\""},
      {"process.etch.module*=2", "module = 8", "module = 16"},
      {"process.etch.flows[*].rate*=2", "\"-3 wafer/day\"", "\"-6 wafer/day\""},
      {"site.ulsan.power*=1.5", "\"10 MW\", \"2026-07\" = \"20 MW\"", "\"15 MW\", \"2026-07\" = \"30 MW\""},
      {"site.ulsan.power+=2000 kW", "\"10 MW\", \"2026-07\" = \"20 MW\"", "\"12 MW\", \"2026-07\" = \"22 MW\""},
      {"site.ulsan.sea+=2 kelvin", "\"12 degC\"", "\"14 degC\""},
      {"site.ulsan.sea+=2 degC", "\"12 degC\"", "\"14 degC\""},
      {"site.ulsan.supply+=24 wafer/day", "\"24 wafer/day\"", "\"48 wafer/day\""},
      {"site.ulsan.share*=0.5", "\"12 degC\"", "\"12 degC\"\nshare = 0.25"},
  };
  for (const Case& c : cases) {
    const Spec spec = good({c.set});
    std::string text = replaced(kText, c.from, c.to);
    if (std::string_view(c.set).find("[*]") != std::string_view::npos)
      text = replaced(text, "{mode = 2, low = 1, high = 3, unit", "{mode = 4, low = 2, high = 6, unit");
    if (std::string_view(c.set).find("lead+=") != std::string_view::npos) {
      // 28 weeks are 196 days of 30.436875 to a month
      EXPECT_NEAR(spec.find("process", "etch")->months("lead"), 196 / 30.436875 + 1, 1e-9);
      continue;
    }
    const Loaded written = load({}, text);
    ASSERT_TRUE(written.spec) << c.set << "\n" << render(written.diagnostics, written.files);
    EXPECT_EQ(dump(spec), dump(*written.spec)) << c.set;
  }
}

TEST(Override, ScalesSeriesOfFilesAndCellsOfCsv) {
  const Spec spec = good({"site.ulsan.price*=2", "site.gumi.power*=2", "site.gumi.latitude=37"});
  EXPECT_EQ(spec.find("site", "ulsan")->series("price").values[11], 240);
  EXPECT_EQ(spec.find("site", "gumi")->series("power").values[0], 10);
  EXPECT_EQ(spec.find("site", "gumi")->series("power").quantity.low, 8);
  EXPECT_EQ(spec.find("site", "gumi")->number("latitude"), 37);
}

TEST(Override, LaterOnesMeetWhatEarlierOnesLeft) {
  const auto starts = [](std::vector<std::string> sets) {
    return good(std::move(sets)).find("process", "etch")->number("starts");
  };
  EXPECT_EQ(starts({"process.etch.starts*=2", "process.etch.starts+=100 wafer/month"}), 1900);
  EXPECT_EQ(starts({"process.etch.starts=5 wafer/month", "process.etch.starts=6 wafer/month"}), 6);
  EXPECT_EQ(starts({"process.etch.starts=5 wafer/month", "process.etch.starts*=3"}), 15);
  EXPECT_EQ(starts({"process.etch.starts*=3", "process.etch.starts=5 wafer/month"}), 5);
}

TEST(Override, StandsInItsOwnFileAndInTheHash) {
  const Spec spec = good({"objective.discount=7 %", "process.etch.module=9", "site.ulsan.power*=2"});
  const Value& module = spec.find("process", "etch")->value("module");
  EXPECT_EQ(spec.files.describe(module.origin), "--set:2:21");
  EXPECT_EQ(spec.files.describe(spec.find("site", "ulsan")->where("power")), "--set:3:19");
  EXPECT_EQ(spec.overrides.size(), 3U);
  EXPECT_NE(spec.hash, good({}).hash);
  EXPECT_NE(spec.hash, good({"process.etch.module=9"}).hash);
  EXPECT_EQ(good({}).hash, good({}).hash);
}

struct Fault {
  std::string set;
  Code code;
  uint32_t column;
  std::string words;  // somewhere in what is told
};

TEST(Override, FaultsHaveTheirPlaceAndHelp) {
  const Fault faults[] = {
      {"", Code::bad_override, 1, "PATH=VALUE"},
      {"site.ulsan.sea", Code::bad_override, 1, "is no PATH=VALUE"},
      {"site.ulsan.sea=", Code::bad_override, 1, "has no value"},
      {"=3", Code::bad_override, 1, "path"},
      {"site..sea=3", Code::bad_override, 6, "path"},
      {"site.ulsan.=3", Code::bad_override, 1, "path"},
      {"site.ulsan.sea[=3", Code::bad_override, 1, "is no PATH=VALUE"},
      {"[1].x=3", Code::bad_override, 1, "path"},
      {"site.ulsan=3", Code::bad_override, 1, "names no entry and key"},
      {"calendar=3", Code::bad_override, 1, "names no key"},
      {"sit.ulsan.sea=3", Code::unknown_section, 1, "did you mean 'site'?"},
      {"site.ulsan.seaa=3 degC", Code::unknown_key, 12, "did you mean 'sea'?"},
      {"site.ulsan.seaa*=3", Code::unknown_key, 12, "did you mean 'sea'?"},
      {"process.edge.yield=0.5", Code::dangling_reference, 9, "place"},
      {"process.etsh.yield=0.5", Code::dangling_reference, 9, "did you mean 'etch'?"},
      {"process.etsh.yield*=0.5", Code::dangling_reference, 9, "did you mean 'etch'?"},
      {"site.Ulsan.sea=3 degC", Code::bad_name, 6, "ulsan"},
      {"site.ulsan.sea=3", Code::wrong_dimension, 16, "without a unit"},
      {"site.ulsan.sea=3 degX", Code::unknown_unit, 16, "degX"},
      {"site.ulsan.power=-3 MW", Code::out_of_range, 18, "at least 0 MW"},
      {"process.etch.yield = 1.4", Code::bad_yield, 22, "fraction"},
      {"process.etch.yield*=2", Code::bad_yield, 21, "1.6 (0.8 x 2)"},
      {"process.etch.yield*=two", Code::wrong_type, 21, "a number"},
      {"process.etch.yield*=nan", Code::not_finite, 21, "finite"},
      {"process.etch.starts*=1e400", Code::not_finite, 22, ""},
      {"process.etch.module*=1.1", Code::wrong_type, 22, "a whole number"},
      {"process.etch.kind*=2", Code::wrong_type, 14, "cannot be scaled"},
      {"process.etch.earliest*=2", Code::wrong_type, 14, "+="},
      {"process.etch.earliest+=2 MW", Code::wrong_dimension, 24, "month"},
      {"process.etch.earliest+=2 day", Code::out_of_range, 24, "whole months"},
      {"process.etch.earliest=2026-13", Code::bad_month, 23, "2025-10"},
      {"process.etch.remark*=2", Code::missing_key, 14, "set it with ="},
      {"process.etch.kind=hul", Code::bad_choice, 19, "did you mean 'hull'?"},
      {"process.etch.place=jeola", Code::dangling_reference, 20, "did you mean 'jeolla'?"},
      {"process.etch.flows.rate=2", Code::bad_override, 20, "flows[1]"},
      {"process.etch.yield.mode=2", Code::bad_override, 20, "whole value"},
      {"process.etch.yield[1].mode=2", Code::bad_override, 20, "whole value"},
      {"process.etch.flows[3].rate=2", Code::dangling_reference, 20, "1 to 2"},
      {"process.etch.flows[dye].rate*=2", Code::dangling_reference, 20, "did you mean 'die'?"},
      {"process.etch.flows[die].rat=2", Code::unknown_key, 25, "did you mean 'rate'?"},
      {"process.etch.flows[die]*=2", Code::missing_key, 20, ""},
      {"process.etch.flows[die].rate+=2 MW", Code::wrong_dimension, 31, "die"},
      {"site.ulsan.supply+=2 wafer/month", Code::wrong_dimension, 20, "per month and per hour"},
      {"process.etch.modes=[\"day\"", Code::file_syntax, 26, "TOML"},
      {"process.etch.remark=\"day", Code::file_syntax, 25, "TOML"},
      {"process.etch.modes=[\"day\", \"knight\"]", Code::bad_choice, 28, "did you mean 'night'?"},
      {"process.etch.remark=\xff", Code::file_not_utf8, 21, "UTF-8"},
      {"process.etch.remark=" + std::string(2000, '['), Code::file_too_deep, 53, ""},
  };
  for (const Fault& fault : faults) {
    const Loaded loaded = load({fault.set});
    EXPECT_FALSE(loaded.spec) << fault.set;
    ASSERT_FALSE(loaded.diagnostics.all().empty()) << fault.set;
    const Diagnostic& first = loaded.diagnostics.all().front();
    const std::string text = render(first, loaded.files);
    EXPECT_EQ(first.code, fault.code) << fault.set << "\n" << text;
    EXPECT_EQ(loaded.files[first.origin.file].path, kOverrideFile) << fault.set;
    EXPECT_EQ(first.origin.line, 1U) << fault.set;
    EXPECT_EQ(first.origin.column, fault.column) << fault.set << "\n" << text;
    EXPECT_NE(text.find(fault.words), std::string::npos) << fault.words << "\n" << text;
    EXPECT_EQ(loaded.diagnostics.error_count(), 1U) << render(loaded.diagnostics, loaded.files);
    expect_told_in_full(loaded.diagnostics);
  }
}

TEST(Override, EachHasALineOfItsOwn) {
  const Loaded loaded = load({"process.etch.module=9", "process.etch.flows=[\n{commodity = \"die\", rate = \"2 dye\"}]",
                              "process.etch.kind=hul"});
  ASSERT_EQ(loaded.diagnostics.all().size(), 2U);
  EXPECT_EQ(loaded.files.describe(loaded.diagnostics.all()[0].origin), "--set:3:28");
  EXPECT_EQ(loaded.files.describe(loaded.diagnostics.all()[1].origin), "--set:4:19");
}

TEST(Override, WarnsOfANewEntryThatIsNearAnother) {
  const Loaded loaded = load({"site.ulsen.sea=3 degC"});
  ASSERT_TRUE(loaded.spec);
  ASSERT_EQ(loaded.diagnostics.all().size(), 1U);
  EXPECT_EQ(loaded.diagnostics.all()[0].severity, Severity::warning);
  EXPECT_EQ(loaded.diagnostics.all()[0].help, "did you mean 'ulsan'?");
}

TEST(Load, KeepsItsFilesByteForByte) {
  std::vector<SourceFile> written = files("\xEF\xBB\xBF" + std::string(kText));
  const Loaded loaded = load_scenario(written, test_schema::kSections, {.overrides = {"process.etch.module=9"}});
  ASSERT_TRUE(loaded.spec);
  ASSERT_EQ(loaded.originals.size(), 3U);
  for (const SourceFile& file : written) {
    const auto kept = std::ranges::find(loaded.originals, file.path, &SourceFile::path);
    ASSERT_NE(kept, loaded.originals.end()) << file.path;
    EXPECT_EQ(kept->text, file.text) << file.path;
  }
}

}  // namespace
}  // namespace beltline
