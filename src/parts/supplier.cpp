#include "parts/supplier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/goods.h"
#include "parts/memory_chain.h"
#include "parts/network_names.h"
#include "parts/order_rules.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

void missing(const Compile& c, const Entry& supplier, std::string_view key, std::string_view what,
             std::string_view expected) {
  c.diagnostics.add({.code = Code::missing_key,
                     .origin = supplier.where(key),
                     .message = std::string(key) + " of supplier '" + supplier.name + "' needs " + std::string(what),
                     .found = "no " + std::string(what),
                     .expected = std::string(expected),
                     .help = "add " + std::string(what) + ", or leave out " + std::string(key)});
}

/// Units that may be ordered in each period, none outside the window of the supplier.
std::vector<double> most_by_period(const Compile& c, const Entry& supplier, const Good& good, const Window& window) {
  const Series capacity = amounts_of(c, supplier, "capacity", good);
  std::vector<double> most;
  for (int t = 0; t < c.builder.calendar().period_count; ++t) {
    const bool is_open = t >= window.first && t <= window.last;
    most.push_back(is_open ? c.builder.model().at_or(capacity, kNoLimit, t) : 0);
  }
  return most;
}

/// The price breaks by rising size; nothing where they contradict each other.
bool read_breaks(const Compile& c, const Entry& supplier, OrderRules& rules) {
  if (!supplier.has("breaks")) return true;
  for (const Entry& record : supplier.records("breaks")) {
    const auto from = amount_of(c, record, "from", rules.good);
    const auto price = number_in(c, record, "price", {{per("USD", rules.good.unit)}, {"USD"}});
    if (!from || !price) return false;
    if (*from <= 0 || std::ranges::any_of(rules.breaks, [&](const auto& b) { return b.from == *from; })) {
      add_contradiction(
          c, {record.where("from"), "two prices of supplier '" + supplier.name + "' hold from one size of order",
              std::to_string(*from), "sizes above 0 that all differ", "write another from"});
      return false;
    }
    rules.breaks.push_back({.from = *from, .price = *price});
  }
  std::ranges::sort(rules.breaks, {}, &OrderRules::Break::from);
  rules.incremental = supplier.text("break_kind") == "incremental";
  return true;
}

/// Terms that need a most: without one nothing says how large an order a choice may open.
bool check_rules(const Compile& c, const Entry& supplier, const OrderRules& rules) {
  const bool is_bounded = std::ranges::none_of(rules.most, [](double most) { return std::isinf(most); });
  for (const std::string_view key : {"minimum_order", "breaks"}) {
    const bool needs = supplier.has(key) && (key != "breaks" || !rules.breaks.empty());
    if (needs && !is_bounded) {
      missing(c, supplier, key, "capacity", "the most that it delivers");
      return false;
    }
  }
  if (!rules.breaks.empty() && !rules.price.present()) {
    missing(c, supplier, "breaks", "price", "what one costs below the first break");
    return false;
  }
  if (rules.minimum > std::ranges::max(rules.most)) {
    add_contradiction(
        c, {supplier.where("minimum_order"),
            "minimum_order of supplier '" + supplier.name + "' is above what it ever delivers",
            std::to_string(rules.minimum), "at most capacity, " + std::to_string(std::ranges::max(rules.most)),
            "lower minimum_order, or raise capacity"});
    return false;
  }
  return true;
}

std::optional<OrderRules> read_rules(const Compile& c, const Entry& supplier, const Good& good, const Window& window) {
  OrderRules rules{.supplier = &supplier, .good = good, .place = place_of(c, supplier, "place")};
  rules.most = most_by_period(c, supplier, good, window);
  rules.price = price_of(c, supplier, "price", good);
  if (supplier.has("lot_size")) rules.lot = amount_of(c, supplier, "lot_size", good).value_or(0);
  if (supplier.has("minimum_order")) rules.minimum = amount_of(c, supplier, "minimum_order", good).value_or(0);
  if (!read_breaks(c, supplier, rules) || !check_rules(c, supplier, rules)) return std::nullopt;
  return rules;
}

