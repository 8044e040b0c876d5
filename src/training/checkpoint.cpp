#include "training/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "queue/erlang.h"

namespace beltline::training {

namespace {

constexpr double kHour_s = 3600;
constexpr double kBytesPerParameter = 2 + 12;
constexpr double kHostBytesPerS = 25e9;
constexpr double kMeet_s = 1;

/// Share of time in which more nodes are out than there are spares. Nodes fail while the run goes on only.
double waiting_share(const FailureRates& rates, const Recovery& recovery, double accelerators) {
  const double out = rates.node_per_accelerator_hour / kHour_s * accelerators * recovery.repair_s;
  return queue::erlang_b(recovery.spare_nodes + 1.0, out);
}

double useful_share(const FailureRates& rates, const Recovery& recovery, double accelerators, double interval_s) {
  return time_shares(rates, recovery, accelerators, interval_s).useful;
}

}  // namespace

double checkpoint_bytes(const perf::Architecture& architecture) {
  return kBytesPerParameter * perf::parameters(architecture);
}

Recovery written_at_once(const perf::Architecture& architecture, double bytes_per_s) {
  ASSERT(bytes_per_s > 0);
  Recovery recovery;
  recovery.write_s = checkpoint_bytes(architecture) / bytes_per_s;
  return recovery;
}

Recovery written_behind(const perf::Architecture& architecture, double bytes_per_s, double accelerators) {
  ASSERT(bytes_per_s > 0 && accelerators > 0);
  Recovery recovery;
  recovery.write_s = kMeet_s + checkpoint_bytes(architecture) / accelerators / kHostBytesPerS;
  recovery.background_s = checkpoint_bytes(architecture) / bytes_per_s;
  return recovery;
}

double mean_time_between_s(const FailureRates& rates, double accelerators) {
  const double rate = rates.per_accelerator_hour * accelerators / kHour_s;
  return rate > 0 ? 1 / rate : std::numeric_limits<double>::infinity();
}

TimeShares time_shares(const FailureRates& rates, const Recovery& recovery, double accelerators, double interval_s) {
  ASSERT(interval_s > 0 && accelerators > 0);
  const double cycle = interval_s + recovery.write_s;
  const double mean = mean_time_between_s(rates, accelerators);
  TimeShares shares;
  if (std::isinf(mean)) {
    shares.useful = interval_s / cycle;
    shares.checkpoint = recovery.write_s / cycle;
    return shares;
  }
  const double down = recovery.detect_s + recovery.restart_s;
  const double failures = std::expm1(cycle / mean);  // of a cycle until it is through, those of restarts aside
  const double unsafe = cycle * std::expm1(-recovery.background_s / mean) / std::expm1(-cycle / mean);
  const double again = failures * unsafe;
  // restarts fail, too: M (e^(R/M) − 1) for each failure
  const double restarting = failures * mean * std::expm1(down / mean);
  const double elapsed = mean * failures + restarting + again;
  const double running = 1 - waiting_share(rates, recovery, accelerators);
  shares.useful = running * interval_s / elapsed;
  shares.checkpoint = running * recovery.write_s / elapsed;
  shares.down = running * restarting / elapsed;
  shares.lost = running * (mean * failures - cycle + again) / elapsed;
  shares.waiting = 1 - running;
  return shares;
}

CheckpointInterval checkpoint_interval(const FailureRates& rates, const Recovery& recovery, double accelerators) {
  const double mean = mean_time_between_s(rates, accelerators);
  CheckpointInterval interval;
  if (std::isinf(mean)) return {mean, mean, mean};
  const double write = recovery.write_s;
  const double least = std::max({recovery.background_s, write / 100, 1e-3});
  interval.young_s = std::sqrt(2 * write * mean);
  interval.daly_s = write < 2 * mean
                        ? interval.young_s * (1 + std::sqrt(write / (2 * mean)) / 3 + write / (18 * mean)) - write
                        : mean;
  // one maximum: golden section over the logarithm of the interval
  double low = std::log(least);
  double high = std::log(std::max(4 * mean, 2 * least));
  constexpr double kGolden = 0.3819660112501051;
  for (int i = 0; i < 80; ++i) {
    const double left = low + kGolden * (high - low);
    const double right = high - kGolden * (high - low);
    const bool is_left = useful_share(rates, recovery, accelerators, std::exp(left)) >
                         useful_share(rates, recovery, accelerators, std::exp(right));
    (is_left ? high : low) = is_left ? right : left;
  }
  interval.best_s = std::exp((low + high) / 2);
  return interval;
}

}  // namespace beltline::training
