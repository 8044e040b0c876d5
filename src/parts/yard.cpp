#include "parts/yard.h"

#include <algorithm>
#include <array>
#include <vector>

#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "place",
              .kind = Kind::reference,
              .target = "place",
              .required = true,
              .description = "Where the yard is."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "Who builds there."},
    Attribute{.key = "slots",
              .kind = Kind::series,
              .unit = "hull/year",
              .required = true,
              .min = 0,
              .description = "Building slots free for the programme; of a part of a year its share."},
    Attribute{.key = "dock_time",
              .kind = Kind::duration,
              .fallback = R"({mode = "3 month", low = "1.5 month", high = "4.5 month", confidence = "C"})",
              .description = "How long a hull lies in the dock."},
    Attribute{.key = "docks",
              .kind = Kind::quantity,
              .fallback = "1",
              .min = 0,
              .description = "Docks that may build for the programme at one time."},
};

constexpr std::string_view kDescription =
    R"(A shipyard's dock time that the programme may use: process `dock@YARD`, in dock-months.

$$\text{dock}_t \le \text{docks} \cdot \text{months}_t, \qquad
\sum_{t \in \text{year}} \text{dock}_t \le \text{slots}_{\text{year}} \cdot \text{dock time}$$

A slot is one hull's stay in a building dock. Dock time cannot be saved up from one year to the next.)";

/// The sum of a calendar year's dock-months is at most what its slots give.
void add_yearly_limits(const Compile& c, const Entry& yard, ProcessId dock) {
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& slots = yard.series("slots");
  for (int first = 0; first < calendar.period_count;) {
    const int year = calendar.month(first).year;
    int last = first;
    double hulls = 0;
    for (int t = first; t < calendar.period_count && calendar.month(t).year == year; ++t) {
      hulls += slots.per_period(calendar, t);
      last = t;
    }
    Limit limit;
    limit.name = "slots@" + yard.name + "_" + std::to_string(year);
    limit.unit = "month";
    limit.kind = "dock";
    limit.scope = LimitScope::window;
    limit.first = first;
    limit.last = last;
    limit.terms = {{.kind = TermKind::activity, .id = dock.value, .coefficient = {}}};
    limit.upper = c.builder.constant(hulls * yard.months("dock_time"));
    limit.provenance = provenance(yard, "slots");
    c.builder.add(std::move(limit));
    first = last + 1;
  }
}

void compile_yard(const Compile& c, const Entry& yard) {
  Process process;
  process.name = "dock@" + yard.name;
  process.place = place_of(c, yard, "place");
  if (!process.place.valid() || is_process_taken(c, yard, process.name)) return;
  process.owner = party_of(c, yard, "owner");
  process.grain = Grain::amount;
  process.unit = "month";
  process.kind = "dock";
  process.flows = {
      {.commodity = ensure_commodity(c, "dock_slot"), .place = process.place, .rate = c.builder.constant(1)}};
  process.upper = c.builder.constant(yard.number("docks") * c.builder.calendar().months_per_period);
  process.provenance = provenance(yard);
  const PlaceId place = process.place;
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  add_yearly_limits(c, yard, id);
  add_measure(
      c, yard, place, owner,
      {.table = "floating", .name = "dock_months_used", .unit = "month", .kind = TermKind::activity, .id = id.value});
}

}  // namespace

const Section kYardSection{.name = "yard", .title = "Yard", .description = kDescription, .attributes = kAttributes};

void compile_yards(const Compile& c) {
  for (const Entry& yard : c.spec.entries("yard")) compile_yard(c, yard);
}

}  // namespace beltline
