#include "audit/remedy.h"

#include <algorithm>
#include <cmath>

#include "audit/reckoning.h"

namespace beltline {
namespace {

constexpr int kHalfGrid = 200;  // points on each side of the mode
constexpr double kDecades = 2;  // how far a line is moved
constexpr std::size_t kLineCountMax = 3;

/// Values of a line from a hundredth to a hundred times its mode, within what its key may hold; ascending.
std::vector<double> grid_of(const Line& line) {
  std::vector<double> grid;
  for (int i = -kHalfGrid; i <= kHalfGrid; ++i) {
    const double value = line.mode * std::pow(10.0, kDecades * i / kHalfGrid);
    if (value >= line.min && value <= line.max) grid.push_back(value);
  }
  // the end of what the key may hold
  if (line.max < line.mode * std::pow(10.0, kDecades) && (grid.empty() || grid.back() < line.max))
    grid.push_back(line.max);
  return grid;
}

/// Where implied / wanted passes 1, else the end that comes nearest.
AuditChange read_grid(const std::vector<double>& grid, const Ranged& implied, double wanted) {
  std::size_t nearest = 0;
  const auto miss = [&](std::size_t i) { return std::log(implied.at(i) / wanted); };
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (i > 0 && (miss(i - 1) <= 0) != (miss(i) <= 0)) {
      const double inside = miss(i - 1) / (miss(i - 1) - miss(i));
      return {.to = grid[i - 1] * std::pow(grid[i] / grid[i - 1], inside)};
    }
    if (std::abs(miss(i)) < std::abs(miss(nearest))) nearest = i;
  }
  return {.to = grid[nearest], .is_possible = false};
}

/// What the row implies of the other claim's kind, with the modes of all lines but one.
Ranged implied_with(const Disagreement& d, const LedgerSampling& sampling) {
  Ledger ledger(sampling, d.spec.calendar);
  const Bill bill = bill_of(ledger, d.spec, d.claim, d.basis);
  return Reckoning(ledger, d.claim, bill, d.split).of(d.other.kind, d.other.is_rate);
}

bool is_own(const Disagreement& d, const Line& line) {
  return line.path.starts_with("claim." + d.claim.name + ".quantity") ||
         line.path.starts_with("claim." + d.claim.name + ".window");
}

}  // namespace

std::vector<AuditChange> find_changes(const Disagreement& d) {
  std::vector<AuditChange> changes;
  // an amount becomes a rate by the window, and the other way round
  if (d.claim.is_rate != d.other.is_rate && !claim_unit(d.other.kind).rate.empty()) {
    const double window = d.claim.window.mode;
    changes.push_back({.is_window = true, .from = window, .to = d.claim.is_rate ? window * d.ratio : window / d.ratio});
  }
  changes.push_back({.from = d.claim.stated.mode, .to = d.claim.stated.mode * d.ratio});
  std::size_t told = 0;
  for (const Driver& driver : d.drivers) {
    const Line& line = d.lines[static_cast<std::size_t>(driver.line)];
    if (told == kLineCountMax) break;
    if (is_own(d, line) || line.mode <= 0) continue;
    const std::vector<double> grid = grid_of(line);
    if (grid.size() < 2) continue;
    const Ranged implied = implied_with(d, {.moved = line.identity, .moved_to = grid});
    if (implied.values.size() != grid.size()) continue;
    AuditChange change = read_grid(grid, implied, d.other.stated.mode);
    change.line = driver.line;
    change.from = line.mode;
    changes.push_back(change);
    ++told;
  }
  return changes;
}

}  // namespace beltline
