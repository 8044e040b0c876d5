#include "serving/fleet_engine.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "serving/fleet.h"

namespace beltline::serving {

const EngineSettings* settings_of(const FleetSpec& fleet, int32_t model) {
  const EngineSettings* found = nullptr;
  for (const EngineSettings& settings : fleet.engines) {
    if (settings.model == model) return &settings;
    if (settings.model < 0) found = &settings;
  }
  return found;
}

const SplitRules* split_of(const FleetSpec& fleet, int32_t model, int32_t site) {
  const SplitRules* found = nullptr;
  int best = -1;
  for (const SplitRules& split : fleet.splits) {
    if ((split.model >= 0 && split.model != model) || (split.site >= 0 && split.site != site)) continue;
    const int rank = (split.model >= 0 ? 2 : 0) + (split.site >= 0 ? 1 : 0);
    if (rank <= best) continue;
    best = rank;
    found = &split;
  }
  return found;
}

void apply_settings(const FleetSpec& fleet, ReplicaKind& kind) {
  const EngineSettings* const settings = settings_of(fleet, kind.model);
  if (settings == nullptr) return;
  EngineRules& rules = kind.rules;
  rules.step_tokens_max = settings->step_tokens_max.value_or(rules.step_tokens_max);
  rules.sequences_max = settings->sequences_max.value_or(rules.sequences_max);
  rules.caches_prefixes = settings->caches_prefixes.value_or(rules.caches_prefixes);
  rules.chunks_prompts = settings->chunks_prompts;
  rules.is_static = settings->is_static;
  rules.by_priority = settings->by_priority;
  rules.speculation = settings->speculation;
  const int32_t room = std::max(1, rules.step_tokens_max / (1 + rules.speculation.tokens));
  if (rules.sequences_max <= room) return;
  rules.sequences_max = room;
  kind.basis += fmt::format("; {} sequences at a time, for a step has room for no more", room);
}

int64_t prefill_count(double share, int64_t count) {
  if (count < 2) return count;
  return std::clamp<int64_t>(std::llround(share * static_cast<double>(count)), 1, count - 1);
}

ReplicaRole role_of(double share, int64_t number) {
  return prefill_count(share, number + 1) > prefill_count(share, number) ? ReplicaRole::prefill : ReplicaRole::decode;
}

int64_t replicas_for(double share) {
  constexpr int64_t kMost = 16;
  for (int64_t count = 2; count < kMost; ++count) {
    const double got = static_cast<double>(prefill_count(share, count)) / static_cast<double>(count);
    if (std::abs(got - share) <= 0.05 * std::min(share, 1 - share)) return count;
  }
  return kMost;
}

std::vector<Diagnostic> split_faults(const FleetSpec& fleet) {
  std::vector<Diagnostic> faults;
  for (std::size_t s = 0; s < fleet.sites.size(); ++s) {
    const FleetSite& site = fleet.sites[s];
    for (const SiteRacks& racks : site.racks) {
      const SlotCount slots = count_slots(fleet, racks, 1);
      for (const ReplicaKind& kind : fleet.kinds) {
        if (kind.rack != racks.rack || kind.model < 0 || slots.accelerators == 0) continue;
        const auto m = static_cast<std::size_t>(kind.model);
        const SplitRules* const split = split_of(fleet, kind.model, static_cast<int32_t>(s));
        if (split == nullptr || !(site.shares[m] > 0)) continue;
        const double replicas = slots.truth * site.shares[m] * (slots.accelerators / kind.accelerators);
        if (replicas < 1.5) {
          faults.push_back({.code = Code::inconsistent,
                            .origin = split->origin,
                            .message = fmt::format("site '{}' has one replica of '{}' and cannot split it", site.name,
                                                   fleet.models[m].name),
                            .found = fmt::format("{:.1f} replicas on '{}'", replicas,
                                                 fleet.racks[static_cast<std::size_t>(kind.rack)].name),
                            .expected = "at least 2, one to prefill and one to decode",
                            .help = "add racks, raise the model's share, or name other sites with `site`"});
        }
        if (!(split->bytes_per_token > 0) && !(kind.kv_bytes_per_token > 0)) {
          faults.push_back(
              {.code = Code::inconsistent,
               .origin = split->origin,
               .message = fmt::format("how large keys and values of '{}' are is not known", fleet.models[m].name),
               .expected = "token_size beside a replica that was measured",
               .help = "write token_size = \"160 kB\""});
        }
      }
    }
  }
  return faults;
}

double tokens_a_step(const Speculation& speculation) {
  double sum = 0, product = 1;
  for (int32_t i = 0; i <= speculation.tokens; ++i) {
    sum += product;
    product *= speculation.acceptance;
  }
  return sum;
}

KindFigures joint_figures(const KindFigures& prefill, double prefilling, const KindFigures& decode, double decoding) {
  KindFigures out{.idle_W = decode.idle_W, .full_W = std::max(prefill.full_W, decode.full_W)};
  const double begun_per_s = prefilling * prefill.requests_per_s;
  const double ended_per_s = decoding * decode.requests_per_s;
  out.requests_per_s = std::min(begun_per_s, ended_per_s);
  if (!(out.requests_per_s > 0)) return out;
  out.places = prefilling * prefill.places * out.requests_per_s / begun_per_s +
               decoding * decode.places * out.requests_per_s / ended_per_s;
  return out;
}

KindFigures figures_at(const FleetSpec& fleet, int32_t site, const ReplicaKind& kind, const MeanRequest& mean) {
  const SplitRules* const split = split_of(fleet, kind.model, site);
  if (split == nullptr) return figures_of(kind, fleet.level, mean);
  return joint_figures(figures_of(kind, fleet.level, mean, ReplicaRole::prefill), split->share(),
                       figures_of(kind, fleet.level, mean, ReplicaRole::decode), 1 - split->share());
}

}  // namespace beltline::serving
