// Desk: the support agents that seats need.
//
//   agents per seat = τ · H / (60 · hours · occupancy · (1 − shrinkage))
//
//   τ   tickets per seat and month; new seats raise more of them: τ[t] = τ₀ · (1 + (f − 1) · new[t]), with new[t] the
//       share of seats younger than the onboarding time
//   H   minutes of work per ticket: H₁ + s₂ · H₂, tier 1 on all tickets and tier 2 on the share s₂ passed on
//
// This is the workload of the queue with the occupancy as its safety margin; at a pool of 50 agents and more Erlang C
// asks for no further staff to answer 80 % within 20 s (Gans, Koole and Mandelbaum 2003, "Telephone call centers").
//
//   agents_{seats}@REGION: capacity in persons; an order is a hire, its lead the training
#pragma once

#include <optional>
#include <vector>

#include "parts/part.h"

namespace beltline {

struct DeskFacts {
  double tickets_per_seat_month = 0;
  double handle_minutes = 0;        // H₁
  double tier2_share = 0;           // s₂
  double tier2_handle_minutes = 0;  // H₂
  double hours_per_month = 160;     // paid
  double occupancy = 0.85;
  double shrinkage = 0.3;  // leave, breaks, training
};

/// Persons on the payroll for one seat.
double agents_per_seat(const DeskFacts& facts);
/// Share of the seats of each period that are at most `periods` old, if nobody leaves:
/// 1 − min(1, D[t − periods] / D[t]).
std::vector<double> new_seat_shares(const std::vector<double>& seats, int periods);

/// What a seats process draws on: persons online, per seat-month served.
struct DeskView {
  const Entry* entry = nullptr;
  CapacityId agents;
  std::vector<double> agents_per_seat;  // [period]
};

/// The desk of a seats entry, if it has one; desks compile before seats.
std::optional<DeskView> desk_of_seats(const Compile& c, const Entry& seats);

extern const Section kDeskSection;
void compile_desks(const Compile& c);

}  // namespace beltline
