// Two runs side by side: which inputs differ and what that is worth, which decisions, and what comes out.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "run/pipeline.h"

namespace beltline {

/// What a run says of itself.
struct RunFacts {
  std::string folder;
  std::string title;
  std::vector<std::string> overrides;
  std::string termination;
  bool has_plan = false;
  double objective = 0;
  double gap = 0;
  std::string unit;  // of the objective
  double cost_usd = 0;
  double missed_usd = 0;  // of the cost: what it counts for unserved demand and missed goals
};

/// One value that differs; "" for a value that is not there.
struct ValueChange {
  std::string path;  // "product.hbm4_24gb.yield"
  std::string before, after;
  double ratio = 0;  // after / before; NaN where they are no numbers, or lists of other lengths
  char confidence = ' ';
  std::string place_before, place_after;  // "memory.toml:90", "--set:1"
};

/// What a change does, B less A. NaN where it is not known.
struct Impact {
  double objective = 0;   // in its unit
  double share = 0;       // of A's objective
  double usd = 0;         // of the objective: itself in USD; compute at A's average cost of compute
  double cost_usd = 0;    // without what is missed
  double missed_usd = 0;  // what the cost counts for unserved demand and missed goals
  double weight = 0;      // what causes are sorted by: the share, and cost and misses as the second goal weighs them
  std::string unknown;    // why it is not known
};

/// One entry of the scenario in which the runs differ.
struct Cause {
  std::string entry;  // "product.hbm4_24gb", "objective"
  std::string title;
  std::vector<ValueChange> changes;
  bool is_remark = false;  // only ranges, sources and titles differ: nothing that a plan reads
  Impact impact;
};

/// What is ordered or moved otherwise; racks of a generation over all sites together.
struct Decision {
  std::string entry;
  std::string name;  // capacity or move; of racks "rack_GENERATION"
  std::string title;
  std::string unit;
  double before = 0, after = 0;           // ordered over the horizon, in `unit`
  double mw_before = 0, mw_after = 0;     // of IT, for racks
  std::string first_before, first_after;  // month in which the first is online, "" for none
  double months_later = 0;                // mean over what both order; < 0: earlier
  double usd_before = 0, usd_after = 0;
  double usd_moved = 0;  // what it is sorted by: the difference, and what is ordered a year earlier or later
  int distance = 0;      // references between the changed entry and this one; 99 for none
};

/// What is promised and drawn otherwise, or asked and missed otherwise.
struct Promise {
  std::string name;
  std::string title;
  std::string unit;
  double before = 0, after = 0;         // drawn: mean of its months; missed: the most of a month
  std::string when_before, when_after;  // months in which it is missed: "2027-11 to 2029-05"
};

struct ResultChange {
  std::string name;  // of the table `summary`
  std::string title;
  std::string unit;
  double before = 0, after = 0;
  double relative = 0;  // (after − before) / the larger
  double weight = 0;    // what it is sorted by: relative, less for one site or year than for the whole
};

struct Difference {
  RunFacts a, b;
  Impact total;
  std::string method;  // how the causes' worth was found
  std::vector<Cause> causes;
  std::vector<Decision> decisions;
  std::vector<Promise> missed, drawn;
  std::vector<ResultChange> results;
  double noise = 0;                // relative differences below this can be the plans' gaps
  std::vector<std::string> notes;  // what else to know: other options, another horizon
};

struct DiffOptions {
  int cause_count_max = 12;  // entries whose worth is found one by one; the rest together
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(const std::string&)> on_progress = {};
};

/// Compares two run folders.
///
/// If one entry differs, its worth is the difference of the two plans. If several do, each change alone is put into A's
/// scenario and the coarse relaxation (plan/outlook.h) says what it does; changes work together, so that these need not
/// add up. Causes come by worth: what they do to the first goal, and to cost and misses as much as the plan's second
/// goal weighs these (all of the cost is worth `objective.tolerance` of the first goal). Decisions near a cause, by
/// references between entries, come before others, then by money; results by weight.
///
/// @errors the disk's, damaged runs, runs that do not hold their scenario
/// @cost two loads, and about a second for each of several causes
Outcome<Difference> compare_runs(const std::filesystem::path& a, const std::filesystem::path& b,
                                 const DiffOptions& options = {});

/// For people: one screen, or everything.
std::string difference_text(const Difference& difference, bool all);
std::string difference_json(const Difference& difference);

}  // namespace beltline
