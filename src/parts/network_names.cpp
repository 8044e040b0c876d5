#include "parts/network_names.h"

#include <algorithm>
#include <utility>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {
namespace {

template <class Entity>
std::vector<std::string> names_of(const std::vector<Entity>& entities) {
  std::vector<std::string> names;
  for (const Entity& entity : entities) names.push_back(entity.name);
  return names;
}

template <class IdType, class Entity>
IdType find_in(const std::vector<Entity>& entities, std::string_view name) {
  const auto found = std::ranges::find(entities, name, &Entity::name);
  return found == entities.end() ? IdType() : IdType(static_cast<std::size_t>(found - entities.begin()));
}

/// " of 'ulsan'"; nothing for a record, which has no name of its own.
std::string owner_text(const Entry& entry) {
  return entry.name.empty() ? "" : " of '" + entry.name + "'";
}

void dangling(const Compile& c, const Entry& entry, std::string_view key, std::string_view what,
              const std::vector<std::string>& candidates) {
  const std::string& name = entry.text(key);
  const std::string near = nearest_word(name, candidates);
  fault(c, Code::dangling_reference, entry, key,
        {.message = std::string(key) + owner_text(entry) + " names no " + std::string(what),
         .found = name,
         .expected = "the name of a " + std::string(what),
         .help = near.empty() ? "write one of " + listing(candidates) : did_you_mean_text(near),
         .fix = {near}});
}

bool is_word(std::string_view unit) {
  return std::ranges::all_of(unit, [](char x) { return (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || x == '_'; });
}

std::string join_units(const std::vector<Expect>& expected) {
  std::string text;
  for (const Expect& e : expected) text += (text.empty() ? "" : " or ") + (e.unit == "1" ? "a plain number" : e.unit);
  return text;
}

/// The value with all its numbers in `unit`; empty if the dimensions differ.
std::optional<SeriesValue> converted(const Compile& c, SeriesValue value, const std::string& unit) {
  const std::string from = value.quantity.unit;
  const auto convert = [&](double x) { return c.spec.units.convert(x, from, unit); };
  const auto mode = convert(value.quantity.mode);
  if (!mode) return std::nullopt;
  for (double& x : value.values) x = convert(x).value().value;
  value.quantity.low = convert(value.quantity.low).value().value;
  value.quantity.high = convert(value.quantity.high).value().value;
  value.quantity.mode = mode->value;
  value.quantity.basis = mode->basis;
  value.quantity.unit = unit;
  return value;
}

/// A quantity as a series of one value, so that both go one way.
SeriesValue as_series(const Value& value) {
  if (value.attribute != nullptr && value.attribute->kind == Kind::series) return value.series;
  SeriesValue series;
  series.values = {value.quantity.mode};
  series.quantity = value.quantity;
  return series;
}

std::optional<SeriesValue> value_in(const Compile& c, const Entry& entry, std::string_view key,
                                    const std::vector<Expect>& expected, bool& per_month) {
  const SeriesValue written = as_series(entry.value(key));
  for (const Expect& e : expected) {
    per_month = e.per_month;
    if (auto value = converted(c, written, e.unit)) return value;
  }
  const std::string& unit = written.quantity.unit;
  fault(c, Code::wrong_dimension, entry, key,
        {.message = std::string(key) + owner_text(entry) + " has the wrong dimension",
         .found = unit.empty() || unit == "1" ? "a plain number" : unit,
         .expected = join_units(expected),
         .help = "write it in " + join_units(expected)});
  return std::nullopt;
}

}  // namespace

void fault(const Compile& c, Code code, const Entry& entry, std::string_view key, Diagnostic rest) {
  rest.code = code;
  rest.origin = entry.where(key);
  c.diagnostics.add(std::move(rest));
}

CommodityId commodity_named(const Compile& c, const Entry& entry, std::string_view key) {
  const std::string& name = entry.text(key);
  if (const CommodityId found = c.builder.find_commodity(name); found.valid()) return found;
  // what the parts share may be used without being declared; die_hbm4 and its like only where a part makes them
  if (is_shared_commodity(name)) return ensure_commodity(c, name);
  dangling(c, entry, key, "commodity", names_of(c.builder.model().commodities));
  return {};
}

PlaceId place_named(const Compile& c, const Entry& entry, std::string_view key) {
  const PlaceId found = c.builder.find_place(entry.text(key));
  if (!found.valid()) dangling(c, entry, key, "place", names_of(c.builder.model().places));
  return found;
}

CapacityId capacity_named(const Compile& c, const Entry& entry, std::string_view key) {
  const CapacityId found = c.builder.find_capacity(entry.text(key));
  if (!found.valid()) dangling(c, entry, key, "capacity", names_of(c.builder.model().capacities));
  return found;
}

StoreId find_store(const Compile& c, std::string_view name) {
  return find_in<StoreId>(c.builder.model().stores, name);
}
DemandId find_demand(const Compile& c, std::string_view name) {
  return find_in<DemandId>(c.builder.model().demands, name);
}
MoveId find_move(const Compile& c, std::string_view name) {
  return find_in<MoveId>(c.builder.model().moves, name);
}
LimitId find_limit(const Compile& c, std::string_view name) {
  return find_in<LimitId>(c.builder.model().limits, name);
}

bool matches(std::string_view pattern, std::string_view name) {
  // the usual walk with one point of return: the last star takes one more letter on a mismatch
  std::size_t p = 0, n = 0, star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool name_is_taken(const Compile& c, const Entry& entry, bool taken) {
  if (!taken) return false;
  c.diagnostics.add({.code = Code::duplicate_name,
                     .origin = entry.origin,
                     .message = "the name of " + std::string(entry.section->name) + " '" + entry.name +
                                "' is already taken by another part of the scenario",
                     .found = entry.name,
                     .help = "choose another name"});
  return true;
}

std::string per(std::string_view numerator, std::string_view denominator) {
  if (denominator == "1" || denominator.empty()) return std::string(numerator);
  const bool bare = is_word(denominator);
  return std::string(numerator) + "/" + (bare ? "" : "(") + std::string(denominator) + (bare ? "" : ")");
}

std::string hours_of(std::string_view unit) {
  return unit == "1" || unit.empty() ? "hour" : std::string(unit) + " hour";
}

std::string activity_unit(const Process& process) {
  return process.grain == Grain::rate ? hours_of(process.unit) : process.unit;
}

Series series_in(const Compile& c, const Entry& entry, std::string_view key, const std::vector<Expect>& expected) {
  if (!entry.has(key)) return {};
  bool per_month = false;
  const auto value = value_in(c, entry, key, expected, per_month);
  if (!value) return {};
  const Calendar& calendar = c.builder.calendar();
  const Basis basis = value->quantity.basis;
  if (per_month) {
    if (basis != Basis::none) return per_period_series(c, *value);
    return c.builder.by_period([&](int t) { return value->at(calendar, t, 0) * calendar.months_per_period; });
  }
  // a level "per month" written per day counts the days of its month
  if (basis == Basis::second) {
    return c.builder.by_period([&](int t) { return value->per_period(calendar, t) / calendar.months_per_period; });
  }
  return level_series(c, *value);
}

std::optional<double> number_in(const Compile& c, const Entry& entry, std::string_view key,
                                const std::vector<Expect>& expected) {
  bool per_month = false;
  const auto value = value_in(c, entry, key, expected, per_month);
  if (!value) return std::nullopt;
  if (!per_month) return value->quantity.value();
  return value->quantity.value() * c.builder.calendar().months_per_period;
}

bool check_unit(const Compile& c, const Entry& entry, std::string_view key) {
  const std::string& unit = entry.text(key);
  const auto same = c.spec.units.convert(1, unit, unit);
  if (same) return true;
  const std::string& near = same.error().suggestion;
  fault(c, Code::unknown_unit, entry, key,
        {.message = std::string(key) + owner_text(entry) + " is no unit",
         .found = unit,
         .expected = "a unit such as MW, wafer or PFLOP/s",
         .help = near.empty() ? "write a unit that docs/scenario.md lists" : did_you_mean_text(near),
         .fix = {near}});
  return false;
}

std::optional<Window> window_of(const Compile& c, const Entry& entry, WindowKeys keys) {
  const auto& [from, to] = keys;
  const Calendar& calendar = c.builder.calendar();
  Window window{0, calendar.period_count - 1};
  if (entry.has(from) && entry.has(to) && entry.month(to) < entry.month(from)) {
    fault(c, Code::empty_window, entry, to,
          {.message = "the window of '" + entry.name + "' ends before it starts",
           .found = to_string(entry.month(to)),
           .expected = to_string(entry.month(from)) + " or later",
           .help = "write " + std::string(from) + " = \"" + to_string(entry.month(to)) + "\", " + std::string(to) +
                   " = \"" + to_string(entry.month(from)) + "\", or a later " + std::string(to)});
    return std::nullopt;
  }
  if (entry.has(from)) window.first = calendar.period_of(entry.month(from));
  if (entry.has(to)) window.last = calendar.period_of(entry.month(to));
  if (window.last < 0 || window.first >= calendar.period_count) {
    const std::string_view key = window.last < 0 ? to : from;
    fault(c, Code::outside_horizon, entry, key,
          {.message = "the window of '" + entry.name + "' misses the horizon",
           .found = to_string(entry.month(key)),
           .expected = "a month from " + to_string(calendar.start) + " to " +
                       to_string(calendar.month(calendar.period_count).plus(-1)),
           .help = "write a month of the horizon, or make [calendar] longer"});
    return std::nullopt;
  }
  window.first = std::max(window.first, 0);
  window.last = std::min(window.last, calendar.period_count - 1);
  return window;
}

}  // namespace beltline
