#include "serving/fleet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace beltline::serving {

int32_t FleetSpec::kind_of(int32_t model, int32_t rack) const {
  const auto found =
      std::ranges::find_if(kinds, [&](const ReplicaKind& kind) { return kind.model == model && kind.rack == rack; });
  return found == kinds.end() ? -1 : static_cast<int32_t>(found - kinds.begin());
}

int32_t FleetSpec::model_index(std::string_view wanted) const {
  const auto found = std::ranges::find(models, wanted, &ServedModel::name);
  return found == models.end() ? -1 : static_cast<int32_t>(found - models.begin());
}

namespace {

/// Slots of racks at a site that its splits need, so that a small part of a fleet splits as the whole does.
double slots_for_splits(const FleetSpec& fleet, const SiteRacks& racks, const FleetSite& site, int32_t accelerators) {
  const auto number = static_cast<int32_t>(&site - fleet.sites.data());
  double slots = 1;
  for (const ReplicaKind& kind : fleet.kinds) {
    if (kind.rack != racks.rack || kind.model < 0) continue;
    const SplitRules* const split = split_of(fleet, kind.model, number);
    const double share = site.shares[static_cast<std::size_t>(kind.model)];
    if (split == nullptr || !(share > 0)) continue;
    const int32_t in_slot = accelerators / kind.accelerators;
    slots = std::max(slots, std::ceil(static_cast<double>(replicas_for(split->share())) / in_slot) / share);
  }
  return std::ceil(slots - 1e-9);
}

}  // namespace

SlotCount count_slots(const FleetSpec& fleet, const SiteRacks& racks, double down, const FleetSite* site) {
  SlotCount out;
  for (const ReplicaKind& kind : fleet.kinds) {
    if (kind.rack == racks.rack) out.accelerators = std::max(out.accelerators, kind.accelerators);
  }
  const int32_t in_rack = fleet.racks[static_cast<std::size_t>(racks.rack)].accelerators;
  if (out.accelerators == 0 || out.accelerators > in_rack || !(racks.count > 0)) return {};
  out.per_rack = in_rack / out.accelerators;
  out.truth = racks.count * out.per_rack;
  double simulated = out.truth / down;
  if (site != nullptr) {
    // never more than there are
    simulated = std::max(simulated, std::min(out.truth, slots_for_splits(fleet, racks, *site, out.accelerators)));
  }
  out.simulated = std::max<int32_t>(1, static_cast<int32_t>(std::lround(simulated)));
  return out;
}

double distance_km(const GeoPoint& a, const GeoPoint& b) {
  constexpr double kRadius_km = 6371.0088;  // mean of the Earth, IUGG
  constexpr double kRadian = std::numbers::pi / 180;
  const double rise = std::sin((b.latitude - a.latitude) * kRadian / 2);
  const double turn = std::sin((b.longitude - a.longitude) * kRadian / 2);
  const double h = rise * rise + std::cos(a.latitude * kRadian) * std::cos(b.latitude * kRadian) * turn * turn;
  return 2 * kRadius_km * std::asin(std::sqrt(std::min(1.0, h)));
}

double round_trip_s(const NetworkRules& network, const GeoPoint& a, const GeoPoint& b) {
  return 2 * distance_km(a, b) * network.detour / network.speed_km_per_s + network.fixed_s;
}

KindFigures figures_of(const ReplicaKind& kind, const ServiceLevel& level, const MeanRequest& mean, ReplicaRole role) {
  const perf::StepCost& cost = *kind.cost;
  KindFigures out;
  out.idle_W = out.full_W = cost.idle_W();
  const auto try_step = [&](const perf::Step& step) {
    const double seconds = static_cast<double>(cost.step(step)) / static_cast<double>(kSecond);
    if (seconds > 0) out.full_W = std::max(out.full_W, cost.step_energy_J(step) / seconds);
    return seconds;
  };
  const double output = std::max(1.0, mean.output);
  const double computed = std::max(1.0, mean.input * (1 - mean.cached));
  const double held = mean.input + output;  // tokens that a request holds at its end
  const int32_t most = static_cast<int32_t>(
      std::clamp(static_cast<double>(cost.kv_tokens_max()) / held, 1.0, static_cast<double>(kind.rules.sequences_max)));
  if (role == ReplicaRole::prefill) {
    const double room = kind.rules.step_tokens_max;
    const double prompts = std::clamp(std::floor(room / computed), 1.0, static_cast<double>(most));
    const std::vector<perf::Chunk> chunks(static_cast<std::size_t>(prompts),
                                          {.tokens = static_cast<int32_t>(std::clamp(computed, 1.0, room)),
                                           .context = static_cast<int64_t>(mean.input * mean.cached),
                                           .is_last = true});
    out.places = prompts;
    out.requests_per_s = prompts / (try_step({.chunks = chunks}) * std::max(1.0, computed / room));
    return out;
  }
  const Speculation& speculation = kind.rules.speculation;
  const double yield = tokens_a_step(speculation);
  const double draft_s = static_cast<double>(speculation.draft) / static_cast<double>(kSecond);
  // steps with prompts take longer by more than their tokens, so that they are told from the others
  const auto token_s = [&](int32_t sequences) {
    const int32_t decodes = sequences * (1 + speculation.tokens);
    const double steps = std::max(1.0, output / yield);   // of one answer
    const double prompts = sequences * computed / steps;  // tokens of a step, mean
    const double room = std::max(1.0, static_cast<double>(kind.rules.step_tokens_max - decodes));
    const double with_prompts =
        role == ReplicaRole::decode ? 0 : std::min(1.0, std::ceil(computed / room) * sequences / steps);
    const auto context = static_cast<int64_t>(sequences * (mean.input + output / 2));
    const double plain_s = try_step({.decodes = decodes, .decode_context = context}) + draft_s;
    if (!(with_prompts > 0)) return plain_s * steps / output;
    const double chunk_tokens = prompts / with_prompts;
    const std::array<perf::Chunk, 1> chunk{{{.tokens = static_cast<int32_t>(std::clamp(chunk_tokens, 1.0, room)),
                                             .context = static_cast<int64_t>(mean.input * mean.cached),
                                             .is_last = true}}};
    const double mixed_s = try_step({.chunks = chunk, .decodes = decodes, .decode_context = context}) + draft_s;
    // more prompt tokens than a step has room for take several
    const double step_s = with_prompts * mixed_s * std::max(1.0, chunk_tokens / room) + (1 - with_prompts) * plain_s;
    return step_s * steps / output;
  };
  int32_t low = 1, high = most;
  while (low < high) {
    const int32_t middle = low + (high - low + 1) / 2;
    if (token_s(middle) <= level.tpot_s) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  out.places = low;
  out.requests_per_s = low / (output * token_s(low));
  try_step({.decodes = most * (1 + speculation.tokens), .decode_context = static_cast<int64_t>(most * held)});
  for (const int64_t context : {int64_t{0}, int64_t{8192}}) {
    const std::array<perf::Chunk, 1> chunk{{{.tokens = kind.rules.step_tokens_max, .context = context}}};
    try_step({.chunks = chunk});
  }
  return out;
}

}  // namespace beltline::serving
