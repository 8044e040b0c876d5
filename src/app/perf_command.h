// beltline perf: what a model yields on a rack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/number_options.h"
#include "perf/search.h"

namespace beltline {

struct PerfArguments {
  std::string model, rack, catalogue, profiles, precision = "auto", engine = "vllm", output;
  std::string ttft, tpot;  // "2s", "50ms"; "": any
  uint64_t input_tokens = 1000, output_tokens = 1000, racks = 1, count = 8;
  double cached = 0, memory_share = 0.9;
  uint64_t tensor = 0, pipeline = 0, attention_data = 0, expert_tensor = 0, expert_parallel = 0;  // 0: not asked
  bool together = false;
  perf::CostOptions costs;
  std::optional<NumberOptions> numbers;  // read when the command begins
};

void add_perf_options(CLI::App& command, PerfArguments& arguments);
int command_perf(const PerfArguments& arguments, bool as_json);

}  // namespace beltline
