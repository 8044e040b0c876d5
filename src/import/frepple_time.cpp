#include "import/frepple_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace beltline::frepple {
namespace {

constexpr double kDurationMax = 1000.0 * 366 * kDay;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Seconds> whole_seconds(double value) {
  if (!(std::abs(value) <= kDurationMax)) return std::nullopt;
  return std::llround(value);
}

/// "P1Y2M3W4DT5H6M7S", after the P.
std::optional<Seconds> iso_duration(std::string_view text) {
  double sum = 0;
  bool is_time = false;
  bool any = false;
  while (!text.empty()) {
    if (text[0] == 'T') {
      if (is_time) return std::nullopt;
      is_time = true;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find_first_not_of("0123456789.");
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    const auto value = number(text.substr(0, end));
    if (!value) return std::nullopt;
    double unit = 0;
    switch (text[end]) {
      case 'Y': unit = is_time ? 0 : 365.0 * kDay; break;
      case 'W': unit = is_time ? 0 : 7.0 * kDay; break;
      case 'D': unit = is_time ? 0 : 1.0 * kDay; break;
      case 'H': unit = is_time ? 3600 : 0; break;
      case 'M': unit = is_time ? 60 : 30.0 * kDay; break;
      case 'S': unit = is_time ? 1 : 0; break;
      default: break;
    }
    if (unit == 0) return std::nullopt;
    sum += *value * unit;
    any = true;
    text.remove_prefix(end + 1);
  }
  return any ? whole_seconds(sum) : std::nullopt;
}

}  // namespace

std::optional<Seconds> parse_date(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (*year < 1900 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  Seconds seconds = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  if (text.size() == 10) return seconds;
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = text.size() == 16 ? std::optional(0) : digits(text, 17, 2);
  if ((text[10] != 'T' && text[10] != ' ') || !hour || !minute || !second || text[13] != ':') return std::nullopt;
  if (text.size() != 16 && (text.size() != 19 || text[16] != ':')) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return seconds + *hour * 3600 + *minute * 60 + *second;
}

std::string date_text(Seconds date) {
  const Seconds day = date >= 0 ? date / kDay : -((-date + kDay - 1) / kDay);
  const Seconds rest = date - day * kDay;
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), rest / 3600, rest / 60 % 60,
                     rest % 60);
}

std::optional<Seconds> parse_duration(std::string_view text) {
  bool is_negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    is_negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::optional<Seconds> value;
  if (text.starts_with('P')) {
    value = iso_duration(text.substr(1));
  } else {
    // seconds, or days, hours, minutes and seconds from the right
    constexpr std::array<double, 4> kUnits{1, 60, 3600, kDay};
    double sum = 0;
    std::size_t unit = 0;
    for (std::string_view rest = text;;) {
      const std::size_t colon = rest.rfind(':');
      const auto part = number(rest.substr(colon == std::string_view::npos ? 0 : colon + 1));
      if (!part || *part < 0 || unit == kUnits.size()) return std::nullopt;
      sum += *part * kUnits[unit++];
      if (colon == std::string_view::npos) break;
      rest = rest.substr(0, colon);
    }
    value = whole_seconds(sum);
  }
  if (!value) return std::nullopt;
  return is_negative ? -*value : *value;
}

std::string duration_text(Seconds duration) {
  struct Unit {
    Seconds seconds;
    const char* one;
  };
  for (const auto& [seconds, one] : {Unit{kDay, "day"}, Unit{3600, "hour"}, Unit{60, "minute"}}) {
    if (duration == 0 || duration % seconds != 0) continue;
    return fmt::format("{} {}{}", duration / seconds, one, duration == seconds ? "" : "s");
  }
  return fmt::format("{} second{}", duration, duration == 1 ? "" : "s");
}

}  // namespace beltline::frepple
