#include "run/diff_outputs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/words.h"
#include "run/diff_calendar.h"
#include "run/figure_words.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

constexpr double kTiny = 1e-6;
constexpr int kFar = 99;

/// Orders of one family of capacities, or one move, by the month in which they are online (perhaps beyond the horizon),
/// at the coarser grain of the two runs.
struct Orders {
  std::string unit;
  std::map<int, double> quantity;  // month → units
  std::map<int, double> usd;
  double mw_per_unit = 0;         // of IT, where a unit is no MW
  std::string kind = "capacity";  // or "move"
  std::set<std::string> entities;

  [[nodiscard]] double total() const { return sum(quantity); }
  [[nodiscard]] double total_usd() const { return sum(usd); }
  static double sum(const std::map<int, double>& by_period) {
    double total = 0;
    for (const auto& [t, value] : by_period) total += value;
    return total;
  }
};

/// Racks of a generation over all sites: where they stand is nearly the same to a plan. Everything else by itself.
std::string family_of(const Capacity& capacity) {
  return capacity.kind == "rack" ? capacity.name.substr(0, capacity.name.find('@')) : capacity.name;
}

/// IT power that one unit takes, MW; 0 for what takes none.
double it_mw_of(const Model& m, const Capacity& capacity) {
  double mw = 0;
  for (const StandFlow& flow : capacity.stand_flows) {
    if (m.commodities[flow.commodity.index()].name == "it_space") mw -= m.at(flow.rate, 0);
  }
  return std::max(0.0, mw);
}

using Families = std::map<std::pair<std::string, std::string>, Orders>;  // entry, family

std::map<std::string, int> periods_of(const Model& m) {
  std::map<std::string, int> period_of;
  for (int t = 0; t < m.period_count(); ++t) period_of.emplace(m.calendar.label(t), t);
  return period_of;
}

void add_builds(const RunRead& run, const CommonMonths& common, Families& families) {
  const Table* const builds = run.table("builds");
  if (builds == nullptr) return;
  const Model& m = run.model();
  const auto period_of = periods_of(m);
  std::map<std::string, std::size_t> capacity_of;
  for (std::size_t k = 0; k < m.capacities.size(); ++k) capacity_of.emplace(m.capacities[k].name, k);
  for (std::size_t row = 0; row < builds->row_count(); ++row) {
    const auto found = capacity_of.find(builds->column("capacity").texts()[row]);
    const auto ordered = period_of.find(builds->column("ordered").texts()[row]);
    if (found == capacity_of.end() || ordered == period_of.end()) continue;
    const Capacity& capacity = m.capacities[found->second];
    const int month = m.calendar.month(ordered->second + capacity.lead).index();
    if (!common.holds(month)) continue;
    const int online = common.coarse(month);
    Orders& orders = families[{capacity.provenance.entry, family_of(capacity)}];
    orders.unit = capacity.unit;
    orders.entities.insert(capacity.name);
    orders.quantity[online] += builds->column("quantity").numbers()[row];
    orders.usd[online] += builds->column("capex").numbers()[row];
    if (capacity.unit != "MW") orders.mw_per_unit = std::max(orders.mw_per_unit, it_mw_of(m, capacity));
  }
}

/// Moves are decisions of their own, each by its name.
void add_moves(const RunRead& run, const CommonMonths& common, Families& families) {
  const Table* const moves = run.table("moves");
  if (moves == nullptr) return;
  const Model& m = run.model();
  const auto period_of = periods_of(m);
  for (std::size_t row = 0; row < moves->row_count(); ++row) {
    const std::string& name = moves->column("move").texts()[row];
    const auto move = std::ranges::find(m.moves, name, &Move::name);
    const auto leaves = period_of.find(moves->column("leaves").texts()[row]);
    if (move == m.moves.end() || leaves == period_of.end()) continue;
    const int month = m.calendar.month(leaves->second + move->lag).index();
    if (!common.holds(month)) continue;
    const int online = common.coarse(month);
    Orders& orders = families[{move->provenance.entry, name}];
    orders.kind = "move";
    orders.unit = moves->column("unit").texts()[row];
    orders.entities.insert(name);
    orders.quantity[online] += moves->column("quantity").numbers()[row];
    orders.usd[online] += moves->column("cost").numbers()[row];
  }
}

Families orders_of(const RunRead& run, const CommonMonths& common) {
  Families families;
  add_builds(run, common, families);
  add_moves(run, common, families);
  return families;
}

