// The text of a unit, checked and rewritten before UDUNITS sees it.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace beltline {

/// Real USD of the base year per unit of each currency: "KRW2024" → 0.00072.
using Currencies = std::map<std::string, double, std::less<>>;

/// What is wrong with a unit's text; `word` is the part at fault.
struct UnitTextFault {
  bool is_currency = false;
  std::string word;
};

/// Rewrites a unit as UDUNITS reads it safely: currencies become multiples of USD, "M USD" becomes "1e6 USD", CO2 loses
/// its digit.
///
/// UDUNITS alone would read "USD2024" as USD to the power 2024, "USD 2024" as 2024 dollars, work for hours on
/// "m^999999999" and recurse once a parenthesis. So a number may stand only as an exponent of at most two digits, after
/// '(' or '/', or as a leading "1".
std::expected<std::string, UnitTextFault> canonical_unit(std::string_view text, const Currencies& currencies);

/// Whether the text names the year as its time ("USD/kW/year").
bool names_year(std::string_view text);

}  // namespace beltline
