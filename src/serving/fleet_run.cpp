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

std::vector<double> weights_of(const FleetSpec& spec, const FleetScale& scale) {
  std::vector<double> weights;
  for (std::size_t s = 0; s < spec.sites.size(); ++s) weights.push_back(scale.weight(s));
  return weights;
}

class FleetRun {
 public:
  FleetRun(const FleetSpec& spec, TrafficSource& traffic, const FleetRunOptions& options)
      : spec_(spec),
        traffic_(traffic),
        options_(options),
        weights_(weights_of(spec, options.scale)),
        router_(spec, weights_),
        team_(options.thread_count) {
    SiteRunOptions site_options{.seed = hash_of(options.seed, options.replication),
                                .start_of_day = options.start_of_day,
                                .end = options.duration,
                                .means = means_of(spec, options)};
    for (std::size_t s = 0; s < spec.sites.size(); ++s) {
      site_options.scale_down = options.scale.down(s);
      site_options.request_weight = weights_[s];
      sites_.emplace_back(spec, static_cast<int32_t>(s), site_options);
      result_.weights.push_back(sites_.back().weight());
      result_.simulated_slots.push_back(sites_.back().slot_count());
    }
    inbox_.resize(sites_.size());
    result_.options = options;
    result_.by_model.resize(spec.models.size());
    result_.site_bins.resize(sites_.size());
    result_.energy_MWh.resize(sites_.size());
    result_.jobs.resize(spec.jobs.size());
    result_.job_slots.resize(spec.jobs.size());
    result_.outage_arrivals.resize(spec.outages.size());
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
    ticket.weight = options_.scale.stream_weight;
    ++traffic_count_;
    return ticket;
  }

  /// Counts a client that asks for the first time: one that a site simulates, or that all sites refuse.
  void count_arrival(const Ticket& ticket) {
    if (ticket.attempt > 0) return;
    ++result_.requests.arrivals;
    result_.amounts.arrivals += ticket.weight;
    if (ticket.original < options_.warm_up) {
      ++result_.requests.warm_up;
    } else {
      ++result_.requests.judged_arrivals;
    }
    result_.tokens.asked_in += ticket.request.input_tokens;
    result_.tokens.asked_out += ticket.request.output_tokens;
    bin_at(ticket.original).arrivals += ticket.weight;
    for (std::size_t i = 0; i < spec_.outages.size(); ++i) {
      if (ticket.original >= spec_.outages[i].begin && ticket.original < spec_.outages[i].end)
        result_.outage_arrivals[i] += ticket.weight;
    }
  }

  /// Whether the site, whose requests stand for more than those of the traffic, simulates this one. Turns of a session
  /// are together, so that they find what they share.
  [[nodiscard]] bool is_simulated(const Ticket& ticket, std::size_t site) {
    if (!(weights_[site] > ticket.weight)) return true;
    // whoever asks again draws anew: that its first attempt was simulated must not tell
    const bool is_of_session = ticket.request.session != 0 && ticket.attempt == 0;
    const uint64_t key = is_of_session ? ticket.request.session : thin_count_++ << 1;
    TrafficDraws draws(hash_of(options_.seed, options_.replication), hash_of(0x7415, site), key);
    return draws.uniform() * weights_[site] < ticket.weight;
  }

  void send(Ticket ticket, Picoseconds at, Picoseconds end) {
    const FleetRouter::Choice choice = router_.choose(ticket, at);
    if (choice.site < 0) {
      ++result_.requests.attempts;
      ++result_.requests.refusals;
      count_arrival(ticket);
      again_or_never(std::move(ticket), at, end, &RequestCounts::rejected, &RequestAmounts::rejected,
                     &FleetBin::rejected);
      return;
    }
    const auto site = static_cast<std::size_t>(choice.site);
    if (!is_simulated(ticket, site)) {
      ++(ticket.attempt > 0 ? result_.requests.split_thinned : result_.requests.thinned);
      return;
    }
    ++result_.requests.attempts;
    ticket.weight = weights_[site];
    count_arrival(ticket);
    if (choice.missed >= 0) {
      ++result_.requests.rerouted;
      result_.amounts.rerouted += ticket.weight;
      site_bin(static_cast<std::size_t>(choice.missed), at).rerouted_out += ticket.weight;
      site_bin(site, at).rerouted_in += ticket.weight;
    }
    site_bin(site, at).arrivals += ticket.weight;
    ticket.rtt_s = choice.rtt_s;
    inbox_[site].emplace_back(at, std::move(ticket));
  }

  /// Counts a request that came to its end.
  void end_at(const Ticket& ticket, int64_t RequestCounts::* count, double RequestAmounts::* amount) {
    ++(result_.requests.*count);
    result_.amounts.*amount += ticket.weight;
    if (ticket.original >= options_.warm_up) result_.amounts.judged_ended += ticket.weight;
  }

