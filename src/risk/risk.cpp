#include "risk/risk.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <thread>

namespace beltline {
namespace {

constexpr auto kBatch = static_cast<uint32_t>(kLanes);
constexpr std::size_t kAhead = 1;      // batches a thread that may wait to be counted: more would leave the cache
constexpr uint32_t kRound = 1024;      // replications after which precision is looked at
constexpr uint32_t kPilotBatches = 2;  // whose ends lay the histograms' bins

uint32_t unit_size(const RiskOptions& options) {
  switch (options.sampling) {
    case Sampling::plain: return 1;
    case Sampling::antithetic: return 2;
    case Sampling::sobol: return DrawOptions{}.block_size;
  }
  return 1;
}

PlayOptions play_options(const RiskOptions& options) {
  return {.seed = options.seed,
          .is_certain = false,
          .replan_every = options.replan_every,
          .by_priority = options.by_priority};
}

/// Batches played by several threads, handed to one after the other in their order.
class Batches {
 public:
  Batches(const Play& play, const Observation& observation, const RiskOptions& options)
      : play_(play),
        observation_(observation),
        options_(options),
        draws_(play.chances, {.seed = options.seed, .sampling = options.sampling}, options.tables),
        baseline_(make_baseline(play, observation, play_options(options))) {}

  [[nodiscard]] const Baseline& baseline() const { return baseline_; }

  /// @param take  (first replication, how many of its lanes count, batch) → whether to go on; one call at a time, in
  ///              the order of replications
  /// @returns whether all were played
  bool run(const auto& take) {
    const uint32_t count = (options_.replications + kBatch - 1) / kBatch;
    const int threads = std::max(1, std::min<int>(options_.thread_count, static_cast<int>(count)));
    const auto work = [&] {
      Player player(play_, observation_, &draws_, play_options(options_), &baseline_);
      Batch batch;
      for (uint32_t b = next_++; b < count; b = next_++) {
        const bool is_cancelled = options_.cancel != nullptr && *options_.cancel;
        if (!is_cancelled) player.play(b * kBatch, batch);
        std::unique_lock lock(mutex_);
        // whoever is ahead goes on, as far as there is room for what it has played
        room_.wait(lock, [&] { return turn_ == b || played_.size() < kAhead * static_cast<std::size_t>(threads); });
        played_.emplace(b, Played{std::move(batch), !is_cancelled});
        batch = spare_.empty() ? Batch{} : std::move(spare_.back());
        if (!spare_.empty()) spare_.pop_back();
        if (!is_counting_) count_played(lock, count, take);
      }
    };
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(work);
    work();
    others.clear();
    return !cut_;
  }

 private:
  struct Played {
    Batch batch;
    bool is_whole = true;  // false: cancelled before it was played
  };

  /// Hands over what has its turn, while others play.
  void count_played(std::unique_lock<std::mutex>& lock, uint32_t count, const auto& take) {
    is_counting_ = true;
    for (auto found = played_.find(turn_); found != played_.end(); found = played_.find(turn_)) {
      Played mine = std::move(found->second);
      played_.erase(found);
      if (!mine.is_whole) stopped_ = cut_ = true;
      const bool is_stopped = stopped_;
      lock.unlock();
      const uint32_t first = turn_ * kBatch;
      const bool goes_on = is_stopped || take(first, std::min(kBatch, options_.replications - first), mine.batch);
      lock.lock();
      if (!goes_on) stopped_ = true;
      if (stopped_) next_ = count;
      spare_.push_back(std::move(mine.batch));
      ++turn_;
      room_.notify_all();
    }
    is_counting_ = false;
  }

  const Play& play_;
  const Observation& observation_;
  const RiskOptions& options_;
  Draws draws_;
  Baseline baseline_;
  std::atomic<uint32_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable room_;
  std::map<uint32_t, Played> played_;  // not yet counted
  std::vector<Batch> spare_;
  uint32_t turn_ = 0;  // the batch that is counted next; written by whoever counts, under the lock
  bool is_counting_ = false, stopped_ = false, cut_ = false;
};

/// The first period in which the milestone's quantity is there, in one lane; the number of periods: never.
int reached_in(const PlayMilestone& milestone, const Batch& batch, std::size_t lane, int period_count) {
  const auto periods = static_cast<std::size_t>(period_count);
  const double* values = batch.values.data() + static_cast<std::size_t>(milestone.series) * periods * kLanes + lane;
  double sum = 0;
  for (int t = 0; t < period_count; ++t, values += kLanes) {
    sum = milestone.milestone.is_total ? sum + *values : *values;
    if (sum >= milestone.reached_at()) return t;
  }
  return period_count;
}

/// Whether it is there in its own period: capacity that is gone by then does not count.
bool is_met(const PlayMilestone& milestone, const Batch& batch, std::size_t lane, int period_count, int reached) {
  if (milestone.milestone.is_total) return reached <= milestone.milestone.period;
  const auto periods = static_cast<std::size_t>(period_count);
  const auto at =
      (static_cast<std::size_t>(milestone.series) * periods + static_cast<std::size_t>(milestone.milestone.period)) *
          kLanes +
      lane;
  return batch.values[at] >= milestone.reached_at();
}

/// Counts batches in order.
class Counter {
 public:
  Counter(const Play& play, const Observation& observation, const RiskOptions& options, const Baseline& baseline,
          Odds& odds)
      : play_(play), observation_(observation), options_(options), odds_(odds) {
    const auto periods = static_cast<std::size_t>(play.period_count);
    const uint32_t unit = unit_size(options);
    for (std::size_t i = 0; i < observation.series.size(); ++i) {
      if (!observation.series[i].is_shown) continue;
      shown_.push_back(i);
      for (std::size_t t = 0; t < periods; ++t) {
        odds.fans.push_back({.planned = baseline.values[i * periods + t], .mean = Moments(unit), .spread = {}});
      }
    }
    odds.causes = {static_cast<int>(play.chances.sources.size()), static_cast<int>(play.chances.shocks.size()),
                   static_cast<int>(play.stocks.size())};
    const auto causes = static_cast<std::size_t>(odds.causes.of_resource(static_cast<int>(play.resources.size())));
    for (std::size_t i = 0; i < observation.milestones.size(); ++i) {
      odds.milestones.push_back({.met = Share(unit),
                                 .reached = std::vector<uint64_t>(periods + 1),
                                 .causes = std::vector<uint64_t>(causes),
                                 .delay = Moments(unit)});
    }
  }

