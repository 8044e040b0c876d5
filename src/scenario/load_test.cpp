#include "scenario/load.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "scenario/test_schema.h"
#include "table/table.h"

namespace beltline {
namespace {

constexpr const char* kHead = "[calendar]\nstart = \"2025-10\"\nperiods = 15\n";

std::string all(const Loaded& loaded) {
  return render(loaded.diagnostics, loaded.files);
}

Loaded load(std::string text, std::vector<SourceFile> more = {}) {
  more.insert(more.begin(), {"scenario.toml", std::move(text)});
  return load_scenario(more, test_schema::kSections);
}

/// A good scenario; a failing test otherwise.
Spec good(std::string text, std::vector<SourceFile> more = {}) {
  Loaded loaded = load(std::move(text), std::move(more));
  EXPECT_TRUE(loaded.spec) << all(loaded);
  return loaded.spec ? std::move(*loaded.spec) : Spec{};
}

TEST(Load, reads_every_kind) {
  const Spec spec = good(std::string(kHead) + R"(
[scenario]
name = "korea"
title = "한국"
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1422, source = "BOK"}, {currency = "KRW", year = 2024, per_usd = 1364}]
deflator = [{year = 2024, index = 100}, {year = 2025, index = 103}]
[objective]
[region.jeolla]
[commodity.wafer]
[commodity.die]
title_ko = "다이"
[process.etch]
place = "jeolla"
inputs = ["wafer", "die"]
yield = {low = "85 %", high = "95 %", source = "vendor", confidence = "B"}
starts = "900000 wspm"
capex = "1000000 KRW2024/kW"
lead = "28 week"
flows = [{commodity = "wafer", rate = "-3 wafer/day"}, {commodity = "die", rate = {mode = 2, low = 1, high = 3, unit = "die"}, lag = "2 month"}]
kind = "hall"
modes = ["day"]
module = 8
whole = true
earliest = "2026-03"
remark = "a \"b\""
source = "paper"
confidence = "C"
)");
  EXPECT_EQ(spec.name, "korea");
  EXPECT_EQ(spec.title, "한국");
  EXPECT_EQ(spec.hash.size(), 64u);
  EXPECT_EQ(spec.calendar.period_count, 15);
  const Entry& e = *spec.find("process", "etch");
  EXPECT_EQ(e.text("place"), "jeolla");
  EXPECT_EQ(e.names("inputs"), (std::vector<std::string>{"wafer", "die"}));
  EXPECT_DOUBLE_EQ(e.quantity("yield").low, 0.85);
  EXPECT_DOUBLE_EQ(e.number("yield"), 0.9);
  EXPECT_EQ(e.quantity("yield").source, "vendor");
  EXPECT_EQ(e.quantity("yield").confidence, 'B');
  EXPECT_EQ(e.number("starts"), 900000);
  EXPECT_EQ(e.quantity("starts").basis, Basis::month);
  EXPECT_EQ(e.quantity("starts").source, "paper");
  EXPECT_EQ(e.quantity("starts").confidence, 'C');
  EXPECT_NEAR(e.number("capex"), 1e6 / 1364 * 1.03, 1e-9);
  EXPECT_NEAR(e.months("lead"), 28 * 7 / 30.436875, 1e-12);
  ASSERT_EQ(e.records("flows").size(), 2u);
  EXPECT_EQ(e.records("flows")[0].number("rate"), -3);
  EXPECT_EQ(e.records("flows")[0].quantity("rate").unit, "wafer/day");
  EXPECT_EQ(e.records("flows")[0].months("lag"), 0);
  EXPECT_EQ(e.records("flows")[1].quantity("rate").high, 3);
  EXPECT_EQ(e.records("flows")[1].months("lag"), 2);
  EXPECT_EQ(e.text("kind"), "hall");
  EXPECT_EQ(e.names("modes"), std::vector<std::string>{"day"});
  EXPECT_EQ(e.integer("module"), 8);
  EXPECT_TRUE(e.flag("whole"));
  EXPECT_EQ(e.month("earliest"), (YearMonth{2026, 3}));
  EXPECT_EQ(e.text("remark"), "a \"b\"");
  EXPECT_FALSE(e.has("fixed"));
  EXPECT_THROW((void)e.value("fixed"), std::logic_error);
  EXPECT_EQ(spec.single("objective")->number("discount"), 0.05);
  EXPECT_TRUE(spec.single("objective")->value("discount").is_default);
  EXPECT_EQ(spec.find("commodity", "die")->text("title_ko"), "다이");
  EXPECT_EQ(spec.files.describe(e.where("yield")), "scenario.toml:20:9");
  EXPECT_EQ(spec.files.describe(e.where("nothing")), spec.files.describe(e.origin));
}

