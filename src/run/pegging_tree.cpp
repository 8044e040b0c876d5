#include "run/pegging_tree.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "plan/verify.h"

namespace beltline {
namespace {

constexpr double kFull = 0.999;
constexpr double kMost = 0.5;

}  // namespace

/// Pegs between one branch and the ends of one kind and id beyond.
struct PegTrees::Group {
  NodeId node;
  PegKind kind = PegKind::lot;
  int32_t id = -1;
  double quantity = 0;
  double waited = 0;      // quantity · periods
  double on_arrival = 0;  // quantity
  int first = 1 << 30;
  int last = -1;
  std::map<PegEnd, double> ends;  // quantity by end
};

PegTrees::PegTrees(const Model& model, const Plan& plan, const std::vector<Peg>& pegs)
    : m_(model), p_(plan), index_(pegs) {
  find_use();
}

void PegTrees::find_use() {
  const auto T = static_cast<std::size_t>(m_.period_count());
  use_.assign(m_.capacities.size(), std::vector<double>(T, 0.0));
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    if (m_.processes[p].grain != Grain::amount) continue;
    for (const CapacityUse& use : m_.processes[p].uses) {
      std::vector<double>& row = use_[use.capacity.index()];
      for (std::size_t t = 0; t < T; ++t)
        row[t] += m_.at_or(use.use, 1, static_cast<int>(t)) * p_.activity.at(p, static_cast<int>(t));
    }
  }
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    for (std::size_t t = 0; t < T; ++t) {
      const int period = static_cast<int>(t);
      const double most = m_.at_or(m_.capacities[k].availability, 1, period) * online(m_, p_, CapacityId(k), period);
      use_[k][t] = most > 0 ? use_[k][t] / most : 0;
    }
  }
}

std::optional<std::vector<PegEnd>> PegTrees::ends_of(const std::string& name, std::optional<int> period) const {
  std::set<PegEnd> found;
  bool is_known = false;
  bool is_good = false;
  const auto add = [&](const PegEnd& end, PegKind kind, std::size_t id) {
    if (end.kind == kind && end.id == static_cast<int32_t>(id) && (!period || end.period == *period)) found.insert(end);
  };
  const auto look = [&](const auto& entities, std::initializer_list<PegKind> kinds) {
    for (std::size_t i = 0; i < entities.size(); ++i) {
      if (entities[i].name != name) continue;
      is_known = true;
      for (const PegKind kind : kinds) {
        for (const PegEnd& end : index_.takers()) add(end, kind, i);
        for (const PegEnd& end : index_.makers()) add(end, kind, i);
      }
    }
  };
  look(m_.processes, {PegKind::lot});
  look(m_.capacities, {PegKind::order});
  // of capacity that is never ordered with goods: what it holds while it stands
  if (is_known && found.empty() && !period) look(m_.capacities, {PegKind::standing});
  look(m_.demands, {PegKind::demand});
  // a demand may have the name of what it asks for
  for (std::size_t n = 0; !is_known && n < m_.nodes.size(); ++n) {
    const std::string& good = m_.commodity_name(NodeId(n));
    if (name != good && name != good + "@" + m_.place_name(NodeId(n))) continue;
    is_good = true;
    for (const PegEnd& end : index_.makers())
      for (const Peg* peg : index_.out_of(end))
        if (peg->node.index() == n && (!period || end.period == *period)) found.insert(end);
  }
  if (!is_known && !is_good) return std::nullopt;
  return std::vector<PegEnd>(found.begin(), found.end());
}

std::vector<std::string> PegTrees::names() const {
  std::set<std::string> names;
  const auto add = [&](const PegEnd& end) {
    const auto id = static_cast<std::size_t>(std::max(0, end.id));
    if (end.kind == PegKind::lot) names.insert(m_.processes[id].name);
    if (end.kind == PegKind::order || end.kind == PegKind::standing) names.insert(m_.capacities[id].name);
    if (end.kind == PegKind::demand) names.insert(m_.demands[id].name);
  };
  for (const PegEnd& end : index_.takers()) add(end);
  for (const PegEnd& end : index_.makers()) {
    add(end);
    for (const Peg* peg : index_.out_of(end)) names.insert(m_.commodity_name(peg->node));
  }
  return {names.begin(), names.end()};
}

/// Pegs of the ends on the other side, each end counted with its share.
std::vector<PegTrees::Group> PegTrees::groups_of(const std::vector<std::pair<PegEnd, double>>& ends, bool up) const {
  std::map<std::tuple<std::size_t, PegKind, int32_t>, Group> groups;
  for (const auto& [end, share] : ends) {
    for (const Peg* peg : up ? index_.into(end) : index_.out_of(end)) {
      const PegEnd& other = up ? peg->from : peg->to;
      Group& group = groups[{peg->node.index(), other.kind, other.id}];
      group.node = peg->node;
      group.kind = other.kind;
      group.id = other.id;
      const double quantity = share * peg->quantity;
      group.quantity += quantity;
      group.waited += quantity * (peg->taken - std::max(0, peg->arrived));
      if (peg->taken == peg->arrived) group.on_arrival += quantity;
      group.first = std::min(group.first, other.period);
      group.last = std::max(group.last, other.period);
      group.ends[other] += quantity;
    }
  }
  std::vector<Group> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  std::ranges::stable_sort(out, [](const Group& a, const Group& b) {
    return a.node.index() != b.node.index() ? a.node.index() < b.node.index() : a.quantity > b.quantity;
  });
  return out;
}

