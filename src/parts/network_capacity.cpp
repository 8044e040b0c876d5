// The section capacity.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr double kShareSlack = 1e-6;

constexpr std::array kSpendFields{
    Attribute{.key = "after", .kind = Kind::duration, .required = true, .description = "Time since the order."},
    Attribute{.key = "share",
              .kind = Kind::quantity,
              .required = true,
              .min = 0,
              .max = 1,
              .description = "Share of the capex that falls due then."},
};

constexpr std::array kBuildFlowFields{
    Attribute{.key = "commodity", .required = true, .description = "Name of the commodity, an amount."},
    Attribute{.key = "place", .description = "Where; the capacity's place by default."},
    Attribute{.key = "amount",
              .kind = Kind::quantity,
              .unit = "*",
              .required = true,
              .description = "Per unit ordered, in the commodity's unit per the capacity's: taken in if negative, put "
                             "out if positive."},
    Attribute{
        .key = "after", .kind = Kind::duration, .fallback = "\"0 month\"", .description = "Time since the order."},
};

constexpr std::array kStandFlowFields{
    Attribute{.key = "commodity", .required = true, .description = "Name of the commodity."},
    Attribute{.key = "place", .description = "Where; the capacity's place by default."},
    Attribute{.key = "rate",
              .kind = Kind::series,
              .unit = "*",
              .required = true,
              .description = "Per unit online, in the commodity's unit per the capacity's, for amounts also per month: "
                             "taken in if negative, put out if positive."},
};

