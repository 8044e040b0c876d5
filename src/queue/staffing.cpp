#include "queue/staffing.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "queue/mmc.h"
#include "queue/patience.h"

namespace beltline::queue {

namespace {

bool meets(const Calls& calls, const ServiceTarget& target, int agents) {
  const AgentService service = service_of(calls, agents, target.time);
  return service.service_level >= target.service_level && service.occupancy <= target.occupancy_max &&
         (!target.abandonment_max || service.p_abandon <= *target.abandonment_max) && std::isfinite(service.wait_mean);
}

}  // namespace

AgentService service_of(const Calls& calls, double agents, double target_time) {
  const Mmc queue{calls.arrival_rate, calls.handle_time_mean, agents};
  if (calls.patience_mean) {
    const Impatient impatient{queue, *calls.patience_mean};
    const PatienceMeans means = patience_means(impatient);
    return {means.p_wait, served_within(impatient, target_time), means.wait_mean, means.p_abandon, means.occupancy};
  }
  const WaitMeans means = wait_means(queue);
  return {means.p_wait, wait_cumulative(queue, target_time), means.wait_mean, 0, std::min(1.0, queue.occupancy())};
}

int agents_on_duty(const Calls& calls, const ServiceTarget& target) {
  ASSERT(calls.arrival_rate >= 0 && calls.handle_time_mean > 0);
  ASSERT(target.service_level >= 0 && target.service_level < 1 && target.time >= 0);
  ASSERT(target.occupancy_max > 0 && target.occupancy_max <= 1);
  ASSERT(!target.abandonment_max || (*target.abandonment_max > 0 && *target.abandonment_max <= 1));
  if (calls.arrival_rate == 0) return 0;
  // more agents never serve worse: double until enough, then halve the gap
  int enough = 1;
  while (!meets(calls, target, enough)) {
    ASSERT(enough < 1 << 28);
    enough *= 2;
  }
  int short_of = enough / 2;
  while (enough - short_of > 1) {
    const int middle = short_of + (enough - short_of) / 2;
    (meets(calls, target, middle) ? enough : short_of) = middle;
  }
  return enough;
}

int agents_paid(int on_duty, double shrinkage) {
  ASSERT(on_duty >= 0 && shrinkage >= 0 && shrinkage < 1);
  // 14 / 0.7 is 20, whatever the last bit says
  return static_cast<int>(std::ceil(on_duty / (1 - shrinkage) - 1e-9));
}

}  // namespace beltline::queue
