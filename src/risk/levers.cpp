#include "risk/levers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace beltline {
namespace {

constexpr int kEarlierMonths = 3;
constexpr int kBufferMonths = 2;
constexpr std::size_t kTogetherMax = 12;  // capacities that are ordered earlier together
constexpr double kHopeless = 0.005;       // what is as good as certain, either way, needs no lever

int periods_of(const Model& m, int months) {
  return std::max(1, (months + m.calendar.months_per_period - 1) / m.calendar.months_per_period);
}

class LeverFinder {
 public:
  LeverFinder(const Play& play, const Odds& odds) : play_(play), m_(*play.model), odds_(odds) {}

  void against(int cause, std::vector<RiskLever>& out) {
    const CauseNumbers& n = odds_.causes;
    if (cause <= 0) return;
    if (cause < n.of_shock(0)) {
      against_influences(cause, influences_of(cause - n.of_source(0)), out);
      out.push_back({.kind = LeverKind::second_source, .cause = cause, .source = cause - n.of_source(0)});
    } else if (cause < n.of_stock(0)) {
      const auto shock = static_cast<std::size_t>(cause - n.of_shock(0));
      against_influences(cause, play_.chances.shocks[shock].effects, out);
      out.push_back({.kind = LeverKind::second_source, .cause = cause, .shock = static_cast<int>(shock)});
    } else if (cause < n.of_resource(0)) {
      const Stock& stock = play_.stocks[static_cast<std::size_t>(cause - n.of_stock(0))];
      std::vector<int> processes;
      for (const int maker : stock.makers) {
        const Operation& each = play_.operations[static_cast<std::size_t>(maker)];
        if (each.kind == Operation::Kind::process) processes.push_back(each.id);
      }
      buffer(cause, processes, out);
    } else {
      out.push_back({.kind = LeverKind::more_capacity, .cause = cause, .resource = cause - n.of_resource(0)});
    }
  }

  /// Orders of what a series counts, earlier: where there are few such, and the plan has not begun with them.
  void order_earlier(int cause, const PlaySeries& series, std::vector<RiskLever>& out) {
    std::set<int> capacities;
    for (const PlayTerm& term : series.terms) {
      if (term.source == PlayTerm::Source::online && first_order(term.index) > 0) capacities.insert(term.index);
    }
    if (!capacities.empty() && capacities.size() <= kTogetherMax) add_earlier_order(cause, capacities, out);
  }

 private:
  /// Period of its first order; −1 where there is none.
  [[nodiscard]] int first_order(int capacity) const {
    const auto k = static_cast<std::size_t>(capacity);
    if (play_.order_of_capacity[k] < 0) return -1;
    const auto& planned = play_.operations[static_cast<std::size_t>(play_.order_of_capacity[k])].planned;
    const auto found = std::ranges::find_if(planned, [](double each) { return each > 0; });
    return found == planned.end() ? -1 : static_cast<int>(found - planned.begin());
  }

  /// With what is bought for them: an order that waits for its transformer is no earlier.
  void add_earlier_order(int cause, const std::set<int>& capacities, std::vector<RiskLever>& out) {
    std::set<int> bought;
    for (const int k : capacities) {
      for (const Operation& operation : play_.operations) {
        if (operation.kind != Operation::Kind::stage || operation.id != k) continue;
        for (const Operation::Input& input : operation.inputs) {
          for (const int maker : play_.stocks[static_cast<std::size_t>(input.stock)].makers) {
            const Operation& each = play_.operations[static_cast<std::size_t>(maker)];
            if (each.kind == Operation::Kind::process && each.inputs.empty()) bought.insert(each.id);
          }
        }
      }
    }
    out.push_back({.kind = LeverKind::earlier_order,
                   .cause = cause,
                   .periods = periods_of(m_, kEarlierMonths),
                   .capacities = {capacities.begin(), capacities.end()},
                   .processes = {bought.begin(), bought.end()}});
  }

  [[nodiscard]] std::vector<Influence> influences_of(int source) const {
    std::vector<Influence> out;
    std::ranges::copy_if(play_.chances.influences, std::back_inserter(out),
                         [&](const Influence& each) { return each.source == source; });
    return out;
  }

