#include "parts/opening.h"

#include <limits>

#include <gtest/gtest.h>

#include "model/later.h"
#include "parts/network_test_support.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::named;
using network_test::Outcome;

constexpr std::string_view kOpens = R"toml(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 6
slices_per_day = 1
opens = "2026-03"
)toml";

// A line with a lag, its bank, halls that may move, and rows over both.
constexpr std::string_view kNetwork = R"toml(
[commodity.die]
unit = "die"
[commodity.wafer]
unit = "wafer"
[place.fab]
[place.a]
[place.b]
[party.owner]
[capacity.line]
place = "fab"
unit = "wafer/month"
existing = {dates = {"2026-01" = "10 wafer/month", "2026-06" = "60 wafer/month"}}
lead = "2 month"
total_max = "100 wafer/month"
capex = "1 MUSD/(wafer/month)"
[capacity.hall_a]
place = "a"
owner = "owner"
unit = "MW"
lead = "1 month"
module_size = "5 MW"
capex = "1 M USD/MW"
[capacity.hall_b]
place = "b"
unit = "MW"
buildable = false
[capacity.shed]
place = "b"
unit = "MW"
life = "3 month"
total_max = "20 MW"
[move.tow]
from = "hall_a"
to = "hall_b"
lag = "1 month"
[process.etch]
place = "fab"
unit = "wafer"
uses = [{capacity = "line"}]
flows = [{commodity = "die", rate = "100 die/wafer", lag = "2 month"}]
[store.bank]
commodity = "die"
place = "fab"
initial = "7 die"
[demand.dies]
commodity = "die"
place = "fab"
quantity = {values = [1, 2, 3, 4, 5, 6], unit = "die/month"}
unserved_cost = "1 USD/die"
[limit.money]
unit = "USD"
scope = "window"
first = "2026-02"
last = "2026-05"
terms = [{kind = "spend", of = "hall_a"}]
upper = {dates = {"2026-02" = "100 M USD", "2026-03" = "5 M USD"}}
[limit.over]
scope = "window"
last = "2026-02"
terms = [{kind = "order", of = "line"}]
upper = "1 wafer/month"
[limit.share]
terms = [{kind = "built", of = "line"}]
upper = {dates = {"2026-01" = "50 wafer/month", "2026-06" = "100 wafer/month"}}
)toml";

Outcome opened(std::string_view rows) {
  return compile_text(std::string(kNetwork) + std::string(rows), kOpens);
}

TEST(Opening, TheModelBeginsWhereThePlanOpens) {
  const Outcome outcome = opened("");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  EXPECT_EQ(to_string(m.calendar.start), "2026-03");
  EXPECT_EQ(m.period_count(), 4);
  EXPECT_EQ(m.calendar.hours(0), 744);  // March
  EXPECT_EQ(m.at(named(m.demands, "dies").quantity, 0), 3);
  EXPECT_EQ(m.at(named(m.capacities, "line").existing, 3), 60);
  EXPECT_EQ(m.at(named(m.limits, "share").upper, 0), 70);
  // a window's one bound is the one it had at its beginning, and a window that is over binds nothing
  const Limit& money = named(m.limits, "money");
  EXPECT_EQ(money.first, 0);
  EXPECT_EQ(money.last, 2);
  EXPECT_EQ(m.at(money.upper, 0), 100e6);
  EXPECT_EQ(m.limits.size(), 2U);
}

