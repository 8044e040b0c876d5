// Slots of a site: loading and draining, failures, outages, power caps, scaling, jobs.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/assert.h"
#include "serving/fleet_site_parts.h"
#include "serving/traffic_draws.h"
#include "serving/traffic_hash.h"

namespace beltline::serving {
namespace {

constexpr Picoseconds kHour = 3600 * kSecond;
/// Slower than this a chip does not run; replicas are switched off instead.
constexpr double kSlowFactorMax = 4;

double hours(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kHour);
}

/// Time to a failure; what the clock does not hold is not set at all.
Picoseconds time_to_failure(double mtbf_h, TrafficDraws& draws) {
  const double after_h = draws.exponential() * mtbf_h;
  return after_h > 2000 ? kNever : static_cast<Picoseconds>(after_h * static_cast<double>(kHour));
}

/// What a need may exceed the slots by that are kept, as a share of a simulated slot. In truth there is no part of a
/// slot without a whole one, which is but 1 / weight of a simulated slot; simulated slots are given up by rounding to
/// the nearest, so that not half of a simulated one more serves than in truth. They are added by the same need at every
/// site, as routing brings more to the one that adds first.
double rounding_of_slots(double weight) {
  return 0.5 - 0.5 / weight;
}

}  // namespace

void SiteRun::play(const Event& event) {
  account(event.at);
  const auto slot = static_cast<std::size_t>(event.index);
  switch (event.kind) {
    case Kind::outage_begin: begin_outage(spec_.outages[slot], event.at); break;
    case Kind::outage_end: end_outage(event.at); break;
    case Kind::closing:
      closing_ = true;
      note(event.at, "closing", "requests go elsewhere before a planned outage", 0);
      break;
    case Kind::cap:
      apply_cap(event.at);
      if (const Picoseconds local = options_.start_of_day + event.at; event.at < options_.end)
        push(event.at + kHour - local % kHour, Kind::cap, 0);
      break;
    case Kind::failure:
      if (slots_[slot].token == event.token) fail_slot(slot, event.at, event.at + spec_.failures.repair);
      break;
    case Kind::rack_failure: {
      const Picoseconds repaired = event.at + spec_.failures.repair;
      double count = 0;
      for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].rack != event.index || slots_[i].state == SlotState::failed || slots_[i].state == SlotState::off)
          continue;
        fail_slot(i, event.at, repaired);
        count += slots_[i].weight;
      }
      note(event.at, "rack failed", fmt::format("rack {}", event.index + 1), count);
      next_rack_failure(event.index, repaired);
      break;
    }
    case Kind::up:
      if (slots_[slot].token == event.token) {
        set_up(slot, event.at);
        next_failure(slot, event.at);
      }
      break;
    case Kind::scale:
      free_drained(event.at);
      if (!lost_) {
        if (spec_.scaling.is_on) scale(event.at);
        start_jobs(event.at);
      }
      if (event.at < options_.end) push(event.at + spec_.scaling.interval, Kind::scale, 0);
      break;
    case Kind::job:
      if (jobs_[slot].is_running && jobs_[slot].token == event.token) finish_job(slot, event.at);
      break;
  }
}

void SiteRun::load_slot(std::size_t index, int32_t model, Picoseconds at, Picoseconds ready) {
  Slot& slot = slots_[index];
  slot.model = model;
  slot.state = SlotState::loading;
  ++slot.token;
  push(std::max(at, ready), Kind::up, static_cast<int32_t>(index), slot.token);
}

void SiteRun::set_up(std::size_t index, Picoseconds at) {
  Slot& slot = slots_[index];
  if (slot.model < 0) {
    slot.state = SlotState::idle;
    return;
  }
  slot.state = SlotState::serving;
  Pool& pool = *pool_of(slot.model, slot.rack_kind);
  std::vector<int32_t>& replicas = slot.replicas[static_cast<std::size_t>(slot.model)];
  if (replicas.empty()) {
    for (std::size_t i = 0; i < replicas_in(slot, slot.model); ++i) {
      const auto role =
          pool.split == nullptr ? ReplicaRole::whole : role_of(pool.split->share(), pool.cluster.replica_count());
      replicas.push_back(
          pool.cluster.add_replica({.cost = pool.kind->cost.get(), .rules = pool.kind->rules, .role = role}, at, at));
      pool.prefills.push_back(role == ReplicaRole::prefill);
      pool.is_active.push_back(1);
      pool.is_failed.push_back(0);
    }
  } else {
    for (const int32_t replica : replicas) {
      const auto r = static_cast<std::size_t>(replica);
      if (pool.is_failed[r]) {
        pool.cluster.repair(replica, at);
      } else {
        pool.cluster.accept(replica, at);
      }
      pool.is_active[r] = 1;
      pool.is_failed[r] = 0;
    }
  }
  for (const int32_t replica : replicas) pool.cluster.slow(replica, at, slow_factor_);
  update_places();
}

