// Stores, whose energy is sized, and storage units, whose power is.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "import/pypsa_capacity.h"

namespace beltline::pypsa {
namespace {

const Nominal kEnergy{"e", "MWh"};
const Nominal kPower{"p", "MW"};
constexpr std::string_view kStored = "stored_energy";
constexpr double kEndless = 1e9;  // MW: more than any store gives

bool are_all(const std::vector<double>& values, double value) {
  return std::ranges::all_of(values, [&](double v) { return v == value; });
}

bool has_numbers(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double v) { return !std::isnan(v); });
}

/// The names under which stores and storage units say the same.
struct Words {
  std::string_view cyclic, cyclic_per_period, initial, initial_per_period, set;
};
constexpr Words kStoreWords{"e_cyclic", "e_cyclic_per_period", "e_initial", "e_initial_per_period", "e_set"};
constexpr Words kUnitWords{"cyclic_state_of_charge", "cyclic_state_of_charge_per_period", "state_of_charge_initial",
                           "state_of_charge_initial_per_period", "state_of_charge_set"};

/// How the level carries over, what it loses and what it costs.
void write_level(Network& n, const Item& item, const Words& words, Fields& out) {
  const bool per_period =
      n.has_periods() && (n.flag(item, words.cyclic_per_period) || n.flag(item, words.initial_per_period));
  const bool is_cyclic = n.flag(item, per_period ? words.cyclic_per_period : words.cyclic);
  if (!is_cyclic) {
    out.text("carry", "open");
    const double initial = n.number(item, words.initial);
    if (initial < 0) n.refuse(item, words.initial, "0 or more", "write 0");
    if (initial > 0) out.number("initial", initial, "MWh");
  }
  const std::vector<double> loss = n.series(item, "standing_loss");
  if (!are_all(loss, loss[0])) n.refuse(item, "standing_loss", "one number", "write one loss for all snapshots");
  if (loss[0] != 0) out.number("loss", loss[0], "1/hour");
  const std::vector<double> holding = n.series(item, "marginal_cost_storage");
  if (!are_all(holding, holding[0]))
    n.refuse(item, "marginal_cost_storage", "one number", "write one cost for all snapshots");
  if (holding[0] == 0) return;
  // the network counts the mean level over the period
  double hours = 0;
  for (const double each : n.hours()) hours += each;
  out.number("holding_cost", holding[0] * hours, "USD/MWh/year");
}

/// Bounds of a level that cannot be extended: shares of the nominal energy, and levels that are given.
void write_bounds(Network& n, const Item& item, const Words& words, double nominal, std::vector<double> low,
                  std::vector<double> high, const std::string& family, Fields& out) {
  const std::vector<double> set = n.spread(item, words.set);
  const bool is_endless = std::isinf(nominal);
  if (has_numbers(set)) {
    if (is_endless) n.refuse(item, words.set, "a number for the nominal size", "write how much it can hold");
    low.resize(n.count(), low[0]);
    high.resize(n.count(), high[0]);
  }
  if (is_endless) return;
  for (double& value : low) value *= nominal;
  for (double& value : high) value *= nominal;
  for (std::size_t s = 0; s < set.size() && has_numbers(set); ++s) {
    if (!std::isnan(set[s])) low[s] = high[s] = set[s];
  }
  if (!are_all(low, 0)) out.series("level_min", {low, "MWh", "slice", family + "_min", {}});
  out.series("level_max", {high, "MWh", "slice", family + "_max", {}});
}

void mask(std::vector<double>& values, const std::vector<double>& activity) {
  if (activity.empty()) return;
  if (values.size() == 1) values.assign(activity.size(), values[0]);
  for (std::size_t s = 0; s < values.size(); ++s) values[s] *= activity[s];
}

