#include "queue/staffing.h"

#include <cmath>

#include <gtest/gtest.h>

namespace beltline::queue {
namespace {

TEST(AgentsOnDuty, AreTheFewestThatMeetTheTarget) {
  for (const double rate : {0.01, 0.5, 3.0, 40.0}) {
    for (const double level : {0.5, 0.8, 0.99}) {
      for (const bool impatient : {false, true}) {
        Calls calls{.arrival_rate = rate, .handle_time_mean = 6};
        if (impatient) calls.patience_mean = 2;
        const ServiceTarget target{.service_level = level, .time = 1.0 / 3, .occupancy_max = 0.9};
        int by_one = 1;
        for (;; ++by_one) {
          const AgentService service = service_of(calls, by_one, target.time);
          if (service.service_level >= level && service.occupancy <= 0.9 && std::isfinite(service.wait_mean)) break;
        }
        EXPECT_EQ(agents_on_duty(calls, target), by_one) << rate << " " << level << " " << impatient;
      }
    }
  }
}

TEST(AgentsOnDuty, OfImpatientCallersAreFewer) {
  const ServiceTarget target{.service_level = 0.8, .time = 20};
  const Calls patient{.arrival_rate = 0.1, .handle_time_mean = 390};
  const Calls impatient{.arrival_rate = 0.1, .handle_time_mean = 390, .patience_mean = 120};
  EXPECT_LT(agents_on_duty(impatient, target), agents_on_duty(patient, target));
  ServiceTarget few_lost = target;
  few_lost.abandonment_max = 0.001;
  const int agents = agents_on_duty(impatient, few_lost);
  EXPECT_GT(agents, agents_on_duty(impatient, target));
  EXPECT_LE(service_of(impatient, agents, 20).p_abandon, 0.001);
}

TEST(AgentsOnDuty, OfNoCallsAreNone) {
  EXPECT_EQ(agents_on_duty({.arrival_rate = 0, .handle_time_mean = 6}, {}), 0);
  EXPECT_EQ(agents_paid(0, 0.3), 0);
  EXPECT_EQ(agents_paid(7, 0.3), 10);
}

TEST(AgentsOnDuty, BeyondTheirLoadDoNotSettle) {
  const AgentService service = service_of({.arrival_rate = 2, .handle_time_mean = 3}, 5, 1);
  EXPECT_EQ(service.occupancy, 1);
  EXPECT_EQ(service.service_level, 0);
  EXPECT_TRUE(std::isinf(service.wait_mean));
}

}  // namespace
}  // namespace beltline::queue
