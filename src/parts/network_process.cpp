// The section process.
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_commitment_keys.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr std::array kFlowFields{
    Attribute{.key = "commodity", .required = true, .description = "Name of the commodity."},
    Attribute{.key = "place", .description = "Where; the process's place by default."},
    Attribute{.key = "rate",
              .kind = Kind::series,
              .unit = "*",
              .required = true,
              .description =
                  "Per unit of activity: taken in if negative, put out if positive. Rate to rate: MW/MW; rate "
                  "to amount: tCO2/MWh; amount to amount: die/wafer; amount to rate: MWh/wafer, spread evenly "
                  "over the period."},
    Attribute{.key = "lag",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "Time from start to arrival, rounded up to whole periods."},
    Attribute{
        .key = "delay",
        .kind = Kind::quantity,
        .unit = "h",
        .fallback = "\"0 h\"",
        .min = 0,
        .description = "Time from start to arrival inside a period: whole slices, all of one length; rates only."},
    Attribute{.key = "wraps",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether what the delay carries past the last slice of a group arrives in its first ones; "
                             "otherwise it is lost."},
};

constexpr std::array kUseFields{
    Attribute{.key = "capacity", .required = true, .description = "Name of the capacity."},
    Attribute{.key = "use",
              .kind = Kind::series,
              .unit = "*",
              .fallback = "1",
              .description =
                  "Capacity that a unit of activity occupies, in the capacity's unit per unit of activity (for "
                  "amounts per unit of activity and period, month or hour)."},
};

constexpr std::array kPaymentFields{
    Attribute{.key = "payer", .kind = Kind::reference, .target = "party", .required = true, .description = "Who pays."},
    Attribute{
        .key = "payee", .kind = Kind::reference, .target = "party", .required = true, .description = "Who is paid."},
    Attribute{.key = "price",
              .kind = Kind::series,
              .unit = "*",
              .required = true,
              .description = "USD per unit of activity (rates: per unit and hour)."},
    Attribute{.key = "item", .fallback = "\"sale\"", .description = "What for, a word for tables."},
};

