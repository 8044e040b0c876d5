#include "plan/commitment.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace beltline {
namespace {

/// Elapsed times are sums of slices: a minimum that ends with a slice must not reach into the next.
constexpr double kRounding = 1e-9;

Block take(int32_t& count, int t1, int slices, bool wanted) {
  if (!wanted) return {};
  const Block block{.first = count, .t0 = 0, .t1 = t1, .slices = slices};
  const int64_t next = int64_t{count} + int64_t{t1} * slices;
  ASSERT(next < std::numeric_limits<int32_t>::max());
  count = static_cast<int32_t>(next);
  return block;
}

}  // namespace

Chronology::Chronology(const Calendar& calendar, const UnitCommitment& commitment)
    : calendar_(calendar), is_cyclic_(commitment.is_cyclic), counts_slices_(commitment.counts_slices) {}

double Chronology::length(int s) const {
  return counts_slices_ ? 1.0 : calendar_.step(s);
}

int Chronology::first(int s) const {
  return s / calendar_.group_size * calendar_.group_size;
}

int Chronology::before(int s) const {
  if (s > first(s)) return s - 1;
  return is_cyclic_ ? s + calendar_.group_size - 1 : -1;
}

std::vector<int> Chronology::window(int s, double span) const {
  std::vector<int> out{s};
  double elapsed = 0;
  for (int at = before(s); at >= 0 && at != s; at = before(at)) {
    elapsed += length(at);
    if (elapsed >= span - kRounding) break;
    out.push_back(at);
  }
  return out;
}

double Chronology::since_begin(int s) const {
  double sum = 0;
  for (int at = first(s); at < s; ++at) sum += length(at);
  return sum;
}

double UnitColumns::existing_count() const {
  if (is_whole) return 1;
  return size > 0 ? std::floor(existing / size + kRounding) : 0;
}

UnitColumns units_of(const Model& model, const Layout& layout, std::size_t p, int t) {
  const Process& process = model.processes[p];
  const UnitCommitment& c = *process.commitment;
  UnitColumns out{.size = c.unit_size, .existing = c.unit_size};
  if (process.uses.empty()) return out;
  const CapacityUse& use = process.uses.front();
  const Capacity& capacity = model.capacities[use.capacity.index()];
  const Block& built = layout.built[use.capacity.index()];
  out.capacity = static_cast<int>(use.capacity.index());
  out.per_capacity = 1.0 / model.at(use.use, t);
  out.existing = model.at_or(capacity.existing, 0, t);
  if (built.holds(t)) out.built = built.at(t);
  out.is_whole = c.unit_size <= 0;
  if (out.is_whole) {
    ASSERT(out.built < 0 || capacity.total_max >= 0 || !c.has_units);
    out.size = out.existing + (out.built >= 0 ? std::max(0.0, capacity.total_max) : 0.0);
  }
  return out;
}

std::optional<double> units_before(const UnitCommitment& c, const UnitColumns& units) {
  if (c.units_before) return c.units_before;
  if (!c.on_before) return std::nullopt;
  return *c.on_before > 0 ? units.existing_count() : 0.0;
}

std::optional<double> level_before(const UnitCommitment& c, const UnitColumns& units) {
  if (c.level_before || !c.has_units) return c.level_before;
  const auto on = units_before(c, units);
  return on && *on == 0 ? std::optional(0.0) : std::nullopt;
}

void lay_commitment(const Model& model, Layout& layout) {
  const int T = model.period_count();
  CommitmentLayout& l = layout.commitment;
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    const int slices = layout.activity[p].slices;
    const bool has_units = process.commitment && process.commitment->has_units;
    ASSERT(!process.commitment || slices == model.calendar.slice_count);
    for (auto* blocks : {&l.on, &l.starts, &l.stops}) {
      blocks->push_back(take(layout.column_count, T, slices, has_units));
    }
    const UnitCommitment c = process.commitment.value_or(UnitCommitment{});
    const auto rows = [&](std::vector<Block>& blocks, bool wanted) {
      blocks.push_back(take(layout.row_count, T, slices, wanted));
    };
    // One unit whose size is decided has its own rows for each way to ramp.
    const bool is_sized = has_units && c.unit_size <= 0 && !process.uses.empty() &&
                          layout.built[process.uses.front().capacity.index()].first >= 0;
    const bool ramps_up = c.ramp_up.present() || c.ramp_start >= 0;
    const bool ramps_down = c.ramp_down.present() || c.ramp_stop >= 0;
    rows(l.recursion, has_units);
    rows(l.most, has_units);
    rows(l.least, has_units && c.min_load.present());
    rows(l.min_up, has_units);
    rows(l.min_down, has_units);
    rows(l.ramp_up, ramps_up);
    rows(l.ramp_down, ramps_down);
    rows(l.start_ramp, is_sized && c.ramp_start >= 0);
    rows(l.stop_ramp, is_sized && c.ramp_stop >= 0);
  }
}

double units_max(const Model& model, const Layout& layout, std::size_t p, int t) {
  const UnitColumns units = units_of(model, layout, p, t);
  const double before = units_before(*model.processes[p].commitment, units).value_or(0);
  if (units.is_whole) return std::max(1.0, before);
  double most = units.existing;
  if (units.built >= 0) {
    const double total = model.capacities[static_cast<std::size_t>(units.capacity)].total_max;
    most = total >= 0 ? most + total : lp::kInf;
  }
  return std::max(before, std::floor(most / units.size + kRounding));
}

CommitmentCost commitment_cost(const Model& model, const Process& process, int t, int s) {
  const UnitCommitment& c = *process.commitment;
  const double hours = model.calendar.hours(t, s);
  // A day that stands for many has each start as often as it comes round.
  const double times = hours / model.calendar.step(s);
  return {.on = hours * model.at_or(c.no_load_cost, 0, t, s),
          .start = times * model.at_or(c.start_cost, 0, t, s),
          .stop = times * model.at_or(c.stop_cost, 0, t, s)};
}

void add_commitment_costs(const Model& model, const Layout& layout, GoalVector& goal) {
  const CommitmentLayout& l = layout.commitment;
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Block& on = l.on[p];
    for (int t = on.t0; on.first >= 0 && t < on.t1; ++t) {
      const double factor = model.discount_factor(t);
      for (int s = 0; s < on.slices; ++s) {
        const CommitmentCost cost = commitment_cost(model, model.processes[p], t, s);
        goal.coefficient[static_cast<std::size_t>(on.at(t, s))] = factor * cost.on;
        goal.coefficient[static_cast<std::size_t>(l.starts[p].at(t, s))] = factor * cost.start;
        goal.coefficient[static_cast<std::size_t>(l.stops[p].at(t, s))] = factor * cost.stop;
      }
    }
  }
}

}  // namespace beltline
