// Duals of which it is proved that some reduced costs are exactly 0.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

/// Multipliers, each known to lie within `radius` of y + low.
struct Duals {
  std::vector<double> y;       // [row] of the sign that the row's bounds allow
  std::vector<double> low;     // [row] the digits that y has no room for; or empty, all 0
  std::vector<double> radius;  // [row] or empty, all 0
  std::vector<uint8_t> zero;   // [column] 1 where the reduced cost is exactly 0; or empty, nowhere known
};

/// Duals close to `y` for which the reduced costs of the columns asked for are exactly 0: no double need be such a
/// dual, so they are an enclosure in which one is proved to lie.
///
/// Newton's steps on A_RCᵀ y_R = c_C − A_·Cᵀ y in twice the digits, then Brouwer's fixed point: z ↦ (LU)⁻ᵀ (ρ − Eᵀ z)
/// maps the box |z| ≤ v into itself if |(LU)⁻ᵀ| (|ρ| + |E|ᵀ v) ≤ v (Rump, Acta Numerica 2010, 10). This is what
/// Neumaier and Shcherbina (2004) leave open where a column has no bounds; Steffy and Wolter (INFORMS J. Comput. 2013)
/// project in rational arithmetic instead.
///
/// @param y        [row] of the sign that the rows allow
/// @param columns  ascending; those for which it fails are not marked in `zero`
/// @returns nothing where no enclosure was found
/// @cost one sparse factorisation of the columns, stopped where it grows too large
std::optional<Duals> zero_reduced_costs(const Problem& problem, const std::vector<double>& y,
                                        const std::vector<std::size_t>& columns);

}  // namespace beltline::lp
