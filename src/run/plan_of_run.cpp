#include "run/plan_of_run.h"

#include <algorithm>
#include <map>
#include <set>

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
      : m_(model), folder_(run_folder), plan_(empty_plan(model, make_layout(model))) {
    for (int t = 0; t < m_.period_count(); ++t) periods_.emplace(m_.calendar.label(t), t);
  }

  Outcome<Plan> read() {
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
    if (done) done = read_slices(processes);
    if (done) done = read_balance();
    if (!done) return std::unexpected(done.error());
    return std::move(plan_);
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

  /// Unserved demand and levels of amounts.
  ///
  /// level[t] = (1 − loss) · level[t−1] + net inflow[t] − surplus[t]
  Outcome<void> read_balance() {
    const auto table = read_run_table(folder_, "balance");
    if (!table) return std::unexpected(table.error());
    std::map<std::pair<std::string, std::string>, std::size_t> nodes;
    for (std::size_t n = 0; n < m_.nodes.size(); ++n)
      nodes.emplace(std::pair{m_.commodity_name(NodeId(n)), m_.place_name(NodeId(n))}, n);
    std::map<std::pair<std::size_t, int>, std::pair<double, double>> rows;  // unserved, surplus
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const auto node = nodes.find({table->column("commodity").texts()[i], table->column("place").texts()[i]});
      const auto month = periods_.find(table->column("period").texts()[i]);
      if (node == nodes.end() || month == periods_.end()) return foreign("balance");
      rows[{node->second, month->second}] = {table->column("unserved").numbers()[i],
                                             table->column("surplus").numbers()[i]};
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      for (int t = 0; t < m_.period_count(); ++t) {
        const auto row = rows.find({m_.demands[d].node.index(), t});
        if (row == rows.end()) continue;
        // where several demands share a node, what is unserved of each is at most what it asks for
        double& unserved = row->second.first;
        const double share = std::min(unserved, m_.mean(m_.demands[d].quantity, t));
        for (int s = 0; s < plan_.unserved.slices[d]; ++s) plan_.unserved.at(d, t, s) = share;
        unserved -= share;
      }
    }
    const Values net = node_residual(m_, plan_);  // without levels, which are 0 so far
    std::set<std::size_t> done;                   // nodes: where several stores share one, the first holds all
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const Store& store = m_.stores[v];
      const std::size_t n = store.node.index();
      if (m_.commodities[m_.nodes[n].commodity.index()].grain != Grain::amount) continue;
      if (!done.insert(n).second) continue;
      double level = store.initial;
      for (int t = 0; t < m_.period_count(); ++t) {
        const auto row = rows.find({n, t});
        const double surplus = row == rows.end() ? 0 : row->second.second;
        // the first period's residual counts what lay there before it
        const double inflow = net.at(n, t) - (t == 0 ? (1 - store.loss) * store.initial : 0);
        level = std::max(0.0, (1 - store.loss) * level + inflow - surplus);
        plan_.level.at(v, t) = level;
      }
    }
    return {};
  }

  const Model& m_;
  std::filesystem::path folder_;
  Plan plan_;
  std::map<std::string, int> periods_;
};

}  // namespace

Outcome<Plan> plan_of_run(const Model& model, const std::filesystem::path& run_folder) {
  return PlanReader(model, run_folder).read();
}

}  // namespace beltline
