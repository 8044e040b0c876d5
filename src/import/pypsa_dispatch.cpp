// Generators, loads and links: what puts power in, takes it out and carries it by will.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "import/pypsa_attributes.h"
#include "import/pypsa_capacity.h"

namespace beltline::pypsa {
namespace {

const Nominal kPower{"p", "MW"};

bool has_negative(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double v) { return v < 0; });
}

bool is_zero(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double v) { return v == 0; });
}

void multiply(std::vector<double>& values, const std::vector<double>& factors) {
  if (factors.empty()) return;
  if (values.size() == 1) values.assign(factors.size(), values[0]);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[i];
}

void divide(std::vector<double>& values, double divisor) {
  if (divisor == 1) return;
  for (double& value : values) value /= divisor;
}

/// One process that is dispatched between shares of a nominal power: a generator or a link.
class Dispatch {
 public:
  Dispatch(Network& network, const Item& item, std::string_view bus)
      : n_(network),
        item_(item),
        bus_(bus),
        name_(process_of(network, item)),
        node_(network.node(item, bus)),
        sizes_(sizes_of(network, item, kPower)),
        is_committable_(network.flag(item, "committable")) {
    low_ = n_.series(item, "p_min_pu");
    high_ = n_.series(item, "p_max_pu");
    multiply(low_, n_.activity(item));
    multiply(high_, n_.activity(item));
  }

  void write(std::vector<Fields> flows) {
    if (node_.place.empty()) return;
    const bool is_bare = sets_bounds();
    scale_ = is_bare ? 1 : std::max(1.0, std::ranges::max(high_));
    if (!is_bare) write_capacity();
    Fields& out = n_.draft.entry("process", name_);
    out.text("title", title_of(n_, item_, bus_)).text("place", node_.place).text("grain", "rate").text("unit", "MW");
    out.text("kind", kind());
    out.records("flows", std::move(flows));
    if (is_bare) {
      write_bounds(out);
    } else {
      write_shares(out);
    }
    write_costs(out);
    if (is_committable_ || has_ramps()) write_units(out, is_bare);
  }

 private:
  [[nodiscard]] std::string kind() const {
    const std::string carrier = n_.text(item_, "carrier");
    return carrier.empty() ? std::string(singular(item_.list->list)) : carrier;
  }
  [[nodiscard]] std::string family(std::string_view attribute) const {
    return fmt::format("{}-{}", item_.list->list, attribute);
  }

  /// Whether the process has bounds of its own in MW, not shares of a capacity.
  bool sets_bounds() {
    if (!sizes_.is_extendable && std::isinf(sizes_.nominal)) return true;
    if (!has_negative(high_)) return false;
    if (!sizes_.is_extendable && !is_committable_) return true;
    n_.refuse(item_, "p_max_pu", "0 or more, where the component is extendable or committable",
              "turn the component round: exchange its buses, or its sign");
    return false;
  }

  void write_capacity() {
    std::vector<double> availability = high_;
    divide(availability, scale_);
    if (scale_ != 1 && sizes_.is_extendable && is_committable_)
      n_.refuse(item_, "p_max_pu", "at most 1, where the component is extendable and committable",
                "write a larger p_nom and smaller shares of it");
    if (is_committable_ && sizes_.is_extendable && sizes_.module_size == 0 && std::isinf(sizes_.max))
      sizes_.max = std::max(sizes_.min, 10 * peak_load());
    add_capacity(n_, kPower, sizes_,
                 {.name = name_,
                  .place = node_.place,
                  .title = title_of(n_, item_, bus_),
                  .kind = kind(),
                  .scale = sizes_.is_extendable ? 1 : scale_,
                  .availability = std::move(availability),
                  .family = family("p_max_pu")});
  }

  /// More than a unit can be of use.
  [[nodiscard]] double peak_load() const {
    std::vector<double> sum(n_.count(), 0);
    for (const Item& load : n_.items("loads")) {
      const std::vector<double> values = n_.spread(load, "p_set");
      for (std::size_t s = 0; s < sum.size(); ++s) sum[s] += std::abs(values[s]);
    }
    return std::ranges::max(sum);
  }

