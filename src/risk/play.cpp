#include "risk/play.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "risk/range_targets.h"

namespace beltline {
namespace {

constexpr double kTiny = 1e-12;

class PlayMaker {
 public:
  PlayMaker(const Model& model, PlanFigures figures, Chances chances) : m_(model) {
    play_.model = &model;
    play_.figures = std::move(figures);
    play_.chances = std::move(chances);
    play_.period_count = model.period_count();
  }

  Play make() {
    count_events();
    make_capacities();
    make_stocks();
    make_processes();
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) make_stages(static_cast<int>(k));
    make_moves();
    make_flows();
    make_cost_slots();
    put_holders_first();
    order_operations();
    link_stocks();
    return std::move(play_);
  }

 private:
  [[nodiscard]] std::size_t periods() const { return static_cast<std::size_t>(m_.period_count()); }
  std::vector<double> by_period(const auto& value) const {
    std::vector<double> out(periods());
    for (int t = 0; t < m_.period_count(); ++t) out[static_cast<std::size_t>(t)] = value(t);
    return out;
  }
  [[nodiscard]] std::vector<double> row(const std::vector<double>& figures, std::size_t entity) const {
    const auto begin = figures.begin() + static_cast<std::ptrdiff_t>(entity * periods());
    return {begin, begin + m_.period_count()};
  }
  [[nodiscard]] bool is_amount(CommodityId c) const { return m_.commodities[c.index()].grain == Grain::amount; }
  [[nodiscard]] int buffer_of(ChanceTarget target, std::size_t id) const {
    int sum = 0;
    for (const Buffer& each : play_.chances.buffers) {
      if (each.target == target && each.id == static_cast<int32_t>(id)) sum += each.periods;
    }
    return sum;
  }

  /// Events of a shock: one, or one an entity it hits where these are independent.
  void count_events() {
    for (const Shock& shock : play_.chances.shocks) {
      std::set<std::pair<ChanceTarget, int32_t>> hit;
      for (const Influence& each : shock.effects) hit.emplace(each.target, each.id);
      play_.event_count.push_back(shock.is_independent ? static_cast<int>(std::max<std::size_t>(1, hit.size())) : 1);
    }
  }
  [[nodiscard]] int event_of(const Shock& shock, const Influence& effect) const {
    if (!shock.is_independent) return 0;
    std::set<std::pair<ChanceTarget, int32_t>> hit;
    for (const Influence& each : shock.effects) hit.emplace(each.target, each.id);
    return static_cast<int>(std::distance(hit.begin(), hit.find({effect.target, effect.id})));
  }

  /// The slot of what chance does to one aspect of an entity; −1 where it does nothing.
  /// @param offset  of delays of capacities: what counts at this offset and before
  /// @param part    what of the entity it is for, with what is about the whole; kUsePart is beside the whole's limit
  int slot(ChanceTarget target, std::size_t id, Aspect aspect, int offset = -1, int part = kWholePart) {
    const auto is_about = [&](const Influence& each) {
      return each.target == target && each.id == static_cast<int32_t>(id) && each.aspect == aspect;
    };
    const auto is_of_part = [&](const Influence& each) { return is_about(each) && each.part == part; };
    const bool is_use = target == ChanceTarget::process && aspect == Aspect::limit && part == kUsePart;
    if (part != kWholePart && std::ranges::none_of(play_.chances.influences, is_of_part)) {
      if (is_use) return -1;
      part = kWholePart;  // the same slot for all parts
    }
    const auto key = std::tuple(target, id, aspect, offset, part);
    if (const auto found = slot_of_.find(key); found != slot_of_.end()) return found->second;
    Slot made{.is_sum = aspect == Aspect::delay};
    const auto fits = [&](const Influence& each) {
      return is_about(each) && (offset < 0 || each.stage <= offset) &&
             (each.part == part || (each.part == kWholePart && !is_use));
    };
    for (const Influence& each : play_.chances.influences) {
      if (fits(each)) add_effect(made, each);
    }
    for (std::size_t s = 0; s < play_.chances.shocks.size(); ++s) {
      const Shock& shock = play_.chances.shocks[s];
      for (const Influence& each : shock.effects) {
        if (!fits(each)) continue;
        made.effects.push_back({.shock = static_cast<int>(s),
                                .at_mode = each.at_mode,
                                .last = m_.period_count(),
                                .event = event_of(shock, each)});
        made.is_static = false;
      }
    }
    const int index = made.effects.empty() ? -1 : static_cast<int>(play_.slots.size());
    if (index >= 0) play_.slots.push_back(std::move(made));
    slot_of_.emplace(key, index);
    return index;
  }

