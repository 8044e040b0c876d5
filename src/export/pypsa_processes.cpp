// Processes: generators where they have one flow, links where they have several, lines where angles drive them.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "export/pypsa_network.h"

namespace beltline::pypsa_export {
namespace {

using lp::kInf;

constexpr double kSame = 1e-12;

bool are_all(const std::vector<double>& values, double value) {
  return std::ranges::all_of(values, [&](double v) { return v == value; });
}

bool is_constant(const std::vector<double>& values) {
  return are_all(values, values[0]);
}

void scale(std::vector<double>& values, double factor) {
  for (double& value : values) value *= factor;
}

/// One process, whose activity is `variable / k` of the component that stands for it.
class ProcessWriter {
 public:
  ProcessWriter(Network& n, std::size_t p)
      : n_(n), p_(p), process_(n.m.processes[p]), block_(n.lp.layout.activity[p]) {}

  void write() {
    if (!check()) return;
    for (const Flow& flow : process_.flows)
      ports_.push_back({n_.bus(flow.node), n_.spread(flow.rate, 0), flow.delay, flow.wraps});
    size();
    if (process_.reactance != 0) {
      write_line();
    } else if (ports_.size() == 1 && reference_port()) {
      const double rate = ports_[0].rate[0];
      Component& out = n_.folder.add("generators", process_.name);
      out.text("bus", ports_[0].bus).number("sign", rate < 0 ? -1 : 1);
      write_dispatch(out, "generators", std::abs(rate));
    } else if (needs_meter()) {
      write_metered();
    } else {
      const std::size_t reference = *reference_port();
      const double rate = ports_[reference].rate[0];
      Component& out = n_.folder.add("links", process_.name);
      write_ports(out, ports_[reference].bus, reference, -rate);
      write_dispatch(out, "links", -rate);
    }
  }

 private:
  /// What an activity of one puts into a bus (> 0) or takes out of it.
  struct Port {
    std::string bus;
    std::vector<double> rate;  // [snapshot]
    int delay = 0;             // snapshots
    bool wraps = false;
  };

  void refuse(std::string_view attribute, std::string found, std::string expected, std::string help) const {
    n_.refuse(process_.provenance, attribute, std::move(found), std::move(expected), std::move(help));
  }

  bool check() const {
    if (process_.grain == Grain::amount) {
      refuse("grain", "amount", "a rate: PyPSA has no amounts", "leave out the process, or write it as a rate");
      return false;
    }
    bool good = true;
    for (const Flow& flow : process_.flows) {
      const Commodity& commodity = n_.m.commodities[flow.commodity.index()];
      if (commodity.grain == Grain::amount) {
        refuse("flows", commodity.name, "rates: PyPSA has no amounts", "leave out the flow");
        good = false;
      }
      if (flow.lag != 0) {
        refuse("lag", fmt::format("{}", flow.lag), "none, in one period", "leave out the lag, or write a delay");
        good = false;
      }
    }
    if (process_.flows.empty()) {
      refuse("flows", "none", "at least one flow: a component stands at a bus", "leave out the process");
      good = false;
    }
    if (n_.lp.layout.peak[p_].first >= 0)
      refuse("peak_cost", "a price", "none: PyPSA has no price of the highest power", "leave it out");
    return good;
  }

  /// The capacity that grows, or the bounds of those that stand.
  void size() {
    std::vector<double> low = n_.lower(block_);
    std::vector<double> high = n_.upper(block_);
    const CapacityUse* grown = nullptr;
    for (const CapacityUse& use : process_.uses) {
      if (n_.lp.layout.capacity[use.capacity.index()].first < 0) continue;  // in the columns' bounds already
      if (n_.user_count(use.capacity) > 1) {
        take_from(use);
      } else if (!n_.can_build(use.capacity)) {
        narrow(use, low, high);
      } else if (grown == nullptr && (is_free(low, high) || low == high)) {
        grown = &use;
      } else {
        take_from(use);
      }
    }
    if (grown != nullptr) {
      size_by(*grown, low, high);
      return;
    }
    sizing_ = n_.sizing_between(process_.provenance, low, high);
    if (process_.commitment) size_unit(high);
  }

  static bool is_free(const std::vector<double>& low, const std::vector<double>& high) {
    return are_all(high, kInf) && (are_all(low, 0) || are_all(low, -kInf));
  }

