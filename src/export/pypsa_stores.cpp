// Stores: PyPSA's stores, its storage units where power is sized, or a store behind two links.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "export/pypsa_network.h"

namespace beltline::pypsa_export {
namespace {

using lp::kInf;

bool are_all(const std::vector<double>& values, double value) {
  return std::ranges::all_of(values, [&](double v) { return v == value; });
}

class StoreWriter {
 public:
  StoreWriter(Network& n, std::size_t v) : n_(n), v_(v), store_(n.m.stores[v]) {}

  void write() {
    const Layout& l = n_.lp.layout;
    if (l.charge[v_].first < 0) {
      refuse("commodity", n_.m.commodities[store_.commodity.index()].name, "a rate: PyPSA has no amounts",
             "leave out the store, or write it of a rate");
      return;
    }
    charge_max_ = n_.upper(l.charge[v_]);
    discharge_max_ = n_.upper(l.discharge[v_]);
    charge_cost_ = n_.hourly_cost(l.charge[v_]);
    discharge_cost_ = n_.hourly_cost(l.discharge[v_]);
    if (l.charge_cap[v_].first >= 0) {
      write_unit();
    } else if (is_bare()) {
      write_store(n_.bus(store_.node), /*is_behind_links=*/false);
    } else {
      write_behind_links();
    }
  }

 private:
  void refuse(std::string_view attribute, std::string found, std::string expected, std::string help) const {
    n_.refuse(store_.provenance, attribute, std::move(found), std::move(expected), std::move(help));
  }

  /// Without limits or losses of power; what is paid for discharge comes back for charge.
  [[nodiscard]] bool is_bare() const {
    if (store_.efficiency_in != 1 || store_.efficiency_out != 1) return false;
    if (!are_all(charge_max_, kInf) || !are_all(discharge_max_, kInf)) return false;
    for (std::size_t s = 0; s < charge_cost_.size(); ++s) {
      if (charge_cost_[s] != -discharge_cost_[s]) return false;
    }
    return true;
  }

  void write_level(Component& out, const std::string& cyclic, const std::string& initial) {
    if (store_.is_open) {
      if (store_.initial != 0) out.number(initial, store_.initial);
    } else {
      out.flag(cyclic, true);
    }
    if (store_.loss != 0) out.number("standing_loss", store_.loss);
    const std::vector<double> holding = n_.hourly_cost(n_.lp.layout.level[v_]);
    if (!are_all(holding, 0)) out.series("marginal_cost_storage", holding);
    n_.use_carrier(store_.name);
    out.text("carrier", store_.name);
  }

  void write_store(const std::string& bus, bool is_behind_links) {
    const Layout& l = n_.lp.layout;
    Component& out = n_.folder.add("stores", store_.name);
    out.text("bus", bus);
    const std::vector<double> low = n_.lower(l.level[v_]);
    const std::vector<double> high = n_.upper(l.level[v_]);
    if (l.level_cap[v_].first >= 0) {
      write_grown_level(out, low, high);
    } else {
      const Sizing sizing = n_.sizing_between(store_.provenance, low, high);
      n_.write_size(out, "e", sizing, 1);
      if (!sizing.low.empty()) out.series("e_min_pu", sizing.low).series("e_max_pu", sizing.high);
    }
    write_level(out, "e_cyclic", "e_initial");
    if (!is_behind_links && !are_all(discharge_cost_, 0)) out.series("marginal_cost", discharge_cost_);
    n_.stores[v_] = {.list = "stores", .name = out.name(), .scale = 1};
  }

  void write_grown_level(Component& out, const std::vector<double>& low, const std::vector<double>& high) {
    const CapacityId k = store_.level_capacity;
    check_owned(k, "level_capacity");
    if (!are_all(low, 0) || !are_all(high, kInf))
      refuse("level_max", "a limit", "none, beside a capacity that can be built",
             "write it as a share: level_share_max");
    const Sizing sizing = n_.sizing_of(k, store_.level_per_unit);
    n_.write_size(out, "e", sizing, 1);
    out.series("e_min_pu", n_.spread(store_.level_share_min, 0))
        .series("e_max_pu", n_.spread(store_.level_share_max, 1));
    n_.capacities[k.index()].push_back({.list = "stores", .name = out.name(), .scale = store_.level_per_unit});
  }

