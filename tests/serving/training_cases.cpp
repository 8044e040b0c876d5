#include "tests/serving/training_cases.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "perf/catalogue.h"

namespace beltline::training {

namespace {

/// Fields of a line of CSV, quotes taken off.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (const char letter : line) {
    if (letter == '"') {
      is_quoted = !is_quoted;
    } else if (letter == ',' && !is_quoted) {
      fields.emplace_back();
    } else if (letter != '\r') {
      fields.back() += letter;
    }
  }
  return fields;
}

bool holds(const std::string& text, std::string_view word) {
  const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  return !std::ranges::search(text, word, same).empty();
}

/// Whose accelerators and which framework, from the name of a system.
struct SystemMark {
  std::string_view word;
  std::string_view accelerator;
  std::string_view engine;
};

constexpr auto kMarks = std::to_array<SystemMark>({
    {"gaudi(r) 3", "gaudi3", "habana"},
    {"gaudi3", "gaudi3", "habana"},
    {"gaudi", "gaudi2", "habana"},
    {"trillium", "tpu-v6e", "maxtext"},
    {"tpu-v6e", "tpu-v6e", "maxtext"},
    {"tpu-v5p", "tpu-v5p", "maxtext"},
    {"tpu-v5e", "tpu-v5e", "maxtext"},
    {"h200", "h200-sxm", "nemo"},
    {"h100", "h100-sxm", "nemo"},
    {"gb200", "gb200", "nemo"},
    {"b200", "b200", "nemo"},
    {"mi300x", "mi300x", "megatron"},
    {"a100-sxm-40", "a100-sxm-40gb", "megatron"},
    {"a100", "a100-sxm-80gb", "megatron"},
});

const SystemMark* mark_of(const std::string& system) {
  const auto found = std::ranges::find_if(kMarks, [&](const SystemMark& mark) { return holds(system, mark.word); });
  return found == kMarks.end() ? nullptr : &*found;
}

std::string engine_of(const TrainingCase& row, const SystemMark& mark) {
  if (row.kind == "gpu_hours" && holds(row.model, "llama")) return "llama-2023";
  // before fused attention: Korthikanti et al. 2022
  return row.kind == "iteration_time" && holds(row.model, "megatron") ? "megatron-2022" : std::string(mark.engine);
}

std::string architecture_name(const std::string& model) {
  if (holds(model, "gpt-3") || holds(model, "gpt3")) return "gpt-3-175b";
  // its paper says 33B, its weights 30B
  return holds(model, "llama-30b") ? "llama-33b" : model;
}

/// The digits behind the first `word` that has some: 8 of "tp8".
int32_t number_after(const std::string& text, const std::string& word, int32_t otherwise) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    int32_t number = 0;
    std::size_t end = at + word.size();
    for (; end < text.size() && end < at + word.size() + 6 && std::isdigit(static_cast<unsigned char>(text[end])) != 0;
         ++end) {
      number = 10 * number + (text[end] - '0');
    }
    if (end > at + word.size()) return number;
  }
  return otherwise;
}

void read_split(const TrainingCase& row, TrainingJob& job) {
  TrainingSplit& s = job.split;
  s.tensor = number_after(row.split, "tp", 1);
  s.pipeline = number_after(row.split, "pp", 1);
  s.data = number_after(row.split, "dp", 1);
  s.interleave = number_after(row.split, "int", 1);
  s.context = number_after(row.split, "cp", 1);
  s.sequence_parallel = holds(row.split, "seq-par");
  s.zero = 0;
  job.recompute = holds(row.split, "full")        ? Recompute::full
                  : holds(row.split, "selective") ? Recompute::selective
                                                  : Recompute::none;
  // Korthikanti et al. 2022, table 3: micro-batches of four sequences for 22 billion, else of one
  s.micro_batch = number_after(row.split, "mbs", holds(row.model, "22b") ? 4 : 1);
}

/// LLaMA's runs: tokens and GPU-hours in table 15, batches of four million tokens, 2,048 accelerators (section 2.3).
constexpr double kLlamaBatchTokens = 4 * 1024 * 1024;
constexpr int64_t kLlamaAccelerators = 2048;
constexpr int64_t kLlamaSequence = 2048;

/// How many accelerators share a matrix: as the weights were released (facebookresearch/llama, MP).
int32_t llama_tensor(const std::string& model) {
  return holds(model, "65b") ? 8 : holds(model, "33b") || holds(model, "30b") ? 4 : holds(model, "13b") ? 2 : 1;
}

double llama_tokens(const std::string& model) {
  return holds(model, "33b") || holds(model, "30b") || holds(model, "65b") ? 1.4e12 : 1.0e12;
}

/// Where a block of MLPerf's GPT-3 ends in an evaluation: every 24,576 sequences, on 5,659 (11,590,004 tokens).
/// @source  MLCommons training policies, GPT-3; the submissions' logs
constexpr int64_t kSequence = 2048;
constexpr double kBlockSequences = 24576;
constexpr int64_t kEvaluationSequences = 5659;

