// Where every entity of the network came from: scenario entry, file and line, source cited.
#pragma once

#include "model/model.h"
#include "scenario/spec.h"
#include "table/table.h"

namespace beltline {

Table provenance_table(const Spec& spec, const Model& model);

}  // namespace beltline
