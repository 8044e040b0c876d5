#include "training/network.h"

#include <algorithm>
#include <cmath>

namespace beltline::training {

namespace {

struct Wire {
  double bytes_per_s = 0;
  double latency_s = 0;
};

double inside_bytes_per_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group) {
  return a.scale_up.bytes_per_s * (group.is_tensor ? c.link : c.link_data);
}

Wire wire_of(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group) {
  const double inside = inside_bytes_per_s(c, a, group);
  if (group.ranks * group.stride <= a.scale_up_size) return {inside, a.scale_up.latency_s};
  const auto neighbours = std::max<int64_t>(1, a.scale_up_size / group.stride);
  const double outside = a.scale_out.bytes_per_s * c.network * static_cast<double>(neighbours);
  return {std::min(inside, outside), a.scale_out.latency_s};
}

double latencies(const Wire& wire, int64_t ranks) {
  return 2 * std::ceil(std::log2(static_cast<double>(ranks))) * wire.latency_s;
}

double share_that_moves(int64_t ranks) {
  return static_cast<double>(ranks - 1) / static_cast<double>(ranks);
}

}  // namespace

double gather_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes) {
  if (group.ranks <= 1) return 0;
  const Wire wire = wire_of(c, a, group);
  return share_that_moves(group.ranks) * bytes / wire.bytes_per_s + latencies(wire, group.ranks);
}

double reduce_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes) {
  return 2 * gather_s(c, a, group, bytes);
}

double exchange_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes) {
  if (group.ranks <= 1) return 0;
  // no ring: each rank's own link carries what it sends out of the domain
  const bool is_inside = group.ranks * group.stride <= a.scale_up_size;
  const auto neighbours = is_inside ? 1 : std::max<int64_t>(1, a.scale_up_size / group.stride);
  const double speed = is_inside ? inside_bytes_per_s(c, a, group) : a.scale_out.bytes_per_s * c.network;
  const double leaves = 1 - static_cast<double>(neighbours) / static_cast<double>(group.ranks);
  return leaves * bytes / speed + latencies({speed, (is_inside ? a.scale_up : a.scale_out).latency_s}, group.ranks);
}

double send_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes) {
  if (group.ranks <= 1) return 0;
  const bool is_inside = group.ranks * group.stride <= a.scale_up_size;
  return is_inside ? bytes / inside_bytes_per_s(c, a, group) + a.scale_up.latency_s
                   : bytes / (a.scale_out.bytes_per_s * c.network) + a.scale_out.latency_s;
}

}  // namespace beltline::training
