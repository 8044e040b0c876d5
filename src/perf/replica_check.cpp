#include "perf/replica_check.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "perf/coefficients.h"
#include "perf/memory.h"

namespace beltline::perf {

namespace {

std::string known_generations() {
  std::string list;
  for (const KernelCoefficients& k : kernel_coefficients()) {
    list += list.empty() ? "" : ", ";
    list += k.generation;
  }
  return list;
}

std::string known_engines(std::string_view generation) {
  std::string list;
  for (const EngineCoefficients& e : engine_coefficients()) {
    if (e.generation != generation) continue;
    list += list.empty() ? "" : ", ";
    list += e.engine;
  }
  return list;
}

void check_coefficients(const Deployment& d, Diagnostics& diagnostics) {
  if (find_kernels(d.accelerator.generation) == nullptr) {
    diagnostics.add(
        {.code = Code::bad_choice,
         .message = fmt::format("no coefficients of generation '{}' are known, which accelerator '{}' is of",
                                d.accelerator.generation, d.accelerator.name),
         .found = d.accelerator.generation,
         .expected = known_generations(),
         .help = "give the accelerator the generation whose kernels it runs"});
    return;
  }
  if (find_engine(d.engine, d.accelerator.generation) != nullptr) return;
  diagnostics.add({.code = Code::bad_choice,
                   .message = fmt::format("engine '{}' does not run on accelerator '{}'", d.engine, d.accelerator.name),
                   .found = d.engine,
                   .expected = known_engines(d.accelerator.generation),
                   .help = "choose one of these engines"});
}

bool computes(const Deployment& d, Precision precision) {
  const KernelCoefficients* k = find_kernels(d.accelerator.generation);
  return d.accelerator.flops(precision) > 0 &&
         (k == nullptr || k->gemm[static_cast<std::size_t>(precision)].compute > 0);
}

void check_numbers(const Deployment& d, Diagnostics& diagnostics) {
  const Quantisation& q = d.quantisation;
  if (const Precision w = q.weights_only ? Precision::bf16 : q.weights; !computes(d, w)) {
    diagnostics.add(
        {.code = Code::bad_choice,
         .message = fmt::format("accelerator '{}' does not compute dense layers in {}", d.accelerator.name, name_of(w)),
         .found = std::string(name_of(w)),
         .expected = "a number format that the chip computes in",
         .help = "choose another format, or set weights_only: weights are then widened to bf16 as they are "
                 "read"});
  }
  if (d.architecture.is_mixture() && !q.weights_only && !computes(d, q.experts)) {
    diagnostics.add({.code = Code::bad_choice,
                     .message = fmt::format("accelerator '{}' does not compute experts in {}", d.accelerator.name,
                                            name_of(q.experts)),
                     .found = std::string(name_of(q.experts)),
                     .expected = "a number format that the chip computes in",
                     .help = "choose another format, or set weights_only: weights are then widened to bf16 as they are "
                             "read"});
  }
  if (!computes(d, q.attention)) {
    diagnostics.add({.code = Code::bad_choice,
                     .message = fmt::format("accelerator '{}' does not compute attention in {}", d.accelerator.name,
                                            name_of(q.attention)),
                     .found = std::string(name_of(q.attention)),
                     .expected = "a number format that the chip computes in",
                     .help = "choose another format"});
  }
}

bool check_counts(const Parallelism& p, Diagnostics& diagnostics) {
  bool good = true;
  for (const auto& [value, name] : {std::pair{p.tensor, "tensor"},
                                    {p.pipeline, "pipeline"},
                                    {p.attention_data, "attention_data"},
                                    {p.expert_tensor, "expert_tensor"},
                                    {p.expert_parallel, "expert_parallel"}}) {
    if (value >= 1) continue;
    good = false;
    diagnostics.add({.code = Code::out_of_range,
                     .message = fmt::format("{} of the parallelism is {}", name, value),
                     .found = fmt::format("{}", value),
                     .expected = "1 or more",
                     .help = "write 1 for no split"});
  }
  return good;
}

void check_attention_split(const Deployment& d, Diagnostics& diagnostics) {
  const Architecture& a = d.architecture;
  const int32_t tensor = d.parallelism.tensor;
  if (a.heads % tensor != 0) {
    diagnostics.add({.code = Code::inconsistent,
                     .message = fmt::format("{} attention heads cannot be divided over {}", a.heads, tensor),
                     .found = fmt::format("{} / {}", a.heads, tensor),
                     .expected = "a whole number",
                     .help = "choose a tensor parallelism that divides the heads"});
  }
  // fewer key-value heads than parts are copied, which needs whole copies
  const int32_t more = std::max(a.kv_heads, tensor);
  const int32_t fewer = std::max(std::min(a.kv_heads, tensor), 1);
  if (!a.is_latent() && more % fewer != 0) {
    diagnostics.add({.code = Code::inconsistent,
                     .message = fmt::format("{} key-value heads cannot be divided over {}", a.kv_heads, tensor),
                     .found = fmt::format("{} / {}", more, fewer),
                     .expected = "a whole number",
                     .help = "choose a tensor parallelism that divides the key-value heads, or that they divide"});
  }
  if (d.parallelism.pipeline > a.layers) {
    diagnostics.add({.code = Code::out_of_range,
                     .message = "there are more stages of the pipeline than layers",
                     .found = fmt::format("{}", d.parallelism.pipeline),
                     .expected = fmt::format("1 to {}", a.layers),
                     .help = "choose fewer stages"});
  }
}

void check_expert_split(const Deployment& d, Diagnostics& diagnostics) {
  const Architecture& a = d.architecture;
  const Parallelism& p = d.parallelism;
  if (!a.is_mixture()) {
    if (p.attention_data == 1 && p.expert_tensor == 1 && p.expert_parallel == 1) return;
    diagnostics.add({.code = Code::inconsistent,
                     .message = fmt::format("model '{}' has no experts to spread", a.name),
                     .found = fmt::format("attention_data {}, expert_tensor {}, expert_parallel {}", p.attention_data,
                                          p.expert_tensor, p.expert_parallel),
                     .expected = "1 for each of them",
                     .help = "use several replicas in place of copies of attention"});
    return;
  }
  if (a.experts % p.expert_parallel != 0) {
    diagnostics.add({.code = Code::inconsistent,
                     .message = fmt::format("{} experts cannot be divided over {}", a.experts, p.expert_parallel),
                     .found = fmt::format("{} / {}", a.experts, p.expert_parallel),
                     .expected = "a whole number",
                     .help = "choose an expert parallelism that divides the experts"});
  }
  if (a.expert_ffn % p.expert_tensor != 0) {
    diagnostics.add({.code = Code::inconsistent,
                     .message = fmt::format("an expert's inner size of {} cannot be divided over {}", a.expert_ffn,
                                            p.expert_tensor),
                     .found = fmt::format("{} / {}", a.expert_ffn, p.expert_tensor),
                     .expected = "a whole number",
                     .help = "choose an expert_tensor that divides the inner size"});
  }
  if (p.tensor * p.attention_data != p.expert_tensor * p.expert_parallel) {
    diagnostics.add(
        {.code = Code::inconsistent,
         .message = "attention and experts are split over different numbers of accelerators",
         .found = fmt::format("{} and {}", p.tensor * p.attention_data, p.expert_tensor * p.expert_parallel),
         .expected = "tensor · attention_data = expert_tensor · expert_parallel",
         .help = "change one of the four"});
  }
}

void check_memory(const Deployment& d, Diagnostics& diagnostics) {
  if (!(d.memory_share > 0 && d.memory_share <= 1)) {
    diagnostics.add({.code = Code::out_of_range,
                     .message = fmt::format("memory_share is {}", d.memory_share),
                     .found = fmt::format("{}", d.memory_share),
                     .expected = "a fraction in (0, 1]",
                     .help = "write 0.9"});
    return;
  }
  const MemoryUse use = memory_use(d);
  if (use.kv_tokens > 0) return;
  diagnostics.add({.code = Code::out_of_range,
                   .message = fmt::format("model '{}' does not fit into the memory of '{}'", d.architecture.name,
                                          d.accelerator.name),
                   .found = fmt::format("{:.1f} GB of weights and work space on an accelerator",
                                        (use.weights + use.workspace) / 1e9),
                   .expected = fmt::format("less than {:.1f} GB", use.available / 1e9),
                   .help = "split the model over more accelerators, or store it in smaller numbers"});
}

}  // namespace

void check(const Deployment& deployment, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  check_coefficients(deployment, diagnostics);
  check_numbers(deployment, diagnostics);
  if (check_counts(deployment.parallelism, diagnostics)) {
    check_attention_split(deployment, diagnostics);
    check_expert_split(deployment, diagnostics);
  }
  // what does not divide has no share of memory to speak of
  if (diagnostics.error_count() == before) check_memory(deployment, diagnostics);
}

}  // namespace beltline::perf
