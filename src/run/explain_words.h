// What binds and what is waited for, in sentences.
#pragma once

#include <string>

#include "base/language.h"
#include "model/model.h"
#include "model/plan.h"

namespace beltline {

/// 1234567 → "1,234,567"; small numbers keep three digits.
std::string grouped(double value);
/// "USD 4.2 billion", "USD 41 million", "USD 12,300".
std::string money(double usd);

/// The unit as people say it: "month" of dock slots, "wafer/month", "MW".
std::string quantity_words(double quantity, const std::string& unit);
/// "wafer starts at SK hynix Cheongju M15X", "orders of data halls at …", "dock slots at …, 2027".
std::string bound_words(const Model& model, const Worth& worth, Language language);
/// One step of a chain: "HBM4 stacks at Hsinchu in March 2027", or the cause: "dock slots at …: no more than 0 month".
std::string step_words(const Model& model, const CauseStep& step, Language language);
/// The unit that one more of a bound is counted in.
std::string unit_words(const Model& model, const Worth& worth);
std::string unit_words(const Model& model, const Delivery& delivery);

}  // namespace beltline
