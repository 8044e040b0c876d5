// Small chains that tests play: goods, processes with lags, things that are built. For src/risk/*_test.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "model/builder.h"
#include "risk/risk.h"

namespace beltline {

/// A Model with figures of a plan of it and chances, written entity by entity.
class Chain {
 public:
  explicit Chain(int periods)
      : builder_(Calendar::monthly({2026, 1}, periods, 1)),
        periods_(periods),
        place_(builder_.add(Place{.name = "here"})) {}

  /// A good with an inventory.
  CommodityId good(const std::string& name, double initial = 0) {
    const auto id = builder_.add(Commodity{.name = name, .unit = "1"});
    builder_.add(Store{.name = "stock_" + name, .commodity = id, .place = place_, .initial = initial});
    return id;
  }
  /// A good of the moment: space, people, dock time.
  CommodityId moment(const std::string& name) {
    return builder_.add(Commodity{.name = name, .unit = "1", .disposable = true});
  }
  struct Part {
    CommodityId good;
    double amount = 1;
  };
  /// Takes in, and puts out one unit of `out` after `lag`.
  int process(const std::string& name, const std::vector<Part>& in, CommodityId out, int lag,
              const std::vector<std::pair<int, double>>& starts, double upper = -1) {
    Process made{.name = name, .place = place_, .grain = Grain::amount, .unit = "1"};
    for (const Part& each : in) {
      made.flows.push_back({.commodity = each.good, .place = place_, .rate = builder_.constant(-each.amount)});
    }
    made.flows.push_back({.commodity = out, .place = place_, .rate = builder_.constant(1), .lag = lag});
    if (upper >= 0) made.upper = builder_.constant(upper);
    const int id = builder_.add(std::move(made)).value;
    activity_.push_back(row(starts));
    return id;
  }
  /// Something built: what it takes at each offset, what it needs free when it comes online.
  int capacity(const std::string& name, int lead, const std::vector<std::pair<int, double>>& orders,
               const std::vector<std::pair<int, Part>>& takes = {}, const std::vector<Part>& stands = {}) {
    Capacity made{.name = name, .place = place_, .unit = "1", .lead = lead};
    for (const auto& [offset, part] : takes) {
      made.build_flows.push_back({.commodity = part.good, .place = place_, .amount = -part.amount, .offset = offset});
    }
    for (const Part& each : stands) {
      made.stand_flows.push_back({.commodity = each.good, .place = place_, .rate = builder_.constant(each.amount)});
    }
    const int id = builder_.add(std::move(made)).value;
    order_.push_back(row(orders));
    return id;
  }
  int source(const std::string& name, Distribution distribution, bool each_period = false) {
    chances.sources.push_back({.name = name, .distribution = distribution, .each_period = each_period});
    return static_cast<int>(chances.sources.size()) - 1;
  }
  /// The source's own value: periods of delay, or a factor.
  void influence(int source, ChanceTarget target, int id, Aspect aspect, int stage = -1) {
    const Distribution& of = chances.sources[static_cast<std::size_t>(source)].distribution;
    chances.influences.push_back({.source = source,
                                  .target = target,
                                  .id = id,
                                  .aspect = aspect,
                                  .stage = stage,
                                  .at_low = of.low,
                                  .at_mode = of.mode,
                                  .at_high = of.high});
  }
  void milestone(const std::string& name, TermKind kind, int id, double quantity, int period) {
    chances.milestones.push_back({.name = name,
                                  .unit = "1",
                                  .quantity = quantity,
                                  .period = period,
                                  .is_total = kind == TermKind::activity,
                                  .terms = {{.kind = kind, .id = id}}});
  }

  ModelBuilder& builder() { return builder_; }
  [[nodiscard]] PlaceId place() const { return place_; }
  void finish() {
    Diagnostics diagnostics;
    auto made = std::move(builder_).finish(diagnostics);
    ASSERT(made.has_value());
    model = std::move(*made);
  }
  [[nodiscard]] Play play() const {
    PlanFigures figures{
        .order = joined(order_), .moved = {}, .activity = joined(activity_), .peak = {}, .variable = {}};
    figures.peak.resize(figures.activity.size());
    figures.variable.resize(figures.activity.size());
    return make_play(model, std::move(figures), chances);
  }

  Model model;
  Chances chances;

 private:
  [[nodiscard]] std::vector<double> row(const std::vector<std::pair<int, double>>& values) const {
    std::vector<double> out(static_cast<std::size_t>(periods_));
    for (const auto& [t, value] : values) out[static_cast<std::size_t>(t)] += value;
    return out;
  }
  static std::vector<double> joined(const std::vector<std::vector<double>>& rows) {
    std::vector<double> out;
    for (const auto& each : rows) out.insert(out.end(), each.begin(), each.end());
    return out;
  }

  ModelBuilder builder_;
  int periods_;
  PlaceId place_;
  std::vector<std::vector<double>> activity_, order_;
};

/// Periods in which a milestone is reached: shares of replications, the last one for never.
inline std::vector<double> shares_of(const MilestoneOdds& odds) {
  double all = 0;
  for (const uint64_t each : odds.reached) all += static_cast<double>(each);
  std::vector<double> out;
  for (const uint64_t each : odds.reached) out.push_back(static_cast<double>(each) / all);
  return out;
}

}  // namespace beltline
