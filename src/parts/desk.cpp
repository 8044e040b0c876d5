#include "parts/desk.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/seats.h"

namespace beltline {
namespace {

constexpr double kMinutesPerHour = 60;

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
     .description = "Share of time on duty spent on tickets; what is left keeps the queue short."},
    {.key = "shrinkage",
     .kind = Kind::quantity,
     .fallback = "0.3",
     .min = 0,
     .max = 0.95,
     .description = "Share of paid hours lost to leave, breaks and training."},
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

    agents per seat = τ · H / (60 · hours · occupancy · (1 − shrinkage))
    H = H₁ + s₂ · H₂                              minutes of work a ticket
    τ[t] = τ₀ · (1 + (f − 1) · new[t])            new[t]: share of seats younger than `onboarding_time`

The workload with an occupancy as its safety margin is what Erlang C gives for a pool of 50 agents and more
(Gans, Koole and Mandelbaum 2003, *Telephone call centers: tutorial, review, and research prospects*).
Capacity `agents_SEATS@REGION`, in persons; an order is a hire and the training its lead time.)";

DeskFacts facts_of(const Compile& c, const Entry& desk, int t) {
  const Calendar& calendar = c.builder.calendar();
  return {.tickets_per_seat_month = desk.series("tickets").per_period(calendar, t) / calendar.months_per_period,
          .handle_minutes = desk.number("handle_time"),
          .tier2_share = desk.number("tier2_share"),
          .tier2_handle_minutes = desk.number("tier2_handle_time"),
          .hours_per_month = desk.number("paid_hours"),
          .occupancy = desk.number("occupancy"),
          .shrinkage = desk.number("shrinkage")};
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

void compile_desk(const Compile& c, const Entry& desk) {
  const Entry* seats = c.spec.find("seats", desk.text("seats"));
  if (seats == nullptr || !is_only_desk(c, desk)) return;
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

double agents_per_seat(const DeskFacts& f) {
  const double minutes = f.tickets_per_seat_month * (f.handle_minutes + f.tier2_share * f.tier2_handle_minutes);
  return minutes / (kMinutesPerHour * f.hours_per_month * f.occupancy * (1 - f.shrinkage));
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
    DeskView view{
        .entry = &desk, .agents = c.builder.find_capacity(agents_name(c, seats, region)), .agents_per_seat = {}};
    if (!view.agents.valid()) return std::nullopt;
    const auto shares = new_seat_shares(seats_demanded(c, seats), lead_periods(c, desk, "onboarding_time"));
    const double factor = desk.number("onboarding_factor");
    for (int t = 0; t < c.builder.calendar().period_count; ++t) {
      view.agents_per_seat.push_back(agents_per_seat(facts_of(c, desk, t)) *
                                     (1 + (factor - 1) * shares[static_cast<std::size_t>(t)]));
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
