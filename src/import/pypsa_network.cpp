#include "import/pypsa_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/pypsa_attributes.h"

namespace beltline::pypsa {
namespace {

constexpr double kHoursPerYear = 8760;
constexpr std::array<std::string_view, 8> kPassive{"buses",        "carriers",          "global_constraints",
                                                   "line_types",   "transformer_types", "shapes",
                                                   "sub_networks", "shunt_impedances"};

const Attribute* find_attribute(std::string_view list, std::string_view name) {
  const auto attributes = attributes_of(list);
  const std::string_view stem = list == "links" ? stem_of(name) : name;
  const auto found = std::ranges::find(attributes, stem, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

bool is_true(std::string_view text) {
  return text == "True" || text == "true" || text == "1" || text == "1.0" || text == "TRUE";
}

}  // namespace

std::string_view stem_of(std::string_view attribute) {
  if (attribute == "bus0") return attribute;
  constexpr std::array<std::string_view, 4> kStems{"bus", "efficiency", "delay", "cyclic_delay"};
  std::string_view stem = attribute;
  while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9') stem.remove_suffix(1);
  return std::ranges::find(kStems, stem) != kStems.end() ? stem : attribute;
}

Network::Network(const Source& source, Diagnostics& diagnostics) : source_(source), diagnostics_(diagnostics) {
  const Snapshots& s = source.snapshots;
  for (std::size_t i = 0; i < count(); ++i) {
    const auto period =
        has_periods() ? std::ranges::find(source.periods, s.periods[i], &Period::year) : source.periods.end();
    hours_.push_back(s.objective[i] * (period == source.periods.end() ? 1.0 : period->objective));
  }
  for (const auto& [name, list] : source.lists) check_attributes(list);
  find_activity();
  make_nodes();
}

void Network::check_attributes(const Component& list) const {
  constexpr std::array<std::string_view, 3> kUnread{"shapes", "sub_networks", "shunt_impedances"};
  if (std::ranges::find(kUnread, list.list) != kUnread.end()) return;
  if (list.list == "processes") {
    for (std::size_t i = 0; i < list.names.size(); ++i) {
      refuse({&list, i}, "name", "generators, loads, links, lines, transformers, stores and storage units",
             "write it as links");
    }
    return;
  }
  std::vector<std::string> known;
  for (const Attribute& each : attributes_of(list.list)) known.emplace_back(each.name);
  const auto unknown = [&](const std::string& attribute, const Origin& origin) {
    // an attribute of carriers that a global constraint names is data, as co2_emissions is
    if (list.list == "carriers" || (list.list == "buses" && attribute.starts_with("nom_"))) return;
    diagnostics_.add({.code = Code::unknown_key,
                      .severity = Severity::warning,
                      .origin = origin,
                      .message = fmt::format("{} have no attribute '{}' that an optimum depends on", list.list,
                                             printable(attribute)),
                      .help = "it is left out"});
  };
  for (const auto& [attribute, cells] : list.columns) {
    const Attribute* const found = find_attribute(list.list, attribute);
    if (list.list == "buses" && attribute.starts_with("nom_m")) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].text.empty() && cells[i].text != "nan")
          refuse({&list, i}, attribute, "a global constraint of type tech_capacity_expansion_limit",
                 "write it as a global constraint");
      }
      continue;
    }
    if (found == nullptr) {
      unknown(attribute, list.column_origins.at(attribute));
      continue;
    }
    if (found->role != Role::refused) continue;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto value = number_of(cells[i].text);
      const auto usual = number_of(found->fallback);
      const bool same = cells[i].text.empty() || cells[i].text == found->fallback ||
                        (value && usual && (*value == *usual || (std::isnan(*value) && std::isnan(*usual)))) ||
                        (found->fallback == "False" && !is_true(cells[i].text)) || (value && std::isnan(*value));
      if (!same) refuse({&list, i}, attribute, std::string(found->fallback), "change the network so that it has none");
    }
  }
  for (const auto& [attribute, series] : list.series) {
    const Attribute* const found = find_attribute(list.list, attribute);
    if (found == nullptr) {
      unknown(attribute, list.series_origins.at(attribute));
    } else if (found->role == Role::refused) {
      for (std::size_t i = 0; i < list.names.size(); ++i) {
        const auto values = series.find(list.names[i].text);
        if (values == series.end() || std::ranges::all_of(values->second, [&](double v) {
              return std::isnan(v) || v == number_of(found->fallback).value_or(0);
            }))
          continue;
        refuse({&list, i}, attribute, std::string(found->fallback), "change the network so that it has none");
      }
    }
  }
}