void SiteRun::drain_slot(std::size_t index, Picoseconds at) {
  Slot& slot = slots_[index];
  slot.state = SlotState::draining;
  ++slot.token;
  Pool& pool = *pool_of(slot.model, slot.rack_kind);
  for (const int32_t replica : slot.replicas[static_cast<std::size_t>(slot.model)]) {
    pool.cluster.drain(replica, at);
    pool.is_active[static_cast<std::size_t>(replica)] = 0;
  }
  next_failure(index, at);
}

void SiteRun::stop_slot(std::size_t index, SlotState state, Picoseconds at, Casualties casualties) {
  Slot& slot = slots_[index];
  if (slot.job >= 0) stop_job(static_cast<std::size_t>(slot.job), at, false);
  if (slot.state == SlotState::serving || slot.state == SlotState::draining) {
    Pool& pool = *pool_of(slot.model, slot.rack_kind);
    for (const int32_t replica : slot.replicas[static_cast<std::size_t>(slot.model)]) {
      const auto r = static_cast<std::size_t>(replica);
      pool.cluster.fail(replica, at, kNever, casualties);
      pool.is_active[r] = 0;
      pool.is_failed[r] = 1;
    }
    if (slot.state == SlotState::draining) slot.model = -1;
  }
  slot.state = state;
  ++slot.token;
}

void SiteRun::fail_slot(std::size_t index, Picoseconds at, Picoseconds repaired) {
  Slot& slot = slots_[index];
  stop_slot(index, SlotState::failed, at, Casualties::requeue);
  note(at, "failed", fmt::format("slot {} of rack {}", index + 1, slot.rack + 1), slot.weight);
  Picoseconds ready = repaired;
  if (slot.model >= 0) ready += pool_of(slot.model, slot.rack_kind)->kind->load_time;
  push(ready, Kind::up, static_cast<int32_t>(index), slot.token);
}

void SiteRun::next_failure(std::size_t index, Picoseconds at) {
  const double mtbf_h = spec_.failures.accelerator_mtbf_h;
  if (mtbf_h <= 0) return;
  Slot& slot = slots_[index];
  TrafficDraws draws(options_.seed, hash_of(hash_text(site().name), 0xFA11 + index), slot.failures++);
  const int32_t accelerators = slot_figures_[static_cast<std::size_t>(slot.rack_kind)].accelerators;
  const Picoseconds after = time_to_failure(mtbf_h / accelerators, draws);
  if (after < options_.end - at) push(at + after, Kind::failure, static_cast<int32_t>(index), slot.token);
}

void SiteRun::next_rack_failure(int32_t rack, Picoseconds at) {
  if (spec_.failures.rack_mtbf_h <= 0 || at >= options_.end) return;
  uint32_t& failures = rack_failures_[static_cast<std::size_t>(rack)];
  TrafficDraws draws(options_.seed, hash_of(hash_text(site().name), 0x4ACC0000 + static_cast<uint64_t>(rack)),
                     failures++);
  const Picoseconds after = time_to_failure(spec_.failures.rack_mtbf_h, draws);
  if (after < options_.end - at) push(at + after, Kind::rack_failure, rack);
}

void SiteRun::begin_outage(const OutageRules& outage, Picoseconds at) {
  harvest();
  lost_ = true;
  const int64_t before = in_flight();
  for (std::size_t i = 0; i < slots_.size(); ++i) stop_slot(i, SlotState::off, at, Casualties::lose);
  for (Pool& pool : pools_) {
    collect(pool);
    // whoever waits before all replicas is lost too
    for (std::size_t place = 0; place < pool.tickets.size(); ++place) {
      if (pool.is_taken[place]) pool.cluster.cancel(pool.ids[place], at);
    }
    collect(pool);
  }
  note(at, outage.is_planned ? "closed" : "lost", "requests in flight were lost",
       static_cast<double>(before) * options_.request_weight);
}

