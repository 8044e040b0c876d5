// The expansion case of pypsa_expansion.py as a Beltline Model: N nodes on a ring, each with solar, wind, gas, a
// six-hour battery and load shedding; lines that can be reinforced and obey the voltage law; H hours stand for a year.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "model/builder.h"

namespace beltline {

inline double round_to(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::nearbyint(value * scale) / scale;  // half to even, as numpy
}

struct NodeProfile {
  std::vector<double> solar, wind, load;  // [hour]
};

inline NodeProfile node_profile(int node, int node_count, int hour_count) {
  NodeProfile p;
  const double pi = std::acos(-1.0), i = node;
  const double latitude = 0.7 + 0.3 * std::cos(i), phase = 2 * pi * i / node_count;
  for (int h = 0; h < hour_count; ++h) {
    const double t = h, hour = h % 24;
    const double day = hour < 6 || hour > 18 ? 0.0 : std::max(0.0, std::sin(pi * (hour - 6) / 12));
    const double season = 1 - 0.35 * std::cos(2 * pi * (t / 8760));
    const double cloud = 0.75 + 0.25 * std::sin(t / 37.0 + phase) * std::sin(t / 91.0 + 2 * phase);
    p.solar.push_back(round_to(std::clamp(latitude * day * season * cloud * 0.75, 0.0, 1.0), 5));
    const double wind = 0.35 + 0.2 * std::cos(2 * pi * t / 8760 + phase) + 0.22 * std::sin(t / 53.0 + phase) +
                        0.15 * std::sin(t / 17.0 + 3 * phase) + 0.08 * std::sin(t / 5.0 + i);
    p.wind.push_back(round_to(std::clamp(wind, 0.0, 1.0), 5));
    p.load.push_back(
        round_to((1000 + 150 * i) * (0.8 + 0.15 * std::sin(2 * pi * (hour - 9) / 24) +
                                     0.1 * std::cos(2 * pi * t / 8760) - 0.07 * ((h / 24) % 7 >= 5 ? 1 : 0)),
                 3));
  }
  return p;
}

inline Model expansion_model(int node_count, int hour_count) {
  // H chronological hours in one group, together a year of 8,760 hours.
  Calendar calendar = Calendar::hourly(hour_count);
  for (double& hours : calendar.slice_hours) hours = 8760.0 / hour_count;
  calendar.period_hours = {8760.0};
  ModelBuilder b(calendar);
  b.model().objective = {.kind = ObjectiveKind::min_cost, .discount_rate = 0};
  const CommodityId power = b.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
  const Series one = b.constant(1), minus = b.constant(-1);
  std::vector<PlaceId> bus;
  for (int i = 0; i < node_count; ++i) bus.push_back(b.add(Place{.name = "n" + std::to_string(i)}));
  for (int i = 0; i < node_count; ++i) {
    const NodeProfile profile = node_profile(i, node_count, hour_count);
    const PlaceId at = bus[static_cast<std::size_t>(i)];
    const std::string name = "n" + std::to_string(i);
    const auto plant = [&](const std::string& kind, double capex, double cost, double most,
                           const std::vector<double>& availability) {
      const std::string title = fmt::format("{} {}", name, kind);
      Capacity capacity{.name = title, .place = at, .total_max = most, .capex = b.constant(capex)};
      if (!availability.empty()) capacity.availability = b.by_slice(availability);
      const CapacityId k = b.add(std::move(capacity));
      b.add(Process{.name = title,
                    .place = at,
                    .flows = {{.commodity = power, .place = at, .rate = one}},
                    .uses = {{k, one}},
                    .cost = b.constant(cost)});
    };
    plant("solar", 45000, 0.01, 20000, profile.solar);
    plant("wind", 95000 + 1000.0 * i, 0.02, 15000, profile.wind);
    plant("gas", 48000, 70.0 + i, -1, {});
    b.add(Process{.name = name + " shed",
                  .place = at,
                  .flows = {{.commodity = power, .place = at, .rate = one}},
                  .upper = b.constant(1e5),
                  .cost = b.constant(5000)});
    const CapacityId battery = b.add(Capacity{.name = name + " battery", .place = at, .capex = b.constant(60000)});
    b.add(Store{.name = name + " battery",
                .commodity = power,
                .place = at,
                .level_capacity = battery,
                .level_per_unit = 6,
                .power_capacity = battery,
                .efficiency_in = 0.95,
                .efficiency_out = 0.95,
                .discharge_cost = b.constant(0.005)});
    b.add(Demand{.name = name + " load", .commodity = power, .place = at, .quantity = b.by_slice(profile.load)});
  }
  for (int i = 0; i < node_count; ++i) {
    const PlaceId from = bus[static_cast<std::size_t>(i)], to = bus[static_cast<std::size_t>((i + 1) % node_count)];
    const std::string name = "l" + std::to_string(i);
    const CapacityId k = b.add(
        Capacity{.name = name, .place = from, .existing = b.constant(200), .capex = b.constant(20000 + 500.0 * i)});
    b.add(Process{
        .name = name,
        .place = from,
        .flows = {{.commodity = power, .place = from, .rate = minus}, {.commodity = power, .place = to, .rate = one}},
        .uses = {{k, one}},
        .lower = b.constant(-1e9),
        .reactance = 0.1 + 0.01 * i,
        .line_from = from,
        .line_to = to});
  }
  Diagnostics diagnostics;
  return std::move(std::move(b).finish(diagnostics).value());
}

}  // namespace beltline
