#include "stock/guaranteed_service.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace beltline::stock {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

/// Best cost of a subtree for each time that it shows to its parent, and the stage's other time there.
struct Choices {
  std::vector<double> cost;  // [time]
  std::vector<int> other;    // [time]
};

struct Neighbour {
  std::size_t stage = 0;
  bool supplies = false;  // it supplies this stage; otherwise it is its customer
};

class Solver {
 public:
  explicit Solver(const ServiceNetwork& network) : network_(network), count_(network.stages.size()) {
    neighbours_.resize(count_);
    for (const auto& [supplier, customer] : network.arcs) {
      ASSERT(supplier < count_ && customer < count_ && supplier != customer);
      neighbours_[supplier].push_back({customer, false});
      neighbours_[customer].push_back({supplier, true});
    }
    order_tree();
    find_longest();
    find_deviations();
  }

  ServicePlan solve() {
    ServicePlan plan{.promise = std::vector<int>(count_),
                     .inbound = std::vector<int>(count_),
                     .safety_stock = std::vector<double>(count_)};
    choices_.resize(count_);
    best_.resize(count_);
    // children before parents
    for (std::size_t i = count_; i-- > 0;) tabulate(order_[i]);
    for (const std::size_t k : order_) settle(k, plan);
    for (std::size_t k = 0; k < count_; ++k) {
      plan.safety_stock[k] = stock(k, plan.promise[k], plan.inbound[k]);
      plan.cost += network_.stages[k].holding * plan.safety_stock[k];
    }
    return plan;
  }

 private:
  void order_tree() {
    parent_.assign(count_, kNobody);
    is_supplied_by_parent_.assign(count_, false);
    std::vector<bool> seen(count_, false);
    for (std::size_t root = 0; root < count_; ++root) {
      if (seen[root]) continue;
      seen[root] = true;
      order_.push_back(root);
      for (std::size_t i = order_.size() - 1; i < order_.size(); ++i) {
        const std::size_t k = order_[i];
        for (const Neighbour& n : neighbours_[k]) {
          if (n.stage == parent_[k]) continue;
          ASSERT(!seen[n.stage]);  // a second way to a stage is a loop
          seen[n.stage] = true;
          parent_[n.stage] = k;
          is_supplied_by_parent_[n.stage] = !n.supplies;
          order_.push_back(n.stage);
        }
      }
    }
    ASSERT(network_.arcs.size() < std::max<std::size_t>(1, count_));
  }

