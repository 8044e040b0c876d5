// PyPSA's CSV folders.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/pypsa_source.h"
#include "table/files.h"

namespace beltline::pypsa {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFileBytes = std::size_t{512} << 20;

/// A CSV file cut into rows of cells.
struct Sheet {
  int32_t file = -1;
  std::vector<Cell> header;
  std::vector<std::vector<Cell>> rows;

  [[nodiscard]] std::size_t find(std::string_view title) const {
    const auto found = std::ranges::find(header, title, &Cell::text);
    return static_cast<std::size_t>(found - header.begin());
  }
};

/// Cuts RFC 4180 text; PyPSA's files have neither comments nor units, and a first column may have no title.
class Cutter {
 public:
  Cutter(std::string_view text, int32_t file) : text_(text), file_(file) {}

  bool next(std::vector<Cell>& row) {
    row.clear();
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) step();
    if (at_ >= text_.size()) return false;
    while (true) {
      row.push_back(cell());
      if (at_ < text_.size() && text_[at_] == ',') {
        step();
        continue;
      }
      return true;
    }
  }

 private:
  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }

  Cell cell() {
    Cell cell{.text = {},
              .origin = {.file = file_, .line = line_, .column = static_cast<uint32_t>(at_ - line_start_ + 1)}};
    if (at_ < text_.size() && text_[at_] == '"') {
      step();
      while (at_ < text_.size()) {
        if (text_[at_] == '"' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '"')) break;
        if (text_[at_] == '"') step();
        cell.text += text_[at_];
        step();
      }
      if (at_ < text_.size()) step();
    }
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
      cell.text += text_[at_];
      step();
    }
    cell.origin.length = static_cast<uint32_t>(std::max<std::size_t>(1, cell.text.size()));
    return cell;
  }

  std::string_view text_;
  int32_t file_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  uint32_t line_ = 1;
};

class FolderReader {
 public:
  FolderReader(const fs::path& folder, SourceFiles& files, Diagnostics& diagnostics)
      : folder_(folder), files_(files), diagnostics_(diagnostics) {}

  std::optional<Source> read() {
    read_network();
    read_snapshots();
    read_periods();
    complete(source_);
    if (const auto scenarios = sheet("scenarios.csv"); scenarios && !scenarios->rows.empty())
      refuse_scenarios(scenarios->rows[0][0].origin, diagnostics_);
    for (const std::string_view list : list_names()) read_list(list);
    read_series();
    if (!source_.lists.contains("buses")) {
      diagnostics_.add({.code = Code::file_unreadable,
                        .origin = {},
                        .message = fmt::format("'{}' has no buses.csv", printable(folder_.string(), 4096)),
                        .expected = "a folder as PyPSA's export_to_csv_folder writes it",
                        .help = "name the folder that holds buses.csv"});
      return std::nullopt;
    }
    return std::move(source_);
  }

 private:
  std::optional<Sheet> sheet(const std::string& name) {
    std::error_code error;
    if (!fs::is_regular_file(folder_ / name, error)) return std::nullopt;
    Outcome<std::string> text = read_file(folder_ / name, kFileBytes);
    if (!text) {
      diagnostics_.add({.code = Code::file_unreadable,
                        .origin = {},
                        .message = fmt::format("'{}' cannot be read", printable(name, 4096)),
                        .help = "check that it is a file of at most 512 MiB"});
      return std::nullopt;
    }
    if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
    if (find_invalid_utf8(*text) != std::string_view::npos || text->find('\0') != std::string::npos) {
      diagnostics_.add({.code = Code::file_not_utf8,
                        .origin = {},
                        .message = fmt::format("'{}' is no text in UTF-8", printable(name, 4096)),
                        .help = "export the network again, or save the file in UTF-8"});
      return std::nullopt;
    }
    Sheet sheet{.file = files_.add(name, std::move(*text)), .header = {}, .rows = {}};
    Cutter cutter(files_[sheet.file].text, sheet.file);
    if (!cutter.next(sheet.header)) return sheet;
    std::vector<Cell> row;
    while (cutter.next(row)) {
      if (row.size() == sheet.header.size()) {
        sheet.rows.push_back(std::move(row));
        continue;
      }
      diagnostics_.add({.code = Code::csv_short_row,
                        .origin = row[0].origin,
                        .message = fmt::format("a row of '{}' has {} cells", printable(name, 4096), row.size()),
                        .expected = fmt::format("{}, as the header", sheet.header.size()),
                        .help = "write one cell a column, and quote cells that hold commas"});
    }
    return sheet;
  }

