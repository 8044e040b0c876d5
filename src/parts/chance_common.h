// What the sections of chance share: what they name, what it moves, and how far.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/chances.h"
#include "parts/network_names.h"

namespace beltline {

/// The words of the key `what`, and of `spread`.
inline constexpr std::string_view kAspectWords = "delay|yield|intake|limit|cost|demand|availability";
inline constexpr std::string_view kSpreadWords = "pert|triangular|uniform|normal|lognormal|exponential";
inline constexpr std::string_view kTargetWords = "process|capacity|demand";

Aspect aspect_of(const Entry& entry, std::string_view key);
Spread spread_of(const Entry& entry, std::string_view key);

/// One entity of the Model that chance moves.
struct Aim {
  ChanceTarget target = ChanceTarget::process;
  int32_t id = -1;
};

/// Entities that the key `of` names ('*' for any text), of the kinds that `aspect` moves, in the Model's order; `kind`
/// narrows them to one kind. What comes out at once, a process that runs as a rate, has no delay.
///
/// Nothing of such a name is BL0109 with the nearest one; something that the aspect cannot move is BL0206.
std::vector<Aim> aims_of(const Compile& c, const Entry& entry, Aspect aspect);

/// What the key says about `aspect`: a factor, or for a delay so many months. The wrong dimension is BL0107, a factor
/// below 0 BL0104.
std::optional<double> chance_value(const Compile& c, const Entry& entry, std::string_view key, Aspect aspect);
/// The value as an Influence has it: months of a delay in periods.
double influence_value(const Compile& c, Aspect aspect, double value);

/// Whether a factor up to `most` leaves the entity possible: BL0202 for a yield that would put out more than goes in,
/// or reach above 1 by what the scenario says of it; BL0104 for an availability above 1.
void check_factor(const Compile& c, const Entry& entry, std::string_view key, Aspect aspect, double most,
                  const std::vector<Aim>& aims);

Titles titles_of(const Entry& entry);

}  // namespace beltline
