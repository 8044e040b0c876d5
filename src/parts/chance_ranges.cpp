#include "parts/chance_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "parts/common.h"

namespace beltline {

bool is_drawn_section(std::string_view section) {
  // a claim is held against the scenario: no plan hangs on it
  constexpr std::array<std::string_view, 8> kOwn{"branch",    "buffer", "claim", "correlation",
                                                 "milestone", "risk",   "shock", "uncertainty"};
  return std::ranges::find(kOwn, section) == kOwn.end();
}

std::optional<Quantity> range_of(const Value& value) {
  const bool is_quantity = value.attribute->kind == Kind::quantity || value.attribute->kind == Kind::duration;
  const bool is_constant = value.attribute->kind == Kind::series && value.series.grain == SeriesValue::Grain::constant;
  if (!is_quantity && !is_constant) return std::nullopt;
  const Quantity& range = is_quantity ? value.quantity : value.series.quantity;
  // numbers without a limit have an infinite end
  if (!std::isfinite(range.low) || !std::isfinite(range.high) || !(range.low < range.high)) return std::nullopt;
  return range;
}

Source source_of(const ValuePlace& place, const Quantity& range) {
  Source source;
  source.name = place.full_path();
  source.unit = range.unit;
  source.distribution = {.spread = Spread::pert, .low = range.low, .mode = range.mode, .high = range.high};
  source.provenance = provenance(*place.owner);
  source.provenance.origin = place.value->is_default ? place.owner->origin : place.value->origin;
  if (!range.source.empty()) source.provenance.source = range.source;
  return source;
}

int find_source(const Chances& chances, std::string_view name) {
  const auto found = std::ranges::find(chances.sources, name, &Source::name);
  return found == chances.sources.end() ? -1 : static_cast<int>(found - chances.sources.begin());
}

}  // namespace beltline
