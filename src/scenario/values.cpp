#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/quantity_text.h"
#include "scenario/reading.h"
#include "scenario/suggest.h"
#include "scenario/toml.h"

namespace beltline {
namespace {

/// Reads the kinds that are neither quantities nor series.
class Reader {
 public:
  Reader(Reading& reading, const Subject& subject, const SourceNode& node)
      : reading_(reading), subject_(subject), attribute_(subject.attribute), node_(node) {}

  std::optional<Value> read() {
    value_.attribute = &attribute_;
    value_.origin = node_.origin;
    bool good = false;
    switch (attribute_.kind) {
      case Kind::quantity:
      case Kind::duration: good = take(read_quantity(reading_, subject_, node_), value_.quantity); break;
      case Kind::series: good = take(read_series(reading_, subject_, node_), value_.series); break;
      case Kind::text: good = text(); break;
      case Kind::flag: good = flag(); break;
      case Kind::integer: good = integer(); break;
      case Kind::month: good = month(); break;
      case Kind::reference: good = text(); break;
      case Kind::choice: good = text() && choice(value_.text, node_.origin); break;
      case Kind::references:
      case Kind::texts:
      case Kind::choices: good = words(); break;
      case Kind::records: good = records(); break;
    }
    if (!good) return std::nullopt;
    return std::move(value_);
  }

 private:
  template <class T>
  static bool take(std::optional<T> from, T& to) {
    if (from) to = std::move(*from);
    return from.has_value();
  }

  bool fail(Code code, std::string expected, std::string help, Fix fix = {}) {
    const std::string found = shown(node_);
    report(reading_, subject_,
           {.code = node_.is_cell && code == Code::wrong_type ? Code::csv_bad_value : code,
            .origin = node_.origin,
            .verb = "is " + found,
            .found = found,
            .expected = std::move(expected),
            .help = std::move(help),
            .fix = std::move(fix)});
    return false;
  }

  bool text() {
    if (node_.type != NodeType::text) {
      const bool is_plain = node_.type != NodeType::list && node_.type != NodeType::table;
      return fail(Code::wrong_type, "text", "put it in quotes", is_plain ? fix_value(node_, node_.text) : Fix{});
    }
    value_.text = node_.text;
    return true;
  }

  bool flag() {
    value_.flag = node_.flag || node_.text == "true";
    const bool is_word = node_.is_cell && (node_.text == "true" || node_.text == "false");
    if (node_.type == NodeType::flag || is_word) return true;
    static const std::vector<std::string> yes{"true", "yes", "Yes", "on", "1", "True", "TRUE"};
    static const std::vector<std::string> no{"false", "no", "No", "off", "0", "False", "FALSE"};
    const auto is_one_of = [&](const auto& words) {
      return std::ranges::find(words, std::string_view(node_.text)) != words.end();
    };
    const char* const meant = is_one_of(yes) ? "true" : is_one_of(no) ? "false" : nullptr;
    if (meant == nullptr) return fail(Code::wrong_type, "true or false", "write true or false, without quotes");
    return fail(Code::wrong_type, "true or false", fmt::format("write {}, without quotes", meant), {meant, true});
  }

  bool integer() {
    value_.integer = node_.integer;
    if (node_.is_cell) {
      const char* const end = node_.text.data() + node_.text.size();
      const auto [stop, error] = std::from_chars(node_.text.data(), end, value_.integer);
      if (error != std::errc() || stop != end) return fail_integer();
    } else if (node_.type != NodeType::integer) {
      return fail_integer();
    }
    const auto number = static_cast<double>(value_.integer);
    value_.quantity.low = value_.quantity.mode = value_.quantity.high = number;
    return check_bounds(reading_, subject_, number, node_);
  }

