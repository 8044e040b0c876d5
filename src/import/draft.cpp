#include "import/draft.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/assert.h"

namespace beltline {
namespace {

constexpr std::size_t kInlineMax = 24;                        // values of a series that stand in TOML itself
constexpr std::size_t kPartBytes = std::size_t{1} << 20;      // of one TOML file; a loader takes four times that
constexpr std::size_t kOneFileBytes = std::size_t{64} << 10;  // a scenario up to this size is one file
constexpr std::size_t kCsvCells = 2'000'000;                  // of one CSV file; a loader takes five times that
constexpr std::size_t kLineMax = 110;

bool is_constant(const std::vector<double>& values) {
  return std::ranges::all_of(values, [&](double v) { return v == values[0]; });
}

std::string quantity_text(double value, std::string_view unit) {
  ASSERT(std::isfinite(value));
  return unit.empty() ? exact(value) : toml_text(fmt::format("{} {}", exact(value), unit));
}

std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r#") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c == '\n' || c == '\r' ? ' ' : c);
  return quoted + "\"";
}

/// The file of a series and its column there.
struct Home {
  std::string file;
  std::string column;
};

/// One CSV file as it grows: columns of equal length.
struct Family {
  std::string file;
  std::string by;
  std::size_t rows = 0;
  std::vector<std::string> titles;
  std::set<std::string> taken;
  std::vector<const std::vector<double>*> columns;
};

}  // namespace

