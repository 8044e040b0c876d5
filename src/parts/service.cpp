#include "parts/service.h"

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/demand_shape.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr double kFlopPerPflop = 1e15;
constexpr double kTokensPerMtoken = 1e6;
constexpr double kSecondsPerHour = 3600;

constexpr Attribute kAttributes[] = {
    {.key = "region",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "The compute region it runs in; sites name the same place as theirs. One service a region."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "Who runs it."},
    {.key = "training",
     .kind = Kind::flag,
     .fallback = "true",
     .description = "Whether compute that inference leaves over may train models."},
    {.key = "training_max",
     .kind = Kind::series,
     .unit = "PFLOP/s",
     .min = 0,
     .description = "Most compute that training can use. Absent: no limit."},
    {.key = "training_weight",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .min = 0,
     .description = "Worth of a PFLOP/s of training in the objective `max_compute`."},
    {.key = "inference_weight",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .min = 0,
     .description = "Worth of a PFLOP/s of inference in the objective `max_compute`."},
    {.key = "active_parameters",
     .kind = Kind::quantity,
     .min = 0,
     .min_exclusive = true,
     .description = "N: parameters active for one token. Absent: the service only trains."},
    {.key = "utilisation_decode",
     .kind = Kind::quantity,
     .fallback = "0.05",
     .max = 1,
     .is_yield = true,
     .description = "u: share of the dense FP8 peak that decoding reaches in production, batching and idle included."},
    {.key = "utilisation_prefill",
     .kind = Kind::quantity,
     .fallback = "0.4",
     .max = 1,
     .is_yield = true,
     .description = "u_prefill: share of the peak that reading prompts reaches."},
    {.key = "input_share",
     .kind = Kind::quantity,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "i: share of input tokens among the tokens counted; 0 if all figures are in output tokens."},
    {.key = "cache_hit",
     .kind = Kind::quantity,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "h: share of input tokens that the prompt cache holds already."},
    {.key = "tokens",
     .kind = Kind::series,
     .unit = "Mtoken/s",
     .min = 0,
     .description = "Demand, mean over the day, input and output counted together; seats come on top."},
    kShapeAttribute,
    kPeakToMeanAttribute,
    kPeakHourAttribute,
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/Mtoken",
     .min = 0,
     .description =
         "What a million tokens counted bring, and so what each one unserved costs. Absent: all must be served."},
};

constexpr std::string_view kDescription = R"(Training and inference in a compute region.

`train@REGION` turns 1 PFLOP/s of compute into useful compute; `infer_NAME@REGION` turns it into *k* Mtoken/s of
output-equivalent tokens:

    FLOP per token = 2 · N                                (Kaplan et al. 2020, arXiv 2001.08361, section 2.1)
    k = 10¹⁵ · u / (2 · N) / 10⁶                          Mtoken/s per PFLOP/s
    e = (1 − i) + i · (1 − h) · u / u_prefill             output-equivalents per token counted

The demand in a slice is `tokens` · e · w[hour], with w the course of the day at mean 1. What is not served costs
`price`. Places told in outline have one value a period and no course of the day.)";

InferenceFacts facts_of(const Entry& entry) {
  return {.active_parameters = entry.number("active_parameters"),
          .utilisation_decode = entry.number("utilisation_decode"),
          .utilisation_prefill = entry.number("utilisation_prefill"),
          .input_share = entry.number("input_share"),
          .cache_hit = entry.number("cache_hit")};
}

const std::string& place_name(const Compile& c, PlaceId place) {
  return c.builder.model().places[place.index()].name;
}

std::string train_name(const Compile& c, PlaceId region) {
  return "train@" + place_name(c, region);
}
std::string infer_name(const Compile& c, const Entry& entry, PlaceId region) {
  return "infer_" + entry.name + "@" + place_name(c, region);
}

