// The rows of throughput: MLPerf Inference, TensorRT-LLM's overviews, static batches.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "perf/catalogue.h"
#include "perf/estimate.h"
#include "table/files.h"
#include "table/table.h"
#include "tests/serving/profile_shelf.h"
#include "tests/serving/validation.h"

namespace beltline::validation {

namespace {

using perf::BatchPolicy;
using perf::Deployment;
using perf::Estimate;
using perf::ReplicaCost;
using perf::Traffic;

enum class Kind { offline, served, interactive, fixed_batch };

struct ThroughputRow {
  std::string id;
  std::string source;
  std::string model;
  std::string system;
  Kind kind = Kind::offline;
  Deployment deployment;  // without a split where the row does not tell one
  bool has_split = false;
  int32_t accelerators = 1;
  Traffic traffic;
  double tokens_per_s = 0;
};

std::string text_of(const Table& table, std::string_view column, std::size_t row) {
  const Column& c = table.column(column);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&c.values)) return (*texts)[row];
  if (const auto* integers = std::get_if<std::vector<int64_t>>(&c.values)) return fmt::format("{}", (*integers)[row]);
  return fmt::format("{}", std::get<std::vector<double>>(c.values)[row]);
}

/// Mean lengths of MLPerf's data sets, tokens: OpenOrca for Llama 2 70B (294 in, 294 out), CNN/DailyMail for
/// Llama 3.1 8B (778 in, answers that end at the cap of 128).
std::optional<Traffic> mlperf_traffic(const std::string& model) {
  if (model == "Llama-2-70B") return Traffic{.prompt_tokens = 294, .output_tokens = 294};
  if (model == "Llama-3.1-8B") return Traffic{.prompt_tokens = 778, .output_tokens = 128};
  return std::nullopt;
}

/// "H200-SXM-141GB" of "NVIDIA H200-SXM-141GB | …", "H100" of "H100 TP2".
std::string accelerator_of(const std::string& system) {
  const std::size_t bar = system.find(" |");
  return bar != std::string::npos ? system.substr(0, bar) : system.substr(0, system.find(' '));
}

void set_quantisation(Deployment& d, const std::string& precision) {
  using enum perf::Precision;
  const bool fp4_weights = precision == "FP4" || precision == "fp4";
  if (d.quantisation.experts == fp4) {
    // published with MXFP4 experts and all else in bf16
    d.quantisation.weights_only = d.accelerator.flops(fp4) <= 0;
    return;
  }
  d.quantisation.kv_cache = fp8;
  d.quantisation.weights = d.quantisation.experts = fp4_weights ? fp4 : fp8;
}

/// "TP2", "TP1PP2", "DEP4": experts on each card, attention of each for its own sequences.
bool set_split(ThroughputRow& row) {
  const std::string words = row.system.substr(row.system.rfind(' ') + 1);
  perf::Parallelism& p = row.deployment.parallelism;
  // the number behind a word, 0 where the word is not there
  const auto after = [&](std::string_view word) {
    const std::size_t at = words.find(word);
    return at == std::string::npos ? 0
                                   : static_cast<int32_t>(std::strtol(words.c_str() + at + word.size(), nullptr, 10));
  };
  if (const int32_t spread = after("DEP"); spread > 0) {
    p.attention_data = p.expert_parallel = spread;
    return true;
  }
  if (after("TP") == 0) return false;
  p.tensor = after("TP");
  p.pipeline = std::max(after("PP"), 1);
  // of a mixture, TP8 tells how many cards there are: what was measured takes copies of attention
  return !row.deployment.architecture.is_mixture() || p.tensor == 1;
}

/// MLPerf's submissions and TensorRT-LLM before its 1.0 run compiled engines.
bool is_compiled(const ThroughputRow& row) {
  return row.system.find("_TRT") != std::string::npos || row.source.find("release/0.5.0") != std::string::npos;
}