  /// A client whose attempt came to nothing asks again after a while, or that was the last time. Outside of a site a
  /// request stands for what one of the traffic does: one that stood for several becomes several.
  void again_or_never(Ticket ticket, Picoseconds at, Picoseconds round_end, int64_t RequestCounts::* never,
                      double RequestAmounts::* never_amount, double FleetBin::* bin) {
    if (ticket.attempt >= spec_.admission.retries) {
      end_at(ticket, never, never_amount);
      bin_at(ticket.original).*bin += ticket.weight;
      give_up(ticket, at);
      return;
    }
    const uint64_t seed = hash_of(options_.seed, options_.replication);
    const double ratio = ticket.weight / options_.scale.stream_weight;
    auto copies = static_cast<int64_t>(ratio);
    if (ratio > static_cast<double>(copies)) {
      TrafficDraws draws(seed, 0x59117, retry_count_);
      copies += draws.uniform() < ratio - static_cast<double>(copies) ? 1 : 0;
    }
    result_.requests.split += copies - 1;
    result_.amounts.retries += ticket.weight;
    bin_at(at).retries += ticket.weight;
    ticket.weight = options_.scale.stream_weight;
    const int32_t attempt = ticket.attempt++;
    for (int64_t copy = 0; copy < copies; ++copy) {
      TrafficDraws draws(seed, 0x2E7247, retry_count_++);
      const double wait_s = in_seconds(spec_.admission.backoff) * std::exp2(attempt) * (0.5 + draws.uniform());
      ++result_.requests.retries;
      const Picoseconds next = at + static_cast<Picoseconds>(wait_s * static_cast<double>(kSecond));
      // this round is over: reports of loads come once a round
      retries_.push({std::max(next, round_end), retry_count_, copy == 0 ? ticket : twin_of(ticket)});
    }
  }

  /// Another client's request of the same lengths: what its session said before is its own.
  [[nodiscard]] Ticket twin_of(const Ticket& ticket) const {
    Ticket twin = ticket;
    if (ticket.request.session == 0) return twin;
    twin.request.session = hash_of(ticket.request.session, retry_count_) | 1;
    for (PromptPiece& piece : twin.request.pieces) {
      if (piece.stream == ticket.request.session) piece.stream = twin.request.session;
    }
    return twin;
  }

  /// Counts a request that nobody serves when that is settled, which may be bins after it arrived.
  void give_up(const Ticket& ticket, Picoseconds at) {
    FleetBin& bin = bin_at(at);
    (ticket.was_lost ? bin.unserved_lost : bin.unserved_refused) += ticket.weight;
  }