ServiceView view(const Compile& c, const Entry& entry) {
  ServiceView result{.entry = &entry, .region = place_of(c, entry, "region"), .train = {}, .infer = {}};
  if (entry.flag("training")) result.train = c.builder.find_process(train_name(c, result.region));
  if (entry.has("active_parameters")) {
    result.infer = c.builder.find_process(infer_name(c, entry, result.region));
    result.tokens_per_pflop = tokens_per_pflop(facts_of(entry));
    result.output_equivalent = output_equivalent(facts_of(entry));
  }
  return result;
}

/// A process that takes 1 PFLOP/s of the region's compute; what it puts out, the caller adds.
Process compute_user(const Compile& c, const Entry& entry, PlaceId region) {
  Process process;
  process.place = region;
  process.owner = party_of(c, entry, "owner");
  process.grain = Grain::rate;
  process.unit = "PFLOP/s";
  process.flows.push_back(
      {.commodity = ensure_commodity(c, "compute"), .place = region, .rate = c.builder.constant(-1), .lag = 0});
  process.provenance = provenance(entry);
  return process;
}

void add_training(const Compile& c, const Entry& entry, PlaceId region) {
  Process process = compute_user(c, entry, region);
  process.name = train_name(c, region);
  process.kind = "train";
  process.useful = c.builder.constant(entry.number("training_weight"));
  if (entry.has("training_max")) process.upper = level_series(c, entry.series("training_max"));
  const ProcessId id = c.builder.add(std::move(process));
  c.builder.add(Measure{.table = "services",
                        .name = "training_compute",
                        .unit = "PFLOP/s",
                        .place = region,
                        .party = party_of(c, entry, "owner"),
                        .terms = {{.kind = TermKind::activity, .id = id.value, .coefficient = {}}},
                        .per_hour = true,
                        .constant = {},
                        .provenance = provenance(entry)});
}

DemandId add_token_demand(const Compile& c, const Entry& entry, PlaceId region, double equivalent) {
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& tokens = entry.series("tokens");
  const auto shape = demand_shape(c, entry, region);
  const auto slices = static_cast<std::size_t>(calendar.slice_count);
  Demand demand;
  demand.name = "tokens_" + entry.name + "@" + place_name(c, region);
  demand.commodity = ensure_commodity(c, "token");
  demand.place = region;
  demand.party = party_of(c, entry, "owner");
  demand.quantity = c.builder.by_slice([&](int t, int s) {
    return tokens.mean(calendar, t) * equivalent *
           shape[static_cast<std::size_t>(t) * slices + static_cast<std::size_t>(s)];
  });
  if (entry.has("price")) {
    const SeriesValue& price = entry.series("price");
    // 1 Mtoken/s missing for an hour is 3600 Mtoken of output-equivalents, sold as 3600 / e Mtoken counted
    demand.unserved_cost =
        c.builder.by_period([&](int t) { return price.mean(calendar, t) * kSecondsPerHour / equivalent; });
  }
  demand.provenance = provenance(entry, "tokens");
  return c.builder.add(std::move(demand));
}

/// Tables count tokens as users do: output-equivalents over e.
void add_token_measures(const Compile& c, const ServiceView& service, DemandId demand) {
  const Calendar& calendar = c.builder.calendar();
  const Entry& entry = *service.entry;
  const double counted = 1 / service.output_equivalent;
  const Measure base{.table = "services",
                     .name = {},
                     .unit = "Mtoken/s",
                     .place = service.region,
                     .party = party_of(c, entry, "owner"),
                     .terms = {},
                     .per_hour = true,
                     .constant = {},
                     .provenance = provenance(entry)};
  const auto add = [&](std::string name, std::vector<Term> terms) {
    Measure measure = base;
    measure.name = std::move(name);
    measure.terms = std::move(terms);
    c.builder.add(std::move(measure));
  };
  add("tokens", {{.kind = TermKind::activity,
                  .id = service.infer.value,
                  .coefficient = c.builder.constant(service.tokens_per_pflop * counted)}});
  if (!demand.valid()) return;
  add("tokens_unserved",
      {{.kind = TermKind::unserved, .id = demand.value, .coefficient = c.builder.constant(counted)}});
  Measure demanded = base;
  demanded.name = "tokens_demanded";
  demanded.per_hour = false;  // a constant is a mean rate already
  demanded.constant = c.builder.by_period([&](int t) { return entry.series("tokens").mean(calendar, t); });
  c.builder.add(std::move(demanded));
}

