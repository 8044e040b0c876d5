#include "run/read_actuals.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "table/example_table.h"

namespace beltline {
namespace {

constexpr std::string_view kScenario = R"toml(
[scenario]
name = "counted"
[calendar]
start = "2026-01"
periods = 6
slices_per_day = 1
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1400}]
[commodity.wafer]
unit = "wafer"
[commodity.die]
unit = "die"
[commodity.good]
unit = "die"
[place.fab]
[place.yard]
[party.maker]
[capacity.line]
place = "fab"
unit = "wafer/month"
existing = "4 wafer/month"
[process.etch]
place = "fab"
unit = "wafer"
uses = [{capacity = "line"}]
flows = [{commodity = "die", rate = "10 die/wafer", lag = "2 month"}]
[process.test]
place = "fab"
unit = "die"
flows = [{commodity = "die", rate = -1}, {commodity = "good", rate = 0.9}]
[process.power]
place = "fab"
grain = "rate"
unit = "MW"
upper = "5 MW"
flows = [{commodity = "electricity", rate = 1}]
[process.line]
place = "fab"
unit = "die"
flows = [{commodity = "good", rate = 1}]
[store.bank]
commodity = "die"
place = "fab"
[store.far_bank]
commodity = "die"
place = "yard"
[commitment.supply]
from = "maker"
kind = "contract"
unit = "wafer"
quantity = "100 wafer/month"
draws = [{kind = "activity", of = "etch"}]
[commitment.idea]
from = "maker"
kind = "MOU"
)toml";

class Counted : public ::testing::Test {
 protected:
  Counted() : scenario_(compile_texts({{"scenario.toml", std::string(kScenario)}}, {})) {
    EXPECT_TRUE(scenario_.model) << render(scenario_.diagnostics, scenario_.files);
  }

  ReadActuals read(const std::string& csv) {
    const auto file = scratch_.path() / "march.csv";
    std::ofstream(file) << csv;
    ReadActuals out = read_actuals(file, scenario_, there_);
    expect_told_in_full(out.diagnostics);
    return out;
  }

  /// The one number that a row stands for.
  double quantity(const std::string& cells) {
    ReadActuals out = read("kind,of,place,month,quantity,unit\n" + cells + "\n");
    EXPECT_FALSE(out.diagnostics.has_errors()) << cells << "\n" << render(out.diagnostics, out.files);
    if (out.diagnostics.has_errors()) return -1;
    Register rows{.file = {}, .rows = out.rows};
    std::vector<std::string> unknown;
    const Actuals actuals = actuals_of(rows, scenario_, unknown);
    EXPECT_TRUE(unknown.empty());
    const ActualKind kind = *actual_kind(out.rows[0].kind);
    const auto entities = actuals.entities(kind);
    EXPECT_EQ(entities.size(), 1U);
    return actuals.at(scenario_.model->calendar, kind, entities.at(0), 2).value_or(-1);
  }

  ScratchFolder scratch_;
  Compiled scenario_;
  Register there_;
};

TEST_F(Counted, RowsAreNumbersOfTheModel) {
  EXPECT_EQ(quantity("delivered,supply,,2026-03,90,wafer"), 90);
  EXPECT_EQ(quantity("activity,etch,,2026-03,3,"), 3);
  EXPECT_NEAR(quantity("activity,etch,,2026-03,2,wafer/day"), 62, 1e-9);  // March
  EXPECT_EQ(quantity("activity,power,,2026-03,2,MW"), 2 * 744);
  EXPECT_EQ(quantity("activity,power,,2026-03,2,GWh"), 2000);
  EXPECT_EQ(quantity("online,capacity.line,,2026-03,5,wafer/month"), 5);
  EXPECT_EQ(quantity("ordered,line,,2026-03,1,"), 1);
  EXPECT_EQ(quantity("stock,bank,,2026-03,250,die"), 250);
  EXPECT_EQ(quantity("stock,die,yard,2026-03,7,die"), 7);
  EXPECT_EQ(quantity("spend,etch,,2026-03,1.4,M KRW"), 1000);
  EXPECT_EQ(quantity("yield,etch,,2026-03,9.5,die/wafer"), 9.5);
  EXPECT_EQ(quantity("yield,test,,2026-03,88 %,"), 0.88);
  EXPECT_EQ(quantity("price,etch,,2026-03,12 USD/wafer,"), 12);
  const ReadActuals by_header = read("quantity [kUSD],month,of,kind,note\n3,2026-03,etch,spend,\"a, b\"\n");
  ASSERT_EQ(by_header.rows.size(), 1U);
  EXPECT_EQ(by_header.rows[0].unit, "kUSD");
  EXPECT_EQ(by_header.rows[0].note, "a, b");
}

