// `beltline audit SCENARIO`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/number_options.h"
#include "audit/audit.h"

namespace beltline {

struct AuditArguments {
  std::string folder, run_folder, claim;
  std::vector<std::string> overrides;
  int sample_count = kAuditSampleCount;
  uint64_t seed = 1;
  std::optional<NumberOptions> numbers;  // samples and seed, read when the command begins
};

/// Scenario, run folder, samples, seed and claim.
void add_audit_options(CLI::App& command, AuditArguments& arguments);
int command_audit(const AuditArguments& arguments, bool as_json);

}  // namespace beltline
