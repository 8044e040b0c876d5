#include "perf/splits.h"

#include <algorithm>

#include "perf/coefficients.h"
#include "perf/memory.h"

namespace beltline::perf {

namespace {

constexpr int32_t kSpreadMax = 64;       // accelerators over which experts are spread: above, the messages rule
constexpr int32_t kExpertTensorMax = 8;  // below that an expert's slices are too thin to fill a chip
constexpr int32_t kAcrossDomains = 4;    // domains of a replica whose experts are spread
constexpr int32_t kStagesMax = 16;

bool computes(const Accelerator& accelerator, Precision precision) {
  const KernelCoefficients* const kernels = find_kernels(accelerator.generation);
  return accelerator.flops(precision) > 0 &&
         (kernels == nullptr || kernels->gemm[static_cast<std::size_t>(precision)].compute > 0);
}

void add_mixture_splits(const Architecture& a, int32_t domain, std::vector<Parallelism>& out) {
  for (int32_t n = 1; n <= std::min(domain, kExpertTensorMax); n *= 2) {
    out.push_back({.tensor = n, .expert_tensor = n});
    if (n > 1) out.push_back({.tensor = n, .expert_parallel = n});
  }
  const int32_t most = std::min(std::max(domain, kAcrossDomains * std::min(domain, 8)), kSpreadMax);
  for (int32_t n = 2; n <= std::min(most, a.experts); n *= 2) {
    out.push_back({.attention_data = n, .expert_parallel = n});
    // copies of attention that are themselves split over a few accelerators: half-way in latency
    if (n >= 16) out.push_back({.tensor = 4, .attention_data = n / 4, .expert_parallel = n});
  }
}

/// In stages, each of a whole domain: for what fits no otherwise.
void add_stages(const Architecture& a, int32_t domain, std::vector<Parallelism>& out) {
  for (int32_t stages = 2; stages <= std::min(kStagesMax, a.layers); stages *= 2) {
    Parallelism split{.tensor = std::min(domain, kExpertTensorMax), .pipeline = stages};
    if (a.is_mixture()) split.expert_parallel = split.tensor;
    out.push_back(split);
  }
}

Quantisation stored(Precision weights, Precision experts, const Accelerator& accelerator, bool is_mixture) {
  Quantisation out;
  out.weights = weights;
  out.experts = experts;
  out.kv_cache = bytes_of(weights) <= 1 ? Precision::fp8 : Precision::bf16;
  out.weights_only = !computes(accelerator, weights) || (is_mixture && !computes(accelerator, experts));
  return out;
}

}  // namespace

std::vector<Parallelism> splits_of(const Architecture& architecture, const Accelerator& accelerator,
                                   int32_t accelerators) {
  int32_t domain = 1;
  while (2 * domain <= std::min(accelerator.scale_up_size, std::max(accelerators, 1))) domain *= 2;
  std::vector<Parallelism> out;
  if (architecture.is_mixture()) {
    add_mixture_splits(architecture, domain, out);
  } else {
    for (int32_t n = 1; n <= domain; n *= 2) out.push_back({.tensor = n});
  }
  add_stages(architecture, domain, out);
  return out;
}

std::vector<Quantisation> quantisations_of(const CatalogueModel& model, const Accelerator& accelerator,
                                           std::optional<Precision> asked) {
  const bool is_mixture = model.architecture.is_mixture();
  if (asked) return {stored(*asked, *asked, accelerator, is_mixture)};
  const Quantisation& p = model.published;
  std::vector<Quantisation> out = {stored(p.weights, p.experts, accelerator, is_mixture)};
  if (computes(accelerator, Precision::fp8) && bytes_of(p.weights) > 1) {
    const Precision experts = bytes_of(p.experts) > 1 ? Precision::fp8 : p.experts;
    out.push_back(stored(Precision::fp8, experts, accelerator, is_mixture));
  }
  return out;
}

}  // namespace beltline::perf
