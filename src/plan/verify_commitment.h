// Whether units and ramps of a Plan hold: each unit followed by its age, sharing nothing with the rows of the LP.
#pragma once

#include <functional>
#include <string>

#include "model/plan.h"

namespace beltline {

/// How far an equation is missed (≤ 0: it holds), its largest term, and what it is called.
using Judge = std::function<void(double miss, double scale, const std::function<std::string()>& what)>;

void check_commitment(const Model& model, const Plan& plan, const Judge& judge);

/// USD of units on, starts and stops of a process in period t, or in one slice of it, undiscounted; 0 without units.
double commitment_usd(const Model& model, const Plan& plan, std::size_t process, int t);
double commitment_usd(const Model& model, const Plan& plan, std::size_t process, int t, int s);

}  // namespace beltline