  void against_influences(int cause, const std::vector<Influence>& influences, std::vector<RiskLever>& out) {
    std::set<int> capacities, processes;
    for (const Influence& each : influences) {
      if (each.target == ChanceTarget::capacity) {
        if (first_order(each.id) > 0) capacities.insert(each.id);
        for (std::size_t p = 0; p < m_.processes.size(); ++p) {
          for (const CapacityUse& use : m_.processes[p].uses) {
            if (use.capacity.value == each.id) processes.insert(static_cast<int>(p));
          }
        }
      }
      if (each.target == ChanceTarget::process) processes.insert(each.id);
    }
    if (!capacities.empty()) add_earlier_order(cause, capacities, out);
    buffer(cause, {processes.begin(), processes.end()}, out);
  }

  void buffer(int cause, const std::vector<int>& processes, std::vector<RiskLever>& out) {
    RiskLever made{.kind = LeverKind::buffer, .cause = cause, .periods = periods_of(m_, kBufferMonths)};
    for (const int p : processes) {
      if (play_.operation_of_process[static_cast<std::size_t>(p)] >= 0) made.processes.push_back(p);
    }
    if (!made.processes.empty()) out.push_back(std::move(made));
  }

  const Play& play_;
  const Model& m_;
  const Odds& odds_;
};

/// Numbers of [entity, period] moved to earlier periods; what would be before the horizon is in its first period.
void shift_earlier(std::vector<double>& figures, int entity, int periods, int period_count) {
  double* row = figures.data() + static_cast<std::size_t>(entity) * static_cast<std::size_t>(period_count);
  std::vector<double> moved(static_cast<std::size_t>(period_count));
  for (int t = 0; t < period_count; ++t) moved[static_cast<std::size_t>(std::max(0, t - periods))] += row[t];
  std::ranges::copy(moved, row);
}

/// Half of what a source does, and half of another's with the same distribution: delays are averaged; factors, whose
/// deviations are halved, multiply to their average but for a product of deviations.
void add_second_source(Chances& chances, int source) {
  Source twin = chances.sources[static_cast<std::size_t>(source)];
  twin.name += " (second source)";
  const auto other = static_cast<int>(chances.sources.size());
  chances.sources.push_back(std::move(twin));
  const std::size_t count = chances.influences.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (chances.influences[i].source != source) continue;
    Influence& mine = chances.influences[i];
    const bool is_sum = mine.aspect == Aspect::delay;
    const auto half = [&](double value) { return is_sum ? value / 2 : 1 + (value - 1) / 2; };
    mine.at_low = half(mine.at_low);
    mine.at_mode = half(mine.at_mode);
    mine.at_high = half(mine.at_high);
    Influence copy = mine;
    copy.source = other;
    chances.influences.push_back(copy);
  }
}

Play with_lever(const Play& play, const RiskLever& lever) {
  PlanFigures figures = play.figures;
  Chances chances = play.chances;
  switch (lever.kind) {
    case LeverKind::earlier_order:
      for (const int k : lever.capacities) shift_earlier(figures.order, k, lever.periods, play.period_count);
      for (const int p : lever.processes) shift_earlier(figures.activity, p, lever.periods, play.period_count);
      break;
    case LeverKind::buffer:
      for (const int p : lever.processes) shift_earlier(figures.activity, p, lever.periods, play.period_count);
      break;
    case LeverKind::second_source:
      if (lever.source >= 0) add_second_source(chances, lever.source);
      if (lever.shock >= 0) {
        for (Influence& each : chances.shocks[static_cast<std::size_t>(lever.shock)].effects) {
          each.at_mode = each.aspect == Aspect::delay ? each.at_mode / 2 : 1 + (each.at_mode - 1) / 2;
        }
      }
      break;
    case LeverKind::more_capacity: {
      const auto more = static_cast<int>(chances.sources.size());
      chances.sources.push_back({.name = "more", .distribution = {.mode = 1}});
      chances.influences.push_back({.source = more,
                                    .target = ChanceTarget::capacity,
                                    .id = play.resources[static_cast<std::size_t>(lever.resource)].capacity,
                                    .aspect = Aspect::limit,
                                    .at_low = 1.1,
                                    .at_mode = 1.1,
                                    .at_high = 1.1});
      break;
    }
  }
  return make_play(*play.model, std::move(figures), std::move(chances));
}

