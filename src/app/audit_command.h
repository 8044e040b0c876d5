// `beltline audit SCENARIO`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace beltline {

struct AuditArguments {
  std::string folder, run_folder, claim;
  std::vector<std::string> overrides;
  int sample_count = 0;  // 0: the default
  uint64_t seed = 1;
};

/// Scenario, run folder, samples, seed and claim.
void add_audit_options(CLI::App& command, AuditArguments& arguments);
int command_audit(const AuditArguments& arguments, bool as_json);

}  // namespace beltline
