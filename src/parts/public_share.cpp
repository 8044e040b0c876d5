#include "parts/public_share.h"

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/service.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "region",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "The compute region; one entry a region."},
    {.key = "party", .kind = Kind::reference, .target = "party", .description = "Who hands the compute out."},
    {.key = "share",
     .kind = Kind::series,
     .required = true,
     .min = 0,
     .max = 1,
     .description = "Share of all compute used in the region; a number or a series of dates."},
    {.key = "from", .kind = Kind::month, .description = "First month of the obligation. Absent: from the start."},
    {.key = "weight",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .min = 0,
     .description = "Worth of a PFLOP/s of public use in the objective `max_compute`."},
};

constexpr std::string_view kDescription = R"(Compute of a region set aside for public use and start-ups.

    public = share · (public + train + infer)        in each period from `from` on, in PFLOP/s · h

`public@REGION` draws on the region's compute evenly over the hours of the period, because what is set aside is there
around the clock. It is the share, neither less nor more: what is above it is the service's.)";

bool is_only_share(const Compile& c, const Entry& entry) {
  for (const Entry& other : c.spec.entries("public_share")) {
    if (other.name >= entry.name || other.text("region") != entry.text("region")) continue;
    fault(c, Code::inconsistent, entry, "region",
          {.message = "public share '" + entry.name + "' is in the same region as public share '" + other.name + "'",
           .found = entry.text("region"),
           .expected = "one public share a region",
           .help = "write one share as a series of dates"});
    return false;
  }
  return true;
}

ProcessId add_public_use(const Compile& c, const Entry& entry, PlaceId region) {
  Process process;
  process.name = "public@" + entry.text("region");
  process.place = region;
  process.owner = party_of(c, entry, "party");
  process.grain = Grain::amount;
  process.unit = "PFLOP/s hour";
  process.kind = "public";
  process.flows.push_back(
      {.commodity = ensure_commodity(c, "compute"), .place = region, .rate = c.builder.constant(-1), .lag = 0});
  process.useful = c.builder.constant(entry.number("weight"));
  process.provenance = provenance(entry);
  return c.builder.add(std::move(process));
}

/// (1 − share) · public − share · (train + infer) = 0, and no public use before `from`
void add_limit(const Compile& c, const Entry& entry, const ServiceView& service, ProcessId public_use) {
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& share = entry.series("share");
  const int first = entry.has("from") ? period_at(c, entry, "from") : 0;
  const auto coefficient = [&](double constant) {
    return c.builder.by_period([&](int t) { return constant - (t < first ? 0 : share.mean(calendar, t)); });
  };
  Limit limit;
  limit.name = "public_share@" + entry.text("region");
  limit.unit = "PFLOP/s hour";
  limit.kind = "share";
  limit.terms.push_back({.kind = TermKind::activity, .id = public_use.value, .coefficient = coefficient(1)});
  std::vector<ProcessId> users = service.infer;
  if (service.train.valid()) users.insert(users.begin(), service.train);
  for (const ProcessId user : users) {
    limit.terms.push_back({.kind = TermKind::activity, .id = user.value, .coefficient = coefficient(0)});
  }
  limit.lower = c.builder.constant(0);
  limit.upper = limit.lower;
  limit.provenance = provenance(entry, "share");
  c.builder.add(std::move(limit));
}

void add_measures(const Compile& c, const Entry& entry, PlaceId region, ProcessId public_use) {
  const auto add = [&](std::string table, std::string name, std::string unit, bool per_hour) {
    c.builder.add(Measure{.table = std::move(table),
                          .name = std::move(name),
                          .unit = std::move(unit),
                          .place = region,
                          .party = party_of(c, entry, "party"),
                          .terms = {{.kind = TermKind::activity, .id = public_use.value, .coefficient = {}}},
                          .per_hour = per_hour,
                          .constant = {},
                          .provenance = provenance(entry)});
  };
  add("services", "public_compute", "PFLOP/s", true);
  add("government", "public_compute_hours", "PFLOP/s hour", false);
}

}  // namespace

void compile_public_shares(const Compile& c) {
  for (const Entry& entry : c.spec.entries("public_share")) {
    const PlaceId region = place_of(c, entry, "region");
    if (!region.valid() || !is_only_share(c, entry)) continue;
    const auto service = service_of_region(c, region);
    if (!service) {
      fault(c, Code::inconsistent, entry, "region",
            {.message = "no service uses compute in the region of public share '" + entry.name + "'",
             .found = entry.text("region"),
             .expected = "the region of a service",
             .help = "add a [service.NAME] with region = \"" + entry.text("region") + "\""});
      continue;
    }
    const ProcessId public_use = add_public_use(c, entry, region);
    add_limit(c, entry, *service, public_use);
    add_measures(c, entry, region, public_use);
  }
}

const Section kPublicShareSection = {
    .name = "public_share", .title = "Public shares", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
