#include "serving/fleet_site.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/assert.h"
#include "serving/fleet_site_parts.h"
#include "serving/traffic_hash.h"
#include "serving/traffic_statistics.h"

namespace beltline::serving {
namespace {

constexpr double seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

/// Whole numbers in the proportion of `shares`, `count` of them in all: the largest remainders get what is left.
std::vector<int32_t> apportion(const std::vector<double>& shares, int32_t count) {
  std::vector<int32_t> out(shares.size());
  std::vector<std::pair<double, std::size_t>> rests;
  int32_t given = 0;
  double sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = shares[i] * count;
    out[i] = static_cast<int32_t>(exact + 1e-9);
    given += out[i];
    sum += shares[i];
    if (shares[i] > 0) rests.emplace_back(-(exact - out[i]), i);
  }
  std::ranges::sort(rests);
  const auto wanted = static_cast<int32_t>(std::llround(sum * count));
  for (const auto& [rest, i] : rests) {
    if (given >= wanted) break;
    ++out[i];
    ++given;
  }
  return out;
}

TicketEnd end_of(Ending ending) {
  switch (ending) {
    case Ending::finished: return TicketEnd::finished;
    case Ending::gave_up:
    case Ending::timed_out: return TicketEnd::gave_up;
    case Ending::refused:
    case Ending::too_long: return TicketEnd::too_long;
    case Ending::cancelled:
    case Ending::lost: return TicketEnd::lost;
  }
  return TicketEnd::lost;
}

}  // namespace

SiteRun::SiteRun(const FleetSpec& spec, int32_t site, const SiteRunOptions& options)
    : spec_(spec),
      site_(site),
      options_(options),
      low_since_(spec.models.size(), -1),
      low_most_(spec.models.size()),
      places_(spec.models.size()) {
  make_pools();
  make_slots();
  assign_shares();
  add_jobs();
  set_first_events();
}

SiteRun::SiteRun(SiteRun&&) noexcept = default;
SiteRun::~SiteRun() = default;

void SiteRun::make_pools() {
  for (const SiteRacks& racks : site().racks) {
    for (std::size_t m = 0; m < spec_.models.size(); ++m) {
      const int32_t kind = spec_.kind_of(static_cast<int32_t>(m), racks.rack);
      if (kind < 0) continue;
      Pool pool;
      pool.model = static_cast<int32_t>(m);
      pool.rack_kind = racks.rack;
      pool.kind = &spec_.kinds[static_cast<std::size_t>(kind)];
      pool.figures = figures_at(spec_, site_, *pool.kind, options_.means[m]);
      pool.split = split_of(spec_, pool.model, site_);
      ClusterRules rules;
      rules.routing = pool.kind->rules.caches_prefixes ? Routing::affinity : Routing::least_requests;
      rules.seed = hash_of(options_.seed, hash_text(site().name) + m);
      rules.counts_energy = true;
      if (pool.split != nullptr) {
        const SplitRules& split = *pool.split;
        pool.prefill = figures_of(*pool.kind, spec_.level, options_.means[m], ReplicaRole::prefill);
        pool.decode = figures_of(*pool.kind, spec_.level, options_.means[m], ReplicaRole::decode);
        const double known = pool.kind->kv_bytes_per_token;
        rules.link = {.bytes_per_s = split.bytes_per_s,
                      .latency = split.latency,
                      .bytes_per_token = split.bytes_per_token > 0 ? split.bytes_per_token : known};
      }
      pool.cluster = Cluster(rules);
      pools_.push_back(std::move(pool));
    }
  }
}

