// For tests: a small network to which entities are added one by one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "model/builder.h"
#include "plan/planner.h"

namespace beltline {

/// A network with one commodity of each grain at one place, to which tests add.
struct TestNetwork {
  explicit TestNetwork(Calendar calendar) : builder(std::move(calendar)) {
    power = builder.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
    wafer = builder.add(Commodity{.name = "wafer", .unit = "wafer", .grain = Grain::amount});
    here = builder.add(Place{.name = "here"});
    there = builder.add(Place{.name = "there"});
    builder.model().objective.discount_rate = 0;
  }

  ProcessId source(const std::string& name, CommodityId commodity, Grain grain, double cost,
                   std::vector<CapacityUse> uses = {}, PlaceId place = {}, int lag = 0) {
    return builder.add(Process{
        .name = name,
        .place = place.valid() ? place : here,
        .grain = grain,
        .flows =
            {{.commodity = commodity, .place = place.valid() ? place : here, .rate = builder.constant(1), .lag = lag}},
        .uses = std::move(uses),
        .cost = builder.constant(cost)});
  }

  void demand(CommodityId commodity, Series quantity, std::optional<double> unserved = {}, PlaceId place = {}) {
    const std::string name = "demand" + std::to_string(builder.model().demands.size());
    builder.add(Demand{.name = name,
                       .commodity = commodity,
                       .place = place.valid() ? place : here,
                       .quantity = quantity,
                       .unserved_cost = unserved ? builder.constant(*unserved) : Series{}});
  }

  Plan solve() {
    Diagnostics diagnostics;
    model = std::move(builder).finish(diagnostics);
    EXPECT_TRUE(model) << "the network should be sound";
    auto plan = make_plan(*model, {.mip_gap_max = 1e-6});
    EXPECT_TRUE(plan) << plan.error().message;
    return *plan;
  }

  ModelBuilder builder;
  std::optional<Model> model;
  CommodityId power, wafer;
  PlaceId here, there;
};

}  // namespace beltline
