// Amounts of each kind in words: "43,500 wafers a month", "월 4.35만 장".
#pragma once

#include <string>
#include <string_view>

#include "audit/ranged.h"
#include "base/language.h"
#include "parts/claim.h"

namespace beltline {

/// Three digits: "43,500", "2.35", "0.0213"; with `korean` in 만, 억 and 조 from ten thousand on: "4.35만".
std::string figure_text(double value, Language language);

/// "DRAM wafers", "D램 웨이퍼"
std::string_view kind_name(ClaimKind kind, Language language);

/// A value of a kind, in its `total` or `rate`, as people say it.
std::string amount_text(ClaimKind kind, bool is_rate, double value, Language language);

/// The same from P5 to P95: "36,000–53,000 wafers a month".
std::string amount_range_text(ClaimKind kind, bool is_rate, double low, double high, Language language);

/// A column of the terminal's matrix: scale and unit in which a kind is shown there.
struct ShownUnit {
  double scale = 1;  // shown = value · scale
  std::string_view unit, unit_ko;
};
ShownUnit shown_unit(ClaimKind kind, bool is_rate);

}  // namespace beltline