void SiteRun::end_outage(Picoseconds at) {
  lost_ = closing_ = false;
  Picoseconds last = at;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.state != SlotState::off) continue;
    if (slot.model < 0) {
      slot.state = SlotState::idle;
      ++slot.token;
      next_failure(i, at);
      continue;
    }
    const Picoseconds ready = at + pool_of(slot.model, slot.rack_kind)->kind->load_time;
    load_slot(i, slot.model, at, ready);
    last = std::max(last, ready);
  }
  note(at, "restored", "power is back; weights load", hours(last - at) * 60);
  apply_cap(at);
}

double SiteRun::cap_factor() const {
  if (cap_W_ <= 0) return 1;
  const double it_W = cap_W_ / site().pue / (1 + site().auxiliary_share);
  double fixed_W = 0, moving_W = 0;
  for (const Slot& slot : slots_) {
    fixed_W += slot.weight * slot_W(slot);
    const SlotFigures& figures = slot_figures_[static_cast<std::size_t>(slot.rack_kind)];
    const bool runs =
        slot.state == SlotState::serving || slot.state == SlotState::draining || slot.state == SlotState::loading;
    if (runs) moving_W += slot.weight * (figures.full_W - figures.idle_W);
  }
  if (fixed_W + moving_W <= it_W) return 1;
  return it_W > fixed_W ? moving_W / (it_W - fixed_W) : std::numeric_limits<double>::infinity();
}

bool SiteRun::turn_one_off(Picoseconds at) {
  for (const SlotState state :
       {SlotState::loading, SlotState::training, SlotState::idle, SlotState::draining, SlotState::serving}) {
    for (std::size_t i = slots_.size(); i-- > 0;) {
      if (slots_[i].state != state) continue;
      stop_slot(i, SlotState::off, at, Casualties::requeue);
      return true;
    }
  }
  return false;
}

bool SiteRun::turn_one_on(Picoseconds at) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.state != SlotState::off) continue;
    if (slot.model >= 0) {
      load_slot(i, slot.model, at, at + pool_of(slot.model, slot.rack_kind)->kind->load_time);
    } else {
      slot.state = SlotState::idle;
      ++slot.token;
      next_failure(i, at);
    }
    return true;
  }
  return false;
}

void SiteRun::set_slow(double factor, Picoseconds at) {
  if (factor == slow_factor_) return;
  harvest();
  slow_factor_ = factor;
  for (const Slot& slot : slots_) {
    if (slot.state != SlotState::serving && slot.state != SlotState::draining) continue;
    Pool& pool = *pool_of(slot.model, slot.rack_kind);
    for (const int32_t replica : slot.replicas[static_cast<std::size_t>(slot.model)])
      pool.cluster.slow(replica, at, factor);
  }
}

void SiteRun::apply_cap(Picoseconds at) {
  if (site().cap_MW.empty()) return;
  const auto hour = static_cast<std::size_t>((options_.start_of_day + at) / kHour % 24);
  cap_W_ = site().cap_MW[hour] * 1e6;
  if (lost_) return;
  const double limit = spec_.cap_policy == CapPolicy::slow ? kSlowFactorMax : 1;
  const auto off_count = [&] { return std::ranges::count(slots_, SlotState::off, &Slot::state); };
  const auto off_before = off_count();
  // what was off comes back until one does not fit, which goes again
  while (cap_factor() <= limit && turn_one_on(at)) {
  }
  while (cap_factor() > limit && turn_one_off(at)) {
  }
  const double factor = std::min(cap_factor(), kSlowFactorMax);
  if (factor != slow_factor_ || off_count() != off_before) {
    note(at, factor > 1 || off_count() > 0 ? "capped" : "uncapped",
         fmt::format("{:.1f} MW: steps take {:.2f} times as long, {} of {} slots off", site().cap_MW[hour], factor,
                     off_count(), slots_.size()),
         factor);
  }
  set_slow(factor, at);
}

