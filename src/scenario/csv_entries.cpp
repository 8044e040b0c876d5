#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/documents.h"
#include "scenario/reading.h"

namespace beltline {
namespace {

constexpr std::array<std::string_view, 5> kParts{"low", "mode", "high", "source", "confidence"};

bool is_quantity(Kind kind) {
  return kind == Kind::quantity || kind == Kind::duration || kind == Kind::series;
}

/// "capex.low [USD/kW]"
std::string whole_header(std::string_view key, std::string_view part, const CsvHeader& header) {
  return fmt::format("{}{}{}{}", key, part.empty() ? "" : ".", part,
                     header.has_unit ? fmt::format(" [{}]", header.unit) : std::string());
}

}  // namespace

CsvEntries::CsvEntries(const CsvTable& table, const Section& section, Diagnostics& diagnostics) : table_(table) {
  name_column_ = table.find("name");
  if (name_column_ == std::string_view::npos) {
    const std::vector<std::string> wanted{"name"};
    const auto near = std::ranges::find_if(
        table.header, [&](const CsvHeader& header) { return !nearest_word(header.key, wanted).empty(); });
    const bool is_near = near != table.header.end();
    diagnostics.add(
        {.code = Code::csv_bad_header,
         .origin = is_near ? near->origin : table.header.front().origin,
         .message = fmt::format("the CSV of section '{}' has no column 'name'", section.name),
         .expected = "columns 'name' and keys of the section, separated by commas",
         .help = !is_near ? "call the first column name, and separate columns by commas" : did_you_mean_text("name"),
         .fix = {is_near ? "name" : ""}});
    good_ = false;
    return;
  }
  for (const CsvHeader& header : table.header) {
    const std::size_t dot = header.key.find('.');
    targets_.push_back({.key = header.key.substr(0, dot),
                        .part = dot == std::string::npos ? std::string() : header.key.substr(dot + 1),
                        .unit = header.unit});
  }
  for (std::size_t column = 0; column < targets_.size(); ++column) {
    if (column != name_column_) check_column(column, section, diagnostics);
  }
  // low and high take their unit from the key's own column
  for (Target& target : targets_) {
    if (target.part.empty() || !target.unit.empty()) continue;
    const auto main =
        std::ranges::find_if(targets_, [&](const Target& t) { return t.key == target.key && t.part.empty(); });
    if (main != targets_.end()) target.unit = main->unit;
  }
}

void CsvEntries::check_column(std::size_t column, const Section& section, Diagnostics& diagnostics) {
  const Target& target = targets_[column];
  const CsvHeader& header = table_.header[column];
  const auto refuse = [&](Code code, std::string message, std::string help, std::string fix = {}) {
    diagnostics.add({.code = code,
                     .origin = header.origin,
                     .message = std::move(message),
                     .help = std::move(help),
                     .fix = {std::move(fix)}});
    good_ = false;
  };
  const Attribute* const attribute = find_attribute(section.attributes, target.key);
  if (attribute == nullptr) {
    std::vector<std::string> keys;
    for (const Attribute& a : section.attributes) keys.emplace_back(a.key);
    for (const Attribute& a : common_attributes()) keys.emplace_back(a.key);
    const std::string nearest = nearest_word(target.key, keys);
    return refuse(Code::unknown_key, fmt::format("section '{}' has no key '{}'", section.name, printable(target.key)),
                  nearest.empty() ? fmt::format("its keys are {}", listing(keys)) : did_you_mean_text(nearest),
                  nearest.empty() ? nearest : whole_header(nearest, target.part, header));
  }
  if (attribute->kind == Kind::records) {
    return refuse(Code::csv_bad_header, fmt::format("'{}' is a list of tables, which CSV cannot hold", target.key),
                  "write these entries in TOML");
  }
  const std::vector<std::string> parts(kParts.begin(), kParts.end());
  const std::string nearest_part = nearest_word(target.part, parts);
  const bool known_part = target.part.empty() || std::ranges::find(kParts, target.part) != kParts.end();
  if (!known_part || (!target.part.empty() && !is_quantity(attribute->kind))) {
    return refuse(Code::csv_bad_header, fmt::format("'{}' has no part '{}'", target.key, printable(target.part)),
                  "parts of a quantity are low, mode, high, source and confidence",
                  nearest_part.empty() ? nearest_part : whole_header(target.key, nearest_part, header));
  }
  if (header.has_unit && !is_quantity(attribute->kind)) {
    refuse(Code::csv_bad_header, fmt::format("'{}' has no unit", target.key), "leave out the brackets", header.key);
  }
}

std::string CsvEntries::name(std::size_t row) const {
  return table_.value(table_.cell(row, name_column_));
}

Origin CsvEntries::origin(std::size_t row) const {
  return table_.origin(table_.cell(row, name_column_));
}

SourceNode CsvEntries::table(std::size_t row) const {
  SourceNode out;
  out.type = NodeType::table;
  out.origin = origin(row);
  const auto slot = [&](const std::string& key, const Origin& origin) -> SourceNode& {
    const auto found = std::ranges::find(out.members, key, &Member::key);
    if (found != out.members.end()) return found->value;
    out.members.push_back({key, origin, SourceNode{}});
    out.members.back().value.origin = origin;
    return out.members.back().value;
  };
  for (std::size_t column = 0; column < targets_.size(); ++column) {
    const CsvCell& cell = table_.cell(row, column);
    if (column == name_column_ || cell.length == 0) continue;  // an empty cell is an absent key
    const Target& target = targets_[column];
    SourceNode value;
    value.text = table_.value(cell);
    value.origin = table_.origin(cell);
    value.is_cell = true;
    value.unit = target.unit;
    const bool has_parts =
        std::ranges::any_of(targets_, [&](const Target& t) { return t.key == target.key && !t.part.empty(); });
    if (!has_parts) {
      slot(target.key, value.origin) = std::move(value);
      continue;
    }
    // columns key, key.low, key.high make one {mode, low, high}
    SourceNode& quantity = slot(target.key, value.origin);
    quantity.type = NodeType::table;
    quantity.members.push_back({target.part.empty() ? "mode" : target.part, value.origin, std::move(value)});
  }
  return out;
}

}  // namespace beltline
