#include "parts/seats.h"

#include <gtest/gtest.h>

#include "parts/seat_book.h"
#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;
using service_test::flow_of;

TEST(TokensPerSeat, IsUseTimesWorkingDays) {
  EXPECT_NEAR(tokens_per_seat_month({.active_share = 0.45, .working_days = 21, .tokens_chat_day = 25000}), 236250,
              1e-9);
  // a tenth of the active users let agents work: 0.9 · 25,000 + 0.1 · 3,000,000 = 322,500
  EXPECT_NEAR(tokens_per_seat_month({.active_share = 0.45,
                                     .working_days = 20,
                                     .tokens_chat_day = 25000,
                                     .agent_share = 0.1,
                                     .tokens_agent_day = 3e6}),
              0.45 * 20 * 322500, 1e-6);
  EXPECT_EQ(tokens_per_seat_month({.active_share = 0, .tokens_chat_day = 25000}), 0);
}

constexpr const char* kSeats = R"(
[service.chat]
region = "korea"
active_parameters = 1e11
utilisation_decode = 0.06
utilisation_prefill = 0.4
input_share = 0.7
cache_hit = 0.5
[seats.work]
service = "chat"
customers = "customers"
reseller = "reseller"
vendor = "vendor"
demand = {unit = "seat", dates = {"2026-01" = 1000, "2026-11" = 2000}}
price = "600 USD/seat/year"
margin = 0.12
active_share = 0.45
tokens_chat = "25000 token"
peak_to_mean = 2.8
peak_hour = 14
)";

TEST(Seats, TakeTheirTokensOverTheDay) {
  const auto outcome = compile_text(kSeats);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* seats = find(model.processes, "seats_work@korea");
  ASSERT_NE(seats, nullptr);
  EXPECT_EQ(seats->grain, Grain::amount);
  EXPECT_EQ(model.at(flow_of(model, *seats, "seat_work")->rate, 0), 1);
  const Series tokens = flow_of(model, *seats, "token")->rate;
  // the month's tokens come back: Σ_s rate / hours[t] · hours[t,s] · 3600 s · 10⁶
  double mean = 0;
  for (int s = 0; s < model.calendar.slice_count; ++s) {
    mean += model.at(tokens, 1, s) * model.calendar.hours(1, s) / model.calendar.hours(1);
  }
  EXPECT_NEAR(-mean * 3600 * 1e6, 236250 * 0.3525, 1e-6);
  EXPECT_NEAR(model.at(tokens, 1, 14) / mean, 2.8, 1e-9);
}

TEST(Seats, AreDemandedAndPaidFor) {
  const auto outcome = compile_text(kSeats);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Demand* demand = find(model.demands, "seats_work@korea");
  ASSERT_NE(demand, nullptr);
  EXPECT_NEAR(model.at(demand->quantity, 0), 1000, 1e-9);
  EXPECT_NEAR(model.at(demand->quantity, 5), 1500, 1e-9);
  EXPECT_NEAR(model.at(demand->quantity, 11), 2000, 1e-9);
  EXPECT_NEAR(model.at(demand->unserved_cost, 0), 50, 1e-12);

  const Process* seats = find(model.processes, "seats_work@korea");
  ASSERT_EQ(seats->payments.size(), 2u);
  EXPECT_EQ(model.parties[seats->payments[0].payer.index()].name, "customers");
  EXPECT_EQ(model.parties[seats->payments[0].payee.index()].name, "reseller");
  EXPECT_NEAR(model.at(seats->payments[0].price, 0), 50, 1e-12);
  EXPECT_EQ(model.parties[seats->payments[1].payee.index()].name, "vendor");
  EXPECT_NEAR(model.at(seats->payments[1].price, 0), 44, 1e-12);
  EXPECT_TRUE(seats->uses.empty());  // no desk
}

TEST(Seats, OfTwoResellersAreNotOneGood) {
  std::string second = R"(
[seats.more]
service = "chat"
demand = "10 seat"
price = "5 USD/seat/month"
active_share = 0.1
tokens_chat = "100 token"
)";
  const auto outcome = compile_text(kSeats + second);
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_NE(find(outcome.model->commodities, "seat_work"), nullptr);
  EXPECT_NE(find(outcome.model->commodities, "seat_more"), nullptr);
}

TEST(Seats, AreMeasured) {
  const auto outcome = compile_text(kSeats);
  ASSERT_TRUE(outcome.model) << outcome.text();
  for (const char* name : {"seats_demanded_work", "seats_served_work", "revenue_work", "margin_work", "tokens_work"}) {
    const Measure* measure = find(outcome.model->measures, name);
    ASSERT_NE(measure, nullptr) << name;
    EXPECT_EQ(measure->table, "seats");
  }
  const Measure* margin = find(outcome.model->measures, "margin_work");
  EXPECT_NEAR(outcome.model->at(margin->terms[0].coefficient, 0), 6, 1e-12);
}

