// What a unit of each good is worth to those who hold it.
#pragma once

#include <string_view>
#include <vector>

#include "plan/pegging.h"

namespace beltline {

enum class ValueSource : uint8_t {
  none,
  price,    // what is paid for it when it is made
  cost,     // what making it costs, inputs at their own worth
  next,     // what the next price in the chain leaves for it
  capex,    // what is paid for what it becomes
  holding,  // what its store says a month costs, at the carrying rate
  shadow,   // what one more would cost the plan
};
/// "price", "cost", …
std::string_view word_of(ValueSource source);

struct GoodValue {
  double usd = 0;  // a unit
  ValueSource source = ValueSource::none;
};

/// A worth of every node of amounts, the first of these that says one:
///
///     price    Σ payments of the lots that make it, a unit
///     cost     (cost of the lot + Σ inputs · their worth) / output
///     capex    of the capacity that is ordered with it, where both count the same
///     next     (worth of what is made of it − its inputs that have a worth) / the inputs that have none
///     holding  12 · holding cost a month / carrying; also in place of a lower cost or next price
///
/// each the mean over the plan's lots by quantity. Shadow prices are the caller's to add: only of a plan of least cost
/// do they count money.
/// @param carrying  a year in store as a share of the worth, > 0 where `holding` is to be used
/// @returns         [node]
/// @cost            O(pegs · flows)
std::vector<GoodValue> good_values(const Model& model, const std::vector<Peg>& pegs, double carrying);

}  // namespace beltline
