// What comes in amounts: capacities, stocks, processes, stages of what is built, moves.
#include <algorithm>
#include <cmath>

#include "risk/play_maker.h"
#include "risk/range_targets.h"

namespace beltline {

void PlayMaker::make_capacities() {
  std::set<int> moved;
  for (const Move& move : m_.moves) {
    moved.insert(move.from.value);
    moved.insert(move.to.value);
  }
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    const Capacity& capacity = m_.capacities[k];
    PlayCapacity made;
    made.existing = by_period([&](int t) { return m_.at_or(capacity.existing, 0, t); });
    const auto orders = row(play_.figures.order, k);
    made.is_moving =
        std::ranges::any_of(orders, [](double each) { return each > kTiny; }) || moved.contains(static_cast<int>(k));
    made.existing_slot = slot_of_part(ChanceTarget::capacity, k, Aspect::limit, kOnlinePart);
    made.life = capacity.life;
    if (made.is_moving) made.retire_pipe = play_.pipe_count++;
    play_.capacities.push_back(std::move(made));
  }
  play_.order_of_capacity.assign(m_.capacities.size(), -1);
}

void PlayMaker::make_stocks() {
  play_.stock_of_node.assign(m_.nodes.size(), -1);
  for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
    if (!is_amount(m_.nodes[n].commodity)) continue;
    play_.stock_of_node[n] = static_cast<int>(play_.stocks.size());
    play_.stocks.push_back({.node = NodeId(n), .carries = false, .pipe = play_.pipe_count++});
  }
  for (const Store& store : m_.stores) {
    const int index = play_.stock_of_node[store.node.index()];
    if (index < 0) continue;
    Stock& stock = play_.stocks[static_cast<std::size_t>(index)];
    const auto v = static_cast<std::size_t>(&store - m_.stores.data());
    stock.carries = true;
    stock.initial += store.initial;
    stock.levels.push_back({store.initial, slot(kStoreTarget, v, Aspect::limit)});
    stock.kept = 1 - store.loss;
    stock.kept_slot = slot(kStoreTarget, v, Aspect::yield);
  }
  // what a maker delivers after a time waits for whoever is late, though the plan, in which nothing has to wait there,
  // has no store for it
  for (const Process& process : m_.processes) {
    for (const Flow& flow : process.flows) {
      const int index = play_.stock_of_node[flow.node.index()];
      if (index < 0 || flow.lag == 0 || m_.commodities[flow.commodity.index()].disposable) continue;
      play_.stocks[static_cast<std::size_t>(index)].carries = true;
    }
  }
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    for (const StandFlow& stand : m_.capacities[k].stand_flows) {
      const int index = play_.stock_of_node[stand.node.index()];
      if (index < 0) continue;
      Stock& stock = play_.stocks[static_cast<std::size_t>(index)];
      const auto rate = by_period([&](int t) { return m_.at(stand.rate, t); });
      stock.stands.push_back({static_cast<int>(k), rate, stand_slot(k, stand, rate)});
    }
  }
}

void PlayMaker::make_processes() {
  play_.operation_of_process.assign(m_.processes.size(), -1);
  play_.flow_of_process.assign(m_.processes.size(), -1);
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    const Process& process = m_.processes[p];
    if (process.grain == Grain::rate) continue;
    bool makes_stock = false, takes = false, meets_rates = false;
    for (const Flow& flow : process.flows) {
      const int stock = play_.stock_of_node[flow.node.index()];
      if (stock < 0) {
        meets_rates = true;
      } else if (process.flows.size() > 0 && m_.at_or(flow.rate, 0, 0) < 0) {
        takes = true;
      } else {
        makes_stock = makes_stock || play_.stocks[static_cast<std::size_t>(stock)].carries || flow.lag > 0;
      }
    }
    if (meets_rates) continue;
    if (makes_stock) {
      make_operation(static_cast<int>(p));
    } else if (!takes && is_asked_for(process)) {
      make_potential(static_cast<int>(p));
    }
  }
}

bool PlayMaker::is_asked_for(const Process& process) const {
  for (const Flow& flow : process.flows) {
    for (const Capacity& capacity : m_.capacities) {
      for (const BuildFlow& build : capacity.build_flows) {
        if (build.node == flow.node && build.amount < 0) return true;
      }
    }
  }
  return false;
}

