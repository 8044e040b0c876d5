#include "parts/opening.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr std::string_view kKind = "opening";  // of the entities that rows make
constexpr double kSlack = 1e-6;                // relative: what reading and writing a table may lose

constexpr std::array kOpeningAttributes{
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "stock|arriving|taking|existing|online|retiring|due|used",
              .required = true,
              .description = "What the row tells, see above."},
    Attribute{.key = "of",
              .required = true,
              .description = "Name of the store or commodity (`stock`), commodity or process (`arriving`, `taking`), "
                             "capacity (`existing`, `online`, `retiring`, `due`) or limit (`used`)."},
    Attribute{.key = "place", .description = "Name of the place of a commodity."},
    Attribute{.key = "quantity",
              .kind = Kind::quantity,
              .unit = "*",
              .required = true,
              .description = "How much, in the unit of what it is of; USD for `due`. Not negative, except for `used`."},
    Attribute{.key = "month",
              .kind = Kind::month,
              .description =
                  "The month in which it happens: needed with `arriving`, `taking`, `online`, `retiring` and "
                  "`due`, and with `used` of a limit in each period."},
};

constexpr std::string_view kDescription =
    R"(What a programme that runs already has when its plan begins, a row each; the
plan begins at `opens` of the calendar, or with the horizon. `beltline open` writes such rows from a run and from what was
counted since; a file `opening-*.csv` holds them as a table.

| kind | what the row tells |
|---|---|
| `stock` | amount in a store when the first planned period begins |
| `arriving` | work in process: what was started before and arrives in `month`, as output of a process or good at a place |
| `taking` | goods that orders placed before will take in in `month` |
| `existing` | capacity online by orders placed before, besides the capacity's own `existing` |
| `online` | open orders: capacity that will be online from `month` on |
| `retiring` | capacity of these that ends its life in `month` |
| `due` | USD that orders placed before still cost in `month` |
| `used` | what of a budget or limit is used already, over its window or in `month` |

With $\mathrm{prior}_{k,t}$ the sum of `existing`, `online` up to $t$, less `retiring` up to $t$:

$$\mathrm{existing}_{k,t} \leftarrow \mathrm{existing}_{k,t} + \mathrm{prior}_{k,t}, \qquad
\mathrm{built}_{k,t} \le \mathrm{total\_max}_k - \mathrm{prior}_{k,t}, \qquad
\mathrm{bound}_l \leftarrow \mathrm{bound}_l - \mathrm{used}_l$$

What arrives or is taken in is a process whose activity is given, money due one without flows. Of capacity that may move
away, what is there is put into it by a move, so that it may leave again.)";

using ByPeriod = std::vector<double>;

/// Everything that the rows say, by the entity they name.
struct Rows {
  std::map<int32_t, const Entry*> stock;                             // store
  std::map<std::pair<int32_t, int32_t>, ByPeriod> arriving, taking;  // commodity, place
  std::map<int32_t, ByPeriod> added, retired;                        // capacity: at the opening, then by month
  std::map<int32_t, const Entry*> existing;                          // capacity
  std::map<int32_t, ByPeriod> due;                                   // capacity
  std::map<int32_t, ByPeriod> used;                                  // limit; a window's at its first planned period
  std::map<int32_t, const Entry*> capacity_entry, limit_entry;       // the first row of each
  std::map<std::pair<int32_t, int32_t>, const Entry*> goods_entry;
};

class Opening {
 public:
  explicit Opening(const Compile& c)
      : c_(c), m_(c.builder.model()), T_(m_.period_count()), first_(opening_period(c.spec)) {}

