#include "model/later.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "model/each_series.h"

namespace beltline {
namespace {

Calendar later_calendar(Calendar calendar, int first) {
  calendar.start = calendar.month(first);
  calendar.period_count -= first;
  calendar.slice_hours.erase(calendar.slice_hours.begin(),
                             calendar.slice_hours.begin() + std::ptrdiff_t{first} * calendar.slice_count);
  calendar.period_hours.erase(calendar.period_hours.begin(), calendar.period_hours.begin() + first);
  return calendar;
}

/// A window's one bound is read at its first period, wherever that lies now.
Series bound_of_window(Series series, int at) {
  if (!series.present()) return series;
  return {.offset = series.offset + at * series.period_stride, .period_stride = 0, .slice_stride = 0};
}

/// Windows that begin before the opening keep what is left of them; what is over, or counts from a start that is past,
/// goes.
void shift_chances(Chances& chances, int first, const std::function<void(Series&)>& shift) {
  constexpr int kEver = std::numeric_limits<int>::max();
  const auto shift_window = [&](auto& each) {
    each.first = std::max(0, each.first - first);
    if (each.last != kEver) each.last -= first;
  };
  std::erase_if(chances.influences, [&](const Influence& each) { return each.last < first; });
  std::erase_if(chances.shocks, [&](const Shock& each) { return each.last < first; });
  for (Influence& influence : chances.influences) shift_window(influence);
  for (Shock& shock : chances.shocks) {
    shift_window(shock);
    for (Influence& effect : shock.effects) shift_window(effect);
  }
  std::erase_if(chances.milestones, [&](const Milestone& each) { return each.is_total || each.period < first; });
  for (Milestone& milestone : chances.milestones) {
    milestone.period -= first;
    for (Term& term : milestone.terms) shift(term.coefficient);
  }
}

}  // namespace

Model later_part(Model model, int first) {
  ASSERT(first >= 0 && first < model.period_count());
  if (first == 0) return model;
  for (Limit& limit : model.limits) {
    if (limit.scope != LimitScope::window) continue;
    const int at = std::clamp(limit.first, 0, model.period_count() - 1);
    limit.lower = bound_of_window(limit.lower, at);
    limit.upper = bound_of_window(limit.upper, at);
    limit.shortfall_cost = bound_of_window(limit.shortfall_cost, at);
  }
  const auto shift = [&](Series& series) { series.offset += first * series.period_stride; };
  each_series(model, [&](Series& series, int) { shift(series); });
  shift(model.objective.weight);
  shift_chances(model.chances, first, shift);
  for (Capacity& capacity : model.capacities) {
    capacity.earliest_order = std::max(0, capacity.earliest_order - first);
    capacity.earliest_online = std::max(0, capacity.earliest_online - first);
  }
  std::erase_if(model.limits, [&](const Limit& limit) { return limit.last < first; });
  for (Limit& limit : model.limits) {
    limit.first = std::max(0, limit.first - first);
    limit.last -= first;
  }
  for (Commitment& commitment : model.commitments) {
    // one that is over keeps its window before the horizon, where no period is
    commitment.first -= first;
    commitment.last -= first;
  }
  model.calendar = later_calendar(std::move(model.calendar), first);
  return model;
}

}  // namespace beltline