  std::optional<double> number(const Cell& cell, std::string_view what) {
    if (const auto value = number_of(cell.text)) return value;
    diagnostics_.add({.code = Code::csv_bad_value,
                      .origin = cell.origin,
                      .message = fmt::format("{} is '{}'", what, printable(cell.text)),
                      .found = printable(cell.text),
                      .expected = "a number",
                      .help = "write a number such as 0.25"});
    return std::nullopt;
  }

  void read_network() {
    const auto found = sheet("network.csv");
    if (!found || found->rows.empty()) return;
    const std::size_t name = found->find("name");
    if (name < found->header.size()) source_.name = found->rows[0][name].text;
  }

  void read_snapshots() {
    const auto found = sheet("snapshots.csv");
    if (!found) return;
    Snapshots& out = source_.snapshots;
    const std::size_t columns = found->header.size();
    const std::size_t period = found->find("period");
    std::size_t label = found->find("timestep");
    if (label == columns) label = found->find("snapshot");
    if (label == columns) label = found->find("name");
    if (label == columns) label = 0;
    const std::size_t weightings = found->find("weightings");  // of older versions: all three in one
    for (const std::vector<Cell>& row : found->rows) {
      out.labels.push_back(row[label].text);
      if (period < columns) {
        if (const auto year = number(row[period], "an investment period"))
          out.periods.push_back(static_cast<int>(*year));
      }
      for (const auto& [title, weights] : {std::pair{"objective", &out.objective}, std::pair{"stores", &out.stores},
                                           std::pair{"generators", &out.generators}}) {
        const std::size_t own = found->find(title);
        const std::size_t column = own < columns ? own : weightings;
        if (column >= columns || row[column].text.empty()) {
          weights->push_back(1);
        } else {
          weights->push_back(number(row[column], "a weighting").value_or(1));
        }
      }
    }
  }

  void read_periods() {
    const auto found = sheet("investment_periods.csv");
    if (!found) return;
    const std::size_t year = std::min(found->find("period"), found->find(""));
    const std::size_t at = year < found->header.size() ? year : 0;
    const std::size_t objective = found->find("objective");
    const std::size_t years = found->find("years");
    for (const std::vector<Cell>& row : found->rows) {
      Period period;
      period.year = static_cast<int>(number(row[at], "an investment period").value_or(0));
      if (objective < row.size()) period.objective = number(row[objective], "a weighting").value_or(1);
      if (years < row.size()) period.years = number(row[years], "a weighting").value_or(1);
      source_.periods.push_back(period);
    }
  }

  void read_list(std::string_view list) {
    const auto found = sheet(fmt::format("{}.csv", list));
    if (!found || found->header.empty()) return;
    Component component{.list = std::string(list), .names = {}, .columns = {}, .column_origins = {}};
    std::size_t name = found->find("name");
    if (name == found->header.size()) name = 0;
    for (const std::vector<Cell>& row : found->rows) component.names.push_back(row[name]);
    for (std::size_t column = 0; column < found->header.size(); ++column) {
      if (column == name) continue;
      std::vector<Cell>& cells = component.columns[found->header[column].text];
      cells.clear();
      for (const std::vector<Cell>& row : found->rows) cells.push_back(row[column]);
      component.column_origins[found->header[column].text] = found->header[column].origin;
    }
    source_.lists[component.list] = std::move(component);
  }

