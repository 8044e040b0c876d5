// Rows of measured TTFT and TPOT, as deployments and loops.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"
#include "perf/closed_loop.h"
#include "perf/deployment.h"

namespace beltline::validation {

struct LatencyRow {
  std::string id;
  std::string source;  // kind of load generator: "gap-analysis", "inferencemax"
  std::string model;
  std::string engine;
  bool is_split = false;  // prefill and decode in pools of their own
  perf::Deployment deployment;
  int32_t prefill_workers = 1;
  int32_t decode_workers = 1;
  perf::Deployment decode_deployment;
  perf::ClosedLoop loop;
  double ttft_ms = 0;
  double tpot_ms = 0;
};

/// Rows in the form of aiconfigurator's measured CSV. A row of an unknown model or system is left out, with a word.
Outcome<std::vector<LatencyRow>> read_latency_rows(const std::filesystem::path& path);

}  // namespace beltline::validation