TEST(Opening, ChancesAreCutWithTheRest) {
  Outcome outcome = compile_text(kNetwork, "[scenario]\nname = \"t\"\n[calendar]\nstart = \"2026-01\"\nperiods = 6\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  Model model = std::move(*outcome.model);
  const auto window = [](int first, int last) {
    Influence influence;
    influence.first = first;
    influence.last = last;
    return influence;
  };
  model.chances.influences = {window(0, 1), window(1, 4), window(0, std::numeric_limits<int>::max())};
  model.chances.milestones.resize(3);
  model.chances.milestones[0].period = 1;
  model.chances.milestones[1].period = 4;
  model.chances.milestones[2].period = 5;
  model.chances.milestones[2].is_total = true;
  const Chances left = later_part(std::move(model), 2).chances;
  ASSERT_EQ(left.influences.size(), 2U) << "one was over";
  EXPECT_EQ(left.influences[0].first, 0);
  EXPECT_EQ(left.influences[0].last, 2);
  EXPECT_EQ(left.influences[1].last, std::numeric_limits<int>::max());
  ASSERT_EQ(left.milestones.size(), 1U) << "one is past, and one counts from a start that is";
  EXPECT_EQ(left.milestones[0].period, 2);
}

TEST(Opening, RowsBecomeStocksSuppliesCapacityAndBounds) {
  const Outcome outcome = opened(R"toml(
[opening.bank]
kind = "stock"
of = "die"
place = "fab"
quantity = "250 die"
[opening.wip]
kind = "arriving"
of = "etch"
quantity = "900 die"
month = "2026-04"
[opening.promised]
kind = "taking"
of = "die"
place = "fab"
quantity = "30 die"
month = "2026-05"
[opening.line]
kind = "existing"
of = "line"
quantity = "20 wafer/month"
[opening.line_order]
kind = "online"
of = "line"
quantity = "5 wafer/month"
month = "2026-05"
[opening.hall]
kind = "existing"
of = "hall_a"
quantity = "10 MW"
[opening.hall_due]
kind = "due"
of = "hall_a"
quantity = "3 M USD"
month = "2026-03"
[opening.shed]
kind = "existing"
of = "shed"
quantity = "12 MW"
[opening.shed_end]
kind = "retiring"
of = "shed"
quantity = "8 MW"
month = "2026-05"
[opening.money]
kind = "used"
of = "money"
quantity = "40 M USD"
[opening.share]
kind = "used"
of = "share"
quantity = "-3 wafer/month"
month = "2026-04"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  EXPECT_EQ(named(m.stores, "bank").initial, 250);
  const Process& wip = named(m.processes, "opening_die@fab");
  EXPECT_EQ(m.at(wip.lower, 1), 900);
  EXPECT_EQ(m.at(wip.upper, 1), 900);
  EXPECT_EQ(m.at(wip.upper, 0), 0);
  EXPECT_EQ(wip.titles.title_ko, "fab 진행 중인 die");
  EXPECT_EQ(m.at(named(m.processes, "opening_use_die@fab").flows[0].rate, 0), -1);
  const Capacity& line = named(m.capacities, "line");
  EXPECT_EQ(m.at(line.existing, 0), 50);  // 30 of its own in March
  EXPECT_EQ(m.at(line.existing, 2), 75);
  EXPECT_EQ(line.total_max, 75);
  // what may move on comes by a move
  EXPECT_EQ(m.at_or(named(m.capacities, "hall_a").existing, 0, 0), 0);
  const Capacity& from = named(m.capacities, "opening_hall_a");
  EXPECT_EQ(m.at(from.build_max, 0), 10);
  EXPECT_EQ(from.module_size, 5);
  EXPECT_EQ(m.at(named(m.limits, "opening_hall_a").lower, 0), 10);
  EXPECT_EQ(m.at(named(m.limits, "opening_hall_a").lower, 1), 0);
  EXPECT_EQ(named(m.moves, "opening_hall_a").lag, 0);
  // what ends its life makes room: a row in each period
  EXPECT_EQ(m.at(named(m.capacities, "shed").existing, 2), 4);
  EXPECT_EQ(m.at(named(m.limits, "opening_shed").upper, 1), 8);
  EXPECT_EQ(m.at(named(m.limits, "opening_shed").upper, 2), 16);
  const Process& due = named(m.processes, "opening_due_hall_a");
  EXPECT_EQ(m.at(due.lower, 0) * m.at(due.cost, 0), 3e6);
  EXPECT_EQ(m.parties[due.owner.index()].name, "owner");
  EXPECT_EQ(m.at(named(m.limits, "money").upper, 0), 60e6);
  EXPECT_EQ(m.at(named(m.limits, "share").upper, 1), 83);
}

TEST(Opening, WithoutOpensTheStateIsThatOfTheHorizonsBeginning) {
  constexpr std::string_view kFrame =
      "[scenario]\nname = \"test\"\n[calendar]\nstart = \"2026-01\"\nperiods = 6\nslices_per_day = 1\n";
  const Outcome outcome = compile_text(std::string(kNetwork) +
                                           "[opening.line]\nkind = \"online\"\nof = \"line\"\n"
                                           "quantity = \"5 wafer/month\"\nmonth = \"2026-01\"\n",
                                       kFrame);
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_EQ(outcome.model->at(named(outcome.model->capacities, "line").existing, 0), 15);
}

struct Fault {
  std::string_view row;
  Code code;
  std::string_view message;
};

TEST(Opening, EachFaultIsTold) {
  const Fault faults[] = {
      {"kind = \"stock\"\nof = \"bank\"\nquantity = \"-1 die\"", Code::out_of_range,
       "quantity of opening 'row' is negative"},
      {"kind = \"stock\"\nof = \"bnak\"\nquantity = \"1 die\"", Code::dangling_reference,
       "no store is named 'bnak' or holds it there"},
      {"kind = \"stock\"\nof = \"bank\"\nquantity = \"1 MW\"", Code::wrong_dimension,
       "quantity of 'row' has the wrong dimension"},
      {"kind = \"stock\"\nof = \"bank\"\nquantity = \"1 die\"\nmonth = \"2026-04\"", Code::inconsistent,
       "opening 'row' tells what is there at the opening, and a month"},
      {"kind = \"stock\"\nof = \"bank\"\nplace = \"a\"\nquantity = \"1 die\"", Code::dangling_reference,
       "no store is named 'bank' or holds it there"},
      {"kind = \"existing\"\nof = \"line\"\nplace = \"a\"\nquantity = \"1 wafer/month\"", Code::inconsistent,
       "opening 'row' is of a capacity or limit, and names a place"},
      {"kind = \"arriving\"\nof = \"die\"\nquantity = \"1 die\"\nmonth = \"2026-04\"", Code::missing_key,
       "opening 'row' does not say the place of 'die'"},
      {"kind = \"arriving\"\nof = \"etch\"\nquantity = \"1 die\"", Code::missing_key,
       "opening 'row' does not say in which month"},
      {"kind = \"arriving\"\nof = \"etch\"\nquantity = \"1 die\"\nmonth = \"2026-02\"", Code::outside_horizon,
       "month of opening 'row' lies outside what is planned"},
      {"kind = \"online\"\nof = \"lien\"\nquantity = \"1 wafer/month\"\nmonth = \"2026-04\"", Code::dangling_reference,
       "capacity of opening 'row' is not there"},
      {"kind = \"retiring\"\nof = \"shed\"\nquantity = \"1 MW\"\nmonth = \"2026-04\"", Code::out_of_range,
       "more of capacity 'shed' retires than is there"},
      {"kind = \"existing\"\nof = \"hall_a\"\nquantity = \"7 MW\"", Code::inconsistent,
       "opening of capacity 'hall_a' is no whole number of modules"},
      {"kind = \"used\"\nof = \"mony\"\nquantity = \"1 USD\"", Code::dangling_reference, "no limit is named 'mony'"},
      {"kind = \"used\"\nof = \"money\"\nquantity = \"101 M USD\"", Code::inconsistent,
       "limit 'money' is exceeded before the plan opens"},
      {"kind = \"used\"\nof = \"over\"\nquantity = \"1 wafer/month\"", Code::unused,
       "the window of limit 'over' is over when the plan opens"},
  };
  for (const Fault& fault : faults) {
    const Outcome outcome = opened("[opening.row]\n" + std::string(fault.row) + "\n");
    const Diagnostic* const found = outcome.find(fault.code);
    ASSERT_NE(found, nullptr) << fault.row << "\n" << outcome.text();
    if (fault.code == Code::dangling_reference && fault.message.starts_with("capacity")) continue;  // the house's words
    EXPECT_EQ(found->message, fault.message);
  }
  const Outcome twice = opened(
      "[opening.a]\nkind = \"stock\"\nof = \"bank\"\nquantity = \"1 die\"\n"
      "[opening.b]\nkind = \"stock\"\nof = \"die\"\nplace = \"fab\"\nquantity = \"2 die\"\n"
      "[opening.c]\nkind = \"stock\"\nof = \"bank\"\nquantity = \"-2 die\"\n");
  EXPECT_EQ(twice.count(Code::duplicate_name), 1) << twice.text();
  EXPECT_EQ(twice.count(Code::out_of_range), 1) << "several at once";
}

TEST(Opening, OpensMustBeTheBeginningOfAPeriodInsideTheHorizon) {
  const auto with = [](std::string_view calendar) {
    return compile_text("", "[scenario]\nname = \"t\"\n[calendar]\n" + std::string(calendar));
  };
  const Outcome outside = with("start = \"2026-01\"\nperiods = 6\nopens = \"2026-07\"\n");
  EXPECT_EQ(outside.count(Code::outside_horizon), 1) << outside.text();
  const Outcome before = with("start = \"2026-01\"\nperiods = 6\nopens = \"2025-12\"\n");
  EXPECT_EQ(before.count(Code::outside_horizon), 1) << before.text();
  const Outcome between = with("start = \"2026-01\"\nperiods = 6\nmonths_per_period = 3\nopens = \"2026-05\"\n");
  ASSERT_NE(between.find(Code::inconsistent), nullptr) << between.text();
  EXPECT_EQ(between.find(Code::inconsistent)->help, "write 2026-04");
  const Outcome first = with("start = \"2026-01\"\nperiods = 6\nopens = \"2026-01\"\n");
  EXPECT_TRUE(first.model) << first.text();
}

}  // namespace
}  // namespace beltline
