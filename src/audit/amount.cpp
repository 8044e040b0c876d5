#include "audit/amount.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace beltline {
namespace {

struct KindWords {
  std::string_view name, name_ko;
  std::string_view one, one_ko;  // what is counted: "wafers", "장"
};

constexpr std::array<KindWords, kClaimKindCount> kWords{{
    {"DRAM wafers", "D램 웨이퍼", "DRAM wafers", "장"},
    {"HBM wafers", "HBM 웨이퍼", "HBM wafers", "장"},
    {"host-memory wafers", "호스트 메모리 웨이퍼", "host-memory wafers", "장"},
    {"interposer wafers", "인터포저 웨이퍼", "interposer wafers", "장"},
    {"HBM stacks", "HBM 스택", "HBM stacks", "개"},
    {"memory", "메모리", "Gb", "Gb"},
    {"accelerators", "가속기", "accelerators", "개"},
    {"racks", "랙", "racks", "대"},
    {"IT power", "IT 전력", "GW of IT", "GW(IT)"},
    {"power", "전력", "GW", "GW"},
    {"energy", "전력량", "TWh", "TWh"},
    {"investment", "투자", "USD", "달러"},
    {"investment for power", "전력당 투자", "USD", "달러"},
    {"power of an accelerator", "가속기당 전력", "kW", "kW"},
    {"time", "기간", "months", "개월"},
}};

constexpr double kMonthsPerYear = 12;

/// "43,500": digits before the point in groups of three.
std::string grouped(std::string digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > 3; at -= 3) {
    if (digits[at - 4] == '-') break;
    digits.insert(at - 3, ",");
  }
  return digits;
}

/// Three digits, without an exponent where that can be read.
std::string three_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
  const int decimals = 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  const double step = std::pow(10.0, -decimals);
  const double rounded = std::round(value / step) * step;
  std::string digits = fmt::format("{:.{}f}", rounded, std::clamp(decimals, 0, 12));
  // "10.0" says no more than "10"
  if (digits.find('.') != std::string::npos) {
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
  }
  return grouped(std::move(digits));
}

struct Scale {
  double size;
  std::string_view word;
};

/// The largest scale that leaves at least one before the point.
const Scale& scale_of(double value, Language language) {
  static constexpr std::array kEnglish{Scale{1e12, " trillion"}, Scale{1e9, " billion"}, Scale{1e6, " million"},
                                       Scale{1, ""}};
  static constexpr std::array kKorean{Scale{1e12, "조"}, Scale{1e8, "억"}, Scale{1e4, "만"}, Scale{1, ""}};
  const auto& scales = language == Language::korean ? kKorean : kEnglish;
  for (const Scale& scale : scales) {
    // 999,600 rounds up to a million
    if (std::abs(value) >= 0.9995 * scale.size) return scale;
  }
  return scales.back();
}

/// What stands before and after the figure.
struct Frame {
  double scale = 1;  // of the value in the kind's unit
  std::string before, after;
};

