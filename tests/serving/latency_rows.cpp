#include "tests/serving/latency_rows.h"

#include <algorithm>
#include <array>
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
  perf::Quantisation& q = d.quantisation;
  // TensorRT-LLM's quantised checkpoints bring scales for keys and values too
  if (d.engine == "trtllm" && (gemm.starts_with("fp8") || gemm.starts_with("nvfp4"))) q.kv_cache = fp8;
  if (q.experts == fp4) {
    // MXFP4 experts, all else published in bf16, whatever the columns call it
    q.weights_only = d.accelerator.flops(fp4) <= 0 || moe.starts_with("w4a16");
    return;
  }
  if (gemm.starts_with("fp8")) q.weights = fp8;
  if (gemm.starts_with("nvfp4")) q.weights = fp4;
  if (moe.starts_with("fp8")) q.experts = fp8;
  if (moe.starts_with("nvfp4") || moe.starts_with("w4a")) q.experts = fp4;
  if (q.weights == fp4 || q.experts == fp4) q.weights_only = d.accelerator.flops(fp4) <= 0 || moe.starts_with("w4a16");
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

/// The places of a decode worker in rows of TensorRT-LLM under Dynamo. The clients of every one of them are a number of
/// workers times 1.2 times a power of two, rounded up (6 = 3 · 2, 9 = 3 · 3, 30 = 3 · 10, ..., 4,916): so many more
/// than the batch that a worker was started with.
///
/// @returns  0 for a number of clients that no batch leads to
int32_t places_of(int32_t clients_each) {
  for (int32_t places = 1; places < clients_each; places *= 2) {
    if ((places * 6 + 4) / 5 == clients_each) return places;
  }
  return 0;
}

/// Sets the places, and the workers where the row does not tell them: the fewest that the number of clients fits.
void set_places(LatencyRow* row, bool tells_workers) {
  constexpr int32_t kWorkersMax = 8;
  const int32_t first = tells_workers ? row->decode_workers : 1;
  const int32_t last = tells_workers ? row->decode_workers : kWorkersMax;
  for (int32_t workers = first; workers <= last; ++workers) {
    const int32_t places = row->loop.concurrency % workers == 0 ? places_of(row->loop.concurrency / workers) : 0;
    if (places == 0) continue;
    row->decode_workers = workers;
    row->loop.policy.sequences_max = places;
    return;
  }
}

constexpr auto kColumns = std::to_array<std::string_view>({"id",
                                                           "silicon_data_source",
                                                           "backend",
                                                           "model_path",
                                                           "system",
                                                           "mode",
                                                           "isl",
                                                           "osl",
                                                           "gemm_quant_mode",
                                                           "moe_quant_mode",
                                                           "batch_size",
                                                           "tp_size",
                                                           "pp_size",
                                                           "attention_dp_size",
                                                           "moe_tp_size",
                                                           "moe_ep_size",
                                                           "prefill_num_workers",
                                                           "prefill_tp_size",
                                                           "prefill_pp_size",
                                                           "prefill_attention_dp_size",
                                                           "prefill_moe_tp_size",
                                                           "prefill_moe_ep_size",
                                                           "decode_batch_size",
                                                           "decode_num_workers",
                                                           "decode_tp_size",
                                                           "decode_pp_size",
                                                           "decode_attention_dp_size",
                                                           "decode_moe_tp_size",
                                                           "decode_moe_ep_size",
                                                           "silicon_ttft_ms",
                                                           "silicon_tpot_ms"});

Outcome<LatencyRow> row_of(const Cells& cells) {
  LatencyRow row;
  row.id = cells.text("id");
  row.engine = cells.text("backend");
  row.model = cells.text("model_path");
  const auto model = perf::find_model(row.model);
  if (!model) return failure(model.error().message);
  const auto accelerator = perf::find_accelerator(cells.text("system"));
  if (!accelerator) return failure(accelerator.error().message);
  const std::string source = cells.text("silicon_data_source");
  const bool ours = source.find("gap-analysis") != std::string::npos;
  row.source = ours ? "gap-analysis" : "inferencemax";

  perf::Deployment& d = row.deployment;
  d.architecture = model->architecture;
  d.quantisation = model->published;
  d.accelerator = *accelerator;
  d.engine = row.engine;
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
  row.loop.copies = d.parallelism.attention_data;
  row.loop.policy = perf::policy_of(row.engine);
  row.loop.length_spread = ours ? 0 : 0.2;
  row.loop.rounds = 10;
  if (ours && row.engine != "sglang") row.loop.policy.tokens_max = row.loop.prompt_tokens + concurrency + 1500;
  if (row.is_split && row.engine == "trtllm") set_places(&row, cells.count("decode_num_workers", 0) > 0);
  // a server started with one place fewer than there are clients, see docs/serving-model.md
  if (ours && row.model == "meta-llama/Llama-3.1-8B-Instruct")
    row.loop.policy.sequences_max = std::max(concurrency - 1, 1);
  row.ttft_ms = cells.number("silicon_ttft_ms");
  row.tpot_ms = cells.number("silicon_tpot_ms");
  if (!(row.ttft_ms > 0 && row.tpot_ms > 0)) return failure("it has no TTFT or TPOT");
  return row;
}

}  // namespace

Outcome<std::vector<LatencyRow>> read_latency_rows(const std::filesystem::path& path) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  const auto table = table_from_csv(*text, "measured");
  if (!table) return std::unexpected(table.error());
  for (const std::string_view column : kColumns) {
    if (table->find(column) == nullptr) return failure(fmt::format("no column {}", column));
  }
  std::vector<LatencyRow> rows;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    auto row = row_of(Cells(*table, i));
    if (row) {
      rows.push_back(std::move(*row));
    } else {
      fmt::print("  row {} left out: {}\n", i + 2, row.error().message);
    }
  }
  return rows;
}

}  // namespace beltline::validation