  void check_owned(CapacityId k, std::string_view attribute) const {
    if (n_.user_count(k) > 1 || !n_.can_build(k))
      refuse(attribute, n_.m.capacities[k.index()].name, "a capacity of its own that can be built",
             "give the store a capacity of its own");
  }

  /// Charge and discharge share a power that is to be found: a storage unit, whose energy goes with its power.
  void write_unit() {
    const CapacityId k = store_.power_capacity;
    check_owned(k, "power_capacity");
    if (store_.level_capacity != k) {
      refuse("level_capacity",
             store_.level_capacity.valid() ? n_.m.capacities[store_.level_capacity.index()].name : "none",
             "the power's own capacity, times hours, where power can be built", "write level_capacity and hours");
      return;
    }
    if (!are_all(n_.spread(store_.level_share_min, 0), 0) || !are_all(n_.spread(store_.level_share_max, 1), 1) ||
        !are_all(n_.lower(n_.lp.layout.level[v_]), 0) || !are_all(n_.upper(n_.lp.layout.level[v_]), kInf))
      refuse("level_max", "a limit", "none, where power can be built", "leave it out");
    if (!are_all(charge_cost_, 0)) refuse("charge_cost", "a price", "0, where power can be built", "leave it out");
    if (!are_all(charge_max_, kInf)) refuse("power_max", "a limit", "none, where power can be built", "leave it out");
    Component& out = n_.folder.add("storage_units", store_.name);
    out.text("bus", n_.bus(store_.node));
    n_.write_size(out, "p", n_.sizing_of(k, 1), 1);
    out.number("max_hours", store_.level_per_unit).number("efficiency_store", store_.efficiency_in);
    out.number("efficiency_dispatch", store_.efficiency_out).number("p_min_pu", -1);
    if (!are_all(discharge_cost_, 0)) out.series("marginal_cost", discharge_cost_);
    write_level(out, "cyclic_state_of_charge", "state_of_charge_initial");
    n_.stores[v_] = {.list = "storage_units", .name = out.name(), .scale = 1};
    n_.capacities[k.index()].push_back({.list = "storage_units", .name = out.name(), .scale = 1});
  }

  void write_behind_links() {
    const std::string inside = store_.name + " level";
    const std::string& outside = n_.bus(store_.node);
    n_.use_carrier(inside);
    const std::string bus = n_.folder.add("buses", inside).text("carrier", inside).number("v_nom", 1).name();
    write_store(bus, /*is_behind_links=*/true);
    write_link("charge", outside, bus, store_.efficiency_in, charge_max_, charge_cost_, 1);
    // what the store gives is more than what comes out of the link
    write_link("discharge", bus, outside, store_.efficiency_out, discharge_max_, discharge_cost_,
               1 / store_.efficiency_out);
  }

  void write_link(const std::string& part, const std::string& from, const std::string& to, double efficiency,
                  std::vector<double> most, std::vector<double> cost, double scale) {
    const std::string carrier = "store";
    n_.use_carrier(carrier);
    Component& out = n_.folder.add("links", fmt::format("{} {}", store_.name, part));
    out.text("bus0", from).text("bus1", to).text("carrier", carrier).number("efficiency", efficiency);
    const Sizing sizing = n_.sizing_between(store_.provenance, std::vector<double>(most.size(), 0), most);
    n_.write_size(out, "p", sizing, scale);
    if (!sizing.high.empty()) out.series("p_max_pu", sizing.high);
    for (double& each : cost) each /= scale;
    if (!are_all(cost, 0)) out.series("marginal_cost", cost);
  }

  Network& n_;
  std::size_t v_;
  const Store& store_;
  std::vector<double> charge_max_, discharge_max_;    // [snapshot]
  std::vector<double> charge_cost_, discharge_cost_;  // [snapshot] discounted USD per unit and hour
};

}  // namespace

void write_stores(Network& n) {
  for (std::size_t v = 0; v < n.m.stores.size(); ++v) StoreWriter(n, v).write();
}

}  // namespace beltline::pypsa_export
