#include "serving/fleet_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "perf/catalogue.h"
#include "serving/fleet_engine_file.h"
#include "serving/fleet_schema.h"
#include "serving/linear_cost.h"

namespace beltline::serving {
namespace {

constexpr std::array kSections{&kFleetSection,          &kFleetSiteSection,    &kFleetUserSection,
                               &kFleetRackSection,      &kFleetReplicaSection, &kFleetOutageSection,
                               &kFleetJobSection,       &kFleetLevelSection,   &kFleetNetworkSection,
                               &kFleetAdmissionSection, &kFleetScalingSection, &kFleetFailuresSection,
                               &kFleetRoutingSection,   &kFleetEngineSection,  &kFleetSplitSection};

Picoseconds seconds_of(const Entry& entry, std::string_view key) {
  return static_cast<Picoseconds>(std::llround(entry.number(key) * 1e12));
}
Picoseconds milliseconds_of(const Entry& entry, std::string_view key) {
  return static_cast<Picoseconds>(std::llround(entry.number(key) * 1e9));
}
Picoseconds hours_of(const Entry& entry, std::string_view key) {
  return static_cast<Picoseconds>(std::llround(entry.number(key) * 3600e12));
}

/// Makes the fleet of what was read, and says what contradicts itself.
class FleetMaker {
 public:
  explicit FleetMaker(SectionFile& file) : file_(file) {}

  std::optional<FleetSpec> make(const std::string& name) {
    fleet_.name = fleet_.title = name;
    read_fleet();
    for (const Entry& entry : file_.entries("site")) read_site(entry);
    read_engines(file_, fleet_);
    for (const Entry& entry : file_.entries("replica")) read_replica(entry);
    read_users();
    for (const Entry& entry : file_.entries("outage")) read_outage(entry);
    for (const Entry& entry : file_.entries("job")) read_job(entry);
    read_rules();
    check_racks();
    for (Diagnostic& fault : split_faults(fleet_)) add(std::move(fault));
    if (file_.diagnostics.has_errors()) return std::nullopt;
    return std::move(fleet_);
  }

 private:
  void add(Diagnostic diagnostic) { file_.diagnostics.add(std::move(diagnostic)); }

  void missing(std::string message, std::string help) {
    add({.code = Code::missing_section,
         .origin = {.file = 0, .line = 1, .column = 1},
         .message = std::move(message),
         .help = std::move(help)});
  }

  void read_fleet() {
    const Entry* const entry = file_.single("fleet");
    if (entry == nullptr) {
      missing("there is no [fleet]", "write [fleet], models = [\"llama-3.1-70b\"]");
      return;
    }
    if (entry->has("title")) fleet_.title = entry->text("title");
    fleet_.utc_offset_h = entry->number("utc_offset");
    fleet_.cap_policy = entry->text("cap_policy") == "shed" ? CapPolicy::shed : CapPolicy::slow;
    const Value& names = entry->value("models");
    for (std::size_t i = 0; i < names.names.size(); ++i) read_model(names.names[i], origin_of(names, i));
    if (names.names.empty()) {
      add({.code = Code::inconsistent,
           .origin = names.origin,
           .message = "the fleet serves no model",
           .expected = "at least one model",
           .help = "write models = [\"llama-3.1-70b\"]"});
    }
  }

  static Origin origin_of(const Value& value, std::size_t i) {
    return i < value.name_origins.size() ? value.name_origins[i] : value.origin;
  }

  /// Whether a measured replica says what the catalogue does not.
  const Entry* measured(std::string_view model) const {
    for (const Entry& entry : file_.entries("replica")) {
      if (entry.text("model") == model) return &entry;
    }
    return nullptr;
  }

  void read_model(const std::string& name, const Origin& origin) {
    ServedModel model{.name = name};
    if (const auto known = perf::find_model(name)) {
      model.context_max = known->architecture.context_max;
    } else if (const Entry* const replica = measured(name)) {
      if (replica->has("context")) model.context_max = replica->integer("context");
    } else {
      const std::string nearest = perf::nearest_model(name);
      add({.code = Code::dangling_reference,
           .origin = origin,
           .message = fmt::format("no model is called '{}'", printable(name)),
           .found = printable(name),
           .expected = "a model of the catalogue, or one that a [replica.NAME] measures",
           .help = nearest.empty() ? "`beltline perf` lists the models" : did_you_mean_text(nearest),
           .fix = {nearest}});
    }
    if (fleet_.model_index(name) >= 0) {
      add({.code = Code::duplicate_name,
           .origin = origin,
           .message = fmt::format("model '{}' is written twice", printable(name)),
           .help = "leave one of them out"});
    }
    fleet_.models.push_back(std::move(model));
  }

