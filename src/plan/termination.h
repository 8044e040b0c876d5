// How a plan ends, by how the solver ended.
#pragma once

#include "lp/solver.h"
#include "model/plan.h"

namespace beltline {

inline Termination translate(lp::Termination termination) {
  switch (termination) {
    case lp::Termination::optimal: return Termination::optimal;
    case lp::Termination::infeasible: return Termination::infeasible;
    case lp::Termination::unbounded: return Termination::unbounded;
    case lp::Termination::limit: return Termination::limit;
    case lp::Termination::interrupted: return Termination::interrupted;
    case lp::Termination::unverified: return Termination::unverified;
  }
  return Termination::unverified;
}

}  // namespace beltline
