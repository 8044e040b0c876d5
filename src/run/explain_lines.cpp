#include "run/explain_lines.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

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

std::string in_brackets(const std::string& entry) {
  return entry.empty() ? std::string() : " [" + entry + "]";
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace beltline