  bool fail_integer() {
    const auto split = split_quantity(mend_number(node_.text).empty() ? node_.text : mend_number(node_.text));
    const bool is_whole = split && split->number == std::floor(split->number) && std::abs(split->number) < 1e15;
    if (!is_whole) return fail(Code::wrong_type, "a whole number", fmt::format("write {}", example_value(attribute_)));
    const std::string number = fmt::format("{:.0f}", split->number);
    const bool bare = !node_.is_cell;
    return fail(Code::wrong_type, "a whole number", fmt::format("write {}, without quotes or unit", number),
                {number, bare});
  }

  bool month() {
    const std::optional<YearMonth> parsed =
        node_.type == NodeType::text ? parse_month(node_.text) : std::optional<YearMonth>();
    if (!parsed) {
      return fail(Code::bad_month, "a month such as \"2025-10\"", month_help(node_.text),
                  fix_value(node_, guess_month(node_.text)));
    }
    value_.month = *parsed;
    return true;
  }

  bool choice(const std::string& word, const Origin& origin) {
    const std::vector<std::string> allowed = split_words(attribute_.target);
    if (std::ranges::find(allowed, word) != allowed.end()) return true;
    const std::string nearest = nearest_word(word, allowed);
    report(reading_, subject_,
           {.code = Code::bad_choice,
            .origin = origin,
            .verb = fmt::format("is '{}'", printable(word)),
            .found = printable(word),
            .expected = fmt::format("{}", fmt::join(allowed, ", ")),
            .help = nearest.empty() ? "write one of these words" : did_you_mean_text(nearest),
            .fix = {several_in_cell() ? std::string() : nearest}});
    return false;
  }

  /// Several words of one cell have one place.
  [[nodiscard]] bool several_in_cell() const { return node_.is_cell && node_.text.find(';') != std::string::npos; }

  bool word(const std::string& text, const Origin& origin) {
    if (attribute_.kind == Kind::choices && !choice(text, origin)) return false;
    value_.names.push_back(text);
    value_.name_origins.push_back(origin);
    return true;
  }

  bool words() {
    bool good = true;
    if (node_.is_cell) {
      // a cell holds a list with semicolons between its words
      std::string_view rest = node_.text;
      while (true) {
        const std::size_t end = rest.find(';');
        std::string_view part = rest.substr(0, end);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) good = word(std::string(part), node_.origin) && good;
        if (end == std::string_view::npos) return good;
        rest.remove_prefix(end + 1);
      }
    }
    if (node_.type != NodeType::list) {
      if (node_.type != NodeType::text) return fail(Code::wrong_type, "a list of names", "write [\"a\", \"b\"]");
      const std::string list = fmt::format("[\"{}\"]", node_.text);
      return fail(Code::wrong_type, "a list of names", fmt::format("write {}", printable(list)), {list, true});
    }
    for (const SourceNode& item : node_.items) {
      if (item.type == NodeType::text) {
        good = word(item.text, item.origin) && good;
        continue;
      }
      report(reading_, subject_,
             {.code = Code::wrong_type,
              .origin = item.origin,
              .verb = "holds " + shown(item),
              .expected = "names in quotes",
              .help = "write [\"a\", \"b\"]"});
      good = false;
    }
    return good;
  }

  bool records() {
    if (node_.type != NodeType::list) {
      return fail(
          Code::wrong_type, "a list of tables",
          node_.type == NodeType::table ? "put the table into square brackets: [{...}]" : "write [{...}, {...}]");
    }
    bool good = true;
    for (std::size_t i = 0; i < node_.items.size(); ++i) {
      const SourceNode& item = node_.items[i];
      if (item.type != NodeType::table) {
        report(reading_, subject_,
               {.code = Code::wrong_type,
                .origin = item.origin,
                .verb = "holds " + shown(item),
                .expected = "tables",
                .help = fmt::format("write {}", example_value(attribute_))});
        good = false;
        continue;
      }
      Entry record;
      record.origin = item.origin;
      read_entry(reading_, attribute_.fields, fmt::format("{}[{}] of {}", attribute_.key, i + 1, subject_.owner), item,
                 record);
      value_.records.push_back(std::move(record));
    }
    return good;
  }

