#include "training/play.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "base/random.h"

namespace beltline::training {

namespace {

constexpr double kHour_s = 3600;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(const RunPlan& plan) {
  ASSERT(!plan.phases.empty() && plan.phases.front().from_s == 0);
  ASSERT(plan.tokens > 0 && (plan.horizon_s > 0 || plan.phases.back().tokens_per_s > 0));
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    ASSERT(plan.phases[i].accelerators >= 0 && plan.phases[i].tokens_per_s >= 0);
    ASSERT(i == 0 || plan.phases[i].from_s > plan.phases[i - 1].from_s);
  }
}

class Player {
 public:
  Player(const RunPlan& plan, uint64_t seed, uint32_t replication)
      : plan_(plan), seed_(seed), replication_(replication) {
    for (const FleetPhase& phase : plan.phases) {
      const bool is_best = plan.interval_s == 0 && phase.accelerators > 0;
      intervals_.push_back(is_best ? checkpoint_interval(plan.rates, plan.recovery, phase.accelerators).best_s
                                   : plan.interval_s);
    }
  }

  RunPlayed run() {
    while (!out_.is_through && now_ < horizon()) {
      take_phase();
      if (phase().tokens_per_s <= 0) {
        pass(next_change(), out_.waiting_s);
      } else {
        run_until_event();
      }
    }
    out_.elapsed_s = now_;
    out_.tokens = done_;
    return out_;
  }

 private:
  enum Source : uint32_t { kTime, kCause, kRepair };

  [[nodiscard]] const FleetPhase& phase() const { return plan_.phases[phase_]; }
  [[nodiscard]] double horizon() const { return plan_.horizon_s > 0 ? plan_.horizon_s : kInfinity; }
  [[nodiscard]] double next_change() const {
    const double change = phase_ + 1 < plan_.phases.size() ? plan_.phases[phase_ + 1].from_s : kInfinity;
    return std::min(change, horizon());
  }

  void take_phase() {
    const std::size_t before = phase_;
    while (phase_ + 1 < plan_.phases.size() && plan_.phases[phase_ + 1].from_s <= now_) ++phase_;
    if (phase_ != before || draws_[kTime] == 0) fails_at_ = now_ + draw_time();
  }

  double draw(Source source) { return uniform01({seed_, replication_, source, draws_[source]++}); }

  /// From one interruption, or change of the fleet, to the next.
  double draw_time() {
    const double mean = mean_time_between_s(plan_.rates, phase().accelerators);
    if (std::isinf(mean)) return kInfinity;
    const double shape = plan_.rates.shape;
    return mean / std::tgamma(1 + 1 / shape) * std::pow(-std::log(draw(kTime)), 1 / shape);
  }

  void pass(double until, double& account) {
    until = std::min(until, horizon());
    account += std::max(0.0, until - now_);
    now_ = std::max(now_, until);
  }

  /// From a start to whatever comes first: the end of the tokens, an interruption, more accelerators, the horizon.
  void run_until_event() {
    const double interval = intervals_[phase_];
    const double cycle = interval + plan_.recovery.write_s;
    const double work = (plan_.tokens - done_) / phase().tokens_per_s;
    const double cycles = std::isinf(interval) ? 0 : std::max(0.0, std::ceil(work / interval) - 1);
    const double to_end = work + cycles * plan_.recovery.write_s;
    const double to_failure = std::max(0.0, fails_at_ - now_);
    const double to_change = next_change() - now_;
    if (to_end <= std::min(to_failure, to_change)) {
      account(work, cycles, 0);
      now_ += to_end;
      done_ = plan_.tokens;
      out_.is_through = true;
    } else if (to_failure < to_change) {
      stop_by_failure(to_failure, interval, cycle);
    } else {
      stop_by_plan(to_change, interval, cycle);
    }
  }

  void account(double useful, double checkpoints, double lost) {
    out_.useful_s += useful;
    out_.checkpoint_s += checkpoints * plan_.recovery.write_s;
    out_.lost_s += lost;
  }

  /// Work of whole cycles and of what has begun, after `time` of running.
  struct Progress {
    double work = 0;
    double checkpoint = 0;  // time spent on checkpoints
  };
  [[nodiscard]] static Progress progress(double time, double interval, double cycle) {
    if (std::isinf(interval)) return {time, 0};
    const double whole = std::floor(time / cycle);
    const double work = whole * interval + std::min(time - whole * cycle, interval);
    return {work, time - work};
  }

