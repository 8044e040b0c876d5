#include "run/explain_lines.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "run/amounts.h"

namespace beltline {
namespace {

constexpr std::size_t kColumns = 118;

}  // namespace

std::vector<std::string> wrapped(const std::string& head, std::size_t indent, const std::string& text) {
  const std::string plain = printable(text, 4000);
  std::vector<std::string> lines;
  std::string line = head;
  bool is_empty = true;
  for (std::size_t begin = 0; begin < plain.size();) {
    const std::size_t end = std::min(plain.find(' ', begin), plain.size());
    const std::string word = plain.substr(begin, end - begin);
    begin = end + 1;
    if (!is_empty && width_of(line) + 1 + width_of(word) > kColumns) {
      lines.push_back(line);
      line = std::string(indent, ' ');
      is_empty = true;
    }
    line += (is_empty ? "" : " ") + word;
    is_empty = false;
  }
  lines.push_back(line);
  return lines;
}

std::string with_entry(const std::string& text, const std::string& entry) {
  return entry.empty() ? text : text + " [" + entry + "]";
}

std::string lack_words(double missing, double whole, const std::string& unit, Language language) {
  const bool is_korean = language == Language::korean;
  const std::string all = quantity_words(whole, unit, language);
  if (missing >= whole * (1 - 1e-6)) return is_korean ? all + " 전부 부족" : fmt::format("all {} missing", all);
  const std::string part = quantity_words(missing, unit, language);
  // the missing part of what the same sentence has the unit of
  const std::size_t digits = std::min(part.find_first_of("0123456789"), part.size());
  if (is_korean) return fmt::format("{} 가운데 {} 부족", all, part.substr(digits));
  return fmt::format("{} of {} missing", unit == "USD" ? part.substr(digits) : grouped(missing), all);
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace beltline
