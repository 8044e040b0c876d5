#include "run/diff_calendar.h"

#include <algorithm>

namespace beltline {
namespace {

int end_of(const Calendar& c) {
  return c.start.index() + c.period_count * c.months_per_period;
}

}  // namespace

int CommonMonths::coarse(int month) const {
  const int since = month - origin;
  return origin + (since >= 0 ? since / grain : -((grain - 1 - since) / grain)) * grain;
}

std::string CommonMonths::label(int month) const {
  const YearMonth at = YearMonth::from_index(coarse(month));
  return grain == 12 && at.month == 1 ? std::to_string(at.year) : to_string(at);
}

std::string CommonMonths::span() const {
  return to_string(YearMonth::from_index(first)) + " to " + to_string(YearMonth::from_index(end - 1));
}

CommonMonths common_months(const Calendar& a, const Calendar& b) {
  const Calendar& coarser = b.months_per_period > a.months_per_period ? b : a;
  CommonMonths out{.first = std::max(a.start.index(), b.start.index()),
                   .end = std::min(end_of(a), end_of(b)),
                   .grain = coarser.months_per_period,
                   .origin = coarser.start.index()};
  out.same_span = a.start == b.start && end_of(a) == end_of(b);
  out.same_calendar = out.same_span && a.months_per_period == b.months_per_period;
  return out;
}

}  // namespace beltline
