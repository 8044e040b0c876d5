#include "parts/opening.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/opening_rows.h"

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

/// Puts what the rows say into the network.
class Opening {
 public:
  explicit Opening(const Compile& c)
      : c_(c), m_(c.builder.model()), T_(m_.period_count()), first_(opening_period(c.spec)) {}

  void run() {
    rows_ = read_opening_rows(c_, first_);
    if (c_.diagnostics.has_errors()) return;
    for (const auto& [node, amounts] : rows_.arriving) add_goods(node, amounts, 1);
    for (const auto& [node, amounts] : rows_.taking) add_goods(node, amounts, -1);
    for (const auto& [k, entry] : rows_.capacity_entry) set_capacity(static_cast<std::size_t>(k), *entry);
    for (const auto& [k, usd] : rows_.due) add_payments(static_cast<std::size_t>(k), usd);
    for (const auto& [l, amounts] : rows_.used) take_used(static_cast<std::size_t>(l), amounts);
  }

 private:
  double& at(ByPeriod& amounts, int t) { return amount_at(amounts, t, T_); }

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
    warn_if_exceeded(limit, used, *rows_.limit_entry.at(static_cast<int32_t>(l)));
  }

  void warn_if_exceeded(const Limit& limit, const ByPeriod& used, const Entry& entry) {
    for (int t = std::max(first_, limit.first); limit.upper.present() && t <= std::min(limit.last, T_ - 1); ++t) {
      const double left = m_.at(limit.upper, t);
      const double gone = used[static_cast<std::size_t>(t)];
      // a bound that was below zero by itself is not exceeded for that
      if (gone <= 0 || left + gone < 0 || left >= -kSlack * gone) continue;
      c_.diagnostics.add({.code = Code::inconsistent,
                          .severity = Severity::warning,
                          .origin = entry.origin,
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
  OpeningRows rows_;
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