/// Mean over the units that both order of how much later B's are online, in months: the first of the one beside the
/// first of the other, and so on.
double months_later(const Orders& a, const Orders& b) {
  const double common = std::min(a.total(), b.total());
  if (common < kTiny) return 0;
  const auto mean_month = [&](const Orders& orders) {
    double left = common, sum = 0;
    for (const auto& [t, quantity] : orders.quantity) {
      const double taken = std::min(left, quantity);
      sum += taken * t;
      left -= taken;
    }
    return sum / common;
  };
  return mean_month(b) - mean_month(a);
}

std::string first_month(const CommonMonths& common, const Orders& orders) {
  for (const auto& [month, quantity] : orders.quantity) {
    if (quantity > kTiny) return common.label(month);
  }
  return {};
}

std::string decision_title(const RunRead& run, const std::string& entry, const std::string& family,
                           const std::string& kind, const std::set<std::string>& entities) {
  if (entities.size() == 1) return title_of(run.model(), kind, *entities.begin());
  // racks are goods too, and these have words for all sites together
  const std::string of_goods = title_of(run.model(), "commodity", family);
  if (of_goods != family) return of_goods;
  const std::size_t dot = entry.find('.');
  const Entry* const found =
      dot == std::string::npos ? nullptr : run.compiled.spec->find(entry.substr(0, dot), entry.substr(dot + 1));
  return found != nullptr && found->has("title") ? found->text("title") : family;
}

/// Rows of a table by what they are called, in order of periods.
using Rows = std::map<std::string, std::vector<std::size_t>>;
Rows rows_by(const Table* table, const char* column) {
  Rows rows;
  for (std::size_t i = 0; table != nullptr && i < table->row_count(); ++i)
    rows[table->column(column).texts()[i]].push_back(i);
  return rows;
}

/// The same of a run's table that has periods, those of the common months alone.
Rows common_rows(const RunRead& run, const CommonMonths& common, const char* name, const char* column) {
  const Table* const table = run.table(name);
  Rows rows = rows_by(table, column);
  if (common.same_calendar || table == nullptr) return rows;
  const auto period_of = periods_of(run.model());
  for (auto& [key, list] : rows) {
    std::erase_if(list, [&](std::size_t i) {
      const auto t = period_of.find(table->column("period").texts()[i]);
      return t == period_of.end() || !common.holds(run.model().calendar.month(t->second).index());
    });
  }
  std::erase_if(rows, [](const auto& each) { return each.second.empty(); });
  return rows;
}

/// A period's label at the coarser grain.
std::string common_label(const RunRead& run, const CommonMonths& common, const std::string& period) {
  if (common.same_calendar) return period;
  const auto period_of = periods_of(run.model());
  const auto t = period_of.find(period);
  return t == period_of.end() ? period : common.label(run.model().calendar.month(t->second).index());
}

struct Missed {
  double most = 0;
  std::string when;
};

Missed missed_of(const RunRead& run, const CommonMonths& common, const std::vector<std::size_t>& rows) {
  const Table& limits = *run.table("limits");
  Missed missed;
  std::string first, last;
  for (const std::size_t i : rows) {
    const double shortfall = limits.column("shortfall").numbers()[i];
    if (!(shortfall > kTiny)) continue;
    missed.most = std::max(missed.most, shortfall);
    const std::string period = common_label(run, common, limits.column("period").texts()[i]);
    if (first.empty()) first = period;
    last = period;
  }
  missed.when = first == last ? first : first + " to " + last;
  return missed;
}

/// What is spent in the common months of runs with other horizons: these compare where the totals do not.
std::optional<ResultChange> changed_spending(const RunRead& a, const RunRead& b, double noise) {
  const CommonMonths common = common_months(a.model().calendar, b.model().calendar);
  if (common.same_span || common.first >= common.end || a.table("spending") == nullptr ||
      b.table("spending") == nullptr)
    return std::nullopt;
  const auto spent = [&](const RunRead& run) {
    double sum = 0;
    for (const auto& [kind, rows] : common_rows(run, common, "spending", "kind")) {
      for (const std::size_t i : rows) {
        for (const char* column : {"capex", "fixed", "variable"})
          sum += run.table("spending")->column(column).numbers()[i];
      }
    }
    return sum;
  };
  const double was = spent(a), is = spent(b), size = std::max(std::abs(was), std::abs(is));
  if (!(std::abs(is - was) > std::max(noise * size, 1e-9))) return std::nullopt;
  const double relative = (is - was) / size;
  return ResultChange{.name = "spent_in_common",
                      .title = "spent in " + common.span() + ", undiscounted",
                      .unit = "USD",
                      .before = was,
                      .after = is,
                      .relative = relative,
                      .weight = 2 * std::abs(relative)};
}

}  // namespace

