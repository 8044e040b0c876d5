#include "scenario/override_path.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/text_place.h"
#include "scenario/toml.h"

namespace beltline {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Reads one override; offsets count from the start of its text.
class Parser {
 public:
  Parser(std::string_view text, const Origin& start, const SectionMap& sections, Diagnostics& diagnostics)
      : text_(text), start_(start), sections_(sections), diagnostics_(diagnostics) {}

  std::optional<Override> run() {
    if (const std::size_t bad = find_invalid_utf8(text_); bad != std::string_view::npos) {
      diagnostics_.add({.code = Code::file_not_utf8,
                        .origin = place(bad, 1),
                        .message = "an override is not valid UTF-8",
                        .help = "write it in UTF-8"});
      return std::nullopt;
    }
    const std::size_t equals = find_equals();
    if (equals == std::string_view::npos) return fail(0, text_.size(), "is no PATH=VALUE");
    std::size_t path_end = equals;
    if (equals > 0 && (text_[equals - 1] == '*' || text_[equals - 1] == '+')) {
      override_.kind = text_[equals - 1] == '*' ? Override::Kind::scale : Override::Kind::add;
      --path_end;
    }
    std::vector<PathStep> steps;
    if (!cut(text_.substr(0, path_end), steps) || !place_path(std::move(steps))) return std::nullopt;
    const std::string_view value = trimmed(text_.substr(equals + 1));
    if (value.empty()) return fail(0, text_.size(), "has no value");
    if (!read_value(value)) return std::nullopt;
    return std::move(override_);
  }

 private:
  std::nullopt_t fail(std::size_t offset, std::size_t length, std::string_view what) {
    diagnostics_.add({.code = Code::bad_override,
                      .origin = place(offset, length),
                      .message = fmt::format("'{}' {}", printable(text_), what),
                      .expected = "PATH=VALUE, PATH*=FACTOR or PATH+=VALUE",
                      .help = "write --set 'site.ulsan.online=2029-06'"});
    return std::nullopt;
  }

  [[nodiscard]] Origin place(std::size_t offset, std::size_t length) const {
    Origin origin = place_at(text_, offset, start_.file);
    origin.line += start_.line - 1;
    origin.length = static_cast<uint32_t>(std::max<std::size_t>(1, length));
    return origin;
  }
  [[nodiscard]] Origin place(std::string_view part) const {
    return place(static_cast<std::size_t>(part.data() - text_.data()), part.size());
  }

  /// The first '=' outside brackets.
  [[nodiscard]] std::size_t find_equals() const {
    int depth = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '[') ++depth;
      if (text_[i] == ']') --depth;
      if (text_[i] == '=' && depth <= 0) return i;
    }
    return std::string_view::npos;
  }

  /// "a.b[c].d" → a, b, [c], d.
  bool cut(std::string_view path, std::vector<PathStep>& steps) {
    const auto refuse = [&](std::string_view at) {
      fail(static_cast<std::size_t>(at.data() - text_.data()), at.size(), "has a path that cannot be read");
      return false;
    };
    bool wants_name = true;
    while (!trimmed(path).empty()) {
      while (is_blank(path.front())) path.remove_prefix(1);
      if (path.front() == '[') {
        const std::size_t end = path.find(']');
        const std::string_view inside =
            end == std::string_view::npos ? std::string_view() : trimmed(path.substr(1, end - 1));
        if (wants_name || inside.empty()) return refuse(path);
        steps.push_back({std::string(inside), true, place(inside)});
        path.remove_prefix(end + 1);
      } else if (path.front() == '.' && !wants_name) {
        path.remove_prefix(1);
        wants_name = true;
      } else {
        const std::string_view name = trimmed(path.substr(0, path.find_first_of(".[")));
        if (!wants_name || name.empty()) return refuse(path);
        steps.push_back({std::string(name), false, place(name)});
        path.remove_prefix(static_cast<std::size_t>(name.data() - path.data()) + name.size());
        wants_name = false;
      }
      if (steps.size() > static_cast<std::size_t>(limits::kDepth)) return refuse(path);
    }
    return wants_name ? refuse(text_) : true;
  }

  /// Which steps are section, entry and key.
  bool place_path(std::vector<PathStep> steps) {
    const auto found = sections_.find(steps[0].text);
    if (found == sections_.end()) {
      std::vector<std::string> names;
      for (const auto& [name, section] : sections_) names.push_back(name);
      const std::string nearest = nearest_word(steps[0].text, names);
      diagnostics_.add({.code = Code::unknown_section,
                        .origin = steps[0].origin,
                        .message = fmt::format("no section is called '{}'", printable(steps[0].text)),
                        .found = printable(steps[0].text),
                        .help = nearest.empty() ? fmt::format("the sections are {}", listing(names, 60))
                                                : did_you_mean_text(nearest)});
      return false;
    }
    override_.section = found->second;
    const std::size_t key = found->second->single ? 1 : 2;
    if (steps.size() <= key ||
        std::ranges::any_of(steps.begin(), steps.begin() + static_cast<long>(key) + 1, &PathStep::is_record)) {
      fail(0, text_.size(), found->second->single ? "names no key of its section" : "names no entry and key");
      return false;
    }
    override_.entry_origin = steps[key - 1].origin;
    if (!found->second->single) {
      override_.entry = steps[1].text;
      if (!check_name(override_.entry, *override_.section, override_.entry_origin, diagnostics_)) return false;
    }
    override_.steps.assign(std::make_move_iterator(steps.begin() + static_cast<long>(key)),
                           std::make_move_iterator(steps.end()));
    return true;
  }

  /// A TOML value, or bare text where it is none. What begins as a string, a list or a table must end as one.
  bool read_value(std::string_view value) {
    static constexpr std::string_view kHead = "x = ";
    const std::string document = std::string(kHead) + std::string(value);
    Diagnostics faults;
    std::optional<SourceNode> root;
    if (prescan_toml(document, start_.file, faults)) root = parse_toml(document, start_.file, faults);
    if (root && root->members.size() == 1) {
      override_.value = std::move(root->members.front().value);
      shift(override_.value, place(value), static_cast<uint32_t>(kHead.size()));
      return true;
    }
    if (value.find_first_of("\"'[{") == 0) {
      for (Diagnostic fault : faults.all()) {
        shift(fault.origin, place(value), static_cast<uint32_t>(kHead.size()));
        diagnostics_.add(std::move(fault));
      }
      if (!faults.has_errors()) fail(0, text_.size(), "has more than one value");
      return false;
    }
    override_.value.type = NodeType::text;
    override_.value.text = value;
    override_.value.origin = place(value);
    return true;
  }

  /// From places in "x = VALUE" to places in the override.
  static void shift(Origin& origin, const Origin& to, uint32_t head) {
    if (origin.line == 1) origin.column += to.column - 1 - std::min(origin.column - 1, head);
    origin.line += to.line - 1;
  }
  static void shift(SourceNode& node, const Origin& to, uint32_t head) {
    shift(node.origin, to, head);
    for (SourceNode& item : node.items) shift(item, to, head);
    for (Member& member : node.members) {
      shift(member.key_origin, to, head);
      shift(member.value, to, head);
    }
  }

  std::string_view text_;
  Origin start_;
  const SectionMap& sections_;
  Diagnostics& diagnostics_;
  Override override_;
};

}  // namespace

std::optional<Override> parse_override(std::string_view text, const Origin& start, const SectionMap& sections,
                                       Diagnostics& diagnostics) {
  return Parser(text, start, sections, diagnostics).run();
}

std::optional<std::size_t> parse_position(std::string_view text) {
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return position;
}

}  // namespace beltline
