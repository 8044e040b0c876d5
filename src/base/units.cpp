#include "base/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "base/calendar.h"
#include "base/text.h"
#include "base/unit_system.h"
#include "base/unit_text.h"

namespace beltline {
namespace {

/// How one pair of units converts: to = (from + from_offset) · numerator / denominator − to_offset.
struct Conversion {
  double from_offset = 0;
  double numerator = 1;
  double denominator = 1;
  double to_offset = 0;
  Basis basis = Basis::none;
  std::optional<UnitFault> fault;
};

/// The nearest double with 15 significant digits, so that "0.12 GW" and "120 MW" give the same bits.
double round_to_15_digits(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 14);
  if (error != std::errc()) return value;
  double rounded = value;
  std::from_chars(text, end, rounded);
  return rounded;
}

double apply(const Conversion& c, double value) {
  if (c.numerator == c.denominator && c.from_offset == 0 && c.to_offset == 0) return value;
  // multiply or divide by a number ≥ 1: powers of ten are exact there
  const double scaled = c.numerator >= c.denominator ? (value + c.from_offset) * (c.numerator / c.denominator)
                                                     : (value + c.from_offset) / (c.denominator / c.numerator);
  if (c.to_offset == 0) return round_to_15_digits(scaled);
  // 68 degF is 20 degC: the subtraction loses digits, so that only absolute ones count
  return std::abs(scaled) < 1e5 ? std::round((scaled - c.to_offset) * 1e10) / 1e10 : scaled - c.to_offset;
}

/// The text with its first unknown word replaced by the nearest known unit, or "".
std::string suggest(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string word(text.substr(i, end - i));
    if (!word.empty() && unit_parts(word) == nullptr) {
      const std::string nearest = nearest_word(word, common_unit_names());
      // of two letters any unit may have been meant; only their case is a slip for sure
      const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
      const bool is_far = word.size() < 3 && !std::ranges::equal(word, nearest, {}, lower, lower);
      if (nearest.empty() || is_far) return {};
      return std::string(text.substr(0, i)) + nearest + std::string(text.substr(end));
    }
    i = end + 1;
  }
  return {};
}

int power_of(const UnitParts& unit, const std::string& base) {
  const auto found = unit.powers.find(base);
  return found == unit.powers.end() ? 0 : found->second;
}

}  // namespace

struct Units::Impl {
  Currencies currencies;
  std::unordered_map<std::string, Conversion> known;  // "from\nto"

  [[nodiscard]] std::expected<std::shared_ptr<const UnitParts>, UnitFault> parse(std::string_view text) const {
    const auto canonical = canonical_unit(text, currencies);
    if (!canonical) {
      if (!canonical.error().is_currency) {
        return std::unexpected(UnitFault{UnitFault::Kind::unknown, {}, suggest(printable(text))});
      }
      std::vector<std::string> names;
      for (const auto& [name, usd] : currencies) names.push_back(name);
      return std::unexpected(
          UnitFault{UnitFault::Kind::unknown_currency, {}, nearest_word(canonical.error().word, names)});
    }
    if (auto unit = unit_parts(*canonical)) return unit;
    return std::unexpected(UnitFault{UnitFault::Kind::unknown, {}, suggest(text)});
  }

  [[nodiscard]] Conversion make(std::string_view from_text, std::string_view to_text) const {
    const auto from = parse(from_text);
    const auto to = parse(to_text);
    const auto fault = [&](UnitFault what) {
      what.expected = to_text.empty() ? "a plain number" : std::string(to_text);
      Conversion conversion;
      conversion.fault = std::move(what);
      return conversion;
    };
    if (!from) return fault(from.error());
    if (!to) return fault(to.error());

    Conversion c{.from_offset = (*from)->offset,
                 .numerator = (*from)->factor,
                 .denominator = (*to)->factor,
                 .to_offset = (*to)->offset,
                 .basis = Basis::none,
                 .fault = {}};
    const bool per_month = power_of(**to, "month") == -1;
    if ((*from)->powers == (*to)->powers) {
      // 5 degC as a difference of temperatures is not 278.15 K
      if (c.from_offset != 0 && c.to_offset == 0) return fault({UnitFault::Kind::wrong_dimension, {}, "K"});
      if (per_month) c.basis = names_year(to_text) ? Basis::year : Basis::month;
      return c;
    }
    if (per_month) {
      // the same rate per second instead of per month: keep the value per hour, the calendar knows the hours
      auto powers = (*to)->powers;
      powers.erase("month");
      if (--powers["second"] == 0) powers.erase("second");
      if (powers == (*from)->powers) {
        c.numerator *= 3600;
        if (names_year(to_text)) c.denominator *= 12;  // the year's twelfth is a matter of months, not of hours
        c.basis = Basis::second;
        return c;
      }
    }
    return fault({UnitFault::Kind::wrong_dimension, {}, {}});
  }
};

Units::Units() : impl_(std::make_unique<Impl>()) {}
Units::~Units() = default;
Units::Units(Units&&) noexcept = default;
Units& Units::operator=(Units&&) noexcept = default;

std::expected<void, std::string> Units::add_currency(const std::string& name, double usd) {
  const auto is = [&](std::size_t i, char low, char high) { return name[i] >= low && name[i] <= high; };
  bool good = name.size() == 3 || name.size() == 7;
  for (std::size_t i = 0; good && i < name.size(); ++i) good = i < 3 ? is(i, 'A', 'Z') : is(i, '0', '9');
  if (!good) return std::unexpected(fmt::format("'{}' is not a currency code such as KRW or KRW2024", printable(name)));
  if (!std::isnormal(usd) || usd <= 0)
    return std::unexpected(fmt::format("the rate of {} is not a positive number", name));
  if (name == "USD") return std::unexpected(std::string("USD is the base and cannot be redefined"));
  impl_->currencies[name] = usd;
  impl_->known.clear();
  return {};
}

std::expected<Converted, UnitFault> Units::convert(double value, std::string_view from, std::string_view to) const {
  std::string key;
  key.reserve(from.size() + to.size() + 1);
  key.append(from).append("\n").append(to);
  auto found = impl_->known.find(key);
  if (found == impl_->known.end()) {
    if (impl_->known.size() > 4096) impl_->known.clear();
    found = impl_->known.emplace(std::move(key), impl_->make(from, to)).first;
  }
  const Conversion& conversion = found->second;
  if (conversion.fault) return std::unexpected(*conversion.fault);
  return Converted{apply(conversion, value), conversion.basis};
}

std::expected<double, UnitFault> Units::duration_months(double value, std::string_view from) const {
  if (const auto months = convert(value, from, "month")) return months->value;
  const auto days = convert(value, from, "day");
  if (days) return days->value / kDaysPerMonth;
  UnitFault fault = days.error();
  fault.expected = "month";
  return std::unexpected(std::move(fault));
}

bool Units::known(std::string_view unit) const {
  return impl_->parse(unit).has_value();
}

bool Units::convertible(std::string_view a, std::string_view b) const {
  const auto first = impl_->parse(a);
  const auto second = impl_->parse(b);
  return first && second && (*first)->powers == (*second)->powers;
}

}  // namespace beltline
