// Small helpers on text: the nearest word, UTF-8.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace beltline {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`; at most `limit` + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The nearest of `candidates` within an edit distance of a third of the word, or ""; case alone is no distance.
/// Of equally near ones the first in alphabetical order, so that the order of candidates changes nothing.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

/// Byte offset of the first byte that is not part of valid UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Text as it may be shown on a terminal: control characters, those that turn the writing direction, and invalid UTF-8
/// become '?'; overlong text is cut.
std::string printable(std::string_view text, std::size_t size_max = 80);

}  // namespace beltline
