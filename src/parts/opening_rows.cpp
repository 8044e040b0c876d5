#include "parts/opening_rows.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

class RowsReader {
 public:
  RowsReader(const Compile& c, int first) : c_(c), m_(c.builder.model()), T_(m_.period_count()), first_(first) {}

  OpeningRows run() {
    for (const Entry& entry : c_.spec.entries("opening")) read(entry);
    return std::move(rows_);
  }

 private:
  void read(const Entry& entry) {
    if (!entry.has("kind") || !entry.has("of") || !entry.has("quantity")) return;  // reported already
    const std::string& kind = entry.text("kind");
    if (kind != "used" && entry.number("quantity") < 0) {
      fault(c_, Code::out_of_range, entry, "quantity",
            {.message = "quantity of opening '" + entry.name + "' is negative",
             .found = fmt::format("{:g}", entry.number("quantity")),
             .expected = "at least 0",
             .help = kind == "stock" ? "count the stock again: there cannot be less than nothing"
                                     : "write what goes as `taking` or `retiring`"});
      return;
    }
    if (kind == "stock") {
      read_stock(entry);
    } else if (kind == "arriving" || kind == "taking") {
      read_goods(entry, kind == "arriving" ? rows_.arriving : rows_.taking);
    } else if (!check_no_place(entry)) {
      return;
    } else if (kind == "used") {
      read_used(entry);
    } else {
      read_capacity(entry, kind);
    }
  }

  // ---- rows ----

  void read_stock(const Entry& entry) {
    if (!check_no_month(entry)) return;
    const StoreId store = store_of(entry);
    if (!store.valid()) return;
    Store& target = m_.stores[store.index()];
    const Commodity& commodity = m_.commodities[target.commodity.index()];
    if (commodity.grain == Grain::rate) {
      fault(c_, Code::grain_mismatch, entry, "of",
            {.message = "store '" + target.name + "' holds a rate, which begins each group of slices anew",
             .found = commodity.name,
             .expected = "a store of an amount, such as wafers",
             .help = "write the store's own `initial`"});
      return;
    }
    if (!rows_.stock.emplace(store.value, &entry).second) return told_twice(entry, target.name);
    target.initial = number_in(c_, entry, "quantity", {{commodity.unit}}).value_or(0);
  }

