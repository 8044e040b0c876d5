// What an infeasible scenario misses and what would make it feasible, in sentences.
#pragma once

#include <string>
#include <vector>

#include "run/explain.h"

namespace beltline {

/// Of the tables shortages and changes; nothing where there are none. Without `all` they fit one screen.
std::vector<std::string> shortage_lines(const std::vector<Table>& tables, const ExplainOptions& options);

}  // namespace beltline
