#include "serving/fleet_from_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "perf/catalogue.h"
#include "serving/fleet_hardware.h"
#include "table/run_folder.h"

namespace beltline::serving {
namespace {

/// Jobs that the racks of one kind at a site train in: serving takes them one by one.
constexpr int kTrainingJobs = 8;

/// Where people of Korea are: residents by region. Source: Statistics Korea, resident population 2024 (not re-read),
/// confidence B; coordinates are those of the largest city.
const std::vector<FleetPlace>& korean_places() {
  static const std::vector<FleetPlace> places{{"capital", {37.57, 126.98}, 0.509},
                                              {"yeongnam", {35.54, 129.00}, 0.245},
                                              {"chungcheong", {36.35, 127.38}, 0.108},
                                              {"honam", {35.16, 126.85}, 0.096},
                                              {"gangwon_jeju", {37.88, 127.73}, 0.042}};
  return places;
}

/// The tables that are read, and the rows of one month of them.
class RunTables {
 public:
  explicit RunTables(std::filesystem::path folder, std::string month)
      : folder_(std::move(folder)), month_(std::move(month)) {}

  Outcome<void> open() {
    for (const char* name : {"names", "capacity", "sites", "services", "inputs"}) {
      auto table = read_run_table(folder_, name);
      if (!table) return std::unexpected(table.error());
      tables_.emplace(name, std::move(*table));
    }
    const auto& periods = at("sites").column("period").texts();
    if (std::ranges::find(periods, month_) == periods.end()) {
      return failure(periods.empty()
                         ? fmt::format("the run '{}' has no sites", printable(folder_.string()))
                         : fmt::format("the month {} is not one of the run's: it has {} to {}", month_,
                                       *std::ranges::min_element(periods), *std::ranges::max_element(periods)));
    }
    return {};
  }
  [[nodiscard]] const Table& at(std::string_view name) const { return tables_.find(name)->second; }

  /// Sum of a measure's values in the month, at a place ("": any).
  [[nodiscard]] double measure(std::string_view table, std::string_view measure, std::string_view place) const {
    const Table& rows = at(table);
    double sum = 0;
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      if (rows.column("measure").texts()[i] == measure && rows.column("period").texts()[i] == month_ &&
          (place.empty() || rows.column("place").texts()[i] == place))
        sum += rows.column("value").numbers()[i];
    }
    return sum;
  }
  /// A value of the scenario, by its path; `fallback` where it is not there or no number.
  [[nodiscard]] double input(const std::string& path, double fallback) const {
    const Table& rows = at("inputs");
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      if (rows.column("path").texts()[i] != path) continue;
      const double value = rows.column("mode").numbers()[i];
      return std::isnan(value) ? fallback : value;
    }
    return fallback;
  }

 private:
  std::filesystem::path folder_;
  std::string month_;
  std::map<std::string, Table, std::less<>> tables_;
};

/// The region whose services the plan counts tokens of.
std::string served_region(const RunTables& tables) {
  const Table& rows = tables.at("services");
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    if (rows.column("measure").texts()[i] == "tokens") return rows.column("place").texts()[i];
  }
  return {};
}

/// Belts by site: `belt.east.sites` = "ulsan, pohang". A site in several takes the one with fewest sites.
std::map<std::string, std::string> belts_of(const RunTables& tables) {
  std::map<std::string, std::pair<std::size_t, std::string>> nearest;
  const Table& rows = tables.at("inputs");
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    if (rows.column("section").texts()[i] != "belt" || rows.column("key").texts()[i] != "sites") continue;
    const std::string& list = rows.column("value").texts()[i];
    const auto count = static_cast<std::size_t>(std::ranges::count(list, ',')) + 1;
    for (std::size_t at = 0; at < list.size();) {
      const std::size_t comma = std::min(list.find(", ", at), list.size());
      auto& [least, belt] = nearest[list.substr(at, comma - at)];
      if (belt.empty() || count < least) {
        least = count;
        belt = rows.column("entry").texts()[i];
      }
      at = comma + 2;
    }
  }
  std::map<std::string, std::string> belts;
  for (const auto& [site, found] : nearest) belts[site] = found.second;
  return belts;
}