void SiteRun::make_slots() {
  slot_figures_.resize(spec_.racks.size());
  double truth = 0;
  int32_t rack_number = 0;
  for (const SiteRacks& racks : site().racks) {
    SlotFigures& figures = slot_figures_[static_cast<std::size_t>(racks.rack)];
    const RackKind& rack = spec_.racks[static_cast<std::size_t>(racks.rack)];
    const SlotCount count = count_slots(spec_, racks, options_.scale_down, &site());
    if (count.simulated == 0) continue;
    figures.accelerators = count.accelerators;
    figures.per_rack = count.per_rack;
    figures.base_W = rack.base_W / figures.per_rack;
    // parts of slots that a plan has are slots like others where nothing is scaled down
    figures.weight = options_.scale_down > 1 ? count.truth / count.simulated : 1;
    for (Pool& pool : pools_) {
      if (pool.rack_kind != racks.rack) continue;
      pool.weight = figures.weight;
      const double replicas = figures.accelerators / pool.kind->accelerators;
      figures.idle_W = std::max(figures.idle_W, replicas * pool.figures.idle_W);
      figures.full_W = std::max(figures.full_W, replicas * pool.figures.full_W);
    }
    const int32_t simulated = count.simulated;
    truth += count.truth;
    for (int32_t i = 0; i < simulated; ++i) {
      slots_.push_back({.rack_kind = racks.rack,
                        .rack = rack_number + i / figures.per_rack,
                        .weight = figures.weight,
                        .replicas = std::vector<std::vector<int32_t>>(spec_.models.size())});
    }
    rack_number += (simulated + figures.per_rack - 1) / figures.per_rack;
  }
  rack_failures_.resize(static_cast<std::size_t>(rack_number));
  weight_ = slots_.empty() ? 1 : truth / static_cast<double>(slots_.size());
}

void SiteRun::assign_shares() {
  for (const SiteRacks& racks : site().racks) {
    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].rack_kind == racks.rack) here.push_back(i);
    }
    std::vector<double> shares(spec_.models.size());
    for (std::size_t m = 0; m < shares.size(); ++m) {
      if (pool_of(static_cast<int32_t>(m), racks.rack) != nullptr) shares[m] = site().shares[m];
    }
    const std::vector<int32_t> counts = apportion(shares, static_cast<int32_t>(here.size()));
    std::size_t next = 0;
    for (std::size_t m = 0; m < counts.size(); ++m) {
      for (int32_t i = 0; i < counts[m] && next < here.size(); ++i) {
        slots_[here[next]].model = static_cast<int32_t>(m);
        set_up(here[next++], 0);
      }
    }
  }
}

void SiteRun::push(Picoseconds at, Kind kind, int32_t index, uint32_t token) {
  queue_.push({.at = at, .sequence = sequence_++, .kind = kind, .index = index, .token = token});
}

void SiteRun::set_first_events() {
  for (std::size_t i = 0; i < spec_.outages.size(); ++i) {
    const OutageRules& outage = spec_.outages[i];
    if (outage.site != site_) continue;
    const auto index = static_cast<int32_t>(i);
    constexpr Picoseconds kNotice = 600 * kSecond;
    if (outage.is_planned) push(std::max<Picoseconds>(0, outage.begin - kNotice), Kind::closing, index);
    push(outage.begin, Kind::outage_begin, index);
    push(outage.end, Kind::outage_end, index);
  }
  if (!site().cap_MW.empty()) push(0, Kind::cap, 0);
  for (std::size_t i = 0; i < slots_.size(); ++i) next_failure(i, 0);
  for (std::size_t r = 0; r < rack_failures_.size(); ++r) next_rack_failure(static_cast<int32_t>(r), 0);
  if (spec_.scaling.is_on || !jobs_.empty()) push(0, Kind::scale, 0);
}

/// Slots of jobs are rounded so that their sum is right: of many small ones some have none. Not scaled down, a job has
/// one at least.
void SiteRun::add_jobs() {
  std::vector<double> asked(spec_.racks.size());   // [rack kind] slots so far
  std::vector<int32_t> given(spec_.racks.size());  // and what they were rounded to
  for (std::size_t j = 0; j < spec_.jobs.size(); ++j) {
    const JobRules& rules = spec_.jobs[j];
    if (rules.site != site_) continue;
    const auto rack = static_cast<std::size_t>(rules.rack);
    const SlotFigures& figures = slot_figures_[rack];
    const double wanted = rules.racks * figures.per_rack / figures.weight;
    asked[rack] += wanted;
    int32_t slots = std::max<int32_t>(1, static_cast<int32_t>(std::lround(wanted)));
    if (options_.scale_down > 1) slots = std::max(0, static_cast<int32_t>(std::lround(asked[rack])) - given[rack]);
    given[rack] += slots;
    jobs_.push_back({.slots_needed = slots});
    job_numbers_.push_back(static_cast<int32_t>(j));
    outcomes_.emplace_back();
  }
}

std::vector<int32_t> SiteRun::job_slots() const {
  std::vector<int32_t> out;
  for (const Job& job : jobs_) out.push_back(job.slots_needed);
  return out;
}

SiteRun::Pool* SiteRun::pool_of(int32_t model, int32_t rack_kind) {
  const auto found = std::ranges::find_if(
      pools_, [&](const Pool& pool) { return pool.model == model && pool.rack_kind == rack_kind; });
  return found == pools_.end() ? nullptr : &*found;
}

