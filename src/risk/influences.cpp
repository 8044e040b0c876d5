#include "risk/influences.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "risk/comparison.h"

namespace beltline {
namespace {

template <class Entity>
bool same_names(const std::vector<Entity>& a, const std::vector<Entity>& b) {
  return std::ranges::equal(a, b, {}, &Entity::name, &Entity::name);
}

/// Offsets of build flows by good and place, ascending.
std::map<std::pair<int32_t, int32_t>, std::vector<int>> offsets_by_good(const Capacity& capacity) {
  std::map<std::pair<int32_t, int32_t>, std::vector<int>> out;
  for (const BuildFlow& flow : capacity.build_flows) {
    out[{flow.commodity.value, flow.place.value}].push_back(flow.offset);
  }
  for (auto& [good, offsets] : out) std::ranges::sort(offsets);
  return out;
}

/// The base's offsets that have no counterpart in the other's: moved, or left off at the end. What the other has more
/// of at the end (a dock held for longer) moves the last.
void note_moved(const std::vector<int>& base, const std::vector<int>& other, std::vector<int>& moved) {
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (i >= other.size() || other[i] != base[i]) moved.push_back(base[i]);
  }
  if (other.size() > base.size() && !base.empty()) moved.push_back(base.back());
}

}  // namespace

bool same_numbers(const Model& a, Series x, const Model& b, Series y) {
  if (!x.present() && !y.present()) return true;
  if (x.present() != y.present() || x.period_stride != y.period_stride || x.slice_stride != y.slice_stride)
    return false;
  if (x.slice_stride != 0) return false;
  const std::size_t count = x.period_stride == 0 ? 1 : static_cast<std::size_t>(a.period_count());
  const auto stride = static_cast<std::size_t>(std::max(1, x.period_stride));
  for (std::size_t t = 0; t < count; ++t) {
    if (a.pool[static_cast<std::size_t>(x.offset) + t * stride] !=
        b.pool[static_cast<std::size_t>(y.offset) + t * stride]) {
      return false;
    }
  }
  return true;
}

ModelComparison::ModelComparison(const Model& base, const std::vector<std::vector<char>>& takes, const Ends& ends,
                                 const CompareOptions& options)
    : base_(base), takes_(takes), ends_(ends), options_(options), periods_(base.period_count()) {
  for (const Changed* each : {&ends.low, &ends.high, &ends.probe}) {
    if (each->model != nullptr) changed_.push_back(each);
  }
}

std::vector<Found> ModelComparison::run() {
  for (std::size_t p = 0; p < base_.processes.size(); ++p) process(p);
  for (std::size_t k = 0; k < base_.capacities.size(); ++k) capacity(k);
  for (std::size_t d = 0; d < base_.demands.size(); ++d) {
    add_factor(Aspect::demand, factors([&](const Model& m) { return m.demands[d].quantity; }),
               {ChanceTarget::demand, d});
  }
  moves();
  stores();
  return std::move(out_);
}

void ModelComparison::add_factor(Aspect aspect, const Factors& factor, Where where) {
  if (!factor.move()) return;
  out_.push_back({.influence = {.target = where.target,
                                .id = static_cast<int32_t>(where.id),
                                .aspect = aspect,
                                .at_low = factor.low,
                                .at_mode = 1,
                                .at_high = factor.high,
                                .part = where.part}});
}

void ModelComparison::process(std::size_t p) {
  const Process& own = base_.processes[p];
  const auto is_like = [&](const Changed* each) {
    const Process& other = each->model->processes[p];
    return other.flows.size() == own.flows.size() && other.uses.size() == own.uses.size();
  };
  if (!std::ranges::all_of(changed_, is_like)) return;
  const Where where{ChanceTarget::process, p};
  flows(p, where);
  add_delay([&](const Model& m) { return output_lag(m, p); }, where, -1);
  add_factor(Aspect::limit, factors([&](const Model& m) { return m.processes[p].upper; }),
             {ChanceTarget::process, p, kOwnPart});
  uses(p);
  if (options_.with_costs) add_factor(Aspect::cost, money(p), where);
}

/// What comes out and what goes in: one factor for all where they move alike, else one for each that moves.
void ModelComparison::flows(std::size_t p, const Where& where) {
  for (const Aspect aspect : {Aspect::yield, Aspect::intake}) {
    std::vector<std::pair<int, Factors>> each;
    for (std::size_t j = 0; j < base_.processes[p].flows.size(); ++j) {
      if (takes(p, j) != (aspect == Aspect::intake)) continue;
      each.emplace_back(static_cast<int>(j), factors([&](const Model& m) { return m.processes[p].flows[j].rate; }));
    }
    if (each.empty()) continue;
    const bool is_alike =
        std::ranges::all_of(each, [&](const auto& flow) { return flow.second.same(each.front().second); });
    if (is_alike) {
      add_factor(aspect, each.front().second, where);
      continue;
    }
    for (const auto& [j, factor] : each) add_factor(aspect, factor, {where.target, where.id, j});
  }
}