  int32_t rack_index(const std::string& name, const Origin& origin) {
    const auto found = std::ranges::find(fleet_.racks, name, &RackKind::name);
    if (found != fleet_.racks.end()) return static_cast<int32_t>(found - fleet_.racks.begin());
    RackKind rack{.name = name};
    const auto& own = file_.entries("rack");
    if (const auto entry = std::ranges::find(own, name, &Entry::name); entry != own.end()) {
      rack.accelerators = static_cast<int32_t>(entry->integer("accelerators"));
      rack.base_W = entry->number("base_power");
    } else if (const auto known = perf::find_rack(name)) {
      rack.accelerators = known->accelerators;
      rack.base_W = base_power_W(*known);
    } else {
      const std::string nearest = perf::nearest_rack(name);
      add({.code = Code::dangling_reference,
           .origin = origin,
           .message = fmt::format("no rack is called '{}'", printable(name)),
           .found = printable(name),
           .expected = "a rack of the catalogue, or [rack.NAME]",
           .help = nearest.empty() ? fmt::format("the catalogue has {}", listing(perf::rack_names(), 40))
                                   : did_you_mean_text(nearest),
           .fix = {nearest}});
    }
    fleet_.racks.push_back(std::move(rack));
    return static_cast<int32_t>(fleet_.racks.size() - 1);
  }

  void read_site(const Entry& entry) {
    FleetSite site{.name = entry.name, .title = entry.name};
    if (entry.has("title")) site.title = entry.text("title");
    site.title_ko = entry.has("title_ko") ? entry.text("title_ko") : site.title;
    if (entry.has("belt")) site.group = entry.text("belt");
    site.at = {entry.number("latitude"), entry.number("longitude")};
    for (const Entry& racks : entry.records("racks"))
      site.racks.push_back({rack_index(racks.text("rack"), racks.where("rack")), racks.number("count")});
    if (entry.has("power_cap")) {
      for (int hour = 0; hour < 24; ++hour) site.cap_MW.push_back(at_hour(entry.series("power_cap"), hour));
    }
    site.pue = entry.number("pue");
    site.auxiliary_share = entry.number("auxiliary_share");
    const double even = fleet_.models.empty() ? 0 : 1 / static_cast<double>(fleet_.models.size());
    site.shares.assign(fleet_.models.size(), entry.has("shares") ? 0 : even);
    double sum = 0;
    if (entry.has("shares")) {
      for (const Entry& share : entry.records("shares")) {
        const int32_t model = model_index(share.text("model"), share.where("model"));
        if (model >= 0) site.shares[static_cast<std::size_t>(model)] = share.number("share");
        sum += share.number("share");
      }
    }
    if (sum > 1 + 1e-9) {
      add({.code = Code::inconsistent,
           .origin = entry.where("shares"),
           .message = fmt::format("shares of site '{}' add up to {:g}", entry.name, sum),
           .expected = "at most 1",
           .help = "what is left of 1 stays idle"});
    }
    fleet_.sites.push_back(std::move(site));
  }

  int32_t model_index(const std::string& name, const Origin& origin) {
    return served_model_index(file_, fleet_, name, origin);
  }

