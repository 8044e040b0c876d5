#include "serving/fleet_engine_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::serving {
namespace {

constexpr Attribute kEngine[] = {
    {.key = "model", .kind = Kind::text, .description = "One of the fleet's models; all others without it."},
    {.key = "step_tokens_max",
     .kind = Kind::integer,
     .min = 1,
     .max = 10000000,
     .description = "Tokens of a step: pieces of prompts and what is decoded. As the replica has it without it."},
    {.key = "sequences_max",
     .kind = Kind::integer,
     .min = 1,
     .max = 100000,
     .description = "Sequences at a time. As the replica has it without it."},
    {.key = "chunks_prompts",
     .kind = Kind::flag,
     .fallback = "true",
     .description = "Whether a prompt may be computed in pieces; else it waits until a step has room for all of it."},
    {.key = "caches_prefixes",
     .kind = Kind::flag,
     .description = "Whether prompts that begin alike share what is computed. As the replica has it without it."},
    {.key = "static_batches",
     .kind = Kind::flag,
     .fallback = "false",
     .description = "Whether a batch is formed when nothing runs, and no one joins it."},
    {.key = "by_priority",
     .kind = Kind::flag,
     .fallback = "false",
     .description = "Whether who waits goes, and who runs is preempted, by the requests' priority; else by arrival."},
    {.key = "draft_tokens",
     .kind = Kind::integer,
     .fallback = "0",
     .min = 0,
     .max = 64,
     .description = "Tokens that are drafted for a sequence in each step and checked in it. 0: no speculation."},
    {.key = "acceptance",
     .kind = Kind::quantity,
     .fallback = "0.7",
     .min = 0,
     .max = 1,
     .description = "Share of drafted tokens that are accepted, each after the one before it: a step yields "
                    "(1 − a^(k+1)) / (1 − a) tokens of a sequence (arXiv 2211.17192). Estimate; depends on the text."},
    {.key = "draft_time",
     .kind = Kind::quantity,
     .unit = "ms",
     .fallback = "\"0 ms\"",
     .min = 0,
     .max = 1e6,
     .description = "What drafting takes, a step."},
};

constexpr Attribute kSplit[] = {
    {.key = "site", .kind = Kind::text, .description = "One of the fleet's sites; every one without it."},
    {.key = "model", .kind = Kind::text, .description = "One of the fleet's models; every model without it."},
    {.key = "prefill",
     .kind = Kind::quantity,
     .required = true,
     .min = 0,
     .max = 1e6,
     .min_exclusive = true,
     .description = "Replicas that prefill, for each `decode` that decode: 1 and 3 are a quarter of them."},
    {.key = "decode",
     .kind = Kind::quantity,
     .required = true,
     .min = 0,
     .max = 1e6,
     .min_exclusive = true,
     .description = "Replicas that decode."},
    {.key = "bandwidth",
     .kind = Kind::quantity,
     .unit = "GB/s",
     .required = true,
     .min = 0,
     .max = 1e6,
     .min_exclusive = true,
     .description = "Of the way that keys and values take out of one replica; one request's at a time."},
    {.key = "latency",
     .kind = Kind::quantity,
     .unit = "ms",
     .fallback = "\"0.1 ms\"",
     .min = 0,
     .max = 1e6,
     .description = "Of that way. Estimate."},
    {.key = "token_size",
     .kind = Kind::quantity,
     .unit = "kB",
     .min = 0,
     .max = 1e6,
     .min_exclusive = true,
     .description =
         "Keys and values of a token; those of the catalogue's model without it. Measured replicas need it."},
};

Picoseconds milliseconds(const Entry& entry, std::string_view key) {
  return std::llround(entry.number(key) * 1e9);
}

class EngineReader {
 public:
  EngineReader(SectionFile& file, FleetSpec& fleet) : file_(file), fleet_(fleet) {}

  void read() {
    for (const Entry& entry : file_.entries("engine")) read_engine(entry);
    for (const Entry& entry : file_.entries("split")) read_split(entry);
  }

 private:
  void add(Diagnostic diagnostic) { file_.diagnostics.add(std::move(diagnostic)); }

  /// −1: none named. Nothing where one is named that the fleet does not serve.
  std::optional<int32_t> model_of(const Entry& entry) {
    if (!entry.has("model")) return -1;
    const int32_t model = served_model_index(file_, fleet_, entry.text("model"), entry.where("model"));
    return model < 0 ? std::nullopt : std::optional(model);
  }

  std::optional<int32_t> site_of(const Entry& entry) {
    const std::string& name = entry.text("site");
    const auto site = std::ranges::find(fleet_.sites, name, &FleetSite::name);
    if (site != fleet_.sites.end()) return static_cast<int32_t>(site - fleet_.sites.begin());
    std::vector<std::string> names;
    for (const FleetSite& one : fleet_.sites) names.push_back(one.name);
    const std::string nearest = nearest_word(name, names);
    add({.code = Code::dangling_reference,
         .origin = entry.where("site"),
         .message = fmt::format("the fleet has no site '{}'", printable(name)),
         .found = printable(name),
         .expected = fmt::format("one of {}", listing(names)),
         .help = nearest.empty() ? "name a site of the fleet" : did_you_mean_text(nearest),
         .fix = {nearest}});
    return std::nullopt;
  }

