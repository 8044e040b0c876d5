// The outputs' side of a difference: decisions, promises and figures of two runs.
#pragma once

#include "run/diff.h"

namespace beltline {

/// One run, read and compiled again.
struct RunRead {
  RunFacts facts;
  Compiled compiled;
  std::map<std::string, Table> tables;  // builds, moves, limits, commitments, summary; none without a plan
  std::string options_text;             // gap, limit and seed, for a note where they differ

  [[nodiscard]] const Model& model() const { return *compiled.model; }
  [[nodiscard]] const Table* table(const std::string& name) const {
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
  }
};
Outcome<RunRead> read_run(const std::filesystem::path& folder);

/// Capacities and moves, the racks of a generation over all sites together. Sorted: near the causes first, then by
/// money.
std::vector<Decision> changed_decisions(const RunRead& a, const RunRead& b,
                                        const std::map<std::string, int>& distances);
/// Goals of which more, or less, is missed.
std::vector<Promise> changed_misses(const RunRead& a, const RunRead& b);
/// Promises of which more, or less, is drawn.
std::vector<Promise> changed_draws(const RunRead& a, const RunRead& b, double noise);
/// Figures of the summary.
std::vector<ResultChange> changed_results(const RunRead& a, const RunRead& b, double noise);

}  // namespace beltline
