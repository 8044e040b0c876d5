#include "plan/gain_loop.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "lp/solver.h"
#include "plan/layout.h"

namespace beltline {
namespace {

/// Net flows of a process over a whole period, at its mean rates, per unit of activity.
std::map<int32_t, double> net_flows(const Model& m, const Process& process) {
  std::map<int32_t, double> net;
  for (const Flow& flow : process.flows) {
    const Commodity& commodity = m.commodities[flow.commodity.index()];
    double rate = m.mean(flow.rate, 0);
    // Rates and amounts are compared over one hour.
    if (process.grain == Grain::amount && commodity.grain == Grain::rate) rate /= m.calendar.hours(0);
    net[flow.node.value] += rate;
  }
  return net;
}

/// Input node → output node, before anything is netted: a process may feed itself.
std::vector<std::pair<int32_t, int32_t>> edges(const Model& m, const Process& process) {
  std::vector<std::pair<int32_t, int32_t>> found;
  for (const Flow& in : process.flows) {
    for (const Flow& out : process.flows) {
      if (m.mean(in.rate, 0) < 0 && m.mean(out.rate, 0) > 0) found.emplace_back(in.node.value, out.node.value);
    }
  }
  return found;
}

/// Strongly connected components of the nodes, by Tarjan; component[n] is shared by nodes on a common loop.
class Components {
 public:
  Components(std::size_t node_count, const std::vector<std::vector<int32_t>>& next)
      : next_(next), index_(node_count, -1), low_(node_count, 0), on_stack_(node_count, 0), component(node_count, -1) {
    for (std::size_t n = 0; n < node_count; ++n) {
      if (index_[n] < 0) visit(static_cast<int32_t>(n));
    }
  }

 private:
  void visit(int32_t root) {
    // Iterative, because a network may be a chain of a million nodes.
    std::vector<std::pair<int32_t, std::size_t>> work = {{root, 0}};
    while (!work.empty()) {
      const auto n = static_cast<std::size_t>(work.back().first);
      std::size_t& edge = work.back().second;
      if (edge == 0) {
        index_[n] = low_[n] = counter_++;
        stack_.push_back(static_cast<int32_t>(n));
        on_stack_[n] = 1;
      }
      if (edge < next_[n].size()) {
        const auto to = static_cast<std::size_t>(next_[n][edge++]);
        if (index_[to] < 0) {
          work.emplace_back(static_cast<int32_t>(to), 0);
        } else if (on_stack_[to]) {
          low_[n] = std::min(low_[n], index_[to]);
        }
        continue;
      }
      if (low_[n] == index_[n]) {
        int32_t top = -1;
        do {
          top = stack_.back();
          stack_.pop_back();
          on_stack_[static_cast<std::size_t>(top)] = 0;
          component[static_cast<std::size_t>(top)] = count;
        } while (top != static_cast<int32_t>(n));
        ++count;
      }
      work.pop_back();
      if (!work.empty()) {
        auto& parent = low_[static_cast<std::size_t>(work.back().first)];
        parent = std::min(parent, low_[n]);
      }
    }
  }

  const std::vector<std::vector<int32_t>>& next_;
  std::vector<int32_t> index_, low_;
  std::vector<uint8_t> on_stack_;
  std::vector<int32_t> stack_;
  int32_t counter_ = 0;

 public:
  std::vector<int32_t> component;
  int32_t count = 0;
};

}  // namespace

bool find_gain_loops(const Model& m, Diagnostics& diagnostics) {
  std::vector<std::map<int32_t, double>> net;
  std::vector<std::vector<int32_t>> next(m.nodes.size());
  for (const Process& process : m.processes) {
    // A line carries both ways without making anything; it is signed and needs no loop.
    const bool is_signed = m.runs_back(process);
    net.push_back(is_signed ? std::map<int32_t, double>() : net_flows(m, process));
    if (is_signed) continue;
    for (const auto& [from, to] : edges(m, process)) next[static_cast<std::size_t>(from)].push_back(to);
  }
  const Components parts(m.nodes.size(), next);
  std::map<int32_t, std::vector<std::size_t>> loops;  // component → processes inside it
  for (std::size_t p = 0; p < net.size(); ++p) {
    if (!net[p].empty()) {
      for (const auto& [from, to] : edges(m, m.processes[p])) {
        const int32_t c = parts.component[static_cast<std::size_t>(from)];
        if (c == parts.component[static_cast<std::size_t>(to)] && (loops[c].empty() || loops[c].back() != p))
          loops[c].push_back(p);
      }
    }
  }
  bool clean = true;
  for (const auto& [component, processes] : loops) {
    // Nodes outside the loop must not be drawn on either: what they hold has to come from somewhere.
    std::map<int32_t, int32_t> rows;
    lp::Problem problem;
    problem.start.push_back(0);
    for (std::size_t p : processes) {
      double gain = 0, largest = 0;
      for (const auto& [n, rate] : net[p]) largest = std::max(largest, std::abs(rate));
      for (const auto& [n, rate] : net[p]) {
        const auto row = rows.try_emplace(n, static_cast<int32_t>(rows.size())).first->second;
        problem.index.push_back(row);
        problem.value.push_back(rate / largest);
        gain += rate / largest;
      }
      problem.start.push_back(static_cast<int32_t>(problem.index.size()));
      problem.cost.push_back(-gain);
      problem.column_lower.push_back(0);
      problem.column_upper.push_back(1);
    }
    problem.row_lower.assign(rows.size(), 0.0);
    problem.row_upper.assign(rows.size(), lp::kInf);
    // Entries of a column must be in row order.
    for (std::size_t j = 0; j + 1 < problem.start.size(); ++j) {
      std::vector<std::pair<int32_t, double>> entries;
      for (int32_t i = problem.start[j]; i < problem.start[j + 1]; ++i) {
        entries.emplace_back(problem.index[static_cast<std::size_t>(i)], problem.value[static_cast<std::size_t>(i)]);
      }
      std::ranges::sort(entries);
      for (std::size_t i = 0; i < entries.size(); ++i) {
        problem.index[static_cast<std::size_t>(problem.start[j]) + i] = entries[i].first;
        problem.value[static_cast<std::size_t>(problem.start[j]) + i] = entries[i].second;
      }
    }
    const auto solution = lp::solve(problem, {.wall_time_max_s = 10});
    if (!solution || !solution->has_point || solution->objective > -1e-6) continue;
    std::string names;
    Origin origin;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      if (solution->x[i] < 1e-7) continue;
      names += (names.empty() ? "'" : ", '") + m.processes[processes[i]].name + "'";
      if (origin.file < 0) origin = m.processes[processes[i]].provenance.origin;
    }
    diagnostics.add({.code = Code::gain_loop,
                     .origin = origin,
                     .message = "processes " + names + " together make something from nothing",
                     .expected = "around every loop, less comes out than goes in",
                     .help = "lower an output rate or raise an input rate of one of them"});
    clean = false;
  }
  return clean;
}

}  // namespace beltline