  void read_engine(const Entry& entry) {
    const auto model = model_of(entry);
    if (!model) return;
    EngineSettings settings{.model = *model,
                            .chunks_prompts = entry.flag("chunks_prompts"),
                            .is_static = entry.flag("static_batches"),
                            .by_priority = entry.flag("by_priority")};
    settings.speculation = {.tokens = static_cast<int32_t>(entry.integer("draft_tokens")),
                            .acceptance = entry.number("acceptance"),
                            .draft = milliseconds(entry, "draft_time")};
    if (entry.has("step_tokens_max")) settings.step_tokens_max = static_cast<int32_t>(entry.integer("step_tokens_max"));
    if (entry.has("sequences_max")) settings.sequences_max = static_cast<int32_t>(entry.integer("sequences_max"));
    if (entry.has("caches_prefixes")) settings.caches_prefixes = entry.flag("caches_prefixes");
    if (std::ranges::find(fleet_.engines, *model, &EngineSettings::model) != fleet_.engines.end()) {
      add({.code = Code::duplicate_name,
           .origin = entry.origin,
           .message = fmt::format("engine '{}' sets what another has set", entry.name),
           .help = "leave one of them out, or name another model"});
    }
    check_room(entry, settings);
    fleet_.engines.push_back(settings);
  }

  void check_room(const Entry& entry, const EngineSettings& settings) {
    if (!settings.step_tokens_max) return;
    const int64_t needed = static_cast<int64_t>(settings.sequences_max.value_or(1)) * (1 + settings.speculation.tokens);
    if (needed <= *settings.step_tokens_max) return;
    add({.code = Code::inconsistent,
         .origin = entry.where("step_tokens_max"),
         .message = fmt::format("engine '{}' decodes more tokens than a step has", entry.name),
         .found = fmt::format("{}", *settings.step_tokens_max),
         .expected = fmt::format("at least {}, sequences_max times one and draft_tokens", needed),
         .help = "raise step_tokens_max, or lower sequences_max or draft_tokens"});
  }

  void read_split(const Entry& entry) {
    const auto model = model_of(entry);
    if (!model) return;
    SplitRules split{.model = *model,
                     .prefill = entry.number("prefill"),
                     .decode = entry.number("decode"),
                     .bytes_per_s = entry.number("bandwidth") * 1e9,
                     .latency = milliseconds(entry, "latency"),
                     .bytes_per_token = entry.has("token_size") ? entry.number("token_size") * 1e3 : 0,
                     .origin = entry.origin};
    if (entry.has("site")) {
      const auto site = site_of(entry);
      if (!site) return;
      split.site = *site;
    }
    const bool is_there = std::ranges::any_of(
        fleet_.splits, [&](const SplitRules& other) { return other.site == split.site && other.model == split.model; });
    if (is_there) {
      add({.code = Code::duplicate_name,
           .origin = entry.origin,
           .message = fmt::format("split '{}' splits what another has split", entry.name),
           .help = "leave one of them out, or name another site or model"});
    }
    for (std::size_t m = 0; m < fleet_.models.size(); ++m) {
      const auto number = static_cast<int32_t>(m);
      const EngineSettings* const settings = settings_of(fleet_, number);
      if ((split.model >= 0 && split.model != number) || settings == nullptr || !settings->is_static) continue;
      add({.code = Code::inconsistent,
           .origin = entry.origin,
           .message = fmt::format("split '{}' splits static batches of '{}'", entry.name, fleet_.models[m].name),
           .expected = "batches that sequences may join when their keys and values arrive",
           .help = "leave out static_batches, or the split"});
    }
    fleet_.splits.push_back(split);
  }

  SectionFile& file_;
  FleetSpec& fleet_;
};

}  // namespace

int32_t served_model_index(SectionFile& file, const FleetSpec& fleet, const std::string& name, const Origin& origin) {
  const int32_t index = fleet.model_index(name);
  if (index >= 0 || fleet.models.empty()) return index;
  std::vector<std::string> names;
  for (const ServedModel& model : fleet.models) names.push_back(model.name);
  const std::string nearest = nearest_word(name, names);
  file.diagnostics.add({.code = Code::dangling_reference,
                        .origin = origin,
                        .message = fmt::format("the fleet serves no model '{}'", printable(name)),
                        .found = printable(name),
                        .expected = fmt::format("one of {}", listing(names)),
                        .help = nearest.empty() ? "add it to models of [fleet]" : did_you_mean_text(nearest),
                        .fix = {nearest}});
  return -1;
}

void read_engines(SectionFile& file, FleetSpec& fleet) {
  EngineReader(file, fleet).read();
}

SectionFile read_engine_file(const std::filesystem::path& path, FleetSpec& fleet) {
  constexpr std::array kSections{&kFleetEngineSection, &kFleetSplitSection};
  SectionFile file = read_sections(path, kSections);
  if (!file.diagnostics.has_errors()) read_engines(file, fleet);
  file.diagnostics.sort_and_limit(file.files);
  return file;
}

constinit const Section kFleetEngineSection = {.name = "engine",
                                               .title = "Engines",
                                               .description = "How the engines of a model form their steps.",
                                               .attributes = kEngine};
constinit const Section kFleetSplitSection = {
    .name = "split",
    .title = "Prefill and decode apart",
    .description = "Some replicas of a model compute prompts, the others answers; keys and values move between them.",
    .attributes = kSplit};

}  // namespace beltline::serving
