#include "plan/extract.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace beltline {
namespace {

Values shape(std::size_t count, int T, const std::function<int(std::size_t)>& slices_of) {
  Values values;
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    values.offset.push_back(next);
    values.slices.push_back(slices_of(i));
    next += static_cast<std::size_t>(T) * static_cast<std::size_t>(values.slices.back());
  }
  values.data.assign(next, 0.0);
  return values;
}

/// Copies a block of columns (or rows) of one entity.
void copy(const Block& block, const std::vector<double>& from, Values& to, std::size_t entity, double scale) {
  if (block.first < 0 || from.empty()) return;
  for (int t = block.t0; t < block.t1; ++t) {
    for (int s = 0; s < block.slices; ++s) to.at(entity, t, s) = scale * from[static_cast<std::size_t>(block.at(t, s))];
  }
}

void copy_nonnegative(const Block& block, const std::vector<double>& from, Values& to, std::size_t entity,
                      double scale = 1) {
  copy(block, from, to, entity, scale);
  for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
    for (int s = 0; s < block.slices; ++s) to.at(entity, t, s) = std::max(0.0, to.at(entity, t, s));
  }
}

/// Whole numbers within what a solver leaves of them; others as they are.
void copy_whole(const Block& block, const std::vector<double>& x, Values& to, std::size_t entity) {
  copy_nonnegative(block, x, to, entity);
  for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
    for (int s = 0; s < block.slices; ++s) {
      double& value = to.at(entity, t, s);
      if (std::abs(value - std::round(value)) < 1e-5) value = std::round(value);
    }
  }
}

void copy_modules(const Block& block, const std::vector<double>& x, Values& to, std::size_t entity,
                  const Capacity& capacity) {
  copy_nonnegative(block, x, to, entity, 1.0);
  for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
    double& value = to.at(entity, t);
    if (capacity.module_size > 0 && std::abs(value - std::round(value)) < 1e-5) value = std::round(value);
    value *= module_of(capacity);
  }
}

}  // namespace

Plan empty_plan(const Model& model, const Layout& layout) {
  const int T = model.period_count();
  const auto one = [](std::size_t) { return 1; };
  const auto slices_of = [](const std::vector<Block>& blocks) {
    return [&blocks](std::size_t i) { return std::max(1, blocks[i].slices); };
  };
  Plan plan;
  plan.order = shape(model.capacities.size(), T, one);
  plan.built = shape(model.capacities.size(), T, one);
  plan.order_price = shape(model.capacities.size(), T, one);
  plan.moved = shape(model.moves.size(), T, one);
  plan.activity = shape(model.processes.size(), T, slices_of(layout.activity));
  for (auto [values, blocks] : {std::pair{&plan.units_on, &layout.commitment.on},
                                {&plan.starts, &layout.commitment.starts},
                                {&plan.stops, &layout.commitment.stops}}) {
    *values = shape(model.processes.size(), T,
                    [&](std::size_t p) { return (*blocks)[p].first >= 0 ? (*blocks)[p].slices : 0; });
  }
  plan.peak = shape(model.processes.size(), T, one);
  plan.level = shape(model.stores.size(), T, slices_of(layout.level));
  plan.charge = shape(model.stores.size(), T, slices_of(layout.level));
  plan.discharge = shape(model.stores.size(), T, slices_of(layout.level));
  plan.unserved = shape(model.demands.size(), T,
                        [&](std::size_t d) { return layout.balance[model.demands[d].node.index()].slices; });
  plan.shortfall = shape(model.limits.size(), T, one);
  plan.unpaid = shape(model.commitments.size(), T, one);
  plan.node_price = shape(model.nodes.size(), T, slices_of(layout.balance));
  plan.capacity_price = shape(model.capacities.size(), T, [&](std::size_t k) {
    if (layout.single_user[k] >= 0) return layout.activity[static_cast<std::size_t>(layout.single_user[k])].slices;
    return std::max(1, layout.capacity[k].slices);
  });
  plan.limit_price = shape(model.limits.size(), T, slices_of(layout.limit));
  return plan;
}

void extract_decisions(const Model& model, const Formulation& formulation, const std::vector<double>& x, Plan& plan) {
  const Layout& layout = formulation.layout;
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    copy_modules(layout.order[k], x, plan.order, k, model.capacities[k]);
    copy_nonnegative(layout.built[k], x, plan.built, k);
  }
  for (std::size_t i = 0; i < model.moves.size(); ++i) {
    copy_modules(layout.moved[i], x, plan.moved, i, model.capacities[model.moves[i].from.index()]);
  }
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    if (model.runs_back(model.processes[p])) {
      copy(layout.activity[p], x, plan.activity, p, 1.0);
    } else {
      copy_nonnegative(layout.activity[p], x, plan.activity, p);
    }
    copy_nonnegative(layout.peak[p], x, plan.peak, p);
    copy_whole(layout.commitment.on[p], x, plan.units_on, p);
    copy_whole(layout.commitment.starts[p], x, plan.starts, p);
    copy_whole(layout.commitment.stops[p], x, plan.stops, p);
  }
  for (std::size_t v = 0; v < model.stores.size(); ++v) {
    copy_nonnegative(layout.level[v], x, plan.level, v);
    copy_nonnegative(layout.charge[v], x, plan.charge, v);
    copy_nonnegative(layout.discharge[v], x, plan.discharge, v);
  }
  for (std::size_t d = 0; d < model.demands.size(); ++d) copy_nonnegative(layout.unserved[d], x, plan.unserved, d);
  for (std::size_t i = 0; i < model.limits.size(); ++i) copy_nonnegative(layout.shortfall[i], x, plan.shortfall, i);
  for (std::size_t i = 0; i < model.commitments.size(); ++i) copy_nonnegative(layout.unpaid[i], x, plan.unpaid, i);
  plan.has_point = true;
}

void extract_prices(const Model& model, const Formulation& formulation, const lp::Solution& solution, Plan& plan) {
  const Layout& layout = formulation.layout;
  const double usd = 1.0 / formulation.money_scale;
  for (std::size_t n = 0; n < model.nodes.size(); ++n)
    copy(layout.balance[n], solution.row_dual, plan.node_price, n, usd);
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    // Per unit of the row's right-hand side, which is availability times what is online.
    copy(layout.capacity[k], solution.row_dual, plan.capacity_price, k, -usd);
    if (layout.single_user[k] >= 0) {
      const auto p = static_cast<std::size_t>(layout.single_user[k]);
      copy(layout.activity[p], solution.column_dual, plan.capacity_price, k, -usd);
    }
    const double per_unit = usd / module_of(model.capacities[k]);
    copy(layout.order[k], solution.column_dual, plan.order_price, k, per_unit);
  }
  for (double& price : plan.capacity_price.data) price = std::max(0.0, price);
  for (std::size_t i = 0; i < model.limits.size(); ++i) {
    const double scale = model.limits[i].unit == "USD" ? 1.0 : usd;
    copy(layout.limit[i], solution.row_dual, plan.limit_price, i, scale);
  }
}

}  // namespace beltline
