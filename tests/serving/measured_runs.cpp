// Runs of vLLM, replayed request by request: arrivals as they were, kernels as they were measured on the same GPU.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "perf/catalogue.h"
#include "perf/memory.h"
#include "perf/profile_engine.h"
#include "perf/replica_cost.h"
#include "serving/engine.h"
#include "table/files.h"
#include "table/table.h"
#include "tests/serving/validation.h"

namespace beltline::validation {

namespace {

using nlohmann::json;

/// One request: as it was, or as it is predicted. Seconds after it arrived.
struct Times {
  double ttft_s = 0;
  double latency_s = 0;
  double tpot_s = 0;
};

struct MeasuredRun {
  std::string name;
  perf::Deployment deployment;
  perf::Link link;
  int32_t copies = 1;  // of attention, that step together
  bool spreads_experts = false;
  std::filesystem::path profile;
  serving::EngineRules rules;
  std::vector<serving::Request> requests;
  std::vector<Times> measured;  // by request
};

Times times_of(double arrival_s, double first_s, double last_s, int64_t tokens) {
  const double steps = static_cast<double>(std::max<int64_t>(tokens - 1, 1));
  return {first_s - arrival_s, last_s - arrival_s, (last_s - first_s) / steps};
}

Outcome<json> read_json(const std::filesystem::path& path) {
  const Outcome<std::string> text = read_file(path);
  if (!text) return failure(text.error().message);
  json document = json::parse(*text, nullptr, false);
  if (document.is_discarded()) return failure(path.string() + " is not JSON");
  return document;
}

// The two clocks of a run differ by a constant: what no request was faster than from the front end to the engine.
Outcome<void> read_requests(const std::filesystem::path& path, MeasuredRun& run) {
  const Outcome<std::string> text = read_file(path);
  if (!text) return failure(text.error().message);
  std::vector<json> rows;
  for (std::size_t start = 0; start < text->size();) {
    const std::size_t end = std::min(text->find('\n', start), text->size());
    if (end > start) rows.push_back(json::parse(text->substr(start, end - start)));
    start = end + 1;
  }
  double shift_s = 1e300, first_s = 1e300;
  for (const json& row : rows) shift_s = std::min(shift_s, double{row["queued_ts"]} - double{row["arrival_time"]});
  for (const json& row : rows) first_s = std::min(first_s, double{row["arrival_time"]} + shift_s);
  for (const json& row : rows) {
    const double arrival_s = double{row["arrival_time"]} + shift_s;
    const int64_t tokens = row["output_toks"];
    run.requests.push_back({.id = run.requests.size(),
                            .arrival = std::llround((arrival_s - first_s) * serving::kSecond),
                            .prompt_tokens = row["input_toks"],
                            .output_tokens = static_cast<int32_t>(tokens)});
    run.measured.push_back(times_of(arrival_s, row["first_token_ts"], row["last_token_ts"], tokens));
  }
  return {};
}

// What the engine itself reported, else what its share of the memory leaves beside the weights.
int64_t kv_tokens(const json& meta, const json& memory, const MeasuredRun& run) {
  if (meta.contains("kv_cache") && meta["kv_cache"].value("num_gpu_blocks", 0) > 0) {
    return meta["kv_cache"]["num_gpu_blocks"].get<int64_t>() * run.rules.block_tokens * run.copies;
  }
  const double memory_bytes = memory.contains("mem_size") ? memory["mem_size"].get<double>() * (int64_t{1} << 30)
                                                          : run.deployment.accelerator.memory_bytes;
  const perf::Architecture& model = run.deployment.architecture;
  const double weights = perf::parameters(model) * perf::bytes_of(perf::Precision::bf16);
  const int32_t accelerators = run.deployment.parallelism.accelerators();
  const double kept = run.spreads_experts ? 1 : run.copies;
  const double left = memory_bytes * memory.value("mem_util", 0.9) * accelerators - weights * kept;
  return static_cast<int64_t>(left / perf::kv_bytes_per_token(model, perf::Precision::bf16));
}

Outcome<MeasuredRun> read_run(const std::filesystem::path& folder) {
  const auto meta = read_json(folder / "meta.json"), config = read_json(folder / "config.json");
  if (!meta || !config) return failure((meta ? config : meta).error().message);
  const json& engine = meta->at("engine_kwargs");
  const json& node = config->at("nodes").at(0).at("instances").at(0);
  const auto model = perf::find_architecture(meta->at("model").get<std::string>());
  const auto accelerator = perf::find_accelerator(node.at("hardware").get<std::string>());
  if (!model) return failure(model.error().message);
  if (!accelerator) return failure(accelerator.error().message);

  MeasuredRun run;
  const int32_t tensor = engine.at("tensor_parallel_size");
  run.copies = engine.value("data_parallel_size", 1);
  run.spreads_experts = engine.value("enable_expert_parallel", false);
  run.name = fmt::format("{} on {} {}", model->title, tensor * run.copies, accelerator->title);
  run.deployment = {.architecture = *model, .accelerator = *accelerator};
  run.deployment.parallelism.tensor = tensor;
  run.deployment.parallelism.attention_data = run.copies;
  if (model->is_mixture()) {
    run.deployment.parallelism.expert_parallel = run.spreads_experts ? tensor * run.copies : 1;
    run.deployment.parallelism.expert_tensor = run.spreads_experts ? 1 : tensor * run.copies;
  }
  run.link = accelerator->scale_up;
  if (config->contains("link_bw")) run.link.bytes_per_s = 1e9 * config->at("link_bw").get<double>();
  if (config->contains("link_latency")) run.link.latency_s = 1e-9 * config->at("link_latency").get<double>();
  run.profile = folder / fmt::format("profile_tp{}", tensor);
  // copies of attention step together: one batch of all their places, of which one prompt fills no more than its own
  run.rules.sequences_max = engine.at("max_num_seqs").get<int32_t>() * run.copies;
  run.rules.chunk_max = run.copies > 1 ? engine.at("max_num_batched_tokens").get<int32_t>() : 0;
  run.rules.step_tokens_max = engine.at("max_num_batched_tokens").get<int32_t>() * run.copies;
  run.rules.schedules_ahead = true;  // vLLM's default since 0.14
  run.rules.caches_prefixes = true;  // likewise since 0.8; prompts are unrelated, but who is preempted finds its own
  const json memory = node.value("npu_mem", json::object());
  run.rules.blocks_max = kv_tokens(*meta, memory, run) / run.rules.block_tokens;
  const auto read = read_requests(folder / "requests.jsonl", run);
  if (!read) return failure(read.error().message);
  return run;
}

std::vector<Times> play(const MeasuredRun& run, const perf::StepCost& cost) {
  serving::Cluster cluster({});
  cluster.add_replica({.cost = &cost, .rules = run.rules});
  std::vector<serving::Request> requests = run.requests;
  std::ranges::stable_sort(requests, {}, &serving::Request::arrival);
  for (const serving::Request& request : requests) cluster.submit(request);
  cluster.finish();
  cluster.check_conservation();
  std::vector<Times> times(requests.size());
  for (const serving::Completion& it : cluster.completions()) {
    const auto s = [](serving::Picoseconds time) { return static_cast<double>(time) / serving::kSecond; };
    times[it.id] = times_of(s(it.arrival), s(it.first_token), s(it.finish), it.output_tokens);
  }
  return times;
}

/// What the peer's simulator predicted for the same requests, where its output lies beside the run.
std::vector<Times> read_peer(const std::filesystem::path& path, std::size_t count) {
  std::vector<Times> times(count);
  const Outcome<std::string> text = read_file(path);
  if (!text) return {};
  const Outcome<Table> table = table_from_csv(*text, "peer");
  if (!table) return {};
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    const auto s = [&](const char* name) { return 1e-9 * static_cast<double>(table->column(name).integers()[row]); };
    const auto id = static_cast<std::size_t>(table->column("request id").integers()[row]);
    if (id < count) times[id] = {s("TTFT"), s("latency"), s("TPOT")};
  }
  return times;
}

struct RunErrors {
  double tpot = 0, ttft = 0, latency = 0;  // of the means
  double latency_each = 0, ttft_each = 0;  // mean absolute, request by request
};

RunErrors compare(const std::vector<Times>& predicted, const std::vector<Times>& measured) {
  const auto mean = [](const std::vector<Times>& list, double Times::* field) {
    double sum = 0;
    for (const Times& it : list) sum += it.*field;
    return sum / static_cast<double>(list.size());
  };
  const auto error = [&](double Times::* field) { return mean(predicted, field) / mean(measured, field) - 1; };
  Errors latency, ttft;
  for (std::size_t at = 0; at < measured.size(); ++at) {
    latency.add(predicted[at].latency_s, measured[at].latency_s);
    ttft.add(predicted[at].ttft_s, measured[at].ttft_s);
  }
  return {error(&Times::tpot_s), error(&Times::ttft_s), error(&Times::latency_s), latency.absolute_mean(),
          ttft.absolute_mean()};
}

void print(std::string_view whose, const RunErrors& errors) {
  fmt::print(
      "  {:24} mean TPOT {:+6.2f} %  TTFT {:+6.2f} %  latency {:+6.2f} %  each latency {:5.2f} %  TTFT {:5.2f} %\n",
      whose, 100 * errors.tpot, 100 * errors.ttft, 100 * errors.latency, 100 * errors.latency_each,
      100 * errors.ttft_each);
}

bool validate_run(const std::filesystem::path& folder) {
  Outcome<MeasuredRun> run = failure("");
  try {
    run = read_run(folder);
  } catch (const json::exception& error) {
    run = failure(error.what());
  }
  if (!run) {
    fmt::print("{}: {}\n", folder.string(), run.error().message);
    return false;
  }
  const auto cost = perf::ProfileCost::read(run->profile, {.architecture = run->deployment.architecture,
                                                           .tensor = run->deployment.parallelism.tensor,
                                                           .copies = run->copies,
                                                           .spreads_experts = run->spreads_experts,
                                                           .link = run->link,
                                                           .kv_tokens = run->rules.blocks_max * run->rules.block_tokens,
                                                           .power_W = run->deployment.accelerator.power_W,
                                                           .idle_W = run->deployment.accelerator.idle_W});
  if (!cost) {
    fmt::print("{}: {}\n", folder.string(), cost.error().message);
    return false;
  }
  fmt::print("{}: {} requests\n", run->name, run->requests.size());
  const RunErrors ours = compare(play(*run, **cost), run->measured);
  print("with its kernels", ours);
  const std::vector<Times> peer = read_peer(folder / "peer_sim_noITL.csv", run->requests.size());
  if (!peer.empty()) print("LLMServingSim", compare(peer, run->measured));
  if (const auto equations = perf::ReplicaCost::make(run->deployment)) {
    print("equations alone", compare(play(*run, **equations), run->measured));
  }
  bool kept = keep("mean TPOT", ours.tpot, 0.01);
  kept = keep("mean TTFT", ours.ttft, 0.04) && kept;
  kept = keep("mean latency", ours.latency, 0.015) && kept;
  return keep("latency of each request, mean absolute", ours.latency_each, 0.06) && kept;
}

}  // namespace

bool validate_measured_runs(const Options& options) {
  const std::filesystem::path root = options.shared / "measured";
  if (!std::filesystem::is_directory(root)) {
    fmt::print("skipped: {} is absent\n", root.string());
    return true;
  }
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "requests.jsonl") folders.push_back(entry.path().parent_path());
  }
  std::ranges::sort(folders);
  bool kept = true;
  for (const std::filesystem::path& folder : folders) kept = validate_run(folder) && kept;
  return kept;
}

}  // namespace beltline::validation
