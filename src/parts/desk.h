// Desk: the support agents that seats need.
//
//   agents per seat = paid persons of a week at the desk's size / seats
//
// A week has τ tickets a seat and month; new seats raise more of them: τ[t] = τ₀ · (1 + (f − 1) · new[t]), with new[t]
// the share of seats younger than the onboarding time. They come in the open hours, most at the peak hour. Tier 1 is
// staffed hour by hour for its service level (Erlang C, or Erlang A where callers lose patience) and covered by shifts;
// tier 2, to which the share s₂ is passed on, can wait and has its occupancy only. See queue/desk_week.h.
//
//   agents_{seats}@REGION: capacity in persons; an order is a hire, its lead the training
#pragma once

#include <optional>
#include <vector>

#include "parts/part.h"
#include "queue/desk_week.h"

namespace beltline {

/// A week of a desk that supports so many seats in a period.
struct DeskCrowd {
  double seats = 0;
  double new_share = 0;  // of them, younger than the onboarding time
};
queue::DeskWeek week_of_desk(const Calendar& calendar, const Entry& desk, int period, const DeskCrowd& crowd);

/// Share of the seats of each period that are at most `periods` old, if nobody leaves:
/// 1 − min(1, D[t − periods] / D[t]).
std::vector<double> new_seat_shares(const std::vector<double>& seats, int periods);

/// What a seats process draws on: persons online, per seat-month served.
struct DeskView {
  const Entry* entry = nullptr;
  CapacityId agents;
  std::vector<double> agents_per_seat;  // [period], at the seats that are wanted
  std::vector<double> service_level;    // [period] share of a week's tickets answered in time; 1 where there are none
};

/// The desk of a seats entry, if it has one; desks compile before seats.
std::optional<DeskView> desk_of_seats(const Compile& c, const Entry& seats);

extern const Section kDeskSection;
void compile_desks(const Compile& c);

}  // namespace beltline
