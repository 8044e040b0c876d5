#include "lp/body.h"

#include "lp/highs.h"
#include "lp/outer_approximation.h"

namespace beltline::lp {

bool has_own_interior() {
  return false;
}

void run_body(const Problem& problem, const Options& options, Mailbox& mailbox) {
  if (problem.has_integers() && problem.is_quadratic()) return run_outer_approximation(problem, options, mailbox);
  run_highs(problem, options, mailbox);
}

}  // namespace beltline::lp
