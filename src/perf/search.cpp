#include "perf/search.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "perf/replica_check.h"
#include "perf/splits.h"

namespace beltline::perf {

namespace {

constexpr double kPromptUseMax = 0.9;   // of a pool of prompts: above it, they mostly wait
constexpr double kPromptUseMin = 0.05;  // below it, a target of TTFT leaves a pool idle
constexpr int kBalanceRounds = 4;
// Of the largest batch at the level: with larger ones fewer replicas may do, which whole replicas then bring back to
// the level; with smaller ones the first token comes sooner, which leaves prompts more time to wait.
constexpr double kBatchTimes[] = {1.3, 1.0, 0.6, 0.35};
constexpr int32_t kSplitAccelerators = 64;  // over so many, the two pools are balanced in whole replicas

/// The largest count from 1 to `most` at which `strain` is at most 1, where it grows with the count; within a
/// sixty-fourth, which a batch is not planned closer than. 0 where even one is too many.
///
/// Between two counts the strain is taken for a line, as the time of a step nearly is; where that does not halve the
/// span, it is halved.
template <class Strain>
int32_t largest_within(int32_t most, const Strain& strain) {
  constexpr int32_t kCloseness = 64;
  if (most < 1) return 0;
  double low_strain = strain(1);
  if (low_strain > 1) return 0;
  double high_strain = strain(most);
  if (high_strain <= 1) return most;
  int32_t low = 1;
  int32_t high = most;
  bool is_slow = false;
  while (high - low > std::max(1, low / kCloseness)) {
    const int32_t span = high - low;
    int32_t at = low + span / 2;
    if (!is_slow && std::isfinite(high_strain)) {
      const double share = (1 - low_strain) / (high_strain - low_strain);
      at = std::clamp(low + static_cast<int32_t>(share * span), low + 1, high - 1);
    }
    const double found = strain(at);
    if (found <= 1) {
      low = at;
      low_strain = found;
      // a line that lies close leaves nothing between
      if (found > 1 - 1.0 / kCloseness) break;
    } else {
      high = at;
      high_strain = found;
    }
    is_slow = high - low > span / 2;
  }
  return low;
}

int32_t accelerators_of(const ReplicaCost& cost) {
  return cost.deployment().parallelism.accelerators();
}

/// 1, 2, 3, 4, 6, 8, 12, … up to `most`, and `most` itself.
std::vector<int32_t> counts_to(int32_t most) {
  std::vector<int32_t> out;
  for (int32_t power = 1; power <= most; power *= 2) {
    out.push_back(power);
    if (power > 1 && power + power / 2 <= most) out.push_back(power + power / 2);
  }
  if (!out.empty() && out.back() != most) out.push_back(most);
  return out;
}

/// Use of a pool at which waiting and service take `times` the service: 1 + use / (2 (1 − use)) = times.
double use_at(double times) {
  const double over = 2 * (times - 1);
  if (over <= 0) return 0;
  // without a limit on the wait, times is infinite
  return std::isfinite(over) ? std::min(over / (1 + over), kPromptUseMax) : kPromptUseMax;
}

/// More tokens, counted in fifths of a per cent: of those that yield the same, the faster one.
bool is_better(const RackPoint& a, const RackPoint& b) {
  const auto step = [](const RackPoint& point) { return std::llround(500 * std::log(point.output_tokens_per_s)); };
  const auto [of_a, of_b] = std::pair(step(a), step(b));
  return of_a != of_b ? of_a > of_b : a.tpot_s < b.tpot_s;
}

bool fits(const ReplicaCost& cost, const Workload& workload) {
  return workload.input_tokens + workload.output_tokens <= cost.kv_tokens_max();
}

}  // namespace

/// A pool of prompts at the level's TTFT.
struct RackSearch::Prompts {
  Replica replica;
  double service_s = 0;   // of one prompt, or of one in each copy of attention
  double transfer_s = 0;  // of its keys and values
  double wait_s = 0;      // that the level leaves for waiting, service and the first decode
  double copies = 1;

