#include "import/frepple_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "scenario/limits.h"

namespace beltline::frepple {
namespace {

constexpr Seconds kFarArrival =
    365 * kDay;  // fixed arrivals so long after the last due date are of no use to any order

constexpr double kRestFactor = 4;  // an hour of work with its rest: one shift of a week of five days is 4.2
constexpr Seconds kRestMargin = 14 * kDay;

/// Every length of time that a plan depends on, dates as the time from the current one.
std::vector<Seconds> times_of(const FreppleModel& model, const Network& network, Seconds current) {
  std::vector<Seconds> out;
  const auto date = [&](Seconds at) {
    if (at > current) out.push_back(at - current);
  };
  for (const Job& job : network.jobs) {
    out.push_back(duration_of(job, job.per > 0 ? least_lot(job.sizes) : 0));
    out.push_back(job.fence);
    if (job.window.start) date(*job.window.start);
    if (job.per > 0 && !job.loads.empty()) out.push_back(duration_of(job, 2 * least_lot(job.sizes)) - job.duration);
    for (const JobFlow& flow : job.flows) out.push_back(flow.offset);
  }
  for (const auto& [name, demand] : model.demands) {
    date(demand.due);
    if (demand.max_lateness) out.push_back(*demand.max_lateness);
  }
  for (const FixedPlan& plan : model.plans) {
    if (plan.status != "confirmed" && plan.status != "approved") continue;
    if (plan.start) date(*plan.start);
    if (plan.end) date(*plan.end);
  }
  for (const auto& [name, calendar] : model.calendars) {
    for (const CalendarBucket& bucket : calendar.buckets) {
      if (bucket.window.start) date(*bucket.window.start);
      if (bucket.window.end) date(*bucket.window.end);
      if (bucket.days == 127 && bucket.start == 0 && bucket.end >= kDay) continue;
      // times of the day, and midnight, as they lie from the current time on
      const Seconds now = (current % kDay + kDay) % kDay;
      for (const Seconds time : {bucket.start, bucket.end, kDay}) out.push_back(std::abs(time - now));
      out.push_back(kDay);
    }
  }
  std::erase(out, 0);
  return out;
}

/// The longest time from nothing to a good, each job in its least lots.
class LongestChain {
 public:
  explicit LongestChain(const Network& network) : network_(network) {}

  Seconds to(const std::string& good) {
    const auto [found, is_new] = known_.try_emplace(good, 0);
    if (!is_new) return found->second;
    Seconds longest = 0;
    if (const auto makers = network_.makers.find(good); makers != network_.makers.end()) {
      for (const std::size_t maker : makers->second) {
        const Job& job = network_.jobs[maker];
        Seconds inputs = 0;
        for (const JobFlow& flow : job.flows)
          if (flow.quantity < 0) inputs = std::max(inputs, to(flow.good));
        longest = std::max(longest, inputs + job.fence + duration_of(job, 2 * least_lot(job.sizes)));
      }
    }
    return known_[good] = longest;
  }

