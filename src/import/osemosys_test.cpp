#include "import/osemosys.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "import/osemosys_data.h"
#include "import/osemosys_money.h"
#include "import/osemosys_text.h"

namespace beltline::osemosys {
namespace {

constexpr const char* kSets =
    "set REGION := r; set TECHNOLOGY := coal wind; set FUEL := power; set MODE_OF_OPERATION := 1 2;\n"
    "set TIMESLICE := day night; set YEAR := 2021 2020; set EMISSION := ; set STORAGE := ; set SEASON := ;\n";
constexpr const char* kNeeded =
    "param YearSplit default 0.5 := ; param DiscountRate default 0.05 := ; param OperationalLife default 20 := ;\n";

/// A text as it was read: values by "NAME[a,b]".
struct Read {
  Diagnostics diagnostics;
  DataText text;

  explicit Read(const std::string& data) { text = parse_data(data, 0, diagnostics); }
  [[nodiscard]] std::string values(Param param) const {
    const auto found = text.params.find(param);
    if (found == text.params.end()) return "none";
    std::string out;
    for (const Cell& cell : found->second.cells) {
      for (std::size_t i = 0; i < found->second.dimension; ++i)
        out += (i == 0 ? "" : ",") + text.symbols.text(cell.subscripts[i]);
      out += "=" + std::to_string(cell.value).substr(0, 4) + " ";
    }
    return out;
  }
};

struct Form {
  const char* name;
  const char* text;
};

void PrintTo(const Form& form, std::ostream* out) {
  *out << form.name;
}

class TableForm : public testing::TestWithParam<Form> {};

// the same four values of CapitalCost[r, technology, year], written in every form
TEST_P(TableForm, ReadsTheSameValues) {
  const Read read(GetParam().text);
  EXPECT_FALSE(read.diagnostics.has_errors()) << read.diagnostics.all().front().message;
  std::string values = read.values(Param::capital_cost);
  EXPECT_EQ(values.size(), std::string("r,coal,2020=1.00 ").size() * 4) << values;
  for (const char* each : {"r,coal,2020=1.00", "r,coal,2021=2.00", "r,wind,2020=30.0", "r,wind,2021=4.50"})
    EXPECT_NE(values.find(each), std::string::npos) << each << " in " << values;
}

INSTANTIATE_TEST_SUITE_P(
    All, TableForm,
    testing::Values(
        Form{"list", "param CapitalCost := r coal 2020 1 r coal 2021 2 r wind 2020 30 r wind 2021 4.5;"},
        Form{"commas",
             "param CapitalCost default 0, := r,coal,2020,1, r,coal,2021,2, r,wind,2020,3e1 r,wind,2021,+4.5;"},
        Form{"table", "param CapitalCost := [r,*,*]: 2020 2021 := coal 1 2 wind 30 4.5;"},
        Form{"transposed", "param CapitalCost := [r,*,*] (tr) : coal wind := 2020 1 30 2021 2 4.5; end; nothing here"},
        Form{"slices", "param CapitalCost := [r,coal,*] 2020 1 2021 2 [*,wind,2020] r 30 [r,wind,2021] 4.5;"},
        Form{"mixed", "param CapitalCost := [*,*,2020] (tr): r := coal 1 wind 30 [*,*,2021]: coal wind := r 2 4.5;"},
        Form{"quoted",
             "/* a\n comment */ param 'CapitalCost' := [\"r\",*,*] : '2020' 2021.0 := 'coal' 1 2 # two\n wind 30 4.5;"},
        Form{"tabbing",
             "param default 0 : CapitalCost FixedCost := r coal 2020 1 9 r coal 2021 2 9 r wind 2020 30 9\n"
             " r wind 2021 4.5 .;"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Text, LeavesTheDefaultWhereADotStands) {
  const Read read("param ResidualCapacity default 7 := [r,*,*] : 2020 2021 := coal . 3 wind . . ;");
  EXPECT_EQ(read.values(Param::residual_capacity), "r,coal,2021=3.00 ");
  EXPECT_EQ(read.text.params.at(Param::residual_capacity).fallback, 7);
}

TEST(Text, ReadsADiscountRateByRegionOrByTechnology) {
  EXPECT_EQ(Read("param DiscountRate := r 0.05 s 0.07;").values(Param::discount_rate), "r=0.05 s=0.07 ");
  EXPECT_EQ(Read("param DiscountRate := r coal 0.05 r wind 0.07;").values(Param::discount_rate),
            "r,coal=0.05 r,wind=0.07 ");
  EXPECT_EQ(Read("param DiscountRate default 0.05 : coal wind := r 0.08 . ;").values(Param::discount_rate),
            "r,coal=0.08 ");
}

struct Broken {
  const char* text;
  Code code;
  uint32_t line;
  uint32_t column;
  const char* expected;
};

// every fault has its place, and the rest of the text is read all the same
TEST(Text, TellsEveryFaultWithItsPlace) {
  const Broken cases[] = {
      {"param CapitalCost := r coal 2020 dear;", Code::file_syntax, 1, 34, "a number"},
      {"param CapitalCost := r coal 2020;", Code::file_syntax, 1, 33, "a number"},
      {"set YEAR := 2020\nparam X := 1;", Code::file_syntax, 2, 9, "a member of the set or ;"},
      {"param CapitalCost\n  : 2020 2021 := coal 1 2;", Code::file_syntax, 2, 5, "3 subscripts of CapitalCost"},
      {"param CapitalCost := [r,*] 2020 1;", Code::file_syntax, 1, 22, "3 subscripts of CapitalCost"},
      {"param CapitalCost := [r,coal,*] : 2020 := coal 1;", Code::file_syntax, 1, 35,
       "a slice with two * before a table"},
      {"param CapitalCost := [r coal] 1;", Code::file_syntax, 1, 25, ", or ]"},
      {"var x;", Code::file_syntax, 1, 1, "set, param or end"},
      {"set FUEL := 'power;", Code::file_syntax, 1, 13, "'"},
      {"/* no end", Code::file_syntax, 1, 1, "*/"},
      {"set FUEL = power;", Code::file_syntax, 1, 10, ":="},
      {"param CapitalCosts := ;", Code::unknown_key, 1, 7, "a parameter of OSeMOSYS"},
      {"set FUEL := a; set FUEL := b;", Code::duplicate_name, 1, 20, "its data once, as on line 1"},
  };
  for (const Broken& broken : cases) {
    const Read read(std::string(broken.text) + "\n;param FixedCost := r coal 2020 1;");
    ASSERT_FALSE(read.diagnostics.all().empty()) << broken.text;
    const Diagnostic& found = read.diagnostics.all().front();
    EXPECT_EQ(found.code, broken.code) << broken.text;
    EXPECT_EQ(found.origin.line, broken.line) << broken.text;
    EXPECT_EQ(found.origin.column, broken.column) << broken.text;
    EXPECT_EQ(found.expected, broken.expected) << broken.text;
    expect_told_in_full(read.diagnostics);
    const bool ends = std::string_view(broken.text) == "/* no end";
    EXPECT_EQ(read.values(Param::fixed_cost), ends ? "none" : "r,coal,2020=1.00 ") << broken.text;
  }
}

/// Data checked: the first fault's message.
std::string fault_of(const std::string& text) {
  Read read(text);
  EXPECT_FALSE(read.diagnostics.has_errors());
  check_data(read.text, read.diagnostics);
  expect_told_in_full(read.diagnostics);
  return read.diagnostics.all().empty() ? "" : read.diagnostics.all().front().message;
}

TEST(Data, SaysWhatIsMissingOrWrong) {
  const std::string good = std::string(kSets) + kNeeded;
  EXPECT_EQ(fault_of(good), "");
  EXPECT_EQ(fault_of(kNeeded), "set REGION has no members");
  EXPECT_EQ(fault_of(kSets), "the data have no YearSplit");
  EXPECT_EQ(fault_of(good + "param CapitalCost default 0 := r gas 2020 1;"),
            "CapitalCost has a value for 'gas', which is not in set TECHNOLOGY");
  EXPECT_EQ(fault_of(good + "param CapitalCost := r coal 2020 1;"),
            "CapitalCost has neither a default nor all its values");
  EXPECT_EQ(fault_of(good + "param CapitalCost default 0 := r coal 2020 1 r coal 2020 2;"),
            "CapitalCost[r,coal,2020] has two values");
  EXPECT_EQ(fault_of(good + "set UDC := share; param UDCTag default 0 := ;"),
            "UDC, users' own constraints, cannot be carried over: versions of the model differ in what UDCTag means");
  std::string stored = good + "param StorageMaxChargeRate default 9 := ; param StorageMaxDischargeRate default 9 := ;";
  stored.replace(stored.find("STORAGE := "), 11, "STORAGE := dam ");
  EXPECT_EQ(fault_of(stored), "the data have no OperationalLifeStorage");
  EXPECT_EQ(fault_of(stored + "set DAYTYPE := 1 3;"), "the members of set DAYTYPE do not count on");
  EXPECT_EQ(fault_of(stored + "set DAYTYPE := Week;"), "set DAYTYPE has the member 'Week'");
  EXPECT_EQ(fault_of(good + "set DAYTYPE := Week End;"), "");  // nothing is stored
  std::string uneven = good;
  uneven.replace(uneven.find("2021 2020"), 9, "2020 2021 2025");
  EXPECT_EQ(fault_of(uneven), "the years do not follow each other at even distances");
  std::string no_time = good;
  no_time.replace(no_time.find("default 0.5"), 11, "default 0.0");
  EXPECT_EQ(fault_of(no_time), "YearSplit[day,2020] leaves the time slice no time");
}

TEST(Data, SortsYearsAndKnowsTheRates) {
  Read read(std::string(kSets) + kNeeded + "param DiscountRateIdv := r wind 0.1;");
  const auto data = check_data(read.text, read.diagnostics);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->years, (std::vector<int>{2020, 2021}));
  EXPECT_EQ(data->hurdle_rate(0, 0), 0.05);  // its region's
  EXPECT_EQ(data->hurdle_rate(0, 1), 0.1);
}

// one investment by hand: CRF(0.1, 20) · PvAnnuity(0.05, 20), sinking fund for 18 of 20 years left
TEST(Money, FoldsWhatTheScenarioCannotSay) {
  Read read(std::string(kSets) + kNeeded + "param DiscountRateIdv := r wind 0.1; param CapitalCost default 1000 := ;");
  const auto data = check_data(read.text, read.diagnostics);
  ASSERT_TRUE(data);
  const Money money(*data);
  const Investment plain = money.technology(0, 0);
  EXPECT_TRUE(plain.has_salvage);
  EXPECT_TRUE(plain.is_sinking_fund);
  EXPECT_EQ(plain.capex, (std::vector<double>{1000, 1000}));
  const double crf = (1 - 1 / 1.1) / (1 - std::pow(1.1, -20));
  const double annuity = (1 - std::pow(1.05, -20)) * 1.05 / 0.05;
  const Investment hurdle = money.technology(0, 1);
  EXPECT_TRUE(hurdle.has_salvage);
  EXPECT_NEAR(hurdle.capex[0], 1000 * crf * annuity, 1e-9);
  EXPECT_EQ(money.running_factor(1, 0.05), 1);
  EXPECT_NEAR(money.running_factor(1, 0.08), std::pow(1.05 / 1.08, 1.5), 1e-15);
}

class Folder : public testing::Test {
 protected:
  Folder() : path_(std::filesystem::temp_directory_path() / ("osemosys_folder_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~Folder() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }

  std::filesystem::path path_;
};

TEST_F(Folder, IsReadLikeAText) {
  for (const auto& [set, members] : {std::pair("REGION", "r\ns\n"),
                                     {"TECHNOLOGY", "coal\n"},
                                     {"FUEL", "power\n"},
                                     {"MODE_OF_OPERATION", "1\n"},
                                     {"TIMESLICE", "all\n"},
                                     {"YEAR", "2020\n"}}) {
    write(std::string(set) + ".csv", std::string("VALUE\n") + members);
  }
  write("YearSplit.csv", "TIMESLICE,YEAR,VALUE\nall,2020,1\n");
  write("DiscountRate.csv", "REGION,VALUE\nr,0.05\ns,0.07\n");
  write("OperationalLife.csv", "TECHNOLOGY,REGION,VALUE\ncoal,r,30\n");
  write("TradeRoute.csv", "REGION,_REGION,FUEL,YEAR,VALUE\nr,s,power,2020,1\ns,r,power,2020,1\n");
  write("config.yaml",
        "# defaults\nOperationalLife:\n  indices: [REGION,TECHNOLOGY]\n  default: 12\nYEAR:\n  type: set\n");
  const Imported imported = import_osemosys(path_, {});
  ASSERT_TRUE(imported.draft) << imported.diagnostics.all().front().message;
  const std::string toml = imported.draft->files()[0].text;
  EXPECT_NE(toml.find("[process.trade_power_r_s]"), std::string::npos) << toml;
  EXPECT_NE(toml.find("discount_rate = 0.05"), std::string::npos) << toml;
}

TEST_F(Folder, SaysWhichCellIsNoNumber) {
  write("YearSplit.csv", "TIMESLICE,YEAR,VALUE\nall,2020,one\n");
  write("CapitalCost.csv", "REGION,TECHNOLOGY,VALUE\nr,coal,1\n");
  const Imported imported = import_osemosys(path_, {});
  EXPECT_FALSE(imported.draft);
  ASSERT_EQ(imported.diagnostics.error_count(), 2U);
  EXPECT_EQ(imported.diagnostics.all()[0].code, Code::csv_bad_value);
  EXPECT_EQ(imported.diagnostics.all()[0].origin.line, 2U);
  EXPECT_EQ(imported.diagnostics.all()[0].origin.column, 10U);
  EXPECT_EQ(imported.diagnostics.all()[1].message, "the file has no column 'YEAR'");
  expect_told_in_full(imported.diagnostics);
}

TEST_F(Folder, NamesTheOneWayRoute) {
  write("data.txt",
        std::string("set REGION := r s; set TECHNOLOGY := coal; set FUEL := power; set MODE_OF_OPERATION := 1;\n"
                    "set TIMESLICE := all; set YEAR := 2020;\n") +
            kNeeded +
            "param TradeRoute default 0 := r s power 2020 1;\n"
            "param CapacityOfOneTechnologyUnit default 0 := ;\nset EXTRA := 1;\n");
  const Imported imported = import_osemosys(path_ / "data.txt", {});
  EXPECT_FALSE(imported.draft);
  const auto& all = imported.diagnostics.all();
  const auto found = std::ranges::find(all, Code::inconsistent, &Diagnostic::code);
  ASSERT_NE(found, all.end());
  EXPECT_TRUE(std::ranges::any_of(all, [](const Diagnostic& d) {
    return d.message == "TradeRoute links r with s for power in 2020 one way only";
  }));
  expect_told_in_full(imported.diagnostics);
}

}  // namespace
}  // namespace beltline::osemosys