  /// Share of the time that it may work where a decode takes so long: the first token comes with one.
  [[nodiscard]] double use(double tpot_s) const { return use_at((wait_s - tpot_s) / service_s); }
  /// Of one replica.
  [[nodiscard]] double requests_per_s(double tpot_s) const { return use(tpot_s) * copies / service_s; }
};

double rack_power_W(const Rack& rack, double accelerators_W) {
  const double idle_W = rack.accelerators * rack.accelerator.idle_W;
  const double full_W = rack.accelerators * rack.accelerator.power_W;
  const double load = full_W > idle_W ? std::clamp((accelerators_W - idle_W) / (full_W - idle_W), 0.0, 1.0) : 0;
  const double other_idle_W = std::max(0.0, rack.idle_power_W - idle_W);
  const double other_full_W = std::max(other_idle_W, rack.power_W - full_W);
  return accelerators_W + other_idle_W + load * (other_full_W - other_idle_W);
}

RackSearch::RackSearch(const CatalogueModel& model, const Rack& rack, const SearchOptions& options)
    : model_(model), rack_(rack), options_(options), policy_(policy_of(options.engine)) {}

std::expected<RackSearch, Diagnostics> RackSearch::make(const CatalogueModel& model, const Rack& rack,
                                                        const SearchOptions& options) {
  RackSearch out(model, rack, options);
  Diagnostics faults;
  if (rack.accelerators < 1) {
    faults.add({.code = Code::out_of_range,
                .message = fmt::format("rack '{}' has no accelerators", printable(rack.name)),
                .found = fmt::format("{}", rack.accelerators),
                .expected = "at least 1",
                .help = "write how many stand in it"});
    return std::unexpected(std::move(faults));
  }
  // the last split is that of most accelerators: where nothing fits, its faults say what is missing
  const std::vector<Parallelism> splits =
      options.split ? std::vector{*options.split} : splits_of(model.architecture, rack.accelerator, rack.accelerators);
  for (const Quantisation& quantisation : quantisations_of(model, rack.accelerator, options.precision)) {
    for (const Parallelism& split : splits) {
      // stages are for what does not fit otherwise
      if (split.pipeline > 1 && !options.split && !out.replicas_.empty()) continue;
      auto made = ReplicaCost::make({.architecture = model.architecture,
                                     .accelerator = rack.accelerator,
                                     .quantisation = quantisation,
                                     .parallelism = split,
                                     .engine = options.engine,
                                     .memory_share = options.memory_share},
                                    {.profiles = options.profiles});
      if (made) {
        out.replicas_.push_back(std::move(*made));
      } else {
        faults = std::move(made.error());
      }
    }
  }
  if (out.replicas_.empty()) return std::unexpected(std::move(faults));
  return out;
}

void RackSearch::complete(RackPoint& point, const Workload& workload) const {
  const ReplicaCost& cost = *point.decode.cost;
  double used = point.decode.replicas * accelerators_of(cost);
  double accelerators_W = 0;
  if (point.prompts) {
    const ReplicaCost& reader = *point.prompts->cost;
    const SteadyLoad load = decode_load(cost, workload, point.decode.sequences);
    const SteadyLoad reading = prompt_load(reader, policy_, workload, point.prompt_use, 0);
    const double busy = point.requests_per_s * point.racks / (point.decode.replicas * load.requests_per_s);
    const double decode_W = std::min(busy, 1.0) * load.power_W + std::max(1 - busy, 0.0) * cost.idle_W();
    accelerators_W = point.decode.replicas * decode_W + point.prompts->replicas * reading.power_W;
    used += point.prompts->replicas * accelerators_of(reader);
    point.bases = worse(bases_of(cost, policy_, workload, point.decode.sequences, false),
                        bases_of(reader, policy_, workload, 0, true));
  } else {
    accelerators_W = point.decode.replicas * mixed_load(cost, policy_, workload, point.decode.sequences).power_W;
    point.bases = bases_of(cost, policy_, workload, point.decode.sequences, true);
  }
  const double unused = static_cast<double>(point.racks) * rack_.accelerators - used;
  point.power_W = rack_power_W(rack_, (accelerators_W + unused * rack_.accelerator.idle_W) / point.racks);
}

void RackSearch::set_rate(RackPoint& point, const Workload& workload, double requests_per_s) {
  point.requests_per_s = requests_per_s;
  point.output_tokens_per_s = requests_per_s * static_cast<double>(workload.output_tokens);
  point.input_tokens_per_s = requests_per_s * static_cast<double>(workload.input_tokens);
}

RackPoint RackSearch::alone(const Replica& replica, const Workload& workload, double sequences) const {
  const SteadyLoad load = mixed_times(*replica, policy_, workload, sequences);
  const int32_t each = accelerators_of(*replica);
  RackPoint point;
  point.racks = (each + rack_.accelerators - 1) / rack_.accelerators;
  const int32_t replicas = std::max(1, rack_.accelerators / each);
  point.decode = {.cost = replica, .replicas = replicas, .sequences = sequences};
  point.ttft_s = load.ttft_s;
  point.tpot_s = load.tpot_s;
  point.prompt_use = load.prompt_use;
  set_rate(point, workload, replicas * load.requests_per_s / point.racks);
  return point;
}

std::optional<RackPoint> RackSearch::alone_at(const Replica& replica, const Workload& workload,
                                              const ServiceLevel& level) const {
  if (!fits(*replica, workload)) return std::nullopt;
  const auto most = static_cast<int32_t>(sequences_max(*replica, policy_, workload));
  const int32_t sequences = largest_within(most, [&](int32_t count) {
    const SteadyLoad load = mixed_times(*replica, policy_, workload, count);
    return std::max({load.ttft_s / level.ttft_s, load.tpot_s / level.tpot_s, load.prompt_use / kPromptUseMax});
  });
  if (sequences == 0) return std::nullopt;
  return alone(replica, workload, sequences);
}

std::optional<RackSearch::Prompts> RackSearch::best_prompts(const Workload& workload, const ServiceLevel& level) const {
  std::optional<Prompts> best;
  const Accelerator& a = rack_.accelerator;
  const bool is_near = a.scale_up_size >= rack_.accelerators;  // pools within one domain
  for (const Replica& replica : replicas_) {
    if (replica->kv_tokens_max() < workload.input_tokens) continue;
    const double links = accelerators_of(*replica) * (is_near ? a.scale_up : a.scale_out).bytes_per_s;
    const double bytes = static_cast<double>(workload.input_tokens) *
                         kv_bytes_per_token(model_.architecture, replica->deployment().quantisation.kv_cache);
    const double transfer_s = bytes / links;
    Prompts found{.replica = replica,
                  .service_s = prompt_service_s(*replica, policy_, workload),
                  .transfer_s = transfer_s,
                  .wait_s = level.ttft_s - transfer_s - replica->request_latency_s(workload.input_tokens),
                  .copies = static_cast<double>(replica->deployment().parallelism.attention_data)};
    if (found.use(0) < kPromptUseMin) continue;
    const auto yield = [](const Prompts& p) { return p.requests_per_s(0) / accelerators_of(*p.replica); };
    if (!best || yield(found) > yield(*best)) best = std::move(found);
  }
  return best;
}

std::optional<RackPoint> RackSearch::split(const Replica& replica, const Prompts& prompts, const Workload& workload,
                                           double sequences) const {
  const int32_t each = accelerators_of(*replica);
  const int32_t each_prompts = accelerators_of(*prompts.replica);
  const auto outputs = static_cast<double>(workload.output_tokens);
  double count = sequences;
  double tpot_s = decode_time_s(*replica, workload, count);
  const double of_decode = count / (outputs * tpot_s);
  const double of_prompts = prompts.requests_per_s(tpot_s);
  // whole replicas of both, on as few racks as balance them well
  const int32_t least = (each + each_prompts + rack_.accelerators - 1) / rack_.accelerators;
  const int32_t most = std::max(least, kSplitAccelerators / rack_.accelerators);
  RackPoint point;
  int32_t prompt_replicas = 0;
  double of_rack = 0;
  for (int32_t racks = least; racks <= most; ++racks) {
    const int32_t all = racks * rack_.accelerators;
    for (int32_t decodes = 1; decodes * each + each_prompts <= all; ++decodes) {
      const int32_t others = (all - decodes * each) / each_prompts;
      const double found = std::min(decodes * of_decode, others * of_prompts) / racks;
      if (found <= of_rack * (1 + 1e-9)) continue;
      of_rack = found;
      point.racks = racks;
      point.decode = {.cost = replica, .replicas = decodes, .sequences = sequences};
      prompt_replicas = others;
    }
  }
  if (prompt_replicas == 0) return std::nullopt;
  // what a pool has too much of: decodes run with fewer sequences each, and prompts wait for less
  const double rate = of_rack * point.racks;
  const double per_decode = rate / point.decode.replicas;
  for (int round = 0; round < kBalanceRounds && count > per_decode * outputs * tpot_s + 1; ++round) {
    count = std::max(1.0, std::ceil(per_decode * outputs * tpot_s));
    tpot_s = decode_time_s(*replica, workload, count);
  }
  point.prompt_use = rate / prompt_replicas * prompts.service_s / prompts.copies;
  const double read_s =
      prompt_ttft_s(*prompts.replica, workload, prompts.service_s, point.prompt_use, prompts.transfer_s);
  point.decode.sequences = count;
  point.prompts =
      Pool{.cost = prompts.replica, .replicas = prompt_replicas, .sequences = read_s * rate / prompt_replicas};
  point.ttft_s = read_s + tpot_s;
  point.tpot_s = tpot_s;
  set_rate(point, workload, of_rack);
  return point;
}

std::optional<RackPoint> RackSearch::split_at(const Replica& replica, const Prompts& prompts, const Workload& workload,
                                              const ServiceLevel& level) const {
  if (!fits(*replica, workload)) return std::nullopt;
  const auto most = static_cast<int32_t>(sequences_max(*replica, policy_, workload));
  const int32_t sequences =
      largest_within(most, [&](int32_t count) { return decode_time_s(*replica, workload, count) / level.tpot_s; });
  if (sequences == 0) return std::nullopt;
  std::optional<RackPoint> best;
  for (const double times : kBatchTimes) {
    const double count = std::clamp(std::floor(sequences * times), 1.0, static_cast<double>(most));
    auto point = split(replica, prompts, workload, count);
    if (!point || point->ttft_s > level.ttft_s || point->tpot_s > level.tpot_s) continue;
    if (!best || is_better(*point, *best)) best = std::move(point);
  }
  return best;
}

std::vector<RackPoint> RackSearch::ranking(const Workload& workload, const ServiceLevel& level,
                                           std::size_t count_max) const {
  std::vector<RackPoint> out;
  // its first token is sampled by the pool of decodes, one step after its prompt is there
  const std::optional<Prompts> prompts = options_.may_disaggregate ? best_prompts(workload, level) : std::nullopt;
  for (const Replica& replica : replicas_) {
    if (auto point = alone_at(replica, workload, level)) out.push_back(std::move(*point));
    if (!prompts) continue;
    if (auto point = split_at(replica, *prompts, workload, level)) out.push_back(std::move(*point));
  }
  std::ranges::stable_sort(out, is_better);
  if (out.size() > count_max) out.erase(out.begin() + static_cast<std::ptrdiff_t>(count_max), out.end());
  for (RackPoint& point : out) complete(point, workload);
  return out;
}

std::optional<RackPoint> RackSearch::best(const Workload& workload, const ServiceLevel& level) const {
  std::vector<RackPoint> ranked = ranking(workload, level, 1);
  if (ranked.empty()) return std::nullopt;
  return std::move(ranked.front());
}

std::vector<RackPoint> RackSearch::front(const Workload& workload, const ServiceLevel& level) const {
  std::vector<RackPoint> all;
  const std::optional<Prompts> prompts = options_.may_disaggregate ? best_prompts(workload, level) : std::nullopt;
  for (const Replica& replica : replicas_) {
    if (!fits(*replica, workload)) continue;
    for (const int32_t count : counts_to(static_cast<int32_t>(sequences_max(*replica, policy_, workload)))) {
      RackPoint point = alone(replica, workload, count);
      if (point.ttft_s <= level.ttft_s && point.prompt_use <= kPromptUseMax) all.push_back(std::move(point));
      if (!prompts) continue;
      auto two = split(replica, *prompts, workload, count);
      if (two && two->ttft_s <= level.ttft_s) all.push_back(std::move(*two));
    }
  }
  // from the fastest user on, each point yields more than all before it
  std::ranges::stable_sort(all, [](const RackPoint& a, const RackPoint& b) {
    return a.tpot_s != b.tpot_s ? a.tpot_s < b.tpot_s : a.output_tokens_per_s > b.output_tokens_per_s;
  });
  std::vector<RackPoint> out;
  for (RackPoint& point : all) {
    if (!out.empty() && point.output_tokens_per_s <= out.back().output_tokens_per_s) continue;
    out.push_back(std::move(point));
  }
  for (RackPoint& point : out) complete(point, workload);
  return out;
}

ServiceLevel RackSearch::reach(const Workload& workload) const {
  ServiceLevel out;
  for (const Replica& replica : replicas_) {
    if (!fits(*replica, workload)) continue;
    const SteadyLoad load = mixed_times(*replica, policy_, workload, 1);
    out.ttft_s = std::min(out.ttft_s, load.ttft_s);
    out.tpot_s = std::min(out.tpot_s, load.tpot_s);
    if (options_.may_disaggregate) out.tpot_s = std::min(out.tpot_s, decode_time_s(*replica, workload, 1));
  }
  return out;
}

int64_t RackSearch::sequence_tokens_max() const {
  int64_t most = 0;
  for (const Replica& replica : replicas_) most = std::max(most, replica->kv_tokens_max());
  return most;
}

double usd_per_million_output_tokens(const RackPoint& point, const Rack& rack, const CostOptions& options) {
  constexpr double kHoursPerYear = 8766;
  constexpr double kSecondsPerHour = 3600;
  const double price = options.price_USD > 0 ? options.price_USD : rack.price_USD;
  if (price <= 0) return std::numeric_limits<double>::quiet_NaN();
  // power follows the tokens between idle and the point's own
  const double power_kW = (options.use * point.power_W + (1 - options.use) * rack.idle_power_W) / 1000;
  const double usd_hour = price / (options.life_years * kHoursPerYear) + power_kW * options.pue * options.power_USD_kWh;
  return usd_hour / (point.output_tokens_per_s * options.use * kSecondsPerHour) * 1e6;
}

}  // namespace beltline::perf