TEST(Load, money_converts_by_year_and_currency) {
  const Spec spec = good(std::string(kHead) + R"(
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1000}, {currency = "KRW", year = 2024, per_usd = 500}]
deflator = [{year = 2024, index = 100}, {year = 2025, index = 110}]
[region.a]
[process.a]
place = "a"
capex = "1000 KRW/kW"
[process.b]
place = "a"
capex = "1000 KRW2024/kW"
[process.c]
place = "a"
capex = "100 USD2024/kW"
[process.d]
place = "a"
capex = "1 MKRW/MW"
)");
  EXPECT_NEAR(spec.find("process", "a")->number("capex"), 1, 1e-12);
  EXPECT_NEAR(spec.find("process", "b")->number("capex"), 2.2, 1e-12);
  EXPECT_NEAR(spec.find("process", "c")->number("capex"), 110, 1e-12);
  EXPECT_NEAR(spec.find("process", "d")->number("capex"), 1, 1e-12);
}

TEST(Load, series_of_every_grain) {
  const Spec spec = good(
      std::string(kHead) + R"(
[site.a]
power = ["1 MW", "2 MW", "3 MW", "4 MW", "5 MW", "6 MW", "7 MW", "8 MW", "9 MW", "10 MW", "11 MW", "12 MW", "13 MW", "14 MW", "0.015 GW"]
price = {values = [10, 20], unit = "USD/MWh", by = "year", source = "s", confidence = "A"}
sea = {file = "sea.csv", column = "sst", by = "month_of_year"}
supply = {dates = {"2025-12" = "10 wafer/month", "2026-02" = "30 wafer/month"}}
share = {file = "sea.csv", column = "share", by = "month_of_year"}
any = {file = "steps.csv", column = "load", dates = "month", step = true}
[site.b]
power = "100 MW"
price = {values = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23], unit = "USD/MWh", by = "hour_of_day"}
supply = "31 wafer/day"
)",
      {{"sea.csv",
        "sst [degF],share [%]\n50,0\n68,10\n50,20\n50,30\n50,40\n50,50\n50,60\n50,70\n50,80\n50,90\n50,100\n50,100\n"},
       {"steps.csv", "# by hand\nmonth,load [kW]\n2025-11,5\n2026-01,7\n"}});
  const Calendar& c = spec.calendar;
  const Entry& a = *spec.find("site", "a");
  EXPECT_EQ(a.series("power").at(c, 0, 0), 1);
  EXPECT_EQ(a.series("power").at(c, 14, 23), 15);
  EXPECT_EQ(a.series("price").at(c, 2, 0), 10);
  EXPECT_EQ(a.series("price").at(c, 3, 0), 20);
  EXPECT_EQ(a.series("price").quantity.source, "s");
  EXPECT_EQ(a.series("sea").at(c, 4, 0), 20);  // February
  EXPECT_EQ(a.series("share").at(c, 3, 0), 0);
  EXPECT_EQ(a.series("share").at(c, 0, 0), 0.9);  // October
  EXPECT_EQ(a.series("supply").at(c, 0, 0), 10);
  EXPECT_EQ(a.series("supply").at(c, 3, 0), 20);
  EXPECT_EQ(a.series("supply").at(c, 14, 0), 30);
  EXPECT_EQ(a.series("supply").quantity.basis, Basis::month);
  EXPECT_EQ(a.series("any").at(c, 2, 0), 5);
  EXPECT_EQ(a.series("any").at(c, 3, 0), 7);
  EXPECT_EQ(a.series("any").quantity.unit, "kW");
  const Entry& b = *spec.find("site", "b");
  EXPECT_EQ(b.series("power").mean(c, 3), 100);
  EXPECT_EQ(b.series("price").at(c, 3, 7), 7);
  EXPECT_DOUBLE_EQ(b.series("price").mean(c, 3), 11.5);
  EXPECT_TRUE(b.series("price").varies_by_slice());
  EXPECT_NEAR(b.series("supply").per_period(c, 0), 31 * 31, 1e-9);
  EXPECT_NEAR(b.series("supply").per_period(c, 4), 28 * 31, 1e-9);
  EXPECT_EQ(b.series("share").at(c, 0, 0), 0.5);
}

