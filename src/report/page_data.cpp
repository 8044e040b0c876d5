#include "report/page_data.h"

#include <cmath>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/base64.h"
#include "table/cells.h"
#include "table/gzip.h"

namespace beltline {
namespace {

/// Columns whose values take this much are packed: months of figures take a fifth of their room, and what is short
/// stays readable in the file.
constexpr std::size_t kPackedFrom = 4'000;

void append_values(std::string& out, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    // JSON has no word for NaN and the infinities
    if (std::isfinite(values[i])) {
      append_shortest(out, values[i]);
    } else {
      out += "null";
    }
  }
}

void append_values(std::string& out, const std::vector<int64_t>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_integer(out, values[i]);
  }
}

/// Texts in full, or each text once and its index for each row, whichever is likely to be shorter.
void append_texts(std::string& out, const std::vector<std::string>& texts) {
  std::unordered_map<std::string_view, std::size_t> index;
  std::vector<std::string_view> words;
  std::vector<int64_t> indices;
  for (const std::string& text : texts) {
    const auto [found, is_new] = index.try_emplace(text, words.size());
    if (is_new) words.push_back(text);
    indices.push_back(static_cast<int64_t>(found->second));
  }
  const auto append_all = [&](const auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out += ',';
      out += page_text(list[i]);
    }
  };
  if (2 * words.size() > texts.size()) {
    out += "\"values\":[";
    append_all(texts);
  } else {
    out += "\"words\":[";
    append_all(words);
    out += "],\"values\":[";
    append_values(out, indices);
  }
}

/// Members of a column as they are, or, where they are long, as one member "packed": base64 of their gzip.
void append_packed(std::string& out, const std::string& members) {
  const auto packed = members.size() < kPackedFrom ? failure("short enough") : to_gzip("{" + members + "}");
  out += packed ? "\"packed\":\"" + base64(*packed) + "\"" : members;
}

}  // namespace

std::string page_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string page_table(const Table& table) {
  check_shape(table);
  constexpr const char* kTypes[] = {"number", "integer", "text"};
  std::string out = "{\"name\":" + page_text(table.name) + ",\"title\":" + page_text(table.title) +
                    ",\"rows\":" + std::to_string(table.row_count()) + ",\"columns\":[";
  for (const Column& column : table.columns) {
    if (&column != &table.columns.front()) out += ',';
    out += "{\"name\":" + page_text(column.name) + ",\"unit\":" + page_text(column.unit) +
           ",\"description\":" + page_text(column.description) + ",\"type\":\"" + kTypes[column.values.index()] + "\",";
    std::string body;
    switch (column.values.index()) {
      case 0: body += "\"values\":[", append_values(body, column.numbers()); break;
      case 1: body += "\"values\":[", append_values(body, column.integers()); break;
      default: append_texts(body, column.texts());
    }
    body += "]";
    append_packed(out, body);
    out += "}";
  }
  out += "]}";
  return out;
}

std::string escape_for_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    switch (json[i]) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default:
        // U+2028 and U+2029 are E2 80 A8 and E2 80 A9
        if (json.substr(i, 2) == "\xe2\x80" && i + 2 < json.size() &&
            (json[i + 2] == '\xa8' || json[i + 2] == '\xa9')) {
          out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
          i += 2;
        } else {
          out += json[i];
        }
    }
  }
  return out;
}

std::string escape_for_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace beltline
