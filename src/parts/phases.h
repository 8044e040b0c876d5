// What the parts that build things share: phases of a job, in months since its order, spread over whole periods.
#pragma once

#include <string_view>
#include <vector>

#include "parts/part.h"
#include "parts/site.h"

namespace beltline {

/// Months since the order, from ≤ to.
struct Span {
  double from = 0;
  double to = 0;
};

/// [periods since the order] share of the span that falls into the period; sums to 1. An empty span falls whole into
/// the period in which it begins.
std::vector<double> spread(const Compile& c, Span span);

/// Money that falls due evenly over a span.
struct Expense {
  double usd = 0;
  Span span;
};
/// [periods since the order] share of the whole; empty where there is no money.
std::vector<double> spend_profile(const Compile& c, const std::vector<Expense>& expenses);

/// The entry of `section` that stands at the site (key `site`), or null; a second one is a fault of its own part.
const Entry* entry_at_site(const Compile& c, std::string_view section, std::string_view site);
/// Whether an earlier entry of the same section stands at the same site, which is BL0206.
bool is_second_at_site(const Compile& c, const Entry& entry);

/// The build flows of a capacity in MW: each equipment that key `equipment` names, `offset` periods after the order.
void add_equipment_needs(const Compile& c, const Entry& entry, const SiteView& site, int offset, Capacity& capacity);
/// The technicians that each MW online holds, where the site's compute region has a school.
void add_staff(const Compile& c, const Entry& entry, const SiteView& site, Capacity& capacity);
/// What may be built besides `existing`: the least of the part's own limit and the site's room; −1: no limit.
double room(const Compile& c, const Entry& entry, const SiteView& site, Series existing);

/// A name that another part has already given is BL0108.
bool is_process_taken(const Compile& c, const Entry& entry, std::string_view name);
bool is_capacity_taken(const Compile& c, const Entry& entry, std::string_view name);

/// A measure of one term without a coefficient.
struct Gauge {
  std::string_view table;
  std::string name;
  std::string_view unit;
  TermKind kind = TermKind::online;
  int32_t id = -1;
  bool per_hour = false;
};
void add_measure(const Compile& c, const Entry& entry, PlaceId place, PartyId party, const Gauge& gauge);

/// Period of a month before which something cannot be; a month after the horizon is BL0200, one before it is 0.
int first_period_of(const Compile& c, const Entry& entry, std::string_view key);

}  // namespace beltline