TEST(Load, series_on_coarse_and_hourly_calendars) {
  const std::string hours =
      R"({values = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23], unit = "USD/MWh", by = "hour_of_day"})";
  const Spec coarse =
      good("[calendar]\nstart = \"2026-01\"\nperiods = 2\nslices_per_day = 4\n[site.a]\nprice = " + hours);
  EXPECT_EQ(coarse.find("site", "a")->series("price").at(coarse.calendar, 1, 1), (6 + 7 + 8 + 9 + 10 + 11) / 6.0);

  const Spec hourly = good("[calendar]\nstart = \"2026-01\"\nhours = 8760\n[site.a]\nprice = " + hours +
                           "\npower = {dates = {\"2026-01\" = \"0 MW\", \"2026-12\" = \"11 MW\"}}");
  EXPECT_EQ(hourly.find("site", "a")->series("price").at(hourly.calendar, 0, 8759), 23);
  EXPECT_DOUBLE_EQ(hourly.find("site", "a")->series("power").at(hourly.calendar, 0, 0), 5.5);  // mean of the year
}

TEST(Load, series_from_parquet) {
  Table table{.name = "sea", .title = "", .columns = {}};
  table.add_numbers("sst", "degC").values = std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const auto bytes = to_parquet(table);
  ASSERT_TRUE(bytes);
  const std::string text =
      std::string(kHead) + "[site.a]\nsea = {file = \"sea.parquet\", column = \"sst\", by = \"month_of_year\"}\n";
  const Spec spec = good(text, {{"sea.parquet", *bytes}});
  EXPECT_EQ(spec.find("site", "a")->series("sea").at(spec.calendar, 0, 0), 10);

  std::string broken = *bytes;
  broken[broken.size() / 2] ^= 4;
  const Loaded damaged = load(text, {{"sea.parquet", broken}});
  EXPECT_FALSE(damaged.spec);
  EXPECT_EQ(damaged.diagnostics.all().front().code, Code::parquet_unreadable);
  EXPECT_EQ(damaged.files.describe(damaged.diagnostics.all().front().origin), "scenario.toml:5:15");
  EXPECT_FALSE(load(text, {{"sea.parquet", "PAR1"}}).spec);
  EXPECT_FALSE(load(text, {{"sea.parquet", ""}}).spec);
}

TEST(Load, entries_from_csv) {
  const Spec spec = good(std::string("include = [\"data/*.csv\", \"more.toml\"]\n") + kHead,
                         {{"data/process-memory.csv",
                           "\xEF\xBB\xBFname,place,yield [%],capex [M "
                           "USD/MW],capex.low,capex.high,capex.source,inputs,module,whole,source,confidence,lead\r\n"
                           "etch,korea,92,1,0.5,2,\"Kim, \"\"A\"\"\",wafer; die,4,true,paper,B,28 week\r\n"
                           "\r\n"
                           "bond,korea,,,,,,,,,,,\r\n"},
                          {"data/commodity.csv", "name,title\nwafer,Wafer\ndie,\n"},
                          {"more.toml", "[region.korea]\r\n"}});
  const Entry& e = *spec.find("process", "etch");
  EXPECT_EQ(e.number("yield"), 0.92);
  EXPECT_EQ(e.number("capex"), 1000);
  EXPECT_EQ(e.quantity("capex").low, 500);
  EXPECT_EQ(e.quantity("capex").high, 2000);
  EXPECT_EQ(e.quantity("capex").source, "Kim, \"A\"");
  EXPECT_EQ(e.quantity("yield").source, "paper");
  EXPECT_EQ(e.quantity("yield").confidence, 'B');
  EXPECT_EQ(e.names("inputs"), (std::vector<std::string>{"wafer", "die"}));
  EXPECT_EQ(e.integer("module"), 4);
  EXPECT_TRUE(e.flag("whole"));
  EXPECT_EQ(spec.files.describe(e.where("yield")), "data/process-memory.csv:2:12");
  EXPECT_FALSE(spec.find("process", "bond")->has("capex"));
  EXPECT_EQ(spec.find("process", "bond")->number("yield"), 1);
}

TEST(Load, order_changes_nothing) {
  const std::string regions = "[region.a]\n[region.b]\n";
  const std::string one =
      "[process.x]\nplace = \"a\"\ncapex = \"1 USD/W\"\nstarts = \"12 wafer/year\"\nyield = \"92.3 %\"\n";
  const std::string two = "[process.y]\nplace = \"b\"\nlead = \"2 year\"\n";
  const std::string first = dump(good(std::string("include = [\"r.toml\", \"x.toml\", \"y.toml\"]\n") + kHead,
                                      {{"r.toml", regions}, {"x.toml", one}, {"y.toml", two}}));
  EXPECT_EQ(first, dump(good(std::string("include = [\"y.toml\", \"x.toml\", \"r.toml\"]\n") + kHead,
                             {{"r.toml", regions}, {"x.toml", one}, {"y.toml", two}})));
  EXPECT_EQ(first, dump(good(kHead + two + regions + one)));
  // other units, the same numbers
  const std::string same =
      "[process.x]\nplace = \"a\"\ncapex = \"0.001 MUSD/kW\"\nstarts = \"1 wspm\"\nyield = 0.923\n";
  EXPECT_EQ(first, dump(good(kHead + same + "[process.y]\nplace = \"b\"\nlead = \"24 month\"\n" + regions)));
}

