#include "parts/seats.h"

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/demand_shape.h"
#include "parts/desk.h"
#include "parts/network_names.h"
#include "parts/seat_book.h"
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
     .min = 0,
     .description = "Seats in force, month by month. Absent: those of the segments."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/seat/month",
     .min = 0,
     .description = "Price of a seat, and so what a seat that cannot be served costs. Absent: that of the segments."},
    {.key = "margin",
     .kind = Kind::series,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "Share of the price that the reseller keeps; of segments, theirs."},
    {.key = "segment",
     .kind = Kind::records,
     .fields = kSegmentFields,
     .description = "Segments of customers that grow and lose seats, in place of `demand`, `price` and `margin`."},
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
     .min = 0,
     .description =
         "Tokens that an active user moves in a day, input and output counted together. Absent: `prompts` times "
         "`tokens_prompt`."},
    {.key = "prompts",
     .kind = Kind::series,
     .min = 0,
     .description = "Prompts of an active user in a day, in place of `tokens_chat`."},
    {.key = "tokens_prompt",
     .kind = Kind::series,
     .unit = "token",
     .min = 0,
     .description = "Tokens of a prompt and its answer, counted together."},
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
    tokens_chat = prompts · tokens_prompt                                            where these are given
    n ← min(market, n · (1 − churn) + signups)                                       seats of a segment, each month

with *a* the `agent_share`. `seats_NAME@REGION` takes x · e output-equivalent tokens of the region's service a
seat-month (e: see `service`), spread over the hours by the course of the day, and agents of the seats' `desk`, if there
is one. A seat that is not served costs its price. Customers pay the reseller `price`, the reseller pays the vendor
price · (1 − margin). Where there are segments, `price` is theirs by seats and `margin` theirs by money.)";

const std::string& place_name(const Compile& c, PlaceId place) {
  return c.builder.model().places[place.index()].name;
}

double tokens_chat(const Calendar& calendar, const Entry& seats, int t) {
  if (seats.has("tokens_chat")) return seats.series("tokens_chat").mean(calendar, t);
  return seats.series("prompts").mean(calendar, t) * seats.series("tokens_prompt").mean(calendar, t);
}