std::size_t SiteRun::replicas_in(const Slot& slot, int32_t model) const {
  const int32_t kind = spec_.kind_of(model, slot.rack_kind);
  const int32_t each = spec_.kinds[static_cast<std::size_t>(kind)].accelerators;
  return static_cast<std::size_t>(slot_figures_[static_cast<std::size_t>(slot.rack_kind)].accelerators / each);
}

void SiteRun::update_places() {
  std::ranges::fill(places_, 0.0);
  for (Pool& pool : pools_) {
    const auto active = static_cast<double>(std::ranges::count(pool.is_active, 1));
    pool.places = active * pool.figures.places;
    pool.requests_per_s = active * pool.figures.requests_per_s;
    if (pool.split != nullptr) {
      double prefilling = 0;
      for (std::size_t r = 0; r < pool.is_active.size(); ++r) prefilling += pool.is_active[r] && pool.prefills[r];
      const KindFigures joint = joint_figures(pool.prefill, prefilling, pool.decode, active - prefilling);
      pool.places = joint.places;
      pool.requests_per_s = joint.requests_per_s;
    }
    places_[static_cast<std::size_t>(pool.model)] += pool.places;
  }
}

double SiteRun::places(int32_t model) const {
  return places_[static_cast<std::size_t>(model)];
}

double SiteRun::load(int32_t model) const {
  const double places = this->places(model);
  if (places <= 0) return std::numeric_limits<double>::infinity();
  int64_t requests = 0;
  for (const Pool& pool : pools_) requests += pool.model == model ? pool.in_flight : 0;
  return static_cast<double>(requests) / places;
}

int64_t SiteRun::in_flight() const {
  int64_t requests = 0;
  for (const Pool& pool : pools_) requests += pool.in_flight;
  return requests;
}

void SiteRun::submit(Ticket ticket, Picoseconds at) {
  play_until(at);
  Pool* best = nullptr;
  double least = 0;
  for (Pool& pool : pools_) {
    if (pool.model != ticket.request.model || pool.places <= 0) continue;
    const double load = static_cast<double>(pool.in_flight + 1) / pool.places;
    if (best == nullptr || load < least) {
      best = &pool;
      least = load;
    }
  }
  if (best == nullptr) {
    // nobody answers: the client sees a broken connection
    Completion completion{.arrival = at, .finish = at, .ending = Ending::lost};
    returns_.push_back({std::move(ticket), completion, TicketEnd::lost});
    return;
  }
  Pool& pool = *best;
  if (pool.free.empty()) {
    pool.free.push_back(static_cast<uint32_t>(pool.tickets.size()));
    pool.tickets.emplace_back();
    pool.is_taken.push_back(0);
    pool.ids.push_back(0);
  }
  const uint32_t place = pool.free.back();
  pool.free.pop_back();
  Request request;
  request.id = static_cast<uint64_t>(pool.next_id++) << 32 | place;
  request.arrival = at;
  request.prompt_tokens = static_cast<int32_t>(ticket.request.input_tokens);
  request.output_tokens = static_cast<int32_t>(ticket.request.output_tokens);
  request.priority = ticket.request.priority;
  request.session = ticket.request.session;
  request.patience = spec_.admission.patience;
  request.timeout = spec_.admission.timeout;
  if (pool.kind->rules.caches_prefixes) {
    prefix_units(ticket.request, pool.kind->rules.prefix_unit_tokens, pool.units);
    request.prefix = pool.units;
  }
  pool.tickets[place] = std::move(ticket);
  pool.is_taken[place] = 1;
  pool.ids[place] = request.id;
  ++pool.in_flight;
  pool.cluster.submit(request);
}

void SiteRun::collect(Pool& pool) {
  for (const Completion& completion : pool.cluster.completions()) {
    const auto place = static_cast<uint32_t>(completion.id);
    ASSERT(place < pool.tickets.size() && pool.is_taken[place]);
    returns_.push_back({std::move(pool.tickets[place]), completion, end_of(completion.ending)});
    pool.is_taken[place] = 0;
    pool.free.push_back(place);
    --pool.in_flight;
  }
  pool.cluster.clear_completions();
}

