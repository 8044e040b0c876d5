// Tables that a reader of the report needs beside the plan's own: what things are called, how wafers become racks, and
// what the sites cost at equal service.
#pragma once

#include "model/plan.h"
#include "scenario/spec.h"
#include "table/table.h"

namespace beltline {

/// Titles in English and Korean of every named entry, with the place of those that have one.
///
/// One row an entry, in the order of sections and names: `kind` is its section. A site's row has its place's
/// coordinates, `site_kind` land or mooring, and `region`, where its compute is of use. Row `scenario` is the whole; a
/// row `belt_site` is a site as a member of the belt in `region`.
Table names_table(const Spec& spec);

/// How wafers become racks, by year: one row for each pair of processes (or a process and the capacity that it is
/// ordered for) that hand on goods between wafer and rack.
///
///     wafers(good) = Σ wafers of what was taken in / Σ good put out       over the year, along the chain
///
/// Where several make and several take a good at a place, each taker is served by each maker in proportion. Goods in
/// the works when the horizon begins count at the wafers of those made later.
/// @cost O(years × flows × stages of the chain)
Table flow_table(const Model& model, const Plan& plan);

/// What each site would cost to have and to run for a year, for one MW of IT that runs all year, racks left out.
///
///     cost = ((capex + PUE_max · connection) · CRF + fixed + PUE · hours · price of energy) / availability
///     CRF  = r / (1 − (1 + r)^−life)                                              capital recovery factor
///
/// From the scenario alone, whether the plan builds there or not; weather and prices are those of the last year.
Table site_costs_table(const Model& model);

}  // namespace beltline
