#include "lp/body.h"

#include "lp/highs.h"
#include "lp/interior_body.h"
#include "lp/outer_approximation.h"

namespace beltline::lp {

bool has_own_interior() {
  return true;
}

bool is_for_own_interior(const Problem& problem, const Options& options) {
  const bool wants_vertex = options.crossover && !problem.is_quadratic();
  return options.method == Method::interior_point && !problem.has_integers() && !wants_vertex;
}

void run_body(const Problem& problem, const Options& options, Mailbox& mailbox) {
  if (problem.has_integers() && problem.is_quadratic()) return run_outer_approximation(problem, options, mailbox);
  if (is_for_own_interior(problem, options)) return run_interior(problem, options, mailbox);
  run_highs(problem, options, mailbox);
}

}  // namespace beltline::lp