  void run() {
    for (const Entry& entry : c_.spec.entries("opening")) read(entry);
    if (c_.diagnostics.has_errors()) return;
    for (const auto& [node, amounts] : rows_.arriving) add_goods(node, amounts, 1);
    for (const auto& [node, amounts] : rows_.taking) add_goods(node, amounts, -1);
    for (const auto& [k, entry] : rows_.capacity_entry) set_capacity(static_cast<std::size_t>(k), *entry);
    for (const auto& [k, usd] : rows_.due) add_payments(static_cast<std::size_t>(k), usd);
    for (const auto& [l, amounts] : rows_.used) take_used(static_cast<std::size_t>(l), amounts);
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
    if (const StoreId found = find_store(c_, name); found.valid()) return found;
    const PlaceId place = entry.has("place") ? place_named(c_, entry, "place") : PlaceId{};
    if (entry.has("place") && !place.valid()) return {};
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

  // ---- what they make ----

  double& at(ByPeriod& amounts, int t) {
    amounts.resize(static_cast<std::size_t>(T_));
    return amounts[static_cast<std::size_t>(t)];
  }

  void add_goods(const std::pair<int32_t, int32_t>& node, const ByPeriod& amounts, double sign) {
    const Commodity& commodity = m_.commodities[static_cast<std::size_t>(node.first)];
    Process process;
    process.name = fmt::format("{}_{}@{}", sign > 0 ? "opening" : "opening_use", commodity.name,
                               m_.places[static_cast<std::size_t>(node.second)].name);
    process.place = PlaceId(node.second);
    process.grain = commodity.grain;
    process.unit = commodity.unit;
    process.kind = kKind;
    process.flows.push_back(
        {.commodity = CommodityId(node.first), .place = PlaceId(node.second), .rate = c_.builder.constant(sign)});
    process.lower = process.upper = c_.builder.by_period(amounts);
    process.provenance = provenance(*rows_.goods_entry.at(node));
    c_.builder.add(std::move(process));
  }

  /// prior[t] of capacity k: what orders before the opening have online.
  ByPeriod prior_of(std::size_t k) {
    ByPeriod prior(static_cast<std::size_t>(T_));
    double sum = 0;
    for (int t = 0; t < T_; ++t) {
      sum += at(rows_.added[static_cast<int32_t>(k)], t) - at(rows_.retired[static_cast<int32_t>(k)], t);
      prior[static_cast<std::size_t>(t)] = sum;
    }
    return prior;
  }

  void set_capacity(std::size_t k, const Entry& entry) {
    const bool moves = std::ranges::any_of(m_.moves, [&](const Move& move) { return move.from == CapacityId(k); });
    ByPeriod prior = prior_of(k);
    if (!check_retired(k, prior, entry)) return;
    if (moves) {
      // only what retires is left to `existing`: what was added comes by a move, so that it can go on
      add_arrivals(k, entry);
      for (int t = 0; t < T_; ++t) {
        for (int u = 0; u <= t; ++u) prior[static_cast<std::size_t>(t)] -= at(rows_.added[static_cast<int32_t>(k)], u);
      }
    } else {
      leave_room(k, prior, entry);
    }
    Capacity& capacity = m_.capacities[k];
    const Series own = capacity.existing;
    capacity.existing =
        c_.builder.by_period([&](int t) { return m_.at_or(own, 0, t) + prior[static_cast<std::size_t>(t)]; });
  }

  bool check_retired(std::size_t k, const ByPeriod& prior, const Entry& entry) {
    const Capacity& capacity = m_.capacities[k];
    for (int t = first_; t < T_; ++t) {
      const double own = m_.at_or(capacity.existing, 0, t);
      const double left = own + prior[static_cast<std::size_t>(t)];
      if (left >= -kSlack * (1 + own)) continue;
      fault(c_, Code::out_of_range, entry, "of",
            {.message = "more of capacity '" + capacity.name + "' retires than is there",
             .found = fmt::format("{:g} in {}", left, c_.builder.calendar().label(t)),
             .expected = "at least 0",
             .help = "let what retires not be more than what exists"});
      return false;
    }
    return true;
  }

  /// built ≤ total_max − prior: one number where neither can fall, else a row in each period.
  void leave_room(std::size_t k, const ByPeriod& prior, const Entry& entry) {
    Capacity& capacity = m_.capacities[k];
    if (capacity.total_max < 0) return;
    const double most = capacity.total_max;
    const auto begin = prior.begin() + first_;
    const bool grows = std::ranges::is_sorted(begin, prior.end()) && capacity.life == 0;
    if (grows) {
      capacity.total_max = std::max(0.0, most - prior.back());
      return;
    }
    c_.builder.add(Limit{
        .name = "opening_" + capacity.name,
        .unit = capacity.unit,
        .kind = std::string(kKind),
        .first = first_,
        .terms = {{.kind = TermKind::built, .id = static_cast<int32_t>(k), .coefficient = {}}},
        .lower = {},
        .upper = c_.builder.by_period([&](int t) { return std::max(0.0, most - prior[static_cast<std::size_t>(t)]); }),
        .shortfall_cost = {},
        .titles = {},
        .provenance = provenance(entry)});
  }

  /// Units that may move away again: from a capacity without cost, ordered and moved in the month they arrive.
  void add_arrivals(std::size_t k, const Entry& entry) {
    const ByPeriod& added = rows_.added[static_cast<int32_t>(k)];
    if (std::ranges::all_of(added, [](double units) { return units == 0; })) return;
    const Capacity& target = m_.capacities[k];
    Capacity from;
    from.name = "opening_" + target.name;
    from.place = target.place;
    from.owner = target.owner;
    from.unit = target.unit;
    from.kind = kKind;
    from.module_size = target.module_size;
    from.build_max = c_.builder.by_period(added);
    from.provenance = provenance(entry);
    for (int t = first_; target.module_size > 0 && t < T_; ++t) {
      const double modules = added[static_cast<std::size_t>(t)] / target.module_size;
      if (std::abs(modules - std::round(modules)) <= kSlack * (1 + modules)) continue;
      fault(c_, Code::inconsistent, entry, "quantity",
            {.message = "opening of capacity '" + target.name + "' is no whole number of modules",
             .found = fmt::format("{:g} {}", added[static_cast<std::size_t>(t)], target.unit),
             .expected = fmt::format("a multiple of {:g} {}", target.module_size, target.unit),
             .help = "it comes and moves in whole modules"});
      return;
    }
    const std::string name = from.name, unit = from.unit;
    const CapacityId id = c_.builder.add(std::move(from));
    const MoveId move = c_.builder.add(Move{.name = name,
                                            .from = id,
                                            .to = CapacityId(k),
                                            .lag = 0,
                                            .cost = {},
                                            .titles = {},
                                            .provenance = provenance(entry)});
    const Series all = c_.builder.by_period(added);
    c_.builder.add(Limit{.name = name,
                         .unit = unit,
                         .kind = std::string(kKind),
                         .first = first_,
                         .terms = {{.kind = TermKind::moved, .id = move.value, .coefficient = {}}},
                         .lower = all,
                         .upper = all,
                         .shortfall_cost = {},
                         .titles = {},
                         .provenance = provenance(entry)});
  }

  void add_payments(std::size_t k, const ByPeriod& usd) {
    constexpr double kMillion = 1e6;  // activities of billions would spoil the scaling of the LP
    const Capacity& capacity = m_.capacities[k];
    Process process;
    process.name = "opening_due_" + capacity.name;
    process.place = capacity.place;
    process.owner = capacity.owner;
    process.grain = Grain::amount;
    process.unit = "MUSD";
    process.kind = capacity.kind;
    process.cost = c_.builder.constant(kMillion);
    process.lower = process.upper =
        c_.builder.by_period([&](int t) { return usd[static_cast<std::size_t>(t)] / kMillion; });
    process.provenance = capacity.provenance;
    c_.builder.add(std::move(process));
  }

  void take_used(std::size_t l, const ByPeriod& used) {
    Limit& limit = m_.limits[l];
    const bool is_window = limit.scope == LimitScope::window;
    const int window_first = std::max(0, limit.first);
    for (Series* bound : {&limit.lower, &limit.upper}) {
      if (!bound->present()) continue;
      const Series own = *bound;
      const auto left = [&](int t, int s) {
        return is_window ? m_.at(own, window_first) - used[static_cast<std::size_t>(first_)]
                         : m_.at(own, t, s) - used[static_cast<std::size_t>(t)];
      };
      *bound = own.slice_stride != 0 && !is_window ? c_.builder.by_slice(left)
                                                   : c_.builder.by_period([&](int t) { return left(t, 0); });
    }
    warn_if_exceeded(limit, used);
  }

  void warn_if_exceeded(const Limit& limit, const ByPeriod& used) {
    for (int t = std::max(first_, limit.first); limit.upper.present() && t <= std::min(limit.last, T_ - 1); ++t) {
      const double left = m_.at(limit.upper, t);
      if (left >= -kSlack * std::abs(used[static_cast<std::size_t>(t)])) continue;
      c_.diagnostics.add(
          {.code = Code::inconsistent,
           .severity = Severity::warning,
           .origin = rows_.limit_entry.at(LimitId(static_cast<std::size_t>(&limit - m_.limits.data())).value)->origin,
           .message = "limit '" + limit.name + "' is exceeded before the plan opens",
           .found = fmt::format("{:g} {} more than it allows", -left, limit.unit),
           .help = "raise the limit: nothing that is planned can meet it"});
      return;
    }
  }

  const Compile& c_;
  Model& m_;
  const int T_;
  const int first_;
  Rows rows_;
};

/// Periods from the horizon's first month to `opens`; may lie outside, or between two.
std::optional<int> months_to_opening(const Spec& spec) {
  const Entry* calendar = spec.single("calendar");
  if (calendar == nullptr || !calendar->has("opens")) return std::nullopt;
  return calendar->month("opens").index() - spec.calendar.start.index();
}

void check_opens(const Compile& c) {
  const auto months = months_to_opening(c.spec);
  if (!months) return;
  const Entry& entry = *c.spec.single("calendar");
  const Calendar& calendar = c.spec.calendar;
  const int length = entry.has("hours") ? 1 : calendar.period_count * calendar.months_per_period;
  if (*months < 0 || *months >= length) {
    fault(
        c, Code::outside_horizon, entry, "opens",
        {.message = "opens of [calendar] lies outside the horizon",
         .found = to_string(entry.month("opens")),
         .expected = "a month from " + to_string(calendar.start) + " to " + to_string(calendar.start.plus(length - 1)),
         .help = "write the first month that is planned"});
  } else if (*months % calendar.months_per_period != 0) {
    const YearMonth near = calendar.month(*months / calendar.months_per_period);
    fault(c, Code::inconsistent, entry, "opens",
          {.message = "opens of [calendar] is not the first month of a period",
           .found = to_string(entry.month("opens")),
           .expected = fmt::format("every {} months from {}", calendar.months_per_period, to_string(calendar.start)),
           .help = "write " + to_string(near),
           .fix = {to_string(near)}});
  }
  if (*months > 0 && !c.spec.entries("branch").empty()) {
    fault(c, Code::inconsistent, entry, "opens",
          {.message = "a scenario with branches cannot open later than its horizon",
           .found = to_string(entry.month("opens")),
           .expected = "no opens, or no branches",
           .help = "leave out opens, or the branches"});
  }
}

void compile_opening(const Compile& c) {
  check_opens(c);
  // rows name what other parts made: after a fault of theirs, names may be missing
  if (!c.diagnostics.has_errors()) Opening(c).run();
}

const Section kOpeningSection{
    .name = "opening", .title = "Opening state", .description = kDescription, .attributes = kOpeningAttributes};

}  // namespace

