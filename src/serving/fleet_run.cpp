#include "serving/fleet_run.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

#include "base/assert.h"
#include "serving/fleet_router.h"
#include "serving/fleet_team.h"
#include "serving/traffic_draws.h"
#include "serving/traffic_hash.h"

namespace beltline::serving {
namespace {

double in_seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

/// A client that asks again.
struct Retry {
  Picoseconds at = 0;
  uint64_t sequence = 0;
  Ticket ticket;

  friend bool operator>(const Retry& a, const Retry& b) {
    return std::tie(a.at, a.sequence) > std::tie(b.at, b.sequence);
  }
};

std::vector<MeanRequest> means_of(const FleetSpec& spec, const FleetRunOptions& options) {
  std::vector<MeanRequest> means = options.means;
  means.resize(spec.models.size());
  return means;
}

class FleetRun {
 public:
  FleetRun(const FleetSpec& spec, TrafficSource& traffic, const FleetRunOptions& options)
      : spec_(spec), traffic_(traffic), options_(options), router_(spec), team_(options.thread_count) {
    const SiteRunOptions site_options{.seed = hash_of(options.seed, options.replication),
                                      .scale_down = options.scale_down,
                                      .start_of_day = options.start_of_day,
                                      .end = options.duration,
                                      .means = means_of(spec, options)};
    for (std::size_t s = 0; s < spec.sites.size(); ++s) {
      sites_.emplace_back(spec, static_cast<int32_t>(s), site_options);
      result_.weights.push_back(sites_.back().weight());
    }
    inbox_.resize(sites_.size());
    result_.options = options;
    result_.by_model.resize(spec.models.size());
    result_.site_bins.resize(sites_.size());
    result_.energy_MWh.resize(sites_.size());
    result_.jobs.resize(spec.jobs.size());
  }