  Reading& reading_;
  const Subject& subject_;
  const Attribute& attribute_;
  const SourceNode& node_;
  Value value_;
};

constexpr std::array kCommon{
    Attribute{.key = "title", .description = "Name for people, in English."},
    Attribute{.key = "title_ko", .description = "Name for people, in Korean."},
    Attribute{.key = "source", .description = "Citation of every value of the entry that has none of its own."},
    Attribute{
        .key = "confidence",
        .kind = Kind::choice,
        .target = "A|B|C",
        .description = "A: datasheet or statistic. B: press or analyst. C: estimate. For every value without its own."},
    Attribute{.key = "note", .description = "Remark for readers of the scenario; has no effect."},
};

/// The value of a default, read from the schema's own text as if it stood in the file. A bad one is our bug.
const Value& default_value(Reading& reading, const Attribute& attribute, std::string_view owner) {
  if (const auto known = reading.defaults.find(&attribute); known != reading.defaults.end()) return known->second;
  Diagnostics faults;
  const std::optional<SourceNode> parsed = parse_toml(fmt::format("x = {}", attribute.fallback), -1, faults);
  std::optional<Value> value;
  if (parsed && parsed->find("x") != nullptr) {
    Reading inner{.units = reading.units,
                  .diagnostics = faults,
                  .series_files = reading.series_files,
                  .calendar = reading.calendar};
    value = read_value(inner, {.attribute = attribute, .owner = owner, .source = {}}, *parsed->find("x"));
  }
  if (!value || faults.has_errors()) {
    throw Bug(fmt::format("schema: the default of {} of {} is bad: {} {}", attribute.key, owner, attribute.fallback,
                          faults.all().empty() ? "" : faults.all().front().message));
  }
  value->is_default = true;
  return reading.defaults.emplace(&attribute, std::move(*value)).first->second;
}

/// Puts one place on a default and on all that hangs from it: the entry's, because nothing was written.
void place_default(Value& value, const Origin& origin) {
  value.origin = value.quantity.origin = value.series.quantity.origin = origin;
  std::ranges::fill(value.name_origins, origin);
  for (Entry& record : value.records) {
    record.origin = origin;
    for (auto& [key, inner] : record.values) place_default(inner, origin);
  }
}

/// Returns the key that was meant, or "".
std::string report_unknown_key(Reading& reading, std::span<const Attribute> attributes, std::string_view owner,
                               const SourceNode& table, const Member& member) {
  // what the same file has already was not meant again; an override means what a file has
  const auto is_written = [&](std::string_view key) {
    return std::ranges::any_of(table.members, [&](const Member& other) {
      return other.key == key && other.key_origin.file == member.key_origin.file;
    });
  };
  std::vector<std::string> keys;
  for (const auto list : {attributes, std::span<const Attribute>(kCommon)}) {
    for (const Attribute& a : list) {
      if (!is_written(a.key)) keys.emplace_back(a.key);
    }
  }
  return add_unknown_key(reading.diagnostics, {.owner = owner, .key = member.key, .origin = member.key_origin}, keys);
}

}  // namespace

void report(Reading& reading, const Subject& subject, Fault fault) {
  reading.diagnostics.add({.code = fault.code,
                           .origin = fault.origin,
                           .message = subject.name() + " " + fault.verb,
                           .found = std::move(fault.found),
                           .expected = std::move(fault.expected),
                           .help = std::move(fault.help),
                           .fix = std::move(fault.fix)});
}

std::string shown(const SourceNode& node) {
  switch (node.type) {
    case NodeType::text: return node.text.empty() ? "empty" : fmt::format("'{}'", printable(node.text));
    case NodeType::list: return "a list";
    case NodeType::table: return "a table";
    default: return printable(node.text);
  }
}