  /// A capacity that others use too, or beside a limit of the process's own: a bus that it feeds, and a port to it.
  void take_from(const CapacityUse& use) {
    const Capacity& capacity = n_.m.capacities[use.capacity.index()];
    if (process_.commitment || n_.lp.layout.floor[p_].first >= 0)
      refuse("uses", capacity.name, "a capacity of its own", "give each process a capacity of its own");
    Port port{n_.capacity_bus(use.capacity), n_.spread(use.use, 1)};
    scale(port.rate, -1);
    ports_.push_back(std::move(port));
  }

  [[nodiscard]] std::vector<double> shares(const CapacityUse& use) const {
    const Capacity& capacity = n_.m.capacities[use.capacity.index()];
    std::vector<double> out = n_.spread(capacity.availability, 1);
    const std::vector<double> each = n_.spread(use.use, 1);
    for (std::size_t s = 0; s < out.size(); ++s) out[s] *= each[0] / each[s];
    return out;
  }

  void narrow(const CapacityUse& use, std::vector<double>& low, std::vector<double>& high) const {
    const Capacity& capacity = n_.m.capacities[use.capacity.index()];
    const double most = n_.m.at_or(capacity.existing, 0, 0) / n_.m.at(use.use, 0);
    const std::vector<double> share = shares(use);
    for (std::size_t s = 0; s < high.size(); ++s) {
      high[s] = std::min(high[s], most * share[s]);
      if (low[s] < 0 && !process_.least_share.present()) low[s] = std::max(low[s], -most * share[s]);
    }
  }

  void size_by(const CapacityUse& use, const std::vector<double>& low, const std::vector<double>& high) {
    const double first = n_.m.at(use.use, 0);
    sizing_ = n_.sizing_of(use.capacity, 1 / first);
    n_.capacities[use.capacity.index()] = {};
    grown_ = use.capacity;
    sizing_.high = shares(use);
    sizing_.low.assign(sizing_.high.size(), 0);
    if (process_.least_share.present()) {
      const std::vector<double> least = n_.spread(process_.least_share, 0);
      const std::vector<double> each = n_.spread(use.use, 1);
      for (std::size_t s = 0; s < least.size(); ++s) sizing_.low[s] = least[s] * first / each[s];
    } else if (are_all(low, -kInf)) {
      sizing_.low = sizing_.high;
      scale(sizing_.low, -1);
    }
    if (!is_free(low, high)) sizing_.set = low;
  }

  /// A unit's shares count by its own size, whatever it may run at most.
  void size_unit(const std::vector<double>& high) {
    const UnitCommitment& c = *process_.commitment;
    double whole = c.unit_size;
    if (!process_.uses.empty()) {
      const CapacityUse& use = process_.uses.front();
      const double existing = n_.m.at_or(n_.m.capacities[use.capacity.index()].existing, 0, 0);
      if (c.has_units && c.unit_size > 0 && std::abs(existing - c.unit_size) > kSame * c.unit_size)
        refuse("unit_size", number_text(c.unit_size), "one unit: all that stands", "write a process for each unit");
      whole = existing / n_.m.at(use.use, 0);
    }
    if (whole <= 0 || sizing_.is_extendable) return;
    std::vector<double> low = sizing_.low;
    scale(low, sizing_.nominal / whole);
    sizing_.low = low;
    sizing_.high = high;
    scale(sizing_.high, 1 / whole);
    sizing_.nominal = whole;
  }

  [[nodiscard]] std::optional<std::size_t> reference_port() const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      const Port& port = ports_[i];
      if (!is_constant(port.rate) || port.rate[0] == 0 || port.delay != 0) continue;
      // what a process takes in is a link's own side
      if (!found || (port.rate[0] < 0 && ports_[*found].rate[0] > 0)) found = i;
    }
    return found;
  }

  /// PyPSA's limits count generators, and a link's first bus takes in at a constant rate.
  [[nodiscard]] bool needs_meter() const {
    const auto reference = reference_port();
    return !reference || n_.limited.contains(p_) || (process_.commitment && ports_[*reference].rate[0] > 0);
  }

  void write_metered() {
    const std::string meter = process_.name + " activity";
    n_.use_carrier(meter);
    const std::string bus = n_.folder.add("buses", meter).text("carrier", meter).number("v_nom", 1).name();
    Component& generator = n_.folder.add("generators", process_.name);
    generator.text("bus", bus).number("sign", 1);
    write_dispatch(generator, "generators", 1);
    Component& link = n_.folder.add("links", process_.name);
    write_ports(link, bus, ports_.size(), 1);
    n_.use_carrier(process_.kind);
    link.text("carrier", process_.kind).flag("p_nom_extendable", true);
    if (std::ranges::any_of(sizing_.low, [](double v) { return v < 0; })) link.number("p_min_pu", -1);
  }