void SiteRun::play_until(Picoseconds to) {
  while (!queue_.empty() && queue_.top().at <= to) {
    const Event event = queue_.top();
    queue_.pop();
    for (Pool& pool : pools_) {
      pool.cluster.advance(event.at);
      collect(pool);
    }
    play(event);
    update_places();
  }
}

void SiteRun::advance(Picoseconds to) {
  play_until(to - 1);
  for (Pool& pool : pools_) {
    pool.cluster.advance(to);
    collect(pool);
  }
}

double SiteRun::slot_W(const Slot& slot) const {
  const SlotFigures& figures = slot_figures_[static_cast<std::size_t>(slot.rack_kind)];
  switch (slot.state) {
    case SlotState::off: return 0;
    case SlotState::failed: return figures.base_W;
    case SlotState::training: return figures.base_W + figures.full_W;
    default: return figures.base_W + figures.idle_W;
  }
}

void SiteRun::account(Picoseconds at) {
  const double span_s = seconds(at - accounted_);
  if (span_s <= 0) return;
  accounted_ = at;
  for (const Slot& slot : slots_) {
    const double slots_s = span_s * slot.weight;
    const double energy_J = slots_s * slot_W(slot);
    const double racks_s = slots_s / slot_figures_[static_cast<std::size_t>(slot.rack_kind)].per_rack;
    switch (slot.state) {
      case SlotState::loading:
      case SlotState::serving:
      case SlotState::draining:
        sample_.serving_J += energy_J;
        sample_.serving_slots_s += slots_s;
        sample_.serving_racks_s += racks_s;
        break;
      case SlotState::training:
        sample_.training_J += energy_J;
        sample_.training_s += slots_s;
        sample_.training_racks_s += racks_s;
        break;
      case SlotState::idle:
      case SlotState::failed:
      case SlotState::off: sample_.idle_J += energy_J; break;
    }
  }
  for (const Pool& pool : pools_) {
    sample_.places_s += span_s * pool.places;
    const auto active = static_cast<double>(std::ranges::count(pool.is_active, 1));
    sample_.serving_s += span_s * active * pool.weight;
    sample_.capacity += span_s * pool.requests_per_s;
  }
}

/// Takes over what engines counted since the last time. A step's energy holds the idle power of its time at full speed,
/// which `account` has counted already: true = idle · on + Σ (step energy − idle · step time at full speed).
void SiteRun::harvest() {
  for (Pool& pool : pools_) {
    pool.seen.resize(static_cast<std::size_t>(pool.cluster.replica_count()));
    for (std::size_t r = 0; r < pool.seen.size(); ++r) {
      const ReplicaTotals& now = pool.cluster.totals(static_cast<int32_t>(r));
      ReplicaTotals& seen = pool.seen[r];
      const double busy_s = seconds(now.busy - seen.busy);
      sample_.busy_s += busy_s * pool.weight;
      sample_.serving_J += pool.weight * (now.energy_J - seen.energy_J - pool.figures.idle_W * busy_s / slow_factor_);
      sample_.tokens_in +=
          static_cast<double>(now.prompt_tokens - seen.prompt_tokens + now.cached_tokens - seen.cached_tokens);
      sample_.tokens_cached += static_cast<double>(now.cached_tokens - seen.cached_tokens);
      sample_.tokens_out += static_cast<double>(now.output_tokens - seen.output_tokens);
      sample_.waiting_s += now.waiting_s - seen.waiting_s;
      sample_.in_flight_s += now.present_s - seen.present_s;
      sample_.preemptions += now.preemptions - seen.preemptions;
      seen = now;
    }
  }
}

SiteSample SiteRun::take_sample(Picoseconds at) {
  account(at);
  harvest();
  SiteSample out = sample_;
  out.slow_factor = slow_factor_;
  out.cap_W = cap_W_;
  for (const Pool& pool : pools_) {
    for (const char active : pool.is_active) out.replicas += active ? 1 : 0;
    out.in_flight += pool.in_flight;
  }
  sample_ = {};
  return out;
}

void SiteRun::note(Picoseconds at, std::string_view kind, std::string detail, double amount) {
  events_.push_back({.at = at, .site = site_, .kind = kind, .detail = std::move(detail), .amount = amount});
}

void SiteRun::check_conservation() const {
  for (const Pool& pool : pools_) {
    pool.cluster.check_conservation();
    const auto taken = std::ranges::count(pool.is_taken, 1);
    ASSERT(taken == pool.in_flight);
    ASSERT(pool.cluster.load().requests == pool.in_flight);
  }
}

}  // namespace beltline::serving
