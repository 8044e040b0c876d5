#include "tests/serving/latency_rows.h"

#include <cmath>

#include <fmt/format.h>

#include "perf/catalogue.h"
#include "table/files.h"
#include "table/table.h"

namespace beltline::validation {

namespace {

/// One row of a table, by column.
class Cells {
 public:
  Cells(const Table& table, std::size_t row) : table_(table), row_(row) {}

  [[nodiscard]] std::string text(std::string_view column) const {
    const Column& c = table_.column(column);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&c.values)) return (*texts)[row_];
    if (const auto* integers = std::get_if<std::vector<int64_t>>(&c.values))
      return fmt::format("{}", (*integers)[row_]);
    return fmt::format("{}", std::get<std::vector<double>>(c.values)[row_]);
  }
  /// `otherwise` for an empty cell or one that says 0.
  [[nodiscard]] int32_t count(std::string_view column, int32_t otherwise) const {
    const std::string value = text(column);
    const double number = value.empty() || value == "nan" ? 0 : std::strtod(value.c_str(), nullptr);
    return number > 0 ? static_cast<int32_t>(std::lround(number)) : otherwise;
  }
  [[nodiscard]] double number(std::string_view column) const { return std::strtod(text(column).c_str(), nullptr); }

 private:
  const Table& table_;
  std::size_t row_;
};

/// The number behind `key` in a text, or 0.
int32_t number_after(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == std::string::npos ? 0 : static_cast<int32_t>(std::strtol(text.c_str() + at + key.size(), nullptr, 10));
}

void set_quantisation(perf::Deployment& d, const std::string& gemm, const std::string& moe) {
  using enum perf::Precision;
  if (gemm == "nvfp4" || d.quantisation.experts == fp4) {
    // MXFP4 experts on a chip without fp4: widened as they are read; the rest is published in bf16
    d.quantisation.weights = bf16;
    d.quantisation.experts = fp4;
    d.quantisation.weights_only = d.accelerator.flops(fp4) <= 0;
    return;
  }
  if (gemm.starts_with("fp8")) d.quantisation.weights = fp8;
  if (moe.starts_with("fp8")) d.quantisation.experts = fp8;
}

perf::Parallelism split(const Cells& cells, const std::string& prefix, bool mixture) {
  perf::Parallelism p;
  p.tensor = cells.count(prefix + "tp_size", 1);
  p.pipeline = cells.count(prefix + "pp_size", 1);
  p.attention_data = cells.count(prefix + "attention_dp_size", 1);
  if (!mixture) {
    p.attention_data = 1;
    return p;
  }
  p.expert_tensor = cells.count(prefix + "moe_tp_size", 1);
  p.expert_parallel = cells.count(prefix + "moe_ep_size", 1);
  // a conversion that counts the same accelerators as tensor and as data: such rows have twins without it, with the
  // same latencies to 1 %
  if (p.attention_data > 1 && p.attention_data == p.tensor && p.expert_parallel == p.tensor * p.attention_data) {
    p.attention_data = 1;
    p.expert_parallel = p.tensor;
  }
  // rows that do not say how experts are split: as many ways as there are accelerators, by experts
  if (p.expert_tensor * p.expert_parallel != p.tensor * p.attention_data) {
    p.expert_tensor = 1;
    p.expert_parallel = p.tensor * p.attention_data;
  }
  return p;
}

Outcome<LatencyRow> row_of(const Cells& cells) {
  LatencyRow row;
  row.id = cells.text("id");
  row.engine = cells.text("backend");
  row.model = cells.text("model_path");
  const auto model = perf::find_model(row.model);
  if (!model) return failure(model.error().message);
  std::string system = cells.text("system");
  const auto accelerator = perf::find_accelerator(system);
  if (!accelerator) return failure(accelerator.error().message);
  const std::string source = cells.text("silicon_data_source");
  const bool ours = source.find("gap-analysis") != std::string::npos;
  row.source = ours ? "gap-analysis" : "inferencemax";

  perf::Deployment& d = row.deployment;
  d.architecture = model->architecture;
  d.quantisation = model->published;
  d.accelerator = *accelerator;
  d.engine = row.engine;
  if (row.engine == "trtllm" && cells.text("gemm_quant_mode").starts_with("fp8"))
    d.quantisation.kv_cache = perf::Precision::fp8;
  set_quantisation(d, cells.text("gemm_quant_mode"), cells.text("moe_quant_mode"));
  row.decode_deployment = d;
  row.is_split = cells.text("mode") == "disagg";
  const bool mixture = model->architecture.is_mixture();
  d.parallelism = split(cells, row.is_split ? "prefill_" : "", mixture);
  if (row.is_split) {
    row.decode_deployment.parallelism = split(cells, "decode_", mixture);
    row.prefill_workers = cells.count("prefill_num_workers", 1);
    row.decode_workers = cells.count("decode_num_workers", 1);
  }

  row.loop.prompt_tokens = cells.count("isl", 1);
  row.loop.output_tokens = cells.count("osl", 1);
  int32_t concurrency = number_after(source, "silicon_concurrency=");
  if (concurrency == 0) concurrency = cells.count("batch_size", 0) * d.parallelism.attention_data;
  if (concurrency == 0) concurrency = cells.count("decode_batch_size", 1) * row.decode_workers;
  row.loop.concurrency = concurrency;
  row.loop.policy = perf::policy_of(row.engine);
  row.loop.length_spread = ours ? 0 : 0.2;
  row.loop.rounds = 10;
  if (ours && row.engine != "sglang") row.loop.policy.tokens_max = row.loop.prompt_tokens + concurrency + 1500;
  row.ttft_ms = cells.number("silicon_ttft_ms");
  row.tpot_ms = cells.number("silicon_tpot_ms");
  return row;
}

}  // namespace

Outcome<std::vector<LatencyRow>> read_latency_rows(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  const auto table = table_from_csv(*text, "measured");
  if (!table) return std::unexpected(table.error());
  std::vector<LatencyRow> rows;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    auto row = row_of(Cells(*table, i));
    if (!row) return std::unexpected(row.error());
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace beltline::validation
