// The step costs of one replica, made from its deployment.
#pragma once

#include <array>
#include <expected>
#include <memory>
#include <vector>

#include "base/diagnostic.h"
#include "perf/deployment.h"
#include "perf/memory.h"
#include "perf/replica_work.h"
#include "perf/step_cost.h"

namespace beltline::perf {

/// A step taken apart, s.
struct StepParts {
  Work projections;
  Work attention;
  Work experts;
  Work messages;
  Work head;
  double engine_s = 0;

  [[nodiscard]] double seconds() const {
    return projections.seconds + attention.seconds + experts.seconds + messages.seconds + head.seconds + engine_s;
  }
  [[nodiscard]] Basis basis() const;
};

/// What refines or replaces the built-in numbers; read while a cost is made, not after.
struct CostSources {
  const Profiles* profiles = nullptr;          // measured kernels that refine the equations
  const EngineCoefficients* engine = nullptr;  // in place of the built-in set: a user's own engine, or a fit under way
};

/// step = projections(t) + attention(chunks) + attention(decodes, context) + experts(t) + messages(t) + head(s) +
/// engine
///
/// What depends on the number of tokens t alone is tabulated once, at powers of two and halfway between them, and is
/// linear between. Attention of decodes is tabulated at such numbers of sequences and at powers of two of their mean
/// context, so that it is a line in the context from one power to the next (see DecodeLine).
///
/// With a pipeline, as many batches are under way as there are stages, each with its share of the step's sequences and
/// tokens: a step is what all of them take to advance one token. With copies of attention, sequences are spread evenly.
///
/// @cost  construction about 50 µs without profiles; a step well below 1 µs
class ReplicaCost final : public StepCost {
 public:
  /// @errors all faults of the deployment, see check
  static std::expected<std::shared_ptr<const ReplicaCost>, Diagnostics> make(const Deployment& deployment,
                                                                             const CostSources& sources = {});

  [[nodiscard]] Picoseconds step(const Step& step) const override;
  [[nodiscard]] DecodeLine decode_line(int32_t decodes, int64_t decode_context) const override;
  [[nodiscard]] double step_energy_J(const Step& step) const override;
  [[nodiscard]] double idle_W() const override;
  [[nodiscard]] int64_t kv_tokens_max() const override { return memory_.kv_tokens; }

  /// From a request's arrival to when its prompt can join a step: what the engine's front end takes. Not in any step.
  [[nodiscard]] double request_latency_s(int64_t prompt_tokens) const;
  /// The step's parts and what each rests on, by the tables.
  [[nodiscard]] StepParts parts(const Step& step) const;
  [[nodiscard]] const Deployment& deployment() const { return deployment_; }
  [[nodiscard]] const MemoryUse& memory() const { return memory_; }
  /// Power of all accelerators while this step runs, W.
  [[nodiscard]] double step_power_W(const Step& step) const;

  /// A function of a count, tabulated at 0, 1, 2, 3, 4, 6, 8, 12, …; linear between and beyond.
  class CountTable {
   public:
    static constexpr std::size_t kSize = 36;  // up to 131,072
    static double at(std::size_t index);
    [[nodiscard]] Work operator()(double count) const;

    std::array<Work, kSize> values = {};
  };

  static constexpr std::size_t kContexts = 18;   // 0, 32, 64, … 2,097,152 tokens
  static constexpr std::size_t kSequences = 28;  // counts up to 8,192

 private:
  ReplicaCost(const Deployment& deployment, const CostSources& sources);

  struct Spread;
  [[nodiscard]] Spread spread(const Step& step) const;
  [[nodiscard]] Work decode_attention_at(double copy_sequences, std::size_t context_index) const;
  [[nodiscard]] Work decode_attention(double copy_sequences, double context) const;
  [[nodiscard]] Work chunk_attention(const Step& step) const;
  [[nodiscard]] DecodeLine attention_line(int32_t decodes, int64_t decode_context) const;
  [[nodiscard]] double engine_s(const Spread& spread) const;
  [[nodiscard]] double step_with_prompts_s(const Step& step) const;
  [[nodiscard]] Work rest(const Spread& spread) const;

  Deployment deployment_;
  ReplicaWork work_;
  MemoryUse memory_;
  KernelCoefficients kernels_;
  EngineCoefficients engine_;
  double divisor_ = 1;          // pipeline · attention_data: sequences of the replica to one of a copy's batch
  double launched_layers_ = 0;  // dense layers' worth of kernels
  double prefill_latency_s_ = 0;
  CountTable copy_projections_;
  CountTable copy_messages_;
  CountTable experts_;
  CountTable exchange_;
  CountTable head_;
  CountTable prefill_;
  std::array<std::array<Work, kContexts>, kSequences> decode_ = {};
};

}  // namespace beltline::perf