std::string add_unknown_key(Diagnostics& diagnostics, const UnknownKey& unknown, std::span<const std::string> keys) {
  std::string nearest = nearest_word(unknown.key, keys);
  diagnostics.add(
      {.code = Code::unknown_key,
       .origin = unknown.origin,
       .message = fmt::format("{} has no key '{}'", unknown.owner, printable(unknown.key)),
       .found = printable(unknown.key),
       .help = nearest.empty() ? fmt::format("its keys are {}", listing(keys, 40)) : did_you_mean_text(nearest),
       .fix = {nearest, true}});
  return nearest;
}

std::span<const Attribute> common_attributes() {
  return kCommon;
}

const Attribute* find_attribute(std::span<const Attribute> attributes, std::string_view key) {
  for (const auto list : {attributes, common_attributes()}) {
    const auto found = std::ranges::find(list, key, &Attribute::key);
    if (found != list.end()) return &*found;
  }
  return nullptr;
}

std::vector<std::string> split_words(std::string_view target) {
  std::vector<std::string> words;
  while (!target.empty()) {
    const std::size_t bar = target.find('|');
    words.emplace_back(target.substr(0, bar));
    target = bar == std::string_view::npos ? std::string_view() : target.substr(bar + 1);
  }
  return words;
}

std::optional<Value> read_value(Reading& reading, const Subject& subject, const SourceNode& node) {
  return Reader(reading, subject, node).read();
}

void read_entry(Reading& reading, std::span<const Attribute> attributes, std::string_view owner,
                const SourceNode& table, Entry& entry) {
  const auto text_of = [&](std::string_view key) {
    const SourceNode* const node = table.find(key);
    return node != nullptr && node->type == NodeType::text ? std::string_view(node->text) : std::string_view();
  };
  // an attribute of the section's own may be called `source` and then is no citation
  const auto is_common = [&](std::string_view key) {
    return std::ranges::find(attributes, key, &Attribute::key) == attributes.end();
  };
  const std::string_view source = is_common("source") ? text_of("source") : std::string_view();
  const std::string_view grade = is_common("confidence") ? text_of("confidence") : std::string_view();
  const char confidence = grade == "A" || grade == "B" || grade == "C" ? grade[0] : ' ';

  std::vector<std::string> meant;  // by keys that do not exist; one fault is told once
  for (const Member& member : table.members) {
    const Attribute* const attribute = find_attribute(attributes, member.key);
    if (attribute == nullptr) {
      meant.push_back(report_unknown_key(reading, attributes, owner, table, member));
      continue;
    }
    if (++reading.value_count > limits::kValues) {
      if (reading.value_count == limits::kValues + 1) {
        reading.diagnostics.add({.code = Code::too_many,
                                 .origin = member.key_origin,
                                 .message = "the scenario has too many values",
                                 .expected = fmt::format("at most {}", limits::kValues),
                                 .help = "leave some out, or add up what is alike"});
      }
      return;
    }
    const Subject subject{.attribute = *attribute, .owner = owner, .source = source, .confidence = confidence};
    if (std::optional<Value> value = read_value(reading, subject, member.value)) {
      entry.values.emplace(member.key, std::move(*value));
    }
  }

  for (const Attribute& attribute : attributes) {
    if (table.find(attribute.key) != nullptr) continue;
    if (!attribute.fallback.empty()) {
      Value value = default_value(reading, attribute, owner);
      place_default(value, entry.origin);
      entry.values.emplace(attribute.key, std::move(value));
    } else if (attribute.required && std::ranges::find(meant, attribute.key) == meant.end()) {
      reading.diagnostics.add({.code = Code::missing_key,
                               .origin = entry.origin,
                               .message = fmt::format("{} has no {}", owner, attribute.key),
                               .expected = fmt::format("a value for '{}'", attribute.key),
                               .help = fmt::format("add {} = {}", attribute.key, example_value(attribute))});
    }
  }
}

}  // namespace beltline
