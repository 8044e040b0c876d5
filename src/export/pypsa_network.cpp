#include "export/pypsa_network.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::pypsa_export {

using lp::kInf;

namespace {

GoalVector cost_goal(const Model& model, const Formulation& lp) {
  GoalVector goal = goal_vector(model, lp.layout, Goal::cost);
  goal.quadratic.resize(goal.coefficient.size());
  return goal;
}

bool are_all(const std::vector<double>& values, double value) {
  return std::ranges::all_of(values, [&](double v) { return v == value; });
}

/// One number for what differs by rounding alone: hours went in and out again.
void make_even(std::vector<double>& values) {
  constexpr double kRounding = 1e-14;
  const double first = values[0];
  if (!std::ranges::all_of(values, [&](double v) { return std::abs(v - first) <= kRounding * std::abs(first); }))
    return;
  std::ranges::fill(values, first);
}

}  // namespace

Network::Network(const Model& model, const std::string& name, Diagnostics& reported)
    : m(model), lp(formulate(model)), goal(cost_goal(model, lp)), diagnostics(reported), title(name) {
  name_buses();
}

void Network::refuse(const Provenance& entity, std::string_view attribute, std::string found, std::string expected,
                     std::string help) const {
  const std::size_t dot = entity.entry.find('.');
  const std::string section = entity.entry.substr(0, dot);
  const std::string name = dot == std::string::npos ? section : entity.entry.substr(dot + 1);
  diagnostics.add({.code = Code::bad_model,
                   .origin = entity.origin,
                   .message = fmt::format("{} of {} '{}' cannot be carried over", attribute, section, printable(name)),
                   .found = std::move(found),
                   .expected = std::move(expected),
                   .help = std::move(help)});
}

std::vector<double> Network::spread(Series series) const {
  return series.present() ? spread(series, 0) : std::vector<double>();
}

std::vector<double> Network::spread(Series series, double otherwise) const {
  std::vector<double> out;
  for (int s = 0; s < count(); ++s) out.push_back(m.at_or(series, otherwise, 0, s));
  return out;
}

std::vector<double> Network::lower(const Block& block) const {
  std::vector<double> out;
  for (int s = 0; s < count(); ++s) out.push_back(lp.problem.column_lower[static_cast<std::size_t>(block.at(0, s))]);
  return out;
}

std::vector<double> Network::upper(const Block& block) const {
  std::vector<double> out;
  for (int s = 0; s < count(); ++s) out.push_back(lp.problem.column_upper[static_cast<std::size_t>(block.at(0, s))]);
  return out;
}

std::vector<double> Network::cost(const Block& block) const {
  std::vector<double> out;
  for (int s = 0; s < count(); ++s) out.push_back(goal.coefficient[static_cast<std::size_t>(block.at(0, s))]);
  return out;
}

std::vector<double> Network::hourly_cost(const Block& block) const {
  std::vector<double> out = cost(block);
  for (int s = 0; s < count(); ++s) {
    const double hours = m.calendar.hours(0, s);
    double& each = out[static_cast<std::size_t>(s)];
    each = hours > 0 ? each / hours : 0;
  }
  make_even(out);
  return out;
}

std::vector<double> Network::hourly_quadratic_cost(const Block& block) const {
  std::vector<double> out;
  for (int s = 0; s < count(); ++s) {
    const double hours = m.calendar.hours(0, s);
    // the goal has ½ q x²
    out.push_back(hours > 0 ? goal.quadratic[static_cast<std::size_t>(block.at(0, s))] / (2 * hours) : 0);
  }
  make_even(out);
  return out;
}

bool Network::can_build(CapacityId k) const {
  const std::size_t i = k.index();
  return m.capacities[i].lead == 0 && lp.layout.order[i].holds(0) && lp.layout.built[i].holds(0);
}

int Network::user_count(CapacityId k) const {
  int users = 0;
  for (const Process& process : m.processes) {
    for (const CapacityUse& use : process.uses) users += use.capacity == k ? 1 : 0;
  }
  for (const Store& store : m.stores) users += store.level_capacity == k || store.power_capacity == k ? 1 : 0;
  return users;
}

Sizing Network::sizing_of(CapacityId k, double per_unit) const {
  const Capacity& capacity = m.capacities[k.index()];
  const double existing = m.at_or(capacity.existing, 0, 0);
  Sizing out{.is_extendable = true};
  double most = kInf;
  const double module = module_of(capacity);
  const auto order = static_cast<std::size_t>(lp.layout.order[k.index()].at(0));
  const auto built = static_cast<std::size_t>(lp.layout.built[k.index()].at(0));
  most = std::min(lp.problem.column_upper[order] * module, lp.problem.column_upper[built]);
  out.min = existing * per_unit;
  out.max = (existing + most) * per_unit;
  out.cost = (goal.coefficient[order] / module + goal.coefficient[built]) / per_unit;
  if (capacity.module_size > 0) {
    out.module_size = capacity.module_size * per_unit;
    const double count = existing / capacity.module_size;
    if (std::abs(count - std::round(count)) > 1e-9)
      refuse(capacity.provenance, "existing", number_text(existing),
             fmt::format("a multiple of {}, as PyPSA has whole modules of all that stands", capacity.module_size),
             "write whole modules, or leave out module_size");
  }
  return out;
}