constexpr std::array kOwnAttributes{
    Attribute{.key = "place", .required = true, .description = "Name of the place."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "The party that runs it."},
    Attribute{.key = "grain",
              .kind = Kind::choice,
              .target = "rate|amount",
              .fallback = "\"amount\"",
              .description = "A rate has one activity a slice, an amount one a period."},
    Attribute{.key = "unit", .required = true, .description = "Unit of activity: MW (rate), wafer (amount)."},
    Attribute{.key = "kind", .fallback = "\"other\"", .description = "Word for tables: run, grid, fab."},
    Attribute{
        .key = "flows", .kind = Kind::records, .fields = kFlowFields, .description = "What it takes in and puts out."},
    Attribute{.key = "uses", .kind = Kind::records, .fields = kUseFields, .description = "The capacities it runs on."},
    Attribute{.key = "payments",
              .kind = Kind::records,
              .fields = kPaymentFields,
              .description = "Money between parties, which is no cost of the whole."},
    Attribute{.key = "lower",
              .kind = Kind::series,
              .unit = "*",
              .description = "Least activity, in its unit (amounts: per month or per period); 0 by default."},
    Attribute{.key = "upper",
              .kind = Kind::series,
              .unit = "*",
              .description = "Most activity, in its unit (amounts: per month or per period); unlimited by default."},
    Attribute{.key = "runs_back",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether the activity may be negative, without a bound of its own: what it takes in it "
                             "then puts out."},
    Attribute{.key = "least_share",
              .kind = Kind::series,
              .description = "Least activity as a share of the online units of the first capacity in `uses`; negative "
                             "with `runs_back` for the way back."},
    Attribute{.key = "cost",
              .kind = Kind::series,
              .unit = "*",
              .description = "USD per unit of activity (rates: per unit and hour)."},
    Attribute{.key = "quadratic_cost",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit of activity squared (rates: and hour), on top of `cost`: 0.02 USD/MW/MWh."},
    Attribute{.key = "peak_cost",
              .kind = Kind::series,
              .unit = "*",
              .description =
                  "USD per unit of the period's highest activity and month, as a tariff's demand charge; rates "
                  "only."},
    Attribute{
        .key = "useful",
        .kind = Kind::series,
        .description = "Weight in the objective `max_compute` per unit of activity (rates: and hour), a plain number."},
};

constexpr auto kProcessAttributes = joined(kOwnAttributes, kUnitKeys);

/// Unit of a flow's rate: the commodity's, or what it is over hours, per activity.
///
/// rate → rate V/U, rate → amount V/(U·h), amount → amount V/U, amount → rate V·h/U.
std::string flow_unit(const Process& process, const Commodity& commodity) {
  if (process.grain == commodity.grain) return per(commodity.unit, process.unit);
  if (process.grain == Grain::rate) return per(commodity.unit, hours_of(process.unit));
  return per(hours_of(commodity.unit), process.unit);
}

/// Hours of delay as slices: they are whole, of one length, and only rates have them.
void set_delay(const Compile& c, const Entry& record, const Process& process, Flow& flow) {
  const double hours = record.number("delay");
  if (hours == 0) return;
  const Calendar& calendar = c.builder.calendar();
  const Commodity& commodity = c.builder.model().commodities[flow.commodity.index()];
  if (process.grain == Grain::amount || commodity.grain == Grain::amount || !calendar.steps.empty()) {
    fault(c, Code::grain_mismatch, record, "delay",
          {.message = "the flow of '" + commodity.name + "' in '" + process.name + "' cannot have a delay",
           .found = calendar.steps.empty() ? "an amount" : "slices of different length",
           .expected = "a rate, and slices of one length",
           .help = "write lag, a time in periods"});
    return;
  }
  const double slices = hours / calendar.step_hours;
  if (std::abs(slices - std::round(slices)) > 1e-9) {
    fault(c, Code::out_of_range, record, "delay",
          {.message = "the delay in '" + process.name + "' is not a whole number of slices",
           .found = fmt::format("{} h", hours),
           .expected = fmt::format("a multiple of {} h", calendar.step_hours),
           .help = "round it to whole slices"});
    return;
  }
  flow.delay = static_cast<int>(std::lround(slices));
  flow.wraps = record.flag("wraps");
}

void add_flows(const Compile& c, const Entry& entry, Process& process) {
  for (const Entry& record : entry.records("flows")) {
    Flow flow;
    flow.commodity = commodity_named(c, record, "commodity");
    flow.place = record.has("place") ? place_named(c, record, "place") : process.place;
    flow.lag = lead_periods(c, record, "lag");
    if (!flow.commodity.valid()) continue;
    set_delay(c, record, process, flow);
    flow.rate =
        series_in(c, record, "rate", {{flow_unit(process, c.builder.model().commodities[flow.commodity.index()])}});
    process.flows.push_back(flow);
  }
}

/// What an activity of an amount process occupies, by what it is written per: the period, a month, or an hour of it.
Series amount_use(const Compile& c, const Entry& record, const Process& process, const std::string& capacity_unit) {
  const Calendar& calendar = c.builder.calendar();
  const std::string plain = per(capacity_unit, process.unit);
  const std::string monthly = per(capacity_unit + " month", process.unit);
  const std::string hourly = per(hours_of(capacity_unit), process.unit);
  const std::string& written = record.series("use").quantity.unit;
  const auto divided = [&](const std::string& unit, auto divisor) {
    const Series value = series_in(c, record, "use", {{unit}});
    return c.builder.by_period([&](int t) { return c.builder.model().at_or(value, 0, t) / divisor(t); });
  };
  const auto fits = [&](const std::string& unit) {
    return c.spec.units.convertible(written.empty() ? "1" : written, unit);
  };
  if (!fits(plain) && fits(monthly)) return divided(monthly, [&](int) { return calendar.months_per_period; });
  if (!fits(plain) && fits(hourly)) return divided(hourly, [&](int t) { return calendar.hours(t); });
  return series_in(c, record, "use", {{plain}, {monthly}, {hourly}});
}

void add_uses(const Compile& c, const Entry& entry, Process& process) {
  for (const Entry& record : entry.records("uses")) {
    CapacityUse use;
    use.capacity = capacity_named(c, record, "capacity");
    if (!use.capacity.valid()) continue;
    const std::string unit = c.builder.model().capacities[use.capacity.index()].unit;
    use.use = process.grain == Grain::rate ? series_in(c, record, "use", {{per(unit, process.unit)}})
                                           : amount_use(c, record, process, unit);
    process.uses.push_back(use);
  }
}

void add_payments(const Compile& c, const Entry& entry, Process& process) {
  for (const Entry& record : entry.records("payments")) {
    process.payments.push_back({.payer = party_of(c, record, "payer"),
                                .payee = party_of(c, record, "payee"),
                                .price = series_in(c, record, "price", {{per("USD", activity_unit(process))}}),
                                .item = record.text("item")});
  }
}

void set_bounds(const Compile& c, const Entry& entry, Process& process) {
  std::vector<Expect> expected{{process.unit}};
  if (process.grain == Grain::amount) expected = {{process.unit + "/month", true}, {process.unit}};
  process.lower = series_in(c, entry, "lower", expected);
  process.upper = series_in(c, entry, "upper", expected);
  if (!process.lower.present() || !process.upper.present()) return;
  const Model& model = c.builder.model();
  for (int t = 0; t < model.period_count(); ++t) {
    for (int s = 0; s < model.slice_count(process); ++s) {
      if (model.at(process.lower, t, s) <= model.at(process.upper, t, s)) continue;
      fault(c, Code::inconsistent, entry, "lower",
            {.message = "lower of '" + entry.name + "' is above its upper in " + model.calendar.label(t),
             .found = std::to_string(model.at(process.lower, t, s)),
             .expected = "at most " + std::to_string(model.at(process.upper, t, s)),
             .help = "lower the one or raise the other"});
      return;
    }
  }
}

void set_costs(const Compile& c, const Entry& entry, Process& process) {
  process.cost = series_in(c, entry, "cost", {{per("USD", activity_unit(process))}});
  process.quadratic_cost =
      series_in(c, entry, "quadratic_cost", {{per(per("USD", activity_unit(process)), process.unit)}});
  process.useful = series_in(c, entry, "useful", {{"1"}});
  if (!entry.has("peak_cost")) return;
  if (process.grain == Grain::amount) {
    fault(c, Code::grain_mismatch, entry, "peak_cost",
          {.message = "process '" + entry.name + "' is an amount and has no peak",
           .found = "grain amount",
           .expected = "grain rate",
           .help = "write grain = \"rate\", or leave out the peak"});
    return;
  }
  process.peak_cost = series_in(c, entry, "peak_cost", {{per("USD", process.unit) + "/month", true}});
}

}  // namespace

