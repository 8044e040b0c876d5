#include "parts/order_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "parts/common.h"

namespace beltline {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Whether a larger order costs less at the margin in some period: only then must a choice keep the tiers in order.
bool has_falling_prices(const Compile& c, const OrderRules& rules) {
  const Model& model = c.builder.model();
  for (std::size_t i = 0; i < rules.breaks.size(); ++i) {
    for (int t = 0; t < model.period_count(); ++t) {
      const double before = i == 0 ? model.at_or(rules.price, 0, t) : rules.breaks[i - 1].price;
      if (rules.breaks[i].price < before) return true;
    }
  }
  return false;
}

class RuleBuilder {
 public:
  RuleBuilder(const Compile& c, const OrderRules& rules, const std::vector<ProcessId>& tiers,
              const std::vector<ProcessId>& others)
      : c_(c),
        rules_(rules),
        tiers_(tiers),
        others_(others),
        suffix_("_" + rules.supplier->name + "@" + c.builder.model().places[rules.place.index()].name) {}

  void build() {
    if (rules_.lot > 0) add_lots();
    if (rules_.breaks.empty() || rules_.incremental) {
      if (rules_.minimum > 0) add_minimum();
      if (!rules_.breaks.empty() && has_falling_prices(c_, rules_)) add_incremental();
      return;
    }
    add_all_units();
  }

 private:
  static Term of(ProcessId process, Series coefficient) {
    return {.kind = TermKind::activity, .id = process.value, .coefficient = coefficient};
  }
  static Term of(CapacityId choice, Series coefficient) {
    return {.kind = TermKind::online, .id = choice.value, .coefficient = coefficient};
  }

  [[nodiscard]] std::vector<Term> total() const {
    std::vector<Term> terms;
    for (const auto* list : {&tiers_, &others_}) {
      for (const ProcessId process : *list) terms.push_back(of(process, c_.builder.constant(1)));
    }
    return terms;
  }

  void row(std::string what, std::vector<Term> terms, std::optional<double> lower, std::optional<double> upper) {
    const auto series = [&](std::optional<double> value) {
      return value ? std::optional(c_.builder.constant(*value)) : std::nullopt;
    };
    add_row(c_, {.name = std::move(what) + suffix_,
                 .kind = "order",
                 .unit = rules_.good.unit,
                 .terms = std::move(terms),
                 .lower = series(lower),
                 .upper = series(upper),
                 .provenance = provenance(*rules_.supplier)});
  }

  CapacityId choice(const std::string& what) {
    return add_choice(c_, what + suffix_, rules_.place, provenance(*rules_.supplier));
  }

  void add_lots() {
    Capacity lots;
    lots.name = "lots" + suffix_;
    lots.place = rules_.place;
    lots.unit = rules_.good.unit;
    lots.kind = "order";
    lots.module_size = rules_.lot;
    lots.life = 1;
    if (std::ranges::none_of(rules_.most, [](double most) { return std::isinf(most); })) {
      lots.build_max = c_.builder.by_period(rules_.most);
    }
    lots.provenance = provenance(*rules_.supplier);
    std::vector<Term> terms = total();
    terms.push_back(of(c_.builder.add(std::move(lots)), c_.builder.constant(-1)));
    row("whole_lots", std::move(terms), 0, 0);
  }

  void add_minimum() {
    const CapacityId gate = choice("order");
    std::vector<Term> most = total(), least = total();
    most.push_back(of(gate, c_.builder.by_period([&](int t) { return -rules_.most[static_cast<std::size_t>(t)]; })));
    least.push_back(of(gate, c_.builder.constant(-rules_.minimum)));
    row("order_most", std::move(most), {}, 0);
    row("order_least", std::move(least), 0, {});
  }

  /// w_i · g_{i+1} ≤ x_i and x_{i+1} ≤ w_{i+1} · g_{i+1}: a tier opens when the one before it is full.
  void add_incremental() {
    double begins = 0;
    for (std::size_t i = 0; i < rules_.breaks.size(); ++i) {
      const double width = rules_.breaks[i].from - begins;
      begins = rules_.breaks[i].from;
      const std::string number = std::to_string(i + 1);
      const CapacityId gate = choice("break_" + number);
      row("break_full_" + number, {of(tiers_[i], c_.builder.constant(1)), of(gate, c_.builder.constant(-width))}, 0,
          {});
      row("break_open_" + number,
          {of(tiers_[i + 1], c_.builder.constant(1)),
           of(gate, c_.builder.by_period([&](int t) { return -width_at(i, t); }))},
          {}, 0);
    }
  }

  /// The most that a period allows above break i and below the next.
  [[nodiscard]] double width_at(std::size_t i, int t) const {
    const double most = rules_.most[static_cast<std::size_t>(t)];
    const double end = i + 1 < rules_.breaks.size() ? std::min(most, rules_.breaks[i + 1].from) : most;
    return std::max(0.0, end - rules_.breaks[i].from);
  }