void convert_store(Network& n, const Item& item) {
  const Network::Node node = n.node(item, "bus");
  if (node.place.empty()) return;
  if (n.number(item, "sign") != 1) n.refuse(item, "sign", "1", "leave out the sign");
  const std::string name = process_of(n, item);
  const Sizes sizes = sizes_of(n, item, kEnergy);
  std::vector<double> low = n.series(item, "e_min_pu");
  std::vector<double> high = n.series(item, "e_max_pu");
  if (std::ranges::min(low) < 0) n.refuse(item, "e_min_pu", "0 or more", "move the level so that it is never negative");
  mask(low, n.activity(item));
  mask(high, n.activity(item));
  Fields& out = n.draft.entry("store", name);
  out.text("title", title_of(n, item, "bus")).text("commodity", node.commodity).text("place", node.place);
  if (sizes.is_extendable) {
    add_capacity(n, kEnergy, sizes,
                 {.name = name, .place = node.place, .title = title_of(n, item, "bus"), .kind = "store"});
    out.text("level_capacity", name);
    if (!are_all(low, 0)) out.series("level_share_min", {low, "", "slice", "stores-e_min_pu", {}});
    if (!are_all(high, 1)) out.series("level_share_max", {high, "", "slice", "stores-e_max_pu", {}});
    if (has_numbers(n.series(item, "e_set"))) n.refuse(item, "e_set", "no extendable energy", "fix e_nom");
  } else {
    write_bounds(n, item, kStoreWords, sizes.nominal, low, high, "stores-level", out);
  }
  if (!n.activity(item).empty()) {
    std::vector<double> power = n.activity(item);
    for (double& value : power) value *= kEndless;
    out.series("power_max", {power, "MW", "slice", "stores-active", {}});
  }
  write_level(n, item, kStoreWords, out);
  std::vector<double> cost = n.series(item, "marginal_cost");
  if (are_all(cost, 0)) return;
  out.series("discharge_cost", {cost, "USD/MWh", "slice", "stores-marginal_cost", name});
  for (double& value : cost) value = -value;
  out.series("charge_cost", {cost, "USD/MWh", "slice", "stores-marginal_cost", name + "_charge"});
}

/// A storage unit. In its plain form it is one store; otherwise a reservoir of its own with what fills and empties it.
class Unit {
 public:
  Unit(Network& network, const Item& item)
      : n_(network),
        item_(item),
        name_(process_of(network, item)),
        node_(network.node(item, "bus")),
        sizes_(sizes_of(network, item, kPower)),
        hours_(network.number(item, "max_hours")) {
    for (const auto attribute : {"p_min_pu", "p_max_pu"}) {
      std::vector<double>& share = attribute == std::string_view("p_min_pu") ? low_ : high_;
      share = n_.series(item, attribute);
      mask(share, n_.activity(item));
    }
  }

  void write() {
    if (node_.place.empty()) return;
    if (std::isinf(sizes_.nominal) && !sizes_.is_extendable) {
      n_.refuse(item_, "p_nom", "a number", "write how much power it has");
      return;
    }
    if (sizes_.is_extendable) {
      if (has_numbers(n_.series(item_, "state_of_charge_set")))
        n_.refuse(item_, "state_of_charge_set", "no extendable power", "fix p_nom");
      add_capacity(n_, kPower, sizes_,
                   {.name = name_, .place = node_.place, .title = title_of(n_, item_, "bus"), .kind = "storage"});
    }
    if (is_plain()) {
      write_plain();
    } else {
      write_reservoir();
    }
  }

 private:
  [[nodiscard]] bool is_one(std::string_view attribute, double value) const {
    return are_all(n_.series(item_, attribute), value);
  }
  [[nodiscard]] bool is_share(std::string_view attribute) const {
    const std::vector<double> values = n_.series(item_, attribute);
    return are_all(values, values[0]) && values[0] > 0 && values[0] <= 1;
  }

  [[nodiscard]] bool is_plain() const {
    return are_all(low_, -1) && are_all(high_, 1) && n_.activity(item_).empty() && is_one("inflow", 0) &&
           is_share("efficiency_store") && is_share("efficiency_dispatch") && is_one("marginal_cost_quadratic", 0) &&
           n_.number(item_, "sign") == 1 && !has_numbers(n_.series(item_, "p_dispatch_set")) &&
           !has_numbers(n_.series(item_, "p_store_set")) && hours_ > 0;
  }

  void write_size(Fields& out) {
    if (!sizes_.is_extendable) {
      write_bounds(n_, item_, kUnitWords, sizes_.nominal * hours_, {0}, {1}, "storage_units-level", out);
      return;
    }
    if (hours_ > 0) {
      out.text("level_capacity", name_).number("hours", hours_, "h");
    } else {
      out.number("level_max", 0, "MWh");
    }
  }

