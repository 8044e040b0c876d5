#include "export/pypsa.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "export/pypsa_network.h"

namespace beltline {
namespace {

using namespace pypsa_export;

constexpr double kNothing = 1e-12;              // of the objective's constant
constexpr const char* kPypsaVersion = "1.0.0";  // whose attributes are written

/// What is no matter of one entity: more than one period, another goal.
void check_calendar(const Model& m, Diagnostics& diagnostics) {
  const auto add = [&](std::string_view attribute, std::string found, std::string expected, std::string help) {
    diagnostics.add({.code = Code::bad_model,
                     .origin = {},
                     .message = fmt::format("{} cannot be carried over", attribute),
                     .found = std::move(found),
                     .expected = std::move(expected),
                     .help = std::move(help)});
  };
  if (m.objective.kind != ObjectiveKind::min_cost)
    add("objective.kind", m.objective.kind == ObjectiveKind::earliest ? "earliest" : "max_compute", "min_cost",
        "write kind = \"min_cost\"");
  if (m.period_count() != 1)
    add("calendar.periods", fmt::format("{}", m.period_count()), "one period of slices",
        "plan one period, or export the LP with beltline export mps");
  const bool has_time = !m.stores.empty() || std::ranges::any_of(m.processes, [](const Process& p) {
    return p.commitment || std::ranges::any_of(p.flows, [](const Flow& f) { return f.delay != 0; });
  });
  if (m.calendar.group_size != m.calendar.slice_count && has_time)
    add("calendar.group_size", fmt::format("{}", m.calendar.group_size), "one group, where levels or units carry over",
        "leave out group_size");
}

/// Entities of kinds that PyPSA does not have.
void check_kinds(const Network& n) {
  const Model& m = n.m;
  for (const Commitment& each : m.commitments)
    n.refuse(each.provenance, "quantity", each.name, "none: PyPSA has no promises between parties", "leave it out");
  for (const Move& each : m.moves)
    n.refuse(each.provenance, "from", m.capacities[each.from.index()].name, "capacities that stay where they are",
             "leave it out");
  for (const Capacity& each : m.capacities) {
    if (!each.build_flows.empty())
      n.refuse(each.provenance, "build_flows", m.commodities[each.build_flows[0].commodity.index()].name,
               "none: what is built takes nothing but money", "leave it out");
    if (!each.stand_flows.empty())
      n.refuse(each.provenance, "stand_flows", m.commodities[each.stand_flows[0].commodity.index()].name,
               "none: what stands takes nothing", "write it as a process");
  }
}

void write_demands(Network& n) {
  const Model& m = n.m;
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    const Demand& demand = m.demands[d];
    const std::string& bus = n.bus(demand.node);
    if (bus.empty()) {
      n.refuse(demand.provenance, "commodity", m.commodities[demand.commodity.index()].name,
               "a rate: PyPSA has no amounts", "leave out the demand");
      continue;
    }
    const std::vector<double> quantity = n.spread(demand.quantity, 0);
    n.folder.add("loads", demand.name).text("bus", bus).series("p_set", quantity);
    const Block& unserved = n.lp.layout.unserved[d];
    if (unserved.first < 0) continue;
    const std::string carrier = "load shedding";
    n.use_carrier(carrier);
    Component& out = n.folder.add("generators", fmt::format("{} {}", carrier, demand.name));
    const std::vector<double> none(quantity.size(), 0);
    const Sizing sizing = n.sizing_between(demand.provenance, none, n.upper(unserved));
    out.text("bus", bus).text("carrier", carrier).series("marginal_cost", n.hourly_cost(unserved));
    n.write_size(out, "p", sizing, 1);
    out.series("p_max_pu", sizing.high);
  }
}

/// What costs the same whatever is done: a generator of one MW that must stand and gives nothing.
void write_constant(Network& n) {
  const double usd = n.goal.constant - n.extendable_usd;
  if (std::abs(usd) <= kNothing * (1 + std::abs(n.goal.constant)) || n.m.nodes.empty()) return;
  const auto first = std::ranges::find_if(
      n.m.nodes, [&](const Node& node) { return n.m.commodities[node.commodity.index()].grain == Grain::rate; });
  if (first == n.m.nodes.end()) return;
  const std::string carrier = "objective constant";
  n.use_carrier(carrier);
  Component& out = n.folder.add("generators", carrier);
  out.text("bus", n.bus(NodeId(static_cast<std::size_t>(first - n.m.nodes.begin())))).text("carrier", carrier);
  out.flag("p_nom_extendable", true).number("p_nom_min", 1).number("p_nom_max", 1);
  out.number("p_max_pu", 0).number("capital_cost", usd);
}

/// Times from the calendar's first month on, by the lengths of the slices.
std::vector<std::string> labels_of(const Calendar& calendar) {
  namespace chrono = std::chrono;
  const auto month = chrono::month(static_cast<unsigned>(calendar.start.month));
  const auto begin = chrono::sys_days(chrono::year(calendar.start.year) / month / 1);
  std::vector<std::string> out;
  double hours_passed = 0;
  for (int s = 0; s < calendar.slice_count; ++s) {
    const auto minutes_passed = static_cast<int64_t>(std::llround(hours_passed * 60));
    // steps shorter than a minute would meet
    if (s > 0 && calendar.step(s - 1) * 60 < 1) return {};
    const auto time = begin + chrono::minutes(minutes_passed);
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    out.push_back(fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:00", static_cast<int>(date.year()),
                              static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                              clock.hours().count(), clock.minutes().count()));
    hours_passed += calendar.step(s);
  }
  return out;
}

SourceFile snapshots(const Calendar& calendar, const std::vector<std::string>& labels) {
  std::string text = "snapshot,objective,stores,generators";
  for (int s = 0; s < calendar.slice_count; ++s) {
    const std::string hours = number_text(calendar.hours(0, s));
    text +=
        fmt::format("\n{},{},{},{}", labels[static_cast<std::size_t>(s)], hours, number_text(calendar.step(s)), hours);
  }
  return {.path = "snapshots.csv", .text = text + "\n"};
}

}  // namespace

std::vector<SourceFile> pypsa_files(const Model& model, const std::string& name, Diagnostics& diagnostics) {
  check_calendar(model, diagnostics);
  Network n(model, name, diagnostics);
  check_kinds(n);
  for (const Limit& limit : model.limits) {
    for (const Term& term : limit.terms) {
      if (term.kind == TermKind::activity) n.limited.insert(static_cast<std::size_t>(term.id));
    }
  }
  if (model.period_count() == 1) {
    write_demands(n);
    write_processes(n);
    write_stores(n);
    write_limits(n);
    write_constant(n);
  }
  std::vector<std::string> labels = labels_of(model.calendar);
  for (int s = 0; labels.size() < static_cast<std::size_t>(model.calendar.slice_count); ++s)
    labels.push_back(fmt::format("{}", s));
  std::vector<SourceFile> files = n.folder.files(labels);
  std::string plain = name.empty() ? "beltline" : name;
  for (char& c : plain) {
    if (c == ',' || c == '"' || c == '\n' || c == '\r') c = ' ';
  }
  files.push_back({.path = "network.csv", .text = fmt::format("name,pypsa_version\n{},{}\n", plain, kPypsaVersion)});
  files.push_back(snapshots(model.calendar, labels));
  return files;
}

}  // namespace beltline
