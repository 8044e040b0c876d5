// Cost functions of mpc.gencost and mpc.dclinecost.
#pragma once

#include <optional>

#include "import/matpower_network.h"

namespace beltline::matpower {

/// The cost function in one row of a cost table, over lower ≤ p ≤ upper.
///
/// Model 2 is a polynomial of degree 2 at most, highest first. Model 1 is piecewise linear through points of rising
/// MW; its first and last slope go on beyond them, and pieces within the limits are kept.
///
/// @errors  BL0104, BL0110 and others at the number that is wrong: another model, missing coefficients, a degree above
///          2, a cost that is not convex
std::optional<Cost> read_cost(Reader& reader, const Value& table, std::size_t row, double lower_mw, double upper_mw);

}  // namespace beltline::matpower