PegBranch PegTrees::branch_of(const Group& group) const {
  PegBranch branch{.kind = group.kind,
                   .id = group.id,
                   .node = group.node,
                   .quantity = group.quantity,
                   .first = group.first,
                   .last = group.last,
                   .waited = group.waited / group.quantity,
                   .on_arrival = group.on_arrival / group.quantity};
  if (group.kind != PegKind::lot) return branch;
  const Process& process = m_.processes[static_cast<std::size_t>(group.id)];
  const auto most = [&](const auto& holds) {
    double sum = 0;
    for (const auto& [end, quantity] : group.ends)
      if (holds(end.period)) sum += quantity;
    return sum > kMost * group.quantity;
  };
  if (process.grain != Grain::amount) return branch;
  for (const CapacityUse& use : process.uses) {
    const std::vector<double>& row = use_[use.capacity.index()];
    if (most([&](int t) { return row[static_cast<std::size_t>(t)] > kFull; })) branch.full.push_back(use.capacity);
  }
  branch.at_limit = process.upper.present() && most([&](int t) {
                      const double upper = m_.at(process.upper, t);
                      return upper > 0 && p_.activity.at(static_cast<std::size_t>(group.id), t) > kFull * upper;
                    });
  return branch;
}

PegBranch PegTrees::grow(const std::vector<std::pair<PegEnd, double>>& ends, bool up, const Limits& limits,
                         std::size_t depth) const {
  PegBranch root;
  std::map<std::size_t, std::size_t> shown;  // [node]
  for (const Group& group : groups_of(ends, up)) {
    if (++shown[group.node.index()] > limits.width) {
      root.others += group.quantity;
      continue;
    }
    PegBranch branch = branch_of(group);
    const bool goes_on = group.kind == PegKind::lot || group.kind == PegKind::order;
    if (goes_on && depth < limits.depth) {
      // the part of each lot that belongs to this branch: of what it gives (up) or takes (down) of this good
      std::vector<std::pair<PegEnd, double>> next;
      for (const auto& [end, quantity] : group.ends) {
        double whole = 0;
        for (const Peg* peg : up ? index_.out_of(end) : index_.into(end))
          if (peg->node == group.node) whole += peg->quantity;
        next.emplace_back(end, whole > 0 ? std::min(1.0, quantity / whole) : 0);
      }
      PegBranch below = grow(next, up, limits, depth + 1);
      branch.branches = std::move(below.branches);
      branch.others = below.others;
    }
    root.branches.push_back(std::move(branch));
  }
  return root;
}

namespace {

std::vector<std::pair<PegEnd, double>> whole(const std::vector<PegEnd>& ends) {
  std::vector<std::pair<PegEnd, double>> out;
  for (const PegEnd& end : ends) out.emplace_back(end, 1.0);
  return out;
}

PegBranch with_root(PegBranch tree, const std::vector<PegEnd>& ends) {
  if (ends.empty()) return tree;
  tree.kind = ends.front().kind;
  tree.id = ends.front().id;
  tree.first = ends.front().period;
  tree.last = ends.front().period;
  for (const PegEnd& end : ends) {
    tree.first = std::min(tree.first, end.period);
    tree.last = std::max(tree.last, end.period);
    // several makers of one good have no name in common
    if (end.kind != tree.kind || end.id != tree.id) tree.id = -1;
  }
  return tree;
}

}  // namespace

PegBranch PegTrees::up(const std::vector<PegEnd>& ends, const Limits& limits) const {
  return with_root(grow(whole(ends), true, limits, 0), ends);
}

PegBranch PegTrees::down(const std::vector<PegEnd>& ends, const Limits& limits) const {
  return with_root(grow(whole(ends), false, limits, 0), ends);
}

/// What one more unit of its dearest full capacity would save, over the periods in which the lots begin.
double PegTrees::worth_of(const PegBranch& branch) const {
  double most = 0;
  for (const CapacityId k : branch.full) {
    double sum = 0;
    for (int t = std::max(0, branch.first); t <= branch.last; ++t) sum += p_.capacity_price.at(k.index(), t);
    most = std::max(most, sum);
  }
  return most;
}

std::optional<PegBranch> PegTrees::waits_for(const std::vector<PegEnd>& ends) const {
  struct Candidate {
    PegBranch branch;
    bool is_bound = false;
    double worth = 0;
  };
  std::optional<Candidate> best;
  const auto offer = [&](PegBranch branch, bool is_bound) {
    Candidate next{.branch = std::move(branch), .is_bound = is_bound};
    next.worth = worth_of(next.branch);
    const auto rank = [](const Candidate& c) { return std::tuple(c.is_bound, c.worth, -c.branch.first); };
    if (!best || rank(next) > rank(*best)) best = std::move(next);
  };
  std::vector<std::vector<std::pair<PegEnd, double>>> open{whole(ends)};
  std::set<std::tuple<std::size_t, PegKind, int32_t>> seen;
  while (!open.empty()) {
    const auto at = std::move(open.back());
    open.pop_back();
    for (const Group& group : groups_of(at, true)) {
      if (group.kind != PegKind::lot || group.on_arrival < kMost * group.quantity) continue;
      if (!seen.insert({group.node.index(), group.kind, group.id}).second) continue;
      PegBranch branch = branch_of(group);
      const bool is_bound = !branch.full.empty() || branch.at_limit;
      offer(std::move(branch), is_bound);
      if (is_bound) continue;
      std::vector<std::pair<PegEnd, double>> next;
      for (const auto& [end, quantity] : group.ends) next.emplace_back(end, 1.0);
      open.push_back(std::move(next));
    }
  }
  return best ? std::optional(std::move(best->branch)) : std::nullopt;
}

}  // namespace beltline
