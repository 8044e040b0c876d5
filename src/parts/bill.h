// bill: a bill of materials: what one unit of an activity, or of an order, takes in.
//
//     part without alternates    taken[good, t] = amount · a[t]
//     part with alternates       Σ_k use[k, t]  = amount · a[t],    taken[good_k, t] = ratio_k · use[k, t]
//                                share_min_k · Σ use ≤ use[k, t] ≤ share_k · Σ use
//
// `from` and `until` are engineering changes: outside its window a part is not needed, an alternate not to be used. The
// uses are processes `use_…`, whose output is the part as the activity takes it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "parts/goods.h"

namespace beltline {

extern const Section kBillSection;

/// Keys of one part of a bill.
extern const std::array<Attribute, 9> kPartFields;

/// What an activity takes in per unit: a series for processes, the amount of the first month for orders.
struct BillInput {
  CommodityId commodity;
  Series rate;  // [period] ≥ 0 units of the commodity per unit of activity
};

/// Reads the parts of `key` and adds the processes and limits of those that have alternates at the place.
/// @param constant  the taker cannot tell months apart (an order): windows then go into processes too
/// @returns         empty where the bill has faults
std::vector<BillInput> add_bill(const Compile& c, const Entry& entry, std::string_view key, PlaceId place,
                                bool constant);

/// Adds what bills take to the processes and capacities that they name.
void compile_bills(const Compile& c);

}  // namespace beltline
