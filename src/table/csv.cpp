// RFC 4180 out and in.
#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "table/cells.h"
#include "table/table.h"

namespace beltline {

namespace {

constexpr std::size_t kColumnCountMax = 2'000;
constexpr std::size_t kCellCountMax = 4'000'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Quotes say "this is a text": they keep "007", "1e3" and "" apart from numbers and blank lines.
bool needs_quotes(std::string_view text) {
  if (text.empty()) return false;
  return text.find_first_of(",;\"\r\n\t") != std::string_view::npos || text.front() == ' ' || text.back() == ' ' ||
         text.starts_with(kByteOrderMark) || parse_integer(text) || parse_number(text) ||
         parse_number(text).error() == NumberFault::out_of_range;
}

// A cell that begins so is a formula to a spreadsheet, quoted or not; some drop blanks and fold full-width forms first.
//
// Apostrophes before it are looked through: a text that has one already gets another, so that taking one off again is
// the exact inverse.
bool needs_guard(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  if (text.starts_with('\t') || text.starts_with('\r') || text.starts_with('\n')) return true;
  const auto take = [&](std::string_view blank) {
    const bool taken = text.starts_with(blank);
    if (taken) text.remove_prefix(blank.size());
    return taken;
  };
  // blank, tab, line ends, no-break space, ideographic space, zero-width space, byte order mark
  while (take(" ") || take("\t") || take("\r") || take("\n") || take("\xC2\xA0") || take("\xE3\x80\x80") ||
         take("\xE2\x80\x8B") || take(kByteOrderMark)) {
  }
  for (const std::string_view sign :
       {"=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}) {
    if (text.starts_with(sign)) return true;
  }
  return false;
}

void append_text(std::string& out, std::string_view text, bool quoted) {
  const bool guarded = needs_guard(text);
  if (!quoted && !guarded) {
    out += text;
    return;
  }
  out += guarded ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_cell(std::string& out, const Column& column, std::size_t row, bool only_column) {
  switch (column.values.index()) {
    case 0: append_shortest(out, column.numbers()[row]); break;
    case 1: append_integer(out, column.integers()[row]); break;
    default: {
      const std::string& text = column.texts()[row];
      append_text(out, text, needs_quotes(text) || (only_column && text.empty()));
    }
  }
}

struct Cell {
  std::string text;
  bool quoted = false;
  uint32_t line = 0;    // from 1
  uint32_t column = 0;  // from 1, in bytes
};

using Record = std::vector<Cell>;

// Walks the text once and keeps count of lines and columns for the messages.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

  // One record; empty for a blank line.
  Outcome<Record> next() {
    Record record;
    if (take_line_end()) return record;
    while (true) {
      Outcome<Cell> cell = next_cell();
      if (!cell) return std::unexpected(cell.error());
      record.push_back(std::move(*cell));
      if (at_end() || take_line_end()) return record;
      if (record.size() > kColumnCountMax) return fault_here(fmt::format("more than {} cells", kColumnCountMax));
      ++at_;  // the comma: next_cell stops nowhere else
    }
  }

 private:
  [[nodiscard]] uint32_t column_here() const { return static_cast<uint32_t>(at_ - line_start_ + 1); }

  [[nodiscard]] std::unexpected<Failure> fault_here(std::string_view what) const {
    return failure(fmt::format("line {}, column {}: {}", line_, column_here(), what));
  }

  bool take_line_end() {
    if (at_end()) return false;
    const std::size_t length = text_[at_] == '\n' ? 1 : text_.substr(at_, 2) == "\r\n" ? 2 : 0;
    if (length == 0) return false;
    at_ += length;
    ++line_;
    line_start_ = at_;
    return true;
  }

  Outcome<Cell> next_cell() {
    Cell cell{.line = line_, .column = column_here()};
    if (at_end() || text_[at_] != '"') {
      const std::size_t end = std::min(text_.find_first_of(",\"\r\n", at_), text_.size());
      cell.text = text_.substr(at_, end - at_);
      at_ = end;
      if (at_end() || text_[at_] == ',' || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n") return cell;
      return fault_here(text_[at_] == '"' ? "a quote inside a cell without quotes"
                                          : "a carriage return without line feed");
    }
    return quoted_cell(std::move(cell));
  }

  Outcome<Cell> quoted_cell(Cell cell) {
    cell.quoted = true;
    ++at_;
    while (true) {
      if (at_end()) {
        return failure(fmt::format("line {}, column {}: the quote is never closed", cell.line, cell.column));
      }
      const char c = text_[at_++];
      if (c == '"' && (at_end() || text_[at_] != '"')) break;
      if (c == '"') ++at_;  // two quotes stand for one
      if (c == '\n') {
        ++line_;
        line_start_ = at_;
      }
      cell.text += c;
    }
    const bool ended = at_end() || text_[at_] == ',' || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
    if (!ended) return fault_here("text after the closing quote");
    if (cell.text.starts_with('\'') && needs_guard(std::string_view(cell.text).substr(1))) cell.text.erase(0, 1);
    return cell;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  uint32_t line_ = 1;
  std::size_t line_start_ = 0;
};

std::unexpected<Failure> fault_at(const Cell& cell, std::string_view what) {
  return failure(fmt::format("line {}, column {}: {}", cell.line, cell.column, what));
}

Outcome<Column> header_column(const Cell& cell) {
  Column column{.name = cell.text};
  const std::size_t bracket = cell.text.find(" [");
  if (bracket != std::string::npos && cell.text.ends_with(']')) {
    column.name = cell.text.substr(0, bracket);
    column.unit = cell.text.substr(bracket + 2, cell.text.size() - bracket - 3);
    if (column.unit.empty()) return fault_at(cell, "the brackets of the header hold no unit");
  }
  if (column.name.empty()) return fault_at(cell, "a header cell without a name");
  return column;
}

Outcome<std::vector<Column>> header_columns(const Record& record) {
  std::vector<Column> columns;
  std::unordered_set<std::string> names;
  for (const Cell& cell : record) {
    Outcome<Column> column = header_column(cell);
    if (!column) return std::unexpected(column.error());
    if (!names.insert(column->name).second) {
      return fault_at(cell, fmt::format("column '{}' is there twice", column->name));
    }
    columns.push_back(std::move(*column));
  }
  return columns;
}

// What a cell may be at most; a column is the least of its cells.
enum class CellKind { text, number, integer };

CellKind kind_of(const Cell& cell) {
  if (cell.quoted) return CellKind::text;
  if (parse_integer(cell.text)) return CellKind::integer;
  const auto number = parse_number(cell.text);
  // out of range is a number too: filling the column will say so
  return number || number.error() == NumberFault::out_of_range ? CellKind::number : CellKind::text;
}

Outcome<void> fill_numbers(const std::vector<Record>& records, std::size_t index, Column& column) {
  auto& values = column.values.emplace<std::vector<double>>();
  values.reserve(records.size());
  for (const Record& record : records) {
    const Cell& cell = record[index];
    const auto number = parse_number(cell.text);
    if (!number) {
      const char* what = number.error() == NumberFault::not_a_number ? "is not a number" : "is out of range";
      return fault_at(cell, fmt::format("'{}' in column '{}' {}", cell.text.substr(0, 80), column.name, what));
    }
    values.push_back(*number);
  }
  return {};
}

Outcome<void> fill(std::vector<Record>& records, std::size_t index, Column& column) {
  CellKind kind = records.empty() ? CellKind::text : CellKind::integer;
  for (const Record& record : records) kind = std::min(kind, kind_of(record[index]));
  if (!column.unit.empty() || kind == CellKind::number) return fill_numbers(records, index, column);
  if (kind == CellKind::integer) {
    auto& values = column.values.emplace<std::vector<int64_t>>();
    for (const Record& record : records) values.push_back(parse_integer(record[index].text).value());
    return {};
  }
  auto& values = column.values.emplace<std::vector<std::string>>();
  for (Record& record : records) values.push_back(std::move(record[index].text));
  return {};
}

// All records but blank lines, each as long as the first.
Outcome<std::vector<Record>> read_records(std::string_view text) {
  CsvReader reader(text);
  std::vector<Record> records;
  while (!reader.at_end()) {
    Outcome<Record> record = reader.next();
    if (!record) return std::unexpected(record.error());
    if (record->empty()) continue;
    if (!records.empty() && record->size() != records[0].size()) {
      return fault_at(record->back(),
                      fmt::format("the row has {} cells, the header has {}", record->size(), records[0].size()));
    }
    records.push_back(std::move(*record));
    if (records.size() * records[0].size() > kCellCountMax) {
      return fault_at(records.back().front(), fmt::format("more than {} cells", kCellCountMax));
    }
  }
  return records;
}

std::unexpected<Failure> utf8_fault(std::string_view text, std::size_t at) {
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  const std::size_t line_end = text.rfind('\n', at);
  const std::size_t column = line_end == std::string_view::npos ? at + 1 : at - line_end;
  return failure(fmt::format("line {}, column {}: not valid UTF-8", line, column));
}

}  // namespace

std::string to_csv(const Table& table) {
  check_shape(table);
  const bool only_column = table.columns.size() == 1;
  std::string out;
  for (const Column& column : table.columns) {
    const std::string header = header_text(column);
    // a name that begins with a byte order mark would lose it at the start of a file
    append_text(out, header,
                header.find_first_of(",;\"\r\n\t") != std::string::npos || header.starts_with(kByteOrderMark));
    out += &column == &table.columns.back() ? "\r\n" : ",";
  }
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    for (const Column& column : table.columns) {
      append_cell(out, column, row, only_column);
      out += &column == &table.columns.back() ? "\r\n" : ",";
    }
  }
  return out;
}

Outcome<Table> table_from_csv(std::string_view text, std::string name) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t invalid = find_invalid_utf8(text);
  if (invalid != std::string_view::npos) return utf8_fault(text, invalid);
  Outcome<std::vector<Record>> records = read_records(text);
  if (!records) return std::unexpected(records.error());
  if (records->empty()) return failure("line 1, column 1: the file holds no header");
  Outcome<std::vector<Column>> columns = header_columns(records->front());
  if (!columns) return std::unexpected(columns.error());
  records->erase(records->begin());
  Table table{.name = std::move(name), .columns = std::move(*columns)};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Outcome<void> filled = fill(*records, i, table.columns[i]);
    if (!filled) return std::unexpected(filled.error());
  }
  return table;
}

}  // namespace beltline