  void read_series() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder_, error), end; it != end; it.increment(error)) {
      names.push_back(it->path().filename().string());
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      const std::size_t dash = name.find('-');
      if (dash == std::string::npos || !name.ends_with(".csv")) continue;
      const auto list = source_.lists.find(name.substr(0, dash));
      if (list == source_.lists.end()) {
        diagnostics_.add({.code = Code::unused,
                          .severity = Severity::warning,
                          .origin = {},
                          .message = fmt::format("'{}' belongs to no component of the network", printable(name)),
                          .help = "leave it out, or add the list of its components"});
        continue;
      }
      read_columns(name, list->second, name.substr(dash + 1, name.size() - dash - 5));
    }
  }

  void read_columns(const std::string& file, Component& component, const std::string& attribute) {
    const auto found = sheet(file);
    if (!found || found->header.empty()) return;
    if (found->rows.size() != source_.snapshot_count()) {
      diagnostics_.add({.code = Code::series_length,
                        .origin = found->header[0].origin,
                        .message = fmt::format("'{}' does not have one row for each snapshot", printable(file)),
                        .found = fmt::format("{}", found->rows.size()),
                        .expected = fmt::format("{}, one a snapshot", source_.snapshot_count()),
                        .help = "write one row for each snapshot"});
      return;
    }
    component.series_origins[attribute] = found->header[0].origin;
    auto& columns = component.series[attribute];
    for (std::size_t column = 0; column < found->header.size(); ++column) {
      const std::string& name = found->header[column].text;
      if (std::ranges::find(component.names, name, &Cell::text) == component.names.end()) {
        constexpr std::array<std::string_view, 6> kIndex{"", "snapshot", "name", "period", "timestep", "snapshots"};
        if (std::ranges::find(kIndex, name) != kIndex.end()) continue;
        diagnostics_.add({.code = Code::dangling_reference,
                          .origin = found->header[column].origin,
                          .message = fmt::format("'{}' has a column of '{}'", printable(file), printable(name)),
                          .expected = fmt::format("a name of {}", component.list),
                          .help = "leave out the column, or add the component"});
        continue;
      }
      std::vector<double>& values = columns[name];
      for (const std::vector<Cell>& row : found->rows) {
        values.push_back(row[column].text.empty()
                             ? std::numeric_limits<double>::quiet_NaN()
                             : number(row[column], fmt::format("{} of '{}'", attribute, printable(name))).value_or(0));
      }
    }
  }

  const fs::path& folder_;
  SourceFiles& files_;
  Diagnostics& diagnostics_;
  Source source_;
};

}  // namespace

std::span<const std::string_view> list_names() {
  static constexpr std::array<std::string_view, 16> kLists{"buses",
                                                           "carriers",
                                                           "generators",
                                                           "loads",
                                                           "lines",
                                                           "links",
                                                           "transformers",
                                                           "stores",
                                                           "storage_units",
                                                           "shapes",
                                                           "shunt_impedances",
                                                           "global_constraints",
                                                           "line_types",
                                                           "transformer_types",
                                                           "sub_networks",
                                                           "processes"};
  return kLists;
}

std::optional<double> number_of(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('+')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void refuse_scenarios(const Origin& origin, Diagnostics& diagnostics) {
  diagnostics.add({.code = Code::bad_model,
                   .origin = origin,
                   .message = "the network is stochastic, which cannot be carried over",
                   .found = "scenarios",
                   .expected = "a network without scenarios",
                   .help = "export the network of one scenario"});
}

void complete(Source& source) {
  Snapshots& s = source.snapshots;
  if (s.labels.empty()) s.labels = {"now"};
  for (std::vector<double>* weights : {&s.objective, &s.stores, &s.generators}) weights->resize(s.labels.size(), 1);
  if (s.periods.size() != s.labels.size()) {
    // periods without snapshots of their own have no meaning
    s.periods.clear();
    source.periods.clear();
    return;
  }
  for (const int year : s.periods) {
    if (std::ranges::find(source.periods, year, &Period::year) == source.periods.end())
      source.periods.push_back({.year = year});
  }
}

std::optional<Source> read_csv_folder(const fs::path& folder, SourceFiles& files, Diagnostics& diagnostics) {
  return FolderReader(folder, files, diagnostics).read();
}

}  // namespace beltline::pypsa
