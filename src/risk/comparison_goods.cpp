// What things are built of and stand on, what is towed, and what lies in store.
#include <algorithm>
#include <ranges>

#include "risk/comparison.h"

namespace beltline {
namespace {

template <class FlowType>
bool same_goods(const std::vector<FlowType>& a, const std::vector<FlowType>& b) {
  return std::ranges::equal(a, b, [](const FlowType& x, const FlowType& y) {
    return x.commodity.value == y.commodity.value && x.place.value == y.place.value;
  });
}

template <class Entity>
bool same_names(const std::vector<Entity>& a, const std::vector<Entity>& b) {
  return std::ranges::equal(a, b, {}, &Entity::name, &Entity::name);
}

}  // namespace

bool ModelComparison::has_like_build_flows(std::size_t k) const {
  return std::ranges::all_of(changed_, [&](const Changed* each) {
    return same_goods(base_.capacities[k].build_flows, each->model->capacities[k].build_flows);
  });
}

bool ModelComparison::has_like_stand_flows(std::size_t k) const {
  return std::ranges::all_of(changed_, [&](const Changed* each) {
    return same_goods(base_.capacities[k].stand_flows, each->model->capacities[k].stand_flows);
  });
}

/// What one unit takes, or puts out, while it is built. A dock that is held for longer is a delay, no amount.
void ModelComparison::build_flows(std::size_t k) {
  if (!has_like_build_flows(k)) return;
  const auto& own = base_.capacities[k].build_flows;
  for (std::size_t j = 0; j < own.size(); ++j) {
    const auto amount = [&](const Model& m) { return m.capacities[k].build_flows[j].amount; };
    add_factor(own[j].amount < 0 ? Aspect::intake : Aspect::yield, factors_of_number(amount),
               {ChanceTarget::capacity, k, kBuildPart + static_cast<int>(j)});
  }
}

/// What one unit online holds, or offers to others: floor space, people. What flows by the hour is not played so.
void ModelComparison::stand_flows(std::size_t k) {
  if (!has_like_stand_flows(k)) return;
  const auto& own = base_.capacities[k].stand_flows;
  for (std::size_t j = 0; j < own.size(); ++j) {
    if (base_.commodities[own[j].commodity.index()].grain != Grain::amount) continue;
    const auto rate = [&](const Model& m) { return m.capacities[k].stand_flows[j].rate; };
    bool holds = false;
    for (int t = 0; t < periods_; ++t) holds = holds || base_.mean(own[j].rate, t) < 0;
    add_factor(holds ? Aspect::intake : Aspect::yield, factors(rate),
               {ChanceTarget::capacity, k, kStandPart + static_cast<int>(j)});
  }
}

void ModelComparison::moves() {
  const auto is_like = [&](const Changed* each) { return same_names(base_.moves, each->model->moves); };
  if (!std::ranges::all_of(changed_, is_like)) return;
  for (std::size_t i = 0; i < base_.moves.size(); ++i) {
    add_delay([&](const Model& m) { return m.moves[i].lag; }, {kMoveTarget, i}, -1);
    if (!options_.with_costs) continue;
    add_factor(Aspect::cost, factors([&](const Model& m) { return m.moves[i].cost; }), {kMoveTarget, i});
  }
}

/// What lies there at first, and what is left of it after a period. How much may lie there the plan has kept.
void ModelComparison::stores() {
  const auto is_like = [&](const Changed* each) { return same_names(base_.stores, each->model->stores); };
  if (!std::ranges::all_of(changed_, is_like)) return;
  for (std::size_t v = 0; v < base_.stores.size(); ++v) {
    if (base_.commodities[base_.stores[v].commodity.index()].grain != Grain::amount) continue;
    add_factor(Aspect::limit, factors_of_number([&](const Model& m) { return m.stores[v].initial; }),
               {kStoreTarget, v});
    add_factor(Aspect::yield, factors_of_number([&](const Model& m) { return 1 - m.stores[v].loss; }),
               {kStoreTarget, v});
  }
}

bool ModelComparison::has_new_goods() const {
  const auto is_none = [&](const Model& m, Series series) {
    return std::ranges::all_of(std::views::iota(0, periods_), [&](int t) { return m.mean(series, t) == 0; });
  };
  for (std::size_t k = 0; k < base_.capacities.size(); ++k) {
    const Capacity& own = base_.capacities[k];
    for (const Changed* each : changed_) {
      const Capacity& other = each->model->capacities[k];
      for (std::size_t j = 0; j < own.build_flows.size() && has_like_build_flows(k); ++j) {
        if (own.build_flows[j].amount == 0 && other.build_flows[j].amount != 0) return true;
      }
      for (std::size_t j = 0; j < own.stand_flows.size() && has_like_stand_flows(k); ++j) {
        if (is_none(base_, own.stand_flows[j].rate) && !is_none(*each->model, other.stand_flows[j].rate)) return true;
      }
    }
  }
  const auto fills = [&](const Changed* each) {
    if (!same_names(base_.stores, each->model->stores)) return false;
    for (std::size_t v = 0; v < base_.stores.size(); ++v) {
      if (base_.stores[v].initial == 0 && each->model->stores[v].initial != 0) return true;
    }
    return false;
  };
  return std::ranges::any_of(changed_, fills);
}

}  // namespace beltline
