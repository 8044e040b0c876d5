#include "scenario/toml.h"

#include <algorithm>
#include <cmath>
#include <string>

// toml++ 3.3.0 asserts on some wrong texts ("[)"), and without assertions it assumes that they do not occur. Here its
// assertions stay on in every build and throw, so that such a text is an error like any other.
#undef NDEBUG
namespace beltline {
struct TomlAssertion {};
[[noreturn]] inline void throw_toml_assertion() { throw TomlAssertion(); }
}  // namespace beltline
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::beltline::throw_toml_assertion())
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/text_place.h"

namespace beltline {
namespace {

/// Builds Nodes out of toml++'s, with places in bytes.
class Converter {
 public:
  Converter(std::string_view text, int32_t file) : text_(text), file_(file), map_(text) {}

  [[nodiscard]] Origin origin(const toml::source_region& region) const {
    const std::size_t begin = map_.offset(region.begin.line, region.begin.column);
    std::size_t end = map_.offset(region.end.line, region.end.column);
    if (region.end.line != region.begin.line) end = std::min(text_.find('\n', begin), text_.size());
    return {.file = file_,
            .line = region.begin.line,
            .column = static_cast<uint32_t>(begin - map_.line_start(region.begin.line) + 1),
            .length = static_cast<uint32_t>(end > begin ? end - begin : 1)};
  }

  [[nodiscard]] Node convert(const toml::node& from) const {
    Node to;
    to.origin = origin(from.source());
    switch (from.type()) {
      case toml::node_type::table: table(*from.as_table(), to); break;
      case toml::node_type::array:
        to.type = NodeType::list;
        for (const toml::node& item : *from.as_array()) to.items.push_back(convert(item));
        break;
      case toml::node_type::string:
        to.type = NodeType::text;
        to.text = from.as_string()->get();
        break;
      case toml::node_type::integer:
        to.type = NodeType::integer;
        to.integer = from.as_integer()->get();
        to.number = static_cast<double>(to.integer);
        to.text = written(from);
        break;
      case toml::node_type::floating_point:
        to.type = NodeType::number;
        to.number = from.as_floating_point()->get();
        to.text = written(from);
        break;
      case toml::node_type::boolean:
        to.type = NodeType::flag;
        to.flag = from.as_boolean()->get();
        to.text = to.flag ? "true" : "false";
        break;
      default:
        to.type = NodeType::date;
        to.text = written(from);
        break;
    }
    return to;
  }

 private:
  void table(const toml::table& from, Node& to) const {
    to.type = NodeType::table;
    for (const auto& [key, value] : from) {
      to.members.push_back({std::string(key.str()), origin(key.source()), convert(value)});
    }
  }

  [[nodiscard]] std::string written(const toml::node& node) const {
    const toml::source_region& region = node.source();
    const std::size_t begin = map_.offset(region.begin.line, region.begin.column);
    const std::size_t end = map_.offset(region.end.line, region.end.column);
    return printable(text_.substr(begin, end > begin ? end - begin : 0));
  }

  std::string_view text_;
  int32_t file_;
  CodePointMap map_;
};

/// toml++ says "Error while parsing floating-point: '1e400' could not be interpreted as a value".
bool is_overflow(std::string_view description) {
  return description.find("floating-point") != std::string_view::npos &&
         description.find("could not be interpreted") != std::string_view::npos &&
         description.find_first_of("eE", description.find('\'')) != std::string_view::npos;
}

void report_syntax(const toml::parse_error& error, const Converter& converter, Diagnostics& diagnostics) {
  std::string what(error.description());
  for (const std::string_view head : {"Error while parsing ", "Error while "}) {
    if (what.starts_with(head)) what.erase(0, head.size());
  }
  Diagnostic d{.code = Code::file_syntax,
               .origin = converter.origin(error.source()),
               .message = "the text is not TOML: " + printable(what, 200)};
  if (is_overflow(what)) {
    d.code = Code::not_finite;
    d.message = "a number is too large to hold: " + printable(what, 200);
  } else if (what.starts_with("date")) {
    d.help = "write months in quotes: \"2025-10\"";
  }
  diagnostics.add(std::move(d));
}

}  // namespace

const char* describe(NodeType type) {
  switch (type) {
    case NodeType::text: return "text";
    case NodeType::integer: return "a whole number";
    case NodeType::number: return "a number";
    case NodeType::flag: return "true or false";
    case NodeType::date: return "a date";
    case NodeType::list: return "a list";
    case NodeType::table: return "a table";
  }
  return "something else";
}

std::optional<Node> parse_toml(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  try {
    const toml::parse_result result = toml::parse(text);
    const Converter converter(text, file);
    if (result) return converter.convert(result.table());
    report_syntax(result.error(), converter, diagnostics);
  } catch (const TomlAssertion&) {
    diagnostics.add({.code = Code::file_syntax,
                     .origin = {.file = file, .line = 1, .column = 1},
                     .message = "the text is not TOML"});
  }
  return std::nullopt;
}

}  // namespace beltline
