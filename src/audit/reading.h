// How the audit's formulas read the scenario: an entry, its section, a key.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "audit/ledger.h"

namespace beltline {

/// Reads values over one window of months into one ledger.
struct Read {
  Ledger& ledger;
  YearMonth from, to;

  /// The value of a key, or an absent number where it is neither written nor has a default.
  Ranged operator()(const Entry& entry, std::string_view section, std::string_view key) const {
    return record(entry, fmt::format("{}.{}", section, entry.name), key);
  }
  /// @param owner  "rack.gb300_nvl72.host_memory[1]"
  [[nodiscard]] Ranged record(const Entry& entry, const std::string& owner, std::string_view key) const {
    return entry.has(key) ? ledger.value(entry, key, owner, from, to) : Ranged();
  }
};

}  // namespace beltline