  /// One tier at a time: the first up to the first break, the others from theirs to the next.
  void add_all_units() {
    const double first = rules_.breaks.front().from;
    std::vector<Term> base{of(tiers_.front(), c_.builder.constant(1))};
    std::vector<Term> one;
    if (rules_.minimum > 0) {
      const CapacityId gate = choice("break_0");
      row("break_least_0", {of(tiers_.front(), c_.builder.constant(1)), of(gate, c_.builder.constant(-rules_.minimum))},
          0, {});
      base.push_back(of(gate, c_.builder.constant(-first)));
      one.push_back(of(gate, c_.builder.constant(1)));
    }
    for (std::size_t i = 0; i < rules_.breaks.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const CapacityId gate = choice("break_" + number);
      const double least = std::max(rules_.breaks[i].from, rules_.minimum);
      row("break_least_" + number, {of(tiers_[i + 1], c_.builder.constant(1)), of(gate, c_.builder.constant(-least))},
          0, {});
      row("break_most_" + number,
          {of(tiers_[i + 1], c_.builder.constant(1)), of(gate, c_.builder.by_period([&](int t) {
             return -std::min(rules_.most[static_cast<std::size_t>(t)],
                              i + 1 < rules_.breaks.size() ? rules_.breaks[i + 1].from : kNoLimit);
           }))},
          {}, 0);
      if (rules_.minimum <= 0) base.push_back(of(gate, c_.builder.constant(first)));
      one.push_back(of(gate, c_.builder.constant(1)));
    }
    // x_0 ≤ b_1 · (1 − Σ g), or with a minimum x_0 ≤ b_1 · g_0
    row("break_base", std::move(base), {}, rules_.minimum > 0 ? 0 : first);
    row("break_one", std::move(one), {}, 1);
  }

  const Compile& c_;
  const OrderRules& rules_;
  const std::vector<ProcessId>& tiers_;
  const std::vector<ProcessId>& others_;
  std::string suffix_;
};

}  // namespace

CapacityId add_choice(const Compile& c, std::string name, PlaceId place, const Provenance& provenance) {
  Capacity choice;
  choice.name = std::move(name);
  choice.place = place;
  choice.unit = "1";
  choice.kind = "choice";
  choice.module_size = 1;
  choice.build_max = c.builder.constant(1);
  choice.life = 1;
  choice.provenance = provenance;
  return c.builder.add(std::move(choice));
}

LimitId add_row(const Compile& c, Row row) {
  Limit limit;
  limit.name = std::move(row.name);
  limit.unit = std::move(row.unit);
  limit.kind = std::move(row.kind);
  limit.terms = std::move(row.terms);
  if (row.lower) limit.lower = *row.lower;
  if (row.upper) limit.upper = *row.upper;
  limit.provenance = std::move(row.provenance);
  return c.builder.add(std::move(limit));
}

void add_turns(const Compile& c, const std::string& name, const Good& good, PlaceId place,
               const std::vector<Turn>& turns, const Provenance& provenance) {
  for (std::size_t i = 1; i < turns.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const CapacityId choice = add_choice(c, "turn_" + name + "_" + number, place, provenance);
    const auto add = [&](std::string_view what, const Turn& turn, bool is_upper) {
      Row row{.name = std::string(what) + "_" + name + "_" + number, .kind = "order", .unit = good.unit};
      for (const ProcessId id : turn.processes) row.terms.push_back({.kind = TermKind::activity, .id = id.value});
      row.terms.push_back({.kind = TermKind::online, .id = choice.value, .coefficient = c.builder.by_period([&](int t) {
                             return -turn.most[static_cast<std::size_t>(t)];
                           })});
      (is_upper ? row.upper : row.lower) = c.builder.constant(0);
      row.provenance = provenance;
      add_row(c, std::move(row));
    };
    add("turn_later", turns[i], true);
    add("turn_before", turns[i - 1], false);
  }
}

std::vector<OrderTier> order_tiers(const Compile& c, const OrderRules& rules) {
  std::vector<OrderTier> tiers;
  for (std::size_t i = 0; i <= rules.breaks.size(); ++i) {
    const double begins = i == 0 || !rules.incremental ? 0 : rules.breaks[i - 1].from;
    const double ends = i < rules.breaks.size() ? rules.breaks[i].from : kNoLimit;
    OrderTier tier;
    tier.price = i == 0 ? rules.price : c.builder.constant(rules.breaks[i - 1].price);
    for (const double most : rules.most) tier.most.push_back(std::max(0.0, std::min(most, ends) - begins));
    tiers.push_back(std::move(tier));
  }
  return tiers;
}

void add_order_rules(const Compile& c, const OrderRules& rules, const std::vector<ProcessId>& tiers,
                     const std::vector<ProcessId>& others) {
  RuleBuilder(c, rules, tiers, others).build();
}

}  // namespace beltline
