// The fewest shifts that cover a requirement that repeats: a week of hours, a day of half hours.
#pragma once

#include <span>
#include <vector>

namespace beltline::queue {

struct ShiftCover {
  std::vector<int> starts;   // [slot] shifts that begin in it
  std::vector<int> on_duty;  // [slot] persons there
  int shifts = 0;            // all of them
};

/// Least Σ x[s], x whole, so that in every slot enough shifts are under way:
///
///     Σ_{s in (h − length, h]} x[s] ≥ required[h],   slots around a circle,   x[s] = 0 where no shift may begin
///
/// For a given sum the rows are bounds on differences of the running sums of x, which have a whole solution or a loop
/// of negative length that proves there is none; the sum is found by halving. Exact: all shifts cost the same.
/// @param required   [slot] ≥ 0
/// @param length     slots of a shift, from 1 to the number of slots
/// @param may_start  [slot]; each required slot must be within a shift that may begin
/// @cost    O(slots² log(largest requirement)) at worst, a fraction of that where some slots need nobody
/// @source  Bartholdi, Orlin & Ratliff 1980, "Cyclic scheduling via integer programs with circular ones"
ShiftCover fewest_shifts(std::span<const int> required, int length, const std::vector<bool>& may_start);

}  // namespace beltline::queue
