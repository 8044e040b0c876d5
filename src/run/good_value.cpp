#include "run/good_value.h"

#include <algorithm>
#include <map>

namespace beltline {
namespace {

constexpr int kRounds = 32;  // levels of a chain

/// Mean of what lots say, by quantity.
struct Mean {
  double usd = 0;
  double units = 0;

  void add(double value, double quantity) {
    usd += value * quantity;
    units += quantity;
  }
  [[nodiscard]] double value() const { return units > 0 ? usd / units : 0; }
};

class Valuer {
 public:
  Valuer(const Model& model, const std::vector<Peg>& pegs, double carrying)
      : m_(model), pegs_(pegs), carrying_(carrying), values_(model.nodes.size()) {}

  std::vector<GoodValue> run() {
    pass(ValueSource::price, [&](const Peg& peg) { return from_lot(peg, &Valuer::price_of); });
    // costs build up from stage to stage, what a price leaves goes down from stage to stage
    repeat(ValueSource::cost, [&](const Peg& peg) { return from_lot(peg, &Valuer::cost_of); });
    pass(ValueSource::capex, [&](const Peg& peg) { return from_order(peg); });
    repeat(ValueSource::next, [&](const Peg& peg) { return from_use(peg); });
    from_stores();
    return std::move(values_);
  }

 private:
  template <class Say>
  bool pass(ValueSource source, Say say) {
    std::map<std::size_t, Mean> means;
    for (const Peg& peg : pegs_) {
      if (values_[peg.node.index()].source != ValueSource::none) continue;
      const double value = say(peg);
      if (value > 0) means[peg.node.index()].add(value, peg.quantity);
    }
    for (const auto& [node, mean] : means) values_[node] = {.usd = mean.value(), .source = source};
    return !means.empty();
  }
  template <class Say>
  void repeat(ValueSource source, Say say) {
    for (int round = 0; round < kRounds && pass(source, say); ++round) {
    }
  }

  [[nodiscard]] const Process& process_of(const PegEnd& lot) const {
    return m_.processes[static_cast<std::size_t>(lot.id)];
  }
  [[nodiscard]] bool is_amount(const Flow& flow) const {
    return m_.commodities[flow.commodity.index()].grain == Grain::amount;
  }

  /// USD a unit of the good, by what the lot that made it says of a unit of activity.
  double from_lot(const Peg& peg, double (Valuer::*of)(const Process&, int) const) const {
    if (peg.from.kind != PegKind::lot) return 0;
    const Process& process = process_of(peg.from);
    if (process.grain != Grain::amount) return 0;
    for (const Flow& flow : process.flows) {
      const double rate = m_.at(flow.rate, peg.from.period);
      if (flow.node == peg.node && rate > 0) return (this->*of)(process, peg.from.period) / rate;
    }
    return 0;
  }
  double price_of(const Process& process, int t) const {
    double sum = 0;
    for (const Payment& payment : process.payments) sum += m_.at(payment.price, t);
    return sum;
  }
  double cost_of(const Process& process, int t) const {
    double sum = m_.at_or(process.cost, 0, t);
    for (const Flow& flow : process.flows) {
      if (!is_amount(flow)) continue;
      const double rate = m_.at(flow.rate, t);
      if (rate < 0) sum -= rate * values_[flow.node.index()].usd;
    }
    return sum;
  }

  double from_order(const Peg& peg) const {
    if (peg.to.kind != PegKind::order) return 0;
    const Capacity& capacity = m_.capacities[static_cast<std::size_t>(peg.to.id)];
    if (capacity.unit != m_.commodities[m_.nodes[peg.node.index()].commodity.index()].unit) return 0;
    double taken = 0;
    for (const BuildFlow& flow : capacity.build_flows) {
      // a price for several goods is none of one of them
      if (flow.amount < 0 && flow.node != peg.node) return 0;
      if (flow.amount < 0) taken -= flow.amount;
    }
    return taken > 0 ? m_.at_or(capacity.capex, 0, peg.to.period) / taken : 0;
  }

  double from_use(const Peg& peg) const {
    if (peg.to.kind != PegKind::lot) return 0;
    const Process& process = process_of(peg.to);
    if (process.grain != Grain::amount) return 0;
    double worth = 0;
    double unvalued = 0;
    double taken = 0;
    for (const Flow& flow : process.flows) {
      if (!is_amount(flow)) continue;
      const double rate = m_.at(flow.rate, peg.to.period);
      const GoodValue& value = values_[flow.node.index()];
      worth += rate * value.usd;
      if (rate < 0 && value.source == ValueSource::none) ++unvalued;
      if (rate < 0 && flow.node == peg.node) taken -= rate;
    }
    return taken > 0 && unvalued > 0 ? std::max(0.0, worth / unvalued / taken) : 0;
  }

  void from_stores() {
    if (carrying_ <= 0) return;
    for (const Store& store : m_.stores) {
      GoodValue& value = values_[store.node.index()];
      // a price says more than a store; a sum of costs may lack what nobody wrote down
      const bool is_price = value.source == ValueSource::price || value.source == ValueSource::capex;
      if (is_price || !store.holding_cost.present()) continue;
      const double usd = 12 * m_.at(store.holding_cost, 0) / m_.calendar.months_per_period / carrying_;
      if (usd > value.usd) value = {.usd = usd, .source = ValueSource::holding};
    }
  }

  const Model& m_;
  const std::vector<Peg>& pegs_;
  double carrying_;
  std::vector<GoodValue> values_;  // [node]
};

}  // namespace

std::string_view word_of(ValueSource source) {
  switch (source) {
    case ValueSource::none: return "";
    case ValueSource::price: return "price";
    case ValueSource::cost: return "cost";
    case ValueSource::next: return "next price";
    case ValueSource::capex: return "capex";
    case ValueSource::holding: return "holding cost";
    case ValueSource::shadow: return "shadow price";
  }
  return "";
}

std::vector<GoodValue> good_values(const Model& model, const std::vector<Peg>& pegs, double carrying) {
  return Valuer(model, pegs, carrying).run();
}

}  // namespace beltline