ProcessId add_orders(const Compile& c, const OrderRules& rules, std::string name, const OrderTier& tier, int lag) {
  Process process;
  process.name = std::move(name);
  process.place = rules.place;
  process.owner = party_of(c, *rules.supplier, "buyer");
  process.grain = Grain::amount;
  process.unit = rules.good.unit;
  process.kind = "order";
  process.flows.push_back(
      {.commodity = rules.good.commodity, .place = rules.place, .rate = c.builder.constant(1), .lag = lag});
  if (std::ranges::any_of(tier.most, [](double most) { return !std::isinf(most); })) {
    process.upper = c.builder.by_period(tier.most);
  }
  process.cost = tier.price;
  if (tier.price.present()) {
    add_payment(process, {party_of(c, *rules.supplier, "buyer"), party_of(c, *rules.supplier, "seller"), tier.price,
                          rules.good.name});
  }
  process.provenance = provenance(*rules.supplier);
  return c.builder.add(std::move(process));
}

/// The faster way, at its own price; both together are within the capacity.
void add_expedited(const Compile& c, const OrderRules& rules, const std::vector<ProcessId>& tiers,
                   std::vector<ProcessId>& others) {
  const Entry& supplier = *rules.supplier;
  const bool has_lead = supplier.has("expedited_lead");
  if (has_lead != supplier.has("expedited_price")) {
    missing(c, supplier, has_lead ? "expedited_lead" : "expedited_price",
            has_lead ? "expedited_price" : "expedited_lead", "both lead and price of the faster way");
    return;
  }
  if (!has_lead) return;
  if (supplier.months("expedited_lead") >= supplier.months("lead")) {
    add_contradiction(
        c, {supplier.where("expedited_lead"), "the faster way of supplier '" + supplier.name + "' is not faster",
            std::to_string(supplier.months("expedited_lead")) + " months",
            "less than lead, " + std::to_string(supplier.months("lead")) + " months",
            "write a shorter expedited_lead, or leave it out"});
    return;
  }
  const std::string place = c.builder.model().places[rules.place.index()].name;
  const OrderTier tier{.price = price_of(c, supplier, "expedited_price", rules.good), .most = rules.most};
  others.push_back(add_orders(c, rules, "expedite_" + supplier.name + "@" + place, tier,
                              lead_periods(c, supplier, "expedited_lead")));
  if (!supplier.has("capacity")) return;
  Row row{.name = "capacity_" + supplier.name + "@" + place, .kind = "order", .unit = rules.good.unit};
  for (const ProcessId id : tiers) row.terms.push_back({.kind = TermKind::activity, .id = id.value});
  row.terms.push_back({.kind = TermKind::activity, .id = others.back().value});
  row.upper = c.builder.by_period(rules.most);
  row.provenance = provenance(supplier);
  add_row(c, std::move(row));
}

/// What is paid whether drawn or not.
void add_contract(const Compile& c, const OrderRules& rules, const Window& window,
                  const std::vector<ProcessId>& processes) {
  const Entry& supplier = *rules.supplier;
  if (!supplier.has("contract")) {
    if (supplier.has("take_or_pay")) missing(c, supplier, "take_or_pay", "contract", "the quantity that is contracted");
    return;
  }
  if (supplier.has("take_or_pay") && !rules.price.present()) {
    missing(c, supplier, "take_or_pay", "price", "what is paid for what is not drawn");
    return;
  }
  Commitment contract;
  contract.name = "contract_" + supplier.name;
  if (c.spec.find("commitment", contract.name) != nullptr) {
    c.diagnostics.add({.code = Code::duplicate_name,
                       .origin = supplier.where("contract"),
                       .message = "another part of the scenario already makes '" + contract.name + "'",
                       .found = {},
                       .expected = "a name of its own",
                       .help = "rename " + std::string(supplier.section->name) + " '" + supplier.name + "'"});
    return;
  }
  contract.title = supplier.has("title") ? supplier.text("title") : contract.name;
  contract.from = party_of(c, supplier, "seller");
  contract.to = party_of(c, supplier, "buyer");
  contract.kind = "contract";
  contract.status = "signed";
  contract.unit = rules.good.unit;
  contract.first = window.first;
  contract.last = window.last;
  contract.quantity = amounts_of(c, supplier, "contract", rules.good);
  for (const ProcessId id : processes) contract.terms.push_back({.kind = TermKind::activity, .id = id.value});
  if (supplier.has("take_or_pay")) contract.take_or_pay = supplier.number("take_or_pay");
  contract.price = rules.price;
  contract.provenance = provenance(supplier, "contract");
  c.builder.add(std::move(contract));
}

/// Suppliers of one good at one place.
struct Offer {
  const Entry* supplier = nullptr;
  std::vector<ProcessId> processes;
  Good good;
  std::vector<double> most;  // [period]

