// Representative days: which days of a long chronology stand for all of them.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "model/model.h"

namespace beltline {

/// Days chosen for one period. Every day of the chronology belongs to one of them.
struct DayChoice {
  std::vector<int> day;          // [chosen] index of the day
  std::vector<std::string> why;  // [chosen] "medoid", "peak load", "least renewable", "largest net load"
  std::vector<int> stands_for;   // [chosen] days that belong to it
  std::vector<int> chosen_of;    // [day] index into `day`
};

struct Days {
  int slices_per_day = 24;
  int day_count = 0;               // of each period
  std::vector<DayChoice> periods;  // [period]
};

/// k-medoids (Kaufman & Rousseeuw 1990, PAM: build, then swaps while they help) on the days' profiles: every series
/// that varies by slice, scaled to its own range. The days of the highest load, of the least renewable supply (the
/// least of all shares of availability) and of the largest load net of it are kept as they are, each standing for
/// itself alone.
///
/// @param count  days a period; all of them where it is as many
/// @errors a calendar without a long chronology: steps that are no part of a day, groups shorter than a period, fewer
///         than two days
/// @cost O(days² · slices · series + chosen · days²) a period
Outcome<Days> choose_days(const Model& model, int count);

}  // namespace beltline
