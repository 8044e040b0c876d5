#include "scenario/text_place.h"

#include <algorithm>

namespace beltline {
namespace {

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

Origin place_at(std::string_view text, std::size_t offset, int32_t file) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<uint32_t>(1 + std::ranges::count(before, '\n'));
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {.file = file, .line = line, .column = static_cast<uint32_t>(offset - start + 1)};
}

CodePointMap::CodePointMap(std::string_view text) : text_(text) {
  for (std::size_t at = 0; at <= text.size();) {
    lines_.push_back(at);
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view line = text.substr(at, end - at);
    std::vector<std::size_t> strides;
    if (std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      uint32_t column = 0;
      for (std::size_t i = 0; i < line.size(); ++i) {
        if (is_tail(line[i])) continue;
        if (column++ % kStride == 0) strides.push_back(at + i);
      }
    }
    strides_.push_back(std::move(strides));
    at = end + 1;
  }
}

std::size_t CodePointMap::line_start(uint32_t line) const {
  return line == 0 || line > lines_.size() ? text_.size() : lines_[line - 1];
}

std::size_t CodePointMap::offset(uint32_t line, uint32_t column) const {
  if (line == 0 || line > lines_.size()) return text_.size();
  const std::size_t end = line < lines_.size() ? lines_[line] - 1 : text_.size();
  uint32_t ahead = column == 0 ? 0 : column - 1;
  std::size_t at = lines_[line - 1];
  const std::vector<std::size_t>& strides = strides_[line - 1];
  if (strides.empty()) return std::min(at + ahead, end);
  if (ahead / kStride >= strides.size()) return end;
  at = strides[ahead / kStride];
  for (ahead %= kStride; ahead > 0 && at < end; --ahead) {
    do {
      ++at;
    } while (at < end && is_tail(text_[at]));
  }
  return std::min(at, end);
}

}  // namespace beltline
