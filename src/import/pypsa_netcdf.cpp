// PyPSA's netCDF files: dimensions "generators_i" and "snapshots", variables "generators_p_nom" [component] and
// "generators_t_p_max_pu" [snapshot, component] with the names of their components in "generators_t_p_max_pu_i".
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <limits>

#include <fmt/format.h>
#include <netcdf.h>

#include "base/calendar.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/draft.h"
#include "import/pypsa_source.h"

namespace beltline::pypsa {
namespace {

constexpr std::size_t kValuesMax = 200'000'000;

/// A netCDF file that is open, with one answer for "not there" and "not as it should be".
class File {
 public:
  explicit File(const std::filesystem::path& path) { good_ = nc_open(path.c_str(), NC_NOWRITE, &id_) == NC_NOERR; }
  ~File() {
    if (good_) nc_close(id_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::vector<std::string> variables() const {
    int count = 0;
    if (nc_inq_nvars(id_, &count) != NC_NOERR) return {};
    std::vector<std::string> names;
    for (int v = 0; v < count; ++v) {
      std::array<char, NC_MAX_NAME + 1> name{};
      if (nc_inq_varname(id_, v, name.data()) == NC_NOERR) names.emplace_back(name.data());
    }
    return names;
  }

  /// Sizes of the variable's dimensions; nothing where it is not there, or too large.
  [[nodiscard]] std::optional<std::vector<std::size_t>> shape(const std::string& name) const {
    int variable = 0;
    int count = 0;
    if (nc_inq_varid(id_, name.c_str(), &variable) != NC_NOERR) return std::nullopt;
    if (nc_inq_varndims(id_, variable, &count) != NC_NOERR || count < 0 || count > 4) return std::nullopt;
    std::vector<int> ids(static_cast<std::size_t>(count));
    if (nc_inq_vardimid(id_, variable, ids.data()) != NC_NOERR) return std::nullopt;
    std::vector<std::size_t> sizes;
    std::size_t all = 1;
    for (const int id : ids) {
      std::size_t size = 0;
      if (nc_inq_dimlen(id_, id, &size) != NC_NOERR || size > kValuesMax) return std::nullopt;
      sizes.push_back(size);
      all *= std::max<std::size_t>(1, size);
      if (all > kValuesMax) return std::nullopt;
    }
    return sizes;
  }

  /// Numbers of a variable, its fill value as NaN; nothing where it is text.
  [[nodiscard]] std::optional<std::vector<double>> numbers(const std::string& name) const {
    const auto sizes = shape(name);
    int variable = 0;
    nc_type type = 0;
    if (!sizes || nc_inq_varid(id_, name.c_str(), &variable) != NC_NOERR) return std::nullopt;
    if (nc_inq_vartype(id_, variable, &type) != NC_NOERR || type == NC_CHAR || type == NC_STRING) return std::nullopt;
    std::size_t count = 1;
    for (const std::size_t size : *sizes) count *= size;
    std::vector<double> values(count);
    if (count > 0 && nc_get_var_double(id_, variable, values.data()) != NC_NOERR) return std::nullopt;
    double fill = std::numeric_limits<double>::quiet_NaN();
    if (nc_get_att_double(id_, variable, "_FillValue", &fill) == NC_NOERR) {
      for (double& value : values) {
        if (value == fill) value = std::numeric_limits<double>::quiet_NaN();
      }
    }
    return values;
  }

  /// Texts of a variable: strings, or rows of characters as netCDF 3 has them.
  [[nodiscard]] std::optional<std::vector<std::string>> texts(const std::string& name) const {
    const auto sizes = shape(name);
    int variable = 0;
    nc_type type = 0;
    if (!sizes || nc_inq_varid(id_, name.c_str(), &variable) != NC_NOERR) return std::nullopt;
    if (nc_inq_vartype(id_, variable, &type) != NC_NOERR) return std::nullopt;
    if (type == NC_STRING) return strings(variable, *sizes);
    if (type == NC_CHAR && sizes->size() == 2) return rows(variable, (*sizes)[0], (*sizes)[1]);
    return std::nullopt;
  }

  /// A text attribute of a variable, or of the file where the variable's name is empty.
  [[nodiscard]] std::string attribute(const std::string& variable_name, const char* name) const {
    int variable = NC_GLOBAL;
    if (!variable_name.empty() && nc_inq_varid(id_, variable_name.c_str(), &variable) != NC_NOERR) return {};
    nc_type type = 0;
    std::size_t size = 0;
    if (nc_inq_att(id_, variable, name, &type, &size) != NC_NOERR || size == 0 || size > 4096) return {};
    if (type == NC_CHAR) {
      std::string text(size, '\0');
      return nc_get_att_text(id_, variable, name, text.data()) == NC_NOERR ? text : std::string();
    }
    if (type != NC_STRING || size != 1) return {};
    char* pointer = nullptr;
    if (nc_get_att_string(id_, variable, name, &pointer) != NC_NOERR || pointer == nullptr) return {};
    std::string text = pointer;
    nc_free_string(1, &pointer);
    return text;
  }

 private:
  [[nodiscard]] std::optional<std::vector<std::string>> strings(int variable,
                                                                const std::vector<std::size_t>& sizes) const {
    std::size_t count = 1;
    for (const std::size_t size : sizes) count *= size;
    std::vector<char*> pointers(count, nullptr);
    if (count > 0 && nc_get_var_string(id_, variable, pointers.data()) != NC_NOERR) return std::nullopt;
    std::vector<std::string> out;
    for (const char* pointer : pointers) out.emplace_back(pointer == nullptr ? "" : pointer);
    if (count > 0) nc_free_string(count, pointers.data());
    return out;
  }
  [[nodiscard]] std::optional<std::vector<std::string>> rows(int variable, std::size_t count, std::size_t width) const {
    std::string all(count * width, '\0');
    if (!all.empty() && nc_get_var_text(id_, variable, all.data()) != NC_NOERR) return std::nullopt;
    std::vector<std::string> out;
    for (std::size_t row = 0; row < count; ++row) {
      std::string text = all.substr(row * width, width);
      text.resize(text.find_last_not_of(std::string_view("\0 ", 2)) + 1);
      out.push_back(std::move(text));
    }
    return out;
  }

  int id_ = -1;
  bool good_ = false;
};

class Reader {
 public:
  Reader(const File& file, SourceFiles& files, Diagnostics& diagnostics, const std::string& path)
      : file_(file), diagnostics_(diagnostics), origin_{.file = files.add(path, "")} {}

  Source read() {
    source_.name = file_.attribute("", "network_name");
    if (source_.name.empty()) source_.name = file_.attribute("", "name");
    read_snapshots();
    read_periods();
    complete(source_);
    const std::vector<std::string> variables = file_.variables();
    for (const std::string_view list : list_names()) {
      if (const auto names = file_.texts(fmt::format("{}_i", list))) {
        read_list(list, *names, variables);
      } else if (const auto numbers = file_.numbers(fmt::format("{}_i", list))) {
        std::vector<std::string> texts;
        for (const double value : *numbers) texts.push_back(fmt::format("{}", value));
        read_list(list, texts, variables);
      }
    }
    return std::move(source_);
  }

 private:
  void refuse(const std::string& variable, std::string expected) {
    diagnostics_.add({.code = Code::file_syntax,
                      .origin = origin_,
                      .message = fmt::format("variable '{}' cannot be read", printable(variable)),
                      .expected = std::move(expected),
                      .help = "export the network again with export_to_netcdf"});
  }

  /// "hours since 2015-01-01" and a number as a date.
  [[nodiscard]] static std::string date(double value, const std::string& unit) {
    constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"days", 86400},
                                                                         {"hours", 3600},
                                                                         {"minutes", 60},
                                                                         {"seconds", 1},
                                                                         {"milliseconds", 1e-3},
                                                                         {"microseconds", 1e-6},
                                                                         {"nanoseconds", 1e-9},
                                                                         {"weeks", 604800}}};
    const std::size_t since = unit.find(" since ");
    const auto known =
        std::ranges::find(kUnits, std::string_view(unit).substr(0, since), &std::pair<std::string_view, double>::first);
    if (since == std::string::npos || known == kUnits.end()) return exact(value);
    std::tm begin{};
    const std::string text = unit.substr(since + 7);
    if (strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &begin) == nullptr &&
        strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &begin) == nullptr) {
      begin = {};
      if (strptime(text.c_str(), "%Y-%m-%d", &begin) == nullptr) return exact(value);
    }
    const std::time_t seconds = timegm(&begin) + static_cast<std::time_t>(std::llround(value * known->second));
    std::tm when{};
    gmtime_r(&seconds, &when);
    std::array<char, 32> out{};
    std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S", &when);
    return out.data();
  }

  [[nodiscard]] std::optional<std::vector<std::string>> labels(const std::string& variable) const {
    if (auto texts = file_.texts(variable)) return texts;
    const auto numbers = file_.numbers(variable);
    if (!numbers) return std::nullopt;
    const std::string unit = file_.attribute(variable, "units");
    std::vector<std::string> out;
    for (const double value : *numbers) out.push_back(unit.empty() ? exact(value) : date(value, unit));
    return out;
  }

  void read_snapshots() {
    Snapshots& out = source_.snapshots;
    for (const char* const name : {"snapshots_timestep", "timestep", "snapshots_snapshot", "snapshots"}) {
      if (auto found = labels(name)) {
        out.labels = std::move(*found);
        break;
      }
    }
    for (const char* const name : {"snapshots_period", "period"}) {
      const auto found = file_.numbers(name);
      if (!found || found->size() != out.labels.size()) continue;
      for (const double year : *found) out.periods.push_back(static_cast<int>(year));
      break;
    }
    for (const auto& [name, weights] : {std::pair{"objective", &out.objective}, std::pair{"stores", &out.stores},
                                        std::pair{"generators", &out.generators}}) {
      auto found = file_.numbers(fmt::format("snapshots_{}", name));
      if (!found) found = file_.numbers("snapshots_weightings");
      if (found && found->size() == out.labels.size()) *weights = std::move(*found);
    }
  }

  void read_periods() {
    auto years = file_.numbers("investment_periods");
    if (!years) years = file_.numbers("investment_periods_i");
    if (!years) years = file_.numbers("investment_periods_period");
    if (!years) return;
    const auto objective = file_.numbers("investment_periods_objective");
    const auto lengths = file_.numbers("investment_periods_years");
    for (std::size_t i = 0; i < years->size(); ++i) {
      Period period{.year = static_cast<int>((*years)[i])};
      if (objective && i < objective->size()) period.objective = (*objective)[i];
      if (lengths && i < lengths->size()) period.years = (*lengths)[i];
      source_.periods.push_back(period);
    }
  }

  void read_list(std::string_view list, const std::vector<std::string>& names,
                 const std::vector<std::string>& variables) {
    Component component{.list = std::string(list), .names = {}, .columns = {}, .column_origins = {}};
    for (const std::string& name : names) component.names.push_back({name, origin_});
    const std::string prefix = fmt::format("{}_", list);
    const std::string varying = fmt::format("{}_t_", list);
    for (const std::string& variable : variables) {
      if (variable.starts_with(varying)) {
        if (!variable.ends_with("_i")) read_series(component, variable, variable.substr(varying.size()));
      } else if (variable.starts_with(prefix) && variable != prefix + "i" && !is_of_longer_list(variable, list)) {
        read_column(component, variable, variable.substr(prefix.size()));
      }
    }
    source_.lists[component.list] = std::move(component);
  }

  /// "line_types_r" is not an attribute of a list "line".
  static bool is_of_longer_list(std::string_view variable, std::string_view list) {
    return std::ranges::any_of(list_names(), [&](std::string_view other) {
      return other.size() > list.size() && other.starts_with(list) && variable.starts_with(fmt::format("{}_", other));
    });
  }

  void read_column(Component& component, const std::string& variable, const std::string& attribute) {
    std::vector<std::string> texts;
    if (const auto found = file_.texts(variable)) {
      texts = *found;
    } else if (const auto numbers = file_.numbers(variable)) {
      for (const double value : *numbers) texts.push_back(std::isnan(value) ? "" : exact(value));
    }
    if (texts.size() != component.names.size()) {
      refuse(variable, fmt::format("{} texts or numbers", component.names.size()));
      return;
    }
    std::vector<Cell>& cells = component.columns[attribute];
    for (std::string& text : texts) cells.push_back({text == "nan" ? "" : std::move(text), origin_});
    component.column_origins[attribute] = origin_;
  }

  void read_series(Component& component, const std::string& variable, const std::string& attribute) {
    const auto names = labels(variable + "_i");
    const auto shape = file_.shape(variable);
    const auto values = file_.numbers(variable);
    const std::size_t count = source_.snapshot_count();
    if (!names || !shape || !values || shape->size() != 2 || (*shape)[0] != count || (*shape)[1] != names->size()) {
      refuse(variable, fmt::format("numbers by snapshot ({}) and component", count));
      return;
    }
    component.series_origins[attribute] = origin_;
    for (std::size_t c = 0; c < names->size(); ++c) {
      std::vector<double>& column = component.series[attribute][(*names)[c]];
      for (std::size_t s = 0; s < count; ++s) column.push_back((*values)[s * names->size() + c]);
    }
  }

  const File& file_;
  Diagnostics& diagnostics_;
  Origin origin_;
  Source source_;
};

}  // namespace

std::optional<Source> read_netcdf(const std::filesystem::path& path, SourceFiles& files, Diagnostics& diagnostics) {
  const File file(path);
  const bool is_network = file.good() && file.shape("buses_i");
  if (!is_network) {
    diagnostics.add({.code = Code::file_syntax,
                     .origin = {},
                     .message = fmt::format("'{}' is no network in netCDF", printable(path.string(), 4096)),
                     .expected = "a file with buses, as PyPSA's export_to_netcdf writes it",
                     .help = "export the network again, or name a folder of CSV files"});
    return std::nullopt;
  }
  return Reader(file, files, diagnostics, path.filename().string()).read();
}

}  // namespace beltline::pypsa
