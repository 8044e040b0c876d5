// UDUNITS-2 with our base units: text of a unit → factor, offset and powers of base units.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

namespace beltline {

/// A unit taken apart: value in base units = factor · (value + offset).
struct UnitParts {
  double factor = 1;
  double offset = 0;                  // degC and degF only
  std::map<std::string, int> powers;  // base unit → power, none of them 0
};

/// Parses a canonical unit text (see unit_text.h); null if UDUNITS does not know it, or if it is a logarithm or a date.
///
/// The unit database is read once per process, at the first call (about 10 ms); results are kept. Thread safe.
std::shared_ptr<const UnitParts> unit_parts(const std::string& canonical);

/// Names to suggest for a mistyped unit, sorted.
std::span<const std::string> common_unit_names();

}  // namespace beltline
