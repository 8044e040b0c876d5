#include "parts/common.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/diagnostic_codes.h"

namespace beltline {
namespace {

struct Family {
  std::string_view name;
  std::string_view unit;
  Grain grain;
  bool disposable;
  bool takes_entry;  // "die_hbm4": one commodity an entry
};

// The table of common.h.
constexpr auto kFamilies = std::to_array<Family>({
    {"electricity", "MW", Grain::rate, false, false},
    {"compute", "PFLOP/s", Grain::rate, true, false},
    {"compute", "PFLOP/s", Grain::rate, true, true},  // parts/rack_tokens.h
    {"token", "Mtoken/s", Grain::rate, false, false},
    {"it_space", "MW", Grain::amount, true, false},
    {"die", "die", Grain::amount, false, true},
    {"base_die", "die", Grain::amount, false, true},
    {"dram", "TB", Grain::amount, false, true},
    {"stack", "stack", Grain::amount, false, true},
    {"accelerator", "accelerator", Grain::amount, false, true},
    {"rack", "rack", Grain::amount, false, true},
    {"dock_slot", "1", Grain::amount, true, false},
    {"fab_line", "wafer", Grain::amount, true, true},         // parts/fab_lines.h
    {"shared_fab_line", "wafer", Grain::amount, true, true},  // parts/fab_lines.h
    {"equipment", "MW", Grain::amount, false, true},
    {"technician", "person", Grain::amount, true, false},
    {"seat", "seat", Grain::amount, true, false},
    {"emission", "tCO2", Grain::amount, true, false},
});

// A duration of 3.0000000001 months, as unit conversion may leave it, is three months.
constexpr double kPeriodSlack = 1e-9;

}  // namespace

std::optional<Commodity> domain_commodity(std::string_view name) {
  for (const Family& f : kFamilies) {
    const bool fits = f.takes_entry
                          ? name.size() > f.name.size() + 1 && name.starts_with(f.name) && name[f.name.size()] == '_'
                          : name == f.name;
    if (!fits) continue;
    return Commodity{.name = std::string(name),
                     .unit = std::string(f.unit),
                     .grain = f.grain,
                     .disposable = f.disposable,
                     .provenance = {}};
  }
  return std::nullopt;
}

bool is_shared_commodity(std::string_view name) {
  return std::ranges::any_of(kFamilies, [&](const Family& f) { return f.name == name && !f.takes_entry; });
}

CommodityId ensure_commodity(const Compile& c, std::string_view family, std::string_view entry) {
  const std::string name = entry.empty() ? std::string(family) : std::string(family) + "_" + std::string(entry);
  if (const CommodityId found = c.builder.find_commodity(name); found.valid()) return found;
  const bool known = std::ranges::any_of(
      kFamilies, [&](const Family& f) { return f.name == family && f.takes_entry == !entry.empty(); });
  if (!known) throw Bug("no commodity family makes '" + name + "'");
  return c.builder.add(*domain_commodity(name));
}

PlaceId place_of(const Compile& c, const Entry& entry, std::string_view key) {
  return entry.has(key) ? c.builder.find_place(entry.text(key)) : PlaceId{};
}

PartyId party_of(const Compile& c, const Entry& entry, std::string_view key) {
  return entry.has(key) ? c.builder.find_party(entry.text(key)) : PartyId{};
}

Series level_series(const Compile& c, const SeriesValue& value) {
  const Calendar& calendar = c.builder.calendar();
  if (value.grain == SeriesValue::Grain::constant) return c.builder.constant(value.at(calendar, 0, 0));
  if (value.grain == SeriesValue::Grain::hour_of_day) {
    std::vector<double> day;
    for (int s = 0; s < calendar.slice_count; ++s) day.push_back(value.at(calendar, 0, s));
    return c.builder.by_slice_of_period(day);
  }
  if (value.varies_by_slice()) {
    return c.builder.by_slice([&](int t, int s) { return value.at(calendar, t, s); });
  }
  return c.builder.by_period([&](int t) { return value.at(calendar, t, 0); });
}

Series per_period_series(const Compile& c, const SeriesValue& value) {
  const Calendar& calendar = c.builder.calendar();
  return c.builder.by_period([&](int t) { return value.per_period(calendar, t); });
}

Series level_series(const Compile& c, const Quantity& quantity) {
  return c.builder.constant(quantity.value());
}

Series per_period_series(const Compile& c, const Quantity& quantity) {
  const Calendar& calendar = c.builder.calendar();
  return c.builder.by_period([&](int t) { return quantity.per_period(calendar, t); });
}

int periods_up(const Compile& c, double months) {
  return static_cast<int>(std::ceil(months / c.builder.calendar().months_per_period - kPeriodSlack));
}

int lead_periods(const Compile& c, const Entry& entry, std::string_view key) {
  return entry.has(key) ? periods_up(c, entry.months(key)) : 0;
}

int period_at(const Compile& c, const Entry& entry, std::string_view key, bool clip) {
  const Calendar& calendar = c.builder.calendar();
  const YearMonth month = entry.month(key);
  const int period = calendar.period_of(month);
  if (!clip && (period < 0 || period >= calendar.period_count)) {
    c.diagnostics.add({.code = Code::outside_horizon,
                       .origin = entry.where(key),
                       .message = std::string(key) + " of '" + entry.name + "' lies outside the horizon",
                       .found = to_string(month),
                       .expected = "a month from " + to_string(calendar.start) + " to " +
                                   to_string(calendar.month(calendar.period_count).plus(-1)),
                       .help = "write a month of the horizon, or make [calendar] longer"});
  }
  return std::clamp(period, 0, calendar.period_count);
}

Provenance provenance(const Entry& entry, std::string_view key) {
  Provenance result;
  result.entry = entry.section == nullptr ? entry.name
                 : entry.section->single  ? std::string(entry.section->name)
                                          : std::string(entry.section->name) + "." + entry.name;
  result.origin = key.empty() ? entry.origin : entry.where(key);
  const auto source_of = [](const Value& value) -> const std::string& {
    return value.quantity.source.empty() ? value.series.quantity.source : value.quantity.source;
  };
  if (!key.empty() && entry.has(key)) result.source = source_of(entry.value(key));
  if (!result.source.empty()) return result;
  if (entry.has("source")) {
    result.source = entry.text("source");
    return result;
  }
  // an entry without a source of its own cites those of its values, each once
  std::set<std::string_view> sources;
  for (const auto& [name, value] : entry.values) {
    if (const std::string& source = source_of(value); !source.empty()) sources.insert(source);
  }
  for (const std::string_view source : sources) {
    if (!result.source.empty()) result.source += "; ";
    result.source += source;
  }
  return result;
}

StoreId add_inventory(const Compile& c, CommodityId commodity, PlaceId place, double holding_cost_usd,
                      const Entry& entry) {
  const Model& model = c.builder.model();
  const std::string name =
      "stock_" + model.commodities[commodity.index()].name + "@" + model.places[place.index()].name;
  for (std::size_t i = 0; i < model.stores.size(); ++i) {
    if (model.stores[i].name == name) return StoreId(i);
  }
  Store store;
  store.name = name;
  store.commodity = commodity;
  store.place = place;
  if (holding_cost_usd > 0) store.holding_cost = c.builder.constant(holding_cost_usd);
  store.provenance = provenance(entry);
  return c.builder.add(std::move(store));
}

}  // namespace beltline
