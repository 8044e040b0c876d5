// goods: what a bill of materials, a supplier or a customer names: an item, or a good that another part makes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parts/part.h"

namespace beltline {

/// A good and how much of it costs a month in stock.
struct Good {
  CommodityId commodity;
  std::string name;  // as it was written: "switch", "dram_ddr5"
  std::string unit;
  double value_usd = 0;  // per unit; 0 where nobody says
};

/// The good that `item` or `commodity` of an entry or record names. Neither or both is BL0102 or BL0206; what nobody
/// makes is BL0109; a rate, such as electricity, is BL0204.
/// @param owner  "supplier 'abb'", for the words of a fault
std::optional<Good> good_of(const Compile& c, const Entry& entry, std::string_view owner);

/// "item_switch": the commodity of an entry of section `item`.
std::string item_commodity(std::string_view item);

/// An amount of the good, written in its unit, or plain where the unit is `unit`.
std::optional<double> amount_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good);
/// A series of amounts for each period, written per month or per period.
Series amounts_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good);
/// USD per unit.
Series price_of(const Compile& c, const Entry& entry, std::string_view key, const Good& good);

/// An inventory of the good, so that it can wait; a year in stock costs 12 % of its value.
StoreId add_stock(const Compile& c, const Good& good, PlaceId place, const Entry& entry);

}  // namespace beltline