Outcome<RunRead> read_run(const std::filesystem::path& folder) {
  auto compiled = compile_run(folder);
  if (!compiled) return std::unexpected(compiled.error());
  if (!compiled->model) {
    return failure(not_compiled(folder, *compiled));
  }
  const auto manifest = verify_run(folder);
  if (!manifest) return std::unexpected(manifest.error());
  const auto json = nlohmann::json::parse(*manifest);
  RunRead run;
  RunFacts& facts = run.facts;
  facts.folder = folder.string();
  facts.title = compiled->spec->title;
  facts.overrides = compiled->spec->overrides;
  facts.termination = json.value("termination", "");
  const auto objective = json.value("objective", nlohmann::json::object());
  const auto number = [](const nlohmann::json& from, const char* key) {
    return from.contains(key) && from[key].is_number() ? from[key].get<double>() : std::nan("");
  };
  facts.objective = number(objective, "value");
  facts.gap = number(objective, "gap");
  facts.unit = objective.value("unit", "");
  facts.cost_usd = number(json, "cost_usd");
  facts.has_plan = json.contains("missed_usd");
  facts.missed_usd = facts.has_plan ? number(json, "missed_usd") : std::nan("");
  facts.cost_usd -= facts.has_plan ? facts.missed_usd : 0;
  auto options = json.value("options", nlohmann::json::object());
  options.erase("set");
  options.erase("branch");  // what it sets is told as changed inputs
  run.options_text = options.dump();
  run.compiled = std::move(*compiled);
  for (const char* name : {"builds", "moves", "limits", "commitments", "summary", "spending"}) {
    if (!facts.has_plan) break;
    auto table = read_run_table(folder, name);
    if (!table) return std::unexpected(table.error());
    run.tables.emplace(name, std::move(*table));
  }
  return run;
}

std::vector<Decision> changed_decisions(const RunRead& a, const RunRead& b,
                                        const std::map<std::string, int>& distances) {
  const CommonMonths common = common_months(a.model().calendar, b.model().calendar);
  const Families before = orders_of(a, common);
  const Families after = orders_of(b, common);
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto* side : {&before, &after}) {
    for (const auto& [key, orders] : *side) keys.insert(key);
  }
  static const Orders none;
  std::vector<Decision> decisions;
  for (const auto& key : keys) {
    const auto old_orders = before.find(key);
    const auto new_orders = after.find(key);
    const Orders& was = old_orders == before.end() ? none : old_orders->second;
    const Orders& is = new_orders == after.end() ? none : new_orders->second;
    std::set<std::string> entities = was.entities;
    entities.insert(is.entities.begin(), is.entities.end());
    const std::string& kind = is.entities.empty() ? was.kind : is.kind;
    const RunRead& teller = new_orders == after.end() ? a : b;
    const auto near = distances.find(key.first);
    const double mw = std::max(was.mw_per_unit, is.mw_per_unit);
    Decision decision{.entry = key.first,
                      .name = entities.size() == 1 ? *entities.begin() : key.second,
                      .title = decision_title(teller, key.first, key.second, kind, entities),
                      .unit = is.unit.empty() ? was.unit : is.unit,
                      .before = was.total(),
                      .after = is.total(),
                      .mw_before = mw * was.total(),
                      .mw_after = mw * is.total(),
                      .first_before = first_month(common, was),
                      .first_after = first_month(common, is),
                      .months_later = months_later(was, is),
                      .usd_before = was.total_usd(),
                      .usd_after = is.total_usd(),
                      .distance = near == distances.end() ? kFar : near->second};
    decision.usd_moved = std::abs(decision.usd_after - decision.usd_before) +
                         std::min(decision.usd_before, decision.usd_after) * std::abs(decision.months_later) / 12;
    const double size = std::max({decision.before, decision.after, kTiny});
    const bool is_same = std::abs(decision.after - decision.before) <= kTiny * size &&
                         std::abs(decision.months_later) < 0.05 && decision.first_before == decision.first_after;
    if (!is_same) decisions.push_back(std::move(decision));
  }
  const auto order = [](const Decision& d) {
    return std::tuple(d.distance == kFar, -d.usd_moved, std::string_view(d.name));
  };
  std::ranges::sort(decisions, [&](const Decision& x, const Decision& y) { return order(x) < order(y); });
  return decisions;
}

