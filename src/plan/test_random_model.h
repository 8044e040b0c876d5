// For tests: networks that are a function of a seed.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/builder.h"

namespace beltline {

/// Draws in order; the network is a function of the seed alone.
class Draw {
 public:
  explicit Draw(uint32_t seed) : seed_(seed) {}
  double real(double low, double high) { return low + (high - low) * uniform01({.seed = seed_, .period = next_++}); }
  int whole(int low, int high) { return std::min(high, static_cast<int>(real(low, high + 1))); }
  bool chance(double p) { return real(0, 1) < p; }

 private:
  uint32_t seed_;
  uint32_t next_ = 0;
};

/// A chain of amounts that ends in machines which turn power into a rate that is asked for: every mechanism at once.
inline Model random_model(uint32_t seed, double demand_scale = 1.0) {
  Draw draw(seed);
  const int slices = draw.chance(0.5) ? 4 : 1;
  ModelBuilder b(Calendar::monthly({2026, 1}, draw.whole(5, 12), slices));
  b.model().objective = {.kind = ObjectiveKind::min_cost, .discount_rate = 0.05};
  std::vector<PlaceId> places;
  for (int i = 0; i < draw.whole(1, 3); ++i) {
    places.push_back(b.add(Place{.name = "place" + std::to_string(i), .outline = i > 0 && draw.chance(0.3)}));
  }
  const auto anywhere = [&] {
    return places[static_cast<std::size_t>(draw.whole(0, static_cast<int>(places.size()) - 1))];
  };
  const CommodityId power = b.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
  const CommodityId compute =
      b.add(Commodity{.name = "compute", .unit = "PFLOP/s", .grain = Grain::rate, .disposable = true});
  const auto constant = [&](double low, double high) { return b.constant(draw.real(low, high)); };

  std::vector<CommodityId> chain;
  const int links = draw.whole(1, 4);
  for (int i = 0; i < links; ++i)
    chain.push_back(b.add(Commodity{.name = "good" + std::to_string(i), .unit = "wafer"}));
  for (int i = 0; i < links; ++i) {
    const std::string name = "make" + std::to_string(i);
    const CapacityId line = b.add(Capacity{.name = name,
                                           .place = places[0],
                                           .existing = constant(5, 50),
                                           .buildable = draw.chance(0.5),
                                           .lead = draw.whole(0, 3),
                                           .module_size = draw.chance(0.3) ? 5.0 : 0.0,
                                           .build_max = b.constant(20),
                                           .capex = constant(10, 100)});
    Process process{.name = name,
                    .place = places[0],
                    .grain = Grain::amount,
                    .uses = {{line, b.constant(1)}},
                    .cost = constant(1, 5)};
    process.flows.push_back(
        {.commodity = chain[static_cast<std::size_t>(i)], .rate = constant(0.5, 2), .lag = draw.whole(0, 2)});
    if (i > 0)
      process.flows.push_back({.commodity = chain[static_cast<std::size_t>(i - 1)], .rate = constant(-2, -0.5)});
    b.add(std::move(process));
    if (draw.chance(0.7))
      b.add(Store{.name = name,
                  .commodity = chain[static_cast<std::size_t>(i)],
                  .place = places[0],
                  .loss = draw.chance(0.3) ? 0.1 : 0.0,
                  .initial = draw.real(0, 10),
                  .holding_cost = constant(0, 0.1)});
  }
  // Goods without an inventory have to go somewhere.
  for (const CommodityId good : chain) b.model().commodities[good.index()].disposable = true;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string at = "@" + std::to_string(i);
    const CapacityId machines =
        b.add(Capacity{.name = "machine" + at,
                       .place = places[i],
                       .lead = draw.whole(0, 2),
                       .module_size = draw.chance(0.3) ? 2.0 : 0.0,
                       .life = draw.chance(0.3) ? 4 : 0,
                       .capex = constant(10, 1000),
                       .salvage_life = 24,
                       .fixed_cost = constant(0, 3),
                       .availability = b.by_slice([&](int, int) { return draw.real(0.7, 1); }),
                       .build_flows = {{.commodity = chain.back(), .place = places[0], .amount = -1}}});
    b.add(Process{.name = "run" + at,
                  .place = places[i],
                  .flows = {{.commodity = power, .rate = constant(-1.4, -1)},
                            {.commodity = compute, .place = places[0], .rate = constant(1, 3)}},
                  .uses = {{machines, b.constant(1)}},
                  .useful = b.constant(1)});
    b.add(Process{.name = "grid" + at,
                  .place = places[i],
                  .flows = {{.commodity = power, .rate = b.constant(1)}},
                  .upper = constant(5, 50),
                  .cost = b.by_slice([&](int, int) { return draw.real(0.01, 0.2); }),
                  .peak_cost = draw.chance(0.5) ? constant(0, 5) : Series{}});
    if (draw.chance(0.5)) {
      b.add(Store{.name = "battery" + at,
                  .commodity = power,
                  .place = places[i],
                  .level_max = constant(1, 9),
                  .power_max = constant(1, 5),
                  .efficiency_in = 0.9,
                  .efficiency_out = 0.95,
                  .loss = 0.01});
    }
  }
  b.add(Demand{.name = "work",
               .commodity = compute,
               .place = anywhere(),
               .quantity = b.constant(demand_scale * draw.real(1, 40)),
               .unserved_cost = constant(0.5, 5)});
  Limit share{.name = "share", .unit = "USD", .scope = LimitScope::window, .upper = constant(1e3, 1e5)};
  for (std::size_t k = 0; k < b.model().capacities.size(); ++k)
    share.terms.push_back({.kind = TermKind::spend, .id = static_cast<int32_t>(k)});
  b.add(std::move(share));
  Diagnostics diagnostics;
  return std::move(std::move(b).finish(diagnostics).value());
}

}  // namespace beltline
