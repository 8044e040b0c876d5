// Ways to split a model over accelerators, and the number formats to store it in.
#pragma once

#include <optional>
#include <vector>

#include "perf/catalogue.h"
#include "perf/deployment.h"

namespace beltline::perf {

/// Splits worth a look on these accelerators: tensor parallelism within a domain; of mixtures also experts spread over
/// the accelerators, with attention split or copied; across domains and in stages where the model fits no otherwise.
/// Whether each fits, its check says.
std::vector<Parallelism> splits_of(const Architecture& architecture, const Accelerator& accelerator,
                                   int32_t accelerators);

/// As published and, where the chip computes in it and it is smaller, in fp8; or as asked. Keys and values are in fp8
/// where weights are in 8 bits or less. Where the chip does not compute in the format of the weights, they are widened
/// as they are read.
std::vector<Quantisation> quantisations_of(const CatalogueModel& model, const Accelerator& accelerator,
                                           std::optional<Precision> asked);

}  // namespace beltline::perf
