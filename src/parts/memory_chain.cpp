#include "parts/memory_chain.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/accelerator.h"
#include "parts/base_die.h"
#include "parts/common.h"
#include "parts/fab.h"
#include "parts/packaging.h"
#include "parts/product.h"
#include "parts/qualification.h"
#include "parts/rack.h"
#include "parts/stack.h"

namespace beltline {

std::span<const Part> memory_parts() {
  static const Part parts[] = {
      {&kProductSection, check_products},
      {&kFabSection, compile_fabs},
      {&kBaseDieSection, compile_base_dies},
      {&kStackSection, compile_stacks},
      {&kAcceleratorSection, check_accelerators},
      {&kPackagingSection, compile_packaging},
      {&kRackSection, compile_racks},
  };
  return parts;
}

bool contains(std::span<const std::string> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

int first_period(const Compile& c, const Entry& entry, std::string_view key) {
  if (!entry.has(key)) return 0;
  const Calendar& calendar = c.builder.calendar();
  const int period = period_at(c, entry, key);
  if (period < calendar.period_count) return period;
  c.diagnostics.add({.code = Code::outside_horizon,
                     .severity = Severity::warning,
                     .origin = entry.where(key),
                     .message = "'" + entry.name + "' comes after the horizon and has no effect",
                     .found = to_string(entry.month(key)),
                     .expected = "a month before " + to_string(calendar.month(calendar.period_count)),
                     .help = "write an earlier month, or make [calendar] longer"});
  return calendar.period_count;
}

double monthly(const Calendar& calendar, const SeriesValue& value, int t) {
  return value.per_period(calendar, t) / calendar.months_per_period;
}

PlaceId place_or_only(const Compile& c, const Entry& entry, std::string_view key, PlaceDefault otherwise) {
  if (entry.has(key)) return place_of(c, entry, key);
  PlaceId only;
  bool several = false;
  for (const Entry& other : c.spec.entries(otherwise.section)) {
    const PlaceId place = place_of(c, other, otherwise.key);
    if (!place.valid()) continue;
    several = several || (only.valid() && only != place);
    only = place;
  }
  if (only.valid() && !several) return only;
  const std::string wanted = std::string(otherwise.section) + "." + std::string(otherwise.key);
  c.diagnostics.add({.code = Code::missing_key,
                     .origin = entry.origin,
                     .message = "'" + entry.name + "' does not say " + std::string(key),
                     .found = several ? "several places in " + wanted : "no place in " + wanted,
                     .expected = std::string(key) + " = \"PLACE\"",
                     .help = "write the place, or let all of " + wanted + " name the same one"});
  return {};
}

void add_backlog(const Compile& c, const Backlog& backlog, const Entry& entry) {
  const Calendar& calendar = c.builder.calendar();
  Process process;
  process.name = backlog.name;
  process.place = backlog.place;
  process.owner = backlog.owner;
  process.grain = Grain::amount;
  process.unit = backlog.unit;
  process.kind = "backlog";
  add_output(c, process, {.commodity = backlog.commodity, .place = backlog.place, .rate = backlog.output},
             backlog.first_use);
  process.upper =
      c.builder.by_period([&](int t) { return t < backlog.lag ? backlog.rate.per_period(calendar, t) : 0.0; });
  process.provenance = provenance(entry);
  c.builder.add(std::move(process));
}

void add_payment(Process& process, const Payment& payment) {
  if (payment.payer.valid() && payment.payee.valid() && payment.price.present()) process.payments.push_back(payment);
}

void add_monthly_measure(const Compile& c, Measure measure, std::span<const ProcessId> processes) {
  if (processes.empty()) return;
  const int months = c.builder.calendar().months_per_period;
  for (const ProcessId process : processes) {
    Term term{.kind = TermKind::activity, .id = process.value};
    if (months > 1) term.coefficient = c.builder.constant(1.0 / months);
    measure.terms.push_back(term);
  }
  c.builder.add(std::move(measure));
}

void add_contradiction(const Compile& c, Contradiction what) {
  c.diagnostics.add({.code = Code::inconsistent,
                     .origin = what.origin,
                     .message = std::move(what.message),
                     .found = std::move(what.found),
                     .expected = std::move(what.expected),
                     .help = std::move(what.help)});
}

}  // namespace beltline
