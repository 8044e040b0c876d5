#include "run/stock_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "model/words.h"
#include "run/inputs.h"
#include "run/run_scenario.h"
#include "stock/safety_stock.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

enum class Ranges : uint8_t { durations, yields };

/// A value that says how much of what is begun comes out. Parts name it so.
bool is_yield(const Input& input) {
  return (input.unit.empty() || input.unit == "1") && input.key.find("yield") != std::string::npos;
}

bool is_duration(const Input& input) {
  return input.spec_value != nullptr && input.spec_value->attribute != nullptr &&
         input.spec_value->attribute->kind == Kind::duration;
}

std::vector<std::string> changes_to(const std::vector<Input>& inputs, Ranges ranges, bool high) {
  std::vector<std::string> out;
  for (const Input& input : inputs) {
    if (!(input.low < input.high) || !std::isfinite(input.low) || !std::isfinite(input.high)) continue;
    if (ranges == Ranges::durations ? !is_duration(input) : !is_yield(input)) continue;
    const std::string number = fmt::format("{:.17g}", high ? input.high : input.low);
    const bool is_plain = input.unit.empty() || input.unit == "1";
    out.push_back(is_plain ? fmt::format("{}={}", input.path, number)
                           : fmt::format("{}={} {}", input.path, number, input.unit));
  }
  return out;
}

/// The scenario with ranges at one end; nothing where there are none or the scenario does not compile so.
std::optional<Model> variant(const std::filesystem::path& run, const std::vector<Input>& inputs, Ranges ranges,
                             bool high, StockReport& report) {
  const std::vector<std::string> changes = changes_to(inputs, ranges, high);
  if (changes.empty()) return std::nullopt;
  auto compiled = compile_run(run, changes);
  if (!compiled || !compiled->model) {
    report.left_out = compiled ? not_compiled(run, *compiled) : compiled.error().message;
    return std::nullopt;
  }
  report.has_ranges = true;
  return std::move(compiled->model);
}

/// A model's processes by name, and what one brings to a node that another model numbers.
class Processes {
 public:
  explicit Processes(const Model& model) : m_(model) {
    for (std::size_t p = 0; p < m_.processes.size(); ++p) by_name_.emplace(m_.processes[p].name, p);
  }

  struct Delivery {
    int lag = 0;
    double ratio = 0;  // output over all that is taken in, or by unit of activity
  };
  [[nodiscard]] std::optional<Delivery> delivery(const std::string& process, const std::string& commodity,
                                                 const std::string& place, int t) const {
    const auto found = by_name_.find(process);
    if (found == by_name_.end()) return std::nullopt;
    std::optional<Delivery> out;
    double taken = 0;
    for (const Flow& flow : m_.processes[found->second].flows) {
      if (m_.commodities[flow.commodity.index()].grain != Grain::amount) continue;
      const double rate = m_.at(flow.rate, t);
      if (rate < 0) taken -= rate;
      if (rate > 0 && m_.commodity_name(flow.node) == commodity && m_.place_name(flow.node) == place)
        out = Delivery{.lag = flow.lag, .ratio = rate};
    }
    if (out && taken > 0) out->ratio /= taken;
    return out;
  }

 private:
  const Model& m_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

/// The model and its variants; absent ones are as the model.
struct Variants {
  std::optional<Model> low_time, high_time, low_yield, high_yield;
};

class Reporter {
 public:
  Reporter(const Compiled& compiled, const Plan& plan, const std::vector<Peg>& pegs, const Variants& variants,
           const StockOptions& options)
      : m_(*compiled.model), spec_(*compiled.spec), p_(plan), pegs_(pegs), options_(options), base_(m_) {
    const auto of = [&](const std::optional<Model>& model) { return Processes(model ? *model : m_); };
    low_time_.emplace(of(variants.low_time));
    high_time_.emplace(of(variants.high_time));
    low_yield_.emplace(of(variants.low_yield));
    high_yield_.emplace(of(variants.high_yield));
  }

  std::vector<StockLine> lines() {
    std::map<std::size_t, std::vector<const Peg*>> by_node;
    for (const Peg& peg : pegs_) by_node[peg.node.index()].push_back(&peg);
    std::vector<StockLine> out;
    for (const auto& [node, pegs] : by_node)
      if (auto line = line_of(NodeId(node), pegs)) out.push_back(*line);
    return out;
  }

