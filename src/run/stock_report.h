// What to hold of each good of a plan: throughput, lead time and what varies, safety stock, cover, cost, and what lies
// there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/language.h"
#include "plan/pegging.h"
#include "run/good_value.h"
#include "run/pipeline.h"
#include "table/table.h"

namespace beltline {

struct StockOptions {
  double service = 0.95;      // share of months without a shortage
  double demand_error = 0.0;  // standard deviation of what is used in a month, as a share of it, beside the scenario's
                              // ranges
  double carrying = 0.1;      // what a year in store costs, as a share of the good's worth, where no store says
};

/// A low, a most likely and a high value; alike where the scenario gives no range.
struct Spread3 {
  double low = 0, mode = 0, high = 0;

  /// Standard deviation of the triangular distribution. @source Law 2015, section 6.2.2
  [[nodiscard]] double deviation() const;
};

/// A good at a place. Months are those of the calendar; quantities are in the good's unit.
struct StockLine {
  NodeId node;
  int first_used = 0, last_used = 0;  // periods
  double used_month = 0;              // mean from the first use to the last
  Spread3 lead;                 // months from a lot's start to its arrival, by quantity; whole periods, as planned
  Spread3 yield;                // output over input as a share of the planned one: mode 1
  double demand_deviation = 0;  // of a month's use
  double from_demand = 0, from_lead = 0, from_yield = 0;  // deviations of the use less what arrives in a lead time
  double deviation = 0;                                   // all of it
  double safety_stock = 0;
  double cover_months = 0;  // of the safety stock
  GoodValue value;          // of a unit
  double holding = 0;       // USD per unit and month
  double level_mean = 0;    // in the plan, over the months of use
  double level_max = 0;
  double loss_month = 0;  // share of the level that ages away in a month
  double left = 0;        // still there at the end of the horizon: used by nobody
  double thrown_away = 0;

  [[nodiscard]] double at_stake() const { return safety_stock * value.usd; }
  [[nodiscard]] double holding_cost_month() const { return safety_stock * holding; }
};

struct StockReport {
  std::vector<StockLine> lines;  // most at stake first
  bool has_ranges = false;       // of lead times or yields
  std::string left_out;          // why a range could not be taken, or ""
};

/// Recommends what to hold of every good that lots make and lots, orders or demand take.
///
/// Lead times and yields are read from the model as it is, and from the scenario compiled with all durations, or all
/// yields, at the low and at the high end of their ranges. A range is taken as a triangular distribution; lead times
/// vary from lot to lot, a yield is one for all lots (it is not known yet), use varies from month to month. The time at
/// risk is the lead time and one period, in which nothing more can be ordered.
///
///     safety stock = z(service) · √(σ_D² T + (μ σ_L)² + (μ σ_y T)²),   T = lead time + period
///
/// @param run_folder  whose prices are read; the scenario of `compiled` is its own
/// @errors the disk's
/// @cost  four more compilations of the scenario
Outcome<StockReport> stock_report(const Compiled& compiled, const Plan& plan, const std::vector<Peg>& pegs,
                                  const std::filesystem::path& run_folder, const StockOptions& options);

/// One row a good: the table `stock`.
Table stock_table(const Model& model, const StockReport& report);
std::string stock_text(const Model& model, const StockReport& report, const StockOptions& options, Language language,
                       bool all);
std::string stock_json(const Model& model, const StockReport& report, const StockOptions& options);

}  // namespace beltline