Outcome<ThroughputRow> row_of(const Table& table, std::size_t i) {
  ThroughputRow row;
  row.model = text_of(table, "model", i);
  row.system = text_of(table, "system", i);
  row.source = text_of(table, "source", i);
  const std::string scenario = text_of(table, "scenario", i);
  row.id = fmt::format("{} {} {} {} {} {}", row.model, row.system, text_of(table, "isl", i), text_of(table, "osl", i),
                       scenario, row.source);
  const auto model = perf::find_model(row.model == "LLaMA-70B" ? "llama-2-70b" : row.model);
  if (!model) return failure(model.error().message);
  const auto accelerator = perf::find_accelerator(accelerator_of(row.system));
  if (!accelerator) return failure(accelerator.error().message);
  row.deployment.architecture = model->architecture;
  row.deployment.quantisation = model->published;
  row.deployment.accelerator = *accelerator;
  row.deployment.engine = row.system.find("vLLM") != std::string::npos ? "vllm"
                          : is_compiled(row)                           ? "tensorrt"
                                                                       : "trtllm";
  row.deployment.streams = false;
  row.accelerators = std::stoi(text_of(table, "gpus", i));
  set_quantisation(row.deployment, text_of(table, "precision", i));
  row.has_split = set_split(row);
  row.kind = scenario.starts_with("static")        ? Kind::fixed_batch
             : scenario.starts_with("Server")      ? Kind::served
             : scenario.starts_with("Interactive") ? Kind::interactive
                                                   : Kind::offline;
  if (const auto traffic = mlperf_traffic(row.model); text_of(table, "isl", i) == "mlperf-dataset" && traffic) {
    row.traffic = *traffic;
  } else {
    row.traffic = {.prompt_tokens = std::stol(text_of(table, "isl", i)),
                   .output_tokens = std::stol(text_of(table, "osl", i))};
  }
  row.tokens_per_s = std::stod(text_of(table, "tokens_per_s", i));
  row.source = row.source.substr(0, row.source.find_first_of("@("));
  return row;
}

/// All splits over one replica's accelerators that a benchmarker would try.
std::vector<Deployment> splits(const ThroughputRow& row) {
  if (row.has_split) return {row.deployment};
  std::vector<Deployment> all;
  for (int32_t n = 1; n <= row.accelerators; n *= 2) {
    Deployment d = row.deployment;
    d.parallelism = {.tensor = n};
    if (!d.architecture.is_mixture()) {
      all.push_back(d);
      continue;
    }
    d.parallelism.expert_tensor = n;
    all.push_back(d);
    d.parallelism = {.tensor = n, .expert_parallel = n};
    all.push_back(d);
    d.parallelism = {.attention_data = n, .expert_parallel = n};
    all.push_back(d);
  }
  return all;
}

/// Bounds of MLPerf's scenarios on the 99th percentile, s.
struct Bounds {
  double ttft = 0;
  double tpot = 0;
};

Bounds bounds_of(const ThroughputRow& row) {
  if (row.kind == Kind::interactive) return row.model == "Llama-2-70B" ? Bounds{0.45, 0.040} : Bounds{0.5, 0.030};
  return row.model == "Llama-2-70B" ? Bounds{2.0, 0.200} : Bounds{2.0, 0.100};
}

/// Means of a step that holds prompts are well below the 99th percentile.
constexpr double kMeanOfPercentile = 0.8;

double bounded(const ReplicaCost& cost, const ThroughputRow& row, const BatchPolicy& policy) {
  const Bounds bounds = bounds_of(row);
  double best = 0;
  const int32_t most = perf::concurrency_max(cost, row.traffic, policy);
  for (double c = 1; c <= most; c *= 1.1) {
    const Estimate e = perf::estimate(cost, row.traffic, static_cast<int32_t>(c), policy);
    if (e.ttft_s > kMeanOfPercentile * bounds.ttft || e.tpot_s > kMeanOfPercentile * bounds.tpot) continue;
    best = std::max(best, e.output_tokens_per_s);
  }
  return best;
}

double fixed_batch(const ReplicaCost& cost, const ThroughputRow& row) {
  const perf::LoopResult result = perf::run(cost, {.prompt_tokens = row.traffic.prompt_tokens,
                                                   .output_tokens = row.traffic.output_tokens,
                                                   .concurrency = 64,
                                                   .rounds = 1,
                                                   .policy = perf::policy_of(row.deployment.engine)});
  return result.output_tokens_per_s;
}

