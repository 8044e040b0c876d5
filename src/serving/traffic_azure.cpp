#include "serving/traffic_azure.h"

#include <chrono>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::serving {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

/// `count` digits at the front of `text`, which loses them.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// ".6805900" as nanoseconds; digits beyond the ninth are dropped.
std::optional<int64_t> take_fraction(std::string_view& text) {
  if (!take(text, ".,")) return 0;
  int64_t value = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 9) value = value * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 9; ++digits) value *= 10;
  return value;
}

/// "+09:00", "Z" or nothing, as seconds before UTC.
std::optional<int> take_zone(std::string_view& text) {
  if (text.empty() || take(text, "Zz")) return 0;
  const bool west = text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  take(text, ":");
  const auto minutes = text.empty() ? std::optional<int>(0) : take_digits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<int64_t> parse_timestamp_ns(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || *year < 1900 || *year > 2200 || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, " T")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (days * 86'400 + *hour * 3600 + *minute * 60 + *second - *zone) * kSecondNs + *fraction;
}

void AzureFormat::read(std::string_view line, TraceRow& row, RowFaults& faults) {
  row.clear();
  if (!columns_.cut(line, faults)) return;
  const TraceCell& time = columns_.cell(0);
  if (const auto parsed = parse_timestamp_ns(time.text)) {
    row.time_ns = *parsed;
  } else {
    faults.push_back({.code = Code::csv_bad_value,
                      .origin = time.origin(),
                      .message = fmt::format("{} is no time", kColumns[0]),
                      .found = fmt::format("'{}'", printable(time.text, 40)),
                      .expected = "a time such as 2023-11-16 18:15:46.680590",
                      .help = "write year, month, day, hour, minute and second"});
  }
  row.input_tokens = read_tokens(columns_.cell(1), kColumns[1], faults);
  row.output_tokens = read_tokens(columns_.cell(2), kColumns[2], faults);
  if (columns_.has(3)) row.priority = read_priority(columns_.cell(3), faults);
}

}  // namespace beltline::serving