Sizing Network::sizing_between(const Provenance& entity, const std::vector<double>& low,
                               const std::vector<double>& high) const {
  Sizing out;
  const auto n = static_cast<std::size_t>(count());
  if (std::ranges::any_of(high, [](double v) { return std::isinf(v); })) {
    if (!are_all(high, kInf))
      refuse(entity, "upper", "inf", "a limit in every snapshot, or in none", "write a number that never binds");
    const bool is_signed = are_all(low, -kInf);
    if (!is_signed && !are_all(low, 0))
      refuse(entity, "lower", number_text(low[0]), "0, or a limit to the other side", "write how much it may run");
    out.is_extendable = true;
    out.max = kInf;
    out.low.assign(n, is_signed ? -1 : 0);
    out.high.assign(n, 1);
    return out;
  }
  if (std::ranges::any_of(low, [](double v) { return std::isinf(v); })) {
    refuse(entity, "lower", "-inf", "a limit in every snapshot", "write how much it may run backwards");
    return out;
  }
  for (std::size_t s = 0; s < n; ++s) out.nominal = std::max({out.nominal, std::abs(low[s]), std::abs(high[s])});
  for (std::size_t s = 0; s < n; ++s) {
    out.low.push_back(out.nominal > 0 ? low[s] / out.nominal : 0);
    out.high.push_back(out.nominal > 0 ? high[s] / out.nominal : 0);
  }
  return out;
}

void Network::write_size(Component& out, const std::string& stem, const Sizing& sizing, double scale) {
  const std::string nominal = stem + "_nom";
  if (!sizing.is_extendable) {
    out.number(nominal, sizing.nominal * scale);
    return;
  }
  out.flag(nominal + "_extendable", true).number(nominal + "_min", sizing.min * scale);
  out.number(nominal + "_max", sizing.max * scale).number("capital_cost", sizing.cost / scale);
  if (sizing.module_size > 0) out.number(nominal + "_mod", sizing.module_size * scale);
  extendable_usd += sizing.cost * sizing.min;
}

void Network::name_buses() {
  std::vector<int> rates(m.places.size(), 0);
  const auto is_rate = [&](const Node& node) { return m.commodities[node.commodity.index()].grain == Grain::rate; };
  for (const Node& node : m.nodes) rates[node.place.index()] += is_rate(node) ? 1 : 0;
  std::set<std::size_t> electric;  // commodities that flow by angles
  for (const Process& process : m.processes) {
    if (process.reactance != 0 && !process.flows.empty()) electric.insert(process.flows[0].commodity.index());
  }
  for (const Node& node : m.nodes) {
    buses_.emplace_back();
    if (!is_rate(node)) continue;
    const Place& place = m.places[node.place.index()];
    const Commodity& commodity = m.commodities[node.commodity.index()];
    if (place.outline && count() > 1)
      refuse(place.provenance, "outline", "true", "a place that balances in every snapshot", "leave it out");
    const std::string name =
        rates[node.place.index()] == 1 ? place.name : fmt::format("{} {}", place.name, commodity.name);
    const std::string carrier = electric.contains(node.commodity.index()) ? "AC" : commodity.name;
    Component& out = folder.add("buses", name);
    use_carrier(carrier);
    out.text("carrier", carrier).number("v_nom", 1).number("x", place.longitude).number("y", place.latitude);
    buses_.back() = out.name();
    if (!commodity.disposable) continue;
    const std::string surplus = "surplus";
    use_carrier(surplus);
    folder.add("generators", fmt::format("{} {}", surplus, out.name()))
        .text("bus", out.name())
        .text("carrier", surplus)
        .number("sign", -1)
        .flag("p_nom_extendable", true);
  }
}

const std::string& Network::capacity_bus(CapacityId k) {
  const auto [found, is_new] = capacity_buses_.try_emplace(k.index());
  if (!is_new) return found->second;
  const Capacity& capacity = m.capacities[k.index()];
  for (const Store& store : m.stores) {
    if (store.level_capacity == k || store.power_capacity == k)
      refuse(store.provenance, "level_capacity", capacity.name, "a capacity of its own that can be built",
             "give the store a capacity of its own");
  }
  const std::string name = capacity.name + " capacity";
  use_carrier(name);
  found->second = folder.add("buses", name).text("carrier", name).number("v_nom", 1).name();
  Sizing sizing{.nominal = m.at_or(capacity.existing, 0, 0)};
  if (can_build(k)) sizing = sizing_of(k, 1);
  const std::vector<double> share = spread(capacity.availability, 1);
  Component& out = folder.add("generators", name).text("bus", found->second).text("carrier", name);
  write_size(out, "p", sizing, 1);
  out.series("p_max_pu", share);
  if (lp.layout.capacity_reverse[k.index()].first >= 0) {
    std::vector<double> back = share;
    for (double& each : back) each = -each;
    out.series("p_min_pu", back);
  }
  if (sizing.is_extendable) capacities[k.index()].push_back({.list = "generators", .name = out.name(), .scale = 1});
  return found->second;
}

void Network::use_carrier(const std::string& carrier) {
  folder.at("carriers", carrier);
}

}  // namespace beltline::pypsa_export