SeatUse use_of(const Calendar& calendar, const Entry& seats, int t) {
  return {.active_share = seats.series("active_share").mean(calendar, t),
          .working_days = seats.number("working_days"),
          .tokens_chat_day = tokens_chat(calendar, seats, t),
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

void add_payments(const Compile& c, const Entry& seats, const SeatBook& book, Process& process) {
  const PartyId customers = party_of(c, seats, "customers");
  const PartyId reseller = party_of(c, seats, "reseller");
  const PartyId vendor = party_of(c, seats, "vendor");
  const auto at = [](const std::vector<double>& list, int t) { return list[static_cast<std::size_t>(t)]; };
  if (customers.valid() && reseller.valid()) {
    process.payments.push_back(
        {.payer = customers, .payee = reseller, .price = c.builder.by_period(book.price_USD_month), .item = "seats"});
  }
  if (reseller.valid() && vendor.valid()) {
    process.payments.push_back(
        {.payer = reseller,
         .payee = vendor,
         .price = c.builder.by_period([&](int t) { return at(book.price_USD_month, t) * (1 - at(book.margin, t)); }),
         .item = "seats, wholesale"});
  }
}

ProcessId add_process(const Compile& c, const Entry& seats, const SeatBook& book, const ServiceView& service,
                      const std::optional<DeskView>& desk, CommodityId commodity) {
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
  if (desk) {
    // activity counts seat-months: a yearly period holds twelve of them for each seat
    const int months = c.builder.calendar().months_per_period;
    process.uses.push_back({.capacity = desk->agents, .use = c.builder.by_period([&](int t) {
                              return desk->agents_per_seat[static_cast<std::size_t>(t)] / months;
                            })});
  }
  add_payments(c, seats, book, process);
  process.provenance = provenance(seats);
  return c.builder.add(std::move(process));
}

void add_demand(const Compile& c, const Entry& seats, const SeatBook& book, PlaceId region, CommodityId commodity) {
  const Calendar& calendar = c.builder.calendar();
  Demand demand;
  demand.name = "seats_" + seats.name + "@" + place_name(c, region);
  demand.commodity = commodity;
  demand.place = region;
  demand.party = party_of(c, seats, "customers");
  demand.quantity =
      c.builder.by_period([&](int t) { return book.seats[static_cast<std::size_t>(t)] * calendar.months_per_period; });
  demand.unserved_cost = c.builder.by_period(book.price_USD_month);
  demand.provenance = provenance(seats, book.key);
  c.builder.add(std::move(demand));
}

void add_measures(const Compile& c, const Entry& seats, const SeatBook& book, PlaceId region, ProcessId process) {
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
  const auto price = [&](int t) { return book.price_USD_month[static_cast<std::size_t>(t)]; };
  add("seats_served", "seat", [&](int) { return 1.0 / calendar.months_per_period; });
  add("revenue", "USD", price);
  add("margin", "USD", [&](int t) { return price(t) * book.margin[static_cast<std::size_t>(t)]; });
  add("tokens", "Mtoken", [&](int t) { return tokens_per_seat_month(use_of(calendar, seats, t)) / kTokensPerMtoken; });

  c.builder.add(Measure{.table = "seats",
                        .name = "seats_demanded_" + seats.name,
                        .unit = "seat",
                        .place = region,
                        .party = party_of(c, seats, "reseller"),
                        .terms = {},
                        .constant = c.builder.by_period(book.seats),
                        .provenance = provenance(seats, book.key)});
}

void add_service_level(const Compile& c, const Entry& seats, const DeskView& desk, PlaceId region) {
  c.builder.add(Measure{.table = "seats",
                        .name = "service_level_" + seats.name,
                        .unit = "1",
                        .place = region,
                        .party = party_of(c, seats, "reseller"),
                        .terms = {},
                        .constant = c.builder.by_period(desk.service_level),
                        .provenance = provenance(*desk.entry)});
}

/// Tokens of an active user's day, one way or the other.
bool check_use(const Compile& c, const Entry& seats) {
  const bool has_prompts = seats.has("prompts") && seats.has("tokens_prompt");
  const bool has_any = seats.has("prompts") || seats.has("tokens_prompt");
  if (seats.has("tokens_chat") ? !has_any : has_prompts) return true;
  fault(c, seats.has("tokens_chat") ? Code::inconsistent : Code::missing_key, seats, "",
        {.message = seats.has("tokens_chat") ? "seats '" + seats.name + "' say what an active user's day takes twice"
                                             : "seats '" + seats.name + "' do not say what an active user's day takes",
         .expected = "tokens_chat, or prompts and tokens_prompt",
         .help = "write tokens_chat = \"25000 token\", or prompts = 12 and tokens_prompt = \"2000 token\""});
  return false;
}

/// Whether `demand` and `price`, or segments, are there: others ask before this section has told its faults.
bool has_book(const Entry& seats) {
  const bool has_segments = seats.has("segment");
  return seats.has("demand") != has_segments && seats.has("price") != has_segments;
}

}  // namespace

double tokens_per_seat_month(const SeatUse& use) {
  const double per_active_day = (1 - use.agent_share) * use.tokens_chat_day + use.agent_share * use.tokens_agent_day;
  return use.active_share * use.working_days * per_active_day;
}

std::vector<double> seats_demanded(const Compile& c, const Entry& seats) {
  return seat_book(c, seats).seats;
}

PlaceId region_of_seats(const Compile& c, const Entry& seats) {
  if (!has_book(seats)) return {};
  const auto service = find_service(c, seats.text("service"));
  return service && !service->infer.empty() ? service->region : PlaceId{};
}

void compile_seats(const Compile& c) {
  for (const Entry& seats : c.spec.entries("seats")) {
    const auto service = find_service(c, seats.text("service"));
    const bool has_seats = check_seat_book(c, seats);
    const bool has_use = check_use(c, seats);
    if (!service || !has_seats || !has_use) continue;
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
    const SeatBook book = seat_book(c, seats);
    const CommodityId commodity = add_commodity(c, seats);
    const auto desk = desk_of_seats(c, seats);
    const ProcessId process = add_process(c, seats, book, *service, desk, commodity);
    add_demand(c, seats, book, service->region, commodity);
    add_measures(c, seats, book, service->region, process);
    if (desk) add_service_level(c, seats, *desk, service->region);
  }
}

const Section kSeatsSection = {
    .name = "seats", .title = "Seats", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
