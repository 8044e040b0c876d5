#include "parts/desk.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/demand_shape.h"
#include "parts/network_names.h"
#include "parts/seats.h"

namespace beltline {
namespace {

constexpr double kWeeksPerMonth = 365.25 / 12 / 7;
constexpr std::size_t kHoursOfDay = 24;
constexpr double kTicketsMax = 1e15;

constexpr Attribute kAttributes[] = {
    {.key = "seats",
     .kind = Kind::reference,
     .target = "seats",
     .required = true,
     .description = "The seats it supports; one desk each."},
    {.key = "tickets",
     .kind = Kind::series,
     .unit = "ticket/seat/month",
     .required = true,
     .min = 0,
     .description = "τ₀: tickets that a settled seat raises."},
    {.key = "onboarding_factor",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .min = 1,
     .description = "f: tickets of a new seat over those of a settled one."},
    {.key = "onboarding_time",
     .kind = Kind::duration,
     .fallback = "\"3 month\"",
     .description = "How long a seat counts as new."},
    {.key = "handle_time",
     .kind = Kind::quantity,
     .unit = "min",
     .required = true,
     .min = 0,
     .description = "H₁: work on a ticket in tier 1."},
    {.key = "tier2_share",
     .kind = Kind::quantity,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "s₂: share of tickets passed on to tier 2."},
    {.key = "tier2_handle_time",
     .kind = Kind::quantity,
     .unit = "min",
     .fallback = "\"0 min\"",
     .min = 0,
     .description = "H₂: further work on a ticket in tier 2."},
    {.key = "paid_hours",
     .kind = Kind::quantity,
     .unit = "h",
     .fallback = "\"160 h\"",
     .min = 0,
     .min_exclusive = true,
     .description = "Paid hours of an agent in a month."},
    {.key = "occupancy",
     .kind = Kind::quantity,
     .fallback = "0.85",
     .is_yield = true,
     .description = "Most of their time on duty that agents spend on tickets. Tier 2 reaches it; tier 1 stays below it "
                    "where its service level takes more agents."},
    {.key = "shrinkage",
     .kind = Kind::quantity,
     .fallback = "0.3",
     .min = 0,
     .max = 0.95,
     .description = "Share of paid hours lost to leave, breaks and training."},
    {.key = "service_level",
     .kind = Kind::quantity,
     .fallback = "0.8",
     .min = 0,
     .max = 0.9999,
     .description = "Share of tier 1's tickets that are answered within `answer_within`, in every open hour."},
    {.key = "answer_within",
     .kind = Kind::quantity,
     .unit = "min",
     .fallback = "\"20 s\"",
     .min = 0,
     .description = "See `service_level`."},
    {.key = "patience",
     .kind = Kind::quantity,
     .unit = "min",
     .min = 0.01,
     .max = 1440,
     .description = "How long callers wait before they give up, in the mean (Erlang A). Absent: for ever (Erlang C)."},
    {.key = "opening_hour",
     .kind = Kind::integer,
     .fallback = "9",
     .min = 0,
     .max = 23,
     .description = "Local hour at which tier 1 opens."},
    {.key = "closing_hour",
     .kind = Kind::integer,
     .fallback = "18",
     .min = 1,
     .max = 24,
     .description = "Local hour at which it closes; 0 to 24 is around the clock."},
    {.key = "opening_days",
     .kind = Kind::integer,
     .fallback = "5",
     .min = 1,
     .max = 7,
     .description = "Days of a week, from Monday on. Who has a ticket on another day comes when the desk is open."},
    {.key = "shift",
     .kind = Kind::quantity,
     .unit = "h",
     .fallback = "\"9 h\"",
     .min = 1,
     .max = 24,
     .description = "Length of a shift, whole hours; breaks are part of `shrinkage`."},
    kPeakToMeanAttribute,
    kPeakHourAttribute,
    {.key = "existing",
     .kind = Kind::series,
     .unit = "person",
     .fallback = "\"0 person\"",
     .min = 0,
     .description = "Agents there are without any hire."},
    {.key = "training_time",
     .kind = Kind::duration,
     .fallback = "\"2 month\"",
     .description = "From hire to first ticket."},
    {.key = "hires_max",
     .kind = Kind::series,
     .unit = "person/month",
     .min = 0,
     .description = "Most hires. Absent: no limit."},
    {.key = "hire_cost",
     .kind = Kind::quantity,
     .unit = "USD/person",
     .fallback = "\"0 USD/person\"",
     .min = 0,
     .description = "Finding and training one agent."},
    {.key = "wage",
     .kind = Kind::series,
     .unit = "USD/person/year",
     .required = true,
     .min = 0,
     .description = "Fully loaded."},
    {.key = "tenure", .kind = Kind::duration, .description = "How long an agent stays. Absent: beyond the horizon."},
};

constexpr std::string_view kDescription =
    R"(Support agents of a seats entry. Seats are served only as far as agents are there.

