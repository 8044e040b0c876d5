// Seats: subscriptions of a workplace assistant, sold by a reseller, served with tokens of a region's service.
//
//   seats_S@R: 1 seat-month needs
//     tokens   x = active · days · ((1 − a) · chat + a · agent) tokens counted, spread over the hours by w[hour]
//     agents   persons at the desk (see desk.h)
//   x · e / 10⁶ / 3600 is the flow in Mtoken/s · h, e the output-equivalents per token counted (see service.h)
//
//   customers pay the reseller the price, the reseller pays the vendor price · (1 − margin).
#pragma once

#include <vector>

#include "parts/part.h"

namespace beltline {

struct SeatUse {
  double active_share = 0;      // of seats, on a working day
  double working_days = 21;     // per month
  double tokens_chat_day = 0;   // counted tokens of an active user who chats
  double agent_share = 0;       // a: of active users, those who let agents work
  double tokens_agent_day = 0;  // counted tokens of such a user
};

/// x above: tokens counted (input and output) per seat and month.
double tokens_per_seat_month(const SeatUse& use);

/// Seats wanted in each period, before any is refused.
std::vector<double> seats_demanded(const Compile& c, const Entry& seats);
/// The region of the seats' service; invalid if there was a fault.
PlaceId region_of_seats(const Compile& c, const Entry& seats);

extern const Section kSeatsSection;
void compile_seats(const Compile& c);

}  // namespace beltline