  void read_replica(const Entry& entry) {
    const int32_t model = model_index(entry.text("model"), entry.where("model"));
    const int32_t rack = rack_index(entry.text("rack"), entry.where("rack"));
    ReplicaKind kind{.model = model, .rack = rack, .accelerators = static_cast<int32_t>(entry.integer("accelerators"))};
    const RackKind& stands_in = fleet_.racks[static_cast<std::size_t>(rack)];
    if (kind.accelerators > stands_in.accelerators) {
      add({.code = Code::inconsistent,
           .origin = entry.where("accelerators"),
           .message = fmt::format("replica '{}' is larger than its rack", entry.name),
           .found = fmt::format("{}", kind.accelerators),
           .expected = fmt::format("at most {}", stands_in.accelerators),
           .help = "a replica stands within one rack"});
    }
    if (model >= 0 && fleet_.kind_of(model, rack) >= 0) {
      add({.code = Code::duplicate_name,
           .origin = entry.origin,
           .message = fmt::format("replica '{}' measures what another has measured", entry.name),
           .help = "leave one of them out"});
    }
    kind.rules.sequences_max = static_cast<int32_t>(entry.integer("sequences_max"));
    kind.rules.step_tokens_max = static_cast<int32_t>(entry.integer("step_tokens_max"));
    if (kind.rules.sequences_max > kind.rules.step_tokens_max) {
      add({.code = Code::inconsistent,
           .origin = entry.where("sequences_max"),
           .message = fmt::format("replica '{}' has more sequences than tokens in a step", entry.name),
           .found = fmt::format("{}", kind.rules.sequences_max),
           .expected = fmt::format("at most {}", kind.rules.step_tokens_max),
           .help = "raise step_tokens_max"});
    }
    kind.rules.caches_prefixes = entry.flag("caches_prefixes");
    kind.rules.prefix_unit_tokens = 256;
    kind.rules.block_tokens = 64;
    kind.load_time = seconds_of(entry, "load_time");
    kind.basis = "measured, [replica." + entry.name + "]";
    kind.cost = std::make_shared<LinearCost>(
        LinearRates{.base = milliseconds_of(entry, "step"),
                    .per_prompt_token = milliseconds_of(entry, "prompt_token"),
                    .per_sequence = milliseconds_of(entry, "sequence"),
                    .per_cached_token = milliseconds_of(entry, "cached_token"),
                    .kv_tokens = entry.integer("kv_tokens"),
                    .idle_W = entry.number("idle_power"),
                    .busy_W = std::max(entry.number("idle_power"), entry.number("busy_power"))});
    apply_settings(fleet_, kind);
    fleet_.kinds.push_back(std::move(kind));
  }

  void read_users() {
    for (const Entry& entry : file_.entries("user")) {
      fleet_.places.push_back({.name = entry.name,
                               .at = {entry.number("latitude"), entry.number("longitude")},
                               .weight = entry.number("weight")});
    }
    if (fleet_.places.empty() && !fleet_.sites.empty()) fleet_.places.push_back({.at = fleet_.sites.front().at});
    double sum = 0;
    for (const FleetPlace& place : fleet_.places) sum += place.weight;
    if (!fleet_.places.empty() && !(sum > 0)) {
      add({.code = Code::inconsistent,
           .origin = file_.entries("user").front().origin,
           .message = "the weights of all users are zero",
           .expected = "a positive weight",
           .help = "leave weight out for equal ones"});
    }
  }

  int32_t site_index(const std::string& name) const {
    const auto found = std::ranges::find(fleet_.sites, name, &FleetSite::name);
    return static_cast<int32_t>(found - fleet_.sites.begin());
  }

  void read_outage(const Entry& entry) {
    const Picoseconds begin = hours_of(entry, "begin");
    fleet_.outages.push_back({.site = site_index(entry.text("site")),
                              .begin = begin,
                              .end = begin + hours_of(entry, "duration"),
                              .is_planned = entry.flag("planned")});
  }

  void read_job(const Entry& entry) {
    JobRules job{.name = entry.name, .site = site_index(entry.text("site"))};
    job.rack = rack_index(entry.text("rack"), entry.where("rack"));
    job.racks = entry.number("racks");
    job.work_h = entry.number("work");
    job.submitted = hours_of(entry, "submitted");
    job.checkpoint = seconds_of(entry, "checkpoint");
    job.restart = seconds_of(entry, "restart");
    job.saves_when_preempted = entry.flag("saves_when_preempted");
    double there = 0;
    if (static_cast<std::size_t>(job.site) < fleet_.sites.size()) {
      for (const SiteRacks& racks : fleet_.sites[static_cast<std::size_t>(job.site)].racks)
        there += racks.rack == job.rack ? racks.count : 0;
    }
    if (job.racks > there) {
      add({.code = Code::inconsistent,
           .origin = entry.where("racks"),
           .message = fmt::format("job '{}' wants more racks than its site has", entry.name),
           .found = fmt::format("{:g}", job.racks),
           .expected = fmt::format("at most {:g} of {}", there, printable(entry.text("rack"))),
           .help = "it would never start"});
    }
    fleet_.jobs.push_back(std::move(job));
  }

