// The tables of a risk run. For src/risk/risk_report.cpp.
#pragma once

#include "risk/levers.h"
#include "risk/ranges.h"
#include "table/table.h"

namespace beltline {

/// What there is to tell of a risk run.
struct RiskResult {
  const Play& play;
  const Observation& observation;
  const Odds& odds;
  const std::vector<LeverOdds>& levers;
  const std::vector<IdleRange>& idle;   // ranges that move nothing
  const std::vector<char>& is_reached;  // [source] see sources_in_reach
  double level = 0.95;
};

/// Period by which a share of replications has reached the milestone; the number of periods: not within the horizon.
int reached_by(const MilestoneOdds& odds, double share);
/// "2028-07", or "" where it is beyond the horizon.
std::string month_or_none(const Model& m, int period);

Table risk_series_table(const RiskResult& result);
Table risk_milestones_table(const RiskResult& result);
Table risk_dates_table(const RiskResult& result);
Table risk_causes_table(const RiskResult& result);
Table risk_levers_table(const RiskResult& result);
Table risk_inputs_table(const RiskResult& result);
Table risk_idle_table(const RiskResult& result);

}  // namespace beltline
