#include "import/matpower_profile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/source.h"
#include "scenario/csv.h"
#include "scenario/limits.h"
#include "table/files.h"

namespace beltline::matpower {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHoursMax = 8784;

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// Rows of a CSV file by the names of its columns, in whatever case they are written.
class Rows {
 public:
  /// Nothing to read, after saying why, where a column of `needed` is missing.
  Rows(const fs::path& path, const std::vector<std::string>& needed, Imported& out) : out_(out) {
    const auto file = read_source(path, out, TextKind::any);
    if (!file) return;
    text_ = out.files[*file].text;
    table_ = parse_csv(text_, *file, out.diagnostics);
    if (!table_) return;
    for (const std::string& name : needed) {
      if (find(name)) continue;
      out.diagnostics.add({.code = Code::csv_missing_column,
                           .origin = table_->header.front().origin,
                           .message = fmt::format("the file has no column '{}'", name),
                           .expected = listing(needed),
                           .help = "name the columns in the first line"});
      good_ = false;
    }
    if (!good_) table_.reset();
  }

  [[nodiscard]] std::size_t count() const { return table_ ? table_->row_count() : 0; }
  [[nodiscard]] bool good() const { return table_.has_value() && good_; }
  [[nodiscard]] const std::vector<CsvHeader>& header() const { return table_->header; }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t k = 0; k < table_->header.size(); ++k) {
      if (lower_case(table_->header[k].key) == lower_case(std::string(name))) return k;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string text(std::size_t row, std::string_view name) const {
    const auto column = find(name);
    return column ? table_->value(table_->cell(row, *column)) : std::string();
  }

  double number(std::size_t row, std::string_view name) { return number_at(row, *find(name)); }

  /// A finite number; 0 after a fault.
  double number_at(std::size_t row, std::size_t column) {
    const std::string cell = table_->value(table_->cell(row, column));
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc() && end == cell.data() + cell.size() && std::isfinite(value)) return value;
    refuse(row, column, "a cell is no number", "a number", "write a number such as 12.5");
    return 0;
  }

  /// A whole number from 1 to `most`; 0 after a fault.
  std::size_t whole(std::size_t row, std::string_view name, std::size_t most) {
    const std::size_t column = *find(name);
    const double value = number_at(row, column);
    if (value >= 1 && value <= static_cast<double>(most) && value == std::floor(value)) {
      return static_cast<std::size_t>(value);
    }
    refuse(row, column, "a cell counts nothing", fmt::format("a whole number from 1 to {}", most),
           "correct the number");
    return 0;
  }

  void refuse(std::size_t row, std::size_t column, std::string message, std::string expected, std::string help) {
    const CsvCell& cell = table_->cell(row, column);
    out_.diagnostics.add({.code = Code::csv_bad_value,
                          .origin = table_->origin(cell),
                          .message = std::move(message),
                          .found = printable(table_->value(cell)),
                          .expected = std::move(expected),
                          .help = std::move(help)});
    good_ = false;
  }
  void refuse(std::size_t row, std::string_view name, std::string message, std::string expected, std::string help) {
    refuse(row, *find(name), std::move(message), std::move(expected), std::move(help));
  }

 private:
  Imported& out_;
  std::string text_;
  std::optional<CsvTable> table_;
  bool good_ = true;
};

/// [item][hour] as rows (hour, item, value) give them; every item has every hour once.
class Grid {
 public:
  explicit Grid(std::size_t items) : values_(items) {}

  void put(Rows& rows, std::size_t row, std::size_t hour, std::size_t item, double value) {
    if (hour == 0) return;
    std::vector<double>& line = values_[item];
    if (line.size() < hour) line.resize(hour, kMissing);
    hours_ = std::max(hours_, hour);
    if (!std::isnan(line[hour - 1])) {
      rows.refuse(row, "hour", "an hour is told twice", "each hour once", "take one of the rows out");
    }
    line[hour - 1] = value;
  }

  [[nodiscard]] std::size_t hours() const { return hours_; }