  /// The slot of what ranges say of this one part, and of nothing else; −1 where they say nothing.
  int slot_of_part(ChanceTarget target, std::size_t id, Aspect aspect, int part) {
    constexpr int kPartAlone = -2;
    const auto key = std::tuple(target, id, aspect, kPartAlone, part);
    if (const auto found = slot_of_.find(key); found != slot_of_.end()) return found->second;
    Slot made;
    for (const Influence& each : play_.chances.influences) {
      const bool is_about = each.target == target && each.id == static_cast<int32_t>(id) && each.aspect == aspect;
      if (is_about && each.part == part) add_effect(made, each);
    }
    const int index = made.effects.empty() ? -1 : static_cast<int>(play_.slots.size());
    if (index >= 0) play_.slots.push_back(std::move(made));
    slot_of_.emplace(key, index);
    return index;
  }
  int stand_slot(std::size_t k, const StandFlow& stand, const std::vector<double>& rate) {
    const int part = kStandPart + static_cast<int>(&stand - m_.capacities[k].stand_flows.data());
    const bool holds = std::ranges::any_of(rate, [](double each) { return each < 0; });
    return slot_of_part(ChanceTarget::capacity, k, holds ? Aspect::intake : Aspect::yield, part);
  }
  int build_slot(std::size_t k, const BuildFlow& flow) {
    const int part = kBuildPart + static_cast<int>(&flow - m_.capacities[k].build_flows.data());
    return slot_of_part(ChanceTarget::capacity, k, flow.amount < 0 ? Aspect::intake : Aspect::yield, part);
  }

  /// The slot that is both; −1 is none.
  int joined(int a, int b) {
    if (a < 0 || b < 0) return std::max(a, b);
    const auto key = std::pair(a, b);
    if (const auto found = joined_.find(key); found != joined_.end()) return found->second;
    Slot both = play_.slots[static_cast<std::size_t>(a)];
    const Slot& other = play_.slots[static_cast<std::size_t>(b)];
    both.effects.insert(both.effects.end(), other.effects.begin(), other.effects.end());
    both.is_static = both.is_static && other.is_static;
    play_.slots.push_back(std::move(both));
    return joined_[key] = static_cast<int>(play_.slots.size()) - 1;
  }

  void add_effect(Slot& made, const Influence& each) const {
    made.effects.push_back({.source = each.source,
                            .at_low = each.at_low,
                            .at_mode = each.at_mode,
                            .at_high = each.at_high,
                            .first = each.first,
                            .last = each.last});
    const bool whole = each.first <= 0 && each.last >= m_.period_count() - 1;
    if (!whole || play_.chances.sources[static_cast<std::size_t>(each.source)].each_period) made.is_static = false;
  }

  int add_lag(double periods, int slot_index, int after = -1, bool comes_whole = false) {
    play_.lags.push_back({.periods = periods, .slot = slot_index, .after = after, .comes_whole = comes_whole});
    return static_cast<int>(play_.lags.size()) - 1;
  }