  void write_bounds(Fields& out) {
    const bool is_endless = std::isinf(sizes_.nominal);
    if (is_endless) {
      if (!is_zero(low_) && !std::ranges::all_of(low_, [](double v) { return v < 0; }))
        n_.refuse(item_, "p_nom", "a number, where p_min_pu is not 0", "write how much it can put out");
      if (has_negative(low_)) out.flag("runs_back", true);
      const std::vector<double>& mask = n_.activity(item_);
      if (!mask.empty()) n_.refuse(item_, "p_nom", "a number, where lifetimes end", "write how much it can put out");
    }
    std::vector<double> lower = low_;
    std::vector<double> upper = high_;
    for (double& value : lower) value *= is_endless ? 0 : sizes_.nominal;
    for (double& value : upper) value *= is_endless ? 0 : sizes_.nominal;
    const std::vector<double> set = n_.spread(item_, "p_set");
    const bool is_set = std::ranges::any_of(set, [](double v) { return !std::isnan(v); });
    if (is_set) {
      if (is_endless && std::ranges::any_of(set, [](double v) { return std::isnan(v); }))
        n_.refuse(item_, "p_set", "a value in every snapshot, or a number for p_nom", "write p_nom");
      fix(set, lower, upper);
    } else if (is_endless) {
      return;
    }
    if (has_negative(lower)) out.flag("runs_back", true);
    if (!is_zero(lower) || has_negative(upper)) out.series("lower", {lower, "MW", "slice", family("lower"), {}});
    out.series("upper", {upper, "MW", "slice", family("upper"), {}});
  }

  /// Dispatch that is given: both bounds are it, in the snapshots in which the component is active.
  void fix(const std::vector<double>& set, std::vector<double>& lower, std::vector<double>& upper) const {
    if (lower.size() == 1) lower.assign(n_.count(), lower[0]);
    if (upper.size() == 1) upper.assign(n_.count(), upper[0]);
    const std::vector<double>& mask = n_.activity(item_);
    for (std::size_t s = 0; s < set.size(); ++s) {
      if (!std::isnan(set[s])) lower[s] = upper[s] = set[s] * (mask.empty() ? 1 : mask[s]);
    }
  }

  void write_shares(Fields& out) {
    Fields use;
    use.text("capacity", name_);
    const bool by_use = scale_ != 1 && sizes_.is_extendable;
    if (by_use) use.number("use", 1 / scale_);
    out.records("uses", {use});
    std::vector<double> least = low_;
    divide(least, scale_);
    const bool runs_back = has_negative(least);
    if (runs_back) out.flag("runs_back", true);
    if (is_committable_) {
      if (!is_zero(least)) out.series("min_load", {least, "", "slice", family("p_min_pu"), {}});
    } else if (!is_zero(least)) {
      out.series("least_share", {least, "", "slice", family("p_min_pu"), {}});
    }
    write_set(out, runs_back);
  }

  void write_set(Fields& out, bool runs_back) {
    const std::vector<double> set = n_.spread(item_, "p_set");
    const auto is_free = [](double v) { return std::isnan(v); };
    if (std::ranges::all_of(set, is_free)) return;
    const bool is_whole = std::ranges::none_of(set, is_free);
    if (!is_whole && sizes_.is_extendable) {
      n_.refuse(item_, "p_set", "a value in every snapshot, or no extendable capacity", "write all values, or none");
      return;
    }
    std::vector<double> lower = low_;
    std::vector<double> upper = high_;
    for (double& value : lower) value *= sizes_.nominal;
    for (double& value : upper) value *= sizes_.nominal;
    fix(set, lower, upper);
    if (has_negative(lower) && !runs_back) out.flag("runs_back", true);
    out.series("lower", {lower, "MW", "slice", family("p_set"), name_ + "_lower"});
    out.series("upper", {upper, "MW", "slice", family("p_set"), name_ + "_upper"});
  }

  void write_costs(Fields& out) {
    const std::vector<double> cost = n_.series(item_, "marginal_cost");
    if (!is_zero(cost)) out.series("cost", {cost, "USD/MWh", "slice", family("marginal_cost"), {}});
    const std::vector<double> quadratic = n_.series(item_, "marginal_cost_quadratic");
    if (is_zero(quadratic)) return;
    if (has_negative(quadratic)) n_.refuse(item_, "marginal_cost_quadratic", "0 or more", "costs must be convex");
    out.series("quadratic_cost", {quadratic, "USD/MW/MWh", "slice", family("marginal_cost_quadratic"), {}});
  }

