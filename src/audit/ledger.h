// The lines of a scenario that an audit reads: each with its range, its source, and its draws.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ranged.h"
#include "scenario/spec.h"

namespace beltline {

/// One value of the scenario that an implied number was made from. Values that say the same of the same key with the
/// same source ("liquid cooling, PUE 1.13 (1.08–1.22)" at each of seven sites) are one assumption: one line, one draw.
struct Line {
  std::string path;      // "product.hbm3e_24gb.yield", of the first entry that was read
  std::string identity;  // what it says: equal ones are one line
  int entry_count = 1;   // entries that say so
  double low = 0, mode = 0, high = 0;
  double min = -kUnlimited, max = kUnlimited;  // what the key may hold at all
  std::string unit;
  std::string source;
  char confidence = ' ';
  Origin origin;
  bool is_default = false;  // from the schema

  [[nodiscard]] bool has_range() const { return low < high; }
};

/// What the values of the lines are: sampled over their ranges, or modes with one line moved.
struct LedgerSampling {
  int sample_count = 0;  // 0: modes
  uint64_t seed = 1;
  std::string moved = {};             // identity of the line that is moved, with `sample_count` 0
  std::vector<double> moved_to = {};  // its values
};

/// Reads values of entries as Ranged numbers and keeps their lines, in the order in which they were first read.
///
/// Draws are a Latin hypercube: each line's n draws fall one into each of n equally probable parts of its PERT
/// distribution, in an order that Philox gives from (seed, what the line says). So they depend neither on what else is
/// read nor on threads.
class Ledger {
 public:
  explicit Ledger(LedgerSampling sampling, const Calendar& calendar)
      : sampling_(std::move(sampling)), calendar_(calendar) {}

  /// A quantity, a duration, a whole number, or the mean of a series over the months of `window`.
  /// @param owner  "product.hbm3e_24gb"
  /// @pre `has(key)`
  Ranged value(const Entry& entry, std::string_view key, std::string_view owner, const YearMonth& from,
               const YearMonth& to);
  /// A number that the scenario gives in another way (a claim's figure in the kind's unit).
  Ranged number(const Quantity& quantity, std::string path);

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  /// [sample] ranks of a line's draws; empty for a line without a range.
  [[nodiscard]] const std::vector<double>& ranks(int line) const { return ranks_[static_cast<std::size_t>(line)]; }

 private:
  Ranged take(Line line);
  void draw(const Line& line);

  LedgerSampling sampling_;
  const Calendar& calendar_;
  std::vector<Line> lines_;
  std::vector<std::vector<double>> values_;  // [line] 1 or one a sample
  std::vector<std::vector<double>> ranks_;
  std::map<std::string, int, std::less<>> known_;  // by identity
  std::set<std::string, std::less<>> read_;        // identity and path of every entry that was read
};

}  // namespace beltline
