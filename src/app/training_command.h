// beltline training: what a training run takes, from its step to its last day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/number_options.h"
#include "training/report.h"

namespace beltline {

struct TrainingArguments {
  std::string model, rack, catalogue, fleet;
  std::string precision = "bf16", engine = "megatron", recompute = "auto", checkpoint = "behind";
  uint64_t accelerators = 0;
  double tokens = 0;
  uint64_t sequence = 0, batch = 2048;  // sequence 0: 8192, or what the model can
  uint64_t tensor = 0, pipeline = 0, interleave = 0, expert = 0, context = 0, micro_batch = 0;  // 0: the fastest
  uint64_t zero = 4;                                                                            // 4: the fastest
  bool no_failures = false;
  double failure_factor = 1, shape = 1, storage_GB_s = 0, interval_s = 0, repair_h = 48;
  double detect_s = 300, restart_s = 300;
  uint64_t spares = 64, seed = 1, replications = 200;
  training::RunCosts costs;
  std::optional<NumberOptions> numbers;  // read when the command begins
};

void add_training_options(CLI::App& command, TrainingArguments& arguments);
int command_training(const TrainingArguments& arguments, bool as_json);

}  // namespace beltline