 private:
  [[nodiscard]] double months() const { return m_.calendar.months_per_period; }

  std::optional<StockLine> line_of(NodeId node, const std::vector<const Peg*>& pegs) {
    StockLine line{.node = node, .first_used = m_.period_count(), .last_used = -1};
    double used = 0;
    double arrived = 0;
    for (const Peg* peg : pegs) {
      if (peg->to.kind == PegKind::remaining) line.left += peg->quantity;
      if (peg->to.kind == PegKind::surplus) line.thrown_away += peg->quantity;
      const bool is_use =
          peg->to.kind == PegKind::lot || peg->to.kind == PegKind::order || peg->to.kind == PegKind::demand;
      if (!is_use) continue;
      used += peg->quantity;
      line.first_used = std::min(line.first_used, peg->taken);
      line.last_used = std::max(line.last_used, peg->taken);
      if (peg->from.kind == PegKind::lot) arrived += add_delivery(line, *peg);
    }
    if (used <= 0 || arrived <= 0) return std::nullopt;
    for (double* each :
         {&line.lead.low, &line.lead.mode, &line.lead.high, &line.yield.low, &line.yield.mode, &line.yield.high})
      *each /= arrived;
    line.used_month = used / (months() * (line.last_used - line.first_used + 1));
    // what neither takes time nor can be kept, such as seats, is no stock
    const bool can_be_kept = std::ranges::any_of(m_.stores, [&](const Store& store) { return store.node == node; });
    if (line.lead.high == 0 && !can_be_kept) return std::nullopt;
    add_levels(line);
    add_safety_stock(line);
    return line;
  }

  /// Lead time and yield of one peg's lot, weighed by its quantity, which is returned.
  double add_delivery(StockLine& line, const Peg& peg) {
    const std::string& process = m_.processes[static_cast<std::size_t>(peg.from.id)].name;
    const auto& good = m_.commodity_name(peg.node);
    const auto& place = m_.place_name(peg.node);
    const auto base = base_.delivery(process, good, place, peg.from.period);
    if (!base) return 0;
    const auto in = [&](const std::optional<Processes>& variant) {
      return variant->delivery(process, good, place, peg.from.period).value_or(*base);
    };
    const double q = peg.quantity;
    const auto [least, most] = std::minmax({in(low_time_).lag, in(high_time_).lag, base->lag});
    line.lead.low += q * least * months();
    line.lead.mode += q * base->lag * months();
    line.lead.high += q * most * months();
    const double low = in(low_yield_).ratio / base->ratio;
    const double high = in(high_yield_).ratio / base->ratio;
    line.yield.low += q * std::min({low, high, 1.0});
    line.yield.mode += q;
    line.yield.high += q * std::max({low, high, 1.0});
    return q;
  }

  void add_levels(StockLine& line) const {
    double sum = 0;
    double holding = 0;
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      if (m_.stores[v].node != line.node) continue;
      line.loss_month = std::max(line.loss_month, m_.stores[v].loss / months());
      for (int t = line.first_used; t <= line.last_used; ++t) {
        sum += p_.level.at(v, t);
        line.level_max = std::max(line.level_max, p_.level.at(v, t));
        holding = std::max(holding, m_.at_or(m_.stores[v].holding_cost, 0, t) / months());
      }
    }
    line.level_mean = sum / (line.last_used - line.first_used + 1);
    line.holding = holding;
  }

  /// What is asked for at the good's own place may have a range in the scenario.
  [[nodiscard]] double demand_error(NodeId node) const {
    double squares = options_.demand_error * options_.demand_error;
    double asked = 0;
    double deviations = 0;
    for (const Demand& demand : m_.demands) {
      if (demand.node != node) continue;
      const Entry* entry = spec_.find("demand", demand.name);
      const double quantity = m_.mean(demand.quantity, 0);
      asked += quantity;
      if (entry == nullptr || !entry->has("quantity")) continue;
      const Quantity& range = entry->series("quantity").quantity;
      if (std::isfinite(range.low) && std::isfinite(range.high) && range.mode > 0)
        deviations += quantity * Spread3{range.low, range.mode, range.high}.deviation() / range.mode;
    }
    if (asked > 0) squares += std::pow(deviations / asked, 2);
    return std::sqrt(squares);
  }

