// The audit of announced figures: what each claim implies for every other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/bill.h"
#include "audit/ledger.h"
#include "audit/ranged.h"
#include "parts/claim.h"

namespace beltline {

inline constexpr int kAuditSampleCount = 2000;

struct AuditOptions {
  int sample_count = kAuditSampleCount;
  uint64_t seed = 1;
  std::string claim;  // only what this one implies; "": all
};

/// A line that moves an implied number, and how much: Spearman's rank correlation over the samples.
struct Driver {
  int line = 0;
  double correlation = 0;
};

/// What a row implies of one kind: an amount over the window or a level, and a rate.
struct Implied {
  ClaimKind kind{};
  bool is_rate = false;  // a month, in the kind's `rate`; otherwise in its `total`
  Percentiles spread;
  std::vector<int> lines;       // all that it was made from
  std::vector<Driver> drivers;  // those with a range, strongest first
};

/// One claim, computed with one generation (or mix) of racks, in one reading.
struct AuditRow {
  int claim = 0;
  int basis = 0;
  int split = -1;  // of the claim's readings; -1: as the racks take it
  std::vector<Implied> implied;
};

/// How a claim is held against a row.
enum class Relation : uint8_t {
  agreement,  // both are of one programme: ratio = stated / implied
  capacity,   // the claim is what exists: ratio = implied / stated
  part,       // the row's claim is a part of it: ratio = part / whole
  date,       // the row's own month: ratio = months needed / months there are
};

enum class Verdict : uint8_t {
  agrees,   // 1 lies between P5 and P95 of the ratio, or within 2 % of its median
  near,     // its median is less than 1.5 away
  differs,  // more than that
};

/// What would have to change, alone, for a row to imply what a claim states.
struct AuditChange {
  int line = -1;  // -1: not a line, but the row's own window (`is_window`) or quantity
  bool is_window = false;
  double from = 0;          // as it stands: the mode
  double to = 0;            // as it would have to be
  bool is_possible = true;  // false: even `to`, the end of what the key may hold or 100 times away, is not enough
};

struct Comparison {
  int row = 0;
  int claim = 0;  // that the row is held against
  Relation relation{};
  Implied implied;
  Percentiles ratio;
  Verdict verdict{};
  double share_met = 0;  // of a date: of the samples, those in time
  int unit_slip = 0;     // the ratio is near 1000 ^ this: a thousand, million or billion was probably mistaken
  std::vector<AuditChange> changes;  // where it differs
};

struct Audit {
  std::vector<Claim> claims;  // large programmes first
  std::vector<Line> lines;
  std::vector<AuditRow> rows;
  std::vector<Comparison> comparisons;  // by row, then by claim
  int sample_count = 0;
  uint64_t seed = 0;
  bool is_of_one_claim = false;  // it has the rows of one claim only
};

/// The place of a kind where claims are told: power, accelerators and money first.
int telling_order(ClaimKind kind);

/// Of two builds that are held against each other both ways, whether this way is the one that is not told: people start
/// from power and end at wafers.
bool is_told_the_other_way(const Audit& audit, const Comparison& comparison);

/// Computes every row and comparison; samples are the same for any order of entries and any number of threads.
///
/// @errors those of read_claims; BL0206 a claim of a kind that its racks say nothing of
/// @cost about 30 ms for 20 claims of two generations at 2,000 samples
Audit audit(const Spec& spec, const AuditOptions& options, Diagnostics& diagnostics);

}  // namespace beltline