  void write_plain() {
    Fields& out = n_.draft.entry("store", name_);
    out.text("title", title_of(n_, item_, "bus")).text("commodity", node_.commodity).text("place", node_.place);
    write_size(out);
    if (sizes_.is_extendable) {
      out.text("power_capacity", name_);
    } else {
      out.number("power_max", sizes_.nominal, "MW");
    }
    out.number("efficiency_in", n_.series(item_, "efficiency_store")[0]);
    out.number("efficiency_out", n_.series(item_, "efficiency_dispatch")[0]);
    write_level(n_, item_, kUnitWords, out);
    const std::vector<double> cost = n_.series(item_, "marginal_cost");
    if (!are_all(cost, 0)) out.series("discharge_cost", {cost, "USD/MWh", "slice", family("marginal_cost"), {}});
  }

  [[nodiscard]] static std::string family(std::string_view attribute) {
    return fmt::format("storage_units-{}", attribute);
  }

  void write_reservoir() {
    place_ = n_.names.of("reservoir", item_.name() + " reservoir");
    n_.draft.entry("place", place_).text("title", fmt::format("reservoir of storage unit {}", item_.name()));
    if (!n_.draft.has("commodity", kStored))
      n_.draft.entry("commodity", kStored).text("title", "stored energy").text("unit", "MW").text("grain", "rate");
    Fields& store = n_.draft.entry("store", name_);
    store.text("title", title_of(n_, item_, "bus")).text("commodity", kStored).text("place", place_);
    write_size(store);
    write_level(n_, item_, kUnitWords, store);
    if (!n_.activity(item_).empty()) {
      std::vector<double> power = n_.activity(item_);
      for (double& value : power) value *= kEndless;
      store.series("power_max", {power, "MW", "slice", family("active"), {}});
    }
    write_discharge();
    write_charge();
    write_inflow();
  }

  Fields& process(const std::string& part, std::string_view place) {
    Fields& out = n_.draft.entry("process", n_.names.of("storage", item_.name() + " " + part));
    out.text("title", fmt::format("{} of storage unit {}", part, item_.name())).text("place", place);
    return out.text("grain", "rate").text("unit", "MW").text("kind", "storage");
  }
  static Fields flow(std::string_view commodity, std::string_view place, const std::vector<double>& rate,
                     const std::string& file, const std::string& column) {
    Fields out;
    out.text("commodity", commodity).text("place", place);
    out.series("rate", {rate, "", "slice", file, column});
    return out;
  }

  /// Shares of a power that cannot be extended, and what is given, as bounds.
  void fix(Fields& out, std::vector<double> share, std::string_view set_attribute, const std::string& column) {
    for (double& value : share) value *= sizes_.nominal;
    const std::vector<double> set = n_.spread(item_, set_attribute);
    if (has_numbers(set)) {
      std::vector<double> lower(n_.count(), 0);
      share.resize(n_.count(), share[0]);
      for (std::size_t s = 0; s < set.size(); ++s) {
        if (!std::isnan(set[s])) lower[s] = share[s] = set[s];
      }
      out.series("lower", {lower, "MW", "slice", family(set_attribute), column + "_lower"});
    }
    out.series("upper", {share, "MW", "slice", family(set_attribute), column + "_upper"});
  }

  /// A second capacity, always as large as the first, with an availability of its own.
  std::string twin(const std::string& part, const std::vector<double>& share) {
    const std::string name = n_.names.of("storage", item_.name() + " " + part + " power");
    Fields& out = n_.draft.entry("capacity", name);
    out.text("title", fmt::format("{} power of storage unit {}", part, item_.name())).text("place", node_.place);
    out.text("unit", "MW").text("kind", "storage").number("existing", sizes_.min, "MW");
    if (sizes_.max <= sizes_.min) out.flag("buildable", false);
    const double most = std::max(1.0, std::ranges::max(share));
    std::vector<double> availability = share;
    for (double& value : availability) value /= most;
    if (!are_all(availability, 1)) out.series("availability", {availability, "", "slice", family(part), {}});
    Fields own;
    Fields other;
    own.text("kind", "online").text("of", name_);
    other.text("kind", "online").text("of", name).number("coefficient", -1);
    n_.draft.entry("limit", name)
        .text("title", fmt::format("{} power of storage unit {} is its power", part, item_.name()))
        .text("unit", "MW")
        .records("terms", {own, other})
        .number("lower", 0, "MW")
        .number("upper", 0, "MW");
    return name;
  }