  FleetResult run() {
    has_next_ = traffic_.next(next_);
    Picoseconds begin = 0;
    while (!is_over(begin)) {
      const Picoseconds end = std::min(begin + spec_.routing.interval, (begin / options_.bin + 1) * options_.bin);
      play_round(begin, end);
      if (end % options_.bin == 0) close_bin(end);
      if (options_.on_progress && begin / (60 * kSecond) != end / (60 * kSecond) &&
          !options_.on_progress(std::min(1.0, in_seconds(end) / in_seconds(options_.duration)))) {
        result_.cancelled = true;
        begin = end;
        break;
      }
      begin = end;
    }
    finish(begin);
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool is_over(Picoseconds at) const {
    if (at < options_.duration && !options_.ends_with_traffic) return false;
    if (at >= options_.duration + options_.tail) return true;
    if (has_next_ || !retries_.empty()) return false;
    return std::ranges::all_of(sites_, [](const SiteRun& site) { return site.in_flight() == 0; });
  }

  void play_round(Picoseconds begin, Picoseconds end) {
    router_.report(sites_, begin);
    while (true) {
      const bool takes_retry = !retries_.empty() && (!has_next_ || retries_.top().at <= next_.arrival);
      if (takes_retry && retries_.top().at < end) {
        Retry retry = retries_.top();
        retries_.pop();
        send(std::move(retry.ticket), retry.at, end);
      } else if (!takes_retry && has_next_ && next_.arrival < end) {
        send(first_ticket(), next_.arrival, end);
        has_next_ = traffic_.next(next_);
      } else {
        break;
      }
    }
    const auto play_site = [&](std::size_t s) {
      for (auto& [at, ticket] : inbox_[s]) sites_[s].submit(std::move(ticket), at);
      inbox_[s].clear();
      sites_[s].advance(end);
    };
    std::size_t sent = 0;
    for (const auto& inbox : inbox_) sent += inbox.size();
    // waking threads costs more than a round with few requests
    constexpr std::size_t kSharedFrom = 1000;
    if (sent >= kSharedFrom) {
      team_.each(sites_.size(), play_site);
    } else {
      for (std::size_t s = 0; s < sites_.size(); ++s) play_site(s);
    }
    for (std::size_t s = 0; s < sites_.size(); ++s) {
      for (TicketReturn& back : sites_[s].returns()) take_back(s, back, end);
      sites_[s].returns().clear();
    }
  }

  Ticket first_ticket() {
    Ticket ticket;
    ticket.request = next_;
    ticket.original = next_.arrival;
    ticket.request.model = model_of(next_.model);
    ticket.request.place = place_of(next_);
    ++result_.requests.arrivals;
    if (next_.arrival < options_.warm_up) {
      ++result_.requests.warm_up;
    } else {
      ++result_.requests.judged_arrivals;
    }
    result_.tokens.asked_in += next_.input_tokens;
    result_.tokens.asked_out += next_.output_tokens;
    bin_at(ticket.original).arrivals += options_.request_weight;
    return ticket;
  }

  void send(Ticket ticket, Picoseconds at, Picoseconds end) {
    ++result_.requests.attempts;
    const FleetRouter::Choice choice = router_.choose(ticket, at);
    if (choice.missed >= 0 && choice.site >= 0) {
      ++result_.requests.rerouted;
      site_bin(static_cast<std::size_t>(choice.missed), at).rerouted_out += options_.request_weight;
      site_bin(static_cast<std::size_t>(choice.site), at).rerouted_in += options_.request_weight;
    }
    if (choice.site < 0) {
      ++result_.requests.refusals;
      again_or_never(std::move(ticket), at, end, result_.requests.rejected, &FleetBin::rejected);
      return;
    }
    const auto site = static_cast<std::size_t>(choice.site);
    site_bin(site, at).arrivals += options_.request_weight;
    ticket.rtt_s = choice.rtt_s;
    inbox_[site].emplace_back(at, std::move(ticket));
  }

  /// A client whose attempt came to nothing asks again after a while, or that was the last time.
  void again_or_never(Ticket ticket, Picoseconds at, Picoseconds round_end, int64_t& never, double FleetBin::* bin) {
    if (ticket.attempt >= spec_.admission.retries) {
      ++never;
      bin_at(ticket.original).*bin += options_.request_weight;
      give_up(ticket, at);
      return;
    }
    TrafficDraws draws(hash_of(options_.seed, options_.replication), 0x2E7247, retry_count_++);
    const double wait_s = in_seconds(spec_.admission.backoff) * std::exp2(ticket.attempt) * (0.5 + draws.uniform());
    ++ticket.attempt;
    ++result_.requests.retries;
    bin_at(at).retries += options_.request_weight;
    const Picoseconds next = at + static_cast<Picoseconds>(wait_s * static_cast<double>(kSecond));
    // this round is over: reports of loads come once a round
    retries_.push({std::max(next, round_end), retry_count_, std::move(ticket)});
  }

  /// Counts a request that nobody serves when that is settled, which may be bins after it arrived.
  void give_up(const Ticket& ticket, Picoseconds at) {
    FleetBin& bin = bin_at(at);
    (ticket.was_lost ? bin.unserved_lost : bin.unserved_refused) += options_.request_weight;
  }

  void take_back(std::size_t site, TicketReturn& back, Picoseconds round_end) {
    const Completion& completion = back.completion;
    result_.tokens.generated += completion.generated;
    switch (back.end) {
      case TicketEnd::finished: judge(site, back); return;
      case TicketEnd::lost:
        ++result_.requests.losses;
        site_bin(site, completion.finish).lost += options_.request_weight;
        back.ticket.was_lost = true;
        again_or_never(std::move(back.ticket), completion.finish, round_end, result_.requests.lost, &FleetBin::lost);
        return;
      case TicketEnd::gave_up: ++result_.requests.gave_up; break;
      case TicketEnd::too_long: ++result_.requests.too_long; break;
    }
    site_bin(site, completion.finish).refused += options_.request_weight;
    bin_at(back.ticket.original).rejected += options_.request_weight;
    give_up(back.ticket, completion.finish);
  }

  void judge(std::size_t site, const TicketReturn& back) {
    const Completion& completion = back.completion;
    const Ticket& ticket = back.ticket;
    const double ttft_s = in_seconds(completion.first_token - ticket.original) + ticket.rtt_s;
    const double e2e_s = in_seconds(completion.finish - ticket.original) + ticket.rtt_s;
    const double tpot_s = completion.output_tokens > 1
                              ? in_seconds(completion.finish - completion.first_token) / (completion.output_tokens - 1)
                              : 0;
    const bool good = ttft_s <= spec_.level.ttft_s && tpot_s <= spec_.level.tpot_s;
    ++result_.requests.finished;
    result_.requests.good += good ? 1 : 0;
    result_.tokens.finished_in += completion.prompt_tokens;
    result_.tokens.finished_out += completion.output_tokens;
    SiteBin& here = site_bin(site, ticket.original);
    here.finished += options_.request_weight;
    here.good += good ? options_.request_weight : 0;
    here.ttft.add(ttft_s);
    if (completion.output_tokens > 1) here.tpot.add(tpot_s);
    FleetBin& bin = bin_at(ticket.original);
    bin.finished += options_.request_weight;
    if (ticket.original < options_.warm_up) return;
    ++result_.requests.judged;
    result_.requests.judged_good += good ? 1 : 0;
    bin.judged += 1;
    bin.good += good ? 1 : 0;
    bin.ttft_sum_s += ttft_s;
    bin.tpot_sum_s += tpot_s;
    bin.e2e_sum_s += e2e_s;
    auto& of_model = result_.by_model[static_cast<std::size_t>(ticket.request.model)];
    result_.ttft.add(ttft_s);
    result_.e2e.add(e2e_s);
    of_model[0].add(ttft_s);
    of_model[2].add(e2e_s);
    auto& of_priority = result_.by_priority[ticket.request.priority];
    of_priority[0].add(ttft_s);
    of_priority[2].add(e2e_s);
    if (completion.output_tokens < 2) return;
    result_.tpot.add(tpot_s);
    of_model[1].add(tpot_s);
    of_priority[1].add(tpot_s);
  }

  FleetBin& bin_at(Picoseconds at) {
    const auto bin = static_cast<std::size_t>(at / options_.bin);
    if (bin >= result_.bins.size()) result_.bins.resize(bin + 1);
    return result_.bins[bin];
  }
  SiteBin& site_bin(std::size_t site, Picoseconds at) {
    const auto bin = static_cast<std::size_t>(at / options_.bin);
    std::vector<SiteBin>& bins = result_.site_bins[site];
    if (bin >= bins.size()) bins.resize(bin + 1);
    return bins[bin];
  }

  /// Writes what sites did in the bin that ends at `end`.
  void close_bin(Picoseconds end) {
    const Picoseconds begin = closed_;
    if (end <= begin) return;
    closed_ = end;
    const double span_s = in_seconds(end - begin);
    bin_at(begin);
    for (std::size_t s = 0; s < sites_.size(); ++s) {
      const SiteSample sample = sites_[s].take_sample(end);
      const double weight = result_.weights[s];
      const FleetSite& site = spec_.sites[s];
      SiteBin& bin = site_bin(s, begin);
      result_.tokens.sampled += sample.tokens_out;
      result_.tokens.computed_in += sample.tokens_in - sample.tokens_cached;
      result_.tokens.cached_in += sample.tokens_cached;
      bin.tokens_in_per_s = sample.tokens_in * options_.request_weight / span_s;
      bin.tokens_out_per_s = sample.tokens_out * options_.request_weight / span_s;
      bin.queue = sample.waiting_s / span_s * options_.request_weight;
      bin.in_flight = sample.in_flight_s / span_s * options_.request_weight;
      bin.places = sample.places_s / span_s * options_.request_weight;
      bin.filled = sample.places_s > 0 ? sample.in_flight_s / sample.places_s : 0;
      bin.capacity = sample.capacity * options_.request_weight;
      bin.load = bin.capacity > 0 ? bin.arrivals / bin.capacity : 0;
      bin.replicas = sample.serving_s / span_s * weight;
      bin.busy = sample.serving_s > 0 ? sample.busy_s / sample.serving_s : 0;
      // phases of an engine that end with a site are booked where they end: a bin may be short of what it had
      const double facility_J = std::max(0.0, sample.energy_J) * (1 + site.auxiliary_share) * site.pue * weight;
      bin.power_MW = facility_J / span_s / 1e6;
      result_.energy_MWh[s] += facility_J / 3.6e9;
      bin.cap_MW = sample.cap_W * weight / 1e6;
      bin.slow_factor = sample.slow_factor;
      bin.training_slots = sample.training_s / span_s * weight;
    }
  }

  void finish(Picoseconds at) {
    close_bin(at);
    if (options_.ends_with_traffic) result_.options.duration = std::max<Picoseconds>(kSecond, at);
    for (std::size_t s = 0; s < sites_.size(); ++s) {
      SiteRun& site = sites_[s];
      site.check_conservation();
      site.finish_jobs(at);
      result_.requests.unfinished += site.in_flight();
      for (std::size_t j = 0; j < site.jobs().size(); ++j)
        result_.jobs[static_cast<std::size_t>(site.job_numbers()[j])] = site.jobs()[j];
      result_.events.insert(result_.events.end(), site.events().begin(), site.events().end());
    }
    result_.requests.unfinished += static_cast<int64_t>(retries_.size());
    std::ranges::stable_sort(result_.events, {}, &FleetEvent::at);
    ASSERT(result_.requests.is_balanced());
  }

  /// Index of the fleet's model for one of the traffic's; the first where it has none of the name.
  int32_t model_of(int32_t index) {
    const auto i = static_cast<std::size_t>(index);
    for (std::size_t k = model_map_.size(); k <= i; ++k) model_map_.push_back(spec_.model_index(traffic_.models()[k]));
    if (model_map_[i] >= 0) return model_map_[i];
    if (!traffic_.models()[i].empty()) ++result_.requests.unknown_models;
    return 0;
  }
  /// Index of the fleet's place of that name; where the traffic names none, a draw by the places' weights, the same for
  /// all turns of a session.
  int32_t place_of(const TrafficRequest& request) {
    const auto i = static_cast<std::size_t>(request.place);
    for (std::size_t k = place_map_.size(); k <= i; ++k) {
      const auto found = std::ranges::find(spec_.places, traffic_.places()[k], &FleetPlace::name);
      place_map_.push_back(found == spec_.places.end() ? -1 : static_cast<int32_t>(found - spec_.places.begin()));
    }
    if (place_map_[i] >= 0) return place_map_[i];
    double all = 0;
    for (const FleetPlace& place : spec_.places) all += place.weight;
    const uint64_t key = request.session != 0 ? request.session : static_cast<uint64_t>(result_.requests.arrivals);
    double left = TrafficDraws(options_.seed, 0x91ACE, key).uniform() * all;
    for (std::size_t p = 0; p < spec_.places.size(); ++p) {
      left -= spec_.places[p].weight;
      if (left < 0) return static_cast<int32_t>(p);
    }
    return 0;
  }

  const FleetSpec& spec_;
  TrafficSource& traffic_;
  const FleetRunOptions& options_;
  std::vector<SiteRun> sites_;
  FleetRouter router_;
  SiteTeam team_;
  FleetResult result_;
  TrafficRequest next_;
  bool has_next_ = false;
  std::vector<std::vector<std::pair<Picoseconds, Ticket>>> inbox_;  // [site] of this round
  std::priority_queue<Retry, std::vector<Retry>, std::greater<>> retries_;
  uint64_t retry_count_ = 0;
  Picoseconds closed_ = 0;
  std::vector<int32_t> model_map_, place_map_;
};

}  // namespace

std::size_t FleetResult::bins_per_hour() const {
  return static_cast<std::size_t>(std::max<Picoseconds>(1, 3600 * kSecond / options.bin));
}

std::size_t FleetResult::busiest_bin() const {
  const std::size_t width = std::min(bins_per_hour(), bins.size());
  double most = -1;
  std::size_t best = 0;
  for (std::size_t i = 0; i + width <= bins.size(); ++i) {
    double sum = 0;
    for (std::size_t k = i; k < i + width; ++k) sum += bins[k].arrivals;
    if (sum > most) {
      most = sum;
      best = i;
    }
  }
  return best;
}

FleetResult run_fleet(const FleetSpec& spec, TrafficSource& traffic, const FleetRunOptions& options) {
  ASSERT(!spec.sites.empty() && !spec.models.empty() && !spec.places.empty());
  ASSERT(options.bin > 0 && spec.routing.interval > 0 && options.scale_down >= 1 && options.request_weight > 0);
  return FleetRun(spec, traffic, options).run();
}

}  // namespace beltline::serving
