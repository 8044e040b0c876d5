#include "risk/play.h"

#include <algorithm>
#include <cmath>

#include "risk/play_maker.h"

namespace beltline {

void PlayMaker::put_holders_first() {
  std::set<int> run_on;
  for (const Operation& each : play_.operations) {
    if (each.kind != Operation::Kind::process) continue;
    for (const auto& input : each.inputs) {
      if (!play_.stocks[static_cast<std::size_t>(input.stock)].carries) run_on.insert(input.stock);
    }
  }
  for (Operation& each : play_.operations) {
    if (each.kind == Operation::Kind::process || !each.is_last) continue;
    for (auto& input : each.inputs) input.is_first = run_on.contains(input.stock);
  }
}

void PlayMaker::order_operations() {
  const std::size_t count = play_.operations.size();
  std::vector<std::vector<std::size_t>> before(count);
  std::vector<std::vector<std::size_t>> takers(play_.stocks.size());
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& input : play_.operations[i].inputs) takers[static_cast<std::size_t>(input.stock)].push_back(i);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& output : play_.operations[i].outputs) {
      if (!may_be_at_once(output)) continue;
      if (output.to == Operation::Output::To::stage) before[static_cast<std::size_t>(output.target)].push_back(i);
      if (output.to != Operation::Output::To::stock) continue;
      for (const std::size_t taker : takers[static_cast<std::size_t>(output.target)]) before[taker].push_back(i);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& input : play_.operations[i].inputs) {
      if (!input.is_first) continue;
      for (const std::size_t taker : takers[static_cast<std::size_t>(input.stock)]) {
        if (play_.operations[taker].kind == Operation::Kind::process) before[taker].push_back(i);
      }
    }
  }
  std::vector<std::size_t> order;
  std::vector<char> seen(count, 0);
  const auto visit = [&](const auto& self, std::size_t i) -> void {
    if (seen[i] != 0) return;
    seen[i] = 1;
    for (const std::size_t each : before[i]) self(self, each);
    order.push_back(i);
  };
  for (std::size_t i = 0; i < count; ++i) visit(visit, i);
  renumber(order);
}

bool PlayMaker::may_be_at_once(const Operation::Output& output) const {
  if (output.lag < 0) return true;
  const Lag& lag = play_.lags[static_cast<std::size_t>(output.lag)];
  const double base = lag.periods - (lag.after < 0 ? 0 : play_.lags[static_cast<std::size_t>(lag.after)].periods);
  return base < 1 || lag.slot >= 0;
}

void PlayMaker::renumber(const std::vector<std::size_t>& order) {
  std::vector<int> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<int>(i);
  std::vector<Operation> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(play_.operations[i]));
  for (Operation& each : sorted) {
    for (auto& output : each.outputs) {
      if (output.to == Operation::Output::To::stage) output.target = place[static_cast<std::size_t>(output.target)];
    }
  }
  play_.operations = std::move(sorted);
  const auto move_to = [&](std::vector<int>& indices) {
    for (int& each : indices) each = each < 0 ? -1 : place[static_cast<std::size_t>(each)];
  };
  move_to(play_.operation_of_process);
  move_to(play_.order_of_capacity);
  move_to(play_.operation_of_move);
}

void PlayMaker::link_stocks() {
  for (std::size_t i = 0; i < play_.operations.size(); ++i) {
    for (auto& input : play_.operations[i].inputs) input.later = later_takers(i, input.stock);
  }
  for (std::size_t i = 0; i < play_.operations.size(); ++i) {
    for (const auto& input : play_.operations[i].inputs) {
      play_.stocks[static_cast<std::size_t>(input.stock)].takers.push_back(static_cast<int>(i));
    }
    for (const auto& output : play_.operations[i].outputs) {
      if (output.to != Operation::Output::To::stock) continue;
      play_.stocks[static_cast<std::size_t>(output.target)].makers.push_back(static_cast<int>(i));
    }
  }
}

std::vector<int> PlayMaker::later_takers(std::size_t operation, int stock) const {
  std::vector<int> out;
  const Operation& mine = play_.operations[operation];
  if (mine.kind != Operation::Kind::stage) return out;
  for (std::size_t i = 0; i < play_.operations.size(); ++i) {
    const Operation& other = play_.operations[i];
    const bool is_later = other.kind == mine.kind && other.id == mine.id && other.offset > mine.offset;
    const bool takes = std::ranges::any_of(other.inputs, [&](const auto& each) { return each.stock == stock; });
    if (is_later && takes) out.push_back(static_cast<int>(i));
  }
  return out;
}

Play make_play(const Model& model, PlanFigures figures, Chances chances) {
  return PlayMaker(model, std::move(figures), std::move(chances)).make();
}

}  // namespace beltline
