#include "perf/efficiency.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "perf/efficiency_data.h"
#include "table/cells.h"
#include "table/table.h"

namespace beltline::perf {

namespace {

/// The generation on which the engines' own overheads were fitted, with the kernels of all of them: these belong
/// together (docs/serving-model.md).
constexpr std::string_view kFittedTogether = "hopper";

struct EngineKernels {
  std::string engine;
  KernelCoefficients coefficients;
};

struct Efficiencies {
  std::vector<KernelFit> fits;
  std::vector<EngineKernels> sets;
};

/// One row: its coefficients by the names of their columns.
class Row {
 public:
  Row(const Table& table, std::size_t row) : table_(table), row_(row) {}

  [[nodiscard]] const std::string& text(std::string_view column) const { return table_.column(column).texts()[row_]; }

  /// nullopt for an empty cell.
  [[nodiscard]] std::optional<double> number(std::string_view column) const {
    const Column& c = table_.column(column);
    if (c.values.index() == 0) return c.numbers()[row_];
    if (c.values.index() == 1) return static_cast<double>(c.integers()[row_]);
    const auto value = parse_number(c.texts()[row_]);
    return value ? std::optional(*value) : std::nullopt;
  }

  void set(std::string_view column, double& slot) const {
    if (const auto value = number(column)) slot = *value;
  }

 private:
  const Table& table_;
  std::size_t row_;
};

void set_experts(const Row& row, ExpertCoefficients& c) {
  row.set("compute", c.compute);
  row.set("bandwidth", c.bandwidth);
  row.set("latency_us", c.latency_us);
  row.set("norm", c.norm);
  row.set("rows_min", c.rows_min);
  row.set("permute_ps", c.permute_ps);
}

void set_prefill(const Row& row, AttentionCoefficients& c) {
  row.set("compute", c.compute);
  row.set("exp", c.exp);
  row.set("memory", c.memory);
  row.set("latency_us", c.latency_us);
}

void set_decode(const Row& row, AttentionCoefficients& c) {
  row.set("bandwidth", c.decode_bandwidth);
  row.set("latency_us", c.decode_latency_us);
  row.set("heads_ns", c.decode_heads_ns);
  row.set("fill", c.decode_fill);
}

void set_collective(const Row& row, CollectiveCoefficients& c) {
  row.set("latency_us", c.latency_us);
  row.set("rank_us", c.rank_us);
  row.set("root_ns", c.root_ns);
  row.set("bandwidth", c.bandwidth);
}

void set_coefficients(const Row& row, const KernelFit& fit, KernelCoefficients& k) {
  const auto precision = static_cast<std::size_t>(fit.precision);
  AttentionCoefficients& attention = fit.precision == Precision::fp8 ? k.attention_fp8 : k.attention;
  if (fit.kernel == "experts") set_experts(row, k.experts[precision]);
  if (fit.kernel == "prefill") set_prefill(row, attention);
  if (fit.kernel == "decode") set_decode(row, attention);
  if (fit.kernel == "collective") set_collective(row, k.collective);
}

KernelFit fit_of(const Row& row) {
  const auto precision = precision_of(row.text("precision"));
  ASSERT(precision);
  return {.generation = row.text("generation"),
          .engine = row.text("engine"),
          .kernel = row.text("kernel"),
          .precision = *precision,
          .points = static_cast<std::size_t>(row.number("points").value_or(0)),
          .median_error = row.number("median_error").value_or(0),
          .p90_error = row.number("p90_error").value_or(0),
          .bias = row.number("bias").value_or(0)};
}

Efficiencies read() {
  const auto table = table_from_csv(kernel_efficiencies_text(), "kernels");
  ASSERT(table);  // the build put it there
  Efficiencies out;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    const Row row(*table, i);
    const KernelFit fit = fit_of(row);
    const KernelCoefficients* const shared = find_kernels(fit.generation);
    ASSERT(shared != nullptr);
    auto own = std::ranges::find_if(out.sets, [&](const EngineKernels& e) {
      return e.engine == fit.engine && e.coefficients.generation == fit.generation;
    });
    if (own == out.sets.end()) own = out.sets.insert(own, {.engine = fit.engine, .coefficients = *shared});
    set_coefficients(row, fit, own->coefficients);
    out.fits.push_back(fit);
  }
  return out;
}

const Efficiencies& efficiencies() {
  static const Efficiencies kRead = read();
  return kRead;
}

}  // namespace

std::span<const KernelFit> kernel_fits() {
  return efficiencies().fits;
}

const KernelCoefficients* find_kernels(std::string_view generation, std::string_view engine) {
  // the same kernels under an older runtime
  if (engine == "tensorrt") engine = "trtllm";
  if (generation == kFittedTogether) return find_kernels(generation);
  for (const EngineKernels& set : efficiencies().sets) {
    if (set.engine == engine && set.coefficients.generation == generation) return &set.coefficients;
  }
  return find_kernels(generation);
}

}  // namespace beltline::perf
