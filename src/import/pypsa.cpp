#include "import/pypsa.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "base/calendar.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/pypsa_network.h"
#include "import/pypsa_source.h"

namespace beltline {
namespace {

using namespace pypsa;

std::optional<Source> read_source(const std::filesystem::path& path, Imported& out) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return read_csv_folder(path, out.files, out.diagnostics);
  if (std::filesystem::is_regular_file(path, error)) return read_netcdf(path, out.files, out.diagnostics);
  out.diagnostics.add({.code = Code::file_unreadable,
                       .origin = {},
                       .message = fmt::format("'{}' is neither a folder of CSV files nor a netCDF file",
                                              printable(path.string(), 4096)),
                       .expected = "what PyPSA's export_to_csv_folder or export_to_netcdf writes",
                       .help = "check the path"});
  return std::nullopt;
}

/// How the levels of stores carry over between investment periods decides which snapshots follow each other.
class Calendars {
 public:
  explicit Calendars(Network& n) : n_(n) {}

  void write() {
    const std::size_t count = n_.count();
    const Snapshots& s = n_.source().snapshots;
    const std::string& first = s.labels[0];
    const auto month = parse_month(std::string_view(first).substr(0, std::min<std::size_t>(7, first.size())));
    int year = month ? month->year : 2030;
    if (n_.has_periods()) year = n_.source().periods[0].year;
    year = std::clamp(year, 1900, 2200);
    Fields& calendar = n_.draft.single("calendar");
    calendar.text("start", fmt::format("{:04}-{:02}", year, month ? month->month : 1));
    calendar.whole("periods", 1).whole("months_per_period", 12).whole("slices", static_cast<int64_t>(count));
    calendar.series("slice_hours", {n_.hours(), "h", "slice", "snapshots", "objective"});
    check_lengths();
    calendar.series("step_hours", {s.stores, "h", "slice", "snapshots", "stores"});
    if (const std::size_t group = group_size(); group != count)
      calendar.whole("group_size", static_cast<int64_t>(group));
    n_.draft.single("money").whole("base_year", year);
  }

 private:
  void check_lengths() const {
    const auto bad = std::ranges::find_if(n_.source().snapshots.stores, [](double v) { return !(v > 0); });
    if (bad == n_.source().snapshots.stores.end()) return;
    n_.diagnostics().add({.code = Code::out_of_range,
                          .origin = {},
                          .message = fmt::format("the weighting stores of a snapshot is {}", *bad),
                          .expected = "more than 0",
                          .help = "write how many hours the snapshot lasts"});
  }

  [[nodiscard]] std::size_t group_size() const {
    if (!n_.has_periods()) return n_.count();
    bool within = false;
    const Item* across = nullptr;
    const auto look = [&](std::string_view list, std::string_view cyclic, std::string_view initial) {
      for (const Item& item : n_.items(list)) {
        if (n_.flag(item, cyclic) || n_.flag(item, initial)) {
          within = true;
        } else {
          across = &item;
        }
      }
    };
    look("stores", "e_cyclic_per_period", "e_initial_per_period");
    look("storage_units", "cyclic_state_of_charge_per_period", "state_of_charge_initial_per_period");
    for (const std::string_view list : {"generators", "links"}) {
      for (const Item& item : n_.items(list)) {
        if (n_.flag(item, "committable")) across = &item;
      }
    }
    if (within && across != nullptr) {
      n_.refuse(*across, "name", "states that all carry over between investment periods, or none",
                "let all stores be cyclic or begin anew in each period, or none of them");
    }
    if (across != nullptr) {
      refuse_breaks();
      return n_.count();
    }
    return period_length();
  }

  /// Ramps and delays end with an investment period; where levels go on, they cannot.
  void refuse_breaks() const {
    for (const std::string_view list : {"generators", "links"}) {
      for (const Item& item : n_.items(list)) {
        for (const auto attribute : {"ramp_limit_up", "ramp_limit_down"}) {
          if (std::ranges::any_of(n_.series(item, attribute), [](double v) { return !std::isnan(v); }))
            n_.refuse(item, attribute, "none, where states carry over between investment periods", "leave it out");
        }
        if (list == "links" && n_.number(item, "delay") > 0)
          n_.refuse(item, "delay", "0, where states carry over between investment periods", "leave it out");
      }
    }
  }

  [[nodiscard]] std::size_t period_length() const {
    const std::vector<int>& periods = n_.source().snapshots.periods;
    std::size_t length = 1;
    while (length < periods.size() && periods[length] == periods[0]) ++length;
    for (std::size_t s = 0; s < periods.size(); ++s) {
      if (periods.size() % length == 0 && periods[s] == periods[s - s % length]) continue;
      n_.diagnostics().add(
          {.code = Code::bad_model,
           .origin = {},
           .message = fmt::format("the investment period {} has another number of snapshots", periods[s]),
           .expected = fmt::format("{}, as the first", length),
           .help = "let all periods have as many snapshots"});
      return periods.size();
    }
    return length;
  }

  Network& n_;
};

void write_head(Network& n, const std::filesystem::path& source_path) {
  // "out/" names out
  std::filesystem::path path = source_path.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const Source& source = n.source();
  n.draft.header = fmt::format(
      "Made from the PyPSA network '{}' ({}). A bus is a place, a carrier of buses a commodity; money is "
      "the\nnetwork's "
      "own currency, written as USD. Titles have the names of PyPSA's components.",
      printable(source.name.empty() ? "without a name" : source.name), printable(path.filename().string()));
  n.draft.row_title = "snapshot";
  for (std::size_t s = 0; s < n.count(); ++s) {
    const std::string& label = source.snapshots.labels[s];
    n.draft.row_names.push_back(n.has_periods() ? fmt::format("{} {}", source.snapshots.periods[s], label) : label);
  }
  n.draft.single("scenario").text("title", source.name);
}

}  // namespace

Imported import_pypsa(const std::filesystem::path& path, const ImportOptions&) {
  Imported out;
  const std::optional<Source> source = read_source(path, out);
  if (!source || out.diagnostics.has_errors()) return out;
  Network network(*source, out.diagnostics);
  write_head(network, path);
  Calendars(network).write();
  Fields& objective = network.draft.single("objective");
  objective.text("kind", "min_cost").number("discount_rate", 0);
  convert_buses(network);
  convert_generators(network);
  convert_loads(network);
  convert_links(network);
  convert_branches(network);
  convert_stores(network);
  convert_storage_units(network);
  convert_constraints(network);
  // PyPSA leaves what stands already out of its objective
  if (network.constant_usd() != 0) objective.number("constant", network.constant_usd(), "USD");
  if (!out.diagnostics.has_errors()) out.draft = std::move(network.draft);
  return out;
}

}  // namespace beltline