constexpr std::array kCapacityAttributes{
    Attribute{.key = "place", .required = true, .description = "Name of the place."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "The party that pays for it."},
    Attribute{.key = "unit", .required = true, .description = "Unit it is counted in: MW, rack, wafer/month."},
    Attribute{
        .key = "kind", .fallback = "\"other\"", .description = "Word for tables, budgets and targets: hall, rack."},
    Attribute{.key = "existing",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Online without any order, in the capacity's unit."},
    Attribute{
        .key = "buildable", .kind = Kind::flag, .fallback = "true", .description = "Whether more may be ordered."},
    Attribute{.key = "lead",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "Time from order to online, rounded up to whole periods."},
    Attribute{.key = "module_size",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "Comes whole, in modules of this size in the capacity's unit; without it any amount."},
    Attribute{.key = "build_max",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Most that may be ordered, in the capacity's unit per month (or per period)."},
    Attribute{
        .key = "total_max",
        .kind = Kind::quantity,
        .unit = "*",
        .min = 0,
        .description = "Most that may be built and online at one time besides `existing`, in the capacity's unit."},
    Attribute{.key = "earliest_order", .kind = Kind::month, .description = "First month in which it may be ordered."},
    Attribute{.key = "earliest_online", .kind = Kind::month, .description = "First month in which it may be online."},
    Attribute{.key = "life", .kind = Kind::duration, .description = "Time online; without it beyond the horizon."},
    Attribute{.key = "capex",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Price by month of the order, USD per unit."},
    Attribute{.key = "spend_profile",
              .kind = Kind::choice,
              .target = "at_order|linear|at_online",
              .fallback = "\"at_order\"",
              .description = "When capex falls due: at the order, evenly over the lead time, or when it comes online."},
    Attribute{.key = "spend_shares",
              .kind = Kind::records,
              .fields = kSpendFields,
              .description = "Instead of `spend_profile`: shares that sum to 1."},
    Attribute{.key = "salvage",
              .kind = Kind::flag,
              .fallback = "true",
              .description = "Whether capex not yet written off counts as value at the horizon."},
    Attribute{.key = "write_off_as",
              .kind = Kind::choice,
              .target = "linear|sinking_fund",
              .fallback = "\"linear\"",
              .description = "How capex is written off: evenly, or as a sinking fund, slowly at first."},
    Attribute{.key = "sinking_fund_rate",
              .kind = Kind::quantity,
              .min = 0,
              .max = 1,
              .description = "Interest of the sinking fund per year; the objective's discount rate by default."},
    Attribute{.key = "write_off",
              .kind = Kind::duration,
              .description = "Time over which capex is written off linearly; `life` by default."},
    Attribute{.key = "fixed_cost",
              .kind = Kind::series,
              .unit = "*",
              .description = "Cost of a unit online, USD per unit and month (or year)."},
    Attribute{.key = "availability",
              .kind = Kind::series,
              .min = 0,
              .max = 1,
              .description = "Share of online capacity that can be used, a plain number; 1 by default."},
    Attribute{.key = "build_flows",
              .kind = Kind::records,
              .fields = kBuildFlowFields,
              .description = "What an order takes in or puts out."},
    Attribute{.key = "stand_flows",
              .kind = Kind::records,
              .fields = kStandFlowFields,
              .description = "What a unit online holds or yields."},
};

std::vector<double> shares_as_written(const Compile& c, const Entry& entry) {
  std::vector<double> shares;
  double sum = 0;
  for (const Entry& record : entry.records("spend_shares")) {
    const auto period = static_cast<std::size_t>(lead_periods(c, record, "after"));
    if (shares.size() <= period) shares.resize(period + 1);
    shares[period] += record.number("share");
    sum += record.number("share");
  }
  if (std::abs(sum - 1) > kShareSlack) {
    fault(c, Code::inconsistent, entry, "spend_shares",
          {.message = "the spend shares of '" + entry.name + "' do not sum to 1",
           .found = std::to_string(sum),
           .expected = "1",
           .help = "write shares that sum to 1, such as [0.3, 0.7]"});
  }
  return shares;
}

/// Share of capex by periods since the order; empty stands for all of it at the order.
std::vector<double> spend_profile(const Compile& c, const Entry& entry, int lead) {
  if (entry.has("spend_shares")) return shares_as_written(c, entry);
  const std::string& profile = entry.text("spend_profile");
  if (profile == "at_order" || lead == 0) return {};
  const auto count = static_cast<std::size_t>(lead);
  if (profile == "linear") return std::vector<double>(count, 1.0 / lead);
  std::vector<double> shares(count + 1, 0.0);
  shares.back() = 1;
  return shares;
}

void add_build_flows(const Compile& c, const Entry& entry, Capacity& capacity) {
  for (const Entry& record : entry.records("build_flows")) {
    BuildFlow flow;
    flow.commodity = commodity_named(c, record, "commodity");
    if (record.has("place")) flow.place = place_named(c, record, "place");
    flow.offset = lead_periods(c, record, "after");
    if (!flow.commodity.valid()) continue;
    const Commodity& commodity = c.builder.model().commodities[flow.commodity.index()];
    if (commodity.grain == Grain::rate) {
      fault(c, Code::grain_mismatch, record, "commodity",
            {.message = "an order of '" + entry.name + "' takes the rate '" + commodity.name + "'",
             .found = "a rate in " + commodity.unit,
             .expected = "an amount",
             .help = "what a unit online draws is one of its stand_flows"});
      continue;
    }
    flow.amount = number_in(c, record, "amount", {{per(commodity.unit, capacity.unit)}}).value_or(0);
    capacity.build_flows.push_back(flow);
  }
}

void add_stand_flows(const Compile& c, const Entry& entry, Capacity& capacity) {
  for (const Entry& record : entry.records("stand_flows")) {
    StandFlow flow;
    flow.commodity = commodity_named(c, record, "commodity");
    if (record.has("place")) flow.place = place_named(c, record, "place");
    if (!flow.commodity.valid()) continue;
    const Commodity& commodity = c.builder.model().commodities[flow.commodity.index()];
    std::vector<Expect> expected{{per(commodity.unit, capacity.unit)}};
    if (commodity.grain == Grain::amount) expected.push_back({expected[0].unit + "/month", true});
    flow.rate = series_in(c, record, "rate", expected);
    capacity.stand_flows.push_back(flow);
  }
}

/// Everything about money: capex, when it falls due, what is left of it, and the fixed cost.
void set_costs(const Compile& c, const Entry& entry, Capacity& capacity) {
  capacity.capex = series_in(c, entry, "capex", {{per("USD", capacity.unit)}});
  capacity.spend_profile = spend_profile(c, entry, capacity.lead);
  capacity.fixed_cost = series_in(c, entry, "fixed_cost", {{per("USD", capacity.unit) + "/month", true}});
  if (entry.text("write_off_as") == "sinking_fund") {
    const double yearly =
        entry.has("sinking_fund_rate") ? entry.number("sinking_fund_rate") : c.builder.model().objective.discount_rate;
    capacity.sinking_fund_rate = std::pow(1 + yearly, c.builder.calendar().months_per_period / 12.0) - 1;
  } else if (entry.has("sinking_fund_rate")) {
    fault(c, Code::inconsistent, entry, "sinking_fund_rate",
          {.message = "capacity '" + entry.name + "' is written off without a sinking fund",
           .found = "write_off_as linear",
           .expected = "write_off_as = \"sinking_fund\"",
           .help = "add write_off_as = \"sinking_fund\", or leave out the rate"});
  }
  if (!entry.flag("salvage")) return;
  capacity.salvage_life = entry.has("write_off") ? lead_periods(c, entry, "write_off") : capacity.life;
}

}  // namespace

constexpr Section kCapacitySection{
    .name = "capacity",
    .title = "Capacity",
    .description =
        "What processes and stores run on.\n\n"
        "$$\\mathrm{online}_t = \\mathrm{existing}_t + \\sum_{\\tau:\\; \\tau + \\mathrm{lead} \\le t < \\tau + "
        "\\mathrm{lead} + \\mathrm{life}} \\mathrm{order}_\\tau, \\qquad \\sum_p \\mathrm{use}_p\\, x_{p,t,s} \\le "
        "\\mathrm{availability}_{t,s}\\, \\mathrm{online}_t$$\n\n"
        "An order costs `capex` of its month, spread by the spend profile; what is not yet written off at the horizon "
        "is salvage.",
    .attributes = kCapacityAttributes,
};

void compile_capacities(const Compile& c) {
  for (const Entry& entry : c.spec.entries("capacity")) {
    if (name_is_taken(c, entry, c.builder.find_capacity(entry.name).valid())) continue;
    Capacity capacity;
    capacity.name = entry.name;
    capacity.place = place_named(c, entry, "place");
    capacity.owner = party_of(c, entry, "owner");
    capacity.unit = entry.text("unit");
    capacity.kind = entry.text("kind");
    capacity.provenance = provenance(entry);
    if (!check_unit(c, entry, "unit") || !capacity.place.valid()) continue;
    const std::string& unit = capacity.unit;
    capacity.existing = series_in(c, entry, "existing", {{unit}});
    capacity.buildable = entry.flag("buildable");
    capacity.lead = lead_periods(c, entry, "lead");
    capacity.life = lead_periods(c, entry, "life");
    if (entry.has("module_size")) capacity.module_size = number_in(c, entry, "module_size", {{unit}}).value_or(0);
    if (entry.has("total_max")) capacity.total_max = number_in(c, entry, "total_max", {{unit}}).value_or(0);
    capacity.build_max = series_in(c, entry, "build_max", {{unit + "/month", true}, {unit}});
    if (entry.has("earliest_order")) capacity.earliest_order = period_at(c, entry, "earliest_order");
    if (entry.has("earliest_online")) capacity.earliest_online = period_at(c, entry, "earliest_online");
    capacity.availability = series_in(c, entry, "availability", {{"1"}});
    set_costs(c, entry, capacity);
    if (entry.has("build_flows")) add_build_flows(c, entry, capacity);
    if (entry.has("stand_flows")) add_stand_flows(c, entry, capacity);
    c.builder.add(std::move(capacity));
  }
}

}  // namespace beltline