 private:
  const Network& network_;
  std::map<std::string, Seconds> known_;
};

/// All work on resources, one lot after the other: of each order a lot of each job behind it, and the time of its
/// units.
double work_of(const Network& network) {
  double sum = 0;
  for (const auto& [name, good] : network.goods) {
    if (good.demand == nullptr) continue;
    std::map<std::string, double> asked{{name, good.demand->quantity}};  // of goods not looked at yet
    std::set<std::string> seen;
    while (!asked.empty()) {
      const auto [at, quantity] = *asked.begin();
      asked.erase(asked.begin());
      const auto makers = network.makers.find(at);
      if (!seen.insert(at).second || makers == network.makers.end()) continue;
      for (const std::size_t maker : makers->second) {
        const Job& job = network.jobs[maker];
        double output = 0;
        for (const JobFlow& flow : job.flows)
          if (flow.good == at) output = std::max(output, flow.quantity);
        const double units = std::max(output > 0 ? quantity / output : quantity, least_lot(job.sizes));
        if (!job.loads.empty()) sum += static_cast<double>(job.duration) + job.per * units;
        for (const JobFlow& flow : job.flows)
          if (flow.quantity < 0) asked[flow.good] += units * -flow.quantity;
      }
    }
  }
  return sum;
}

/// What the horizon must hold after the current date.
Seconds horizon_of(const FreppleModel& model, const Network& network, Seconds current) {
  Seconds due = current;
  LongestChain chain(network);
  Seconds longest = 0;
  for (const auto& [name, good] : network.goods) {
    longest = std::max(longest, chain.to(name));
    if (good.demand == nullptr) continue;
    due = std::max(due, good.demand->due);
  }
  const double work = work_of(network);
  // dates on which something begins to be possible, as far as they can be of use
  Seconds last = due;
  const auto reach = [&](std::optional<Seconds> date) {
    if (date && *date <= due + kFarArrival) last = std::max(last, *date);
  };
  for (const FixedPlan& plan : model.plans) reach(plan.end ? plan.end : plan.start);
  for (const Job& job : network.jobs) reach(job.window.start);
  for (const auto& [name, calendar] : model.calendars) {
    for (const CalendarBucket& bucket : calendar.buckets) {
      reach(bucket.window.start);
      reach(bucket.window.end);
    }
  }
  // where work rests, each hour of it takes as many as there are of all for one of work
  const bool rests = std::ranges::any_of(network.jobs, [](const Job& job) { return !job.available.empty(); });
  const double chain_and_work = std::min(static_cast<double>(longest) + work, 1e11);
  if (rests) return last - current + static_cast<Seconds>(kRestFactor * chain_and_work) + kRestMargin;
  return last - current + static_cast<Seconds>(chain_and_work);
}

}  // namespace

int Grid::until(Seconds date) const {
  const Seconds past = date - current;
  return static_cast<int>(past >= 0 ? past / length : -((-past + length - 1) / length));
}

double value_at(const FreppleCalendar& calendar, Seconds date) {
  const Seconds day = date >= 0 ? date / kDay : -((-date + kDay - 1) / kDay);
  const Seconds time = date - day * kDay;
  const auto weekday = static_cast<int>(((day + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday; Sunday is 0
  const CalendarBucket* holds = nullptr;
  for (const CalendarBucket& bucket : calendar.buckets) {
    if (bucket.window.start && *bucket.window.start > date) continue;
    if (bucket.window.end && *bucket.window.end <= date) continue;
    if ((bucket.days >> weekday & 1) == 0 || time < bucket.start || time >= bucket.end) continue;
    const bool is_first =
        holds == nullptr || bucket.priority < holds->priority ||
        (bucket.priority == holds->priority && bucket.window.start.value_or(0) >= holds->window.start.value_or(0));
    if (is_first) holds = &bucket;
  }
  return holds == nullptr ? calendar.value : holds->value;
}

double least_lot(const Sizes& sizes) {
  const double least = sizes.minimum.value_or(1);
  const double multiple = sizes.multiple.value_or(0);
  return multiple > 0 ? std::max(1.0, std::ceil(least / multiple - 1e-9)) * multiple : least;
}

Seconds duration_of(const Job& job, double quantity) {
  const double seconds = std::ceil(job.per * quantity - 1e-6);
  return job.duration + static_cast<Seconds>(std::min(seconds, 1e11));
}

std::optional<Grid> make_grid(const FreppleModel& model, const Network& network, std::optional<Seconds> length,
                              Diagnostics& diagnostics) {
  Grid grid;
  grid.current = model.current.value_or(0);
  Seconds divisor = 0;
  for (const Seconds time : times_of(model, network, grid.current)) divisor = std::gcd(divisor, time);
  if (divisor == 0) divisor = kDay;
  const Seconds horizon = horizon_of(model, network, grid.current);
  const auto periods = [&](Seconds each) { return horizon / each + 2; };
  // no longer than a day, in which people count
  grid.length = length.value_or(divisor <= kDay ? divisor : std::gcd(divisor, kDay));
  if (!length) {
    constexpr std::array<Seconds, 11> kLengths{60,        300,  900,      3600,      2 * 3600, 4 * 3600,
                                               12 * 3600, kDay, 7 * kDay, 14 * kDay, 28 * kDay};
    for (const Seconds each : kLengths)
      if (periods(grid.length) > limits::kPeriods && each > grid.length) grid.length = each;
  }
  if (periods(grid.length) > limits::kPeriods) {
    diagnostics.add(
        {.code = Code::too_many,
         .message = fmt::format("the model spans {} periods of {}", periods(grid.length), duration_text(grid.length)),
         .found = fmt::format("{}", periods(grid.length)),
         .expected = fmt::format("at most {}", limits::kPeriods),
         .help = "name longer periods with --period, such as --period P7D"});
    return std::nullopt;
  }
  grid.is_exact = divisor % grid.length == 0;
  grid.periods = static_cast<int>(periods(grid.length));
  if (!grid.is_exact) {
    diagnostics.add(
        {.code = Code::inconsistent,
         .severity = Severity::warning,
         .message = fmt::format("periods of {} do not divide all times of the model", duration_text(grid.length)),
         .found = fmt::format("times that need periods of {}", duration_text(divisor)),
         .help = "each duration is rounded up to whole periods, so that dates may come out later, never "
                 "earlier"});
  }
  return grid;
}

}  // namespace beltline::frepple
