#include "model/plan.h"

namespace beltline {

const char* to_string(Termination termination) {
  switch (termination) {
    case Termination::optimal: return "optimal";
    case Termination::infeasible: return "infeasible";
    case Termination::unbounded: return "unbounded";
    case Termination::limit: return "limit";
    case Termination::interrupted: return "interrupted";
    case Termination::unverified: return "unverified";
  }
  return "?";
}

}  // namespace beltline
