#include "parts/service.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/common.h"
#include "parts/demand_shape.h"
#include "parts/network_names.h"
#include "parts/rack_tokens.h"

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
     .description = "N: parameters active for one token. Absent, and without `model`: the service only trains."},
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
    {.key = "model",
     .description = "The model it serves, as the performance model knows it: `deepseek-v3`, `llama-3.1-70b`, … "
                    "(docs/perf.md); a name, not a config.json. "
                    "Each generation of racks then yields tokens of its own. `active_parameters` and the "
                    "utilisations hold only for racks without `perf`."},
    {.key = "input_tokens",
     .kind = Kind::quantity,
     .unit = "token",
     .min = 0,
     .min_exclusive = true,
     .description = "Tokens of a prompt; needed with `model`."},
    {.key = "output_tokens",
     .kind = Kind::quantity,
     .unit = "token",
     .min = 0,
     .min_exclusive = true,
     .description = "Tokens of an answer; needed with `model`."},
    {.key = "ttft_max",
     .kind = Kind::quantity,
     .unit = "s",
     .min = 0,
     .min_exclusive = true,
     .description = "Most time to the first token, in the mean. Absent: any."},
    {.key = "tpot_max",
     .kind = Kind::quantity,
     .unit = "s",
     .min = 0,
     .min_exclusive = true,
     .description = "Most time from token to token, in the mean. Absent: any."},
    {.key = "precision",
     .kind = Kind::choice,
     .target = "auto|bf16|fp8|int8|fp4",
     .fallback = "\"auto\"",
     .description = "Number format of the model's weights; `auto`: as published, and fp8 where that is smaller."},
    {.key = "engine",
     .kind = Kind::choice,
     .target = "vllm|sglang|trtllm",
     .fallback = "\"vllm\"",
     .description = "Whose overheads and ways of filling a step."},
    {.key = "production_factor",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .max = 1,
     .is_yield = true,
     .description =
         "Share of the modelled tokens that production reaches: lengths that differ, room for bursts, several "
         "models side by side, upkeep."},
    {.key = "served_from",
     .kind = Kind::references,
     .target = "place",
     .description = "Other regions whose racks may serve it too; with `model`."},
    {.key = "distance_cost",
     .kind = Kind::quantity,
     .unit = "USD/Mtoken",
     .fallback = "\"0 USD/Mtoken\"",
     .min = 0,
     .description = "Cost of the way to and from those regions, a million tokens counted."},
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

A service that names its `model` gets its tokens from the performance model instead, by generation of racks, at its lengths
and service level (docs/perf.md):

    k_g = tokens of a rack · production_factor / performance / 10⁶    Mtoken/s per PFLOP/s of generation g
    e = output_tokens / (input_tokens + output_tokens)                 a rack's output tokens come with their prompts read

`serve_g_NAME@PLACE` takes 1 PFLOP/s of `compute` and of `compute_g`, which racks with `perf` put out beside it. Racks without
`perf` count by the first equation, where `active_parameters` is given.

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

std::string serve_name(const Compile& c, const Entry& service, const Entry& rack, PlaceId place) {
  return "serve_" + rack.name + "_" + service.name + "@" + place_name(c, place);
}

bool infers(const Entry& entry) {
  return entry.has("active_parameters") || is_by_model(entry);
}

/// e of either way to serve.
double equivalent_of(const Entry& entry) {
  if (!is_by_model(entry)) return output_equivalent(facts_of(entry));
  return entry.number("output_tokens") / (entry.number("input_tokens") + entry.number("output_tokens"));
}

