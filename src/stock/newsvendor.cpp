#include "stock/newsvendor.h"

#include "base/assert.h"

namespace beltline::stock {

NewsvendorOrder newsvendor(const NewsvendorCosts& costs, const Distribution& demand) {
  ASSERT(costs.overage > 0 && costs.underage > 0);
  return newsvendor_at(costs, demand, quantile(demand, costs.underage / (costs.overage + costs.underage)));
}

NewsvendorOrder newsvendor_at(const NewsvendorCosts& costs, const Distribution& demand, double quantity) {
  const double short_units = loss(demand, quantity);
  const double left_units = quantity - mean(demand) + short_units;
  return {.quantity = quantity,
          .critical_ratio = costs.underage / (costs.overage + costs.underage),
          .cost = costs.overage * left_units + costs.underage * short_units,
          .short_units = short_units,
          .left_units = left_units};
}

NewsvendorCosts newsvendor_costs(const Trade& trade) {
  return {.overage = trade.cost - trade.salvage, .underage = trade.price - trade.cost + trade.goodwill};
}

double newsvendor_profit(const Trade& trade, const Distribution& demand, double quantity) {
  const double cost = newsvendor_at(newsvendor_costs(trade), demand, quantity).cost;
  return (trade.price - trade.cost) * mean(demand) - cost;
}

}  // namespace beltline::stock