    agents per seat = persons paid for a week of all seats / seats

    τ[t] = τ₀ · (1 + (f − 1) · new[t])            new[t]: share of seats younger than `onboarding_time`

Tickets come in the open hours, most at `peak_hour`. In each hour of the week tier 1 has the fewest agents whose service
level and `occupancy` hold (Erlang C; with `patience` Erlang A), the fewest shifts of length `shift` cover them
(Bartholdi, Orlin and Ratliff 1980), and a roster as large as the fullest day, or as the paid hours take, works them. Tier 2
can wait: its workload over `occupancy`. Both over 1 − `shrinkage` are the persons paid (Gans, Koole and Mandelbaum 2003,
*Telephone call centers: tutorial, review, and research prospects*). A small desk takes more agents a seat than a large one;
what a seat takes is reckoned at the seats that are wanted. `beltline desk RUN` shows the week.
Capacity `agents_SEATS@REGION`, in persons; an order is a hire and the training its lead time.)";

/// Weight of each hour of the week, open ones only, with sum 1.
std::array<double, queue::kHoursOfWeek> hours_of(const Entry& desk,
                                                 const std::array<bool, queue::kHoursOfWeek>& is_open) {
  const auto day =
      day_profile({.to_mean = desk.number("peak_to_mean"), .hour = static_cast<int>(desk.integer("peak_hour"))});
  std::array<double, queue::kHoursOfWeek> weights = {};
  double sum = 0;
  for (std::size_t h = 0; h < weights.size(); ++h) sum += weights[h] = is_open[h] ? day[h % kHoursOfDay] : 0;
  for (double& weight : weights) weight /= sum;
  return weights;
}

queue::DeskRules rules_of(const Entry& desk) {
  queue::DeskRules rules;
  rules.target = {.service_level = desk.number("service_level"),
                  .time = desk.number("answer_within"),
                  .occupancy_max = desk.number("occupancy")};
  if (desk.has("patience")) rules.patience_minutes = desk.number("patience");
  const auto from = static_cast<std::size_t>(desk.integer("opening_hour"));
  const auto to = static_cast<std::size_t>(desk.integer("closing_hour"));
  const auto days = static_cast<std::size_t>(desk.integer("opening_days"));
  for (std::size_t h = 0; h < queue::kHoursOfWeek; ++h) {
    rules.is_open[h] = h / kHoursOfDay < days && h % kHoursOfDay >= from && h % kHoursOfDay < to;
  }
  rules.shift_hours = static_cast<int>(std::lround(desk.number("shift")));
  rules.paid_hours_week = desk.number("paid_hours") / kWeeksPerMonth;
  rules.shrinkage = desk.number("shrinkage");
  rules.passed_on_occupancy = desk.number("occupancy");
  return rules;
}

std::string agents_name(const Compile& c, const Entry& seats, PlaceId region) {
  return "agents_" + seats.name + "@" + c.builder.model().places[region.index()].name;
}

bool is_only_desk(const Compile& c, const Entry& desk) {
  for (const Entry& other : c.spec.entries("desk")) {
    if (other.name >= desk.name || other.text("seats") != desk.text("seats")) continue;
    fault(c, Code::inconsistent, desk, "seats",
          {.message = "desk '" + desk.name + "' supports the same seats as desk '" + other.name + "'",
           .found = desk.text("seats"),
           .expected = "one desk for each seats entry",
           .help = "make them one desk, or let it support other seats"});
    return false;
  }
  return true;
}

/// Its hours and shifts can be worked.
bool has_hours(const Compile& c, const Entry& desk) {
  const int64_t from = desk.integer("opening_hour");
  const int64_t to = desk.integer("closing_hour");
  const double shift = desk.number("shift");
  if (from >= to) {
    fault(c, Code::inconsistent, desk, "closing_hour",
          {.message = "desk '" + desk.name + "' closes before it opens",
           .found = fmt::format("opening_hour = {}, closing_hour = {}", from, to),
           .expected = "a closing_hour after the opening_hour",
           .help = "a desk around the clock is open from 0 to 24"});
  }
  if (shift != std::floor(shift)) {
    fault(c, Code::out_of_range, desk, "shift",
          {.message = "a shift of desk '" + desk.name + "' is no whole number of hours",
           .found = fmt::format("{:g} h", shift),
           .expected = "1 h to 24 h, whole hours",
           .help = fmt::format("write \"{:.0f} h\"", std::ceil(shift))});
  }
  return from < to && shift == std::floor(shift);
}

void compile_desk(const Compile& c, const Entry& desk) {
  const Entry* seats = c.spec.find("seats", desk.text("seats"));
  const bool is_workable = has_hours(c, desk);
  if (seats == nullptr || !is_only_desk(c, desk) || !is_workable) return;
  const PlaceId region = region_of_seats(c, *seats);
  if (!region.valid()) return;

  Capacity agents;
  agents.name = agents_name(c, *seats, region);
  agents.place = region;
  agents.owner = party_of(c, *seats, "reseller");
  agents.unit = "person";
  agents.kind = "agents";
  agents.existing = level_series(c, desk.series("existing"));
  agents.lead = lead_periods(c, desk, "training_time");
  if (desk.has("hires_max")) agents.build_max = per_period_series(c, desk.series("hires_max"));
  agents.capex = level_series(c, desk.quantity("hire_cost"));
  agents.fixed_cost = per_period_series(c, desk.series("wage"));
  if (desk.has("tenure")) agents.life = std::max(1, lead_periods(c, desk, "tenure"));
  agents.provenance = provenance(desk);
  const CapacityId id = c.builder.add(std::move(agents));

  const auto add_measure = [&](std::string name, std::string unit, TermKind kind) {
    c.builder.add(Measure{.table = "seats",
                          .name = std::move(name),
                          .unit = std::move(unit),
                          .place = region,
                          .party = party_of(c, *seats, "reseller"),
                          .terms = {{.kind = kind, .id = id.value, .coefficient = {}}},
                          .constant = {},
                          .provenance = provenance(desk)});
  };
  add_measure("agents_" + seats->name, "person", TermKind::online);
  add_measure("agents_hired_" + seats->name, "person", TermKind::order);
  add_measure("wages_" + seats->name, "USD", TermKind::fixed);
}

}  // namespace

