#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

namespace beltline {
namespace {

/// Length of the valid UTF-8 sequence at the start of `text`, or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto is_tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return is_tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!is_tail(1) || !is_tail(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (lead == 0xED && byte(1) > 0x9F) return 0;  // surrogates
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!is_tail(1) || !is_tail(2) || !is_tail(3)) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;  // overlong
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // beyond U+10FFFF
    return 4;
  }
  return 0;
}

/// The code point of one valid sequence.
uint32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<uint8_t>(sequence[0]);
  uint32_t point = sequence.size() == 1 ? lead : lead & (0x7Fu >> sequence.size());
  for (const char c : sequence.substr(1)) point = (point << 6) | (static_cast<uint8_t>(c) & 0x3Fu);
  return point;
}

/// C1 controls, which steer terminals as the C0 ones do; marks that turn the direction of text or have no width, so
/// that what is read is not what is written (Unicode TR 36); line and paragraph separators; tags.
bool is_unseen(uint32_t point) {
  return (point >= 0x80 && point < 0xA0) || point == 0xAD || point == 0x61C || point == 0x180E ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
         (point >= 0xE0000 && point <= 0xE007F);
}

/// Lower case, with '_' for hyphens and blanks.
std::string plain_word(std::string_view word) {
  std::string out;
  for (const char c : word) {
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '-' || c == ' ' ? '_' : c;
  }
  return out;
}

/// "land_max" → "land", "max".
std::vector<std::string> parts_of(std::string_view word) {
  std::vector<std::string> parts{""};
  for (const char c : word) {
    if (c == '_') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// Words that people write for each other in scenarios; each line one idea, with blanks around each word.
constexpr std::string_view kSynonyms[] = {
    " opens online open opening start available operational commissioning ",
    " capex investment cost price capital expenditure amount ",
    " opex om fixed maintenance operating ",
    " lead lead_time delay construction build duration ",
    " max maximum limit cap upper ceiling ",
    " min minimum lower floor ",
    " existing initial installed current present ",
    " life lifetime ",
    " efficiency yield loss ",
    " site location place region where ",
    " owner operator company party ",
    " from begin start first since ",
    " until end last stop to ",
    " power capacity size rating ",
    " demand load need tokens ",
    " staff workers technicians people persons ",
    " module unit block step ",
    " supply supplier seller vendor provider ",
    " buyer customer offtaker consumer ",
    " performance flops speed throughput ",
    " utilisation utilization load_factor usage ",
    " kind type class category ",
    " source citation reference ref ",
    " note remark comment ",
    " column field header ",
    " file path filename csv ",
};

bool share_a_line(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string first = fmt::format(" {} ", a);
  const std::string second = fmt::format(" {} ", b);
  return std::ranges::any_of(kSynonyms, [&](std::string_view line) {
    return line.find(first) != std::string_view::npos && line.find(second) != std::string_view::npos;
  });
}

/// Whether the words agree part by part, up to synonyms; the whole word counts as one part, too.
bool means_the_same(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (share_a_line(fmt::format("{}", fmt::join(a, "_")), fmt::format("{}", fmt::join(b, "_")))) return true;
  return a.size() == b.size() && std::ranges::equal(a, b, share_a_line);
}

/// Within a third of the word's letters, or one of two; null if there is none.
const std::string* nearest_by_edits(std::string_view word, std::span<const std::string> candidates) {
  std::size_t best_distance = (word.size() == 2 ? 1 : word.size() / 3) + 1;
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate, best_distance);
    if (distance < best_distance || (best != nullptr && distance == best_distance && candidate < *best)) {
      best_distance = distance;
      best = &candidate;
    }
  }
  return best;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  // optimal string alignment: three rows of the table are enough
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      best = std::min(best, row[j]);
    }
    if (best > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

std::string nearest_word(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty() || word.size() > 64) return {};
  const std::string plain = plain_word(word);
  for (const std::string& candidate : candidates) {
    if (plain == plain_word(candidate)) return candidate;
  }
  if (const std::string* near = nearest_by_edits(word, candidates)) return *near;
  const std::vector<std::string> parts = parts_of(plain);
  const auto first_that = [&](auto fits) {
    const std::string* best = nullptr;
    for (const std::string& candidate : candidates) {
      if (!fits(plain_word(candidate))) continue;
      const auto rank = [](const std::string& text) { return std::pair(text.size(), std::string_view(text)); };
      if (best == nullptr || rank(candidate) < rank(*best)) best = &candidate;
    }
    return best == nullptr ? std::string() : *best;
  };
  const auto sorted = [](std::vector<std::string> words) {
    std::ranges::sort(words);
    return words;
  };
  std::string found;
  if (parts.size() > 1) found = first_that([&](const std::string& c) { return sorted(parts_of(c)) == sorted(parts); });
  constexpr std::size_t kStemMin = 3;
  if (found.empty() && plain.size() >= kStemMin) {
    found = first_that([&](const std::string& c) {
      return c.starts_with(plain) || (c.size() >= kStemMin && plain.starts_with(c + "_"));
    });
  }
  if (found.empty()) found = first_that([&](const std::string& c) { return means_the_same(parts, parts_of(c)); });
  return found;
}

std::string did_you_mean_text(std::string_view nearest) {
  return nearest.empty() ? std::string() : fmt::format("did you mean '{}'?", nearest);
}

std::string listing(std::span<const std::string> words, std::size_t count_max) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < count_max; ++i) out += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > count_max) out += ", …";
  return out;
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<uint8_t>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text, std::size_t size_max) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= size_max) return out + "…";
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[i++]));
      continue;
    }
    const uint32_t point = code_point(text.substr(i, length));
    if (point == '\n' || point == '\t') {
      out += point == '\n' ? "\\n" : "\\t";
    } else if (point < 0x20 || point == 0x7F) {
      out += fmt::format("\\x{:02x}", point);
    } else if (is_unseen(point)) {
      out += fmt::format("\\u{:04x}", point);
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

Glyph glyph_at(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  if (lead < 0x80) return {1, 1};
  const std::size_t bytes = std::min<std::size_t>(text.size(), lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2);
  if (bytes < 3) return {bytes, 1};
  uint32_t code = lead & (bytes == 4 ? 0x07u : 0x0Fu);
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6) | (static_cast<uint8_t>(text[i]) & 0x3Fu);
  // Hangul, kana, CJK and full-width forms are two columns wide (Unicode TR 11)
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) || code >= 0x1F300;
  return {bytes, wide ? 2u : 1u};
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Glyph glyph = glyph_at(text);
    width += glyph.width;
    text.remove_prefix(glyph.bytes);
  }
  return width;
}

}  // namespace beltline
