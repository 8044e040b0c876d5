#include "parts/rack_tokens.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/site.h"
#include "perf/built_in_search.h"
#include "perf/search_report.h"

namespace beltline {
namespace {

bool may_stand_at(const Entry& rack, const SiteView& site) {
  if (!rack.has("sites") || rack.names("sites").empty()) return true;
  return std::ranges::find(rack.names("sites"), site.name) != rack.names("sites").end();
}

perf::Workload workload_of(const Entry& service) {
  return {.input_tokens = std::max<int64_t>(1, std::llround(service.number("input_tokens"))),
          .output_tokens = std::max<int64_t>(1, std::llround(service.number("output_tokens"))),
          .cached_share = service.number("cache_hit")};
}

perf::ServiceLevel level_of(const Entry& service) {
  perf::ServiceLevel level;
  if (service.has("ttft_max")) level.ttft_s = service.number("ttft_max");
  if (service.has("tpot_max")) level.tpot_s = service.number("tpot_max");
  return level;
}

std::string way_text(const perf::RackPoint& point) {
  const auto pool = [](const perf::Pool& p) {
    return fmt::format("{} x {}", p.replicas, perf::split_text(p.cost->deployment().parallelism));
  };
  std::string out = pool(point.decode);
  if (point.prompts) out += fmt::format(" and {} for prompts", pool(*point.prompts));
  return out + ", weights " + perf::numbers_text(point.decode.cost->deployment());
}

/// Prompt and answer within the model's context, and one that the search can make sense of.
bool check_lengths(const Compile& c, const Entry& service, const perf::RackSearch& search) {
  const perf::Workload workload = workload_of(service);
  const int64_t tokens = workload.input_tokens + workload.output_tokens;
  const int64_t most = search.model().architecture.context_max;
  if (tokens <= most) return true;
  fault(c, Code::out_of_range, service, "input_tokens",
        {.message = fmt::format("prompt and answer of service '{}' are longer than its model's context", service.name),
         .found = fmt::format("{} tokens", tokens),
         .expected = fmt::format("at most {} tokens", most),
         .help = "lower input_tokens or output_tokens, or name another model"});
  return false;
}

bool check_count(const Compile& c, const Entry& rack, const perf::Rack& known) {
  if (rack.integer("accelerators") == known.accelerators) return true;
  fault(c, Code::inconsistent, rack, "perf",
        {.message = fmt::format("rack '{}' and '{}' have different numbers of accelerators", rack.name, known.name),
         .found = fmt::format("{}", rack.integer("accelerators")),
         .expected = fmt::format("{}", known.accelerators),
         .help = "name the rack that it is in perf, or change accelerators"});
  return false;
}

void tell_unreachable(const Compile& c, const Entry& service, const Entry& rack, const perf::RackSearch& search) {
  const perf::ServiceLevel reach = search.reach(workload_of(service));
  fault(
      c, Code::out_of_range, service, service.has("tpot_max") ? "tpot_max" : "ttft_max",
      {.message = fmt::format("rack '{}' does not reach the service level of service '{}'", rack.name, service.name),
       .found = fmt::format("TTFT {:.3g} s, TPOT {:.3g} ms", level_of(service).ttft_s, level_of(service).tpot_s * 1e3),
       .expected = fmt::format("at least TTFT {:.3g} s, TPOT {:.3g} ms", reach.ttft_s, reach.tpot_s * 1e3),
       .help = "raise ttft_max or tpot_max, or leave perf out of this rack"});
}

}  // namespace

bool is_by_model(const Entry& service) {
  return service.has("model");
}

std::vector<PlaceId> serving_places(const Compile& c, const Entry& service) {
  std::vector<PlaceId> out = {place_of(c, service, "region")};
  if (!service.has("served_from")) return out;
  for (const std::string& name : service.names("served_from")) {
    const PlaceId place = c.builder.find_place(name);
    if (place.valid() && std::ranges::find(out, place) == out.end()) out.push_back(place);
  }
  return out;
}

bool counts_generations(const Compile& c, PlaceId region) {
  return std::ranges::any_of(c.spec.entries("service"), [&](const Entry& service) {
    if (!is_by_model(service)) return false;
    const std::vector<PlaceId> places = serving_places(c, service);
    return std::ranges::find(places, region) != places.end();
  });
}

std::vector<const Entry*> generations_at(const Compile& c, PlaceId region) {
  std::vector<const Entry*> out;
  for (const Entry& rack : c.spec.entries("rack")) {
    const bool stands = std::ranges::any_of(
        sites(c), [&](const SiteView& site) { return site.compute_place == region && may_stand_at(rack, site); });
    if (stands) out.push_back(&rack);
  }
  return out;
}

std::optional<RackTokens> rack_tokens(const Compile& c, const Entry& service, const Entry& rack) {
  const std::string& precision = service.text("precision");
  const auto made = perf::built_in_search(service.text("model"), rack.text("perf"), perf::precision_of(precision),
                                          service.text("engine"));
  if (!made) {
    for (const Diagnostic& each : made.error().all()) {
      // a wrong name is told where it stands; what does not fit is about the two together
      const bool is_of_service = each.found == service.text("model");
      fault(c, each.code, is_of_service ? service : rack, is_of_service ? "model" : "perf", each);
    }
    return std::nullopt;
  }
  const perf::RackSearch& search = **made;
  if (!check_count(c, rack, search.rack()) || !check_lengths(c, service, search)) return std::nullopt;
  const auto best = search.best(workload_of(service), level_of(service));
  if (!best) {
    tell_unreachable(c, service, rack, search);
    return std::nullopt;
  }
  return RackTokens{
      .output_tokens_per_s = best->output_tokens_per_s,
      .ttft_s = best->ttft_s,
      .tpot_s = best->tpot_s,
      .power_share = best->power_W / search.rack().power_W,
      .words = fmt::format("perf model of {} on {}, {}, TTFT {:.2g} s, TPOT {:.3g} ms, {} (docs/serving-model.md)",
                           search.model().architecture.name, search.rack().name, way_text(*best), best->ttft_s,
                           best->tpot_s * 1e3, perf::name_of(best->bases.worst()))};
}

}  // namespace beltline
