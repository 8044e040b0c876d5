// What collectives of a training step take, from link speeds and where the ranks stand.
#pragma once

#include <cstdint>

#include "perf/hardware.h"
#include "training/coefficients.h"

namespace beltline::training {

/// Ranks that speak with each other: `ranks` of them, `stride` accelerators apart.
struct Group {
  int64_t ranks = 1;
  int64_t stride = 1;
  bool is_tensor = false;  // shares out matrices
};

/// All-gather, or reduce-scatter, of `bytes` in all, by a ring:
///
///     (n − 1) / n · bytes / b + 2 ⌈log₂ n⌉ latency
///
/// b is the scale-up link where the group stands in one domain, else what the scale-out links of its ranks within a
/// domain carry together, at most the scale-up link.
/// @source  Thakur, Rabenseifner & Gropp 2005; NCCL's bus bandwidth
double gather_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes);

/// All-reduce: reduce-scatter and all-gather.
double reduce_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes);

/// All-to-all of `bytes` that each rank sends, a share 1/n of which stays.
double exchange_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes);

/// `bytes` from one rank to the next.
double send_s(const TrainingCoefficients& c, const perf::Accelerator& a, const Group& group, double bytes);

}  // namespace beltline::training