  [[nodiscard]] bool has_ramps() const {
    for (const auto attribute : {"ramp_limit_up", "ramp_limit_down"}) {
      if (std::ranges::any_of(n_.series(item_, attribute), [](double v) { return !std::isnan(v); })) return true;
    }
    return false;
  }

  void write_ramp(Fields& out, std::string_view attribute, std::string_view key, bool runs_back) {
    std::vector<double> limit = n_.spread(item_, attribute);
    const bool has_free = std::ranges::any_of(limit, [](double v) { return std::isnan(v); });
    if (std::ranges::all_of(limit, [](double v) { return std::isnan(v); })) return;
    if (has_free && (runs_back || scale_ != 1))
      n_.refuse(item_, attribute, "a limit in every snapshot, where power runs both ways", "write all values, or none");
    for (std::size_t s = 0; s < limit.size(); ++s) {
      // a limit counts from snapshot to snapshot, however long these are; without one all of the capacity may come
      limit[s] = (std::isnan(limit[s]) ? 1.0 : limit[s]) / (scale_ * n_.source().snapshots.stores[s]);
    }
    out.series(key, {limit, "1/hour", "slice", family(attribute), {}});
  }

  void write_units(Fields& out, bool is_bare) {
    if (is_bare) {
      n_.refuse(item_, "p_nom", "a number, where power may rise or fall only so fast", "write how much it can put out");
      return;
    }
    const bool runs_back = has_negative(low_);
    write_ramp(out, "ramp_limit_up", "ramp_up", runs_back);
    write_ramp(out, "ramp_limit_down", "ramp_down", runs_back);
    const double before = n_.number(item_, "p_init");
    out.text("carry", "open");
    if (!is_committable_) {
      if (!std::isnan(before)) out.number("level_before", before, "MW");
      return;
    }
    if (sizes_.is_extendable && sizes_.module_size > 0) out.number("unit_size", sizes_.module_size, "MW");
    for (const auto& [attribute, key] :
         {std::pair{"ramp_limit_start_up", "ramp_start"}, std::pair{"ramp_limit_shut_down", "ramp_stop"}}) {
      const double limit = n_.number(item_, attribute);
      if (!std::isnan(limit)) out.number(key, limit / scale_);
    }
    out.text("ramp_rows", "count");
    write_start_costs(out);
    write_times(out);
    const bool was_off = n_.number(item_, "down_time_before") > 0 || n_.number(item_, "up_time_before") <= 0;
    if (!std::isnan(before) && !was_off) out.number("level_before", before, "MW");
  }

  void write_start_costs(Fields& out) {
    for (const auto& [attribute, key] :
         {std::pair{"start_up_cost", "start_cost"}, std::pair{"shut_down_cost", "stop_cost"}}) {
      std::vector<double> cost = n_.series(item_, attribute);
      if (is_zero(cost)) continue;
      cost = n_.spread(item_, attribute);
      for (std::size_t s = 0; s < cost.size(); ++s) {
        // a start counts once, whatever its snapshot stands for
        if (n_.hours()[s] == 0)
          n_.refuse(item_, attribute, "objective weightings above 0", "give every snapshot an objective weighting");
        else
          cost[s] *= n_.source().snapshots.stores[s] / n_.hours()[s];
      }
      out.series(key, {cost, "USD", "slice", family(attribute), {}});
    }
    const std::vector<double> standby = n_.series(item_, "stand_by_cost");
    if (!is_zero(standby)) out.series("no_load_cost", {standby, "USD/hour", "slice", family("stand_by_cost"), {}});
  }

  void write_times(Fields& out) {
    const double up = n_.number(item_, "min_up_time");
    const double down = n_.number(item_, "min_down_time");
    if (up > 0) out.number("min_up", up);
    if (down > 0) out.number("min_down", down);
    const double on_before = n_.number(item_, "up_time_before");
    const double off_before = n_.number(item_, "down_time_before");
    if (off_before > 0) {
      out.number("on_before", -off_before);
    } else {
      out.number("on_before", on_before > 0 ? on_before : -std::max(1.0, down + 1));
    }
  }

  Network& n_;
  const Item& item_;
  std::string_view bus_;
  std::string name_;
  Network::Node node_;
  Sizes sizes_;
  bool is_committable_;
  std::vector<double> low_;   // [1] or [snapshot], 0 where the component is not active
  std::vector<double> high_;  // likewise
  double scale_ = 1;          // the highest share, where it is above 1
};

