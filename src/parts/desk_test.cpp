#include "parts/desk.h"

#include <cmath>

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;

TEST(AgentsPerSeat, IsWorkOverPaidTimeAtWork) {
  // 0.08 tickets · (6.5 + 0.15 · 45) min = 1.06 min; 160 h · 0.85 · 0.7 = 95.2 h = 5712 min
  const double agents = agents_per_seat({.tickets_per_seat_month = 0.08,
                                         .handle_minutes = 6.5,
                                         .tier2_share = 0.15,
                                         .tier2_handle_minutes = 45,
                                         .hours_per_month = 160,
                                         .occupancy = 0.85,
                                         .shrinkage = 0.3});
  EXPECT_NEAR(agents, 1.06 / 5712, 1e-15);
}

TEST(AgentsPerSeat, GrowsWithWorkAndWithTimeLost) {
  const DeskFacts base{.tickets_per_seat_month = 0.1, .handle_minutes = 10};
  const double agents = agents_per_seat(base);
  DeskFacts more = base;
  more.tickets_per_seat_month *= 2;
  EXPECT_NEAR(agents_per_seat(more), 2 * agents, 1e-15);
  more = base;
  more.occupancy /= 2;
  EXPECT_NEAR(agents_per_seat(more), 2 * agents, 1e-15);
  more = base;
  more.shrinkage = 0.65;
  EXPECT_NEAR(agents_per_seat(more), 2 * agents, 1e-15);
}

/// Probability that a call waits in M/M/n with load `a` (Erlang C).
double erlang_c(int n, double a) {
  double b = 1;  // Erlang B by its recursion
  for (int k = 1; k <= n; ++k) b = a * b / (k + a * b);
  return b / (1 - (a / n) * (1 - b));
}

TEST(AgentsPerSeat, MeetsEightyInTwentySecondsFromFiftyAgentsOn) {
  // the occupancy of 0.85 stands in for the queue: compare with the service level of M/M/n at that load
  constexpr double kHandleSeconds = 6.5 * 60;
  for (const int agents : {50, 100, 400}) {
    const double load = 0.85 * agents;
    const double level = 1 - erlang_c(agents, load) * std::exp(-(agents - load) * 20 / kHandleSeconds);
    EXPECT_GE(level, 0.8) << agents;
  }
}

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
  EXPECT_NEAR(model.at(seats->uses[0].use, 0), 1.06 / 5712, 1e-12);
}

TEST(Desk, HasMoreWorkWithNewSeats) {
  std::string text = std::string(kSeats) + kDesk + "onboarding_factor = 3\nonboarding_time = \"1 month\"\n";
  const std::string constant = "demand = \"1000 seat\"";
  text.replace(text.find(constant), constant.size(),
               "demand = {unit = \"seat\", step = true, dates = {\"2026-01\" = 1000, \"2026-04\" = 2000}}");
  const auto outcome = compile_text(text);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Process* seats = find(outcome.model->processes, "seats_work@korea");
  ASSERT_NE(seats, nullptr);
  const double settled = outcome.model->at(seats->uses[0].use, 2);
  // half of the seats of April are new and raise three tickets for one
  EXPECT_NEAR(outcome.model->at(seats->uses[0].use, 3), 2 * settled, 1e-12);
  EXPECT_NEAR(outcome.model->at(seats->uses[0].use, 4), settled, 1e-12);
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
