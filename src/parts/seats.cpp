#include "parts/seats.h"

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/demand_shape.h"
#include "parts/desk.h"
#include "parts/network_names.h"
#include "parts/service.h"

namespace beltline {
namespace {

constexpr double kTokensPerMtoken = 1e6;
constexpr double kSecondsPerHour = 3600;

constexpr Attribute kAttributes[] = {
    {.key = "service",
     .kind = Kind::reference,
     .target = "service",
     .required = true,
     .description = "The service that answers; its region's compute is drawn on."},
    {.key = "customers", .kind = Kind::reference, .target = "party", .description = "Who pays for the seats."},
    {.key = "reseller", .kind = Kind::reference, .target = "party", .description = "Who sells and supports them."},
    {.key = "vendor", .kind = Kind::reference, .target = "party", .description = "Who makes the assistant."},
    {.key = "demand",
     .kind = Kind::series,
     .unit = "seat",
     .required = true,
     .min = 0,
     .description = "Seats in force, month by month."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/seat/month",
     .required = true,
     .min = 0,
     .description = "Price of a seat, and so what a seat that cannot be served costs."},
    {.key = "margin",
     .kind = Kind::series,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "Share of the price that the reseller keeps."},
    {.key = "active_share",
     .kind = Kind::series,
     .required = true,
     .min = 0,
     .max = 1,
     .description = "Share of seats in use on a working day."},
    {.key = "working_days",
     .kind = Kind::quantity,
     .fallback = "21.0",
     .min = 0,
     .max = 31,
     .description = "Working days in a month."},
    {.key = "tokens_chat",
     .kind = Kind::series,
     .unit = "token",
     .required = true,
     .min = 0,
     .description = "Tokens that an active user moves in a day, input and output counted together."},
    {.key = "agent_share",
     .kind = Kind::series,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "Share of active users who let agents work for them."},
    {.key = "tokens_agent",
     .kind = Kind::series,
     .unit = "token",
     .fallback = "\"0 token\"",
     .min = 0,
     .description = "Tokens that such a user moves in a day."},
    kShapeAttribute,
    kPeakToMeanAttribute,
    kPeakHourAttribute,
};

constexpr std::string_view kDescription = R"(Subscriptions of a workplace assistant, sold by a reseller.