ServiceView view(const Compile& c, const Entry& entry) {
  ServiceView result{.entry = &entry, .region = place_of(c, entry, "region"), .train = {}, .infer = {}};
  if (entry.flag("training")) result.train = c.builder.find_process(train_name(c, result.region));
  if (!infers(entry)) return result;
  result.output_equivalent = equivalent_of(entry);
  const auto add = [&](const std::string& name) {
    if (const ProcessId id = c.builder.find_process(name); id.valid()) result.infer.push_back(id);
  };
  if (!is_by_model(entry)) {
    add(infer_name(c, entry, result.region));
    return result;
  }
  for (const Entry* const rack : generations_at(c, result.region)) add(serve_name(c, entry, *rack, result.region));
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

/// One way to serve: a process that takes compute, and the tokens it gives.
struct Serving {
  ProcessId process;
  double tokens_per_pflop = 0;
};

/// Lines of the table `services` for a service: as users count tokens, output-equivalents over e.
class ServiceMeasures {
 public:
  ServiceMeasures(const Compile& c, const Entry& entry, PlaceId region)
      : c_(c), entry_(entry), region_(region), counted_(1 / equivalent_of(entry)) {}

  void tokens(std::string name, const std::vector<Serving>& servings) const {
    std::vector<Term> terms;
    for (const Serving& each : servings) {
      terms.push_back({.kind = TermKind::activity,
                       .id = each.process.value,
                       .coefficient = c_.builder.constant(each.tokens_per_pflop * counted_)});
    }
    add(std::move(name), "Mtoken/s", std::move(terms));
  }

  void compute(const std::vector<Serving>& servings) const {
    std::vector<Term> terms;
    for (const Serving& each : servings) {
      terms.push_back({.kind = TermKind::activity, .id = each.process.value, .coefficient = {}});
    }
    add("inference_compute", "PFLOP/s", std::move(terms));
  }

  void demand(DemandId demand) const {
    if (!demand.valid()) return;
    add("tokens_unserved", "Mtoken/s",
        {{.kind = TermKind::unserved, .id = demand.value, .coefficient = c_.builder.constant(counted_)}});
    const Calendar& calendar = c_.builder.calendar();
    constant("tokens_demanded", "Mtoken/s",
             c_.builder.by_period([&](int t) { return entry_.series("tokens").mean(calendar, t); }));
  }

  /// What stays as it is whatever the plan: a mean rate already.
  void constant(std::string name, std::string unit, Series value) const {
    Measure measure = base(std::move(name), std::move(unit));
    measure.per_hour = false;
    measure.constant = value;
    c_.builder.add(std::move(measure));
  }

 private:
  [[nodiscard]] Measure base(std::string name, std::string unit) const {
    return {.table = "services",
            .name = std::move(name),
            .unit = std::move(unit),
            .place = region_,
            .party = party_of(c_, entry_, "owner"),
            .terms = {},
            .per_hour = true,
            .constant = {},
            .provenance = provenance(entry_)};
  }

  void add(std::string name, std::string unit, std::vector<Term> terms) const {
    Measure measure = base(std::move(name), std::move(unit));
    measure.terms = std::move(terms);
    c_.builder.add(std::move(measure));
  }

  const Compile& c_;
  const Entry& entry_;
  PlaceId region_;
  double counted_;
};

DemandId add_demand(const Compile& c, const Entry& entry, PlaceId region) {
  return entry.has("tokens") ? add_token_demand(c, entry, region, equivalent_of(entry)) : DemandId{};
}

void add_inference(const Compile& c, const Entry& entry, PlaceId region) {
  const double k = tokens_per_pflop(facts_of(entry));
  Process process = compute_user(c, entry, region);
  process.name = infer_name(c, entry, region);
  process.kind = "infer";
  process.useful = c.builder.constant(entry.number("inference_weight"));
  process.flows.push_back(
      {.commodity = ensure_commodity(c, "token"), .place = region, .rate = c.builder.constant(k), .lag = 0});
  const std::vector<Serving> servings = {{c.builder.add(std::move(process)), k}};
  const ServiceMeasures measures(c, entry, region);
  measures.compute(servings);
  const DemandId demand = add_demand(c, entry, region);
  measures.tokens("tokens", servings);
  measures.demand(demand);
}

/// k of a generation, and where it is from.
struct GenerationTokens {
  double per_rack = 0;          // output tokens/s, in production
  double tokens_per_pflop = 0;  // Mtoken/s per PFLOP/s
  std::string source;
};

/// k by parameters and utilisations, in output tokens that come with their prompts read:
/// k / (1 + input / output · (1 − h) · u / u_prefill).
GenerationTokens tokens_by_parameters(const Entry& service, const Entry& rack) {
  const InferenceFacts facts = facts_of(service);
  const double prompts = service.number("input_tokens") / service.number("output_tokens") * (1 - facts.cache_hit) *
                         facts.utilisation_decode / facts.utilisation_prefill;
  GenerationTokens out;
  out.tokens_per_pflop = tokens_per_pflop(facts) / (1 + prompts);
  out.per_rack = out.tokens_per_pflop * rack.number("performance") * kTokensPerMtoken;
  out.source = "tokens per rack: active_parameters and utilisations of the service";
  return out;
}

/// What a generation gives the service; nothing where that cannot be told, which is reported.
std::optional<GenerationTokens> tokens_of(const Compile& c, const Entry& service, const Entry& rack) {
  if (!rack.has("perf")) {
    if (service.has("active_parameters")) return tokens_by_parameters(service, rack);
    fault(c, Code::missing_key, rack, "perf",
          {.message =
               "service '" + service.name + "' serves a model, and rack '" + rack.name + "' does not say what it is",
           .found = {},
           .expected = "perf, the rack's name in the performance model",
           .help = "perf = \"gb300-nvl72\""});
    return std::nullopt;
  }
  const auto found = rack_tokens(c, service, rack);
  if (!found) return std::nullopt;
  const double factor = service.number("production_factor");
  GenerationTokens out;
  out.per_rack = found->output_tokens_per_s * factor;
  out.tokens_per_pflop = out.per_rack / rack.number("performance") / kTokensPerMtoken;
  out.source = fmt::format("tokens per rack: {:.1f} thousand output tokens/s by {}, times production_factor {:.3g}",
                           found->output_tokens_per_s / 1e3, found->words, factor);
  return out;
}

Process serving_process(const Compile& c, const Entry& entry, const Entry& rack, PlaceId place, PlaceId region,
                        const GenerationTokens& tokens) {
  Process process = compute_user(c, entry, place);
  process.name = serve_name(c, entry, rack, place);
  process.place = region;  // where its tokens are of use, hour by hour
  process.kind = "infer";
  process.useful = c.builder.constant(entry.number("inference_weight"));
  process.flows.push_back({.commodity = ensure_commodity(c, "compute", rack.name),
                           .place = place,
                           .rate = c.builder.constant(-1),
                           .lag = 0});
  process.flows.push_back({.commodity = ensure_commodity(c, "token"),
                           .place = region,
                           .rate = c.builder.constant(tokens.tokens_per_pflop),
                           .lag = 0});
  const double distance = entry.number("distance_cost");
  if (place != region && distance > 0) {
    process.cost = c.builder.constant(distance * kSecondsPerHour * tokens.tokens_per_pflop / equivalent_of(entry));
  }
  process.provenance.source = tokens.source;
  return process;
}

void add_inference_by_model(const Compile& c, const Entry& entry, PlaceId region) {
  const ServiceMeasures measures(c, entry, region);
  std::vector<Serving> at_home;
  for (const PlaceId place : serving_places(c, entry)) {
    std::vector<Serving> servings;
    for (const Entry* const rack : generations_at(c, place)) {
      // a generation that ends before the horizon puts out nothing
      if (!c.builder.find_commodity("compute_" + rack->name).valid()) continue;
      const auto tokens = tokens_of(c, entry, *rack);
      if (!tokens) continue;
      const ProcessId id = c.builder.add(serving_process(c, entry, *rack, place, region, *tokens));
      servings.push_back({id, tokens->tokens_per_pflop});
      if (place == region) {
        measures.constant("tokens_per_rack_" + rack->name, "token/s", c.builder.constant(tokens->per_rack));
      }
    }
    if (place == region) {
      at_home = std::move(servings);
    } else if (!servings.empty()) {
      measures.tokens("tokens_from_" + place_name(c, place), servings);
    }
  }
  const DemandId demand = add_demand(c, entry, region);
  if (!at_home.empty()) {
    measures.compute(at_home);
    measures.tokens("tokens", at_home);
  }
  measures.demand(demand);
}

/// "models/config.json", "./model": `beltline perf` reads such a file, a plan does not: it rests on its scenario alone.
bool is_model_file(std::string_view model) {
  return model.ends_with(".json") || model.starts_with('.') || model.starts_with('/');
}

/// A service by model needs lengths, which say what its tokens are.
bool check_model(const Compile& c, const Entry& entry) {
  bool is_whole = true;
  if (is_model_file(entry.text("model"))) {
    fault(c, Code::bad_choice, entry, "model",
          {.message = fmt::format("model of service '{}' is a file", entry.name),
           .found = printable(entry.text("model")),
           .expected = "the name of a model that the performance model knows",
           .help = "ask `beltline perf` what this file yields, and name the model here that comes closest"});
    is_whole = false;
  }
  for (const std::string_view key : {"input_tokens", "output_tokens"}) {
    if (entry.has(key)) continue;
    fault(c, Code::missing_key, entry, "model",
          {.message = fmt::format("service '{}' serves a model and has no {}", entry.name, key),
           .found = {},
           .expected = "tokens of a prompt and of an answer",
           .help = fmt::format("{} = \"1000 token\"", key)});
    is_whole = false;
  }
  return is_whole;
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
    if (is_by_model(entry)) {
      if (check_model(c, entry)) add_inference_by_model(c, entry, region);
    } else if (entry.has("active_parameters")) {
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
             .expected = "model or active_parameters",
             .help = "active_parameters = 37e9"});
    }
  }
}

const Section kServiceSection = {
    .name = "service", .title = "Services", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
