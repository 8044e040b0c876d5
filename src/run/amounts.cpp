#include "run/amounts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace beltline {
namespace {

/// A unit that is counted: its plural, and in Korean what is counted and by which counter.
struct Counted {
  std::string_view unit;
  std::string_view plural;
  std::string_view what;     // "" where the counter says it all
  std::string_view counter;  // "" where the number stands alone
};
constexpr auto kCounted = std::to_array<Counted>({
    {"accelerator", "accelerators", "가속기", "개"},
    {"die", "dies", "다이", "개"},
    {"hull", "hulls", "선체", "척"},
    {"month", "months", "", "개월"},
    {"person", "people", "", "명"},
    {"rack", "racks", "랙", "대"},
    {"seat", "seats", "좌석", "석"},
    {"stack", "stacks", "스택", "개"},
    {"token", "tokens", "토큰", "개"},
    {"wafer", "wafers", "웨이퍼", "장"},
});

constexpr std::string_view kOrdered = " ordered";

const Counted* find_counted(std::string_view unit) {
  const auto found = std::ranges::find(kCounted, unit, &Counted::unit);
  return found == kCounted.end() ? nullptr : &*found;
}

/// "wafer/month" → "wafer" and "/month".
std::pair<std::string_view, std::string_view> cut(std::string_view unit) {
  const std::size_t end = std::min(unit.find('/'), unit.size());
  return {unit.substr(0, end), unit.substr(end)};
}

std::string english(double quantity, std::string_view unit) {
  const auto [what, rest] = cut(unit);
  const std::string number = grouped(quantity);
  const Counted* const counted = find_counted(what);
  return fmt::format("{} {}{}", number, counted != nullptr && number != "1" ? counted->plural : what, rest);
}

std::string korean(double quantity, std::string_view unit) {
  const auto [what, rest] = cut(unit);
  const std::string number = grouped(quantity);
  const Counted* const counted = find_counted(what);
  const std::string_view per = rest == "/month" ? "월 " : rest == "/year" ? "연 " : "";
  if (counted == nullptr || (!rest.empty() && per.empty())) return fmt::format("{} {}", number, unit);
  return fmt::format("{}{}{}{}{}", counted->what, counted->what.empty() ? "" : " ", per, number, counted->counter);
}

}  // namespace

std::string grouped(double value) {
  value += 0.0;  // no negative zero
  if (std::abs(value) < 99.95) return fmt::format("{:.3g}", value);
  std::string digits = fmt::format("{:.0f}", std::abs(value));
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<std::size_t>(i), ",");
  return (value < 0 ? "-" : "") + digits;
}

std::string money(double usd, Language language) {
  const double size = std::abs(usd);
  // as many digits as are worth saying
  const auto rounded = [](double value) {
    const double step = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 3);
    return grouped(std::round(value / step) * step);
  };
  if (language == Language::korean) {
    if (size >= 0.9995e12) return rounded(usd / 1e12) + "조 달러";
    if (size >= 0.9995e8) return rounded(usd / 1e8) + "억 달러";
    if (size >= 0.9995e4) return rounded(usd / 1e4) + "만 달러";
    return grouped(usd) + "달러";
  }
  if (size >= 999.5e6) return fmt::format("USD {:.4g} billion", usd / 1e9);
  if (size >= 999.5e3) return fmt::format("USD {:.3g} million", usd / 1e6);
  return "USD " + grouped(usd);
}

std::string quantity_words(double quantity, const std::string& unit, Language language) {
  if (unit == "USD") return money(quantity, language);
  if (unit.empty() || unit == "1") return grouped(quantity);
  const bool is_korean = language == Language::korean;
  if (unit.ends_with(kOrdered)) {
    const std::string plain = unit.substr(0, unit.size() - kOrdered.size());
    return quantity_words(quantity, plain, language) + (is_korean ? " 발주" : std::string(kOrdered));
  }
  return is_korean ? korean(quantity, unit) : english(quantity, unit);
}

std::string lack_words(double missing, double whole, const std::string& unit, Language language) {
  const bool is_korean = language == Language::korean;
  const std::string all = quantity_words(whole, unit, language);
  if (missing >= whole * (1 - 1e-6))
    return fmt::format(fmt::runtime(is_korean ? "{} 전부 부족" : "all {} missing"), all);
  // the whole has said what is counted
  std::string part = quantity_words(missing, unit, language);
  if (!is_korean && unit != "USD") part = grouped(missing);
  if (is_korean) part.erase(0, std::min(part.find_first_of("0123456789"), part.size()));
  return fmt::format(fmt::runtime(is_korean ? "{1} 가운데 {0} 부족" : "{0} of {1} missing"), part, all);
}

}  // namespace beltline