TEST(Seats, ReportFaults) {
  struct Case {
    const char* from;
    const char* to;
    Code code;
  };
  const Case cases[] = {
      {"service = \"chat\"\n", "", Code::missing_key},
      {"service = \"chat\"", "service = \"chatter\"", Code::dangling_reference},
      {"margin = 0.12", "margin = 1.2", Code::out_of_range},
      {"active_share = 0.45", "active_share = -0.1", Code::out_of_range},
      {"active_parameters = 1e11\n", "", Code::inconsistent},
      {"tokens_chat = \"25000 token\"", "tokens_chat = \"25000 seat\"", Code::wrong_dimension},
      {"price = \"600 USD/seat/year\"", "price = \"600 USD/year\"", Code::wrong_dimension},
  };
  for (const Case& c : cases) {
    std::string text = kSeats;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto outcome = compile_text(text);
    EXPECT_TRUE(outcome.has(c.code)) << c.from << "->" << c.to << outcome.text();
    EXPECT_FALSE(outcome.model);
  }
}

TEST(GrownSeats, GrowLoseAndFillTheirMarket) {
  EXPECT_EQ(grown_seats({.existing = 100, .churn = 0.1, .signups_month = {0, 0, 10}}, 1),
            (std::vector<double>{90, 81, 82.9}));
  EXPECT_EQ(grown_seats({.market = 25, .signups_month = {10, 10, 10}}, 1), (std::vector<double>{10, 20, 25}));
  // a year of twelve months: their mean
  EXPECT_NEAR(grown_seats({.signups_month = {10}}, 12)[0], 10 * 78.0 / 12, 1e-12);
}

constexpr const char* kSegments = R"(
[seats.work]
service = "chat"
customers = "customers"
reseller = "reseller"
vendor = "vendor"
active_share = 0.45
prompts = 10
tokens_prompt = "2500 token"
[[seats.work.segment]]
name = "large"
existing = "1000 seat"
signups = "100 seat/month"
churn = 0.01
price = "40 USD/seat/month"
margin = 0.1
[[seats.work.segment]]
name = "small"
signups = "500 seat/month"
market = "900 seat"
price = "60 USD/seat/month"
margin = 0.2
)";

TEST(Seats, OfSegmentsAddUp) {
  const std::string service = std::string(kSeats).substr(0, std::string(kSeats).find("[seats.work]"));
  const auto outcome = compile_text(service + kSegments);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Demand* demand = find(model.demands, "seats_work@korea");
  ASSERT_NE(demand, nullptr);
  const double large = 1000 * 0.99 + 100;
  EXPECT_NEAR(model.at(demand->quantity, 0), large + 500, 1e-9);
  EXPECT_NEAR(model.at(demand->quantity, 1), large * 0.99 + 100 + 900, 1e-9);
  const double price = (large * 40 + 500 * 60) / (large + 500);
  EXPECT_NEAR(model.at(demand->unserved_cost, 0), price, 1e-9);
  const Process* seats = find(model.processes, "seats_work@korea");
  ASSERT_EQ(seats->payments.size(), 2u);
  const double margin = (large * 40 * 0.1 + 500 * 60 * 0.2) / (large * 40 + 500 * 60);
  EXPECT_NEAR(model.at(seats->payments[1].price, 0), price * (1 - margin), 1e-9);
}

TEST(Seats, SayWhatTheyTakeOnceAndWhole) {
  const std::string service = std::string(kSeats).substr(0, std::string(kSeats).find("[seats.work]"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = kSegments;
    text.replace(text.find(from), from.size(), to);
    return compile_text(service + text);
  };
  EXPECT_TRUE(with("prompts = 10", "").has(Code::missing_key));
  EXPECT_TRUE(with("prompts = 10", "prompts = 10\ntokens_chat = \"10 token\"").has(Code::inconsistent));
  EXPECT_TRUE(with("prompts = 10", "prompts = 10\ndemand = \"10 seat\"").has(Code::inconsistent));
  EXPECT_TRUE(with("churn = 0.01", "churn = 1.5").has(Code::out_of_range));
  EXPECT_TRUE(compile_text(service + "[seats.work]\nservice = \"chat\"\nactive_share = 1\ntokens_chat = \"1 token\"\n")
                  .has(Code::missing_key));
}

}  // namespace
}  // namespace beltline