Fields flow(const Network::Node& node, const std::vector<double>& rate, const std::string& family,
            const std::string& column) {
  Fields out;
  out.text("commodity", node.commodity).text("place", node.place);
  out.series("rate", {rate, "", "slice", family, column});
  return out;
}

/// Numbers of a link's further ports: 2 of "bus2"; 1 first.
std::vector<std::string> ports_of(const Item& link) {
  std::set<std::size_t> numbers{1};
  for (const auto& [attribute, cells] : link.list->columns) {
    if (stem_of(attribute) != "bus" || attribute == "bus") continue;
    if (cells[link.index].text.empty()) continue;
    numbers.insert(static_cast<std::size_t>(number_of(attribute.substr(3)).value_or(1)));
  }
  std::vector<std::string> ports;
  for (const std::size_t number : numbers) ports.push_back(fmt::format("{}", number));
  return ports;
}

/// Snapshots that a delay spans: power arrives in the first that begins no earlier. They must be alike.
double delay_hours(Network& n, const Item& link, const std::string& attribute) {
  const double delay = n.number(link, attribute);
  if (delay <= 0) return 0;
  const Snapshots& s = n.source().snapshots;
  const auto alike = [](const std::vector<double>& w) {
    return std::ranges::all_of(w, [&](double v) { return v == w[0]; });
  };
  if (!alike(s.generators) || !alike(s.stores)) {
    n.refuse(link, attribute, "0, or snapshots of one length", "make the weightings of all snapshots alike");
    return 0;
  }
  return std::ceil(std::floor(delay) / s.generators[0] - 1e-9) * s.stores[0];
}

void convert_link(Network& n, const Item& link) {
  const Network::Node from = n.node(link, "bus0");
  if (from.place.empty()) return;
  const std::string name = process_of(n, link);
  std::vector<Fields> flows{flow(from, {-1}, "", "")};
  for (const std::string& port : ports_of(link)) {
    const std::string bus = "bus" + port;
    if (n.text(link, bus).empty()) continue;
    const std::string suffix = port == "1" ? "" : port;
    const Network::Node to = n.node(link, bus);
    if (to.place.empty()) continue;
    const std::vector<double> efficiency = n.series(link, "efficiency" + suffix);
    flows.push_back(flow(to, efficiency, "links-efficiency" + suffix, name));
    const double delay = delay_hours(n, link, "delay" + suffix);
    if (delay == 0) continue;
    if (efficiency.size() > 1)
      n.refuse(link, "efficiency" + suffix, "one number, where power arrives later", "write one efficiency");
    flows.back().number("delay", delay, "h");
    if (n.flag(link, "cyclic_delay" + suffix)) flows.back().flag("wraps", true);
  }
  Dispatch(n, link, "bus0").write(std::move(flows));
}

}  // namespace

void convert_generators(Network& n) {
  for (const Item& generator : n.items("generators")) {
    const Network::Node node = n.node(generator, "bus");
    if (node.place.empty()) continue;
    Dispatch(n, generator, "bus").write({flow(node, {n.number(generator, "sign")}, "", "")});
  }
}

void convert_links(Network& n) {
  for (const Item& link : n.items("links")) convert_link(n, link);
}

void convert_loads(Network& n) {
  for (const Item& load : n.items("loads")) {
    const Network::Node node = n.node(load, "bus");
    if (node.place.empty()) continue;
    std::vector<double> taken = n.series(load, "p_set");
    for (double& value : taken) value *= -n.number(load, "sign");
    const std::string name = process_of(n, load);
    if (!has_negative(taken)) {
      Fields& out = n.draft.entry("demand", name);
      out.text("title", title_of(n, load, "bus")).text("commodity", node.commodity).text("place", node.place);
      out.series("quantity", {taken, "MW", "slice", "loads-p_set", {}});
      continue;
    }
    // a load that gives: a process whose activity is given
    Fields& out = n.draft.entry("process", name);
    out.text("title", title_of(n, load, "bus")).text("place", node.place).text("grain", "rate").text("unit", "MW");
    out.text("kind", "load").records("flows", {flow(node, {-1}, "", "")}).flag("runs_back", true);
    out.series("lower", {taken, "MW", "slice", "loads-p_set", name});
    out.series("upper", {taken, "MW", "slice", "loads-p_set", name + "_upper"});
  }
}

}  // namespace beltline::pypsa