void Network::refuse(const Item& item, std::string_view attribute, std::string expected, std::string help) const {
  const Cell* const at = cell(item, attribute);
  const bool has_own = at != nullptr && !at->text.empty();
  const auto series = item.list->series_origins.find(attribute);
  Origin origin = item.list->names[item.index].origin;
  if (has_own) origin = at->origin;
  if (varying(item, attribute) != nullptr && series != item.list->series_origins.end()) origin = series->second;
  diagnostics_.add({.code = Code::bad_model,
                    .origin = origin,
                    .message = fmt::format("{} of {} '{}' cannot be carried over", attribute, singular(item.list->list),
                                           printable(item.name())),
                    .found = varying(item, attribute) != nullptr ? "a series"
                             : has_own                           ? printable(at->text)
                                                                 : printable(item.name()),
                    .expected = std::move(expected),
                    .help = std::move(help)});
}

const Cell* Network::cell(const Item& item, std::string_view attribute) const {
  const auto column = item.list->columns.find(attribute);
  return column == item.list->columns.end() ? nullptr : &column->second[item.index];
}

const std::vector<double>* Network::varying(const Item& item, std::string_view attribute) const {
  const auto columns = item.list->series.find(attribute);
  if (columns == item.list->series.end()) return nullptr;
  const auto found = columns->second.find(item.name());
  return found == columns->second.end() ? nullptr : &found->second;
}

const std::vector<Item>& Network::items(std::string_view list) const {
  static const std::vector<Item> kNone;
  const auto found = items_.find(list);
  return found == items_.end() ? kNone : found->second;
}

const Item* Network::find(std::string_view list, std::string_view name) const {
  const std::vector<Item>& all = items(list);
  const auto found = std::ranges::find_if(all, [&](const Item& item) { return item.name() == name; });
  return found == all.end() ? nullptr : &*found;
}

bool Network::is_given(const Item& item, std::string_view attribute) const {
  const Cell* const found = cell(item, attribute);
  return (found != nullptr && !found->text.empty()) || varying(item, attribute) != nullptr;
}

std::string Network::text(const Item& item, std::string_view attribute, std::string_view fallback) const {
  const Cell* const found = cell(item, attribute);
  if (found != nullptr && !found->text.empty()) return found->text;
  if (!fallback.empty()) return std::string(fallback);
  const Attribute* const known = find_attribute(item.list->list, attribute);
  return known == nullptr ? std::string() : std::string(known->fallback);
}

double Network::number(const Item& item, std::string_view attribute) const {
  const std::string written = text(item, attribute);
  if (const auto value = number_of(written)) {
    // an empty cell that was read as NaN is one that was not given
    const Attribute* const known = find_attribute(item.list->list, attribute);
    if (std::isnan(*value) && known != nullptr) return number_of(known->fallback).value_or(*value);
    return *value;
  }
  const Cell* const at = cell(item, attribute);
  diagnostics_.add({.code = Code::csv_bad_value,
                    .origin = at == nullptr ? Origin{} : at->origin,
                    .message = fmt::format("{} of '{}' is '{}'", attribute, printable(item.name()), printable(written)),
                    .found = printable(written),
                    .expected = "a number",
                    .help = "write a number such as 0.25"});
  return number_of(find_attribute(item.list->list, attribute)->fallback).value_or(0);
}

bool Network::flag(const Item& item, std::string_view attribute) const {
  return is_true(text(item, attribute));
}

std::vector<double> Network::series(const Item& item, std::string_view attribute) const {
  const std::vector<double>* const found = varying(item, attribute);
  if (found == nullptr) return {number(item, attribute)};
  std::vector<double> values = *found;
  const double usual = number_of(text(item, attribute)).value_or(0);
  for (double& value : values) {
    if (std::isnan(value)) value = usual;
  }
  return values;
}

std::vector<double> Network::spread(const Item& item, std::string_view attribute) const {
  std::vector<double> values = series(item, attribute);
  if (values.size() == 1) values.assign(count(), values[0]);
  return values;
}

double Network::period_cost(const Item& item) const {
  const double overnight = number(item, "overnight_cost");
  if (std::isnan(overnight)) return number(item, "capital_cost");
  // the capital recovery factor, for the years that the snapshots stand for
  const double rate = number(item, "discount_rate");
  const double life = number(item, "lifetime");
  double hours = 0;
  for (const double each : source_.snapshots.objective) hours += each;
  if (has_periods()) hours /= static_cast<double>(source_.periods.size());
  const double factor = std::isnan(rate) || rate == 0 ? (std::isinf(life) ? 0 : 1 / life)
                        : std::isinf(life)            ? rate
                                                      : rate / (1 - std::pow(1 + rate, -life));
  return overnight * factor * hours / kHoursPerYear;
}