  /// Whether nothing is missing; `name` says of whom an hour is: "nothing in hour 3 of bus 5".
  bool complete(const fs::path& path, Imported& out, const std::function<std::string(std::size_t, std::size_t)>& name) {
    std::size_t missing = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values_[i].resize(hours_, kMissing);
      const auto gap = std::ranges::find_if(values_[i], [](double x) { return std::isnan(x); });
      if (gap == values_[i].end() || ++missing > 10) continue;
      out.diagnostics.add({.code = Code::csv_bad_value,
                           .message = fmt::format("'{}' lacks hours", printable(path.filename().string())),
                           .found = name(i, static_cast<std::size_t>(gap - values_[i].begin()) + 1),
                           .expected = fmt::format("all hours from 1 to {}", hours_),
                           .help = "add its rows"});
    }
    return missing == 0;
  }

  std::vector<std::vector<double>> take() { return std::move(values_); }

 private:
  static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::vector<double>> values_;
  std::size_t hours_ = 0;
};

using BusIndex = std::unordered_map<int64_t, std::size_t>;

BusIndex index_of(const Network& network) {
  BusIndex index;
  for (std::size_t b = 0; b < network.buses.size(); ++b) index.emplace(network.buses[b].number, b);
  return index;
}

/// The bus of a row; nothing where the case has none in service by that number.
std::optional<std::size_t> bus_of(Rows& rows, std::size_t row, const BusIndex& index) {
  const std::size_t number = rows.whole(row, "bus_id", 1'000'000'000'000);
  const auto found = index.find(static_cast<int64_t>(number));
  if (found == index.end()) return std::nullopt;
  return found->second;
}

auto gap_of_bus(const Network& network) {
  return [&network](std::size_t b, std::size_t hour) {
    return fmt::format("nothing in hour {} of bus {}", hour, network.buses[b].number);
  };
}

bool set_hours(std::size_t hours, const fs::path& path, Imported& out, Surroundings& around, bool& known) {
  if (hours == 0 || (known && static_cast<std::size_t>(around.hours) != hours)) {
    out.diagnostics.add({.code = Code::series_length,
                         .message = fmt::format("'{}' has another number of hours", path.filename().string()),
                         .found = fmt::format("{} hours", hours),
                         .expected = known ? fmt::format("{} hours, as the other files have", around.hours)
                                           : std::string("at least one hour"),
                         .help = "take files of the same day"});
    return false;
  }
  known = true;
  around.hours = static_cast<int>(hours);
  return true;
}

bool read_demand(const Sources& sources, const Network& network, Imported& out, Surroundings& around, bool& known) {
  Rows rows(sources.demand, {"hour", "bus_id", "demandP"}, out);
  const BusIndex index = index_of(network);
  Grid grid(network.buses.size());
  for (std::size_t row = 0; row < rows.count(); ++row) {
    const std::size_t hour = rows.whole(row, "hour", kHoursMax);
    const double mw = rows.number(row, "demandP");
    if (const auto bus = bus_of(rows, row, index)) {
      grid.put(rows, row, hour, *bus, mw);
    } else if (mw != 0) {
      rows.refuse(row, "bus_id", "there is no such bus in service", "a bus of mpc.bus",
                  "correct the number, or add the bus to the case");
    }
  }
  if (!rows.good() || !grid.complete(sources.demand, out, gap_of_bus(network))) return false;
  if (!set_hours(grid.hours(), sources.demand, out, around, known)) return false;
  around.loads = grid.take();
  // Gs is part of the load in every hour
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    for (double& mw : around.loads[b]) mw += network.buses[b].shunt_mw;
  }
  return true;
}

struct Standing {
  std::string kind;
  std::size_t bus = 0;
  double mw = 0;
};

bool read_capacities(const Sources& sources, const Network& network, Imported& out, std::vector<Standing>& standing) {
  const BusIndex index = index_of(network);
  bool good = true;
  for (const fs::path& path : sources.capacities) {
    Rows rows(path, {"bus_id", "Type", "Pmax"}, out);
    good = good && rows.good();
    for (std::size_t row = 0; row < rows.count(); ++row) {
      const double mw = rows.number(row, "Pmax");
      const auto bus = bus_of(rows, row, index);
      const std::string kind = lower_case(rows.text(row, "Type"));
      const bool is_word = !kind.empty() && std::ranges::all_of(kind, [](char c) { return c >= 'a' && c <= 'z'; });
      if (!is_word) rows.refuse(row, "Type", "a type is no word", "solar, wind or hydro", "write one word");
      if (mw < 0) rows.refuse(row, "Pmax", "a capacity is negative", "0 or more", "correct the number");
      if (mw > 0 && !bus) {
        rows.refuse(row, "bus_id", "there is no such bus in service", "a bus of mpc.bus",
                    "correct the number, or add the bus to the case");
      }
      if (mw > 0 && bus && is_word) standing.push_back({kind, *bus, mw});
      good = good && rows.good();
    }
  }
  return good;
}