std::vector<Promise> changed_misses(const RunRead& a, const RunRead& b) {
  const CommonMonths common = common_months(a.model().calendar, b.model().calendar);
  const Rows before = common_rows(a, common, "limits", "limit");
  const Rows after = common_rows(b, common, "limits", "limit");
  std::set<std::string> names;
  for (const auto* side : {&before, &after}) {
    for (const auto& [name, rows] : *side) names.insert(name);
  }
  std::vector<Promise> missed;
  for (const std::string& name : names) {
    const auto of = [&](const RunRead& run, const Rows& rows) {
      const auto found = rows.find(name);
      return found == rows.end() ? Missed{} : missed_of(run, common, found->second);
    };
    const Missed was = of(a, before), is = of(b, after);
    const double size = std::max(was.most, is.most);
    if (std::abs(is.most - was.most) <= 1e-3 * size && was.when == is.when) continue;
    const RunRead& teller = after.contains(name) ? b : a;
    const auto limit = std::ranges::find(teller.model().limits, name, &Limit::name);
    missed.push_back({.name = name,
                      .title = title_of(teller.model(), "limit", name),
                      .unit = limit == teller.model().limits.end() ? std::string() : limit->unit,
                      .before = was.most,
                      .after = is.most,
                      .when_before = was.when,
                      .when_after = is.when});
  }
  std::ranges::sort(missed, std::greater(), [](const Promise& p) {
    return std::abs(p.after - p.before) / std::max({p.before, p.after, kTiny});
  });
  return missed;
}

std::vector<Promise> changed_draws(const RunRead& a, const RunRead& b, double noise) {
  const CommonMonths common = common_months(a.model().calendar, b.model().calendar);
  const Rows before = common_rows(a, common, "commitments", "commitment");
  const Rows after = common_rows(b, common, "commitments", "commitment");
  const auto mean = [](const RunRead& run, const std::vector<std::size_t>& rows) {
    double sum = 0;
    for (const std::size_t i : rows) sum += run.table("commitments")->column("drawn").numbers()[i];
    return sum / static_cast<double>(rows.size());
  };
  std::vector<Promise> drawn;
  for (const auto& [name, rows] : after) {
    const auto old_rows = before.find(name);
    if (old_rows == before.end()) continue;
    const double was = mean(a, old_rows->second), is = mean(b, rows);
    const double size = std::max(std::abs(was), std::abs(is));
    if (!(std::abs(is - was) > std::max(noise * size, kTiny))) continue;  // NaN: nothing is compared with it
    const Table& table = *b.table("commitments");
    drawn.push_back({.name = name,
                     .title = title_of(b.model(), "commitment", name),
                     .unit = table.column("unit").texts()[rows.front()],
                     .before = was,
                     .after = is,
                     .when_before = {},
                     .when_after = {}});
  }
  std::ranges::sort(drawn, std::greater(), [](const Promise& p) {
    return std::abs(p.after - p.before) / std::max(std::abs(p.before), std::abs(p.after));
  });
  return drawn;
}

std::vector<ResultChange> changed_results(const RunRead& a, const RunRead& b, double noise) {
  std::vector<ResultChange> results;
  const Table* const before = a.table("summary");
  const Table* const after = b.table("summary");
  if (before == nullptr || after == nullptr) return results;
  // figures of one unit are parts of the largest: a site's power beside the programme's
  std::map<std::string, double> scale;
  for (const Table* table : {before, after}) {
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      double& largest = scale[table->column("unit").texts()[i]];
      largest = std::max(largest, std::abs(table->column("value").numbers()[i]));
    }
  }
  const Rows old_rows = rows_by(before, "name");
  for (const auto& [name, rows] : rows_by(after, "name")) {
    const auto found = old_rows.find(name);
    if (found == old_rows.end()) continue;
    const double was = before->column("value").numbers()[found->second.front()];
    const double is = after->column("value").numbers()[rows.front()];
    const double size = std::max(std::abs(was), std::abs(is));
    if (!(std::abs(is - was) > std::max(noise * size, 1e-9))) continue;
    const std::string& unit = after->column("unit").texts()[rows.front()];
    const double relative = (is - was) / size;
    const double part = std::sqrt(size / std::max(scale[unit], 1e-12));
    const FigureScope scope = figure_scope(name);
    const double importance = scope == FigureScope::whole ? 1.0 : scope == FigureScope::one_of_many ? 0.5 * part : 0.25;
    results.push_back({.name = name,
                       .title = figure_title(*b.compiled.spec, name),
                       .unit = unit,
                       .before = was,
                       .after = is,
                       .relative = relative,
                       .weight = std::abs(relative) * importance});
  }
  if (auto spent = changed_spending(a, b, noise)) results.push_back(std::move(*spent));
  std::ranges::sort(results, [](const ResultChange& x, const ResultChange& y) {
    return std::tuple(-x.weight, std::string_view(x.name)) < std::tuple(-y.weight, std::string_view(y.name));
  });
  return results;
}

}  // namespace beltline