/// What is asked of a variant is what is asked of the plan.
Observation same_milestones(const Play& variant, const Observation& plan) {
  Observation out = make_observation(variant);
  for (std::size_t i = 0; i < out.milestones.size() && i < plan.milestones.size(); ++i) {
    out.milestones[i].milestone.quantity = plan.milestones[i].milestone.quantity;
    out.milestones[i].planned = plan.milestones[i].planned;
    out.milestones[i].planned_period = plan.milestones[i].planned_period;
  }
  for (PlaySeries& each : out.series) each.is_shown = false;
  return out;
}

Gain gain_of(const auto& after, const auto& before, double sign, double level) {
  Moments moments;
  for (std::size_t i = 0; i < after.size(); ++i) {
    moments.add(sign * (static_cast<double>(after[i]) - static_cast<double>(before[i])));
  }
  return {.mean = moments.mean(), .half_width = moments.half_width(level)};
}

double mean_of(const std::vector<uint8_t>& met) {
  double sum = 0;
  for (const uint8_t each : met) sum += each;
  return met.empty() ? 0 : sum / static_cast<double>(met.size());
}

}  // namespace

namespace {

/// The cause of most replications that miss it; 0 where none does.
int main_cause(const MilestoneOdds& odds) {
  if (odds.causes.size() < 2) return 0;
  const auto worst = std::ranges::max_element(odds.causes.begin() + 1, odds.causes.end());
  return *worst == 0 ? 0 : static_cast<int>(worst - odds.causes.begin());
}

bool is_same(const RiskLever& a, const RiskLever& b) {
  return a.kind == b.kind && a.capacities == b.capacities && a.processes == b.processes && a.source == b.source &&
         a.shock == b.shock && a.resource == b.resource;
}

}  // namespace

std::vector<RiskLever> find_levers(const Play& play, const Observation& observation, const Odds& odds,
                                   std::size_t count_max) {
  // of each milestone that may be met or missed: its own orders earlier, then what is against its main cause
  std::vector<std::vector<RiskLever>> of_milestone;
  LeverFinder finder(play, odds);
  for (std::size_t i = 0; i < odds.milestones.size(); ++i) {
    const double met = odds.milestones[i].met.value();
    if (!observation.milestones[i].is_planned() || met < kHopeless || met > 1 - kHopeless) continue;
    const int cause = main_cause(odds.milestones[i]);
    auto& levers = of_milestone.emplace_back();
    finder.order_earlier(cause, observation.series[static_cast<std::size_t>(observation.milestones[i].series)], levers);
    finder.against(cause, levers);
  }
  std::vector<RiskLever> out;
  for (std::size_t round = 0;; ++round) {
    bool is_any = false;
    for (const auto& levers : of_milestone) {
      if (round >= levers.size()) continue;
      is_any = true;
      const bool is_known =
          std::ranges::any_of(out, [&](const RiskLever& each) { return is_same(each, levers[round]); });
      if (!is_known && out.size() < count_max) out.push_back(levers[round]);
    }
    if (!is_any || out.size() >= count_max) return out;
  }
}

std::vector<LeverOdds> value_levers(const Play& play, const Observation& observation,
                                    const std::vector<RiskLever>& levers, const RiskOptions& options,
                                    uint32_t replications) {
  RiskOptions paired = options;
  paired.replications = replications;
  paired.sampling = Sampling::plain;
  paired.precision = 0;
  paired.on_progress = {};
  QuantileTables tables;
  if (paired.tables == nullptr) paired.tables = &tables;
  std::vector<LeverOdds> out;
  if (levers.empty()) return out;
  const PairedRun plan = play_paired(play, observation, paired);
  for (const RiskLever& lever : levers) {
    if (options.cancel != nullptr && *options.cancel) break;
    const Play variant = with_lever(play, lever);
    const PairedRun run = play_paired(variant, same_milestones(variant, observation), paired);
    if (run.met.size() != plan.met.size() || (options.cancel != nullptr && *options.cancel)) continue;
    LeverOdds made{.lever = lever, .before = {}, .after = {}, .probability = {}, .periods = {}};
    for (std::size_t i = 0; i < plan.met.size(); ++i) {
      made.before.push_back(mean_of(plan.met[i]));
      made.after.push_back(mean_of(run.met[i]));
      made.probability.push_back(gain_of(run.met[i], plan.met[i], 1, options.level));
      made.periods.push_back(gain_of(run.reached[i], plan.reached[i], -1, options.level));
    }
    out.push_back(std::move(made));
  }
  return out;
}

}  // namespace beltline