queue::DeskWeek week_of_desk(const Calendar& calendar, const Entry& desk, int period, const DeskCrowd& crowd) {
  const queue::DeskRules rules = rules_of(desk);
  const double per_seat_month = desk.series("tickets").per_period(calendar, period) / calendar.months_per_period;
  const double more = 1 + (desk.number("onboarding_factor") - 1) * crowd.new_share;
  // beyond all sense, but finite: what follows is a plan without agents enough
  const double tickets = std::min(crowd.seats * per_seat_month * more / kWeeksPerMonth, kTicketsMax);
  queue::DeskLoad load;
  load.handle_minutes = desk.number("handle_time");
  load.passed_on = desk.number("tier2_share");
  load.passed_on_minutes = desk.number("tier2_handle_time");
  load.tickets = hours_of(desk, rules.is_open);
  for (double& hour : load.tickets) hour *= tickets;
  return queue::desk_week(load, rules);
}

std::vector<double> new_seat_shares(const std::vector<double>& seats, int periods) {
  std::vector<double> shares(seats.size(), 0.0);
  for (std::size_t t = 0; t < seats.size(); ++t) {
    if (!(seats[t] > 0)) continue;
    // seats of the first period count as settled: nothing is known of how long they have been there
    const std::size_t before = t < static_cast<std::size_t>(periods) ? 0 : t - static_cast<std::size_t>(periods);
    shares[t] = 1 - std::min(1.0, seats[before] / seats[t]);
  }
  return shares;
}

std::optional<DeskView> desk_of_seats(const Compile& c, const Entry& seats) {
  const PlaceId region = region_of_seats(c, seats);
  if (!region.valid()) return std::nullopt;
  for (const Entry& desk : c.spec.entries("desk")) {
    if (desk.text("seats") != seats.name) continue;
    DeskView view{.entry = &desk,
                  .agents = c.builder.find_capacity(agents_name(c, seats, region)),
                  .agents_per_seat = {},
                  .service_level = {}};
    if (!view.agents.valid()) return std::nullopt;
    const auto wanted = seats_demanded(c, seats);
    const auto shares = new_seat_shares(wanted, lead_periods(c, desk, "onboarding_time"));
    for (int t = 0; t < c.builder.calendar().period_count; ++t) {
      const auto at = static_cast<std::size_t>(t);
      const DeskCrowd crowd{.seats = wanted[at], .new_share = shares[at]};
      const queue::DeskWeek week = week_of_desk(c.builder.calendar(), desk, t, crowd);
      view.agents_per_seat.push_back(crowd.seats > 0 ? week.paid_persons / crowd.seats : 0);
      view.service_level.push_back(week.service_level);
    }
    return view;
  }
  return std::nullopt;
}

void compile_desks(const Compile& c) {
  for (const Entry& desk : c.spec.entries("desk")) compile_desk(c, desk);
}

const Section kDeskSection = {
    .name = "desk", .title = "Support desks", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
