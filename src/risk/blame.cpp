#include "risk/blame.h"

#include <algorithm>
#include <cmath>

namespace beltline {
namespace {

constexpr double kWaiting = 1e-6;  // units

/// The larger of two suspects; the first where they are alike.
void consider(Suspect& best, const Suspect& other) {
  if (other.cause != 0 && other.periods > best.periods) best = other;
}

}  // namespace

Suspect Blame::of_slot(int slot, std::size_t lane, bool more_is_worse, double periods) const {
  Suspect worst;
  if (slot < 0) return worst;
  const Slot& of = s_.play_.slots[static_cast<std::size_t>(slot)];
  for (const Slot::Effect& effect : of.effects) {
    double value = 0;
    int cause = 0;
    if (effect.source >= 0) {
      value = s_.effect_at(effect, lane) - (of.is_sum ? effect.at_mode : 0.0);
      cause = s_.causes_.of_source(effect.source);
    } else {
      const auto event =
          static_cast<std::size_t>(s_.event_begin_[static_cast<std::size_t>(effect.shock)] + effect.event);
      if (s_.event_number_.row(event)[lane] == 0) continue;  // it never happened
      value = effect.at_mode;
      cause = s_.causes_.of_shock(effect.shock);
    }
    const double loss = of.is_sum ? value : (more_is_worse ? value - 1 : 1 - value) * periods;
    consider(worst, {cause, loss});
  }
  return worst;
}

Suspect Blame::of_operation(std::size_t o, std::size_t lane) const {
  const Operation& operation = s_.play_.operations[o];
  const double planned = s_.planned_sum_[o];
  if (planned <= 0 || s_.waited_.row(o)[lane] <= 0) return {};
  const double waited = s_.waited_.row(o)[lane] / planned;
  const double limit = s_.limit_.row(o)[lane];
  const double since = std::max(1, s_.t_ - s_.first_planned_[o] + 1);
  if (limit >= kUpper) {
    Suspect found = of_slot(operation.limit_slot, lane, false, since);
    // a limit that holds always: it is only what makes catching up slow
    if (found.cause == 0) found = of_inputs(operation, lane, since);
    return {found.cause, waited};
  }
  if (limit >= kUse) {
    const auto use = static_cast<std::size_t>(limit - kUse);
    const auto resource = static_cast<std::size_t>(operation.uses[use].resource);
    Suspect found = of_resource(resource, lane);
    consider(found, of_slot(operation.uses[use].slot, lane, false, since));
    return {found.cause != 0 ? found.cause : s_.causes_.of_resource(static_cast<int>(resource)), waited};
  }
  const Operation::Input& input = operation.inputs[static_cast<std::size_t>(limit)];
  Suspect found = of_stock(static_cast<std::size_t>(input.stock), lane);
  consider(found, of_slot(input.slot, lane, true, since));
  return {found.cause != 0 ? found.cause : s_.causes_.of_stock(input.stock), waited};
}

Suspect Blame::of_inputs(const Operation& operation, std::size_t lane, double since) const {
  Suspect worst;
  for (const Operation::Input& input : operation.inputs) {
    consider(worst, of_stock(static_cast<std::size_t>(input.stock), lane));
    consider(worst, of_slot(input.slot, lane, true, since));
  }
  return worst;
}

Suspect Blame::of_resource(std::size_t r, std::size_t lane) const {
  const Resource& resource = s_.play_.resources[r];
  const double periods = s_.t_ + 1;
  Suspect worst = of_slot(resource.limit_slot, lane, false, periods);
  consider(worst, of_slot(resource.availability_slot, lane, false, periods));
  consider(worst, of_slot(resource.delay_slot, lane, false, periods));
  consider(worst, of_capacity(static_cast<std::size_t>(resource.capacity), lane));
  return worst;
}

Suspect Blame::of_stock(std::size_t n, std::size_t lane) const {
  // asked again, by another taker or round a loop, it says the same: what it knows so far
  Known& known = s_.known_[n * kLanes + lane];
  if (known.month != s_.month_number_) {
    known = {.month = s_.month_number_, .suspect = {}};
    const Suspect found = makers_of(n, lane);
    known.suspect = found;
  }
  return known.suspect;
}

Suspect Blame::makers_of(std::size_t n, std::size_t lane) const {
  const Stock& stock = s_.play_.stocks[n];
  Suspect worst;
  double total = 0;
  for (const int maker : stock.makers) total += s_.planned_sum_[static_cast<std::size_t>(maker)];
  for (const int maker : stock.makers) {
    const auto o = static_cast<std::size_t>(maker);
    const Operation& operation = s_.play_.operations[o];
    if (operation.kind != Operation::Kind::process || total <= 0 || s_.t_ < s_.first_planned_[o]) continue;
    const double share = s_.planned_sum_[o] / total;
    const double since = s_.t_ - s_.first_planned_[o] + 1;
    const auto mine = [&](Suspect found) { consider(worst, {found.cause, found.periods * share}); };
    mine(of_operation(o, lane));
    for (const Operation::Output& output : operation.outputs) {
      if (output.to != Operation::Output::To::stock || output.target != static_cast<int>(n)) continue;
      mine(of_slot(output.yield_slot, lane, false, since));
      mine(of_slot(s_.play_.lags[static_cast<std::size_t>(output.lag)].slot, lane, false, since));
    }
  }
  for (const Stock::Stand& stand : stock.stands) {
    if (stand.rate[static_cast<std::size_t>(s_.t_)] > 0) {
      consider(worst, of_capacity(static_cast<std::size_t>(stand.capacity), lane));
      consider(worst, of_slot(stand.slot, lane, false, s_.t_ + 1.0));
      const PlayCapacity& offers = s_.play_.capacities[static_cast<std::size_t>(stand.capacity)];
      consider(worst, of_slot(offers.existing_slot, lane, false, s_.t_ + 1.0));
    }
  }
  for (const Stock::Potential& each : stock.potentials) {
    consider(worst, of_slot(each.limit_slot, lane, false, s_.t_ + 1.0));
  }
  return worst;
}

Suspect Blame::of_capacity(std::size_t k, std::size_t lane) const {
  Suspect worst;
  const auto at = k * static_cast<std::size_t>(s_.play_.period_count) + static_cast<std::size_t>(s_.t_);
  if (s_.built_.row(k)[lane] >= s_.baseline_->built[at] * (1 - 1e-9)) return worst;
  consider(worst, of_tows(k, lane));
  if (s_.stages_of_[k].empty()) return worst;
  // what still waits is what is missing: what was waited for earlier, in vain or not, does not count beside it
  const auto waits = [&](int stage) { return s_.queues_.row(static_cast<std::size_t>(stage))[lane] > kWaiting; };
  const bool any_waits = std::ranges::any_of(s_.stages_of_[k], waits);
  for (const int stage : s_.stages_of_[k]) {
    const auto o = static_cast<std::size_t>(stage);
    if (!any_waits || waits(stage)) consider(worst, of_operation(o, lane));
    if (any_waits) continue;
    for (const Operation::Output& output : s_.play_.operations[o].outputs) {
      if (output.to != Operation::Output::To::stage) continue;
      // the last stage's slot holds all delays of the way
      consider(worst, of_slot(s_.play_.lags[static_cast<std::size_t>(output.lag)].slot, lane, false, 0));
    }
  }
  return worst;
}

Suspect Blame::of_tows(std::size_t k, std::size_t lane) const {
  Suspect worst;
  const auto& moves = s_.play_.model->moves;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const int leave = s_.play_.operation_of_move[i];
    if (leave < 0 || moves[i].to.index() != k) continue;
    consider(worst, of_operation(static_cast<std::size_t>(leave), lane));
    for (const Operation::Output& output : s_.play_.operations[static_cast<std::size_t>(leave)].outputs) {
      consider(worst, of_slot(s_.play_.lags[static_cast<std::size_t>(output.lag)].slot, lane, false, 0));
    }
  }
  return worst;
}

