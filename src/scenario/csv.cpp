#include "scenario/csv.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/text_place.h"

namespace beltline {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Cuts one row after the other.
class RowReader {
 public:
  RowReader(std::string_view text, int32_t file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  /// The next row's cells are appended to `cells`; false at the end of the text, or where it cannot go on.
  bool next(std::vector<CsvCell>& cells) {
    skip_idle_lines();
    if (at_ >= text_.size()) return false;
    while (true) {
      if (!cell(cells)) return false;
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      end_line();
      return true;
    }
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  [[nodiscard]] uint32_t column() const { return static_cast<uint32_t>(at_ - line_start_ + 1); }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    line_start_ = at_;
    ++line_;
  }

  void skip_idle_lines() {
    while (at_ < text_.size()) {
      std::size_t end = text_.find('\n', at_);
      if (end == kNone) end = text_.size();
      const std::string_view line = text_.substr(at_, end - at_);
      if (!line.starts_with('#') && line.find_first_not_of(" \t\r") != kNone) return;
      at_ = std::min(end + 1, text_.size());
      line_start_ = at_;
      ++line_;
    }
  }

  bool cell(std::vector<CsvCell>& cells) {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ < text_.size() && text_[at_] == '"') return quoted(cells);
    CsvCell cell{.offset = static_cast<uint32_t>(at_), .line = line_, .column = column()};
    at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::size_t end = at_;
    while (end > cell.offset && is_blank(text_[end - 1])) --end;
    cell.length = static_cast<uint32_t>(end - cell.offset);
    cells.push_back(cell);
    return true;
  }

  bool quoted(std::vector<CsvCell>& cells) {
    CsvCell cell{.offset = static_cast<uint32_t>(at_ + 1), .line = line_, .column = column(), .quoted = true};
    ++at_;
    while (true) {
      const std::size_t next = text_.find_first_of("\"\n", at_);
      if (next == kNone) return refuse(cell, "a quoted cell has no end", "close the quotes before the next comma");
      at_ = next + 1;
      if (text_[next] == '\n') {
        ++line_;
        line_start_ = at_;
      } else if (at_ < text_.size() && text_[at_] == '"') {
        ++at_;  // "" stands for one quote
      } else {
        cell.length = static_cast<uint32_t>(next - cell.offset);
        break;
      }
    }
    cells.push_back(cell);
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ < text_.size() && std::string_view(",\r\n").find(text_[at_]) == kNone) {
      return refuse(cell, "text follows a quoted cell", "inside quotes, write two quotes for one");
    }
    return true;
  }

  bool refuse(const CsvCell& cell, const char* what, const char* help) {
    diagnostics_.add({.code = Code::file_syntax,
                      .origin = {.file = file_, .line = cell.line, .column = cell.column},
                      .message = what,
                      .help = help});
    at_ = text_.size();
    failed_ = true;
    return false;
  }

  std::string_view text_;
  int32_t file_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  uint32_t line_ = 1;
  bool failed_ = false;
};

/// "capex.low [USD/kW]" → key and unit.
CsvHeader read_header(std::string text, Origin origin) {
  CsvHeader header{.key = {}, .unit = {}, .has_unit = false, .origin = origin};
  const std::size_t open = text.find('[');
  if (open != kNone && text.ends_with(']')) {
    header.unit = text.substr(open + 1, text.size() - open - 2);
    header.has_unit = true;
    text.resize(open);
  }
  while (!text.empty() && is_blank(text.back())) text.pop_back();
  header.key = std::move(text);
  return header;
}

bool check_header(const CsvTable& table, Diagnostics& diagnostics) {
  bool good = true;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    const CsvHeader& column = table.header[i];
    const auto refuse = [&](std::string message) {
      diagnostics.add({.code = Code::csv_bad_header,
                       .origin = column.origin,
                       .message = std::move(message),
                       .expected = "columns 'key' or 'key [unit]'",
                       .help = "give each column a name of its own, as in name,power [MW]"});
      good = false;
    };
    if (column.key.empty()) refuse("a column has no name");
    if (column.key.find_first_of("[]") != kNone) refuse(fmt::format("column '{}' is malformed", printable(column.key)));
    if (table.find(column.key) < i) refuse(fmt::format("column '{}' is there twice", printable(column.key)));
  }
  return good;
}

}  // namespace

std::string CsvTable::value(const CsvCell& cell) const {
  std::string out(text.substr(cell.offset, cell.length));
  if (!cell.quoted) return out;
  for (std::size_t at = out.find("\"\""); at != std::string::npos; at = out.find("\"\"", at + 1)) out.erase(at, 1);
  return out;
}

Origin CsvTable::origin(const CsvCell& cell) const {
  // a quoted cell is underlined with its quotes
  return {.file = file,
          .line = cell.line,
          .column = cell.column,
          .length = std::max<uint32_t>(1, cell.length + (cell.quoted ? 2 : 0))};
}

std::size_t CsvTable::find(std::string_view key) const {
  const auto found = std::ranges::find(header, key, &CsvHeader::key);
  return found == header.end() ? kNone : static_cast<std::size_t>(found - header.begin());
}

std::optional<CsvTable> parse_csv(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  CsvTable table;
  table.file = file;
  table.text = text;
  RowReader reader(text, file, diagnostics);
  std::vector<CsvCell> row;
  if (!reader.next(row)) {
    if (!reader.failed()) {
      diagnostics.add({.code = Code::file_empty,
                       .origin = {.file = file, .line = 1, .column = 1},
                       .message = "the file has no header",
                       .help = "write the names of the columns into the first line"});
    }
    return std::nullopt;
  }
  if (row.size() > 10'000) {
    diagnostics.add({.code = Code::too_many,
                     .origin = {.file = file, .line = 1, .column = 1},
                     .message = fmt::format("the header has {} columns", row.size()),
                     .expected = "at most 10000",
                     .help = "check that the lines end where rows end"});
    return std::nullopt;
  }
  for (const CsvCell& cell : row) table.header.push_back(read_header(table.value(cell), table.origin(cell)));
  if (!check_header(table, diagnostics)) return std::nullopt;

  for (row.clear(); reader.next(row); row.clear()) {
    if (row.size() != table.header.size()) {
      diagnostics.add(
          {.code = Code::csv_short_row,
           .origin = table.origin(row.front()),
           .message = row.size() == 1 ? "the row has 1 cell" : fmt::format("the row has {} cells", row.size()),
           .expected = fmt::format("{}, as in the header", table.header.size()),
           .help = row.size() < table.header.size() ? "write a comma for every column, also for empty cells"
                                                    : "put a cell that holds a comma into quotes"});
      continue;
    }
    if (table.cells.size() + row.size() > limits::kCsvCells) {
      diagnostics.add({.code = Code::too_many,
                       .origin = table.origin(row.front()),
                       .message = "the file has too many cells",
                       .expected = fmt::format("at most {}", limits::kCsvCells),
                       .help = "split the file"});
      break;
    }
    table.cells.insert(table.cells.end(), row.begin(), row.end());
  }
  return table;
}

}  // namespace beltline
