// The chain from DRAM wafer to rack: product, fab, stack, packaging, accelerator, rack. What its parts share.
//
// A stage takes goods in only if an earlier stage of the scenario makes them; otherwise they are bought. So a scenario
// may begin anywhere along the chain: at the wafer, at the accelerator, or with racks alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// The parts of the chain in the order in which they compile.
std::span<const Part> memory_parts();

/// Whether the list of names holds the name.
bool contains(std::span<const std::string> names, std::string_view name);

/// Share of a good's price that a month in stock costs: about 12 % a year, capital and obsolescence.
inline constexpr double kHoldingShare = 0.01;

/// First period in which a good with this month of first volume exists: 0 where the key is absent, the number of
/// periods where it lies beyond the horizon, which is a warning (BL0200).
int first_period(const Compile& c, const Entry& entry, std::string_view key);

/// A rate per month as it stands in each period: what a whole period holds, over its months.
double monthly(const Calendar& calendar, const SeriesValue& value, int t);

/// The place that `key` names; absent, the only place that entries of `section` name under `section_key`. Otherwise a
/// fault (BL0102) and an invalid id.
struct PlaceDefault {
  std::string_view section;
  std::string_view key;
};
PlaceId place_or_only(const Compile& c, const Entry& entry, std::string_view key, PlaceDefault otherwise);

/// Goods under way when the horizon begins, as a process without inputs:
///
///     0 ≤ backlog[t] ≤ rate · months per period,   t < lag;      backlog[t] = 0,   t ≥ lag
///
/// What was started before the first period comes out during the first `lag` periods. The plan may leave it to others.
struct Backlog {
  std::string name;       // of the process: "backlog_fab_hbm4@m16"
  std::string unit;       // of its activity
  CommodityId commodity;  // what comes out, at `place`
  PlaceId place;
  PartyId owner;
  Quantity rate;      // units of activity per month
  int lag = 0;        // periods
  Series output;      // commodity per unit of activity
  int first_use = 0;  // period before which what comes out waits, see qualification.h
};
void add_backlog(const Compile& c, const Backlog& backlog, const Entry& entry);

/// A payment per unit of activity, where both parties and the price are known.
void add_payment(Process& process, const Payment& payment);

/// A measure in units per month over the activities of processes.
void add_monthly_measure(const Compile& c, Measure measure, std::span<const ProcessId> processes);

/// Adds a fault that two values contradict each other (BL0206).
struct Contradiction {
  Origin origin;
  std::string message;
  std::string found;
  std::string expected;
  std::string help;
};
void add_contradiction(const Compile& c, Contradiction what);

}  // namespace beltline