Suspect Blame::of_series(const PlaySeries& series, std::size_t, std::size_t lane) const {
  Suspect worst;
  double most_missing = 0;
  const auto t = static_cast<std::size_t>(s_.t_);
  for (const PlayTerm& term : series.terms) {
    const auto index = static_cast<std::size_t>(std::max(0, term.index));
    Suspect found;
    double missing = 0;
    if (term.source == PlayTerm::Source::online) {
      const auto at = index * static_cast<std::size_t>(s_.play_.period_count) + t;
      const double existing = term.base[t] * (1 - s_.slot_row(term.existing_slot)[lane]);
      missing = (s_.baseline_->built[at] - s_.built_.row(index)[lane] + existing) * term.coefficient[t];
      if (missing > most_missing) {
        found = of_capacity(index, lane);
        consider(found, of_slot(term.existing_slot, lane, false, s_.t_ + 1.0));
      }
    } else if (term.source == PlayTerm::Source::operation) {
      missing = s_.waited_.row(index)[lane] * term.coefficient[t];
      if (missing > most_missing) found = of_operation(index, lane);
    } else if (term.source == PlayTerm::Source::flow) {
      missing = term.base[t] * term.coefficient[t] * (1 - s_.flows_.row(index)[lane]);
      if (missing > most_missing) found = of_flow(index, lane, 0);
    }
    if (missing > most_missing && found.cause != 0) {
      most_missing = missing;
      worst = found;
    }
  }
  return worst;
}

Suspect Blame::of_flow(std::size_t i, std::size_t lane, int depth) const {
  Suspect worst;
  const FlowProcess& flow = s_.play_.flows[i];
  const auto t = static_cast<std::size_t>(s_.t_);
  consider(worst, of_slot(flow.limit_slot, lane, false, 1));
  consider(worst, of_slot(flow.availability_slot, lane, false, 1));
  for (const FlowProcess::Use& use : flow.uses) {
    consider(worst, of_slot(use.slot, lane, false, 1));
    consider(worst, of_slot(s_.play_.capacities[static_cast<std::size_t>(use.capacity)].existing_slot, lane, false, 1));
    consider(worst, of_capacity(static_cast<std::size_t>(use.capacity), lane));
  }
  if (worst.cause != 0 || depth > 16) return worst;
  for (const FlowProcess::End& end : flow.inputs) {
    const double planned = s_.play_.flow_nodes[static_cast<std::size_t>(end.node)].planned[t];
    if (planned <= 0 || s_.node_sum_.row(static_cast<std::size_t>(end.node))[lane] >= planned * (1 - 1e-6)) continue;
    double most = 0;
    for (std::size_t j = 0; j < s_.play_.flows.size(); ++j) {
      for (const FlowProcess::End& out : s_.play_.flows[j].outputs) {
        const double missing = out.node == end.node ? out.flow[t] * (1 - s_.flows_.row(j)[lane]) : 0.0;
        if (missing <= most || j == i) continue;
        most = missing;
        const Suspect found = of_flow(j, lane, depth + 1);
        if (found.cause != 0) worst = found;
      }
    }
  }
  return worst;
}

}  // namespace beltline