    x = active_share · working_days · ((1 − a) · tokens_chat + a · tokens_agent)     tokens counted per seat and month

with *a* the `agent_share`. `seats_NAME@REGION` takes x · e output-equivalent tokens of the region's service a
seat-month (e: see `service`), spread over the hours by the course of the day, and agents of the seats' `desk`, if there
is one. A seat that is not served costs its price. Customers pay the reseller `price`, the reseller pays the vendor
price · (1 − margin).)";

const std::string& place_name(const Compile& c, PlaceId place) {
  return c.builder.model().places[place.index()].name;
}

/// Per month, however the scenario wrote the time.
double per_month(const Calendar& calendar, const SeriesValue& value, int t) {
  return value.per_period(calendar, t) / calendar.months_per_period;
}

SeatUse use_of(const Calendar& calendar, const Entry& seats, int t) {
  return {.active_share = seats.series("active_share").mean(calendar, t),
          .working_days = seats.number("working_days"),
          .tokens_chat_day = seats.series("tokens_chat").mean(calendar, t),
          .agent_share = seats.series("agent_share").mean(calendar, t),
          .tokens_agent_day = seats.series("tokens_agent").mean(calendar, t)};
}

/// Each entry has a commodity of its own: a seat of one reseller does not serve another's customer.
CommodityId add_commodity(const Compile& c, const Entry& seats) {
  return c.builder.add(Commodity{.name = "seat_" + seats.name,
                                 .unit = "seat",
                                 .grain = Grain::amount,
                                 .disposable = true,
                                 .provenance = provenance(seats)});
}

/// −x · e · w[t, s], in Mtoken/s · h per seat-month; the model spreads it over the hours of the period.
Series token_flow(const Compile& c, const Entry& seats, const ServiceView& service) {
  const Calendar& calendar = c.builder.calendar();
  const auto shape = demand_shape(c, seats, service.region);
  const auto slices = static_cast<std::size_t>(calendar.slice_count);
  const double scale = service.output_equivalent / kTokensPerMtoken / kSecondsPerHour;
  return c.builder.by_slice([&](int t, int s) {
    return -tokens_per_seat_month(use_of(calendar, seats, t)) * scale *
           shape[static_cast<std::size_t>(t) * slices + static_cast<std::size_t>(s)];
  });
}

void add_payments(const Compile& c, const Entry& seats, Process& process) {
  const Calendar& calendar = c.builder.calendar();
  const PartyId customers = party_of(c, seats, "customers");
  const PartyId reseller = party_of(c, seats, "reseller");
  const PartyId vendor = party_of(c, seats, "vendor");
  const SeriesValue& price = seats.series("price");
  if (customers.valid() && reseller.valid()) {
    process.payments.push_back({.payer = customers,
                                .payee = reseller,
                                .price = c.builder.by_period([&](int t) { return per_month(calendar, price, t); }),
                                .item = "seats"});
  }
  if (reseller.valid() && vendor.valid()) {
    process.payments.push_back({.payer = reseller,
                                .payee = vendor,
                                .price = c.builder.by_period([&](int t) {
                                  return per_month(calendar, price, t) * (1 - seats.series("margin").mean(calendar, t));
                                }),
                                .item = "seats, wholesale"});
  }
}

ProcessId add_process(const Compile& c, const Entry& seats, const ServiceView& service, CommodityId commodity) {
  Process process;
  process.name = "seats_" + seats.name + "@" + place_name(c, service.region);
  process.place = service.region;
  process.owner = party_of(c, seats, "reseller");
  process.grain = Grain::amount;
  process.unit = "seat";
  process.kind = "seats";
  process.flows.push_back({.commodity = commodity, .place = service.region, .rate = c.builder.constant(1), .lag = 0});
  process.flows.push_back({.commodity = ensure_commodity(c, "token"),
                           .place = service.region,
                           .rate = token_flow(c, seats, service),
                           .lag = 0});
  if (const auto desk = desk_of_seats(c, seats)) {
    // activity counts seat-months: a yearly period holds twelve of them for each seat
    const int months = c.builder.calendar().months_per_period;
    process.uses.push_back({.capacity = desk->agents, .use = c.builder.by_period([&](int t) {
                              return desk->agents_per_seat[static_cast<std::size_t>(t)] / months;
                            })});
  }
  add_payments(c, seats, process);
  process.provenance = provenance(seats);
  return c.builder.add(std::move(process));
}

void add_demand(const Compile& c, const Entry& seats, PlaceId region, CommodityId commodity) {
  const Calendar& calendar = c.builder.calendar();
  const auto wanted = seats_demanded(c, seats);
  Demand demand;
  demand.name = "seats_" + seats.name + "@" + place_name(c, region);
  demand.commodity = commodity;
  demand.place = region;
  demand.party = party_of(c, seats, "customers");
  demand.quantity =
      c.builder.by_period([&](int t) { return wanted[static_cast<std::size_t>(t)] * calendar.months_per_period; });
  demand.unserved_cost = c.builder.by_period([&](int t) { return per_month(calendar, seats.series("price"), t); });
  demand.provenance = provenance(seats, "demand");
  c.builder.add(std::move(demand));
}

void add_measures(const Compile& c, const Entry& seats, PlaceId region, ProcessId process) {
  const Calendar& calendar = c.builder.calendar();
  const auto add = [&](std::string_view name, std::string unit, const std::function<double(int)>& coefficient) {
    Measure measure{
        .table = "seats",
        .name = std::string(name) + "_" + seats.name,
        .unit = std::move(unit),
        .place = region,
        .party = party_of(c, seats, "reseller"),
        .terms = {{.kind = TermKind::activity, .id = process.value, .coefficient = c.builder.by_period(coefficient)}},
        .constant = {},
        .provenance = provenance(seats)};
    c.builder.add(std::move(measure));
  };
  const auto price = [&](int t) { return per_month(calendar, seats.series("price"), t); };
  add("seats_served", "seat", [&](int) { return 1.0 / calendar.months_per_period; });
  add("revenue", "USD", price);
  add("margin", "USD", [&](int t) { return price(t) * seats.series("margin").mean(calendar, t); });
  add("tokens", "Mtoken", [&](int t) { return tokens_per_seat_month(use_of(calendar, seats, t)) / kTokensPerMtoken; });

  const auto wanted = seats_demanded(c, seats);
  c.builder.add(Measure{.table = "seats",
                        .name = "seats_demanded_" + seats.name,
                        .unit = "seat",
                        .place = region,
                        .party = party_of(c, seats, "reseller"),
                        .terms = {},
                        .constant = c.builder.by_period(wanted),
                        .provenance = provenance(seats, "demand")});
}

}  // namespace

double tokens_per_seat_month(const SeatUse& use) {
  const double per_active_day = (1 - use.agent_share) * use.tokens_chat_day + use.agent_share * use.tokens_agent_day;
  return use.active_share * use.working_days * per_active_day;
}

std::vector<double> seats_demanded(const Compile& c, const Entry& seats) {
  const Calendar& calendar = c.builder.calendar();
  std::vector<double> wanted;
  for (int t = 0; t < calendar.period_count; ++t) wanted.push_back(seats.series("demand").mean(calendar, t));
  return wanted;
}

PlaceId region_of_seats(const Compile& c, const Entry& seats) {
  const auto service = find_service(c, seats.text("service"));
  return service && !service->infer.empty() ? service->region : PlaceId{};
}

void compile_seats(const Compile& c) {
  for (const Entry& seats : c.spec.entries("seats")) {
    const auto service = find_service(c, seats.text("service"));
    if (!service) continue;
    if (service->infer.empty()) {
      // a service that met a fault of its own has said so
      if (service->entry->has("active_parameters")) continue;
      fault(c, Code::inconsistent, seats, "service",
            {.message = "service '" + service->entry->name + "' of seats '" + seats.name + "' serves no tokens",
             .found = "a service that only trains",
             .expected = "a service with active_parameters",
             .help = "add active_parameters to the service, or name another"});
      continue;
    }
    const CommodityId commodity = add_commodity(c, seats);
    const ProcessId process = add_process(c, seats, *service, commodity);
    add_demand(c, seats, service->region, commodity);
    add_measures(c, seats, service->region, process);
  }
}

const Section kSeatsSection = {
    .name = "seats", .title = "Seats", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
