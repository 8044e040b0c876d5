#include "import/osemosys_folder.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/source.h"
#include "scenario/csv.h"
#include "scenario/limits.h"
#include "table/files.h"

namespace beltline::osemosys {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kValue = "VALUE";

/// The columns that a parameter's file has, in the order of its subscripts; a set that comes twice is _REGION then.
std::vector<std::string> columns_of(const ParamInfo& info, std::size_t dimension) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < dimension; ++i) {
    std::string name(name_of(info.sets[i]));
    if (std::ranges::find(columns, name) != columns.end()) name.insert(0, "_");
    columns.push_back(std::move(name));
  }
  return columns;
}

/// `default` by parameter, out of the lines "Name:" and "  default: 0" of otoole's configuration; the rest is passed
/// over.
std::map<std::string, double, std::less<>> defaults_of(std::string_view yaml) {
  std::map<std::string, double, std::less<>> defaults;
  std::string name;
  while (!yaml.empty()) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size());
    std::string_view line = yaml.substr(0, end);
    yaml.remove_prefix(std::min(end + 1, yaml.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos || line[start] == '#') continue;
    if (start == 0 && line.ends_with(':')) name = line.substr(0, line.size() - 1);
    line.remove_prefix(start);
    if (start == 0 || !line.starts_with("default:")) continue;
    line.remove_prefix(8);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (const auto number = number_of(line)) defaults[name] = *number;
  }
  return defaults;
}

class FolderReader {
 public:
  FolderReader(const fs::path& folder, Imported& out) : folder_(folder), out_(out) {}

  DataText run() {
    if (fs::exists(folder_ / "config.yaml")) {
      if (const auto file = read_source(folder_ / "config.yaml", out_)) defaults_ = defaults_of(out_.files[*file].text);
    }
    for (std::size_t i = 0; i < kSetCount; ++i) read_set(static_cast<Set>(i));
    for (std::size_t i = 0; i < kParamCount; ++i) read_param(static_cast<Param>(i));
    if (data_.sets.empty() && data_.params.empty()) {
      out_.diagnostics.add(
          {.code = Code::file_unreadable,
           .message = fmt::format("'{}' has no file of a set or parameter of OSeMOSYS", printable(folder_.string())),
           .expected = "files such as REGION.csv and CapitalCost.csv",
           .help = "name the folder that otoole wrote, or a text of data"});
    }
    return std::move(data_);
  }

 private:
  /// The file of that name, cut into cells; nothing if there is none.
  std::optional<CsvTable> table_of(std::string_view name) {
    const fs::path path = folder_ / fmt::format("{}.csv", name);
    if (!fs::exists(path)) return std::nullopt;
    const auto file = read_source(path, out_);
    if (!file) return std::nullopt;
    text_ = out_.files[*file].text;
    return parse_csv(text_, *file, out_.diagnostics);
  }

  std::optional<std::size_t> column(const CsvTable& table, std::string_view name) {
    const std::size_t at = table.find(name);
    if (at < table.header.size()) return at;
    out_.diagnostics.add({.code = Code::csv_missing_column,
                          .origin = table.header.front().origin,
                          .message = fmt::format("the file has no column '{}'", name),
                          .expected = std::string(name),
                          .help = "name the columns in the first line"});
    return std::nullopt;
  }

  void read_set(Set set) {
    const auto table = table_of(name_of(set));
    if (!table) return;
    const auto value = column(*table, kValue);
    if (!value) return;
    SetText& text = data_.sets[set];
    text.origin = table->header[*value].origin;
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      const CsvCell& cell = table->cell(row, *value);
      text.members.push_back(data_.symbols.id(table->value(cell)));
      text.origins.push_back(table->origin(cell));
    }
  }

  void read_param(Param param) {
    const ParamInfo& info = info_of(param);
    const auto table = table_of(info.name);
    const auto known = defaults_.find(info.name);
    if (!table && known == defaults_.end()) return;
    // a rate by technology that is not there is its region's, whatever the configuration says of it
    if (!table && param == Param::discount_rate_technology) return;
    ParamText& text = data_.params[param];
    text.dimension = info.dimension;
    if (info.short_dimension > 0) {
      const std::string_view last = name_of(info.sets[info.dimension - 1]);
      if (!table || table->find(last) >= table->header.size()) text.dimension = info.short_dimension;
    }
    if (known != defaults_.end()) {
      text.fallback = known->second;
    } else if (param != Param::discount_rate_technology) {
      text.fallback = info.fallback;
    }
    if (table) read_rows(*table, info, text);
  }

  void read_rows(const CsvTable& table, const ParamInfo& info, ParamText& text) {
    std::vector<std::size_t> columns;
    for (const std::string& name : columns_of(info, text.dimension)) {
      if (const auto at = column(table, name)) columns.push_back(*at);
    }
    const auto value = column(table, kValue);
    if (!value || columns.size() < text.dimension) return;
    text.origin = table.header[*value].origin;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
      Cell out;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        out.subscripts[i] = data_.symbols.id(table.value(table.cell(row, columns[i])));
      }
      const CsvCell& cell = table.cell(row, *value);
      out.origin = table.origin(cell);
      const auto number = number_of(table.value(cell));
      if (number) {
        out.value = *number;
        text.cells.push_back(out);
        continue;
      }
      out_.diagnostics.add({.code = Code::csv_bad_value,
                            .origin = out.origin,
                            .message = "a cell is no number",
                            .found = printable(table.value(cell)),
                            .expected = "a number",
                            .help = "write a number such as 12.5"});
    }
  }

  fs::path folder_;
  Imported& out_;
  DataText data_;
  std::string text_;  // of the file in hand, which its table looks into
  std::map<std::string, double, std::less<>> defaults_;
};

}  // namespace

DataText read_folder(const fs::path& folder, Imported& out) {
  return FolderReader(folder, out).run();
}

}  // namespace beltline::osemosys