constexpr Section kProcessSection{
    .name = "process",
    .title = "Process",
    .description =
        "An activity $x_{p,t,s} \\ge 0$ at a place. It takes in (rate < 0) and puts out (rate > 0) commodities, each "
        "at "
        "its own place and with its own lag:\n\n"
        "$$\\mathrm{output}_{n,t,s} = r_{p,t-\\mathrm{lag},s}\\; x_{p,t-\\mathrm{lag},s}\\; w, \\qquad w = "
        "\\begin{cases} h_{t,s} & \\text{rate process, amount commodity} \\\\ 1/h_t & \\text{amount process, rate "
        "commodity} \\\\ 1 & \\text{otherwise}\\end{cases}$$\n\n"
        "with $h$ the hours of the slice or period. A supply contract is a process; a shipping route is a process with "
        "a "
        "lag; a school is a process whose output is technicians later.",
    .attributes = kProcessAttributes,
};

void compile_processes(const Compile& c) {
  for (const Entry& entry : c.spec.entries("process")) {
    if (name_is_taken(c, entry, c.builder.find_process(entry.name).valid())) continue;
    Process process;
    process.name = entry.name;
    process.place = place_named(c, entry, "place");
    process.owner = party_of(c, entry, "owner");
    process.grain = entry.text("grain") == "rate" ? Grain::rate : Grain::amount;
    process.unit = entry.text("unit");
    process.kind = entry.text("kind");
    process.provenance = provenance(entry);
    if (!check_unit(c, entry, "unit") || !process.place.valid()) continue;
    if (entry.has("flows")) add_flows(c, entry, process);
    if (entry.has("uses")) add_uses(c, entry, process);
    if (entry.has("payments")) add_payments(c, entry, process);
    set_bounds(c, entry, process);
    process.runs_back = entry.flag("runs_back");
    process.least_share = series_in(c, entry, "least_share", {{"1"}});
    if (process.least_share.present() && process.uses.empty()) {
      fault(c, Code::inconsistent, entry, "least_share",
            {.message = "process '" + entry.name + "' has a least share of no capacity",
             .found = "no uses",
             .expected = "the capacity it runs on",
             .help = "name it in uses, or write lower"});
      continue;
    }
    set_costs(c, entry, process);
    set_units(c, entry, process);
    c.builder.add(std::move(process));
  }
}

}  // namespace beltline