TEST_F(Counted, APromiseWithoutAUnitCannotBeCounted) {
  const ReadActuals out = read("kind,of,month,quantity,unit\ndelivered,idea,2026-03,5,MW\n");
  ASSERT_EQ(out.diagnostics.all().size(), 1U);
  EXPECT_EQ(out.diagnostics.all().front().code, Code::missing_key);
  EXPECT_EQ(out.diagnostics.all().front().origin.column, 11U);
}

TEST_F(Counted, TheLatestRowHoldsAndPeriodsAddUp) {
  ReadActuals out = read(
      "kind,of,month,quantity\nactivity,etch,2026-01,3\nactivity,etch,2026-02,4\nonline,capacity.line,2026-01,4\n"
      "online,capacity.line,2026-02,6\n");
  ASSERT_FALSE(out.diagnostics.has_errors()) << render(out.diagnostics, out.files);
  Register rows{.file = {}, .rows = out.rows};
  rows.rows.push_back(out.rows[1]);
  rows.rows.back().quantity = "5";  // a correction
  std::vector<std::string> unknown;
  const Actuals actuals = actuals_of(rows, scenario_, unknown);
  const Entity etch{EntityKind::process, 0}, line{EntityKind::capacity, 0};
  ASSERT_EQ(scenario_.model->processes[0].name, "etch");
  EXPECT_EQ(actuals.at(scenario_.model->calendar, ActualKind::activity, etch, 1), 5);
  const Calendar quarters = Calendar::monthly({2026, 1}, 2, 1, 3);
  EXPECT_EQ(actuals.at(quarters, ActualKind::activity, etch, 0), 8);
  EXPECT_EQ(actuals.at(quarters, ActualKind::online, line, 0), 6);
  EXPECT_FALSE(actuals.at(quarters, ActualKind::online, line, 1));
  EXPECT_EQ(to_string(*actuals.last_month(ActualKind::online, line)), "2026-02");
}

struct Fault {
  std::string_view row;
  Code code;
  std::string_view message;
};

