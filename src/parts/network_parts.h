// The network's own entities as sections of the scenario language: any model of model.h can be written as text.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// commodity, place, party, objective: compiled before the domain parts, which refer to them.
std::span<const Part> network_basic_parts();
/// process, capacity, store, demand, line, move, limit, target, n_minus_1, commitment, measure, budget: compiled after
/// the domain parts, so that they may refer to what those made.
std::span<const Part> network_parts();

// One function a section, in the files network_*.cpp; the tables are in network_parts.cpp.
extern const Section kCommoditySection;
extern const Section kPlaceSection;
extern const Section kPartySection;
extern const Section kObjectiveSection;
extern const Section kProcessSection;
extern const Section kCapacitySection;
extern const Section kStoreSection;
extern const Section kDemandSection;
extern const Section kLineSection;
extern const Section kMoveSection;
extern const Section kLimitSection;
extern const Section kTargetSection;
extern const Section kNMinus1Section;
extern const Section kCommitmentSection;
extern const Section kMeasureSection;
extern const Section kBudgetSection;

void compile_commodities(const Compile& c);
void compile_places(const Compile& c);
void compile_parties(const Compile& c);
void compile_objective(const Compile& c);
void compile_processes(const Compile& c);
void compile_capacities(const Compile& c);
void compile_stores(const Compile& c);
void compile_demands(const Compile& c);
void compile_lines(const Compile& c);
void compile_moves(const Compile& c);
void compile_limits(const Compile& c);
void compile_targets(const Compile& c);
void compile_n_minus_1(const Compile& c);
void compile_commitments(const Compile& c);
void compile_measures(const Compile& c);
void compile_budgets(const Compile& c);

}  // namespace beltline
