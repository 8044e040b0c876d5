#include "run/plan_of_run.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "plan/extract.h"
#include "plan/layout.h"
#include "plan/verify.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

template <class Entities>
std::map<std::string, std::size_t, std::less<>> by_name(const Entities& entities) {
  std::map<std::string, std::size_t, std::less<>> out;
  for (std::size_t i = 0; i < entities.size(); ++i) out.emplace(entities[i].name, i);
  return out;
}

class PlanReader {
 public:
  PlanReader(const Model& model, const std::filesystem::path& run_folder)
      : m_(model), folder_(run_folder), plan_(empty_plan(model, make_layout(model))), surplus_(plan_.node_price) {
    std::ranges::fill(surplus_.data, 0.0);  // of the same shape as prices
    for (int t = 0; t < m_.period_count(); ++t) periods_.emplace(m_.calendar.label(t), t);
  }

  Outcome<RunDecisions> read() {
    const auto names = table_names(folder_);
    if (!names) return std::unexpected(names.error());
    if (std::ranges::find(*names, "builds") == names->end()) {
      return failure(fmt::format("'{}' holds no plan: none was found, or it is a study of one, not what 'plan' writes",
                                 folder_.string()));
    }
    const auto capacities = by_name(m_.capacities);
    const auto moves = by_name(m_.moves);
    const auto processes = by_name(m_.processes);
    auto done = each("builds", "capacity", "ordered", "quantity", capacities,
                     [&](std::size_t k, int t, double value) { plan_.order.at(k, t) = value; });
    if (done)
      done = each("capacity", "capacity", "period", "built", capacities,
                  [&](std::size_t k, int t, double value) { plan_.built.at(k, t) = value; });
    if (done)
      done = each("capacity", "capacity", "period", "price", capacities, [&](std::size_t k, int t, double value) {
        if (plan_.capacity_price.slices[k] > 0) plan_.capacity_price.at(k, t) = value;
      });
    if (done)
      done = each("moves", "move", "leaves", "quantity", moves,
                  [&](std::size_t i, int t, double value) { plan_.moved.at(i, t) = value; });
    if (done)
      done = each("activity", "process", "period", "mean", processes, [&](std::size_t p, int t, double value) {
        for (int s = 0; s < plan_.activity.slices[p]; ++s) plan_.activity.at(p, t, s) = value;
      });
    if (done)
      done = each("activity", "process", "period", "peak", processes,
                  [&](std::size_t p, int t, double value) { plan_.peak.at(p, t) = value; });
    if (done) done = read_slices(processes);
    if (done) done = read_balance();
    if (!done) return std::unexpected(done.error());
    plan_.has_point = true;
    return RunDecisions{std::move(plan_), std::move(surplus_)};
  }

