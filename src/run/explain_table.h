// What binds, and what late or missing deliveries wait for, as tables of a run.
#pragma once

#include "model/plan.h"
#include "scenario/spec.h"
#include "table/table.h"

namespace beltline {

/// One row a bound and period (or window), most at stake first.
Table worth_table(const Model& model, const Plan& plan);
/// One row a delivery, dearest first.
Table late_table(const Spec& spec, const Model& model, const Plan& plan);
/// The steps of each delivery's chain, in the order of late_table.
Table late_chain_table(const Spec& spec, const Model& model, const Plan& plan);

}  // namespace beltline
