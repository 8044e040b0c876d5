// Small helpers on text: the nearest word, UTF-8.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace beltline {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`; at most `limit` + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The candidate that a word most likely stands for, or "": the same but for case, hyphens and blanks; within an edit
/// distance of a third of the word; with the same parts in another order (`max_land` for `land_max`); one that it
/// starts or that starts it; one that means the same (`opens` for `online`). Of equally near ones the first in
/// alphabetical order, so that the order of candidates changes nothing.
std::string nearest_word(std::string_view word, std::span<const std::string> candidates);

/// "did you mean 'x'?", or "" for no word.
std::string did_you_mean_text(std::string_view nearest);

/// "a, b, c": the words, the first `count_max` of them.
std::string listing(std::span<const std::string> words, std::size_t count_max = 24);

/// Byte offset of the first byte that is not part of valid UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Text as it may be shown on a terminal: what steers it, turns the direction of text, cannot be seen or is no UTF-8 is
/// escaped ("\x1b", "\u202e"), and overlong text is cut.
std::string printable(std::string_view text, std::size_t size_max = 80);

/// Columns of a terminal that a code point takes, and its bytes.
struct Glyph {
  std::size_t bytes;
  std::size_t width;
};
/// Of the code point at the start of a text that is not empty.
Glyph glyph_at(std::string_view text);

/// Columns of a terminal that a text takes.
std::size_t width_of(std::string_view text);

}  // namespace beltline
