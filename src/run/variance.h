// Why what was counted is not what was planned: volume, yield, timing, price.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/language.h"
#include "run/actuals.h"
#include "run/run_plan.h"

namespace beltline {

/// A difference taken apart; the parts add up to the total.
struct VarianceParts {
  double planned = 0, actual = 0;
  double total = 0;   // actual less planned
  double volume = 0;  // more or less of it, for good
  double yield = 0;   // what came out of it
  double timing = 0;  // earlier or later: what other months made up for
  double price = 0;   // USD alone

  VarianceParts& operator+=(const VarianceParts& other);
};

/// One thing that was counted, over the months in which it was.
struct VarianceItem {
  std::string step;   // of the chain: kind of the process or capacity ("fab", "hall"), or "promise"
  std::string party;  // its owner, or who promised
  std::string of;     // name
  std::string title, title_ko;
  std::string measure;  // activity, ordered, online, spend, delivered
  std::string unit;
  int first = 0, last = 0;  // periods counted, the first and the last of them
  std::optional<VarianceParts> units;
  std::optional<VarianceParts> usd;
};

/// All of it, in the model's order, and what it adds up to in USD. Money of promises moves between parties: it is no
/// part of the sums.
struct Variance {
  std::vector<VarianceItem> items;
  VarianceParts usd;
  std::vector<std::pair<std::string, VarianceParts>> by_step, by_party;  // largest first
  std::map<std::string, Titles> parties;                                 // what the parties are called
};

/// Explains the difference between a plan and what was counted, month by month over the months counted.
///
/// With starts a, output per start y, output q = a · y, cost of a start c, cost of an output s = c / y; p planned, a
/// actual:
///
///     units    q_a − q_p = (a_a − a_p) · y_p  [volume and timing]  +  a_a · (y_a − y_p)  [yield]
///     USD      C_a − C_p = s · (q_a − q_p)  [volume and timing]  +  (c · a_a − s · q_a)  [yield]  +  (C_a − c · a_a)
///     [price]
///
/// *Timing* is what later months made up for: a shortfall and a surplus of different months cancel, the earliest with
/// the earliest; what nothing cancels is *volume*. Capacity online is compared in the last month counted: volume is
/// what was ordered less or more, timing what was ordered and is not online. Money of a capacity is compared as it
/// falls due, where `spend` was counted: price is what the orders placed would not have cost by the plan's prices and
/// spend profile. Without a count of yield, price or spend, those of the plan hold. Of a promise that nothing in the
/// plan draws on, the quantity promised is what is compared.
/// @param month  the part of one month alone; what the others made up for is its timing
/// @cost O(entities counted × periods)
Variance explain_variance(const RunPlan& run, const Actuals& actuals, std::optional<YearMonth> month = {});

/// What later months make up for of each month's deviation: [month] → (volume, timing), volume + timing = deviation.
struct Netted {
  std::vector<double> volume, timing;
};
Netted net_deviations(const std::vector<double>& deviations);

std::string variance_text(const Variance& variance, const Calendar& calendar, Language language);
std::string variance_json(const Variance& variance, const Calendar& calendar);

}  // namespace beltline