  void read_rules() {
    if (const Entry* e = file_.single("level")) fleet_.level = {e->number("ttft"), e->number("tpot")};
    if (const Entry* e = file_.single("network"))
      fleet_.network = {e->number("detour"), e->number("speed"), e->number("fixed")};
    if (const Entry* e = file_.single("admission")) {
      fleet_.admission = {.in_flight_max = e->number("in_flight_max"),
                          .retries = static_cast<int32_t>(e->integer("retries")),
                          .backoff = seconds_of(*e, "backoff"),
                          .patience = e->has("patience") ? seconds_of(*e, "patience") : kNever,
                          .timeout = e->has("timeout") ? seconds_of(*e, "timeout") : kNever};
    }
    if (const Entry* e = file_.single("scaling")) {
      fleet_.scaling = {.is_on = true,
                        .target = e->number("target"),
                        .interval = seconds_of(*e, "interval"),
                        .down_hold = seconds_of(*e, "down_hold")};
    }
    if (const Entry* e = file_.single("failures")) {
      fleet_.failures = {.accelerator_mtbf_h = e->number("accelerator_mtbf"),
                         .rack_mtbf_h = e->number("rack_mtbf"),
                         .repair = hours_of(*e, "repair")};
    }
    if (const Entry* e = file_.single("routing")) {
      fleet_.routing = {.spill_at = e->number("spill_at"),
                        .load_s = e->number("load"),
                        .affinity_s = e->number("affinity"),
                        .interval = seconds_of(*e, "interval"),
                        .detection = seconds_of(*e, "detection")};
    }
  }

  void check_racks() {
    if (fleet_.sites.empty()) {
      missing("the fleet has no sites", "add [site.NAME] with latitude, longitude and racks");
      return;
    }
    double racks = 0;
    for (const FleetSite& site : fleet_.sites) {
      for (const SiteRacks& here : site.racks) racks += here.count;
    }
    if (racks > 0) return;
    add({.code = Code::inconsistent,
         .origin = file_.entries("site").front().where("racks"),
         .message = "the fleet has zero racks",
         .found = "0",
         .expected = "a rack at one site at least",
         .help = "raise a count"});
  }

  SectionFile& file_;
  FleetSpec fleet_;
};

ReadFleet make(SectionFile file, const std::string& name) {
  ReadFleet out;
  out.file = std::move(file);
  // a broken entry lacks values that a maker reads
  if (!out.file.diagnostics.has_errors()) out.spec = FleetMaker(out.file).make(name);
  out.file.diagnostics.sort_and_limit(out.file.files);
  return out;
}

}  // namespace

std::span<const Section* const> fleet_sections() {
  return kSections;
}

ReadFleet read_fleet(const std::filesystem::path& path) {
  return make(read_sections(path, kSections), path.stem().string());
}

ReadFleet read_fleet_text(const std::string& name, std::string_view text) {
  return make(read_sections_text(name + ".toml", text, kSections), name);
}

Outcome<std::vector<std::string>> equip_fleet(FleetSpec& fleet, const std::vector<perf::Workload>& workload,
                                              HardwareOptions options) {
  std::vector<std::string> notes;
  options.level = fleet.level;
  for (std::size_t m = 0; m < fleet.models.size(); ++m) {
    options.workload = workload[m];
    std::string why_not;
    bool runs = false;
    for (std::size_t r = 0; r < fleet.racks.size(); ++r) {
      const auto model = static_cast<int32_t>(m), rack = static_cast<int32_t>(r);
      const bool stands = std::ranges::any_of(fleet.sites, [&](const FleetSite& site) {
        return std::ranges::any_of(site.racks,
                                   [&](const SiteRacks& here) { return here.rack == rack && here.count > 0; });
      });
      if (!stands) continue;
      if (const int32_t known = fleet.kind_of(model, rack); known >= 0) {
        runs = true;
        notes.push_back(fmt::format("{} on {}: {}", fleet.models[m].name, fleet.racks[r].name,
                                    fleet.kinds[static_cast<std::size_t>(known)].basis));
        continue;
      }
      const auto hardware = perf::find_rack(fleet.racks[r].name);
      auto kind = hardware ? find_replica_kind(fleet.models[m].name, *hardware, options)
                           : Outcome<ReplicaKind>(std::unexpected(hardware.error()));
      if (!kind) {
        why_not = kind.error().message;
        notes.push_back(fmt::format("{} is not served on {}: {}", fleet.models[m].name, fleet.racks[r].name, why_not));
        continue;
      }
      kind->model = model;
      kind->rack = rack;
      apply_settings(fleet, *kind);
      notes.push_back(fmt::format("{} on {}: {}", fleet.models[m].name, fleet.racks[r].name, kind->basis));
      fleet.kinds.push_back(std::move(*kind));
      runs = true;
    }
    if (!runs) return failure(fmt::format("no rack of the fleet serves {}: {}", fleet.models[m].name, why_not));
  }
  return notes;
}

}  // namespace beltline::serving
