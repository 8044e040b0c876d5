#include "parts/phases.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

// Phases are sums of durations in weeks or months; their last bits are not a further month.
constexpr double kMonthSlack = 1e-9;

bool name_fault(const Compile& c, const Entry& entry, std::string_view name, bool taken) {
  if (!taken) return false;
  c.diagnostics.add({.code = Code::duplicate_name,
                     .origin = entry.origin,
                     .message = "another part of the scenario already makes '" + std::string(name) + "'",
                     .found = entry.name,
                     .expected = "a name of its own",
                     .help = "rename " + std::string(entry.section->name) + " '" + entry.name + "'"});
  return true;
}

}  // namespace

std::vector<double> spread(const Compile& c, Span span) {
  const double period = c.builder.calendar().months_per_period;
  const double length = span.to - span.from;
  if (length <= kMonthSlack) {
    std::vector<double> at_once(static_cast<std::size_t>(std::floor(span.from / period + kMonthSlack)) + 1, 0.0);
    at_once.back() = 1;
    return at_once;
  }
  const auto count = static_cast<std::size_t>(std::ceil(span.to / period - kMonthSlack));
  std::vector<double> shares(count, 0.0);
  for (std::size_t j = 0; j < count; ++j) {
    const double begin = static_cast<double>(j) * period;
    shares[j] = std::max(0.0, std::min(begin + period, span.to) - std::max(begin, span.from)) / length;
  }
  return shares;
}

std::vector<double> spend_profile(const Compile& c, const std::vector<Expense>& expenses) {
  std::vector<double> profile;
  double sum = 0;
  for (const Expense& expense : expenses) {
    if (expense.usd <= 0) continue;
    const std::vector<double> shares = spread(c, expense.span);
    if (profile.size() < shares.size()) profile.resize(shares.size(), 0.0);
    for (std::size_t j = 0; j < shares.size(); ++j) profile[j] += expense.usd * shares[j];
    sum += expense.usd;
  }
  for (double& share : profile) share /= sum;
  return profile;
}

const Entry* entry_at_site(const Compile& c, std::string_view section, std::string_view site) {
  for (const Entry& entry : c.spec.entries(section)) {
    if (entry.text("site") == site) return &entry;
  }
  return nullptr;
}

bool is_second_at_site(const Compile& c, const Entry& entry) {
  const Entry* first = entry_at_site(c, entry.section->name, entry.text("site"));
  if (first == nullptr || first->name == entry.name) return false;
  const std::string section(entry.section->name);
  fault(c, Code::inconsistent, entry, "site",
        {.message = section + " '" + entry.name + "' is at the same site as " + section + " '" + first->name + "'",
         .found = entry.text("site"),
         .expected = "one " + section + " a site",
         .help = "make them one, or give each a site of its own"});
  return true;
}

void add_equipment_needs(const Compile& c, const Entry& entry, const SiteView& site, int offset, Capacity& capacity) {
  if (!entry.has("equipment")) return;
  const std::string& region = c.builder.model().places[site.compute_place.index()].name;
  for (const std::string& name : entry.names("equipment")) {
    const Entry* equipment = c.spec.find("equipment", name);
    if (equipment == nullptr) continue;
    const auto& supply = equipment->records("supply");
    if (std::ranges::none_of(supply, [&](const Entry& record) { return record.text("region") == region; })) {
      fault(c, Code::inconsistent, entry, "equipment",
            {.message = fmt::format("nobody supplies equipment '{}' to region '{}', where '{}' needs it", name, region,
                                    entry.name),
             .found = "no row of supply for '" + region + "'",
             .expected = "a row of supply for every region in which it is needed",
             .help = "add {region = \"" + region + "\", …} to supply of equipment '" + name + "'"});
      continue;
    }
    capacity.build_flows.push_back({.commodity = ensure_commodity(c, "equipment", name),
                                    .place = site.compute_place,
                                    .amount = -equipment->number("per_mw"),
                                    .offset = offset});
  }
}

void add_staff(const Compile& c, const Entry& entry, const SiteView& site, Capacity& capacity) {
  const std::string& region = c.builder.model().places[site.compute_place.index()].name;
  const auto& schools = c.spec.entries("school");
  // without a school technicians are no constraint of the scenario
  if (std::ranges::none_of(schools, [&](const Entry& school) { return school.text("region") == region; })) return;
  const double staff = entry.number("staff");
  if (staff <= 0) return;
  capacity.stand_flows.push_back({.commodity = ensure_commodity(c, "technician"),
                                  .place = site.compute_place,
                                  .rate = c.builder.constant(-staff)});
}

double room(const Compile& c, const Entry& entry, const SiteView& site, Series existing) {
  const int last = c.builder.calendar().period_count - 1;
  double limit = entry.has("total_max") ? entry.number("total_max") : -1;
  if (!site.entry->has("land_max")) return limit;
  const double free = site.entry->number("land_max") - c.builder.model().at_or(existing, 0, last);
  if (free < 0) {
    fault(c, Code::inconsistent, entry, "existing",
          {.message = "'" + entry.name + "' has more than site '" + site.name + "' has room for",
           .found = fmt::format("{} MW", c.builder.model().at_or(existing, 0, last)),
           .expected = fmt::format("at most land_max, {} MW", site.entry->number("land_max")),
           .help = "lower existing, or raise land_max of the site"});
  }
  return limit < 0 ? std::max(0.0, free) : std::min(limit, std::max(0.0, free));
}

bool is_process_taken(const Compile& c, const Entry& entry, std::string_view name) {
  return name_fault(c, entry, name, c.builder.find_process(name).valid());
}

bool is_capacity_taken(const Compile& c, const Entry& entry, std::string_view name) {
  return name_fault(c, entry, name, c.builder.find_capacity(name).valid());
}

void add_measure(const Compile& c, const Entry& entry, PlaceId place, PartyId party, const Gauge& gauge) {
  c.builder.add(Measure{.table = std::string(gauge.table),
                        .name = gauge.name,
                        .unit = std::string(gauge.unit),
                        .place = place,
                        .party = party,
                        .terms = {{.kind = gauge.kind, .id = gauge.id, .coefficient = {}}},
                        .per_hour = gauge.per_hour,
                        .constant = {},
                        .provenance = provenance(entry)});
}

int first_period_of(const Compile& c, const Entry& entry, std::string_view key) {
  if (!entry.has(key)) return 0;
  const Calendar& calendar = c.builder.calendar();
  // before the horizon everything may be there from its start
  if (calendar.period_of(entry.month(key)) < 0) return 0;
  return period_at(c, entry, key, false);
}

}  // namespace beltline