/// The column that says how much of a kind may run: KIND_profile_ratio, pv for solar.
std::string profile_column(const std::string& kind) {
  return fmt::format("{}_profile_ratio", kind == "solar" ? "pv" : kind);
}

bool read_renewables(const Sources& sources, const Network& network, Imported& out, Surroundings& around, bool& known) {
  std::vector<Standing> standing;
  if (!read_capacities(sources, network, out, standing)) return false;
  std::set<std::string> kinds;
  std::vector<std::string> needed{"hour", "bus_id"};
  for (const Standing& each : standing) {
    if (kinds.insert(each.kind).second) needed.push_back(profile_column(each.kind));
  }
  Rows rows(sources.renewables, needed, out);
  if (!rows.good()) return false;
  const BusIndex index = index_of(network);
  for (const std::string& kind : kinds) {
    Grid grid(network.buses.size());
    const std::string column = profile_column(kind);
    for (std::size_t row = 0; row < rows.count(); ++row) {
      const double share = rows.number(row, column);
      if (share < 0) rows.refuse(row, column, "a share is negative", "0 or more", "correct the number");
      const auto bus = bus_of(rows, row, index);
      if (bus) grid.put(rows, row, rows.whole(row, "hour", kHoursMax), *bus, share);
    }
    if (!rows.good() || !grid.complete(sources.renewables, out, gap_of_bus(network))) return false;
    if (!set_hours(grid.hours(), sources.renewables, out, around, known)) return false;
    const auto shares = grid.take();
    std::map<std::size_t, double> stands;  // several plants of a kind at a bus are one
    for (const Standing& each : standing) {
      if (each.kind == kind) stands[each.bus] += each.mw;
    }
    for (const auto& [bus, mw] : stands) {
      Renewable renewable{.kind = kind, .bus = bus, .most_mw = shares[bus]};
      for (double& share : renewable.most_mw) share *= mw;
      around.renewables.push_back(std::move(renewable));
    }
  }
  return true;
}

bool read_places(const Sources& sources, Imported& out, Surroundings& around) {
  Rows rows(sources.coordinates, {"bus_id", "Latitude", "Longitude"}, out);
  for (std::size_t row = 0; row < rows.count(); ++row) {
    BusPlace place;
    place.bus = static_cast<int64_t>(rows.whole(row, "bus_id", 1'000'000'000'000));
    place.latitude = rows.number(row, "Latitude");
    place.longitude = rows.number(row, "Longitude");
    if (std::abs(place.latitude) > 90) {
      rows.refuse(row, "Latitude", "a latitude is off the globe", "from -90 to 90", "write degrees north");
    }
    if (std::abs(place.longitude) > 180) {
      rows.refuse(row, "Longitude", "a longitude is off the globe", "from -180 to 180", "write degrees east");
    }
    place.title = rows.text(row, "name_English");
    place.title_ko = rows.text(row, "name_Korean");
    around.places.push_back(std::move(place));
  }
  return rows.good();
}

/// The files of a KPG 193 release.
bool find_release(const fs::path& folder, const ImportOptions& options, Diagnostics& diagnostics, Sources& out) {
  std::error_code error;
  std::vector<fs::path> cases;
  for (const fs::path& place : {folder / "network" / "m", folder}) {
    for (fs::directory_iterator at(place, error), end; !error && at != end; at.increment(error)) {
      if (at->path().extension() == ".m") cases.push_back(at->path());
    }
    if (!cases.empty()) break;
  }
  if (cases.size() != 1) {
    diagnostics.add({.code = Code::file_unreadable,
                     .message = fmt::format("'{}' holds {} case files", printable(folder.string()), cases.size()),
                     .expected = "one file *.m in it or in its network/m",
                     .help = "name the case file itself"});
    return false;
  }
  out.case_file = cases.front();
  std::vector<fs::path> coordinates;
  for (fs::directory_iterator at(folder / "network" / "metadata" / "bus_metadata", error), end; !error && at != end;
       at.increment(error)) {
    coordinates.push_back(at->path());
  }
  if (coordinates.size() == 1) out.coordinates = coordinates.front();
  const auto day = options.find("day");
  if (day == options.end()) return true;
  const fs::path profile = folder / "profile";
  out.demand = profile / "demand" / fmt::format("demand_{}.csv", day->second);
  out.renewables = profile / "renewables" / fmt::format("renewables_{}.csv", day->second);
  out.commitment = profile / "commitment_decision" / fmt::format("commitment_decision_{}.csv", day->second);
  for (fs::directory_iterator at(folder / "renewables_capacity", error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".csv") out.capacities.push_back(at->path());
  }
  std::ranges::sort(out.capacities);
  return true;
}

}  // namespace