int opening_period(const Spec& spec) {
  const int months = months_to_opening(spec).value_or(0);
  const int period = months / spec.calendar.months_per_period;
  return months > 0 && period < spec.calendar.period_count ? period : 0;
}

std::span<const Part> opening_parts() {
  static const std::array parts{Part{&kOpeningSection, compile_opening}};
  return parts;
}

namespace {

/// What an entity is called, in English and Korean; its name where it has no title.
template <class Entity>
Titles called(const Entity& entity) {
  Titles titles = entity.titles;
  if (titles.title.empty()) titles.title = entity.name;
  if (titles.title_ko.empty()) titles.title_ko = titles.title;
  return titles;
}

}  // namespace

void title_openings(Model& model) {
  for (Process& process : model.processes) {
    if (process.kind != kKind || process.flows.size() != 1) continue;
    const Titles good = called(model.commodities[process.flows.front().commodity.index()]);
    const Titles place = called(model.places[process.place.index()]);
    const bool comes = model.at(process.flows.front().rate, 0) > 0;
    process.titles = {
        fmt::format("{} {} at {}", good.title, comes ? "under way" : "due to earlier orders", place.title),
        fmt::format("{} {} {}", place.title_ko, comes ? "진행 중인" : "기존 발주에 쓸", good.title_ko)};
  }
  for (Limit& limit : model.limits) {
    if (limit.kind != kKind || limit.terms.empty() || limit.terms.front().kind != TermKind::built) continue;
    const Titles of = called(model.capacities[static_cast<std::size_t>(limit.terms.front().id)]);
    limit.titles = {"room left for " + of.title, of.title_ko + " 남은 여유"};
  }
}

}  // namespace beltline
