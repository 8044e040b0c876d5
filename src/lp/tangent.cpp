#include "lp/tangent.h"

namespace beltline::lp {

Problem tangent_problem(const Problem& problem, const std::vector<double>& x) {
  Problem out = problem;
  for (std::size_t j = 0; j < out.quadratic.size(); ++j) out.cost[j] += out.quadratic[j] * x[j];
  out.quadratic.clear();
  return out;
}

Raw tangent_duals(const Session& session, const std::vector<double>& x) {
  if (!session.may_run()) return {};
  Options options = session.options();
  options.method = Method::simplex;
  options.start.clear();
  return session.run_aside(tangent_problem(session.problem(), x), options);
}

}  // namespace beltline::lp
