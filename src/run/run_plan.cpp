#include "run/run_plan.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "plan/extract.h"
#include "plan/layout.h"
#include "plan/verify.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Index = std::map<std::string, std::size_t, std::less<>>;

template <class Entity>
Index index_of(const std::vector<Entity>& list) {
  Index index;
  for (std::size_t i = 0; i < list.size(); ++i) index.emplace(list[i].name, i);
  return index;
}

class Reader {
 public:
  Reader(const std::filesystem::path& folder, const Model& model, Plan& plan, Values& surplus)
      : folder_(folder), m_(model), plan_(plan), surplus_(surplus) {
    for (int t = 0; t < m_.period_count(); ++t) periods_.emplace(m_.calendar.label(t), t);
  }

  Outcome<void> run() {
    const Index capacities = index_of(m_.capacities);
    const auto capacity = [&](Values& values, const char* period, const char* column) {
      return [this, &values, &capacities, period, column](const Table& table) {
        each(table, "capacity", period, capacities,
             [&](std::size_t row, std::size_t k, int t) { values.at(k, t) = table.column(column).numbers()[row]; });
      };
    };
    if (auto done = read("builds", capacity(plan_.order, "ordered", "quantity")); !done) return done;
    if (auto done = read("capacity", capacity(plan_.built, "period", "built")); !done) return done;
    if (auto done = read("moves", [this](const Table& table) { take_moves(table); }); !done) return done;
    if (auto done = read("activity", [this](const Table& table) { take_activity(table); }); !done) return done;
    if (auto done = read("dispatch", [this](const Table& table) { take_dispatch(table); }); !done) return done;
    return read("balance", [this](const Table& table) { take_levels(table); });
  }

 private:
  template <class Take>
  Outcome<void> read(const char* name, Take take) {
    const auto table = read_run_table(folder_, name);
    if (!table) return std::unexpected(table.error());
    take(*table);
    return {};
  }

  /// Calls visit(row, entity, period) for each row whose names the model knows.
  template <class Visit>
  void each(const Table& table, const char* name, const char* period, const Index& index, Visit visit) const {
    const auto& names = table.column(name).texts();
    const auto& labels = table.column(period).texts();
    for (std::size_t row = 0; row < names.size(); ++row) {
      const auto entity = index.find(names[row]);
      const auto t = periods_.find(labels[row]);
      if (entity != index.end() && t != periods_.end()) visit(row, entity->second, t->second);
    }
  }

  void take_moves(const Table& table) {
    each(table, "move", "leaves", index_of(m_.moves), [&](std::size_t row, std::size_t i, int t) {
      plan_.moved.at(i, t) = table.column("quantity").numbers()[row];
    });
  }

  void take_activity(const Table& table) {
    each(table, "process", "period", index_of(m_.processes), [&](std::size_t row, std::size_t p, int t) {
      // what has slices is in the table dispatch
      if (plan_.activity.slices[p] == 1) plan_.activity.at(p, t) = table.column("mean").numbers()[row];
      plan_.peak.at(p, t) = table.column("peak").numbers()[row];
    });
  }

  void take_dispatch(const Table& table) {
    std::map<std::pair<std::size_t, int>, int> next;
    each(table, "process", "period", index_of(m_.processes), [&](std::size_t row, std::size_t p, int t) {
      const int s = next[{p, t}]++;
      if (s < plan_.activity.slices[p]) plan_.activity.at(p, t, s) = table.column("activity").numbers()[row];
    });
  }

  void take_levels(const Table& table) {
    std::map<std::pair<std::string, std::string>, std::size_t> nodes;
    for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
      nodes.emplace(std::pair{m_.commodity_name(NodeId(n)), m_.place_name(NodeId(n))}, n);
    }
    for (std::size_t row = 0; row < table.row_count(); ++row) {
      const auto node = nodes.find({table.column("commodity").texts()[row], table.column("place").texts()[row]});
      const auto t = periods_.find(table.column("period").texts()[row]);
      if (node == nodes.end() || t == periods_.end()) continue;
      surplus_.at(node->second, t->second) = table.column("surplus").numbers()[row];
      set_unserved(node->second, t->second, table.column("unserved").numbers()[row]);
    }
    fill_levels(m_, surplus_, plan_);
  }

  void set_unserved(std::size_t node, int t, double amount) {
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      if (m_.demands[d].node.index() != node || !m_.demands[d].unserved_cost.present()) continue;
      for (int s = 0; s < plan_.unserved.slices[d]; ++s) plan_.unserved.at(d, t, s) = amount;
      return;
    }
  }

  const std::filesystem::path& folder_;
  const Model& m_;
  Plan& plan_;
  Values& surplus_;
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

Values built_by(const Model& m, const Plan& plan) {
  Values built = plan.built;
  std::ranges::fill(built.data, 0.0);
  const int T = m.period_count();
  const auto add = [&](std::size_t k, int from, double units) {
    for (int t = from; t < T; ++t) built.at(k, t) += units;
  };
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    const Capacity& capacity = m.capacities[k];
    for (int t = 0; t < T; ++t) {
      const double units = plan.order.at(k, t);
      if (units == 0) continue;
      add(k, t + capacity.lead, units);
      if (capacity.life > 0) add(k, t + capacity.lead + capacity.life, -units);
    }
  }
  for (std::size_t i = 0; i < m.moves.size(); ++i) {
    for (int t = 0; t < T; ++t) {
      const double units = plan.moved.at(i, t);
      if (units == 0) continue;
      add(m.moves[i].from.index(), t, -units);
      add(m.moves[i].to.index(), t + m.moves[i].lag, units);
    }
  }
  return built;
}

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

int period_of_label(const Calendar& calendar, const std::string& label) {
  for (int t = 0; t < calendar.period_count; ++t) {
    if (calendar.label(t) == label) return t;
  }
  return -1;
}

Outcome<RunPlan> read_run_plan(const std::filesystem::path& run_folder) {
  auto compiled = compile_run(run_folder);
  if (!compiled) return std::unexpected(compiled.error());
  if (!compiled->model) return failure(not_compiled(run_folder, *compiled));
  const auto names = table_names(run_folder);
  if (!names) return std::unexpected(names.error());
  if (std::ranges::find(*names, "builds") == names->end())
    return failure(
        fmt::format("'{}' holds no plan: it was infeasible, or stopped before one was found", run_folder.string()));
  RunPlan out{.compiled = std::move(*compiled), .plan = {}, .surplus = {}};
  out.plan = empty_plan(out.model(), make_layout(out.model()));
  out.surplus = out.plan.node_price;  // the same shape
  std::ranges::fill(out.surplus.data, 0.0);
  if (auto done = Reader(run_folder, out.model(), out.plan, out.surplus).run(); !done)
    return std::unexpected(done.error());
  out.plan.has_point = true;
  return out;
}

}  // namespace beltline
