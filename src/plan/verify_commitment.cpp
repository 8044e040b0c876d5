#include "plan/verify_commitment.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "plan/verify.h"

namespace beltline {
namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();

/// Units in one state, by when they came into it; the first in are the first out.
class Queue {
 public:
  void put(double count, double since) {
    if (count > 0) units_.push_back({count, since});
  }
  /// Takes units out; the longest any of them still had to stay.
  double take(double count, double now, double least) {
    double missing = 0;
    while (count > 1e-9 && !units_.empty()) {
      Group& oldest = units_.front();
      const double taken = std::min(count, oldest.count);
      missing = std::max(missing, least - (now - oldest.since));
      count -= taken;
      oldest.count -= taken;
      if (oldest.count <= 1e-9) units_.pop_front();
    }
    return missing;
  }

 private:
  struct Group {
    double count;
    double since;
  };
  std::deque<Group> units_;
};

/// The units of one process in one group of slices of one period.
class GroupCheck {
 public:
  GroupCheck(const Model& model, const Plan& plan, const Judge& judge, std::size_t p, int t, int first)
      : m_(model),
        plan_(plan),
        judge_(judge),
        process_(model.processes[p]),
        c_(*process_.commitment),
        p_(p),
        t_(t),
        first_(first),
        end_(first + model.calendar.group_size) {
    if (process_.uses.empty()) {
      online_ = c_.unit_size;
    } else {
      const CapacityUse& use = process_.uses.front();
      online_ = online(model, plan, use.capacity, t);
      per_capacity_ = 1 / model.at(use.use, t);
    }
    size_ = c_.unit_size > 0 ? c_.unit_size : online_;
    count_ = c_.unit_size > 0 ? std::floor(online_ / size_ + 1e-6) : 1.0;
  }

  void run() {
    if (c_.has_units) {
      check_counts();
      check_times();
      check_loads();
    }
    for (int s = first_; s < end_; ++s) check_ramps(s);
  }

 private:
  [[nodiscard]] double on(int s) const { return plan_.units_on.at(p_, t_, s); }
  [[nodiscard]] double starts(int s) const { return plan_.starts.at(p_, t_, s); }
  [[nodiscard]] double stops(int s) const { return plan_.stops.at(p_, t_, s); }
  [[nodiscard]] double run_of(int s) const { return plan_.activity.at(p_, t_, s); }
  [[nodiscard]] double step(int s) const { return m_.calendar.step(s); }
  [[nodiscard]] double full() const { return size_ * per_capacity_; }
  [[nodiscard]] double least(int s) const { return m_.at_or(c_.min_load, 0, t_, s) * full(); }
  [[nodiscard]] int before(int s) const { return s > first_ ? s - 1 : c_.is_cyclic ? end_ - 1 : -1; }

  void judge(double miss, double scale, const char* what, int s) const {
    judge_(miss, scale,
           [&] { return fmt::format("{} of {} in {}, slice {}", what, process_.name, m_.calendar.label(t_), s); });
  }

  /// Units on before the group; none: any number.
  [[nodiscard]] std::optional<double> on_before() const {
    if (c_.units_before) return c_.units_before;
    if (!c_.on_before) return std::nullopt;
    if (*c_.on_before <= 0) return 0;
    if (c_.unit_size <= 0 || process_.uses.empty()) return 1;
    const Capacity& capacity = m_.capacities[process_.uses.front().capacity.index()];
    return std::floor(m_.at_or(capacity.existing, 0, t_) / size_ + 1e-9);
  }

  void check_counts() const {
    for (int s = first_; s < end_; ++s) {
      for (const double count : {on(s), starts(s), stops(s)}) {
        judge(std::abs(count - std::round(count)), 0, "whole units", s);
        judge(-count, 0, "number of units", s);
      }
      judge(on(s) - count_, count_, "units on", s);
      const auto from = before(s) >= 0 ? std::optional(on(before(s))) : on_before();
      const double change = from ? on(s) - *from : 0.0;
      judge(std::abs(change - starts(s) + stops(s)), on(s), "starts and stops", s);
    }
  }

  /// Each unit's time on and off. A cyclic group is gone through twice: by then every unit that moves has its age.
  void check_times() const {
    const bool has_time = c_.on_before.has_value();
    const double since_on = has_time && *c_.on_before > 0 ? -*c_.on_before : -kForever;
    const double since_off = has_time && *c_.on_before < 0 ? *c_.on_before : -kForever;
    const double at_first = before(first_) >= 0 ? on(before(first_)) : on_before().value_or(on(first_));
    Queue running, resting;
    running.put(at_first, since_on);
    resting.put(std::max(0.0, count_ - at_first), since_off);
    double now = 0;
    for (int lap = c_.is_cyclic ? 0 : 1; lap < 2; ++lap) {
      for (int s = first_; s < end_; ++s) {
        const double early = running.take(stops(s), now, c_.min_up);
        const double soon = resting.take(starts(s), now, c_.min_down);
        if (lap == 1) {
          judge(early - 1e-6, 0, "time on", s);
          judge(soon - 1e-6, 0, "time off", s);
        }
        running.put(starts(s), now);
        resting.put(stops(s), now);
        now += c_.counts_slices ? 1.0 : step(s);
      }
    }
  }

