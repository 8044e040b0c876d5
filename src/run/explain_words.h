// What binds and what is waited for, in sentences.
#pragma once

#include <string>

#include "base/language.h"
#include "model/model.h"
#include "model/plan.h"
#include "scenario/spec.h"

namespace beltline {

/// "wafer starts at SK hynix Cheongju M15X", "orders of data halls at …", "dock slots at …, 2027".
std::string bound_words(const Model& model, const Worth& worth, Language language);
/// One step of a chain: "HBM4 stacks at Hsinchu in March 2027", or the cause: "dock slots at …: no more than 0 month".
std::string step_words(const Model& model, const CauseStep& step, Language language);
/// The scenario's entry of a step: of what comes too early by a date, the entry that the date stands in (the site of a
/// hall).
std::string entry_words(const Spec& spec, const Model& model, const CauseStep& step);
/// The unit that one more of a bound is counted in.
std::string unit_words(const Model& model, const Worth& worth);
std::string unit_words(const Model& model, const Delivery& delivery);

}  // namespace beltline