/// The kind of rack of a capacity "rack_gb300_nvl72@ulsan"; "" for another capacity.
std::string rack_of(const std::string& capacity) {
  if (!capacity.starts_with("rack_")) return {};
  return capacity.substr(5, capacity.find('@') - 5);
}

class RunFleetMaker {
 public:
  RunFleetMaker(const RunTables& tables, const RunFleetOptions& options)
      : tables_(tables), options_(options), month_(to_string(options.month)) {}

  Outcome<RunFleet> make() {
    PlannedService& service = out_.service;
    service.region = options_.region.empty() ? served_region(tables_) : options_.region;
    if (service.region.empty()) return failure("the run's plan serves no tokens; name a region with --region");
    for (const std::string& name : options_.models) {
      const auto known = perf::find_model(name);
      if (!known) return std::unexpected(known.error());
      out_.fleet.models.push_back({.name = name, .context_max = known->architecture.context_max});
    }
    add_sites();
    if (auto racks = add_racks(); !racks) return std::unexpected(racks.error());
    if (out_.fleet.sites.empty())
      return failure(fmt::format("no rack is online in {} in {}", printable(service.region), month_));
    read_service();
    for (FleetSite& site : out_.fleet.sites) {
      site.shares.assign(out_.fleet.models.size(),
                         service.serving_share / static_cast<double>(out_.fleet.models.size()));
      add_cap(site);
    }
    add_training();
    out_.fleet.name = "run";
    out_.fleet.title = out_.fleet.title_ko = service.region;
    if (service.region == "korea") {
      out_.fleet.title = "Korea";
      out_.fleet.title_ko = "한국";
      out_.fleet.places = korean_places();
      out_.fleet.utc_offset_h = 9;
    } else {
      out_.fleet.places.push_back({.name = service.region, .at = out_.fleet.sites.front().at});
    }
    out_.fleet.failures = {.accelerator_mtbf_h = 50'700, .repair = 4 * 3600 * kSecond};
    out_.fleet.scaling.is_on = !out_.fleet.jobs.empty();
    return std::move(out_);
  }

 private:
  /// Row of a site in the table of names, else of its place, or −1.
  [[nodiscard]] int64_t name_row(const std::string& place) const {
    const Table& names = tables_.at("names");
    int64_t found = -1;
    for (std::size_t i = 0; i < names.row_count(); ++i) {
      if (names.column("name").texts()[i] != place) continue;
      const std::string& kind = names.column("kind").texts()[i];
      if (kind == "site") return static_cast<int64_t>(i);
      if (kind == "place") found = static_cast<int64_t>(i);
    }
    return found;
  }

  /// The places of the region that ever have racks. A place of no region counts: small scenarios tell none.
  void add_sites() {
    const Table& names = tables_.at("names");
    const Table& capacity = tables_.at("capacity");
    const auto belts = belts_of(tables_);
    for (std::size_t i = 0; i < capacity.row_count(); ++i) {
      const std::string& place = capacity.column("place").texts()[i];
      if (rack_of(capacity.column("capacity").texts()[i]).empty()) continue;
      if (std::ranges::find(out_.fleet.sites, place, &FleetSite::name) != out_.fleet.sites.end()) continue;
      FleetSite site{.name = place, .title = place, .title_ko = place};
      if (const int64_t found = name_row(place); found >= 0) {
        const auto row = static_cast<std::size_t>(found);
        const std::string& region = names.column("region").texts()[row];
        if (!region.empty() && region != out_.service.region) continue;
        if (const std::string& title = names.column("title").texts()[row]; !title.empty()) site.title = title;
        if (const std::string& title = names.column("title_ko").texts()[row]; !title.empty()) site.title_ko = title;
        site.at = {names.column("latitude").numbers()[row], names.column("longitude").numbers()[row]};
        if (std::isnan(site.at.latitude) || std::isnan(site.at.longitude)) site.at = {};
      }
      if (const auto belt = belts.find(site.name); belt != belts.end()) site.group = belt->second;
      site.pue = std::max(1.0, tables_.measure("sites", "pue", site.name));
      out_.fleet.sites.push_back(std::move(site));
    }
    std::ranges::sort(out_.fleet.sites, {}, &FleetSite::name);
  }

  Outcome<void> add_racks() {
    const Table& rows = tables_.at("capacity");
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      const std::string rack = rack_of(rows.column("capacity").texts()[i]);
      const double count = rows.column("online").numbers()[i];
      if (rack.empty() || rows.column("period").texts()[i] != month_ || !(count > 1e-6)) continue;
      const auto site = std::ranges::find(out_.fleet.sites, rows.column("place").texts()[i], &FleetSite::name);
      if (site == out_.fleet.sites.end()) continue;
      const auto hardware = perf::find_rack(rack);
      if (!hardware) return std::unexpected(hardware.error());
      auto known = std::ranges::find(out_.fleet.racks, rack, &RackKind::name);
      if (known == out_.fleet.racks.end()) {
        out_.fleet.racks.push_back({rack, hardware->accelerators, base_power_W(*hardware)});
        known = std::prev(out_.fleet.racks.end());
      }
      site->racks.push_back({static_cast<int32_t>(known - out_.fleet.racks.begin()), count});
      site->auxiliary_share = std::max(site->auxiliary_share, tables_.input("rack." + rack + ".auxiliary_share", 0));
    }
    std::erase_if(out_.fleet.sites, [](const FleetSite& site) { return site.racks.empty(); });
    return {};
  }