  void make_capacities() {
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

  /// A stock for each node of an amount.
  void make_stocks() {
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

  /// Amounts that are made for stock are operations; what only answers to what is asked for is a potential; what is a
  /// service of the month, or a rate, is a flow.
  void make_processes() {
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

  /// Whether what it puts out is taken by orders.
  [[nodiscard]] bool is_asked_for(const Process& process) const {
    for (const Flow& flow : process.flows) {
      for (const Capacity& capacity : m_.capacities) {
        for (const BuildFlow& build : capacity.build_flows) {
          if (build.node == flow.node && build.amount < 0) return true;
        }
      }
    }
    return false;
  }

  void make_potential(int p) {
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

  int resource_of(int capacity) {
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

  void make_operation(int p) {
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

  /// An order goes from one need to the next until it is online.
  void make_stages(int k) {
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

  void add_build_flows(const Capacity& capacity, Operation& made, int offset, int lead, std::size_t stage) {
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

  /// Nothing comes online before what it holds is free: space, people.
  void add_holds(const Capacity& capacity, Operation& made) {
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

  [[nodiscard]] std::size_t index_of(const Capacity& capacity) const {
    return static_cast<std::size_t>(&capacity - m_.capacities.data());
  }

  void make_moves() {
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

  // --- flows

  int flow_node_of(NodeId node) {
    if (const auto found = flow_node_of_.find(node.value); found != flow_node_of_.end()) return found->second;
    play_.flow_nodes.push_back({.node = node, .planned = std::vector<double>(periods(), 0.0)});
    return flow_node_of_[node.value] = static_cast<int>(play_.flow_nodes.size()) - 1;
  }

  void make_flow(int p) {
    const auto index = static_cast<std::size_t>(p);
    const Process& process = m_.processes[index];
    FlowProcess made{.process = p};
    made.planned = row(play_.figures.activity, index);
    const auto peak = row(play_.figures.peak, index);
    for (const CapacityUse& use : process.uses) {
      const Capacity& capacity = m_.capacities[use.capacity.index()];
      made.uses.push_back({use.capacity.value, by_period([&](int t) {
                             double available = 1e-9;
                             for (int s = 0; s < slices_of(capacity.availability); ++s) {
                               available = std::max(available, m_.at_or(capacity.availability, 1, t, s));
                             }
                             return m_.mean(use.use, t) * peak[static_cast<std::size_t>(t)] / available;
                           }),
                           joined(slot(ChanceTarget::capacity, use.capacity.index(), Aspect::availability),
                                  slot(ChanceTarget::process, index, Aspect::limit, -1, kUsePart))});
    }
    for (const Flow& flow : process.flows) {
      const int part = static_cast<int>(&flow - process.flows.data());
      const auto planned =
          by_period([&](int t) { return m_.mean(flow.rate, t) * made.planned[static_cast<std::size_t>(t)]; });
      const bool takes = std::ranges::any_of(planned, [](double each) { return each < 0; });
      const bool gives = std::ranges::any_of(planned, [](double each) { return each > 0; });
      if (takes == gives) continue;  // nothing, or a line that goes both ways
      const int node = flow_node_of(flow.node);
      (takes ? made.inputs : made.outputs)
          .push_back(
              {node, planned, slot(ChanceTarget::process, index, takes ? Aspect::intake : Aspect::yield, -1, part)});
      if (!takes) {
        auto& sum = play_.flow_nodes[static_cast<std::size_t>(node)].planned;
        for (std::size_t t = 0; t < periods(); ++t) sum[t] += planned[t];
      }
    }
    made.limit_slot = slot(ChanceTarget::process, index, Aspect::limit, -1, kOwnPart);
    made.availability_slot = slot(ChanceTarget::process, index, Aspect::availability);
    play_.flows.push_back(std::move(made));
  }

  [[nodiscard]] int slices_of(Series series) const {
    return series.present() && series.slice_stride != 0 ? m_.calendar.slice_count : 1;
  }

  void make_flows() {
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      if (play_.operation_of_process[p] >= 0 || potential_.contains(static_cast<int>(p))) continue;
      const auto planned = row(play_.figures.activity, p);
      if (!std::ranges::any_of(planned, [](double each) { return std::abs(each) > kTiny; })) continue;
      make_flow(static_cast<int>(p));
    }
    order_flows();
    mark_fixed_flows();
    for (std::size_t i = 0; i < play_.flows.size(); ++i) {
      play_.flow_of_process[static_cast<std::size_t>(play_.flows[i].process)] = static_cast<int>(i);
    }
  }

  /// Makers of a node before its takers; loops are cut at the process of the lowest index.
  void order_flows() {
    const std::size_t count = play_.flows.size();
    std::vector<std::vector<std::size_t>> makers(play_.flow_nodes.size());
    for (std::size_t i = 0; i < count; ++i) {
      for (const auto& end : play_.flows[i].outputs) makers[static_cast<std::size_t>(end.node)].push_back(i);
    }
    std::vector<FlowProcess> ordered;
    std::vector<char> state(count, 0);
    const auto visit = [&](const auto& self, std::size_t i) -> void {
      if (state[i] != 0) return;
      state[i] = 1;
      for (const auto& end : play_.flows[i].inputs) {
        for (const std::size_t maker : makers[static_cast<std::size_t>(end.node)]) self(self, maker);
      }
      ordered.push_back(play_.flows[i]);
    };
    for (std::size_t i = 0; i < count; ++i) visit(visit, i);
    play_.flows = std::move(ordered);
  }

  void mark_fixed_flows() {
    for (FlowProcess& flow : play_.flows) {
      bool fixed = flow.limit_slot < 0 && flow.availability_slot < 0;
      for (const auto& use : flow.uses) {
        const PlayCapacity& on = play_.capacities[static_cast<std::size_t>(use.capacity)];
        fixed = fixed && use.slot < 0 && on.existing_slot < 0 && !on.is_moving;
      }
      for (const auto& end : flow.inputs) {
        fixed = fixed && end.slot < 0 && play_.flow_nodes[static_cast<std::size_t>(end.node)].is_fixed;
      }
      for (const auto& end : flow.outputs) fixed = fixed && end.slot < 0;
      flow.is_fixed = fixed;
      for (const auto& end : flow.outputs) {
        auto& node = play_.flow_nodes[static_cast<std::size_t>(end.node)];
        node.is_fixed = node.is_fixed && fixed;
      }
    }
  }

  void make_cost_slots() {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      play_.cost_slot_of_capacity.push_back(slot(ChanceTarget::capacity, k, Aspect::cost, -1, kCapexPart));
      play_.fixed_slot_of_capacity.push_back(slot(ChanceTarget::capacity, k, Aspect::cost, -1, kFixedPart));
    }
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      play_.cost_slot_of_process.push_back(slot(ChanceTarget::process, p, Aspect::cost));
    }
    for (std::size_t i = 0; i < m_.moves.size(); ++i) {
      play_.cost_slot_of_move.push_back(slot(kMoveTarget, i, Aspect::cost));
    }
  }

  // --- order

  /// Of what processes take by the month, such as the room of a line, that which comes to stand on it has its part
  /// first: it was decided, and what runs takes the rest.
  void put_holders_first() {
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

  /// What may pass within one period comes first.
  void order_operations() {
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

  [[nodiscard]] bool may_be_at_once(const Operation::Output& output) const {
    if (output.lag < 0) return true;
    const Lag& lag = play_.lags[static_cast<std::size_t>(output.lag)];
    const double base = lag.periods - (lag.after < 0 ? 0 : play_.lags[static_cast<std::size_t>(lag.after)].periods);
    return base < 1 || lag.slot >= 0;
  }

  void renumber(const std::vector<std::size_t>& order) {
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

  void link_stocks() {
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

  /// Stages of the same capacity that come after this one and take of the same stock.
  [[nodiscard]] std::vector<int> later_takers(std::size_t operation, int stock) const {
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

  const Model& m_;
  Play play_;
  std::map<std::tuple<ChanceTarget, std::size_t, Aspect, int, int>, int> slot_of_;
  std::map<std::pair<int, int>, int> joined_;
  std::map<int, int> resource_of_, flow_node_of_;
  std::set<int> potential_;
};

}  // namespace

Play make_play(const Model& model, PlanFigures figures, Chances chances) {
  return PlayMaker(model, std::move(figures), std::move(chances)).make();
}

}  // namespace beltline