std::string exact(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

Fields& Fields::text(std::string_view key, std::string_view value) {
  if (!value.empty()) fields_.push_back({.key = std::string(key), .literal = toml_text(value)});
  return *this;
}

Fields& Fields::flag(std::string_view key, bool value) {
  fields_.push_back({.key = std::string(key), .literal = value ? "true" : "false"});
  return *this;
}

Fields& Fields::whole(std::string_view key, int64_t value) {
  fields_.push_back({.key = std::string(key), .literal = fmt::format("{}", value)});
  return *this;
}

Fields& Fields::number(std::string_view key, double value, std::string_view unit) {
  fields_.push_back({.key = std::string(key), .literal = quantity_text(value, unit)});
  return *this;
}

Fields& Fields::series(std::string_view key, Numbers numbers) {
  ASSERT(!numbers.values.empty());
  if (is_constant(numbers.values)) return number(key, numbers.values[0], numbers.unit);
  fields_.push_back({.key = std::string(key), .kind = Kind::series, .numbers = std::move(numbers)});
  return *this;
}

Fields& Fields::names(std::string_view key, const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(toml_text(value));
  fields_.push_back({.key = std::string(key), .literal = fmt::format("[{}]", fmt::join(quoted, ", "))});
  return *this;
}

Fields& Fields::records(std::string_view key, std::vector<Fields> tables) {
  if (!tables.empty()) fields_.push_back({.key = std::string(key), .kind = Kind::records, .tables = std::move(tables)});
  return *this;
}

bool Fields::has(std::string_view key) const {
  return std::ranges::any_of(fields_, [&](const Field& field) { return field.key == key; });
}

Draft::Section& Draft::section(std::string_view name, bool single) {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  if (found != sections_.end()) return *found;
  return sections_.emplace_back(Section{.name = std::string(name), .single = single, .entries = {}});
}

Fields& Draft::single(std::string_view name) {
  Section& found = section(name, true);
  if (found.entries.empty()) found.entries.emplace_back();
  return found.entries[0].fields;
}

Fields& Draft::entry(std::string_view section_name, std::string_view name) {
  Section& found = section(section_name, false);
  const auto [at, is_new] = index_.try_emplace({std::string(section_name), std::string(name)}, found.entries.size());
  ASSERT(is_new);
  found.entries.push_back({.name = std::string(name), .fields = {}});
  return found.entries.back().fields;
}

bool Draft::has(std::string_view section_name, std::string_view name) const {
  return index_.contains({std::string(section_name), std::string(name)});
}

std::size_t Draft::count(std::string_view section_name) const {
  const auto found = std::ranges::find(sections_, section_name, &Section::name);
  return found == sections_.end() ? 0 : found->entries.size();
}

/// Turns a draft into texts; series find their files on the way.
class DraftWriter {
 public:
  explicit DraftWriter(const Draft& draft) : draft_(draft) {}

  std::vector<SourceFile> files() {
    std::string head;
    std::vector<std::pair<std::string, std::vector<std::string>>> bodies;  // section, its entries
    std::size_t size = 0;
    for (const Draft::Section& section : draft_.sections_) {
      if (section.single) {
        head += fmt::format("\n[{}]\n{}", section.name, body(section.entries[0], section.name));
        continue;
      }
      bodies.emplace_back(section.name, std::vector<std::string>());
      for (const Draft::Entry& entry : section.entries) {
        bodies.back().second.push_back(fmt::format("\n[{}.{}]\n{}", section.name, entry.name, body(entry, entry.name)));
        size += bodies.back().second.back().size();
      }
    }
    std::vector<SourceFile> out{{.path = "scenario.toml", .text = {}}};
    std::vector<std::string> included;
    std::string tail;
    for (const auto& [name, entries] : bodies) {
      if (size <= kOneFileBytes) {
        for (const std::string& entry : entries) tail += entry;
      } else {
        add_parts(name, entries, out, included);
      }
    }
    out[0].text = comment();
    if (!included.empty()) out[0].text += fmt::format("include = [{}]\n", fmt::join(included, ", "));
    out[0].text += head + tail;
    for (const Family& family : families_) out.push_back({.path = family.file, .text = csv(family)});
    return out;
  }

 private:
  /// A section too large for one file goes on in the next: process.toml, process_2.toml.
  static void add_parts(const std::string& name, const std::vector<std::string>& entries, std::vector<SourceFile>& out,
                        std::vector<std::string>& included) {
    int part = 0;
    for (const std::string& entry : entries) {
      if (part == 0 || out.back().text.size() + entry.size() > kPartBytes) {
        const std::string suffix = ++part == 1 ? "" : fmt::format("_{}", part);
        out.push_back({.path = fmt::format("{}{}.toml", name, suffix), .text = {}});
        included.push_back(toml_text(out.back().path));
      }
      out.back().text += out.back().text.empty() ? entry.substr(1) : entry;
    }
  }

  [[nodiscard]] std::string comment() const {
    std::string text;
    std::string_view rest = draft_.header;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      text += fmt::format("# {}\n", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
  }

  std::string body(const Draft::Entry& entry, const std::string& column) {
    std::string text;
    for (const Fields::Field& field : entry.fields.fields_) {
      text += fmt::format("{} = {}\n", field.key, value(field, column));
    }
    return text;
  }

  std::string value(const Fields::Field& field, const std::string& column) {
    if (field.kind == Fields::Kind::literal) return field.literal;
    if (field.kind == Fields::Kind::series) return series(field.numbers, column);
    std::vector<std::string> tables;
    std::size_t size = 0;
    for (const Fields& table : field.tables) {
      std::vector<std::string> parts;
      for (const Fields::Field& inner : table.fields_) {
        parts.push_back(fmt::format("{} = {}", inner.key, value(inner, column)));
      }
      tables.push_back(fmt::format("{{{}}}", fmt::join(parts, ", ")));
      size += tables.back().size();
    }
    if (size <= kLineMax) return fmt::format("[{}]", fmt::join(tables, ", "));
    return fmt::format("[\n  {},\n]", fmt::join(tables, ",\n  "));
  }

  std::string series(const Numbers& numbers, const std::string& column) {
    if (numbers.values.size() <= kInlineMax) {
      std::vector<std::string> texts;
      for (const double value : numbers.values) {
        ASSERT(std::isfinite(value));
        texts.push_back(exact(value));
      }
      const std::string unit = numbers.unit.empty() ? "" : fmt::format(", unit = {}", toml_text(numbers.unit));
      return fmt::format("{{values = [{}], by = {}{}}}", fmt::join(texts, ", "), toml_text(numbers.by), unit);
    }
    const Home home = place(numbers, numbers.column.empty() ? column : numbers.column);
    return fmt::format("{{file = {}, column = {}, by = {}}}", toml_text(home.file), toml_text(home.column),
                       toml_text(numbers.by));
  }

  Home place(const Numbers& numbers, const std::string& column) {
    const std::size_t rows = numbers.values.size();
    Family* family = nullptr;
    int parts = 0;
    for (Family& each : families_) {
      const std::string stem = each.file.substr(0, each.file.find('.'));
      if (stem != numbers.family && !stem.starts_with(numbers.family + "_part")) continue;
      ++parts;
      const bool is_full = (each.columns.size() + 2) * rows > kCsvCells;
      if (each.rows == rows && each.by == numbers.by && !is_full) family = &each;
    }
    if (family == nullptr) {
      const std::string part = parts == 0 ? "" : fmt::format("_part{}", parts + 1);
      family = &families_.emplace_back(
          Family{.file = fmt::format("{}{}.csv", numbers.family, part), .by = numbers.by, .rows = rows});
    }
    std::string name = column;
    for (int number = 2; family->taken.contains(name); ++number) name = fmt::format("{}_{}", column, number);
    family->taken.insert(name);
    family->titles.push_back(cell(numbers.unit.empty() ? name : fmt::format("{} [{}]", name, numbers.unit)));
    family->columns.push_back(&numbers.values);
    return {family->file, name};
  }

  [[nodiscard]] std::string csv(const Family& family) const {
    // rows of several periods repeat the names of the slices
    const bool is_by_period = family.by == "period";
    const std::vector<std::string>& names = is_by_period ? draft_.period_names : draft_.row_names;
    const bool is_named = !names.empty() && family.rows % names.size() == 0;
    std::string text =
        fmt::format("{},{}\n", is_by_period ? draft_.period_title : draft_.row_title, fmt::join(family.titles, ","));
    for (std::size_t row = 0; row < family.rows; ++row) {
      text += is_named ? cell(names[row % names.size()]) : fmt::format("{}", row);
      for (const std::vector<double>* column : family.columns) {
        text += ',';
        text += exact((*column)[row]);
      }
      text += '\n';
    }
    return text;
  }

  const Draft& draft_;
  std::vector<Family> families_;
};

std::vector<SourceFile> Draft::files() const {
  return DraftWriter(*this).files();
}

}  // namespace beltline