  /// The longest time from outside to the stage's output, by as many rounds as the longest path has stages.
  void find_longest() {
    longest_.resize(count_);
    for (std::size_t k = 0; k < count_; ++k) {
      const ServiceStage& stage = network_.stages[k];
      ASSERT(stage.time >= 0 && stage.inbound >= 0 && stage.holding >= 0 && stage.deviation >= 0);
      ASSERT(!stage.promise_max || *stage.promise_max >= 0);
      longest_[k] = stage.inbound + stage.time;
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& [supplier, customer] : network_.arcs) {
        const int through = longest_[supplier] + network_.stages[customer].time;
        if (through <= longest_[customer]) continue;
        longest_[customer] = through;
        changed = true;
      }
    }
  }

  void find_deviations() {
    // in a tree each way to a customer is the only one, so that squares add up from stage to stage
    deviation_.assign(count_, -1);
    for (std::size_t k = 0; k < count_; ++k) deviation_of(k);
  }

  double deviation_of(std::size_t k) {
    if (deviation_[k] >= 0) return deviation_[k];
    double squares = std::pow(network_.stages[k].deviation, 2);
    for (const Neighbour& n : neighbours_[k])
      if (!n.supplies) squares += std::pow(deviation_of(n.stage), 2);
    return deviation_[k] = std::sqrt(squares);
  }

  [[nodiscard]] int inbound_max(std::size_t k) const { return longest_[k] - network_.stages[k].time; }
  [[nodiscard]] double stock(std::size_t k, int promise, int inbound) const {
    return network_.factor * deviation_[k] * std::sqrt(std::max(0, inbound + network_.stages[k].time - promise));
  }

  /// The stage's own cost and the best of its children, for one pair of times; infinite where not permitted.
  [[nodiscard]] double cost_of(std::size_t k, int promise, int inbound) const {
    const ServiceStage& stage = network_.stages[k];
    if (inbound < stage.inbound || promise > inbound + stage.time) return kNone;
    if (stage.promise_max && promise > *stage.promise_max) return kNone;
    double sum = stage.holding * stock(k, promise, inbound);
    for (const Neighbour& n : neighbours_[k]) {
      if (n.stage == parent_[k]) continue;
      sum += best_child(n, promise, inbound).first;
    }
    return sum;
  }

  /// A child's best cost where it promises at most `inbound` (a supplier) or takes at least `promise` (a customer).
  [[nodiscard]] std::pair<double, int> best_child(const Neighbour& n, int promise, int inbound) const {
    const std::vector<std::pair<double, int>>& best = best_[n.stage];
    if (n.supplies) return best[static_cast<std::size_t>(std::min(inbound, longest_[n.stage]))];
    if (promise > inbound_max(n.stage)) return {kNone, 0};
    return best[static_cast<std::size_t>(promise)];
  }

  void tabulate(std::size_t k) {
    const bool shows_promise = parent_[k] == kNobody || !is_supplied_by_parent_[k];
    const int time_max = shows_promise ? longest_[k] : inbound_max(k);
    const int other_max = shows_promise ? inbound_max(k) : longest_[k];
    Choices& out = choices_[k];
    out.cost.assign(static_cast<std::size_t>(time_max) + 1, kNone);
    out.other.assign(static_cast<std::size_t>(time_max) + 1, 0);
    for (int time = 0; time <= time_max; ++time) {
      for (int other = 0; other <= other_max; ++other) {
        const double cost = shows_promise ? cost_of(k, time, other) : cost_of(k, other, time);
        if (cost >= out.cost[static_cast<std::size_t>(time)]) continue;
        out.cost[static_cast<std::size_t>(time)] = cost;
        out.other[static_cast<std::size_t>(time)] = other;
      }
    }
    // running minima: promises up to, inbound times from
    auto& best = best_[k];
    best.assign(out.cost.size(), {kNone, 0});
    std::pair<double, int> so_far{kNone, 0};
    for (int i = 0; i <= time_max; ++i) {
      const int time = shows_promise ? i : time_max - i;
      if (out.cost[static_cast<std::size_t>(time)] < so_far.first)
        so_far = {out.cost[static_cast<std::size_t>(time)], time};
      best[static_cast<std::size_t>(time)] = so_far;
    }
  }

  /// The stage's times, its parent's being settled.
  void settle(std::size_t k, ServicePlan& plan) const {
    const std::size_t parent = parent_[k];
    std::pair<double, int> best;
    if (parent == kNobody) {
      best = best_[k].back();
    } else {
      best = best_child({k, !is_supplied_by_parent_[k]}, plan.promise[parent], plan.inbound[parent]);
    }
    ASSERT(best.first < kNone);  // S = 0 everywhere is always permitted
    const int other = choices_[k].other[static_cast<std::size_t>(best.second)];
    const bool shows_promise = parent == kNobody || !is_supplied_by_parent_[k];
    plan.promise[k] = shows_promise ? best.second : other;
    plan.inbound[k] = shows_promise ? other : best.second;
  }

  const ServiceNetwork& network_;
  std::size_t count_;
  std::vector<std::vector<Neighbour>> neighbours_;
  std::vector<std::size_t> order_, parent_;
  std::vector<bool> is_supplied_by_parent_;
  std::vector<int> longest_;
  std::vector<double> deviation_;
  std::vector<Choices> choices_;
  std::vector<std::vector<std::pair<double, int>>> best_;  // [stage][time] (cost, time chosen)
};

}  // namespace

ServicePlan guaranteed_service(const ServiceNetwork& network) {
  ASSERT(network.factor >= 0);
  return Solver(network).solve();
}

}  // namespace beltline::stock