std::optional<Sources> find_sources(const fs::path& source, const ImportOptions& options, Diagnostics& diagnostics) {
  Sources out{.case_file = source};
  std::error_code error;
  const bool is_folder = fs::is_directory(source, error);
  if (is_folder && !find_release(source, options, diagnostics, out)) return std::nullopt;
  const auto day = options.find("day");
  const bool is_number = day != options.end() && !day->second.empty() && day->second.size() <= 3 &&
                         std::ranges::all_of(day->second, [](char c) { return c >= '0' && c <= '9'; });
  if (day != options.end() && !(is_folder && is_number)) {
    diagnostics.add({.code = Code::bad_choice,
                     .message = "a day is one of a folder's profiles",
                     .found = printable(day->second),
                     .expected = "a KPG 193 folder, and a day from 1 to 365",
                     .help = "write --day 105, or name the files by --demand and --renewables"});
    return std::nullopt;
  }
  const auto named = [&](const char* option, fs::path& path) {
    if (const auto found = options.find(option); found != options.end()) path = found->second;
  };
  named("demand", out.demand);
  named("renewables", out.renewables);
  named("commitment", out.commitment);
  named("coordinates", out.coordinates);
  if (const auto found = options.find("renewable-capacity"); found != options.end()) {
    out.capacities.clear();
    std::string_view rest = found->second;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      out.capacities.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  if (out.renewables.empty() == out.capacities.empty()) return out;
  diagnostics.add({.code = Code::missing_key,
                   .message = "renewables need a profile and what stands",
                   .found = out.renewables.empty() ? "no profile" : "no capacities",
                   .expected = "--renewables and --renewable-capacity",
                   .help = "name both, or neither"});
  return std::nullopt;
}

std::optional<std::vector<std::vector<double>>> read_commitment(const Sources& sources, Case& into, Imported& out) {
  if (sources.commitment.empty()) return std::vector<std::vector<double>>();
  Rows rows(sources.commitment, {"hour", "generator_id", "status"}, out);
  Grid grid(into.gen.rows);
  for (std::size_t row = 0; row < rows.count(); ++row) {
    const std::size_t hour = rows.whole(row, "hour", kHoursMax);
    const std::size_t generator = rows.whole(row, "generator_id", into.gen.rows);
    const double status = rows.number(row, "status");
    if (status != 0 && status != 1)
      rows.refuse(row, "status", "a status is neither on nor off", "0 or 1", "write 0 or 1");
    if (generator > 0) grid.put(rows, row, hour, generator - 1, status);
  }
  const auto gap = [](std::size_t g, std::size_t hour) {
    return fmt::format("nothing in hour {} of generator {}", hour, g + 1);
  };
  if (!rows.good() || !grid.complete(sources.commitment, out, gap)) return std::nullopt;
  auto committed = grid.take();
  for (std::size_t g = 0; g < into.gen.rows; ++g) {
    const bool is_on = std::ranges::any_of(committed[g], [](double x) { return x > 0; });
    into.gen.numbers[g * into.gen.columns + column::kGenStatus] = is_on ? 1 : 0;
  }
  return committed;
}

bool read_profiles(const Sources& sources, const Network& network, const std::vector<std::vector<double>>& committed,
                   Imported& out, Surroundings& around) {
  bool known = false;
  bool good = true;
  if (!sources.demand.empty()) good = read_demand(sources, network, out, around, known) && good;
  if (!sources.renewables.empty()) good = read_renewables(sources, network, out, around, known) && good;
  if (!committed.empty()) {
    good = set_hours(committed.front().size(), sources.commitment, out, around, known) && good;
    for (const Generator& generator : network.generators) around.committed.push_back(committed[generator.row]);
  }
  if (!sources.coordinates.empty()) good = read_places(sources, out, around) && good;
  return good;
}

}  // namespace beltline::matpower