double Network::fixed_cost(const Item& item) const {
  const double cost = period_cost(item) + number(item, "fom_cost");
  if (!has_periods()) return cost;
  double weight = 0;
  for (const Period& period : source_.periods) weight += is_active_in(item, period.year) ? period.objective : 0;
  return cost * weight;
}

bool Network::is_active_in(const Item& item, int year) const {
  const double built = number(item, "build_year");
  return built <= year && year < built + number(item, "lifetime");
}

void Network::find_activity() {
  for (const auto& [name, list] : source_.lists) {
    const bool passive = std::ranges::find(kPassive, name) != kPassive.end();
    for (std::size_t i = 0; i < list.names.size(); ++i) {
      const Item item{&list, i};
      if (!passive && !flag(item, "active")) continue;
      std::vector<double> mask;
      if (!passive && has_periods() && name != "loads") {
        for (const int year : source_.snapshots.periods) mask.push_back(is_active_in(item, year) ? 1 : 0);
        if (std::ranges::all_of(mask, [](double v) { return v == 0; })) continue;
        if (std::ranges::all_of(mask, [](double v) { return v == 1; })) mask.clear();
      }
      items_[name].push_back(item);
      activity_[{name, i}] = std::move(mask);
    }
  }
}

const std::vector<double>& Network::activity(const Item& item) const {
  return activity_.at({item.list->list, item.index});
}

void Network::make_nodes() {
  // buses joined by lines and transformers are one sub-network, with the carrier of its first bus
  std::map<std::string, std::string, std::less<>> parent;
  for (const Item& bus : items("buses")) parent[bus.name()] = bus.name();
  const auto root = [&](std::string name) {
    while (parent[name] != name) name = parent[name] = parent[parent[name]];
    return name;
  };
  for (const std::string_view list : {"lines", "transformers"}) {
    for (const Item& branch : items(list)) {
      const std::string a = text(branch, "bus0");
      const std::string b = text(branch, "bus1");
      if (!parent.contains(a) || !parent.contains(b)) continue;
      const Item* const first = find("buses", root(a));
      const Item* const second = find("buses", root(b));
      if (first->index <= second->index)
        parent[second->name()] = first->name();
      else
        parent[first->name()] = second->name();
    }
  }
  for (const Item& bus : items("buses")) {
    const std::string carrier = text(*find("buses", root(bus.name())), "carrier");
    carrier_of_[bus.name()] = carrier;
    nodes_[bus.name()] = {names.of("bus", bus.name()), names.of("commodity", carrier)};
  }
}

Network::Node Network::node(const Item& item, std::string_view attribute) const {
  const std::string bus = text(item, attribute);
  if (const auto found = nodes_.find(bus); found != nodes_.end()) return found->second;
  const Cell* const at = cell(item, attribute);
  diagnostics_.add(
      {.code = Code::dangling_reference,
       .origin = at == nullptr ? item.list->names[item.index].origin : at->origin,
       .message = fmt::format("{} of {} '{}' is no bus", attribute, singular(item.list->list), printable(item.name())),
       .found = printable(bus),
       .expected = "a name of buses.csv",
       .help = "add the bus, or name another"});
  return {};
}

std::string Network::carrier_of_bus(std::string_view bus) const {
  const Item* const found = find("buses", bus);
  return found == nullptr ? std::string() : text(*found, "carrier");
}

bool Network::is_direct_current(std::string_view bus) const {
  const auto found = carrier_of_.find(bus);
  return found != carrier_of_.end() && found->second == "DC";
}

std::vector<double> Network::energy_weights(bool with_years) const {
  std::vector<double> weights(count(), 0);
  for (std::size_t s = 0; s < count(); ++s) {
    double energy = source_.snapshots.generators[s];
    if (with_years && has_periods())
      energy *= std::ranges::find(source_.periods, source_.snapshots.periods[s], &Period::year)->years;
    if (energy == 0) continue;
    if (hours_[s] == 0) {
      diagnostics_.add({.code = Code::bad_model,
                        .origin = {},
                        .message = fmt::format("snapshot '{}' counts for energy but not for costs",
                                               printable(source_.snapshots.labels[s])),
                        .found = fmt::format("generators {}", energy),
                        .expected = "an objective weighting above 0",
                        .help = "give the snapshot an objective weighting"});
      continue;
    }
    weights[s] = energy / hours_[s];
  }
  return weights;
}

std::string process_of(const Network& network, const Item& item) {
  return network.names.of(singular(item.list->list), item.name());
}

std::string capacity_of(const Network& network, const Item& item) {
  return process_of(network, item);
}

}  // namespace beltline::pypsa