  void take_back(std::size_t site, TicketReturn& back, Picoseconds round_end) {
    const Completion& completion = back.completion;
    result_.tokens.generated += completion.generated;
    const double weight = back.ticket.weight;
    switch (back.end) {
      case TicketEnd::finished: judge(site, back); return;
      case TicketEnd::lost:
        ++result_.requests.losses;
        result_.amounts.losses += weight;
        site_bin(site, completion.finish).lost += weight;
        back.ticket.was_lost = true;
        again_or_never(std::move(back.ticket), completion.finish, round_end, &RequestCounts::lost,
                       &RequestAmounts::lost, &FleetBin::lost);
        return;
      case TicketEnd::gave_up: end_at(back.ticket, &RequestCounts::gave_up, &RequestAmounts::gave_up); break;
      case TicketEnd::too_long: end_at(back.ticket, &RequestCounts::too_long, &RequestAmounts::too_long); break;
    }
    site_bin(site, completion.finish).refused += weight;
    bin_at(back.ticket.original).rejected += weight;
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
    const double weight = ticket.weight;
    const double good_weight = good ? weight : 0;
    end_at(ticket, &RequestCounts::finished, &RequestAmounts::finished);
    result_.requests.good += good ? 1 : 0;
    result_.amounts.good += good_weight;
    result_.amounts.tokens_in += weight * static_cast<double>(completion.prompt_tokens);
    result_.amounts.tokens_out += weight * static_cast<double>(completion.output_tokens);
    result_.tokens.finished_in += completion.prompt_tokens;
    result_.tokens.finished_out += completion.output_tokens;
    SiteBin& here = site_bin(site, ticket.original);
    here.finished += weight;
    here.good += good_weight;
    here.ttft.add(ttft_s, weight);
    if (completion.output_tokens > 1) here.tpot.add(tpot_s, weight);
    FleetBin& bin = bin_at(ticket.original);
    bin.finished += weight;
    if (ticket.original < options_.warm_up) return;
    ++result_.requests.judged;
    result_.requests.judged_good += good ? 1 : 0;
    result_.amounts.judged_good += good_weight;
    bin.judged += weight;
    bin.good += good_weight;
    bin.ttft_sum_s += weight * ttft_s;
    bin.tpot_sum_s += weight * tpot_s;
    bin.e2e_sum_s += weight * e2e_s;
    auto& of_model = result_.by_model[static_cast<std::size_t>(ticket.request.model)];
    auto& of_priority = result_.by_priority[ticket.request.priority];
    result_.ttft.add(ttft_s, weight);
    result_.e2e.add(e2e_s, weight);
    of_model[0].add(ttft_s, weight);
    of_model[2].add(e2e_s, weight);
    of_priority[0].add(ttft_s, weight);
    of_priority[2].add(e2e_s, weight);
    if (completion.output_tokens < 2) return;
    of_priority[1].add(tpot_s, weight);
    result_.tpot.add(tpot_s, weight);
    of_model[1].add(tpot_s, weight);
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
      const double weight = weights_[s];
      const FleetSite& site = spec_.sites[s];
      SiteBin& bin = site_bin(s, begin);
      result_.tokens.sampled += sample.tokens_out;
      result_.tokens.computed_in += sample.tokens_in - sample.tokens_cached;
      result_.tokens.cached_in += sample.tokens_cached;
      bin.tokens_in_per_s = sample.tokens_in * weight / span_s;
      bin.tokens_out_per_s = sample.tokens_out * weight / span_s;
      bin.queue = sample.waiting_s / span_s * weight;
      bin.in_flight = sample.in_flight_s / span_s * weight;
      bin.places = sample.places_s / span_s * weight;
      bin.filled = sample.places_s > 0 ? sample.in_flight_s / sample.places_s : 0;
      bin.capacity = sample.capacity * weight;
      bin.load = bin.capacity > 0 ? bin.arrivals / bin.capacity : 0;
      bin.replicas = sample.serving_s / span_s;
      bin.busy = sample.serving_s > 0 ? sample.busy_s / sample.serving_s : 0;
      // phases of an engine that end with a site are booked where they end: a bin may be short of what it had
      const double facility = (1 + site.auxiliary_share) * site.pue / 1e6;  // MJ a J
      const EnergySplit energy_MJ{.serving = std::max(0.0, sample.serving_J) * facility,
                                  .training = sample.training_J * facility,
                                  .idle = sample.idle_J * facility};
      bin.power = {energy_MJ.serving / span_s, energy_MJ.training / span_s, energy_MJ.idle / span_s};
      bin.power_MW = bin.power.total();
      result_.energy_MWh[s].serving += energy_MJ.serving / 3600;
      result_.energy_MWh[s].training += energy_MJ.training / 3600;
      result_.energy_MWh[s].idle += energy_MJ.idle / 3600;
      bin.cap_MW = sample.cap_W / 1e6;
      bin.slow_factor = sample.slow_factor;
      bin.serving_slots = sample.serving_slots_s / span_s;
      bin.training_slots = sample.training_s / span_s;
      bin.serving_racks = sample.serving_racks_s / span_s;
      bin.training_racks = sample.training_racks_s / span_s;
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
      // what is under way at the very end came after the warm-up
      const double unfinished = static_cast<double>(site.in_flight()) * weights_[s];
      result_.amounts.unfinished += unfinished;
      result_.amounts.judged_ended += unfinished;
      for (std::size_t j = 0; j < site.jobs().size(); ++j) {
        const auto job = static_cast<std::size_t>(site.job_numbers()[j]);
        result_.jobs[job] = site.jobs()[j];
        result_.job_slots[job] = site.job_slots()[j];
      }
      result_.events.insert(result_.events.end(), site.events().begin(), site.events().end());
    }
    for (; !retries_.empty(); retries_.pop())
      end_at(retries_.top().ticket, &RequestCounts::unfinished, &RequestAmounts::unfinished);
    std::ranges::stable_sort(result_.events, {}, &FleetEvent::at);
    ASSERT(result_.requests.is_balanced());
  }

  /// Index of the fleet's model for one of the traffic's; the first where it has none of the name.
  int32_t model_of(int32_t index) {
    const auto i = static_cast<std::size_t>(index);
    for (std::size_t k = model_map_.size(); k <= i; ++k) model_map_.push_back(spec_.model_index(traffic_.models()[k]));
    if (model_map_[i] >= 0) return model_map_[i];
    if (!traffic_.models()[i].empty()) {
      ++result_.requests.unknown_models;
      result_.amounts.unknown_models += options_.scale.stream_weight;
    }
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
    const uint64_t key = request.session != 0 ? request.session : traffic_count_;
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
  std::vector<double> weights_;  // [site] what a request that is simulated there stands for
  std::vector<SiteRun> sites_;
  FleetRouter router_;
  SiteTeam team_;
  FleetResult result_;
  TrafficRequest next_;
  bool has_next_ = false;
  std::vector<std::vector<std::pair<Picoseconds, Ticket>>> inbox_;  // [site] of this round
  std::priority_queue<Retry, std::vector<Retry>, std::greater<>> retries_;
  uint64_t retry_count_ = 0, thin_count_ = 0, traffic_count_ = 0;
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
  ASSERT(options.bin > 0 && spec.routing.interval > 0 && options.scale.stream_weight > 0);
  return FleetRun(spec, traffic, options).run();
}

}  // namespace beltline::serving