  bool take(uint32_t first, uint32_t lanes, const Batch& batch) {
    if (is_pilot_) {
      // the first batches lay the bins, then count like all others
      pilot_.push_back(batch);
      pilot_lanes_.push_back(lanes);
      const bool is_last = first + lanes >= options_.replications;
      if (pilot_.size() < kPilotBatches && !is_last) return true;
      open_histograms();
      for (std::size_t i = 0; i < pilot_.size(); ++i) count(pilot_lanes_[i], pilot_[i]);
      pilot_.clear();
      is_pilot_ = false;
    } else {
      count(lanes, batch);
    }
    if (options_.on_progress) {
      options_.on_progress(static_cast<double>(odds_.replications) / static_cast<double>(options_.replications));
    }
    return !is_precise();
  }

  /// What a pilot that was cut short has seen.
  void finish() {
    if (!is_pilot_ || pilot_.empty()) return;
    open_histograms();
    for (std::size_t i = 0; i < pilot_.size(); ++i) count(pilot_lanes_[i], pilot_[i]);
  }

 private:
  void open_histograms() {
    const auto periods = static_cast<std::size_t>(play_.period_count);
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      for (std::size_t t = 0; t < periods; ++t) {
        double least = std::numeric_limits<double>::infinity(), most = -least;
        for (std::size_t b = 0; b < pilot_.size(); ++b) {
          const double* row = pilot_[b].row(shown_[i], t, periods);
          for (uint32_t lane = 0; lane < pilot_lanes_[b]; ++lane) {
            least = std::min(least, row[lane]);
            most = std::max(most, row[lane]);
          }
        }
        odds_.fans[i * periods + t].spread.open(least, most);
      }
    }
  }

  void count(uint32_t lanes, const Batch& batch) {
    const auto periods = static_cast<std::size_t>(play_.period_count);
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      for (std::size_t t = 0; t < periods; ++t) {
        Fan& fan = odds_.fans[i * periods + t];
        const std::span<const double> row(batch.row(shown_[i], t, periods), lanes);
        fan.mean.add(row);
        fan.spread.add(row);
      }
    }
    for (std::size_t i = 0; i < observation_.milestones.size(); ++i) {
      const PlayMilestone& milestone = observation_.milestones[i];
      MilestoneOdds& odds = odds_.milestones[i];
      for (uint32_t lane = 0; lane < lanes; ++lane) {
        const int reached = reached_in(milestone, batch, lane, play_.period_count);
        const bool met = is_met(milestone, batch, lane, play_.period_count, reached);
        odds.met.add(met);
        ++odds.reached[static_cast<std::size_t>(reached)];
        if (milestone.planned_period >= 0) odds.delay.add(reached - milestone.planned_period);
        if (!met && milestone.is_planned()) ++odds.causes[batch.cause[i * kLanes + lane]];
      }
    }
    odds_.replications += lanes;
  }

  bool is_precise() {
    if (options_.precision <= 0 || odds_.replications % kRound != 0) return false;
    for (std::size_t i = 0; i < odds_.milestones.size(); ++i) {
      const Interval within = odds_.milestones[i].met.interval(options_.level);
      if (within.high - within.low > 2 * options_.precision) return false;
    }
    odds_.is_precise = true;
    return true;
  }

  const Play& play_;
  const Observation& observation_;
  const RiskOptions& options_;
  Odds& odds_;
  std::vector<std::size_t> shown_;
  bool is_pilot_ = true;
  std::vector<Batch> pilot_;
  std::vector<uint32_t> pilot_lanes_;
};

}  // namespace

Odds play_many(const Play& play, const Observation& observation, const RiskOptions& options) {
  Odds odds;
  Batches batches(play, observation, options);
  Counter counter(play, observation, options, batches.baseline(), odds);
  odds.is_complete = batches.run(
      [&](uint32_t first, uint32_t lanes, const Batch& batch) { return counter.take(first, lanes, batch); });
  counter.finish();
  return odds;
}

PairedRun play_paired(const Play& play, const Observation& observation, const RiskOptions& options) {
  PairedRun out;
  out.met.resize(observation.milestones.size());
  out.reached.resize(observation.milestones.size());
  Batches batches(play, observation, options);
  batches.run([&](uint32_t, uint32_t lanes, const Batch& batch) {
    for (std::size_t i = 0; i < observation.milestones.size(); ++i) {
      const PlayMilestone& milestone = observation.milestones[i];
      for (uint32_t lane = 0; lane < lanes; ++lane) {
        const int reached = reached_in(milestone, batch, lane, play.period_count);
        out.met[i].push_back(is_met(milestone, batch, lane, play.period_count, reached) ? 1 : 0);
        out.reached[i].push_back(static_cast<float>(reached));
      }
    }
    return true;
  });
  return out;
}

}  // namespace beltline