  void bound(Fields& out, const std::string& part, const std::vector<double>& share, std::string_view set_attribute) {
    if (!sizes_.is_extendable) {
      fix(out, share, set_attribute, name_ + "_" + part);
      return;
    }
    if (has_numbers(n_.series(item_, set_attribute)))
      n_.refuse(item_, set_attribute, "no extendable power", "fix p_nom");
    const double most = std::max(1.0, std::ranges::max(share));
    Fields use;
    use.text("capacity", twin(part, share));
    if (most != 1) use.number("use", 1 / most);
    out.records("uses", {use});
  }

  void write_discharge() {
    if (std::ranges::max(high_) <= 0) {
      if (std::ranges::min(high_) < 0) n_.refuse(item_, "p_max_pu", "0 or more", "write 0");
      return;
    }
    if (std::ranges::min(high_) < 0) n_.refuse(item_, "p_max_pu", "0 or more", "write 0");
    std::vector<double> taken = n_.series(item_, "efficiency_dispatch");
    for (double& value : taken) {
      if (value <= 0) {
        n_.refuse(item_, "efficiency_dispatch", "more than 0", "write p_max_pu = 0 where nothing comes out");
        return;
      }
      value = -1 / value;
    }
    Fields& out = process("discharge", node_.place);
    out.records("flows", {flow(kStored, place_, taken, family("efficiency_dispatch"), name_),
                          flow(node_.commodity, node_.place, {n_.number(item_, "sign")}, "", "")});
    bound(out, "discharge", high_, "p_dispatch_set");
    const std::vector<double> cost = n_.series(item_, "marginal_cost");
    if (!are_all(cost, 0)) out.series("cost", {cost, "USD/MWh", "slice", family("marginal_cost"), name_});
    const std::vector<double> quadratic = n_.series(item_, "marginal_cost_quadratic");
    if (!are_all(quadratic, 0))
      out.series("quadratic_cost", {quadratic, "USD/MW/MWh", "slice", family("marginal_cost_quadratic"), name_});
  }

  void write_charge() {
    std::vector<double> share = low_;
    for (double& value : share) value = value == 0 ? 0 : -value;
    if (std::ranges::min(share) < 0) n_.refuse(item_, "p_min_pu", "0 or less", "write 0");
    if (std::ranges::max(share) <= 0) return;
    Fields& out = process("charge", node_.place);
    const std::vector<double> kept = n_.series(item_, "efficiency_store");
    out.records("flows", {flow(node_.commodity, node_.place, {-n_.number(item_, "sign")}, "", ""),
                          flow(kStored, place_, kept, family("efficiency_store"), name_)});
    bound(out, "charge", share, "p_store_set");
  }

  void write_inflow() {
    std::vector<double> inflow = n_.series(item_, "inflow");
    mask(inflow, n_.activity(item_));
    if (are_all(inflow, 0)) return;
    Fields& in = process("inflow", place_);
    in.records("flows", {flow(kStored, place_, {1}, "", "")});
    if (std::ranges::min(inflow) < 0) in.flag("runs_back", true);
    in.series("lower", {inflow, "MW", "slice", family("inflow"), name_});
    in.series("upper", {inflow, "MW", "slice", family("inflow"), name_ + "_upper"});
    std::vector<double> spill = inflow;
    for (double& value : spill) value = std::max(0.0, value);
    if (are_all(spill, 0)) return;
    Fields& out = process("spill", place_);
    out.records("flows", {flow(kStored, place_, {-1}, "", "")});
    out.series("upper", {spill, "MW", "slice", family("inflow"), name_ + "_spill"});
    const std::vector<double> cost = n_.series(item_, "spill_cost");
    if (!are_all(cost, 0)) out.series("cost", {cost, "USD/MWh", "slice", family("spill_cost"), name_});
  }

  Network& n_;
  const Item& item_;
  std::string name_;
  Network::Node node_;
  Sizes sizes_;
  double hours_;
  std::vector<double> low_, high_;
  std::string place_;
};

}  // namespace

void convert_stores(Network& n) {
  for (const Item& store : n.items("stores")) convert_store(n, store);
}

void convert_storage_units(Network& n) {
  for (const Item& unit : n.items("storage_units")) Unit(n, unit).write();
}

}  // namespace beltline::pypsa