bool SiteRun::can_spare(std::size_t index) {
  const Slot& slot = slots_[index];
  const Pool& pool = *pool_of(slot.model, slot.rack_kind);
  if (pool.split == nullptr) return true;
  std::vector<char> left = pool.is_active;
  for (const int32_t replica : slot.replicas[static_cast<std::size_t>(slot.model)])
    left[static_cast<std::size_t>(replica)] = 0;
  bool prefills = false, decodes = false;
  for (std::size_t r = 0; r < left.size(); ++r) {
    prefills = prefills || (left[r] && pool.prefills[r]);
    decodes = decodes || (left[r] && !pool.prefills[r]);
  }
  return prefills && decodes;
}

void SiteRun::free_drained(Picoseconds) {
  for (Slot& slot : slots_) {
    if (slot.state != SlotState::draining) continue;
    const Pool& pool = *pool_of(slot.model, slot.rack_kind);
    const auto& replicas = slot.replicas[static_cast<std::size_t>(slot.model)];
    const bool is_empty =
        std::ranges::all_of(replicas, [&](int32_t replica) { return pool.cluster.load(replica).requests == 0; });
    if (!is_empty) continue;
    slot.state = SlotState::idle;
    slot.model = -1;
  }
}

void SiteRun::scale(Picoseconds at) {
  for (std::size_t m = 0; m < spec_.models.size(); ++m) {
    const auto model = static_cast<int32_t>(m);
    double wanted = 0, held = 0;  // places
    for (const Pool& pool : pools_)
      wanted += pool.model == model ? static_cast<double>(pool.in_flight) / spec_.scaling.target : 0;
    std::size_t last = slots_.size();
    double last_places = 0, last_weight = 1;
    int32_t count = 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Slot& slot = slots_[i];
      if (slot.model != model || (slot.state != SlotState::serving && slot.state != SlotState::loading)) continue;
      last_places = static_cast<double>(replicas_in(slot, model)) * pool_of(model, slot.rack_kind)->figures.places;
      last_weight = slot.weight;
      held += last_places;
      if (slot.state == SlotState::serving && can_spare(i)) last = i;
      ++count;
    }
    double added = 0;
    while (wanted > held || count == 0) {
      const auto is_free = [&](const Slot& slot) {
        return slot.state == SlotState::idle && pool_of(model, slot.rack_kind) != nullptr;
      };
      auto free = std::ranges::find_if(slots_, is_free);
      if (free == slots_.end()) {
        const auto job = std::ranges::find_if(jobs_, [](const Job& one) { return one.is_running; });
        if (job == jobs_.end()) break;
        stop_job(static_cast<std::size_t>(job - jobs_.begin()), at, true);
        free = std::ranges::find_if(slots_, is_free);
        if (free == slots_.end()) break;
      }
      const Pool& pool = *pool_of(model, free->rack_kind);
      held += static_cast<double>(replicas_in(*free, model)) * pool.figures.places;
      load_slot(static_cast<std::size_t>(free - slots_.begin()), model, at, at + pool.kind->load_time);
      ++count;
      added += free->weight;
    }
    if (added > 0) note(at, "scaled up", spec_.models[m].name, added);
    if (count > 1 && last < slots_.size() && wanted <= held - last_places * (1 - rounding_of_slots(last_weight))) {
      scale_down(model, at, wanted, held);
    } else {
      low_since_[m] = -1;
    }
  }
}

/// Gives up the slots that nothing wanted for as long as the rules say, all at once: how many does not depend on how
/// finely the site is simulated.
void SiteRun::scale_down(int32_t model, Picoseconds at, double wanted, double held) {
  const auto m = static_cast<std::size_t>(model);
  if (low_since_[m] < 0) {
    low_since_[m] = at;
    low_most_[m] = 0;
  }
  low_most_[m] = std::max(low_most_[m], wanted);
  if (at - low_since_[m] < spec_.scaling.down_hold) return;
  double given_up = 0;
  auto left = std::ranges::count_if(slots_, [&](const Slot& slot) {
    return slot.model == model && (slot.state == SlotState::serving || slot.state == SlotState::loading);
  });
  for (std::size_t i = slots_.size(); i-- > 0 && left > 1;) {
    const Slot& slot = slots_[i];
    if (slot.model != model || slot.state != SlotState::serving || !can_spare(i)) continue;
    const double places =
        static_cast<double>(replicas_in(slot, model)) * pool_of(model, slot.rack_kind)->figures.places;
    if (low_most_[m] > held - places * (1 - rounding_of_slots(slot.weight))) break;
    drain_slot(i, at);
    held -= places;
    given_up += slot.weight;
    --left;
  }
  low_since_[m] = -1;
  if (given_up > 0) note(at, "scaled down", spec_.models[m].name, given_up);
}

