#include "base/korean.h"

#include <algorithm>
#include <vector>

namespace beltline {
namespace {

constexpr std::size_t kTextMax = 8192;
/// Steps after which one template is given up: a hostile name may fit many ways, and none of them matters.
constexpr int kStepsMax = 20'000;
/// A value by its key and entry, tried last: it fits into every sentence about a value.
constexpr KoreanText kSubject{"{} of {}", "{1:t}의 {0}"};
/// Texts inside texts: "commodity of flows[1] of process 'p' is a list".
constexpr int kNestingMax = 6;

std::optional<std::string> translate(std::string_view english, int nesting);

/// Finds what the {} of a template stand for.
class Matcher {
 public:
  bool match(std::string_view pattern, std::string_view text) {
    if (++steps_ > kStepsMax) return false;
    const std::size_t hole = pattern.find("{}");
    const std::string_view head = pattern.substr(0, hole);
    if (!text.starts_with(head)) return false;
    text.remove_prefix(head.size());
    if (hole == std::string_view::npos) return text.empty();

    const std::string_view rest = pattern.substr(hole + 2);
    const std::string_view next = rest.substr(0, rest.find("{}"));
    // the shortest that fits: names of keys and entries hold no text of ours
    for (std::size_t size = 0; size <= text.size(); ++size) {
      if (next.empty()) {
        size = text.size();
      } else {
        size = text.find(next, size);
        if (size == std::string_view::npos) return false;
      }
      holes_.push_back(text.substr(0, size));
      if (match(rest, text.substr(size))) return true;
      holes_.pop_back();
    }
    return false;
  }
  [[nodiscard]] const std::vector<std::string_view>& holes() const { return holes_; }

 private:
  std::vector<std::string_view> holes_;
  int steps_ = 0;
};

std::size_t fixed_letters(std::string_view pattern) {
  std::size_t count = pattern.size();
  for (std::size_t at = pattern.find("{}"); at != std::string_view::npos; at = pattern.find("{}", at + 2)) count -= 2;
  return count;
}

/// All templates, those that say most first.
const std::vector<const KoreanText*>& by_weight() {
  static const std::vector<const KoreanText*> sorted = [] {
    std::vector<const KoreanText*> all;
    // one a line: rooms add theirs
    for (const auto list : {
             korean_texts(),          korean_toml_texts(),     korean_override_texts(),    korean_unit_texts(),
             korean_study_texts(),    korean_chance_texts(),   korean_audit_texts(),       korean_part_texts(),
             korean_chain_texts(),    korean_import_texts(),   korean_export_texts(),      korean_matpower_texts(),
             korean_osemosys_texts(), korean_frepple_texts(),  korean_actual_texts(),      korean_option_texts(),
             korean_perf_texts(),     korean_training_texts(), korean_rack_search_texts(), korean_serving_texts(),
             korean_engine_texts(),
         }) {
      for (const KoreanText& text : list) all.push_back(&text);
    }
    std::ranges::stable_sort(all, std::ranges::greater(),
                             [](const KoreanText* t) { return fixed_letters(t->english); });
    all.push_back(&kSubject);
    return all;
  }();
  return sorted;
}

/// Fills {0} and {0:t} of a Korean template.
std::string fill(std::string_view korean, const std::vector<std::string_view>& holes, int nesting) {
  std::string out;
  for (std::size_t i = 0; i < korean.size();) {
    const bool is_hole = korean[i] == '{' && i + 2 < korean.size() && korean[i + 1] >= '0' && korean[i + 1] <= '9' &&
                         (korean[i + 2] == '}' || korean.substr(i + 2).starts_with(":t}"));
    const auto index = is_hole ? static_cast<std::size_t>(korean[i + 1] - '0') : holes.size();
    if (index >= holes.size()) {
      out += korean[i++];
      continue;
    }
    const bool is_text = korean[i + 2] == ':';
    const std::optional<std::string> inner = is_text ? translate(holes[index], nesting + 1) : std::nullopt;
    out += inner ? *inner : std::string(holes[index]);
    i += is_text ? 5 : 3;
  }
  return out;
}

std::optional<std::string> translate(std::string_view english, int nesting) {
  if (english.empty() || english.size() > kTextMax || nesting > kNestingMax) return std::nullopt;
  for (const KoreanText* text : by_weight()) {
    Matcher matcher;
    if (matcher.match(text->english, english)) return fill(text->korean, matcher.holes(), nesting);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_korean(std::string_view english) {
  return translate(english, 0);
}

std::string to_korean(std::string_view english) {
  return find_korean(english).value_or(std::string(english));
}

}  // namespace beltline
