#include "parts/school.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "region",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "The compute region whose halls its graduates operate; one school a region."},
    {.key = "payer", .kind = Kind::reference, .target = "party", .description = "Who pays for the students."},
    {.key = "existing",
     .kind = Kind::series,
     .unit = "person",
     .fallback = "\"0 person\"",
     .min = 0,
     .description = "Technicians whom the programme can have without training any."},
    {.key = "intake",
     .kind = Kind::series,
     .unit = "person/month",
     .min = 0,
     .description = "Most students who may start. Absent: nobody is trained."},
    {.key = "study_time",
     .kind = Kind::duration,
     .fallback = "\"24 month\"",
     .description = "From first lesson to work in a hall."},
    {.key = "completion",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .is_yield = true,
     .description = "Share of students who graduate and come to work in halls."},
    {.key = "student_cost",
     .kind = Kind::quantity,
     .unit = "USD/person",
     .fallback = "\"0 USD/person\"",
     .min = 0,
     .description = "Cost of a student over the whole study."},
    {.key = "wage",
     .kind = Kind::series,
     .unit = "USD/person/year",
     .fallback = "\"0 USD/person/year\"",
     .min = 0,
     .description = "Wage of a technician, where the halls' operating cost does not hold it already."},
    {.key = "career",
     .kind = Kind::duration,
     .description = "How long a graduate stays in the trade. Absent: beyond the horizon."},
};

constexpr std::string_view kDescription = R"(Technicians for halls, those there are and those trained.

`school@REGION` is a capacity in persons: each one online is a technician at the region, and each MW of hall online
holds the technicians it needs. An order is an intake, `study_time` before the graduates work:

    graduates[t] ≤ intake[t − study] · completion,        cost of a graduate = student_cost / completion

Without new graduates only the `existing` pool can staff halls.)";

bool is_only_school(const Compile& c, const Entry& school) {
  for (const Entry& other : c.spec.entries("school")) {
    if (other.name >= school.name || other.text("region") != school.text("region")) continue;
    fault(c, Code::inconsistent, school, "region",
          {.message = "school '" + school.name + "' is in the same region as school '" + other.name + "'",
           .found = school.text("region"),
           .expected = "one school a region",
           .help = "add its pool and its intake to the other"});
    return false;
  }
  return true;
}

void add_measures(const Compile& c, const Entry& school, PlaceId region, CapacityId id) {
  const auto add = [&](std::string name, TermKind kind, std::string unit) {
    c.builder.add(Measure{.table = "government",
                          .name = std::move(name),
                          .unit = std::move(unit),
                          .place = region,
                          .party = party_of(c, school, "payer"),
                          .terms = {{.kind = kind, .id = id.value, .coefficient = {}}},
                          .constant = {},
                          .provenance = provenance(school)});
  };
  add("technicians", TermKind::online, "person");
  add("technicians_trained", TermKind::built, "person");
  add("technicians_starting", TermKind::order, "person");
  add("training_spend", TermKind::spend, "USD");
}

void compile_school(const Compile& c, const Entry& school) {
  const PlaceId region = place_of(c, school, "region");
  if (!region.valid() || !is_only_school(c, school)) return;
  const double completion = school.number("completion");

  Capacity technicians;
  technicians.name = "school@" + school.text("region");
  technicians.place = region;
  technicians.owner = party_of(c, school, "payer");
  technicians.unit = "person";
  technicians.kind = "school";
  technicians.existing = level_series(c, school.series("existing"));
  technicians.buildable = school.has("intake");
  technicians.lead = lead_periods(c, school, "study_time");
  if (school.has("intake") && completion > 0) {
    const SeriesValue& intake = school.series("intake");
    const Calendar& calendar = c.builder.calendar();
    technicians.build_max = c.builder.by_period([&](int t) { return intake.per_period(calendar, t) * completion; });
    technicians.capex = c.builder.constant(school.number("student_cost") / completion);
    // a study is paid month by month, in equal parts
    const auto months = static_cast<std::size_t>(std::max(1, technicians.lead));
    technicians.spend_profile.assign(months, 1.0 / static_cast<double>(months));
  }
  technicians.fixed_cost = per_period_series(c, school.series("wage"));
  if (school.has("career")) technicians.life = std::max(1, lead_periods(c, school, "career"));
  technicians.stand_flows.push_back(
      {.commodity = ensure_commodity(c, "technician"), .place = region, .rate = c.builder.constant(1)});
  technicians.provenance = provenance(school);
  add_measures(c, school, region, c.builder.add(std::move(technicians)));
}

}  // namespace

void compile_schools(const Compile& c) {
  for (const Entry& school : c.spec.entries("school")) compile_school(c, school);
}

const Section kSchoolSection = {
    .name = "school", .title = "Schools", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