/// @param largest  the largest value that is to be told: small ones are told in smaller units
Frame frame_of(ClaimKind kind, bool is_rate, double largest, Language language) {
  const bool korean = language == Language::korean;
  const KindWords& words = kWords[static_cast<std::size_t>(kind)];
  const auto framed = [&](double scale, std::string_view unit, bool by_year, bool spaced = true) {
    Frame frame{.scale = scale * (by_year ? kMonthsPerYear : 1.0), .before = {}, .after = {}};
    if (korean) {
      if (is_rate) frame.before = by_year ? "연 " : "월 ";
      frame.after = fmt::format("{}{}", spaced ? " " : "", unit);
    } else {
      frame.after = fmt::format(" {}{}", unit, is_rate ? (by_year ? " a year" : " a month") : "");
    }
    return frame;
  };
  switch (kind) {
    case ClaimKind::memory: return framed(8000, "Gb", is_rate);
    case ClaimKind::it_power:
    case ClaimKind::power: {
      const bool is_small = largest * (is_rate ? kMonthsPerYear : 1.0) < 999.5;
      std::string unit(korean ? words.one_ko : words.one);
      if (is_small) unit.replace(0, 1, "M");
      return framed(is_small ? 1 : 1e-3, unit, is_rate);
    }
    case ClaimKind::energy: {
      Frame frame = framed(1e-6, "TWh", false);
      (korean ? frame.before : frame.after) += korean ? "연 " : " a year";
      return frame;
    }
    case ClaimKind::money: {
      if (korean) return framed(1, "달러", is_rate);
      return {.scale = is_rate ? kMonthsPerYear : 1.0, .before = "USD ", .after = is_rate ? " a year" : ""};
    }
    case ClaimKind::money_per_power:
      return korean ? Frame{.scale = 1e3, .before = "GW당 ", .after = " 달러"}
                    : Frame{.scale = 1e3, .before = "USD ", .after = " a GW"};
    case ClaimKind::power_per_accelerator:
      return korean ? Frame{.scale = 1, .before = "가속기당 ", .after = " kW"}
                    : Frame{.scale = 1, .before = "", .after = " kW an accelerator"};
    case ClaimKind::date:
      return korean ? Frame{.scale = 1, .before = "", .after = "개월"}
                    : Frame{.scale = 1, .before = "", .after = " months"};
    default: break;
  }
  // accelerators, racks, stacks and wafers
  return framed(1, korean ? words.one_ko : words.one, false, true);
}

}  // namespace

std::string figure_text(double value, Language language) {
  const Scale& scale = scale_of(value, language);
  return three_digits(value / scale.size) + std::string(scale.word);
}

std::string_view kind_name(ClaimKind kind, Language language) {
  const KindWords& words = kWords[static_cast<std::size_t>(kind)];
  return language == Language::korean ? words.name_ko : words.name;
}

std::string amount_text(ClaimKind kind, bool is_rate, double value, Language language) {
  const Frame frame = frame_of(kind, is_rate, value, language);
  return frame.before + figure_text(value * frame.scale, language) + frame.after;
}

std::string amount_range_text(ClaimKind kind, bool is_rate, double low, double high, Language language) {
  const Frame frame = frame_of(kind, is_rate, high, language);
  const Scale& scale = scale_of(high * frame.scale, language);
  const std::string from = three_digits(low * frame.scale / scale.size);
  const std::string to = three_digits(high * frame.scale / scale.size);
  if (from == to) return frame.before + to + std::string(scale.word) + frame.after;
  return fmt::format("{}{}–{}{}{}", frame.before, from, to, scale.word, frame.after);
}

ShownUnit shown_unit(ClaimKind kind, bool is_rate) {
  switch (kind) {
    case ClaimKind::memory:
      return is_rate ? ShownUnit{12 * 8000e-9, "billion Gb a year", "연 10억 Gb"}
                     : ShownUnit{8000e-9, "billion Gb", "10억 Gb"};
    case ClaimKind::it_power:
    case ClaimKind::power: return {1e-3, "GW", "GW"};
    case ClaimKind::energy: return {1e-6, "TWh a year", "연 TWh"};
    case ClaimKind::money: return {1e-9, "billion USD", "십억 달러"};
    case ClaimKind::money_per_power: return {1e-6, "billion USD a GW", "GW당 십억 달러"};
    case ClaimKind::power_per_accelerator: return {1, "kW", "kW"};
    case ClaimKind::date: return {1, "months", "개월"};
    case ClaimKind::stacks:
    case ClaimKind::accelerators: return {1e-6, "million", "백만 개"};
    case ClaimKind::racks: return {1e-3, "thousand", "천 대"};
    default: return is_rate ? ShownUnit{1e-3, "thousand a month", "월 천 장"} : ShownUnit{1e-3, "thousand", "천 장"};
  }
}

}  // namespace beltline