TEST(Load, from_disk) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("beltline_load_{}", ::getpid());
  fs::remove_all(folder);
  fs::create_directories(folder / "data");
  const auto write = [&](const fs::path& path, const std::string& text) {
    std::ofstream(folder / path, std::ios::binary) << text;
  };
  write("scenario.toml", std::string("include = [\"data/*.toml\"]\n") + kHead);
  write("data/a.toml", "include = [\"commodity.csv\"]\n[region.a]\n");
  write("data/commodity.csv", "name\nwafer\n");
  const auto run = [&] { return load_scenario(folder, test_schema::kSections); };
  const Loaded loaded = run();
  ASSERT_TRUE(loaded.spec) << all(loaded);
  EXPECT_NE(loaded.spec->find("commodity", "wafer"), nullptr);
  EXPECT_EQ(loaded.spec->name, folder.filename());
  EXPECT_TRUE(load_scenario(folder / "scenario.toml", test_schema::kSections).spec);
  EXPECT_EQ(load_scenario(folder / "scenario.toml", test_schema::kSections).spec->hash, loaded.spec->hash);

  const auto first = [&] {
    const Loaded faulty = run();
    return faulty.diagnostics.all().empty() ? std::string("nothing")
                                            : render(faulty.diagnostics.all().front(), faulty.files);
  };
  // links that leave the folder, and links that stay
  fs::create_symlink("/etc/hostname", folder / "data/out.toml");
  EXPECT_NE(first().find("scenario.toml:1:12: error[BL0008]"), std::string::npos) << first();
  fs::remove(folder / "data/out.toml");
  write("kept.toml", "[region.kept]\n");
  fs::create_symlink("../kept.toml", folder / "data/in.toml");
  EXPECT_TRUE(run().spec);
  fs::create_directory_symlink("/etc", folder / "etc");
  write("data/a.toml", "include = [\"../etc/hostname\"]");
  EXPECT_NE(first().find("data/a.toml:1:12: error[BL0008]"), std::string::npos) << first();
  write("scenario.toml", std::string("include = [\"etc/os.toml\"]\n") + kHead);
  EXPECT_NE(first().find("error[BL0001]"), std::string::npos) << first();
  write("scenario.toml", std::string("include = [\"etc/passwd\"]\n") + kHead);
  EXPECT_NE(first().find("error[BL0010]"), std::string::npos) << first();

  // 100 MB are refused by their size, at once
  write("scenario.toml", std::string("include = [\"big.toml\"]\n") + kHead);
  write("big.toml", "");
  fs::resize_file(folder / "big.toml", 100'000'000);
  EXPECT_NE(first().find("'big.toml' has 100000000 bytes, expected at most 4 MiB"), std::string::npos) << first();
  fs::remove(folder / "big.toml");
  // neither a FIFO nor a folder is read
  ASSERT_EQ(::mkfifo((folder / "big.toml").c_str(), 0600), 0);
  EXPECT_NE(first().find("'big.toml' is not a regular file"), std::string::npos) << first();
  fs::remove(folder / "big.toml");
  fs::create_directory(folder / "big.toml");
  EXPECT_NE(first().find("error[BL0001]"), std::string::npos) << first();

  fs::remove_all(folder);
  EXPECT_NE(first().find("error[BL0001]"), std::string::npos) << first();
}

TEST(Load, fifteen_hundred_entries_take_no_time) {
  std::string text = kHead;
  text += "[region.a]\n[commodity.wafer]\n";
  for (int i = 0; i < 1500; ++i) {
    text += fmt::format(
        "[process.p{}]\nplace = \"a\"\ncapex = {{low = \"{} USD/kW\", mode = \"{} USD/kW\", high = \"9 USD/W\", source "
        "= \"x\"}}\n"
        "starts = \"{} wspm\"\nlead = \"28 week\"\nfixed = \"3 USD/kW/year\"\nflows = [{{commodity = \"wafer\", rate = "
        "\"1 wafer\"}}]\n",
        i, i, i + 1, i);
  }
  (void)good(kHead);
  const std::clock_t begin = std::clock();
  const Spec spec = good(text);
  const double milliseconds = 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  EXPECT_EQ(spec.entries("process").size(), 1500u);
  RecordProperty("milliseconds", fmt::format("{:.1f}", milliseconds));
  // under 100 in a release build, and sanitizers take their time; the limit only catches a mistake of another order
  EXPECT_LT(milliseconds, 10'000);
}

}  // namespace
}  // namespace beltline