TEST_F(Counted, EachFaultIsTold) {
  const Fault faults[] = {
      {"delivered,suply,,2026-03,90,", Code::dangling_reference, "no commitment is named 'suply'"},
      {"activity,supply,,2026-03,90,", Code::dangling_reference, "no process is named 'supply'"},
      {"deliverd,supply,,2026-03,90,", Code::bad_choice, "'deliverd' is no kind of actual"},
      {"close,supply,,2026-03,90,", Code::bad_choice, "'close' is no kind of actual"},
      {"delivered,supply,,March,90,", Code::bad_month, "'March' is no month"},
      {"delivered,supply,,2027-03,90,", Code::outside_horizon, "month of an actual lies outside the horizon"},
      {"delivered,supply,,2026-03,-1,", Code::out_of_range, "quantity of an actual of 'supply' is negative"},
      {"delivered,supply,,2026-03,many,", Code::csv_bad_value, "quantity of an actual is 'many'"},
      {"delivered,supply,,2026-03,1e999,", Code::not_finite, "quantity of an actual is '1e999'"},
      {"delivered,supply,,2026-03,1,MW", Code::wrong_dimension,
       "the unit of an actual of 'supply' has the wrong dimension"},
      {"delivered,supply,,2026-03,1,wafr", Code::unknown_unit, "'wafr' is no unit"},
      {"yield,test,,2026-03,1.2,", Code::bad_yield, "yield of 'test' is 1.2"},
      {"yield,etch,,2026-03,0,", Code::bad_yield, "yield of 'etch' is 0"},
      {"stock,die,,2026-03,5,", Code::inconsistent, "'die' is the name of several things"},
      {"spend,line,,2026-03,5,", Code::inconsistent, "'line' is the name of several things"},
  };
  for (const Fault& fault : faults) {
    const ReadActuals out = read("kind,of,place,month,quantity,unit\n" + std::string(fault.row) + "\n");
    ASSERT_EQ(out.diagnostics.error_count(), 1U) << fault.row << "\n" << render(out.diagnostics, out.files);
    EXPECT_EQ(out.diagnostics.all()[0].code, fault.code) << fault.row;
    EXPECT_EQ(out.diagnostics.all()[0].message, fault.message);
    EXPECT_EQ(out.diagnostics.all()[0].origin.line, 2U);
  }
}

TEST_F(Counted, AClosedMonthIsRefusedInBothLanguages) {
  RegisterRow close;
  close.kind = "close";
  close.month = "2026-03";
  there_.rows.push_back(close);
  const ReadActuals out = read("kind,of,month,quantity\nactivity,etch,2026-03,3\nactivity,etch,2026-04,3\n");
  ASSERT_EQ(out.diagnostics.error_count(), 1U) << render(out.diagnostics, out.files);
  EXPECT_EQ(out.diagnostics.all()[0].code, Code::closed_month);
  const std::string english = render(out.diagnostics, out.files);
  EXPECT_NE(english.find("march.csv:2:15: error[BL0900]: 2026-03 is closed"), std::string::npos) << english;
  const std::string korean = render(out.diagnostics, out.files, Language::korean);
  EXPECT_NE(korean.find("2026-03 실적은 마감되었습니다"), std::string::npos) << korean;
}

TEST_F(Counted, TheWholeFileIsCheckedAtOnce) {
  const ReadActuals out = read(
      "kind,of,month,quantity\nactivity,etch,2026-03,3\nactivity,etch,2026-03,4\nactivity,etch,2026-13,4\n"
      "online,lines,2026-03,-4\n");
  EXPECT_EQ(out.diagnostics.error_count(), 4U) << render(out.diagnostics, out.files);
  EXPECT_EQ(out.diagnostics.all()[0].code, Code::duplicate_name);
  const ReadActuals header = read("kind,off,month,quantity\nactivity,etch,2026-03,3\n");
  ASSERT_EQ(header.diagnostics.error_count(), 2U) << render(header.diagnostics, header.files);
  EXPECT_EQ(header.diagnostics.all()[0].code, Code::csv_missing_column);
  EXPECT_EQ(header.diagnostics.all()[1].code, Code::csv_bad_header);
  EXPECT_EQ(read("").diagnostics.error_count(), 1U);
  const ReadActuals nowhere = read_actuals(scratch_.path() / "none" / "x.csv", scenario_, there_);
  EXPECT_EQ(nowhere.diagnostics.all()[0].code, Code::file_unreadable);
}

TEST_F(Counted, RowsThatTheScenarioHasNoNameForAreLeftOutAndTold) {
  Register rows;
  RegisterRow row;
  row.seq = 4;
  row.kind = "activity";
  row.of = "lithography";
  row.month = "2026-03";
  row.quantity = "4";
  rows.rows.push_back(row);
  std::vector<std::string> unknown;
  EXPECT_TRUE(actuals_of(rows, scenario_, unknown).is_empty());
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0], "row 4: no process is named 'lithography'");
}

}  // namespace
}  // namespace beltline
