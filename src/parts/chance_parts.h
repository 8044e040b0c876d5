// What is not certain, as sections of the scenario language: compiled last, so that they may name what all others made.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// uncertainty, correlation, shock, milestone, buffer.
std::span<const Part> chance_parts();

// One function a section, in the files chance_*.cpp.
extern const Section kUncertaintySection;
extern const Section kCorrelationSection;
extern const Section kShockSection;
extern const Section kMilestoneSection;
extern const Section kBufferSection;

void compile_uncertainties(const Compile& c);
/// @errors BL0109 paths that name nothing, BL0206 values without a range, pairs with two coefficients, coefficients
///         that cannot all be true (a matrix that is not positive semi-definite)
void compile_correlations(const Compile& c);
void compile_shocks(const Compile& c);
void compile_milestones(const Compile& c);
/// Adds to leads and lags of the Model, and says so in its chances.
void compile_buffers(const Compile& c);

}  // namespace beltline
