// Tables as JSON: one object, rows as arrays.
#include <cmath>

#include <nlohmann/json.hpp>

#include "table/cells.h"
#include "table/table.h"

namespace beltline {

namespace {

// Bytes that are not UTF-8 become U+FFFD: the text of a table must never make the answer unreadable.
std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append_cell(std::string& out, const Column& column, std::size_t row) {
  switch (column.values.index()) {
    case 0: {
      const double value = column.numbers()[row];
      // JSON has no word for NaN and the infinities
      if (std::isfinite(value)) {
        append_shortest(out, value);
      } else {
        out += "null";
      }
      break;
    }
    case 1: append_integer(out, column.integers()[row]); break;
    default: out += json_text(column.texts()[row]);
  }
}

}  // namespace

std::string to_json(const Table& table) {
  check_shape(table);
  std::string out = "{\"name\":" + json_text(table.name) + ",\"title\":" + json_text(table.title) + ",\"columns\":[";
  for (const Column& column : table.columns) {
    if (&column != &table.columns.front()) out += ',';
    out += "{\"name\":" + json_text(column.name) + ",\"unit\":" + json_text(column.unit) +
           ",\"description\":" + json_text(column.description) + "}";
  }
  out += "],\"rows\":[";
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    out += row == 0 ? "\n[" : ",\n[";  // one row a line: for people, grep and diff
    for (const Column& column : table.columns) {
      if (&column != &table.columns.front()) out += ',';
      append_cell(out, column, row);
    }
    out += ']';
  }
  out += "]}\n";
  return out;
}

}  // namespace beltline
