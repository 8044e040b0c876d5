// The operators of a model, put together: what all layers take for so many tokens on one accelerator of a replica.
#pragma once

#include "perf/collective.h"
#include "perf/deployment.h"
#include "perf/operators.h"

namespace beltline::perf {

/// What one accelerator of a valid deployment does. Pure functions of the number of tokens; all are over all layers,
/// as if one accelerator held every stage of a pipeline.
class ReplicaWork {
 public:
  ReplicaWork(const Deployment& deployment, const Profiles* profiles);

  /// Projections, dense feed-forwards, shared experts and norms for the tokens of one copy of attention.
  [[nodiscard]] Work projections(double copy_tokens) const;
  /// Messages of one copy: reduction after attention and after a dense feed-forward; hand-over between stages.
  [[nodiscard]] Work reductions(double copy_tokens) const;
  /// Routed experts for the tokens of all copies.
  [[nodiscard]] Work routed(double tokens) const;
  /// Messages to and from the experts, of all copies.
  [[nodiscard]] Work exchange(double tokens) const;
  /// Embedding of the output and sampling for sequences that get a token.
  [[nodiscard]] Work head(double sequences) const;
  /// Attention of sequences of one copy that decode one token each, at the same context.
  [[nodiscard]] Work decode(double sequences, double context) const;
  /// Attention of a prompt of this length, see prefill_attention; without latency.
  [[nodiscard]] Work prefill(double length) const;
  /// Latency of the prefill kernels of all layers.
  [[nodiscard]] double prefill_latency_s() const;
  /// Share of the processors that the queries of a step's chunks keep busy, at most 1.
  [[nodiscard]] double prefill_filled(double query_blocks) const;

 private:
  [[nodiscard]] AttentionShape attention(bool latent_decode, bool windowed) const;

  Deployment d_;
  Kernels kernels_;
  GemmNumbers weights_;
  GemmNumbers experts_;
  double windowed_layers_ = 0;
};

}  // namespace beltline::perf