/// The lag of what comes out: the longest, where there are several.
int ModelComparison::output_lag(const Model& m, std::size_t p) const {
  int lag = 0;
  for (std::size_t j = 0; j < m.processes[p].flows.size(); ++j) {
    if (!takes(p, j)) lag = std::max(lag, m.processes[p].flows[j].lag);
  }
  return lag;
}

/// Of several capacities that a unit takes more or less of, the one that allows least.
void ModelComparison::uses(std::size_t p) {
  std::optional<Factors> least;
  for (std::size_t i = 0; i < base_.processes[p].uses.size(); ++i) {
    const Factors taken = factors([&](const Model& m) { return m.processes[p].uses[i].use; }, 1);
    if (!taken.move() || taken.low <= 0 || taken.high <= 0) continue;
    const Factors allowed{.low = 1 / taken.low, .high = 1 / taken.high};
    if (!least) least = allowed;
    least->low = std::min(least->low, allowed.low);
    least->high = std::min(least->high, allowed.high);
  }
  if (least) add_factor(Aspect::limit, *least, {ChanceTarget::process, p, kUsePart});
}

/// USD that a unit of activity costs in a period; of a rate, one that runs in all its hours.
Factors ModelComparison::money(std::size_t p) const {
  const auto usd = [p](const Model& m, int t) {
    const Process& process = m.processes[p];
    const double hours = process.grain == Grain::rate ? m.calendar.hours(t) : 1;
    return (process.cost.present() ? m.mean(process.cost, t) * hours : 0) +
           (process.peak_cost.present() ? m.mean(process.peak_cost, t) : 0);
  };
  const auto ratio = [&](const Model& m) {
    const Process &own = base_.processes[p], &other = m.processes[p];
    if (same_numbers(base_, own.cost, m, other.cost) && same_numbers(base_, own.peak_cost, m, other.peak_cost)) {
      return 1.0;
    }
    return mean_ratio(periods_, [&](int t) { return usd(base_, t); }, [&](int t) { return usd(m, t); });
  };
  return {.low = ratio(*ends_.low.model), .high = ratio(*ends_.high.model)};
}

void ModelComparison::capacity(std::size_t k) {
  const auto of = [&](const Model& m) -> const Capacity& { return m.capacities[k]; };
  build_flows(k);
  stand_flows(k);
  const Where online{ChanceTarget::capacity, k, kOnlinePart}, orders{ChanceTarget::capacity, k, kOrdersPart};
  add_delay([&](const Model& m) { return of(m).lead; }, {ChanceTarget::capacity, k}, stage_of(k));
  add_factor(Aspect::limit, factors([&](const Model& m) { return of(m).existing; }), online);
  add_factor(Aspect::limit, factors([&](const Model& m) { return of(m).build_max; }), orders);
  add_factor(Aspect::availability, factors([&](const Model& m) { return of(m).availability; }, 1),
             {ChanceTarget::capacity, k});
  if (!options_.with_costs) return;
  add_factor(Aspect::cost, factors([&](const Model& m) { return of(m).capex; }),
             {ChanceTarget::capacity, k, kCapexPart});
  add_factor(Aspect::cost, factors([&](const Model& m) { return of(m).fixed_cost; }),
             {ChanceTarget::capacity, k, kFixedPart});
}

/// The first offset of a build flow that moves in any of the models: all of them is −1, none the step after the last.
int ModelComparison::stage_of(std::size_t k) const {
  const Capacity& own = base_.capacities[k];
  if (own.build_flows.empty()) return -1;
  const auto is_still = [&](const Changed* each) {
    const Capacity& other = each->model->capacities[k];
    return other.lead == own.lead;
  };
  if (std::ranges::all_of(changed_, is_still)) return -1;
  const auto base = offsets_by_good(own);
  std::vector<int> moved;
  for (const Changed* each : changed_) {
    const auto other = offsets_by_good(each->model->capacities[k]);
    for (const auto& [good, offsets] : base) {
      const auto found = other.find(good);
      note_moved(offsets, found == other.end() ? std::vector<int>() : found->second, moved);
    }
  }
  int first = std::numeric_limits<int>::max(), last = 0;
  for (const auto& [good, offsets] : base) {
    first = std::min(first, offsets.front());
    last = std::max(last, offsets.back());
  }
  if (moved.empty()) return last + 1;
  const int stage = std::ranges::min(moved);
  return stage <= first ? -1 : stage;
}

Comparer::Comparer(const Model& base, const CompareOptions& options) : base_(base), options_(options) {
  for (const Process& process : base.processes) {
    std::vector<char>& row = takes_.emplace_back();
    for (const Flow& flow : process.flows) {
      bool takes = false;
      for (int t = 0; t < base.period_count(); ++t) takes = takes || base.mean(flow.rate, t) < 0;
      row.push_back(takes ? 1 : 0);
    }
  }
}

std::vector<Found> Comparer::influences_of(const Ends& ends) const {
  return ModelComparison(base_, takes_, ends, options_).run();
}

bool Comparer::has_new_goods(const Ends& ends) const {
  return ModelComparison(base_, takes_, ends, options_).has_new_goods();
}

bool has_same_entities(const Model& a, const Model& b) {
  return same_names(a.processes, b.processes) && same_names(a.capacities, b.capacities) &&
         same_names(a.demands, b.demands);
}

}  // namespace beltline