 private:
  /// Gives each row of a table, by its entity and period, to `set`.
  template <class Set>
  Outcome<void> each(const std::string& name, const char* entity, const char* period, const char* value,
                     const std::map<std::string, std::size_t, std::less<>>& entities, Set set) {
    const auto table = read_run_table(folder_, name);
    if (!table) return std::unexpected(table.error());
    const Column* names = table->find(entity);
    const Column* months = table->find(period);
    const Column* values = table->find(value);
    if (names == nullptr || months == nullptr || values == nullptr) return foreign(name);
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const auto found = entities.find(names->texts()[i]);
      const auto month = periods_.find(months->texts()[i]);
      if (found == entities.end() || month == periods_.end()) return foreign(name);
      set(found->second, month->second, values->numbers()[i]);
    }
    return {};
  }

  [[nodiscard]] Outcome<void> foreign(const std::string& table) const {
    return failure(fmt::format("the table '{}' of '{}' does not fit its scenario: plan it again with this version",
                               table, folder_.string()));
  }

  /// Activities slice by slice: the rows of one process and period follow each other.
  Outcome<void> read_slices(const std::map<std::string, std::size_t, std::less<>>& processes) {
    std::map<std::pair<std::size_t, int>, int> next;
    bool fits = true;
    auto done = each("dispatch", "process", "period", "activity", processes, [&](std::size_t p, int t, double value) {
      int& s = next[{p, t}];
      fits = fits && s < plan_.activity.slices[p];
      if (s < plan_.activity.slices[p]) plan_.activity.at(p, t, s++) = value;
    });
    return done && !fits ? foreign("dispatch") : done;
  }

  /// Unserved demand, what was thrown away, and levels of amounts.
  Outcome<void> read_balance() {
    const auto table = read_run_table(folder_, "balance");
    if (!table) return std::unexpected(table.error());
    std::map<std::pair<std::string, std::string>, std::size_t> nodes;
    for (std::size_t n = 0; n < m_.nodes.size(); ++n)
      nodes.emplace(std::pair{m_.commodity_name(NodeId(n)), m_.place_name(NodeId(n))}, n);
    std::map<std::pair<std::size_t, int>, double> unserved_at;
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const auto node = nodes.find({table->column("commodity").texts()[i], table->column("place").texts()[i]});
      const auto month = periods_.find(table->column("period").texts()[i]);
      if (node == nodes.end() || month == periods_.end()) return foreign("balance");
      unserved_at[{node->second, month->second}] = table->column("unserved").numbers()[i];
      surplus_.at(node->second, month->second) = table->column("surplus").numbers()[i];
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      for (int t = 0; t < m_.period_count(); ++t) {
        const auto row = unserved_at.find({m_.demands[d].node.index(), t});
        if (row == unserved_at.end()) continue;
        // where several demands share a node, what is unserved of each is at most what it asks for
        double& unserved = row->second;
        const double share = std::min(unserved, m_.mean(m_.demands[d].quantity, t));
        for (int s = 0; s < plan_.unserved.slices[d]; ++s) plan_.unserved.at(d, t, s) = share;
        unserved -= share;
      }
    }
    fill_levels(m_, surplus_, plan_);
    return {};
  }

  const Model& m_;
  std::filesystem::path folder_;
  Plan plan_;
  Values surplus_;
  std::map<std::string, int> periods_;
};

/// level[t] = (1 − loss) · level[t − 1] + what came − what went − what was thrown away, at one node.
void fill_node(const Model& m, const std::vector<std::size_t>& stores, const std::function<double(int)>& net,
               Plan& plan) {
  for (int t = 0; t < m.period_count(); ++t) {
    double left = net(t);
    for (const std::size_t v : stores) {
      if (t > 0) left += (1 - m.stores[v].loss) * plan.level.at(v, t - 1);
    }
    for (const std::size_t v : stores) {
      const bool is_last = v == stores.back();
      const double most = is_last ? left : std::min(left, m.at_or(m.stores[v].level_max, left, t));
      plan.level.at(v, t) = std::max(0.0, most);
      left -= plan.level.at(v, t);
    }
  }
}

}  // namespace

void fill_levels(const Model& m, const Values& surplus, Plan& plan) {
  std::map<std::size_t, std::vector<std::size_t>> stores;
  for (std::size_t v = 0; v < m.stores.size(); ++v) {
    if (m.commodities[m.stores[v].commodity.index()].grain != Grain::amount) continue;
    stores[m.stores[v].node.index()].push_back(v);
    for (int t = 0; t < m.period_count(); ++t) plan.level.at(v, t) = 0;
  }
  // without levels the residual holds what stores begin with, and all that comes and goes
  const Values net = node_residual(m, plan);
  for (const auto& [node, here] : stores) {
    const std::size_t n = node;
    fill_node(m, here, [&, n](int t) { return net.at(n, t) - surplus.at(n, t); }, plan);
  }
}

Outcome<RunDecisions> decisions_of_run(const Model& model, const std::filesystem::path& run_folder) {
  return PlanReader(model, run_folder).read();
}

Outcome<Plan> plan_of_run(const Model& model, const std::filesystem::path& run_folder) {
  auto decisions = decisions_of_run(model, run_folder);
  if (!decisions) return std::unexpected(decisions.error());
  return std::move(decisions->plan);
}

}  // namespace beltline