  void add_safety_stock(StockLine& line) const {
    line.demand_deviation = demand_error(line.node) * line.used_month;
    const auto parts = stock::lead_time_deviation({.demand = line.used_month,
                                                   .demand_deviation = line.demand_deviation,
                                                   .lead_time = line.lead.mode + months(),
                                                   .lead_time_deviation = line.lead.deviation(),
                                                   .yield_deviation = line.yield.deviation(),
                                                   .yield_is_common = true});
    line.from_demand = parts.demand;
    line.from_lead = parts.lead_time;
    line.from_yield = parts.yield;
    line.deviation = parts.all;
    line.safety_stock = stock::safety_stock_for_cycle_service(parts.all, options_.service);
    line.cover_months = line.safety_stock / line.used_month;
  }

  const Model& m_;
  const Spec& spec_;
  const Plan& p_;
  const std::vector<Peg>& pegs_;
  const StockOptions& options_;
  Processes base_;
  std::optional<Processes> low_time_, high_time_, low_yield_, high_yield_;
};

/// Shadow prices of the run's goods, no longer discounted, weighed by what passes: [(commodity, place)].
using Prices = std::map<std::pair<std::string, std::string>, double>;
Outcome<Prices> shadow_prices(const Model& m, const std::filesystem::path& run) {
  const auto table = read_run_table(run, "balance");
  if (!table) return std::unexpected(table.error());
  std::map<std::string, int, std::less<>> periods;
  for (int t = 0; t < m.period_count(); ++t) periods.emplace(m.calendar.label(t), t);
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> sums;  // USD, units
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    const auto period = periods.find(table->column("period").texts()[i]);
    const double units = table->column("throughput").numbers()[i];
    if (period == periods.end() || !(units > 0)) continue;
    auto& [usd, all] = sums[{table->column("commodity").texts()[i], table->column("place").texts()[i]}];
    usd += units * table->column("price").numbers()[i] / m.discount_factor(period->second);
    all += units;
  }
  Prices out;
  for (const auto& [good, sum] : sums) out[good] = std::max(0.0, sum.first / sum.second);
  return out;
}

Outcome<void> add_values(const Model& m, const std::vector<Peg>& pegs, const std::filesystem::path& run,
                         const StockOptions& options, std::vector<StockLine>& lines) {
  const std::vector<GoodValue> values = good_values(m, pegs, options.carrying);
  const auto prices = shadow_prices(m, run);
  if (!prices) return std::unexpected(prices.error());
  for (StockLine& line : lines) {
    line.value = values[line.node.index()];
    const auto shadow = prices->find({m.commodity_name(line.node), m.place_name(line.node)});
    if (line.value.source == ValueSource::none && m.objective.kind == ObjectiveKind::min_cost &&
        shadow != prices->end() && shadow->second > 0)
      line.value = {.usd = shadow->second, .source = ValueSource::shadow};
    if (line.holding == 0) line.holding = options.carrying * line.value.usd / 12;
  }
  return {};
}

}  // namespace

double Spread3::deviation() const {
  const double variance = low * low + mode * mode + high * high - low * mode - low * high - mode * high;
  return std::sqrt(std::max(0.0, variance) / 18);
}

Outcome<StockReport> stock_report(const Compiled& compiled, const Plan& plan, const std::vector<Peg>& pegs,
                                  const std::filesystem::path& run_folder, const StockOptions& options) {
  StockReport report;
  const std::vector<Input> inputs = inputs_of(*compiled.spec);
  Variants variants;
  variants.low_time = variant(run_folder, inputs, Ranges::durations, false, report);
  variants.high_time = variant(run_folder, inputs, Ranges::durations, true, report);
  variants.low_yield = variant(run_folder, inputs, Ranges::yields, false, report);
  variants.high_yield = variant(run_folder, inputs, Ranges::yields, true, report);
  report.lines = Reporter(compiled, plan, pegs, variants, options).lines();
  if (auto done = add_values(*compiled.model, pegs, run_folder, options, report.lines); !done)
    return std::unexpected(done.error());
  std::ranges::stable_sort(report.lines, std::ranges::greater(), &StockLine::at_stake);
  return report;
}

}  // namespace beltline