  /// bus0 takes in `k` per unit of activity; all other flows are efficiencies of it.
  void write_ports(Component& out, const std::string& bus0, std::size_t reference, double k) const {
    out.text("bus0", bus0);
    int number = 1;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      if (i == reference) continue;
      const Port& port = ports_[i];
      const std::string suffix = number == 1 ? "" : fmt::format("{}", number);
      out.text(fmt::format("bus{}", number), port.bus);
      std::vector<double> rate = port.rate;
      if (k != 1) std::ranges::for_each(rate, [&](double& v) { v /= k; });
      const bool is_even = is_constant(rate);
      out.series("efficiency" + suffix, std::move(rate));
      ++number;
      if (port.delay == 0) continue;
      const double step = n_.m.calendar.step(0);
      for (int s = 0; s < n_.count(); ++s) {
        if (n_.m.calendar.step(s) == step) continue;
        refuse("delay", "steps of several lengths", "steps of one length", "write step_hours as one number");
        break;
      }
      if (!is_even) refuse("rate", "a series", "one number, where it arrives later", "write one rate");
      out.number("delay" + suffix, port.delay * step).flag("cyclic_delay" + suffix, port.wraps);
    }
  }

  void write_dispatch(Component& out, const std::string& list, double k) {
    const double size = std::abs(k);
    n_.write_size(out, "p", sizing_, size);
    std::vector<double> low = sizing_.low;
    std::vector<double> high = sizing_.high;
    if (process_.commitment && process_.commitment->has_units) low = n_.spread(process_.commitment->min_load, 0);
    if (k < 0) {
      std::swap(low, high);
      scale(low, -1);
      scale(high, -1);
    }
    if (!low.empty()) out.series("p_min_pu", low).series("p_max_pu", high);
    if (!sizing_.set.empty()) {
      std::vector<double> set = sizing_.set;
      scale(set, k);
      out.series("p_set", set);
    }
    std::vector<double> cost = n_.hourly_cost(block_);
    std::vector<double> quadratic = n_.hourly_quadratic_cost(block_);
    for (double& each : cost) each /= k;
    for (double& each : quadratic) each /= k * k;
    if (!are_all(cost, 0)) out.series("marginal_cost", cost);
    if (!are_all(quadratic, 0)) out.series("marginal_cost_quadratic", quadratic);
    if (process_.commitment) write_units(out, k);
    const std::string carrier = n_.limited.contains(p_) ? process_.name : process_.kind;
    n_.use_carrier(carrier);
    out.text("carrier", carrier);
    n_.processes[p_] = {.list = list, .name = out.name(), .scale = k};
    if (grown_.valid()) {
      const double per_unit = size / n_.m.at(use_of(grown_), 0);
      n_.capacities[grown_.index()].push_back({.list = list, .name = out.name(), .scale = per_unit});
    }
  }

  [[nodiscard]] Series use_of(CapacityId k) const {
    return std::ranges::find(process_.uses, k, &CapacityUse::capacity)->use;
  }

  /// Hours, or numbers of slices, as numbers of slices.
  [[nodiscard]] double in_slices(std::string_view attribute, double span) const {
    if (process_.commitment->counts_slices || span == 0) return span;
    const double step = n_.m.calendar.step(0);
    for (int s = 0; s < n_.count(); ++s) {
      if (n_.m.calendar.step(s) == step) continue;
      refuse(attribute, number_text(span), "a number of snapshots, where these differ in length",
             "count it in slices: write a plain number");
      break;
    }
    return std::ceil(span / step - 1e-9);
  }

  void write_units(Component& out, double k) const {
    const UnitCommitment& c = *process_.commitment;
    if (c.is_cyclic)
      refuse("carry", "cyclic", "open: PyPSA begins with what was before", "write carry = \"open\" and on_before");
    write_ramps(out);
    if (c.level_before) out.number("p_init", *c.level_before * k);
    if (!c.has_units) return;
    const bool has_ramps = c.ramp_up.present() || c.ramp_down.present() || c.ramp_start >= 0 || c.ramp_stop >= 0;
    if (has_ramps && !c.ramps_by_count)
      refuse("ramp_rows", "tight", "count, as PyPSA has its ramps", "write ramp_rows = \"count\"");
    if (sizing_.is_extendable && c.unit_size > 0 &&
        std::abs(sizing_.module_size - c.unit_size / n_.m.at(process_.uses.front().use, 0)) > kSame * c.unit_size)
      refuse("unit_size", number_text(c.unit_size), "the size of the capacity's modules", "write them alike");
    out.flag("committable", true);
    const CommitmentLayout& l = n_.lp.layout.commitment;
    const auto cost = [&](const std::string& attribute, const std::vector<double>& values) {
      if (!are_all(values, 0)) out.series(attribute, values);
    };
    cost("start_up_cost", n_.cost(l.starts[p_]));
    cost("shut_down_cost", n_.cost(l.stops[p_]));
    cost("stand_by_cost", n_.hourly_cost(l.on[p_]));
    out.number("min_up_time", in_slices("min_up", c.min_up));
    out.number("min_down_time", in_slices("min_down", c.min_down));
    if (!c.on_before) {
      refuse("on_before", "any state", "how long it was on, or off", "write on_before");
      return;
    }
    const double before = in_slices("on_before", std::abs(*c.on_before));
    out.number("up_time_before", *c.on_before > 0 ? before : 0);
    out.number("down_time_before", *c.on_before > 0 ? 0 : before);
  }

  void write_ramps(Component& out) const {
    const UnitCommitment& c = *process_.commitment;
    for (const auto& [series, attribute] :
         {std::pair{c.ramp_up, "ramp_limit_up"}, std::pair{c.ramp_down, "ramp_limit_down"}}) {
      if (!series.present()) continue;
      std::vector<double> limit = n_.spread(series, 0);
      for (std::size_t s = 0; s < limit.size(); ++s) limit[s] *= n_.m.calendar.step(static_cast<int>(s));
      out.series(attribute, limit);
    }
    if (c.ramp_start >= 0) out.number("ramp_limit_start_up", c.ramp_start);
    if (c.ramp_stop >= 0) out.number("ramp_limit_shut_down", c.ramp_stop);
  }

  void write_line() {
    if (n_.limited.contains(p_))
      refuse("name", process_.name, "a process: PyPSA's limits do not count lines", "leave the line out of the limit");
    if (!are_all(n_.cost(block_), 0)) refuse("cost", "a price", "none: lines have no cost", "leave it out");
    const bool is_shifter = process_.phase_shift != 0;
    const std::string list = is_shifter ? "transformers" : "lines";
    Component& out = n_.folder.add(list, process_.name);
    out.text("bus0", n_.bus(process_.flows[0].node)).text("bus1", n_.bus(process_.flows[1].node));
    for (std::size_t s = 0; s < sizing_.high.size(); ++s) {
      if (std::abs(sizing_.low[s] + sizing_.high[s]) <= kSame) continue;
      refuse("lower", number_text(sizing_.low[s] * sizing_.nominal), "the same limit both ways",
             "write one capacity for both");
      break;
    }
    n_.write_size(out, "s", sizing_, 1);
    out.series("s_max_pu", sizing_.high);
    double reactance = process_.reactance;
    if (is_shifter) {
      // a transformer's impedance is per unit of its rating
      const double rating = sizing_.is_extendable || sizing_.nominal == 0 ? 1 : sizing_.nominal;
      out.number("s_nom", rating).number("phase_shift", process_.phase_shift * 180 / std::numbers::pi);
      reactance *= rating;
      if (sizing_.is_extendable) n_.extendable_usd -= sizing_.cost * rating;
      if (sizing_.nominal == 0 && !sizing_.is_extendable) out.number("s_max_pu", 0);
    } else {
      out.text("carrier", "AC");
    }
    out.number("x", reactance);
    n_.processes[p_] = {.list = list, .name = out.name(), .scale = 1};
    if (grown_.valid()) {
      const double per_unit = 1 / n_.m.at(use_of(grown_), 0);
      n_.capacities[grown_.index()].push_back({.list = list, .name = out.name(), .scale = per_unit});
    }
  }

  Network& n_;
  std::size_t p_;
  const Process& process_;
  const Block& block_;
  std::vector<Port> ports_;
  Sizing sizing_;
  CapacityId grown_;
};

}  // namespace

void write_processes(Network& n) {
  for (std::size_t p = 0; p < n.m.processes.size(); ++p) ProcessWriter(n, p).write();
}

}  // namespace beltline::pypsa_export
