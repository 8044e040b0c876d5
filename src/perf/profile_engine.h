// The step costs of a replica whose kernels were measured inside its engine, layer by layer: LLMServingSim's profiles.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "perf/architecture.h"
#include "perf/count_grid.h"
#include "perf/hardware.h"
#include "perf/operators.h"
#include "perf/step_cost.h"

namespace beltline::perf {

/// What an engine adds to its kernels' times. docs/serving-engine.md says where each is from.
struct ProfileOverheads {
  std::string_view engine;
  double step_us = 0;      // a step: launching a captured graph, preparing inputs, hand-over of results
  double sequence_us = 0;  // a token sampled: drawing it, and appending it to its request
  double prompt_us = 0;    // a step with pieces of prompts: attention is launched kernel by kernel
};

/// nullptr for an engine that no run was measured of.
const ProfileOverheads* find_profile_overheads(std::string_view engine);

/// What a profile does not say.
struct ProfileEngineOptions {
  Architecture architecture;     // layers, hidden size, vocabulary: the profile is of one layer
  int32_t tensor = 1;            // accelerators of a copy; the profile is of one of them
  int32_t copies = 1;            // of attention, that step together (data parallel), each with its own sequences
  bool spreads_experts = false;  // over all accelerators (expert parallel); else each has a slice of every expert
  Link link;                     // between them
  std::string engine = "vllm";
  int64_t kv_tokens = 0;  // that fit into the replica
  double power_W = 0;     // of one accelerator while steps run
  double idle_W = 0;
};

/// step = layers · (Σ dense(tokens) + attention(chunks, decodes) + 2 all-reduce(tokens)) + Σ dense outside of the
/// layers
///        + head(samples) + gathering of logits + overheads
///
/// Columns as LLMServingSim's profiler writes them (casys-kaist/LLMServingSim, profiler/README.md): dense.csv (layer,
/// tokens, time_us), per_sequence.csv (layer, sequences, time_us), attention.csv (prefill_chunk, kv_prefill, n_decode,
/// kv_decode, time_us), of one accelerator. Each layer has `layernorm` twice; `embedding` and `final_layernorm` stand
/// outside. The profile has one piece of a prompt in a step: several that look back count as one with as many
/// tokens and as many products of queries and keys; of several that do not, one of the mean size stands beside the
/// decodes, and the others add their own time. A mixture of experts has moe.csv (ep, tokens, activated_experts,
/// time_us; `ep` may be absent) in the place of a layer's feed-forward: E / ep · (1 − (1 − k / E)^tokens) experts are
/// active on the average.
///
/// Copies spread decodes evenly and prompts to the copy with the fewest tokens; all wait for the slowest in each step.
/// Where they share experts, tokens are gathered before them and results scattered after.
///
/// @cost  a step well below 10 µs, a line below 2 µs
class ProfileCost final : public StepCost {
 public:
  /// @param folder  holds the files
  /// @errors a file or column that is missing, counts or times that are not positive, no measured point of attention
  ///         without a prompt, an engine without overheads; all faults of all files at once
  static Outcome<std::shared_ptr<const ProfileCost>> read(const std::filesystem::path& folder,
                                                          const ProfileEngineOptions& options);

  [[nodiscard]] Picoseconds step(const Step& step) const override;
  [[nodiscard]] DecodeLine decode_line(int32_t decodes, int64_t decode_context) const override;
  /// Of an accelerator that draws `power_W` as long as a step runs: an upper bound, a profile measures no power.
  [[nodiscard]] double step_energy_J(const Step& step) const override;
  [[nodiscard]] double idle_W() const override { return options_.idle_W * options_.tensor * options_.copies; }
  [[nodiscard]] int64_t kv_tokens_max() const override { return options_.kv_tokens; }
  /// What a step's time rests on, the worst of its kernels. Messages between accelerators are analytic always.
  [[nodiscard]] Basis basis(const Step& step) const;

 private:
  struct DenseLayer {
    CountCurve curve;
    int32_t times = 1;  // in a step
  };
  /// What one copy has of a step.
  struct Share {
    std::vector<Chunk> chunks;
    int64_t tokens = 0, samples = 0;
    int32_t decodes = 0;
  };
  explicit ProfileCost(const ProfileEngineOptions& options) : options_(options) {}

  [[nodiscard]] std::vector<Share> shares(const Step& step) const;
  [[nodiscard]] GridValue copy_us(const Share& share, double context) const;
  [[nodiscard]] GridValue dense(int64_t tokens) const;
  [[nodiscard]] GridValue head(int64_t samples) const;
  [[nodiscard]] GridValue experts(int64_t tokens) const;
  [[nodiscard]] GridValue attention(const Share& share, double context) const;
  [[nodiscard]] GridValue prompt_attention(std::span<const Chunk> chunks) const;
  [[nodiscard]] double messages_us(int64_t tokens, int64_t samples) const;
  [[nodiscard]] GridValue step_us(const Step& step) const;

  ProfileEngineOptions options_;
  ProfileOverheads overheads_;
  std::vector<DenseLayer> dense_;
  std::vector<CountCurve> head_;
  PairGrid experts_;  // tokens, active experts of an accelerator
  AttentionGrid attention_;
  std::vector<int64_t> contexts_;
};

}  // namespace beltline::perf