double predict(const ThroughputRow& row, const perf::CostSources& sources) {
  double best = 0;
  for (const Deployment& d : splits(row)) {
    const auto cost = ReplicaCost::make(d, sources);
    if (!cost) continue;
    const BatchPolicy policy = perf::policy_of(d.engine);
    double one = 0;
    switch (row.kind) {
      case Kind::offline: one = perf::estimate_offline(**cost, row.traffic, policy).output_tokens_per_s; break;
      case Kind::fixed_batch: one = fixed_batch(**cost, row); break;
      case Kind::served:
      case Kind::interactive: one = bounded(**cost, row, policy); break;
    }
    best = std::max(best, one * row.accelerators / d.parallelism.accelerators());
  }
  return best;
}

}  // namespace

namespace {

Outcome<std::vector<ThroughputRow>> read_rows(const std::filesystem::path& path) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  const auto table = table_from_csv(*text, "measured");
  if (!table) return std::unexpected(table.error());
  std::vector<ThroughputRow> rows;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    auto row = row_of(*table, i);
    if (row) {
      rows.push_back(std::move(*row));
    } else {
      fmt::print("  row {} left out: {}\n", i + 2, row.error().message);
    }
  }
  return rows;
}

void print(std::string_view name, const Errors& e) {
  fmt::print("  {:100} {:4}   {:+6.1f} {:6.1f} {:6.1f}\n", name, e.size(), 100 * e.bias(), 100 * e.absolute_mean(),
             100 * e.absolute_median());
}

Errors compare(const std::vector<ThroughputRow>& rows, ProfileShelf* shelf, std::ofstream& out) {
  std::map<std::string, Errors> groups;
  Errors all;
  for (const ThroughputRow& row : rows) {
    const perf::Profiles* profiles = shelf == nullptr ? nullptr : shelf->find(row.deployment);
    const double predicted = predict(row, {.profiles = profiles});
    if (predicted <= 0) {
      fmt::print("  {}: does not fit\n", row.id);
      continue;
    }
    if (out.is_open()) {
      fmt::print(out, "{};{};{};{};{};{};{:.3f}\n", row.model, row.system, row.traffic.prompt_tokens,
                 row.traffic.output_tokens, row.tokens_per_s, predicted, predicted / row.tokens_per_s);
    }
    const std::string group = fmt::format("{:59}{:17}{}", row.source, row.model, accelerator_of(row.system));
    groups[group].add(predicted, row.tokens_per_s);
    all.add(predicted, row.tokens_per_s);
  }
  for (const auto& [name, errors] : groups) print(name, errors);
  print("all rows: none was fitted on", all);
  return all;
}

}  // namespace

bool validate_throughputs(const Options& options) {
  const auto paths = csv_files(options.shared / "throughput", "measured_");
  if (paths.empty()) {
    fmt::print("  skipped: no {}/throughput/measured_*.csv\n", options.shared.string());
    return true;
  }
  std::vector<ThroughputRow> rows;
  for (const auto& path : paths) {
    auto read = read_rows(path);
    if (!read) {
      fmt::print("  {}: {}\n", path.string(), read.error().message);
      return false;
    }
    std::ranges::move(*read, std::back_inserter(rows));
  }
  auto shelf = ProfileShelf::open(options);
  std::ofstream out;
  if (!options.rows.empty()) out.open(options.rows.string() + ".throughput");
  std::ofstream none;
  fmt::print("  without profiles; bias, mean and median absolute error, %\n");
  const Errors without = compare(rows, nullptr, shelf ? none : out);
  bool kept = keep("throughput without profiles, median absolute error", without.absolute_median(), 0.20);
  kept = keep("throughput without profiles, bias", without.bias(), 0.10) && kept;
  if (!shelf) return kept;
  fmt::print("  with profiles of {}\n", shelf->name());
  const Errors with = compare(rows, &*shelf, out);
  kept = keep("throughput with profiles, median absolute error", with.absolute_median(), 0.20) && kept;
  return keep("throughput with profiles, bias", with.bias(), 0.10) && kept;
}

}  // namespace beltline::validation