void SiteRun::start_jobs(Picoseconds at) {
  for (std::size_t j = 0; j < jobs_.size(); ++j) {
    Job& job = jobs_[j];
    const JobRules& rules = spec_.jobs[static_cast<std::size_t>(job_numbers_[j])];
    if (job.is_running || job.is_done || rules.submitted > at || job.slots_needed == 0) continue;
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].state == SlotState::idle && slots_[i].rack_kind == rules.rack) free.push_back(i);
    }
    if (free.size() < static_cast<std::size_t>(job.slots_needed)) continue;
    free.resize(static_cast<std::size_t>(job.slots_needed));
    for (const std::size_t i : free) {
      slots_[i].state = SlotState::training;
      slots_[i].job = static_cast<int32_t>(j);
    }
    JobOutcome& outcome = outcomes_[j];
    ++outcome.starts;
    job.is_running = true;
    job.work_begins = at + rules.restart;
    const double left_h = rules.work_h - outcome.done_h;
    ++job.token;
    // the clock holds 2,562 hours; what lasts longer does not end within the run
    if (left_h < 2000)
      push(job.work_begins + static_cast<Picoseconds>(left_h * static_cast<double>(kHour)), Kind::job,
           static_cast<int32_t>(j), job.token);
    note(at, "job started", rules.name, rules.racks);
  }
}

void SiteRun::stop_job(std::size_t index, Picoseconds at, bool is_preemption) {
  Job& job = jobs_[index];
  if (!job.is_running) return;
  const JobRules& rules = spec_.jobs[static_cast<std::size_t>(job_numbers_[index])];
  JobOutcome& outcome = outcomes_[index];
  job.is_running = false;
  ++job.token;
  const Picoseconds worked = std::max<Picoseconds>(0, at - job.work_begins);
  const Picoseconds kept = is_preemption && rules.saves_when_preempted
                               ? worked
                               : worked - worked % std::max<Picoseconds>(1, rules.checkpoint);
  outcome.done_h += hours(kept);
  outcome.lost_h += hours(worked - kept);
  outcome.idle_h += hours(rules.restart - std::max<Picoseconds>(0, job.work_begins - at));
  ++(is_preemption ? outcome.preempted : outcome.interrupted);
  for (Slot& slot : slots_) {
    if (slot.job != static_cast<int32_t>(index)) continue;
    slot.job = -1;
    slot.state = SlotState::idle;
  }
  note(at, is_preemption ? "job preempted" : "job interrupted", rules.name, hours(worked - kept));
}

void SiteRun::finish_job(std::size_t index, Picoseconds at) {
  Job& job = jobs_[index];
  const JobRules& rules = spec_.jobs[static_cast<std::size_t>(job_numbers_[index])];
  JobOutcome& outcome = outcomes_[index];
  job.is_running = false;
  job.is_done = true;
  outcome.done_h = rules.work_h;
  outcome.idle_h += hours(rules.restart);
  outcome.finished = at;
  for (Slot& slot : slots_) {
    if (slot.job != static_cast<int32_t>(index)) continue;
    slot.job = -1;
    slot.state = SlotState::idle;
  }
  note(at, "job finished", rules.name, rules.work_h);
}

void SiteRun::finish_jobs(Picoseconds at) {
  for (std::size_t j = 0; j < jobs_.size(); ++j) {
    const Job& job = jobs_[j];
    if (!job.is_running) continue;
    // what it has worked so far counts, in memory as it is
    outcomes_[j].done_h += hours(std::max<Picoseconds>(0, at - job.work_begins));
    outcomes_[j].idle_h += hours(spec_.jobs[static_cast<std::size_t>(job_numbers_[j])].restart);
  }
}

}  // namespace beltline::serving