  void read_service() {
    PlannedService& service = out_.service;
    service.tokens_per_s = tables_.measure("services", "tokens", service.region) * 1e6;
    service.tokens_from_elsewhere = 0;
    const Table& rows = tables_.at("services");
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      const std::string& measure = rows.column("measure").texts()[i];
      if (measure.starts_with("tokens_from_") && rows.column("period").texts()[i] == month_ &&
          rows.column("place").texts()[i] == service.region)
        service.tokens_from_elsewhere += rows.column("value").numbers()[i] * 1e6;
      if (measure == "tokens" && rows.column("place").texts()[i] == service.region) {
        service.peak_to_mean =
            std::max(service.peak_to_mean, tables_.input(rows.column("entry").texts()[i] + ".peak_to_mean", 1));
      }
    }
    const double serving = tables_.measure("services", "inference_compute", service.region);
    const double other = tables_.measure("services", "training_compute", service.region) +
                         tables_.measure("services", "public_compute", service.region);
    // the plan's figures are means; the busiest hour needs the peak of it
    if (serving > 0) service.serving_share = std::min(1.0, serving * service.peak_to_mean / (serving + other));
  }

  /// What its connection brings, if the plan has one for it.
  void add_cap(FleetSite& site) const {
    const Table& rows = tables_.at("capacity");
    double connected_MW = 0;
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      if (rows.column("period").texts()[i] == month_ && rows.column("place").texts()[i] == site.name &&
          rows.column("kind").texts()[i] == "connection")
        connected_MW += rows.column("online").numbers()[i];
    }
    if (connected_MW > 0) site.cap_MW.assign(24, connected_MW);
  }

  void add_training() {
    const double training = 1 - out_.service.serving_share;
    if (training < 0.02) return;
    for (std::size_t s = 0; s < out_.fleet.sites.size(); ++s) {
      for (const SiteRacks& racks : out_.fleet.sites[s].racks) {
        for (int j = 0; j < kTrainingJobs; ++j) {
          out_.fleet.jobs.push_back(
              {.name = fmt::format("training_{}_{}_{}", out_.fleet.sites[s].name,
                                   out_.fleet.racks[static_cast<std::size_t>(racks.rack)].name, j + 1),
               .site = static_cast<int32_t>(s),
               .rack = racks.rack,
               .racks = racks.count * training / kTrainingJobs,
               .work_h = 10'000});
        }
      }
    }
  }

  const RunTables& tables_;
  const RunFleetOptions& options_;
  std::string month_;
  RunFleet out_;
};

}  // namespace

Outcome<RunFleet> fleet_of_run(const std::filesystem::path& run_folder, const RunFleetOptions& options) {
  RunTables tables(run_folder, to_string(options.month));
  if (auto opened = tables.open(); !opened) return std::unexpected(opened.error());
  return RunFleetMaker(tables, options).make();
}

}  // namespace beltline::serving