  /// Whether it takes orders in a period.
  [[nodiscard]] bool is_open(int t) const { return most[static_cast<std::size_t>(t)] > 0; }
};
using Offers = std::map<std::pair<CommodityId, PlaceId>, std::vector<Offer>>;

std::vector<ProcessId> add_processes(const Compile& c, const OrderRules& rules) {
  const Entry& supplier = *rules.supplier;
  const std::string at = "@" + c.builder.model().places[rules.place.index()].name;
  const int lag = lead_periods(c, supplier, "lead");
  std::vector<ProcessId> tiers, others;
  const std::vector<OrderTier> list = order_tiers(c, rules);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string number = i == 0 ? "" : "_" + std::to_string(i);
    tiers.push_back(add_orders(c, rules, "order_" + supplier.name + number + at, list[i], lag));
  }
  add_expedited(c, rules, tiers, others);
  add_order_rules(c, rules, tiers, others);
  if (supplier.has("backlog")) {
    Series rate = amounts_of(c, supplier, "backlog", rules.good);
    Process backlog;
    backlog.name = "backlog_order_" + supplier.name + at;
    backlog.place = rules.place;
    backlog.owner = party_of(c, supplier, "buyer");
    backlog.grain = Grain::amount;
    backlog.unit = rules.good.unit;
    backlog.kind = "backlog";
    backlog.flows.push_back({.commodity = rules.good.commodity, .place = rules.place, .rate = c.builder.constant(1)});
    backlog.upper = c.builder.by_period([&](int t) { return t < lag ? c.builder.model().at(rate, t) : 0.0; });
    backlog.provenance = provenance(supplier);
    c.builder.add(std::move(backlog));
  }
  tiers.insert(tiers.end(), others.begin(), others.end());
  return tiers;
}

void compile_supplier(const Compile& c, const Entry& supplier, Offers& offers) {
  const std::optional<Good> good = good_of(c, supplier, "supplier '" + supplier.name + "'");
  const std::optional<Window> window = window_of(c, supplier);
  if (!good || !window) return;
  const std::optional<OrderRules> rules = read_rules(c, supplier, *good, *window);
  if (!rules || is_process_taken(c, supplier, "order_" + supplier.name + "@" + supplier.text("place"))) return;
  const std::vector<ProcessId> processes = add_processes(c, *rules);
  add_contract(c, *rules, *window, processes);
  add_stock(c, *good, rules->place, supplier);
  offers[{good->commodity, rules->place}].push_back({&supplier, processes, *good, rules->most});
  Measure ordered{.table = "supply",
                  .name = "ordered_" + supplier.name,
                  .unit = good->unit,
                  .place = rules->place,
                  .party = party_of(c, supplier, "seller"),
                  .provenance = provenance(supplier)};
  for (const ProcessId id : processes) ordered.terms.push_back({.kind = TermKind::activity, .id = id.value});
  c.builder.add(std::move(ordered));
}

/// What the suppliers that take orders in a period ask for of all orders, least and most.
struct ShareSums {
  double least = 0;
  double most = 0;
  bool any_open = false;
};

constexpr double kShareRounding = 1e-9;

ShareSums share_sums(const Compile& c, const std::vector<Offer>& offers, int t) {
  const Calendar& calendar = c.builder.calendar();
  ShareSums sums;
  for (const Offer& offer : offers) {
    if (!offer.is_open(t)) continue;
    const Entry& supplier = *offer.supplier;
    sums.any_open = true;
    if (supplier.has("share_min")) sums.least += supplier.series("share_min").at(calendar, t, 0);
    sums.most += supplier.has("share_max") ? supplier.series("share_max").at(calendar, t, 0) : 1;
  }
  return sums;
}

/// Whether a share can be asked for: a least one of whoever takes orders, a most one where all together may have the
/// whole. Before a second source is qualified the first has all, instead of nobody anything.
bool is_share_in_force(const Compile& c, const std::vector<Offer>& offers, const Offer& own, std::string_view key,
                       int t) {
  if (key == "share_min") return own.is_open(t);
  return share_sums(c, offers, t).most >= 1 - kShareRounding;
}