void add_inference(const Compile& c, const Entry& entry, PlaceId region) {
  const InferenceFacts facts = facts_of(entry);
  Process process = compute_user(c, entry, region);
  process.name = infer_name(c, entry, region);
  process.kind = "infer";
  process.useful = c.builder.constant(entry.number("inference_weight"));
  process.flows.push_back({.commodity = ensure_commodity(c, "token"),
                           .place = region,
                           .rate = c.builder.constant(tokens_per_pflop(facts)),
                           .lag = 0});
  const ProcessId id = c.builder.add(std::move(process));
  c.builder.add(Measure{.table = "services",
                        .name = "inference_compute",
                        .unit = "PFLOP/s",
                        .place = region,
                        .party = party_of(c, entry, "owner"),
                        .terms = {{.kind = TermKind::activity, .id = id.value, .coefficient = {}}},
                        .per_hour = true,
                        .constant = {},
                        .provenance = provenance(entry)});
  const DemandId demand =
      entry.has("tokens") ? add_token_demand(c, entry, region, output_equivalent(facts)) : DemandId{};
  add_token_measures(c, view(c, entry), demand);
}

/// Tokens of one region are one commodity: two services there would serve each other's users with the cheaper model.
bool is_alone_in_region(const Compile& c, const Entry& entry, PlaceId region) {
  for (const Entry& other : c.spec.entries("service")) {
    if (other.name >= entry.name || place_of(c, other, "region") != region) continue;
    fault(c, Code::inconsistent, entry, "region",
          {.message = "service '" + entry.name + "' is in the same region as service '" + other.name + "'",
           .found = place_name(c, region),
           .expected = "one service a region",
           .help = "make them one service, or give each a region of its own"});
    return false;
  }
  return true;
}

}  // namespace

double tokens_per_pflop(const InferenceFacts& facts) {
  return kFlopPerPflop * facts.utilisation_decode / (2 * facts.active_parameters) / kTokensPerMtoken;
}

double output_equivalent(const InferenceFacts& facts) {
  const double prefill = facts.utilisation_decode / facts.utilisation_prefill;
  return (1 - facts.input_share) + facts.input_share * (1 - facts.cache_hit) * prefill;
}

std::optional<ServiceView> find_service(const Compile& c, std::string_view name) {
  const Entry* entry = c.spec.find("service", name);
  if (entry == nullptr || !place_of(c, *entry, "region").valid()) return std::nullopt;
  return view(c, *entry);
}

std::optional<ServiceView> service_of_region(const Compile& c, PlaceId region) {
  for (const Entry& entry : c.spec.entries("service")) {
    if (place_of(c, entry, "region") == region) return view(c, entry);
  }
  return std::nullopt;
}

void compile_services(const Compile& c) {
  for (const Entry& entry : c.spec.entries("service")) {
    const PlaceId region = place_of(c, entry, "region");
    if (!is_alone_in_region(c, entry, region)) continue;
    if (entry.flag("training")) add_training(c, entry, region);
    if (entry.has("active_parameters")) {
      if (output_equivalent(facts_of(entry)) > 0) {
        add_inference(c, entry, region);
      } else {
        fault(c, Code::inconsistent, entry, "cache_hit",
              {.message = "tokens of service '" + entry.name + "' cost no compute at all",
               .found = "input_share 1 and cache_hit 1",
               .expected = "some output, or some input that is not in the cache",
               .help = "lower cache_hit or input_share"});
      }
    } else if (entry.has("tokens")) {
      fault(c, Code::missing_key, entry, "tokens",
            {.message = "service '" + entry.name + "' has a demand for tokens but no model to serve it",
             .found = {},
             .expected = "active_parameters",
             .help = "active_parameters = 37e9"});
    }
  }
}

const Section kServiceSection = {
    .name = "service", .title = "Services", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
