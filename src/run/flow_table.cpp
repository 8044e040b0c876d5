// How wafers become racks: the goods between fabs and racks, followed year by year.
#include <map>
#include <set>

#include "plan/verify.h"
#include "run/page_tables.h"

namespace beltline {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

/// One end of a good's way: a process, or the capacity for whose order it is used up.
struct End {
  std::string name, kind, place;
  double quantity = 0;
};

/// Who made and who took a good at a place in one year.
struct NodeFlows {
  CommodityId commodity;
  std::vector<End> makers;
  std::vector<End> takers;
};

/// What a process of the chain took in and put out in one year, by commodity.
struct ProcessYear {
  const Process* process = nullptr;
  double activity = 0;
  std::map<int32_t, double> in, out;
};

class FlowYear {
 public:
  FlowYear(const Model& model, const Plan& plan, int year, const std::set<int32_t>& goods)
      : m_(model), p_(plan), year_(year), goods_(goods) {
    for (std::size_t i = 0; i < m_.processes.size(); ++i) add_process(i);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) add_orders(k);
  }

  const std::map<int32_t, NodeFlows>& nodes() const { return nodes_; }

  /// Wafers in one unit of each good, as far as this year's production tells.
  std::map<int32_t, double> wafers_per_unit() const {
    std::map<int32_t, double> content;
    for (std::size_t round = 0; round <= goods_.size(); ++round) {  // one round a stage settles a chain without loops
      std::map<int32_t, double> wafers, made;
      for (const ProcessYear& each : processes_) {
        if (each.process->kind == "backlog") continue;
        double taken = each.process->unit == "wafer" ? each.activity : 0;
        bool known = true;
        for (const auto& [good, quantity] : each.in) {
          const auto found = content.find(good);
          known = known && found != content.end();
          if (known) taken += quantity * found->second;
        }
        if (!known || each.out.empty()) continue;
        for (const auto& [good, quantity] : each.out) {
          wafers[good] += taken;
          made[good] += quantity;
        }
      }
      std::map<int32_t, double> next;
      for (const auto& [good, quantity] : made) {
        if (quantity > 0) next[good] = wafers[good] / quantity;
      }
      if (next == content) break;
      content = std::move(next);
    }
    return content;
  }

 private:
  bool in_year(int t) const { return m_.calendar.month(t).year == year_; }

  void add_process(std::size_t i) {
    const Process& process = m_.processes[i];
    if (process.grain != Grain::amount) return;
    double activity = 0;
    std::map<int32_t, double> by_node;  // quantity put out (> 0) or taken in (< 0)
    std::map<int32_t, CommodityId> commodity_of;
    for (int t = 0; t < m_.period_count(); ++t) {
      if (!in_year(t)) continue;
      const double x = p_.activity.at(i, t);
      activity += x;
      for (const Flow& flow : process.flows) {
        if (!goods_.contains(flow.commodity.value) || !flow.rate.present()) continue;
        by_node[flow.node.value] += x * m_.at(flow.rate, t);
        commodity_of[flow.node.value] = flow.commodity;
      }
    }
    if (activity <= 0 || by_node.empty()) return;
    ProcessYear year{.process = &process, .activity = activity};
    const std::string place = process.place.valid() ? m_.places[process.place.index()].name : "";
    for (const auto& [node, quantity] : by_node) {
      const CommodityId good = commodity_of[node];
      NodeFlows& flows = nodes_[node];
      flows.commodity = good;
      if (quantity > 0) {
        flows.makers.push_back({process.name, process.kind, place, quantity});
        year.out[good.value] += quantity;
      } else if (quantity < 0) {
        flows.takers.push_back({process.name, process.kind, place, -quantity});
        year.in[good.value] -= quantity;
      }
    }
    processes_.push_back(std::move(year));
  }