void PlayMaker::make_potential(int p) {
  const Process& process = m_.processes[static_cast<std::size_t>(p)];
  potential_.insert(p);
  for (const Flow& flow : process.flows) {
    Stock& stock = play_.stocks[static_cast<std::size_t>(play_.stock_of_node[flow.node.index()])];
    const auto most = by_period([&](int t) {
      double limit = m_.at_or(process.upper, 1e300, t);
      for (const CapacityUse& use : process.uses) {
        const Capacity& on = m_.capacities[use.capacity.index()];
        if (m_.at(use.use, t) > 0) {
          limit = std::min(limit, m_.at_or(on.existing, 0, t) * m_.at_or(on.availability, 1, t) / m_.at(use.use, t));
        }
      }
      return limit * m_.at(flow.rate, t);
    });
    stock.potentials.push_back(
        {p, most, slot(ChanceTarget::process, static_cast<std::size_t>(p), Aspect::limit, -1, kOwnPart)});
  }
}

int PlayMaker::resource_of(int capacity) {
  if (const auto found = resource_of_.find(capacity); found != resource_of_.end()) return found->second;
  const auto k = static_cast<std::size_t>(capacity);
  const Capacity& entity = m_.capacities[k];
  Resource made{.capacity = capacity, .existing = play_.capacities[k].existing};
  made.availability = by_period([&](int t) { return m_.at_or(entity.availability, 1, t); });
  made.limit_slot = slot(ChanceTarget::capacity, k, Aspect::limit, -1, kOnlinePart);
  made.availability_slot = slot(ChanceTarget::capacity, k, Aspect::availability);
  // what is ordered is late on its way; what was announced is late as a whole
  if (!play_.capacities[k].is_moving) made.delay_slot = slot(ChanceTarget::capacity, k, Aspect::delay);
  play_.resources.push_back(std::move(made));
  return resource_of_[capacity] = static_cast<int>(play_.resources.size()) - 1;
}

void PlayMaker::make_operation(int p) {
  const auto index = static_cast<std::size_t>(p);
  const Process& process = m_.processes[index];
  Operation made{.kind = Operation::Kind::process, .id = p};
  made.planned = row(play_.figures.activity, index);
  const int delay = slot(ChanceTarget::process, index, Aspect::delay);
  for (const Flow& flow : process.flows) {
    const int part = static_cast<int>(&flow - process.flows.data());
    const int stock = play_.stock_of_node[flow.node.index()];
    const auto rate = by_period([&](int t) { return m_.at_or(flow.rate, 0, t); });
    const bool takes = std::ranges::any_of(rate, [](double each) { return each < 0; });
    if (takes) {
      auto taken = rate;
      for (double& each : taken) each = -each;
      made.inputs.push_back({stock, std::move(taken), slot(ChanceTarget::process, index, Aspect::intake, -1, part)});
    } else {
      const int lag = std::max(0, flow.lag - (flow.lag > 0 ? buffer_of(ChanceTarget::process, index) : 0));
      made.outputs.push_back({.to = Operation::Output::To::stock,
                              .target = stock,
                              .rate = rate,
                              .lag = add_lag(lag, delay),
                              .yield_slot = slot(ChanceTarget::process, index, Aspect::yield, -1, part)});
    }
  }
  for (const CapacityUse& use : process.uses) {
    made.uses.push_back({resource_of(use.capacity.value), by_period([&](int t) { return m_.at(use.use, t); }),
                         slot(ChanceTarget::process, index, Aspect::limit, -1, kUsePart)});
  }
  if (process.upper.present()) made.upper = by_period([&](int t) { return m_.at(process.upper, t); });
  made.limit_slot = slot(ChanceTarget::process, index, Aspect::limit, -1, kOwnPart);
  play_.operation_of_process[index] = static_cast<int>(play_.operations.size());
  play_.operations.push_back(std::move(made));
}

