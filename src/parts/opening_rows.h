// What the rows of the section opening say, by the entity they name.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "parts/part.h"

namespace beltline {

using ByPeriod = std::vector<double>;  // [period] of the whole horizon; empty for none

/// Everything that the rows say, by the entity they name.
struct OpeningRows {
  std::map<int32_t, const Entry*> stock;                             // store
  std::map<std::pair<int32_t, int32_t>, ByPeriod> arriving, taking;  // commodity, place
  std::map<int32_t, ByPeriod> added, retired;                        // capacity: at the opening, then by month
  std::map<int32_t, const Entry*> existing;                          // capacity
  std::map<int32_t, ByPeriod> due;                                   // capacity
  std::map<int32_t, ByPeriod> used;                                  // limit; a window's at its first planned period
  std::map<int32_t, const Entry*> capacity_entry, limit_entry;       // the first row of each
  std::map<std::pair<int32_t, int32_t>, const Entry*> goods_entry;
};

/// Reads every row and tells all that is wrong with them; stocks go into their stores at once.
/// @param first  first planned period
/// @errors BL0102 no place or month, BL0104 a negative quantity, BL0107 its unit, BL0108 one thing told twice, BL0109 a
///         name that nothing has, BL0200 a month that is not planned, BL0204 a store of a rate, BL0206 a month that
///         says nothing; as a warning BL0207 a limit whose window is over
OpeningRows read_opening_rows(const Compile& c, int first);

/// The place of a period in amounts that may be empty yet.
inline double& amount_at(ByPeriod& amounts, int t, int period_count) {
  amounts.resize(static_cast<std::size_t>(period_count));
  return amounts[static_cast<std::size_t>(t)];
}

}  // namespace beltline
