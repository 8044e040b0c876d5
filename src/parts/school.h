// School: technicians who can operate halls, those there are and those trained.
//
//   school@R: capacity in persons, each holding +1 technician at the region; halls hold the technicians they need
//   an order is an intake of students: online a study time later, at most (intake · completion) a month
//   cost of a graduate = cost of a student / completion, paid by `payer`
//
// Without new graduates only the existing pool can staff halls, and the region's build-out stops there.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kSchoolSection;
void compile_schools(const Compile& c);

}  // namespace beltline
