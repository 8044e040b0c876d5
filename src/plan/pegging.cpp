#include "plan/pegging.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "plan/verify.h"

namespace beltline {
namespace {

/// Less than this share of what passes a node is rounding.
constexpr double kRounding = 1e-9;

/// Units that came from one end and wait to be taken.
struct Waiting {
  PegEnd from;
  int arrived = 0;
  double quantity = 0;
};

struct Use {
  PegEnd to;
  double quantity = 0;
};

/// What comes to a node and goes from it in each period, in the order in which it is served.
struct NodeTraffic {
  std::vector<std::vector<Waiting>> in;  // [period]
  std::vector<std::vector<Use>> out;     // [period]
  std::vector<std::size_t> stores;
  double scale = 0;  // all that ever comes
};

class Pegger {
 public:
  Pegger(const Model& model, const Plan& plan) : m_(model), p_(plan), T_(model.period_count()) {}

  std::vector<Peg> run() {
    traffic_.resize(m_.nodes.size());
    for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
      if (!is_amount(n)) continue;
      traffic_[n].in.resize(static_cast<std::size_t>(T_));
      traffic_[n].out.resize(static_cast<std::size_t>(T_));
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) add_demand(d);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) add_builds(k);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) add_stands(k);
    for (std::size_t p = 0; p < m_.processes.size(); ++p) add_process(p);
    for (std::size_t v = 0; v < m_.stores.size(); ++v)
      if (is_amount(m_.stores[v].node.index())) traffic_[m_.stores[v].node.index()].stores.push_back(v);
    for (std::size_t n = 0; n < traffic_.size(); ++n)
      if (is_amount(n)) pass(n);
    return std::move(pegs_);
  }

 private:
  [[nodiscard]] bool is_amount(std::size_t n) const {
    return m_.commodities[m_.nodes[n].commodity.index()].grain == Grain::amount;
  }

  /// What arrives at a node (> 0) or is taken from it (< 0), in period t, by what began in period `begun`.
  void add(NodeId node, int t, PegKind kind, std::size_t id, int begun, double amount) {
    if (amount == 0) return;
    NodeTraffic& traffic = traffic_[node.index()];
    const PegEnd end{.kind = kind, .id = static_cast<int32_t>(id), .period = begun};
    if (amount > 0) {
      traffic.scale += amount;
      if (t >= T_) {
        pegs_.push_back({.from = end,
                         .to = {.kind = PegKind::beyond, .id = -1, .period = t},
                         .node = node,
                         .arrived = t,
                         .taken = t,
                         .quantity = amount});
      } else {
        traffic.in[static_cast<std::size_t>(t)].push_back({.from = end, .arrived = t, .quantity = amount});
      }
    } else if (t < T_) {
      traffic.out[static_cast<std::size_t>(t)].push_back({.to = end, .quantity = -amount});
    }
  }

  void add_demand(std::size_t d) {
    const Demand& demand = m_.demands[d];
    if (!is_amount(demand.node.index())) return;
    for (int t = 0; t < T_; ++t) {
      const double served = m_.at(demand.quantity, t) - p_.unserved.at(d, t);
      add(demand.node, t, PegKind::demand, d, t, -std::max(0.0, served));
    }
  }

  void add_builds(std::size_t k) {
    for (const BuildFlow& flow : m_.capacities[k].build_flows) {
      if (!is_amount(flow.node.index())) continue;
      for (int t = 0; t < T_; ++t)
        add(flow.node, t + flow.offset, PegKind::order, k, t, flow.amount * p_.order.at(k, t));
    }
  }

  void add_stands(std::size_t k) {
    for (const StandFlow& flow : m_.capacities[k].stand_flows) {
      if (!is_amount(flow.node.index())) continue;
      for (int t = 0; t < T_; ++t)
        add(flow.node, t, PegKind::standing, k, t, m_.at(flow.rate, t) * online(m_, p_, CapacityId(k), t));
    }
  }

  void add_process(std::size_t p) {
    const Process& process = m_.processes[p];
    const int slices = m_.slice_count(process);
    for (const Flow& flow : process.flows) {
      if (!is_amount(flow.node.index())) continue;
      for (int t = 0; t < T_; ++t) {
        double amount = 0;
        for (int s = 0; s < slices; ++s) {
          const double hours = process.grain == Grain::rate ? m_.hours(slices, t, s) : 1.0;
          amount += hours * m_.at_resolution(flow.rate, slices, t, s) * p_.activity.at(p, t, s);
        }
        add(flow.node, t + flow.lag, PegKind::lot, p, t, amount);
      }
    }
  }

  /// A node's periods one after the other.
  void pass(std::size_t n) {
    NodeTraffic& traffic = traffic_[n];
    std::deque<Waiting> queue;
    for (const std::size_t v : traffic.stores) {
      const double initial = m_.stores[v].initial;
      traffic.scale += initial;
      if (initial > 0) queue.push_back({{PegKind::opening, static_cast<int32_t>(v), -1}, -1, initial});
    }
    const double rounding = kRounding * traffic.scale;
    double level_before = level(traffic, -1);
    for (int t = 0; t < T_; ++t) {
      lose(n, queue, t, lost(traffic, t, level_before));
      const auto at = static_cast<std::size_t>(t);
      queue.insert(queue.end(), traffic.in[at].begin(), traffic.in[at].end());
      for (const Use& use : traffic.out[at]) take(n, queue, use.to, t, use.quantity, rounding);
      // what the stores do not keep is thrown away
      level_before = level(traffic, t);
      double here = 0;
      for (const Waiting& waiting : queue) here += waiting.quantity;
      if (here - level_before > rounding)
        take(n, queue, {.kind = PegKind::surplus, .id = -1, .period = t}, t, here - level_before, rounding);
    }
    for (const Waiting& waiting : queue)
      if (waiting.quantity > rounding)
        hand_on(n, waiting, {.kind = PegKind::remaining, .id = -1, .period = T_ - 1}, T_ - 1, waiting.quantity);
  }

  [[nodiscard]] double level(const NodeTraffic& traffic, int t) const {
    double sum = 0;
    for (const std::size_t v : traffic.stores) sum += t < 0 ? m_.stores[v].initial : p_.level.at(v, t);
    return sum;
  }

  /// The share of what lay there that is lost in period t.
  [[nodiscard]] double lost(const NodeTraffic& traffic, int t, double before) const {
    if (before <= 0) return 0;
    double sum = 0;
    for (const std::size_t v : traffic.stores)
      sum += m_.stores[v].loss * (t == 0 ? m_.stores[v].initial : p_.level.at(v, t - 1));
    return std::min(1.0, sum / before);
  }

  void lose(std::size_t n, std::deque<Waiting>& queue, int t, double share) {
    if (share <= 0) return;
    for (Waiting& waiting : queue) {
      const double quantity = share * waiting.quantity;
      hand_on(n, waiting, {.kind = PegKind::loss, .id = -1, .period = t}, t, quantity);
      waiting.quantity -= quantity;
    }
  }

  void take(std::size_t n, std::deque<Waiting>& queue, const PegEnd& to, int t, double quantity, double rounding) {
    while (quantity > 0 && !queue.empty()) {
      Waiting& oldest = queue.front();
      const double part = std::min(quantity, oldest.quantity);
      if (part > 0) hand_on(n, oldest, to, t, part);
      quantity -= part;
      oldest.quantity -= part;
      if (oldest.quantity <= rounding * 1e-3) queue.pop_front();
    }
    if (quantity > rounding * 1e3)
      hand_on(n, {.from = {.kind = PegKind::unknown, .id = -1, .period = t}, .arrived = t}, to, t, quantity);
  }

  void hand_on(std::size_t n, const Waiting& waiting, const PegEnd& to, int t, double quantity) {
    pegs_.push_back({.from = waiting.from,
                     .to = to,
                     .node = NodeId(n),
                     .arrived = waiting.arrived,
                     .taken = t,
                     .quantity = quantity});
  }

  const Model& m_;
  const Plan& p_;
  int T_;
  std::vector<NodeTraffic> traffic_;  // [node]
  std::vector<Peg> pegs_;
};

