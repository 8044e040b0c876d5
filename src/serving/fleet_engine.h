// How the engines of a fleet work: settings by model, prefill and decode on replicas of their own, and what a replica
// gives with them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "serving/engine.h"

namespace beltline::serving {

struct FleetSpec;
struct KindFigures;
struct MeanRequest;
struct ReplicaKind;

/// What a fleet asks of the engines of a model; what is absent stays as the replica has it.
struct EngineSettings {
  int32_t model = -1;  // −1: of every model without settings of its own
  std::optional<int32_t> step_tokens_max, sequences_max;
  std::optional<bool> caches_prefixes;
  bool chunks_prompts = true;
  bool is_static = false;
  bool by_priority = false;
  Speculation speculation;
};

/// Replicas of a model at a site that prefill, and the others that decode.
struct SplitRules {
  int32_t site = -1;   // −1: every site
  int32_t model = -1;  // −1: every model
  double prefill = 1;  // replicas that prefill, for each `decode` that decode; both > 0
  double decode = 1;
  double bytes_per_s = 0;      // of one replica that prefills
  Picoseconds latency = 0;     // from prefill to decode
  double bytes_per_token = 0;  // of keys and values; 0: as the catalogue has them
  Origin origin;

  [[nodiscard]] double share() const { return prefill / (prefill + decode); }
};

/// The settings of a model: its own, else those of all models; null where there are none.
const EngineSettings* settings_of(const FleetSpec& fleet, int32_t model);

/// The split of a model at a site, or null: one that names both goes before one that names the model, that before one
/// that names the site, and that before one that names neither.
const SplitRules* split_of(const FleetSpec& fleet, int32_t model, int32_t site);

/// Gives a replica the settings of its model. It has no more sequences than a step decodes tokens.
void apply_settings(const FleetSpec& fleet, ReplicaKind& kind);

/// Of `count` replicas, those that prefill: the share of them, at least one, and at least one is left.
int64_t prefill_count(double share, int64_t count);

/// What replica `number` of a cluster does, so that of the first n replicas prefill_count(share, n) prefill.
ReplicaRole role_of(double share, int64_t number);

/// The fewest replicas (2 to 16) whose split is within 5 % of the share: what a simulation needs of a large fleet.
int64_t replicas_for(double share);

/// BL0206: a model that is split where one replica of it stands, or with replicas whose keys and values have no known
/// size. Kinds that the fleet has not got yet are not looked at.
std::vector<Diagnostic> split_faults(const FleetSpec& fleet);

/// Tokens that a step yields for each sequence: Σ a^i, i = 0 … k = (1 − a^(k+1)) / (1 − a).
/// Source: Leviathan et al. 2023, arXiv:2211.17192, equation 1.
double tokens_a_step(const Speculation& speculation);

/// What `prefilling` and `decoding` replicas give together: the slower side sets the rate, and places are what is under
/// way on both sides at that rate. All zero where one side has no replica.
/// @param prefill, decode  of one replica of each
KindFigures joint_figures(const KindFigures& prefill, double prefilling, const KindFigures& decode, double decoding);

/// What one replica of a kind gives at a site, the mean of both sides where its model is split.
KindFigures figures_at(const FleetSpec& fleet, int32_t site, const ReplicaKind& kind, const MeanRequest& mean);

}  // namespace beltline::serving
