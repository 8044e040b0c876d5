// What to write instead: months, numbers and examples for the help of diagnostics.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "scenario/node.h"
#include "scenario/schema.h"

namespace beltline {

/// "2025-10" out of "2025/10", "202510", "2025-1", "2025-10-01", "2025년 10월", "Oct 2025"; "" if no month can be seen.
std::string guess_month(std::string_view text);
std::string month_help(std::string_view text);

/// Full-width letters and digits, wide blanks and minus signs as ASCII; the rest as it is.
std::string to_ascii(std::string_view text);

/// The text with full-width letters and digits as ASCII, a minus sign as '-', and commas taken out (thousands) or made
/// a point (decimals); "" if that does not make it a quantity, or changes nothing.
std::string mend_number(std::string_view text);

/// "120~150 MW" → {low = "120 MW", high = "150 MW"}; "" if the text is no such range.
std::string mend_range(std::string_view text);

/// What help says of confidence.
std::string confidence_help();

/// How a value of this attribute may be written, in TOML: `"120 MW"`, `true`, `"2026-01"`.
std::string example_value(const Attribute& attribute);
/// The same for a quantity with this number.
std::string example_quantity(const Attribute& attribute, std::string_view number);

/// A value to be written in place of a node's: quoted in TOML, as it is in a cell.
Fix fix_value(const SourceNode& node, std::string text);

}  // namespace beltline
