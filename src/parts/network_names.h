// Names and units of the network's entities, as sections refer to them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parts/common.h"

namespace beltline {

/// A reference by name of an entity that any part may have made; one that is not there is BL0109 with the nearest name.
CommodityId commodity_named(const Compile& c, const Entry& entry, std::string_view key);
PlaceId place_named(const Compile& c, const Entry& entry, std::string_view key);
CapacityId capacity_named(const Compile& c, const Entry& entry, std::string_view key);

/// Entities that the builder does not look up by name; invalid if there is none.
StoreId find_store(const Compile& c, std::string_view name);
DemandId find_demand(const Compile& c, std::string_view name);
MoveId find_move(const Compile& c, std::string_view name);
LimitId find_limit(const Compile& c, std::string_view name);

/// Whether `name` fits `pattern`, in which each '*' stands for any text.
bool matches(std::string_view pattern, std::string_view name);

/// Whether an entity of this kind and name is there already, which is BL0108: parts may have made one.
bool name_is_taken(const Compile& c, const Entry& entry, bool taken);

/// `numerator` per `denominator` as a unit's text: per("USD", "wafer/month") is "USD/(wafer/month)".
std::string per(std::string_view numerator, std::string_view denominator);
/// The unit of so many hours of `unit`: "MW hour".
std::string hours_of(std::string_view unit);
/// Unit of what a process does in one period: "MW hour" for a rate of MW, "wafer" for an amount.
std::string activity_unit(const Process& process);

/// A unit that a value may have, and what the value then means.
struct Expect {
  std::string unit;
  bool per_month = false;  // counts for each month of the period: the series holds what a period holds
};

/// The series (or quantity) of a key, in the first of `expected` that has its dimension; none of them is BL0107 with
/// the units expected. An absent key gives an absent series.
Series series_in(const Compile& c, const Entry& entry, std::string_view key, const std::vector<Expect>& expected);
std::optional<double> number_in(const Compile& c, const Entry& entry, std::string_view key,
                                const std::vector<Expect>& expected);
/// Whether the unit is known; if not, BL0106 with the nearest one.
bool check_unit(const Compile& c, const Entry& entry, std::string_view key);

/// Periods of two months, both inclusive; without them the horizon. A last month before the first is BL0300, a window
/// that misses the horizon BL0200.
struct Window {
  int first = 0;
  int last = 0;
};
struct WindowKeys {
  std::string_view first = "first";
  std::string_view last = "last";
};
std::optional<Window> window_of(const Compile& c, const Entry& entry, WindowKeys keys = {});

/// Adds a fault of `key`.
void fault(const Compile& c, Code code, const Entry& entry, std::string_view key, Diagnostic rest);

}  // namespace beltline