/// Ends and pegs in the order of ends; pegs of one end stay as they are.
void sort_by_end(std::span<const Peg> pegs, PegEnd Peg::* end, std::vector<PegEnd>& ends,
                 std::vector<const Peg*>& sorted) {
  for (const Peg& peg : pegs) sorted.push_back(&peg);
  std::ranges::stable_sort(sorted, {}, [end](const Peg* peg) { return peg->*end; });
  for (const Peg* peg : sorted) ends.push_back(peg->*end);
}

std::vector<PegEnd> each_once(std::vector<PegEnd> ends) {
  const auto [first, last] = std::ranges::unique(ends);
  ends.erase(first, last);
  return ends;
}

}  // namespace

std::vector<Peg> peg(const Model& model, const Plan& plan) {
  return Pegger(model, plan).run();
}

PegIndex::PegIndex(std::span<const Peg> pegs) {
  sort_by_end(pegs, &Peg::to, to_ends_, to_pegs_);
  sort_by_end(pegs, &Peg::from, from_ends_, from_pegs_);
}

std::span<const Peg* const> PegIndex::range(const std::vector<PegEnd>& ends, const std::vector<const Peg*>& pegs,
                                            const PegEnd& end) {
  const auto [first, last] = std::ranges::equal_range(ends, end);
  return {pegs.data() + (first - ends.begin()), static_cast<std::size_t>(last - first)};
}

std::span<const Peg* const> PegIndex::into(const PegEnd& end) const {
  return range(to_ends_, to_pegs_, end);
}

std::span<const Peg* const> PegIndex::out_of(const PegEnd& end) const {
  return range(from_ends_, from_pegs_, end);
}

std::vector<PegEnd> PegIndex::takers() const {
  return each_once(to_ends_);
}

std::vector<PegEnd> PegIndex::makers() const {
  return each_once(from_ends_);
}

}  // namespace beltline
