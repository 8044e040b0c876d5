#include "parts/seat_book.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

double per_month(const Calendar& calendar, const SeriesValue& value, int t) {
  return value.per_period(calendar, t) / calendar.months_per_period;
}

SeatGrowth growth_of(const Calendar& calendar, const Entry& segment) {
  SeatGrowth growth;
  growth.existing = segment.number("existing");
  growth.churn = segment.number("churn");
  if (segment.has("market")) growth.market = segment.number("market");
  for (int t = 0; t < calendar.period_count; ++t) {
    growth.signups_month.push_back(per_month(calendar, segment.series("signups"), t));
  }
  return growth;
}

/// Adds a segment's seats, and to prices and margins what is to be divided by seats and money in the end.
void add_segment(const Calendar& calendar, const Entry& segment, SeatBook& book) {
  const auto seats = grown_seats(growth_of(calendar, segment), calendar.months_per_period);
  for (int t = 0; t < calendar.period_count; ++t) {
    const auto at = static_cast<std::size_t>(t);
    const double money = seats[at] * per_month(calendar, segment.series("price"), t);
    book.seats[at] += seats[at];
    book.price_USD_month[at] += money;
    book.margin[at] += money * segment.series("margin").mean(calendar, t);
  }
}

}  // namespace

std::vector<double> grown_seats(const SeatGrowth& growth, int months_per_period) {
  std::vector<double> seats;
  double now = growth.existing;
  for (const double signups : growth.signups_month) {
    double sum = 0;
    for (int month = 0; month < months_per_period; ++month) {
      now = now * (1 - growth.churn) + signups;
      if (growth.market > 0) now = std::min(now, growth.market);
      sum += now;
    }
    seats.push_back(sum / months_per_period);
  }
  return seats;
}

SeatBook seat_book(const Compile& c, const Entry& seats) {
  const Calendar& calendar = c.builder.calendar();
  const auto count = static_cast<std::size_t>(calendar.period_count);
  SeatBook book{std::vector<double>(count), std::vector<double>(count), std::vector<double>(count), "demand"};
  if (!seats.has("segment")) {
    for (int t = 0; t < calendar.period_count; ++t) {
      const auto at = static_cast<std::size_t>(t);
      book.seats[at] = seats.series("demand").mean(calendar, t);
      book.price_USD_month[at] = per_month(calendar, seats.series("price"), t);
      book.margin[at] = seats.series("margin").mean(calendar, t);
    }
    return book;
  }
  book.key = "segment";
  for (const Entry& segment : seats.records("segment")) add_segment(calendar, segment, book);
  for (std::size_t at = 0; at < count; ++at) {
    if (book.price_USD_month[at] > 0) book.margin[at] /= book.price_USD_month[at];
    if (book.seats[at] > 0) book.price_USD_month[at] /= book.seats[at];
  }
  return book;
}

bool check_seat_book(const Compile& c, const Entry& seats) {
  const bool has_segments = seats.has("segment");
  bool is_whole = true;
  for (const char* key : {"demand", "price"}) {
    if (seats.has(key) != has_segments) continue;
    is_whole = false;
    fault(c, has_segments ? Code::inconsistent : Code::missing_key, seats, has_segments ? key : "",
          {.message = has_segments ? "seats '" + seats.name + "' have segments and a " + key + " beside them"
                                   : "seats '" + seats.name + "' have no " + key,
           .expected = "demand and price, or segments that have their own",
           .help = has_segments ? "leave it out: it follows from the segments"
                                : "add it, or [[seats." + seats.name + ".segment]]"});
  }
  return is_whole;
}

}  // namespace beltline
