// Any text as a quantity, a unit and a pair of units: UDUNITS' own parser must never see what it cannot bear.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/units.h"
#include "scenario/quantity_text.h"

/// UDUNITS' scanner leaks a word or two of a unit that does not parse; each text is parsed once, so that it stays
/// small.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:utlex\n";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace beltline;
  static const Units units = [] {
    Units with_won;
    if (!with_won.add_currency("KRW2024", 0.000733)) std::abort();
    return with_won;
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto split = split_quantity(text)) {
    if (!std::isfinite(split->number)) std::abort();
    for (const char* to : {"", "MW", "wafer/month", "USD/kW/year", "degC", "K"})
      (void)units.convert(split->number, split->unit, to);
    (void)units.duration_months(split->number, split->unit);
  }
  const std::size_t half = text.find('\n');
  const std::string_view from = text.substr(0, half);
  const std::string_view to = half == std::string_view::npos ? from : text.substr(half + 1);
  // what converts there converts back
  const auto there = units.convert(1.0, from, to);
  if (!there || there->basis == Basis::second) return 0;
  const auto back = units.convert(there->value, to, from);
  const double factor = std::abs(there->value);
  if (back && factor > 1e-100 && factor < 1e100 && std::abs(back->value - 1) > 1e-6) {
    // offsets of temperatures may eat all digits of a tiny unit
    if (from.find("deg") == std::string_view::npos && to.find("deg") == std::string_view::npos && factor > 1e-3 &&
        factor < 1e3)
      std::abort();
  }
  return 0;
}
