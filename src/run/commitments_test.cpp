#include "run/commitments.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/counted_test_run.h"

namespace beltline {
namespace {

using counted::make_run;
using ::testing::HasSubstr;
using ::testing::Not;

class Promises : public ::testing::Test {
 protected:
  Promises() : run_(make_run()) {}

  std::vector<Pledge> asked(const PledgeQuery& query) const {
    auto out = promises_of(run_, actuals_, query);
    EXPECT_TRUE(out) << out.error().message;
    return out ? std::move(*out) : std::vector<Pledge>();
  }
  Pledge named(const std::string& name) const {
    const auto all = asked({.name = name, .party = "", .month = {}});
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }
  void deliver(const char* name, int month, double quantity) {
    actuals_.set({ActualKind::delivered,
                  counted::entity(EntityKind::commitment, run_.model().commitments, name),
                  {2026, month},
                  quantity});
  }

  RunPlan run_;
  Actuals actuals_;
};

TEST_F(Promises, EachMonthIsPromisedPlannedDeliveredAndShort) {
  deliver("supply", 2, 7);
  deliver("supply", 3, 13);
  const Pledge supply = named("supply");
  ASSERT_EQ(supply.months.size(), 5U) << "February to June";
  EXPECT_EQ(supply.months[0].promised, 12);
  EXPECT_EQ(supply.months[0].planned, 10);
  EXPECT_EQ(supply.months[0].delivered, 7);
  EXPECT_EQ(supply.months[0].gap, 5) << "what was counted comes before what was planned";
  EXPECT_EQ(supply.months[0].penalty_usd, 10);
  EXPECT_EQ(supply.months[1].gap, -1);
  EXPECT_EQ(supply.months[1].penalty_usd, 0);
  EXPECT_TRUE(std::isnan(supply.months[2].delivered));
  EXPECT_EQ(supply.months[2].gap, -8);
  EXPECT_EQ(supply.firmness, "firm");
  EXPECT_EQ(supply.price_usd, 50);
  EXPECT_EQ(supply.penalty_usd, 2);
  EXPECT_EQ(supply.take_or_pay, 0.5);
  const PledgeMonth total = promise_total(supply);
  EXPECT_EQ(total.promised, 60);
  EXPECT_EQ(total.planned, 70);
  EXPECT_EQ(total.delivered, 20);
  EXPECT_EQ(total.penalty_usd, 18);  // 5 short in February, 2 each in May and June
}

TEST_F(Promises, LevelsRatesAndAmountsAddUpAsTheyShould) {
  const Pledge hall = named("hall");
  EXPECT_EQ(hall.sum, PledgeSum::rate);  // wafers a month
  EXPECT_DOUBLE_EQ(promise_total(hall).promised, 7);
  EXPECT_EQ(hall.months[1].planned, 0);
  EXPECT_EQ(hall.months[2].planned, 8);
  const Pledge money = named("money");
  EXPECT_EQ(money.sum, PledgeSum::amount);
  EXPECT_DOUBLE_EQ(promise_total(money).promised, 30e3) << "six of its twelve months";
  EXPECT_EQ(money.firmness, "conditional") << "as written";
}

TEST_F(Promises, ACeilingIsNotShort) {
  const Pledge ceiling = named("ceiling");
  for (const PledgeMonth& month : ceiling.months) EXPECT_EQ(month.gap, 0);
  deliver("ceiling", 1, 45);
  EXPECT_EQ(named("ceiling").months[0].gap, -5) << "more than it allows";
}

TEST_F(Promises, OneWithoutAQuantityIsKeptAndShownAsSuch) {
  const Pledge goodwill = named("goodwill");
  EXPECT_FALSE(goodwill.has_quantity);
  EXPECT_TRUE(std::isnan(promise_total(goodwill).gap));
  const Calendar& calendar = run_.model().calendar;
  const PledgeQuery all{.name = "", .party = "", .month = {}};
  EXPECT_THAT(promises_text(asked(all), calendar, all), HasSubstr("no quantity"));
  const PledgeQuery korean{.name = "", .party = "", .month = {}, .language = Language::korean};
  EXPECT_THAT(promises_text(asked(korean), calendar, korean), HasSubstr("수량 없음"));
  const auto json = nlohmann::json::parse(promises_json(asked(all), calendar));
  ASSERT_EQ(json["commitments"].size(), 5U);
  EXPECT_EQ(json["commitments"][1]["name"], "goodwill");
  EXPECT_EQ(json["commitments"][1]["has_quantity"], false);
  EXPECT_TRUE(json["commitments"][1]["months"][0]["promised"].is_null());
}

TEST_F(Promises, ByPartyAndByMonth) {
  EXPECT_EQ(asked({.name = "", .party = "maker", .month = {}}).size(), 3U);
  EXPECT_EQ(asked({.name = "", .party = "제조사", .month = {}}).size(), 3U) << "by title";
  const auto january = asked({.name = "", .party = "buyer", .month = YearMonth{2026, 1}});
  ASSERT_EQ(january.size(), 2U) << "supply begins in February";
  for (const Pledge& promise : january) EXPECT_EQ(promise.months.size(), 1U);
  const auto nobody = promises_of(run_, actuals_, {.name = "", .party = "makr", .month = {}});
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().message, "no party is named 'makr'; did you mean 'maker'?");
  EXPECT_FALSE(promises_of(run_, actuals_, {.name = "", .party = "", .month = YearMonth{2027, 1}}));
  EXPECT_FALSE(promises_of(run_, actuals_, {.name = "suply", .party = "", .month = {}}));
}

TEST_F(Promises, TheTextIsARowEachOrOneInFull) {
  const Calendar& calendar = run_.model().calendar;
  const PledgeQuery all{.name = "", .party = "", .month = {}};
  const std::string text = promises_text(asked(all), calendar, all);
  EXPECT_THAT(text,
              HasSubstr("5 promises: 1 kept, 2 short in some month, 1 that nothing in the plan draws on, 0 over, 1 "
                        "without a quantity"));
  EXPECT_THAT(text, HasSubstr("penalties for what is short: USD 12"));
  const PledgeQuery one{.name = "supply", .party = "", .month = {}, .language = Language::korean};
  const std::string full = promises_text(asked(one), calendar, one);
  for (const char* part : {"제조사", "계약, 서명", "확정", "50 USD/wafer", "2 USD/wafer", "the contract", "2026-05"})
    EXPECT_THAT(full, HasSubstr(part));
  EXPECT_THAT(full, HasSubstr("2026-05~2026-06")) << "months that are alike stand in one row";
}

TEST_F(Promises, TheTableHasARowAPromiseAndMonth) {
  const Table table = promises_table(asked({.name = "", .party = "", .month = {}}), run_.model().calendar);
  EXPECT_EQ(table.row_count(), 5U + 6 * 4);
  EXPECT_EQ(table.column("firmness").texts()[0], "intent");
  EXPECT_EQ(table.column("gap").unit, "");
}

}  // namespace
}  // namespace beltline