  /// The store of the name, or the only one of the commodity at the place.
  StoreId store_of(const Entry& entry) {
    const std::string& name = entry.text("of");
    const PlaceId place = entry.has("place") ? place_named(c_, entry, "place") : PlaceId{};
    if (entry.has("place") && !place.valid()) return {};
    const StoreId named = find_store(c_, name);
    if (named.valid() && (!place.valid() || m_.stores[named.index()].place == place)) return named;
    StoreId only;
    int count = 0;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < m_.stores.size(); ++i) {
      names.push_back(m_.stores[i].name);
      if (m_.commodities[m_.stores[i].commodity.index()].name != name) continue;
      if (place.valid() && m_.stores[i].place != place) continue;
      only = StoreId(i);
      ++count;
    }
    if (count == 1) return only;
    const std::string near = nearest_word(name, names);
    fault(c_, Code::dangling_reference, entry, "of",
          {.message =
               count == 0 ? "no store is named '" + name + "' or holds it there" : "several stores hold '" + name + "'",
           .found = name,
           .expected = "the name of a store, or a commodity and place that have one store",
           .help = count > 1      ? "write the name of the store, or add the place"
                   : near.empty() ? "write the name of a store, or add [store.NAME] for it"
                                  : did_you_mean_text(near),
           .fix = {near}});
    return {};
  }

  using Goods = std::map<std::pair<int32_t, int32_t>, ByPeriod>;
  void read_goods(const Entry& entry, Goods& into) {
    const std::string& name = entry.text("of");
    CommodityId commodity;
    PlaceId place = entry.has("place") ? place_named(c_, entry, "place") : PlaceId{};
    if (entry.has("place") && !place.valid()) return;
    if (const ProcessId process = c_.builder.find_process(name); process.valid()) {
      const auto output = output_of(entry, process);
      if (!output) return;
      commodity = output->first;
      if (!place.valid()) place = output->second;
    } else {
      commodity = commodity_named(c_, entry, "of");
      if (!commodity.valid()) return;
      if (!place.valid()) return missing(entry, "place", "the place of '" + name + "'");
    }
    const auto t = month_of(entry);
    const auto quantity = number_in(c_, entry, "quantity", {{m_.commodities[commodity.index()].unit}});
    if (!t || !quantity) return;
    const std::pair node{commodity.value, place.value};
    rows_.goods_entry.try_emplace(node, &entry);
    at(into[node], *t) += *quantity;
  }

  /// What a process puts out later than it starts: one good, for a row to name it by the process.
  std::optional<std::pair<CommodityId, PlaceId>> output_of(const Entry& entry, ProcessId id) {
    const Process& process = m_.processes[id.index()];
    std::vector<const Flow*> late, all;
    for (const Flow& flow : process.flows) {
      if (m_.at(flow.rate, 0) <= 0) continue;
      all.push_back(&flow);
      if (flow.lag > 0) late.push_back(&flow);
    }
    const auto& found = late.empty() ? all : late;
    if (found.size() == 1) {
      const Flow& flow = *found.front();
      return std::pair{flow.commodity, flow.place.valid() ? flow.place : process.place};
    }
    fault(c_, Code::inconsistent, entry, "of",
          {.message = "process '" + process.name + "' does not put out one good",
           .found = fmt::format("{} outputs", found.size()),
           .expected = "a process with one output, or the name of a commodity",
           .help = "write the commodity as `of`, with its place"});
    return std::nullopt;
  }

  void read_capacity(const Entry& entry, const std::string& kind) {
    const CapacityId k = capacity_named(c_, entry, "of");
    if (!k.valid()) return;
    const auto quantity = number_in(c_, entry, "quantity", {{kind == "due" ? "USD" : m_.capacities[k.index()].unit}});
    if (kind == "existing") {
      if (!check_no_month(entry) || !quantity) return;
      if (!rows_.existing.emplace(k.value, &entry).second) return told_twice(entry, entry.text("of"));
      rows_.capacity_entry.try_emplace(k.value, &entry);
      at(rows_.added[k.value], first_) += *quantity;
      return;
    }
    const auto t = month_of(entry);
    if (!t || !quantity) return;
    auto& into = kind == "due" ? rows_.due : kind == "online" ? rows_.added : rows_.retired;
    at(into[k.value], *t) += *quantity;
    if (kind != "due") rows_.capacity_entry.try_emplace(k.value, &entry);
  }

  void read_used(const Entry& entry) {
    const LimitId l = find_limit(c_, entry.text("of"));
    if (!l.valid()) {
      std::vector<std::string> names;
      for (const Limit& limit : m_.limits) names.push_back(limit.name);
      const std::string near = nearest_word(entry.text("of"), names);
      fault(c_, Code::dangling_reference, entry, "of",
            {.message = "no limit is named '" + entry.text("of") + "'",
             .found = entry.text("of"),
             .expected = "the name of a limit, budget, share or target",
             .help = near.empty() ? "write a name that the table limits of a plan shows" : did_you_mean_text(near),
             .fix = {near}});
      return;
    }
    const Limit& limit = m_.limits[l.index()];
    const bool is_window = limit.scope == LimitScope::window;
    if (is_window && !check_no_month(entry)) return;
    const std::string unit = limit.unit.empty() ? "1" : limit.unit;
    const auto quantity = number_in(c_, entry, "quantity", {{unit}});
    const auto t = is_window ? std::optional(first_) : month_of(entry);
    if (!t || !quantity) return;
    if (limit.last < first_) {
      c_.diagnostics.add({.code = Code::unused,
                          .severity = Severity::warning,
                          .origin = entry.origin,
                          .message = "the window of limit '" + limit.name + "' is over when the plan opens",
                          .found = c_.builder.calendar().label(std::min(limit.last, T_ - 1)),
                          .help = "leave out the row"});
      return;
    }
    rows_.limit_entry.try_emplace(l.value, &entry);
    at(rows_.used[l.value], *t) += *quantity;
  }

  // ---- faults ----

  void told_twice(const Entry& entry, const std::string& name) {
    fault(c_, Code::duplicate_name, entry, "of",
          {.message = "the " + entry.text("kind") + " of '" + name + "' at the opening is told twice",
           .found = entry.text("of"),
           .expected = "one row",
           .help = "add the two up, or leave one out"});
  }

  void missing(const Entry& entry, std::string_view key, const std::string& what) {
    c_.diagnostics.add({.code = Code::missing_key,
                        .origin = entry.origin,
                        .message = "opening '" + entry.name + "' does not say " + what,
                        .expected = std::string(key) + " = \"...\"",
                        .help = "add " + std::string(key)});
  }

  bool check_no_place(const Entry& entry) {
    if (!entry.has("place")) return true;
    fault(c_, Code::inconsistent, entry, "place",
          {.message = "opening '" + entry.name + "' is of a capacity or limit, and names a place",
           .found = entry.text("place"),
           .expected = "no place",
           .help = "leave out place: only goods have one here"});
    return false;
  }

  bool check_no_month(const Entry& entry) {
    if (!entry.has("month")) return true;
    fault(c_, Code::inconsistent, entry, "month",
          {.message = "opening '" + entry.name + "' tells what is there at the opening, and a month",
           .found = to_string(entry.month("month")),
           .expected = "no month",
           .help = "leave out month"});
    return false;
  }

  std::optional<int> month_of(const Entry& entry) {
    if (!entry.has("month")) {
      missing(entry, "month", "in which month");
      return std::nullopt;
    }
    const Calendar& calendar = c_.builder.calendar();
    const int t = calendar.period_of(entry.month("month"));
    if (t >= first_ && t < T_) return t;
    fault(c_, Code::outside_horizon, entry, "month",
          {.message = "month of opening '" + entry.name + "' lies outside what is planned",
           .found = to_string(entry.month("month")),
           .expected =
               "a month from " + to_string(calendar.month(first_)) + " to " + to_string(calendar.month(T_).plus(-1)),
           .help = "what came before is a stock or existing; leave out what comes after"});
    return std::nullopt;
  }

  double& at(ByPeriod& amounts, int t) { return amount_at(amounts, t, T_); }

  const Compile& c_;
  Model& m_;
  const int T_;
  const int first_;
  OpeningRows rows_;
};

}  // namespace

OpeningRows read_opening_rows(const Compile& c, int first) {
  return RowsReader(c, first).run();
}

}  // namespace beltline
