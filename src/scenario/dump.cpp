#include <fmt/format.h>

#include "scenario/spec.h"

namespace beltline {
namespace {

std::string dump(const Quantity& q) {
  return fmt::format("{:.17g} {:.17g} {:.17g} [{}] basis {} source '{}' confidence '{}'", q.low, q.mode, q.high, q.unit,
                     static_cast<int>(q.basis), q.source, q.confidence);
}

std::string dump(const Entry& entry);

std::string dump(const Value& value) {
  switch (value.attribute->kind) {
    case Kind::quantity:
    case Kind::duration: return dump(value.quantity);
    case Kind::series: {
      std::string out = fmt::format("grain {} step {} {}:", static_cast<int>(value.series.grain), value.series.step,
                                    dump(value.series.quantity));
      for (const double v : value.series.values) out += fmt::format(" {:.17g}", v);
      for (const int d : value.series.date_indices) out += fmt::format(" @{}", d);
      return out;
    }
    case Kind::text:
    case Kind::reference:
    case Kind::choice: return "'" + value.text + "'";
    case Kind::flag: return value.flag ? "true" : "false";
    case Kind::integer: return fmt::format("{}", value.integer);
    case Kind::month: return to_string(value.month);
    case Kind::references:
    case Kind::texts:
    case Kind::choices: return fmt::format("{}", fmt::join(value.names, ";"));
    case Kind::records: {
      std::string out;
      for (const Entry& record : value.records) out += "{\n" + dump(record) + "}";
      return out;
    }
  }
  return {};
}

std::string dump(const Entry& entry) {
  std::string out;
  for (const auto& [key, value] : entry.values) out += fmt::format("{} = {}\n", key, dump(value));
  return out;
}

}  // namespace

std::string dump(const Spec& spec) {
  std::string out = fmt::format("{} '{}' {} periods of {} slices from {}\n", spec.name, spec.title,
                                spec.calendar.period_count, spec.calendar.slice_count, to_string(spec.calendar.start));
  for (const auto& [section, entries] : spec.sections) {
    for (const Entry& entry : entries) out += fmt::format("[{}.{}]\n{}", section, entry.name, dump(entry));
  }
  return out;
}

}  // namespace beltline
