#include "serving/fleet_hardware.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "perf/memory.h"

namespace beltline::serving {
namespace {

/// "tensor 8, fp8; 3 replicas a rack".
std::string describe(const perf::Pool& pool, int32_t racks) {
  const perf::Deployment& deployment = pool.cost->deployment();
  const perf::Parallelism& split = deployment.parallelism;
  std::string text = fmt::format("tensor {}", split.tensor);
  if (split.pipeline > 1) text += fmt::format(", pipeline {}", split.pipeline);
  if (split.attention_data > 1) text += fmt::format(", attention copies {}", split.attention_data);
  if (split.expert_parallel > 1) text += fmt::format(", expert parallel {}", split.expert_parallel);
  return text + fmt::format(", weights {}, {} replicas a rack", perf::name_of(deployment.quantisation.weights),
                            pool.replicas / std::max(1, racks));
}

}  // namespace

double base_power_W(const perf::Rack& rack) {
  return std::max(0.0, rack.idle_power_W - rack.accelerators * rack.accelerator.idle_W);
}

Outcome<ReplicaKind> find_replica_kind(const std::string& model, const perf::Rack& rack,
                                       const HardwareOptions& options) {
  const auto known = perf::find_model(model);
  if (!known) return std::unexpected(known.error());
  perf::SearchOptions together;
  together.may_disaggregate = false;
  const auto search = perf::RackSearch::make(*known, rack, together);
  if (!search) {
    const auto& all = search.error().all();
    return failure(all.empty() ? fmt::format("{} does not fit {}", model, rack.name) : all.front().message);
  }
  const auto fits = [&](const perf::RackPoint& point) {
    return point.decode.cost->deployment().parallelism.accelerators() <= rack.accelerators;
  };
  std::vector<perf::RackPoint> points =
      search->ranking(options.workload, {.ttft_s = options.level.ttft_s, .tpot_s = options.level.tpot_s}, 64);
  std::erase_if(points, [&](const perf::RackPoint& point) { return !fits(point); });
  const bool meets = !points.empty();
  if (!meets) {
    points = search->front(options.workload, {});
    std::erase_if(points, [&](const perf::RackPoint& point) { return !fits(point); });
  }
  if (points.empty()) return failure(fmt::format("{} does not fit into one rack {}", model, rack.name));
  const perf::RackPoint& point = points.front();

  const perf::Deployment& deployment = point.decode.cost->deployment();
  const int32_t copies = deployment.parallelism.attention_data;
  ReplicaKind kind;
  kind.accelerators = deployment.parallelism.accelerators();
  kind.cost = point.decode.cost;
  kind.rules.step_tokens_max = static_cast<int32_t>(perf::policy_of(deployment.engine).tokens_max) * copies;
  // room for a fifth more than the batch that the level allows: beyond it requests wait instead of slowing all others
  kind.rules.sequences_max =
      std::clamp(static_cast<int32_t>(std::ceil(1.2 * point.decode.sequences)), 4, 1024 * copies);
  kind.rules.caches_prefixes = options.caches_prefixes;
  kind.rules.block_tokens = 64;
  kind.rules.prefix_unit_tokens = 256;
  const double bytes = point.decode.cost->memory().weights * kind.accelerators;
  kind.load_time = static_cast<Picoseconds>(bytes / options.load_bytes_per_s * static_cast<double>(kSecond));
  kind.kv_bytes_per_token = perf::kv_bytes_per_token(known->architecture, deployment.quantisation.kv_cache);
  kind.basis = describe(point.decode, point.racks);
  if (!meets) kind.basis += "; no deployment meets the service level, this is the fastest";
  return kind;
}

}  // namespace beltline::serving
