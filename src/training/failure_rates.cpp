#include "training/failure_rates.h"

#include <array>

namespace beltline::training {

namespace {

constexpr auto kLlama3Causes = std::to_array<FailureCause>({
    {"faulty accelerator", 148, true},
    {"HBM3 memory", 72, true},
    {"software bug", 54, false},
    {"network switch or cable", 35, true},
    {"host maintenance", 32, true},
    {"accelerator SRAM", 19, true},
    {"accelerator system processor", 17, true},
    {"network card", 7, true},
    {"NCCL watchdog timeout", 7, false},
    {"silent data corruption", 6, true},
    {"accelerator thermal interface or sensor", 6, true},
    {"SSD", 3, true},
    {"power supply", 3, true},
    {"server chassis", 2, true},
    {"IO expansion board", 2, true},
    {"dependency", 2, false},
    {"CPU", 2, true},
    {"system memory", 2, true},
});

}  // namespace

int32_t WatchedRun::interruptions() const {
  int32_t sum = 0;
  for (const FailureCause& cause : causes) sum += cause.interruptions;
  return sum;
}

const WatchedRun& llama3_run() {
  static constexpr WatchedRun kRun = {"Llama 3 Herd of Models, 2024, arXiv:2407.21783, table 5", kLlama3Causes, 16384,
                                      54};
  return kRun;
}

FailureRates rates_of(const WatchedRun& run, double factor) {
  int32_t nodes = 0;
  for (const FailureCause& cause : run.causes) nodes += cause.takes_node ? cause.interruptions : 0;
  return {.per_accelerator_hour = factor * run.interruptions() / run.accelerator_hours(),
          .node_per_accelerator_hour = factor * nodes / run.accelerator_hours()};
}

}  // namespace beltline::training
