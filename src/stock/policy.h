// Rules that order again and again: base stock, order points, periodic review; what they serve and what they cost.
//
// Demand that finds no stock waits. `lead_time_demand` is the demand from an order to its arrival.
#pragma once

#include "stock/distribution.h"

namespace beltline::stock {

struct Service {
  double ready = 0;       // share of time in which all demand so far is served
  double fill = 0;        // share of demand served from stock at once
  double cycle = 0;       // share of order cycles without a unit short
  double backorders = 0;  // units waiting, mean
  double on_hand = 0;     // units in stock, mean
};

/// Each unit taken is ordered at once, so that stock and orders are always `level`.
///
/// fill = P(D ≤ level − 1) for Poisson (exact), P(D ≤ level) for continuous demand; backorders = E[(D − level)⁺]
/// @source  Hadley & Whitin 1963; Hopp & Spearman 2008, section 2.4.2; Zipkin 2000, section 6.2
Service base_stock_service(const Distribution& lead_time_demand, double level);

/// The level with the least h E[on hand] + b E[backorders]: a newsvendor's.
double base_stock_level(const Distribution& lead_time_demand, double holding, double backorder);

struct OrderPoint {
  double quantity = 0;  // Q, ordered when stock and orders fall to
  double reorder = 0;   // r
  double cost = 0;      // USD per time: orders, holding, backorders
};

/// Position is evenly spread over (r, r + Q]: means over base stock levels, exact for Poisson and its whole numbers.
/// For normal demand the integrals are closed forms. Others are a Bug.
/// @source  Hadley & Whitin 1963; Zipkin 2000, section 6.2
Service order_point_service(const Distribution& lead_time_demand, double quantity, double reorder);

struct OrderPointCosts {
  double demand = 0;     // units per time
  double order = 0;      // USD an order
  double holding = 0;    // USD per unit and time
  double backorder = 0;  // USD per unit and time waiting
};

/// The best (Q, r), exactly: whole numbers for Poisson, real ones for normal demand. Others are a Bug.
/// @cost    Poisson O(Q) sums; normal some 100 × 100 evaluations of closed forms
/// @source  Federgruen & Zheng 1992 (Poisson), Zheng 1992 (continuous)
OrderPoint best_order_point(const OrderPointCosts& costs, const Distribution& lead_time_demand);

/// (Q, r) where a unit short costs `short_cost` once, whatever its wait, and few units are short: iterates
/// Q = √(2 λ (K + p n(r)) / h),  1 − F(r) = Q h / (p λ).
/// @param costs  its `backorder` is not used
/// @source       Hadley & Whitin 1963, section 4.3; Nahmias 2009, section 5.5
OrderPoint order_point_per_unit_short(const OrderPointCosts& costs, double short_cost, const Normal& lead_time_demand);

/// Every R the position is raised to `level`. What falls short in a cycle is E[(D_{L+R} − S)⁺] − E[(D_L − S)⁺]; ready,
/// backorders and on hand are the means of a cycle's two ends.
/// @param lead_time  demand of the lead time L
/// @param cover      demand of lead time and review period together, L + R
/// @source           Silver, Pyke & Peterson 1998, section 7.9, with the second term kept
Service periodic_review_service(const Distribution& lead_time, const Distribution& cover, double level);

}  // namespace beltline::stock
