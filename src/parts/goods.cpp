#include "parts/goods.h"

#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/memory_chain.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr std::string_view kPiece = "unit";  // what is counted by the piece may be written without a unit

std::vector<Expect> with_pieces(std::vector<Expect> expected, const Good& good, const Expect& plain) {
  if (good.unit == kPiece) expected.push_back(plain);
  return expected;
}

double item_value(const Compile& c, std::string_view item, const std::string& unit) {
  const Entry* entry = c.spec.find("item", item);
  if (entry == nullptr || !entry->has("value")) return 0;
  // checked where the item is compiled
  const auto value = c.spec.units.convert(entry->number("value"), entry->quantity("value").unit, per("USD", unit));
  return value ? value->value : 0;
}

}  // namespace

std::string item_commodity(std::string_view item) {
  return "item_" + std::string(item);
}

std::optional<Good> good_of(const Compile& c, const Entry& entry, std::string_view owner) {
  const bool has_item = entry.has("item");
  if (has_item == entry.has("commodity")) {
    c.diagnostics.add({.code = has_item ? Code::inconsistent : Code::missing_key,
                       .origin = has_item ? entry.where("commodity") : entry.origin,
                       .message = std::string(owner) + " needs either item or commodity",
                       .found = has_item ? "both" : "neither",
                       .expected = "one of them",
                       .help = has_item ? "leave out commodity" : "add item = \"item_NAME\""});
    return std::nullopt;
  }
  const CommodityId id =
      has_item ? c.builder.find_commodity(item_commodity(entry.text("item"))) : commodity_named(c, entry, "commodity");
  if (!id.valid()) return std::nullopt;  // told already
  const Commodity& commodity = c.builder.model().commodities[id.index()];
  if (commodity.grain == Grain::rate) {
    fault(c, Code::grain_mismatch, entry, "commodity",
          {.message = std::string(owner) + " names '" + commodity.name + "', which is a rate",
           .found = "a rate in " + commodity.unit,
           .expected = "an amount",
           .help = "name what is counted in pieces, or write a process"});
    return std::nullopt;
  }
  Good good{.commodity = id, .name = entry.text(has_item ? "item" : "commodity"), .unit = commodity.unit};
  if (has_item) good.value_usd = item_value(c, good.name, good.unit);
  return good;
}

std::optional<double> amount_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good) {
  return number_in(c, entry, key, with_pieces({{good.unit}}, good, {"1"}));
}

Series amounts_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good) {
  return series_in(c, entry, key, with_pieces({{good.unit + "/month", true}, {good.unit}}, good, {"1/month", true}));
}

Series price_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good) {
  return series_in(c, entry, key, with_pieces({{per("USD", good.unit)}}, good, {"USD"}));
}

StoreId add_stock(const Compile& c, const Good& good, PlaceId place, const Entry& entry) {
  return add_inventory(c, good.commodity, place,
                       good.value_usd * kHoldingShare * c.builder.calendar().months_per_period, entry);
}

}  // namespace beltline
