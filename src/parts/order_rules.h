// order_rules: orders that come in lots, not below a minimum, or at a price that falls with their size.
//
//     lots                x[t] = lot · n[t]                                n whole
//     minimum order       minimum · g[t] ≤ x[t] ≤ most[t] · g[t]           g ∈ {0, 1}
//     all units           x = Σ_i x_i,  b_i · g_i ≤ x_i ≤ b_{i+1} · g_i,  Σ_i g_i ≤ 1        each x_i at price p_i
//     incremental         x = Σ_i x_i,  w_i · g_{i+1} ≤ x_i ≤ w_i · g_i,  w_i = b_{i+1} − b_i
//
// n and g are modules of capacities that last one period, so that they are whole orders as any other; where marginal
// prices rise, incremental breaks need none. Every order is that of one period.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parts/goods.h"

namespace beltline {

/// What a supplier asks for one good at one place.
struct OrderRules {
  const Entry* supplier = nullptr;
  Good good;
  PlaceId place;
  std::vector<double> most;  // [period] units; infinity without a limit
  Series price;              // [period] USD per unit, absent: 0
  double lot = 0;            // 0: any amount
  double minimum = 0;
  struct Break {
    double from = 0;   // units in one order
    double price = 0;  // USD per unit
  };
  std::vector<Break> breaks;  // by rising `from`
  bool incremental = false;   // a break's price holds for what is above it, not for all units
};

/// One way to order at one price: up to `width` units a period, of those that a period allows.
struct OrderTier {
  Series price;
  std::vector<double> most;  // [period]
};

/// The ways at their prices, one where there are no breaks.
std::vector<OrderTier> order_tiers(const Compile& c, const OrderRules& rules);

/// The rows and choices that hold between the processes of the tiers, in their order; none for plain orders.
/// @param others  processes that count as orders too, whatever their price (an expedited way)
void add_order_rules(const Compile& c, const OrderRules& rules, const std::vector<ProcessId>& tiers,
                     const std::vector<ProcessId>& others);

/// Suppliers of one priority.
struct Turn {
  std::vector<ProcessId> processes;
  std::vector<double> most;  // [period] units that they deliver together, finite
};

/// Orders go to a later turn only where all earlier ones deliver all they can:
///
///     later[t] ≤ most · g[t],   earlier[t] ≥ most · g[t]
///
/// @param turns  in their order, two or more
void add_turns(const Compile& c, const std::string& name, const Good& good, PlaceId place,
               const std::vector<Turn>& turns, const Provenance& provenance);

/// A choice by period: capacity of one module of 1 that lasts one period.
CapacityId add_choice(const Compile& c, std::string name, PlaceId place, const Provenance& provenance);

/// A row in each period.
struct Row {
  std::string name;
  std::string kind;
  std::string unit;
  std::vector<Term> terms;
  std::optional<Series> lower;
  std::optional<Series> upper;
  Provenance provenance;
};
LimitId add_row(const Compile& c, Row row);

}  // namespace beltline