  void stop_by_failure(double time, double interval, double cycle) {
    const Progress made = progress(time, interval, cycle);
    const double safe = std::isinf(interval) || time < plan_.recovery.background_s
                            ? 0
                            : std::floor((time - plan_.recovery.background_s) / cycle) * interval;
    out_.useful_s += safe;
    out_.lost_s += made.work - safe;
    out_.checkpoint_s += made.checkpoint;
    done_ += safe * phase().tokens_per_s;
    now_ += time;
    ++out_.interruptions;
    const double share = plan_.rates.per_accelerator_hour > 0
                             ? plan_.rates.node_per_accelerator_hour / plan_.rates.per_accelerator_hour
                             : 0;
    const bool takes_node = draw(kCause) < share;
    if (takes_node) take_node_out();
    fails_at_ = now_ + draw_time();
    restart();
  }

  void take_node_out() {
    ++out_.nodes_out;
    std::erase_if(repaired_, [&](double time) { return time <= now_; });
    repaired_.push_back(now_ - plan_.recovery.repair_s * std::log(draw(kRepair)));
    if (repaired_.size() <= static_cast<std::size_t>(plan_.recovery.spare_nodes)) return;
    const auto first = std::ranges::min_element(repaired_);
    pass(*first, out_.waiting_s);
    repaired_.erase(first);
  }

  /// Restarts may fail like anything else; then they begin again.
  void restart() {
    for (;;) {
      const double through = now_ + plan_.recovery.detect_s + plan_.recovery.restart_s;
      pass(std::min(through, fails_at_), out_.down_s);
      if (fails_at_ >= through || now_ >= horizon()) return;
      ++out_.interruptions;
      fails_at_ = now_ + draw_time();
    }
  }

  /// The fleet changes, or the horizon is there: what was done is kept.
  void stop_by_plan(double time, double interval, double cycle) {
    const Progress made = progress(time, interval, cycle);
    out_.useful_s += made.work;
    out_.checkpoint_s += made.checkpoint;
    done_ += made.work * phase().tokens_per_s;
    now_ += time;
    if (now_ < horizon()) pass(now_ + plan_.recovery.write_s + plan_.recovery.restart_s, out_.down_s);
  }

  const RunPlan& plan_;
  uint64_t seed_;
  uint32_t replication_;
  std::vector<double> intervals_;  // [phase] s
  std::size_t phase_ = 0;
  double now_ = 0;
  double fails_at_ = 0;
  double done_ = 0;               // tokens that are safe, or kept
  std::vector<double> repaired_;  // times at which nodes come back
  uint32_t draws_[3] = {};
  RunPlayed out_;
};

Estimate estimate_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  // 1.96: replications are many
  return {mean, 1.96 * std::sqrt(squares / (count - 1) / count)};
}

}  // namespace

RunPlayed play_run(const RunPlan& plan, uint64_t seed, uint32_t replication) {
  check(plan);
  return Player(plan, seed, replication).run();
}

RunOutlook play_runs(const RunPlan& plan, uint64_t seed, uint32_t replications) {
  ASSERT(replications >= 2);
  std::vector<double> elapsed;
  std::vector<double> useful;
  std::vector<double> interruptions;
  std::vector<double> tokens;
  RunOutlook outlook;
  double all = 0;
  for (uint32_t r = 0; r < replications; ++r) {
    const RunPlayed run = play_run(plan, seed, r);
    elapsed.push_back(run.elapsed_s);
    useful.push_back(run.useful_s / run.elapsed_s);
    interruptions.push_back(static_cast<double>(run.interruptions));
    tokens.push_back(run.tokens);
    outlook.through_share += run.is_through ? 1 : 0;
    outlook.shares.useful += run.useful_s;
    outlook.shares.checkpoint += run.checkpoint_s;
    outlook.shares.lost += run.lost_s;
    outlook.shares.down += run.down_s;
    outlook.shares.waiting += run.waiting_s;
    all += run.elapsed_s;
  }
  for (double* share : {&outlook.shares.useful, &outlook.shares.checkpoint, &outlook.shares.lost, &outlook.shares.down,
                        &outlook.shares.waiting}) {
    *share /= all;
  }
  outlook.through_share /= replications;
  outlook.elapsed_s = estimate_of(elapsed);
  outlook.useful_share = estimate_of(useful);
  outlook.interruptions = estimate_of(interruptions);
  outlook.tokens = estimate_of(tokens);
  std::ranges::sort(elapsed);
  outlook.p10_elapsed_s = elapsed[elapsed.size() / 10];
  outlook.p90_elapsed_s = elapsed[std::min(elapsed.size() - 1, elapsed.size() * 9 / 10)];
  return outlook;
}

}  // namespace beltline::training