double mlperf_s(const TrainingTask& task) {
  const double batch = static_cast<double>(task.job.batch);
  const double steps = std::ceil(kBlockSequences / batch);
  const double block_tokens = steps * batch * kSequence;
  // the reference points are whole blocks of their own: half a block before them the target was reached, in the mean;
  // and half a block after it the next evaluation sees so
  const double tokens = gpt3_tokens_to_target(task.job.batch) - kBlockSequences * kSequence / 2 + block_tokens / 2;
  const double step = training_step_unchecked(task.coefficients, task.job).time.step_s;
  return tokens / block_tokens * (steps * step + evaluation_s(task.coefficients, task.job, kEvaluationSequences));
}

}  // namespace

Outcome<std::vector<TrainingCase>> read_training_cases(const std::string& path) {
  std::ifstream file(path);
  if (!file) return failure(fmt::format("{} cannot be read", path));
  std::vector<TrainingCase> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto f = fields_of(line);
    if (f.size() < 9) return failure(fmt::format("{}: '{}' has {} fields", path, line, f.size()));
    rows.push_back({.kind = f[0],
                    .model = f[1],
                    .system = f[2],
                    .accelerators = f[3].empty() ? 0 : std::stoll(f[3]),
                    .split = f[4],
                    .batch = f[5].empty() ? 0 : std::stoll(f[5]),
                    .measured = std::stod(f[7]),
                    .unit = f[8]});
  }
  return rows;
}

double gpt3_tokens_to_target(int64_t batch) {
  // batch, mean tokens; the runs of 6,144 that are marked 1 there did not count
  constexpr std::array<std::pair<double, double>, 6> kPoints = {{{1536, 1199570944.0},
                                                                 {2048, 1182793728.0},
                                                                 {3072, 1216348160.0},
                                                                 {4096, 1266679808.0},
                                                                 {6144, 1409286144.0},
                                                                 {8192, 1627389952.0}}};
  const double x = static_cast<double>(batch);
  if (x <= kPoints.front().first) return kPoints.front().second;
  for (std::size_t i = 1; i < kPoints.size(); ++i) {
    const auto& [x0, y0] = kPoints[i - 1];
    const auto& [x1, y1] = kPoints[i];
    if (x <= x1) return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  }
  return kPoints.back().second * x / kPoints.back().first;
}

std::string set_name(const TrainingCase& row) {
  const SystemMark* mark = mark_of(row.system);
  if (mark == nullptr) return "";
  const auto accelerator = perf::find_accelerator(mark->accelerator);
  return fmt::format("{}/{}", accelerator ? accelerator->generation : "", engine_of(row, *mark));
}

Outcome<TrainingTask> task_of(const TrainingCase& row, const std::optional<TrainingCoefficients>& coefficients) {
  const SystemMark* mark = mark_of(row.system);
  if (mark == nullptr) return failure(fmt::format("system '{}' is unknown", row.system));
  const auto architecture = perf::find_architecture(architecture_name(row.model));
  if (!architecture) return std::unexpected(architecture.error());
  const auto accelerator = perf::find_accelerator(mark->accelerator);
  if (!accelerator) return std::unexpected(accelerator.error());
  TrainingTask task;
  task.job.architecture = *architecture;
  task.job.accelerator = *accelerator;
  task.job.engine = engine_of(row, *mark);
  const auto known = find_coefficients(task.job.engine, accelerator->generation);
  if (!known) return failure(fmt::format("engine '{}' is unknown", task.job.engine));
  task.coefficients = coefficients ? *coefficients : *known;
  const bool is_llama = row.kind == "gpu_hours";
  task.job.sequence = kSequence;
  task.job.batch = is_llama && row.batch == 0 ? static_cast<int64_t>(kLlamaBatchTokens / kLlamaSequence) : row.batch;
  if (row.kind == "mlperf_time_to_train") {
    if (architecture->name != "gpt-3-175b") {
      return failure(fmt::format("how many tokens MLPerf's '{}' takes to its target is not known", row.model));
    }
    task.job.precision = accelerator->flops(perf::Precision::fp8) > 0    ? perf::Precision::fp8
                         : accelerator->flops(perf::Precision::int8) > 0 ? perf::Precision::int8
                                                                         : perf::Precision::bf16;
    if (accelerator->generation == "ampere") task.job.precision = perf::Precision::bf16;
  }
  if (!row.split.empty()) {
    read_split(row, task.job);
    if (auto faults = faults_of(task.job); !faults.empty()) return failure(faults.front());
    return task;
  }
  const int64_t accelerators = row.accelerators > 0 ? row.accelerators : kLlamaAccelerators;
  SplitChoice choice;
  if (is_llama) choice.tensor = llama_tensor(row.model);
  auto found = best_split(task.job, accelerators, choice, task.coefficients);
  if (!found) return std::unexpected(found.error());
  task.job = found->job;
  task.found = *found;
  return task;
}

Outcome<double> predicted(const TrainingCase& row, const std::optional<TrainingCoefficients>& coefficients) {
  const auto task = task_of(row, coefficients);
  if (!task) return std::unexpected(task.error());
  if (row.kind == "mlperf_time_to_train") return mlperf_s(*task) / 60;
  const TrainingStep step = training_step_unchecked(task->coefficients, task->job);
  if (row.kind == "iteration_time") return step.time.step_s;
  if (row.kind == "gpu_hours") {
    return llama_tokens(row.model) / step.time.tokens_per_s * static_cast<double>(task->job.split.accelerators()) /
           3600;
  }
  return failure(fmt::format("kind '{}' is unknown", row.kind));
}

}  // namespace beltline::training