  void add_orders(std::size_t k) {
    const Capacity& capacity = m_.capacities[k];
    for (const BuildFlow& flow : capacity.build_flows) {
      if (!goods_.contains(flow.commodity.value) || flow.amount >= 0) continue;
      double quantity = 0;
      for (int t = 0; t < m_.period_count(); ++t) {
        if (in_year(t)) quantity -= flow.amount * p_.order.at(k, t);
      }
      if (quantity <= 0) continue;
      NodeFlows& flows = nodes_[flow.node.value];
      flows.commodity = flow.commodity;
      flows.takers.push_back({capacity.name, capacity.kind,
                              capacity.place.valid() ? m_.places[capacity.place.index()].name : "", quantity});
    }
  }

  const Model& m_;
  const Plan& p_;
  int year_;
  const std::set<int32_t>& goods_;
  std::vector<ProcessYear> processes_;
  std::map<int32_t, NodeFlows> nodes_;
};

/// Goods downstream of a fab: what fabs put out, and what is made of that.
std::set<int32_t> goods_of_fabs(const Model& m) {
  std::set<int32_t> goods;
  const auto follow = [&](const Process& process) {
    bool fed = process.kind == "fab";
    for (const Flow& flow : process.flows) {
      fed = fed || (goods.contains(flow.commodity.value) && flow.rate.present() && m.at(flow.rate, 0) < 0);
    }
    if (!fed) return false;
    bool grew = false;
    for (const Flow& flow : process.flows) {
      if (flow.rate.present() && m.at(flow.rate, 0) > 0 &&
          m.commodities[flow.commodity.index()].grain == Grain::amount) {
        grew = goods.insert(flow.commodity.value).second || grew;
      }
    }
    return grew;
  };
  for (bool grew = true; grew;) {
    grew = false;
    for (const Process& process : m.processes) grew = (process.grain == Grain::amount && follow(process)) || grew;
  }
  return goods;
}

}  // namespace

Table flow_table(const Model& model, const Plan& plan) {
  Table table{.name = "flow",
              .title = "How wafers become racks, by year; what is not used in the year is left out",
              .columns = {}};
  for (const char* column : {"year", "from", "from_kind", "to", "to_kind", "to_place", "good", "unit"}) {
    table.add_texts(column);
  }
  table.add_numbers("quantity", "", "in the unit of the row");
  table.add_numbers("wafers", "wafer", "wafer starts that the quantity stands for");
  const std::set<int32_t> goods = goods_of_fabs(model);
  if (goods.empty()) return table;
  std::map<int, FlowYear> years;
  for (int t = 0; t < model.period_count(); ++t) {
    const int year = model.calendar.month(t).year;
    years.try_emplace(year, model, plan, year, goods);
  }
  // A year that makes none of a good takes the wafers of those made next, else of those made last.
  std::map<int, std::map<int32_t, double>> content;
  std::map<int32_t, double> known;
  for (auto year = years.rbegin(); year != years.rend(); ++year) {
    for (const auto& [good, wafers] : year->second.wafers_per_unit()) known[good] = wafers;
    content[year->first] = known;
  }
  known.clear();
  for (auto& [year, wafers] : content) {
    for (const auto& [good, earlier] : known) wafers.try_emplace(good, earlier);
    known = wafers;
  }
  for (const auto& [year, flows] : years) {
    for (const auto& [node, ends] : flows.nodes()) {
      const Commodity& good = model.commodities[ends.commodity.index()];
      double made = 0, taken = 0;
      for (const End& end : ends.makers) made += end.quantity;
      for (const End& end : ends.takers) taken += end.quantity;
      if (made <= 0 || taken <= 0) continue;
      const auto found = content[year].find(ends.commodity.value);
      const double wafers = found == content[year].end() ? 0 : found->second;
      for (const End& from : ends.makers) {
        for (const End& to : ends.takers) {
          const double quantity = from.quantity * to.quantity / made;
          const std::string cells[] = {
              std::to_string(year), from.name, from.kind, to.name, to.kind, to.place, good.name, good.unit};
          for (std::size_t i = 0; i < 8; ++i) std::get<Texts>(table.columns[i].values).push_back(cells[i]);
          std::get<Numbers>(table.columns[8].values).push_back(quantity);
          std::get<Numbers>(table.columns[9].values).push_back(quantity * wafers);
        }
      }
    }
  }
  return table;
}

}  // namespace beltline
