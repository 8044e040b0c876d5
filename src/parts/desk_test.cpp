#include "parts/desk.h"

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;

TEST(NewSeatShares, LooksBackTheOnboardingTime) {
  const std::vector<double> seats{100, 100, 150, 200, 200, 200, 100, 0};
  const auto shares = new_seat_shares(seats, 2);
  const double expected[] = {0, 0, 1.0 / 3, 0.5, 0.25, 0, 0, 0};
  for (std::size_t t = 0; t < seats.size(); ++t) EXPECT_NEAR(shares[t], expected[t], 1e-15) << t;
  for (const double share : new_seat_shares(seats, 0)) EXPECT_EQ(share, 0);
}

constexpr const char* kSeats = R"(
[service.chat]
region = "korea"
active_parameters = 1e11
[seats.work]
service = "chat"
reseller = "reseller"
demand = "1000 seat"
price = "50 USD/seat/month"
active_share = 0.5
tokens_chat = "10000 token"
)";

constexpr const char* kDesk = R"(
[desk.help]
seats = "work"
tickets = "0.08 ticket/seat/month"
handle_time = "6.5 min"
tier2_share = 0.15
tier2_handle_time = "0.75 h"
existing = "2 person"
training_time = "6 week"
hires_max = "12 person/year"
hire_cost = "3000 USD/person"
wage = "36000 USD/person/year"
tenure = "3 year"
)";

TEST(Desk, IsACapacityThatSeatsDrawOn) {
  const auto outcome = compile_text(std::string(kSeats) + kDesk);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* agents = find(model.capacities, "agents_work@korea");
  ASSERT_NE(agents, nullptr);
  EXPECT_EQ(agents->unit, "person");
  EXPECT_EQ(agents->lead, 2);  // six weeks, whole months
  EXPECT_EQ(agents->life, 36);
  EXPECT_EQ(model.at(agents->existing, 0), 2);
  EXPECT_NEAR(model.at(agents->build_max, 0), 1, 1e-12);
  EXPECT_NEAR(model.at(agents->fixed_cost, 0), 3000, 1e-9);
  EXPECT_EQ(model.at(agents->capex, 0), 3000);
  const Process* seats = find(model.processes, "seats_work@korea");
  ASSERT_NE(seats, nullptr);
  ASSERT_EQ(seats->uses.size(), 1u);
  EXPECT_EQ(&model.capacities[seats->uses[0].capacity.index()], agents);
  // 80 tickets a month are half a ticket an hour: one agent answers 80 % of them within 20 s
  const double week = 160 / (365.25 / 12 / 7);
  const double tier1 = 5 * 9 / week;
  const double tier2 = 80 / (365.25 / 12 / 7) * 0.15 * 0.75 / 0.85 / week;
  EXPECT_NEAR(model.at(seats->uses[0].use, 0), (tier1 + tier2) / 0.7 / 1000, 1e-12);
}

TEST(Desk, TellsItsServiceLevel) {
  const auto outcome = compile_text(std::string(kSeats) + kDesk);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* level = find(outcome.model->measures, "service_level_work");
  ASSERT_NE(level, nullptr);
  EXPECT_GE(outcome.model->at(level->constant, 0), 0.8);
  EXPECT_LE(outcome.model->at(level->constant, 0), 1);
}

TEST(Desk, HasMoreWorkWithNewSeats) {
  std::string text = std::string(kSeats) + kDesk + "onboarding_factor = 3\nonboarding_time = \"1 month\"\n";
  const std::string constant = "demand = \"1000 seat\"";
  text.replace(text.find(constant), constant.size(),
               "demand = {unit = \"seat\", step = true, dates = {\"2026-01\" = 1e6, \"2026-04\" = 2e6}}");
  const auto outcome = compile_text(text);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Process* seats = find(outcome.model->processes, "seats_work@korea");
  ASSERT_NE(seats, nullptr);
  const double settled = outcome.model->at(seats->uses[0].use, 2);
  // half of the seats of April are new and raise three tickets for one
  EXPECT_NEAR(outcome.model->at(seats->uses[0].use, 3) / settled, 2, 0.02);
  EXPECT_NEAR(outcome.model->at(seats->uses[0].use, 4) / settled, 1, 0.02);
  // and at this size they are busy for all the time they may be
  const double week = 160 / (365.25 / 12 / 7);
  const double workload = 0.08 / (365.25 / 12 / 7) * (6.5 + 0.15 * 45) / 60 / 0.85 / week / 0.7;
  EXPECT_NEAR(settled / workload, 1, 0.01);
}