/// own − share · all ≤ 0, or ≥ 0, in the periods in which the share is in force.
void add_share(const Compile& c, const std::vector<Offer>& offers, const Offer& own, std::string_view key) {
  const Entry& supplier = *own.supplier;
  if (!supplier.has(key)) return;
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& share = supplier.series(key);
  Row row{.name = std::string(key) + "_" + supplier.name + "@" + supplier.text("place"), .kind = "share", .unit = "1"};
  for (const Offer& offer : offers) {
    const double of_own = &offer == &own ? 1 : 0;
    const Series coefficient = c.builder.by_period(
        [&](int t) { return is_share_in_force(c, offers, own, key, t) ? of_own - share.at(calendar, t, 0) : 0.0; });
    for (const ProcessId id : offer.processes) {
      row.terms.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = coefficient});
    }
  }
  (key == "share_max" ? row.upper : row.lower) = c.builder.constant(0);
  row.provenance = provenance(supplier, key);
  add_row(c, std::move(row));
}

/// In every period the least shares must leave each other room.
void check_least_shares(const Compile& c, const std::vector<Offer>& offers) {
  for (int t = 0; t < c.builder.calendar().period_count; ++t) {
    const double least = share_sums(c, offers, t).least;
    if (least <= 1 + kShareRounding) continue;
    add_contradiction(c, {offers.back().supplier->where("share_min"),
                          "share_min of the suppliers of one good at one place add up to more than 1",
                          std::to_string(least) + " in " + c.builder.calendar().label(t), "at most 1 in every period",
                          "write smaller shares"});
    return;
  }
}

/// The most shares must add up to the whole: an error where all suppliers together lack it, a warning where some of
/// them take no orders in the period.
void check_most_shares(const Compile& c, const std::vector<Offer>& offers) {
  const Calendar& calendar = c.builder.calendar();
  bool is_warned = false;
  for (int t = 0; t < calendar.period_count; ++t) {
    double all = 0;
    for (const Offer& offer : offers) {
      all += offer.supplier->has("share_max") ? offer.supplier->series("share_max").at(calendar, t, 0) : 1;
    }
    if (all < 1 - kShareRounding) {
      add_contradiction(c, {offers.back().supplier->where("share_max"),
                            "share_max of the suppliers of one good at one place add up to less than 1",
                            std::to_string(all) + " in " + calendar.label(t), "at least 1 in every period",
                            "write larger shares, or leave share_max out of one of them"});
      return;
    }
    const ShareSums open = share_sums(c, offers, t);
    if (is_warned || !open.any_open || open.most >= 1 - kShareRounding) continue;
    is_warned = true;
    c.diagnostics.add(
        {.code = Code::inconsistent,
         .severity = Severity::warning,
         .origin = offers.back().supplier->where("share_max"),
         .message = "share_max is left out of account where the suppliers that take orders may not have all of them",
         .found = std::to_string(open.most) + " in " + calendar.label(t),
         .expected = "at least 1 in every period",
         .help = "write share_max by dates, 1 until the other supplier takes orders"});
  }
}

void check_shares(const Compile& c, const std::vector<Offer>& offers) {
  check_least_shares(c, offers);
  check_most_shares(c, offers);
}

/// Suppliers in the order of their priorities, where these differ.
void add_priorities(const Compile& c, const std::vector<Offer>& offers, PlaceId place) {
  std::map<int64_t, Turn> turns;
  for (const Offer& offer : offers) {
    Turn& turn = turns[offer.supplier->integer("priority")];
    turn.processes.insert(turn.processes.end(), offer.processes.begin(), offer.processes.end());
    turn.most.resize(offer.most.size());
    for (std::size_t t = 0; t < offer.most.size(); ++t) turn.most[t] += offer.most[t];
  }
  if (turns.size() < 2) return;
  for (const Offer& offer : offers) {
    if (std::ranges::none_of(offer.most, [](double most) { return std::isinf(most); })) continue;
    missing(c, *offer.supplier, "priority", "capacity", "the most that it delivers");
    return;
  }
  std::vector<Turn> in_order;
  for (auto& [priority, turn] : turns) in_order.push_back(std::move(turn));
  const Good& good = offers.front().good;
  add_turns(c, good.name + "@" + c.builder.model().places[place.index()].name, good, place, in_order,
            provenance(*offers.front().supplier));
}

}  // namespace

void compile_suppliers(const Compile& c) {
  Offers offers;
  for (const Entry& supplier : c.spec.entries("supplier")) compile_supplier(c, supplier, offers);
  for (const auto& [where, list] : offers) {
    check_shares(c, list);
    add_priorities(c, list, where.second);
    for (const Offer& own : list) {
      for (const std::string_view key : {"share_max", "share_min"}) add_share(c, list, own, key);
    }
  }
}

}  // namespace beltline