void PlayMaker::make_stages(int k) {
  const auto index = static_cast<std::size_t>(k);
  const Capacity& capacity = m_.capacities[index];
  const auto orders = row(play_.figures.order, index);
  if (!std::ranges::any_of(orders, [](double each) { return each > kTiny; })) return;
  const int lead = std::max(0, capacity.lead - buffer_of(ChanceTarget::capacity, index));
  std::set<int> offsets{0, lead};
  for (const BuildFlow& flow : capacity.build_flows) offsets.insert(std::clamp(flow.offset, 0, lead));
  std::vector<int> stages(offsets.begin(), offsets.end());
  if (stages.size() == 1) stages.push_back(lead);  // ordered and online in one period are still two steps
  int before = -1, lag_before = -1;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const bool is_last = i + 1 == stages.size();
    Operation made{.kind = Operation::Kind::stage, .id = k, .offset = stages[i], .is_last = is_last};
    const auto here = static_cast<int>(play_.operations.size());
    if (i == 0) {
      made.planned = orders;
      if (capacity.build_max.present()) {
        made.upper = by_period([&](int t) { return m_.at(capacity.build_max, t); });
      }
      made.limit_slot = slot(ChanceTarget::capacity, index, Aspect::limit, -1, kOrdersPart);
      play_.order_of_capacity[index] = here;
    } else {
      made.pipe = play_.pipe_count++;
    }
    if (!is_last || stages[i] != 0) add_build_flows(capacity, made, stages[i], lead, i);
    if (is_last) {
      add_holds(capacity, made);
      made.outputs.push_back({.to = Operation::Output::To::online, .target = k});
    }
    if (before >= 0) {
      const int delay = slot(ChanceTarget::capacity, index, Aspect::delay, stages[i]);
      const int lag = add_lag(stages[i], delay, lag_before, capacity.module_size > 0);
      lag_before = lag;
      play_.operations[static_cast<std::size_t>(before)].outputs.push_back(
          {.to = Operation::Output::To::stage, .target = here, .rate = {}, .lag = lag});
    }
    before = here;
    play_.operations.push_back(std::move(made));
  }
}

void PlayMaker::add_build_flows(const Capacity& capacity, Operation& made, int offset, int lead, std::size_t stage) {
  for (const BuildFlow& flow : capacity.build_flows) {
    if (std::clamp(flow.offset, 0, lead) != offset || (lead == 0 && stage > 0)) continue;
    const int stock = play_.stock_of_node[flow.node.index()];
    if (stock < 0) continue;
    if (flow.amount < 0) {
      made.inputs.push_back(
          {stock, std::vector<double>(periods(), -flow.amount), build_slot(index_of(capacity), flow)});
    } else {
      made.outputs.push_back({.to = Operation::Output::To::stock,
                              .target = stock,
                              .rate = std::vector<double>(periods(), flow.amount),
                              .lag = add_lag(0, -1),
                              .yield_slot = build_slot(index_of(capacity), flow)});
    }
  }
}

void PlayMaker::add_holds(const Capacity& capacity, Operation& made) {
  for (const StandFlow& stand : capacity.stand_flows) {
    const int stock = play_.stock_of_node[stand.node.index()];
    if (stock < 0) continue;
    auto rate = by_period([&](int t) { return m_.at(stand.rate, t); });
    const bool holds = std::ranges::any_of(rate, [](double each) { return each < 0; });
    const int factor = stand_slot(index_of(capacity), stand, rate);
    if (holds) {
      for (double& each : rate) each = -each;
      made.inputs.push_back({stock, std::move(rate), factor});
    } else {
      made.outputs.push_back({.to = Operation::Output::To::stock,
                              .target = stock,
                              .rate = std::move(rate),
                              .lag = add_lag(0, -1),
                              .yield_slot = factor});
    }
  }
}

std::size_t PlayMaker::index_of(const Capacity& capacity) const {
  return static_cast<std::size_t>(&capacity - m_.capacities.data());
}

void PlayMaker::make_moves() {
  play_.operation_of_move.assign(m_.moves.size(), -1);
  for (std::size_t i = 0; i < m_.moves.size(); ++i) {
    const auto planned = row(play_.figures.moved, i);
    if (!std::ranges::any_of(planned, [](double each) { return each > kTiny; })) continue;
    Operation leave{.kind = Operation::Kind::move, .id = static_cast<int32_t>(i), .planned = planned};
    Operation arrive{.kind = Operation::Kind::move, .id = static_cast<int32_t>(i), .is_last = true};
    const auto here = static_cast<int>(play_.operations.size());
    arrive.pipe = play_.pipe_count++;
    const bool comes_whole = m_.capacities[m_.moves[i].from.index()].module_size > 0;
    const int lag = add_lag(m_.moves[i].lag, slot(kMoveTarget, i, Aspect::delay), -1, comes_whole);
    leave.outputs.push_back({.to = Operation::Output::To::stage, .target = here + 1, .rate = {}, .lag = lag});
    play_.operation_of_move[i] = here;
    add_holds(m_.capacities[m_.moves[i].to.index()], arrive);
    arrive.outputs.push_back({.to = Operation::Output::To::online, .target = m_.moves[i].to.value});
    play_.operations.push_back(std::move(leave));
    play_.operations.push_back(std::move(arrive));
  }
}

}  // namespace beltline
