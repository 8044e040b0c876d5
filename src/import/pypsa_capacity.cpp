#include "import/pypsa_capacity.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "import/pypsa_attributes.h"

namespace beltline::pypsa {

Sizes sizes_of(Network& network, const Item& item, const Nominal& nominal) {
  Sizes out;
  out.is_extendable = network.flag(item, nominal.attribute("_extendable"));
  out.nominal = network.number(item, nominal.attribute(""));
  if (!out.is_extendable) {
    out.min = out.max = out.nominal;
    if (out.nominal < 0)
      network.refuse(item, nominal.attribute(""), "0 or more", "turn the sign of the component round instead");
    return out;
  }
  out.min = network.number(item, nominal.attribute("_min"));
  out.max = network.number(item, nominal.attribute("_max"));
  out.module_size = network.number(item, nominal.attribute("_mod"));
  out.cost = network.fixed_cost(item);
  if (const double set = network.number(item, nominal.attribute("_set")); !std::isnan(set)) out.min = out.max = set;
  if (out.module_size > 0) {
    // whole modules inside the bounds
    out.min = std::ceil(out.min / out.module_size - 1e-9) * out.module_size;
    if (std::isfinite(out.max)) out.max = std::floor(out.max / out.module_size + 1e-9) * out.module_size;
  }
  if (out.min < 0) network.refuse(item, nominal.attribute("_min"), "0 or more", "write 0");
  if (out.max < out.min)
    network.refuse(item, nominal.attribute("_max"), fmt::format("at least {}", out.min),
                   "raise it, or lower the minimum");
  return out;
}

void add_capacity(Network& network, const Nominal& nominal, const Sizes& sizes, const CapacityEntry& entry) {
  Fields& out = network.draft.entry("capacity", entry.name);
  out.text("title", entry.title).text("place", entry.place).text("unit", nominal.unit).text("kind", entry.kind);
  const double existing = sizes.is_extendable ? sizes.min : sizes.nominal * entry.scale;
  out.number("existing", std::max(0.0, existing), nominal.unit);
  const bool can_grow = sizes.is_extendable && sizes.max > sizes.min;
  if (!can_grow) out.flag("buildable", false);
  if (can_grow && std::isfinite(sizes.max)) out.number("total_max", sizes.max - sizes.min, nominal.unit);
  if (can_grow && sizes.module_size > 0) out.number("module_size", sizes.module_size, nominal.unit);
  if (sizes.cost != 0) out.number("fixed_cost", sizes.cost, fmt::format("USD/{}/year", nominal.unit));
  const bool is_full = std::ranges::all_of(entry.availability, [](double v) { return v == 1; });
  if (!entry.availability.empty() && !is_full)
    out.series("availability", {.values = entry.availability, .family = entry.family});
  if (sizes.is_extendable) network.add_objective_constant(-sizes.cost * sizes.nominal);
}

std::string title_of(const Network& network, const Item& item, std::string_view bus) {
  return fmt::format("{} {} at {}", singular(item.list->list), item.name(), network.text(item, bus));
}

}  // namespace beltline::pypsa