  void check_loads() const {
    for (int s = first_; s < end_; ++s) {
      double share = 1;
      if (!process_.uses.empty()) {
        share = m_.at_or(m_.capacities[process_.uses.front().capacity.index()].availability, 1, t_, s);
      }
      const double most = share * full() * on(s);
      judge(run_of(s) - most, std::abs(most), "most load", s);
      if (c_.min_load.present()) judge(least(s) * on(s) - run_of(s), std::abs(run_of(s)), "least load", s);
    }
  }

  void check_ramps(int s) const {
    double from = 0, was_on = 1, least_before = 0;
    if (before(s) >= 0) {
      from = run_of(before(s));
      if (c_.has_units) was_on = on(before(s));
      least_before = least(before(s));
    } else {
      const auto state = on_before();
      if (c_.has_units && !state) return;
      if (!c_.level_before && !(c_.has_units && *state == 0)) return;
      from = c_.level_before.value_or(0);
      if (c_.has_units) was_on = *state;
    }
    const double rise = run_of(s) - from;
    const double up = c_.ramp_up.present() ? m_.at(c_.ramp_up, t_, s) * step(s) * full() : full();
    const double down = c_.ramp_down.present() ? m_.at(c_.ramp_down, t_, s) * step(s) * full() : full();
    const double scale = std::max(std::abs(run_of(s)), std::abs(from));
    if (!c_.has_units) {
      if (c_.ramp_up.present()) judge(rise - up, scale, "ramp up", s);
      if (c_.ramp_down.present()) judge(-rise - down, scale, "ramp down", s);
      return;
    }
    const double start = c_.ramp_start >= 0 ? c_.ramp_start * full() : full();
    const double stop = c_.ramp_stop >= 0 ? c_.ramp_stop * full() : full();
    const bool limits_up = c_.ramp_up.present() || c_.ramp_start >= 0;
    const bool limits_down = c_.ramp_down.present() || c_.ramp_stop >= 0;
    if (c_.ramps_by_count) {
      if (limits_up) judge(rise - up * was_on - start * (on(s) - was_on), scale, "ramp up", s);
      if (limits_down) judge(-rise - down * on(s) - stop * (was_on - on(s)), scale, "ramp down", s);
      return;
    }
    const double staying = on(s) - starts(s);
    if (limits_up) {
      judge(rise - up * staying - start * starts(s) + least_before * stops(s), scale, "ramp up", s);
    }
    if (limits_down) {
      judge(-rise - down * staying - stop * stops(s) + least(s) * starts(s), scale, "ramp down", s);
    }
  }

  const Model& m_;
  const Plan& plan_;
  const Judge& judge_;
  const Process& process_;
  const UnitCommitment& c_;
  const std::size_t p_;
  const int t_, first_, end_;
  double online_ = 0;        // capacity
  double per_capacity_ = 1;  // activity of one unit of capacity
  double size_ = 0;          // capacity of one unit
  double count_ = 0;         // whole units online
};

}  // namespace

void check_commitment(const Model& model, const Plan& plan, const Judge& judge) {
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    if (!model.processes[p].commitment) continue;
    for (int t = 0; t < model.period_count(); ++t) {
      for (int first = 0; first < model.calendar.slice_count; first += model.calendar.group_size) {
        GroupCheck(model, plan, judge, p, t, first).run();
      }
    }
  }
}

double commitment_usd(const Model& model, const Plan& plan, std::size_t p, int t, int s) {
  const Process& process = model.processes[p];
  if (!process.commitment || !process.commitment->has_units) return 0;
  const UnitCommitment& c = *process.commitment;
  const double hours = model.calendar.hours(t, s);
  const double repeats = hours / model.calendar.step(s);
  return hours * model.at_or(c.no_load_cost, 0, t, s) * plan.units_on.at(p, t, s) +
         repeats * model.at_or(c.start_cost, 0, t, s) * plan.starts.at(p, t, s) +
         repeats * model.at_or(c.stop_cost, 0, t, s) * plan.stops.at(p, t, s);
}

double commitment_usd(const Model& model, const Plan& plan, std::size_t p, int t) {
  double usd = 0;
  for (int s = 0; s < model.calendar.slice_count; ++s) usd += commitment_usd(model, plan, p, t, s);
  return usd;
}

}  // namespace beltline
