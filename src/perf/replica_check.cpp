#include "perf/replica_check.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "perf/coefficients.h"
#include "perf/memory.h"

namespace beltline::perf {

namespace {

void add(Diagnostics& diagnostics, Code code, std::string message, std::string found, std::string expected,
         std::string help) {
  diagnostics.add({.code = code,
                   .message = std::move(message),
                   .found = std::move(found),
                   .expected = std::move(expected),
                   .help = std::move(help)});
}

std::string known_generations() {
  std::string list;
  for (const KernelCoefficients& k : kernel_coefficients()) {
    list += list.empty() ? "" : ", ";
    list += k.generation;
  }
  return list;
}

std::string known_engines() {
  std::string list;
  for (const EngineCoefficients& e : engine_coefficients()) {
    if (list.find(e.engine) != std::string::npos) continue;
    list += list.empty() ? "" : ", ";
    list += e.engine;
  }
  return list;
}

void check_coefficients(const Deployment& d, Diagnostics& diagnostics) {
  if (find_kernels(d.accelerator.generation) == nullptr) {
    add(diagnostics, Code::bad_choice,
        fmt::format("accelerator '{}' is of a generation without coefficients", d.accelerator.name),
        d.accelerator.generation, known_generations(), "give the accelerator the generation whose kernels it runs");
    return;
  }
  if (find_engine(d.engine, d.accelerator.generation) == nullptr) {
    add(diagnostics, Code::bad_choice, fmt::format("engine '{}' has no coefficients", d.engine), d.engine,
        known_engines(), "choose one of these engines");
  }
}

void check_numbers(const Deployment& d, Diagnostics& diagnostics) {
  const auto computes = [&](Precision precision) {
    const KernelCoefficients* k = find_kernels(d.accelerator.generation);
    return d.accelerator.flops(precision) > 0 &&
           (k == nullptr || k->gemm[static_cast<std::size_t>(precision)].compute > 0);
  };
  const auto require = [&](Precision precision, std::string_view part) {
    if (computes(precision)) return;
    add(diagnostics, Code::bad_choice,
        fmt::format("accelerator '{}' does not compute {} in {}", d.accelerator.name, part, name_of(precision)),
        std::string(name_of(precision)), "a precision that the chip has",
        "choose another precision, or set weights_only: weights are then widened to bf16 as they are read");
  };
  if (!d.quantisation.weights_only) require(d.quantisation.weights, "weights");
  if (d.architecture.is_mixture() && !d.quantisation.weights_only) require(d.quantisation.experts, "experts");
  require(d.quantisation.attention, "attention");
  if (d.quantisation.weights_only) require(Precision::bf16, "weights");
}

void check_divides(Diagnostics& diagnostics, std::string_view what, int64_t total, std::string_view by, int64_t parts) {
  if (parts > 0 && total % parts == 0) return;
  add(diagnostics, Code::inconsistent, fmt::format("{} cannot be divided over {}", what, by),
      fmt::format("{} / {}", total, parts), "a whole number", "choose a split that divides it");
}

void check_split(const Deployment& d, Diagnostics& diagnostics) {
  const Architecture& a = d.architecture;
  const Parallelism& p = d.parallelism;
  for (const auto& [value, name] : {std::pair{p.tensor, "tensor"},
                                    {p.pipeline, "pipeline"},
                                    {p.attention_data, "attention_data"},
                                    {p.expert_tensor, "expert_tensor"},
                                    {p.expert_parallel, "expert_parallel"}}) {
    if (value >= 1) continue;
    add(diagnostics, Code::out_of_range, fmt::format("parallelism {} is {}", name, value), fmt::format("{}", value),
        "1 or more", "write 1 for no split");
    return;
  }
  check_divides(diagnostics, "the number of attention heads", a.heads, "tensor", p.tensor);
  // fewer key-value heads than parts are copied, which needs whole copies
  if (!a.is_latent()) {
    const bool copied = p.tensor > a.kv_heads;
    check_divides(diagnostics, "the number of key-value heads", copied ? p.tensor : a.kv_heads, "tensor",
                  copied ? a.kv_heads : p.tensor);
  }
  if (p.pipeline > a.layers) {
    add(diagnostics, Code::out_of_range, "there are more stages than layers", fmt::format("{}", p.pipeline),
        fmt::format("1 to {}", a.layers), "choose fewer stages");
  }
  if (!a.is_mixture()) {
    if (p.attention_data == 1 && p.expert_tensor == 1 && p.expert_parallel == 1) return;
    add(diagnostics, Code::inconsistent, fmt::format("model '{}' has no experts to spread", a.name),
        fmt::format("attention_data {}, expert_tensor {}, expert_parallel {}", p.attention_data, p.expert_tensor,
                    p.expert_parallel),
        "1 for each", "use several replicas in place of copies of attention");
    return;
  }
  check_divides(diagnostics, "the number of experts", a.experts, "expert_parallel", p.expert_parallel);
  check_divides(diagnostics, "the inner size of an expert", a.expert_ffn, "expert_tensor", p.expert_tensor);
  if (p.tensor * p.attention_data != p.expert_tensor * p.expert_parallel) {
    add(diagnostics, Code::inconsistent, "attention and experts are split over different numbers of accelerators",
        fmt::format("{} and {}", p.tensor * p.attention_data, p.expert_tensor * p.expert_parallel),
        "tensor · attention_data = expert_tensor · expert_parallel", "change one of the four");
  }
}

void check_memory(const Deployment& d, Diagnostics& diagnostics) {
  if (d.memory_share <= 0 || d.memory_share > 1) {
    add(diagnostics, Code::out_of_range, fmt::format("memory_share is {}", d.memory_share),
        fmt::format("{}", d.memory_share), "a fraction in (0, 1]", "write 0.9");
    return;
  }
  const MemoryUse use = memory_use(d);
  if (use.kv_tokens > 0) return;
  add(diagnostics, Code::out_of_range,
      fmt::format("model '{}' does not fit into the memory of '{}'", d.architecture.name, d.accelerator.name),
      fmt::format("{:.1f} GB of weights and work space an accelerator", (use.weights + use.workspace) / 1e9),
      fmt::format("less than {:.1f} GB", use.available / 1e9),
      "split the model over more accelerators, or store it in smaller numbers");
}

}  // namespace

void check(const Deployment& deployment, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  check_coefficients(deployment, diagnostics);
  check_numbers(deployment, diagnostics);
  check_split(deployment, diagnostics);
  if (diagnostics.error_count() == before) check_memory(deployment, diagnostics);
}

}  // namespace beltline::perf