TEST(Desk, OfFewSeatsTakesMoreAgentsASeat) {
  double before = 1e9;
  for (const char* seats : {"300 seat", "3000 seat", "30000 seat", "300000 seat"}) {
    std::string text = std::string(kSeats) + kDesk;
    text.replace(text.find("1000 seat"), 9, seats);
    const auto outcome = compile_text(text);
    ASSERT_TRUE(outcome.model) << outcome.text();
    const Process* process = find(outcome.model->processes, "seats_work@korea");
    const double agents = outcome.model->at(process->uses[0].use, 0);
    EXPECT_LT(agents, before) << seats;
    before = agents;
  }
}

TEST(Desk, OfLongerHoursOrSharperPeaksTakesMoreAgents) {
  const auto agents = [](const std::string& more) {
    std::string text = std::string(kSeats) + kDesk + more;
    text.replace(text.find("1000 seat"), 9, "200000 seat");
    const auto outcome = compile_text(text);
    EXPECT_TRUE(outcome.model) << outcome.text();
    return outcome.model ? outcome.model->at(find(outcome.model->processes, "seats_work@korea")->uses[0].use, 0) : 0;
  };
  const double plain = agents("");
  EXPECT_GT(agents("peak_to_mean = 3\n"), plain);
  EXPECT_GT(agents("service_level = 0.99\nanswer_within = \"1 s\"\noccupancy = 0.95\n"), agents("occupancy = 0.95\n"));
  EXPECT_LE(agents("patience = \"1 min\"\noccupancy = 0.95\n"), agents("occupancy = 0.95\n"));
  EXPECT_GT(agents("opening_hour = 0\nclosing_hour = 24\nopening_days = 7\nshift = \"8 h\"\n"), 0.9 * plain);
}

TEST(Desk, ReportsFaults) {
  struct Case {
    const char* from;
    const char* to;
    Code code;
  };
  const Case cases[] = {
      {"seats = \"work\"", "seats = \"play\"", Code::dangling_reference},
      {"tier2_share = 0.15", "tier2_share = 1.5", Code::out_of_range},
      {"training_time = \"6 week\"", "training_time = \"-1 month\"", Code::negative_lead},
      {"tenure = \"3 year\"", "occupancy = 0", Code::bad_yield},
      {"tenure = \"3 year\"", "shrinkage = 1", Code::out_of_range},
      {"tenure = \"3 year\"", "paid_hours = \"0 h\"", Code::out_of_range},
      {"handle_time = \"6.5 min\"", "handle_time = \"6.5 USD\"", Code::wrong_dimension},
      {"tenure = \"3 year\"", "opening_hour = 18", Code::inconsistent},
      {"tenure = \"3 year\"", "closing_hour = 25", Code::out_of_range},
      {"tenure = \"3 year\"", "shift = \"7.5 h\"", Code::out_of_range},
      {"tenure = \"3 year\"", "service_level = 1", Code::out_of_range},
      {"tenure = \"3 year\"", "patience = \"0 min\"", Code::out_of_range},
  };
  for (const Case& c : cases) {
    std::string text = std::string(kSeats) + kDesk;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto outcome = compile_text(text);
    EXPECT_TRUE(outcome.has(c.code)) << c.to << outcome.text();
  }
  std::string second = kDesk;
  second.replace(second.find("help"), 4, "also");
  EXPECT_TRUE(compile_text(std::string(kSeats) + kDesk + second).has(Code::inconsistent));
}

}  // namespace
}  // namespace beltline
