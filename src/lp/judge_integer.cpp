#include <algorithm>
#include <cmath>

#include "lp/check.h"
#include "lp/mip_proof.h"
#include "lp/verdict.h"

namespace beltline::lp {
namespace {

/// The bound of the LP relaxation, proved by its duals; -infinity if it cannot be had in about the time of the MIP.
double relaxation_bound(const Session& session, const Raw& raw, Solution& solution) {
  if (!session.may_run()) return -kInf;
  const Problem lp = relaxed(session.problem());
  Options options = session.options();
  options.start.clear();
  const Raw aside = session.run_aside(lp, options, std::max(1.0, raw.seconds));
  const double bound = lagrangean_bound(lp, aside);
  prove_bound(session, lp, aside, bound, solution);
  return bound;
}

/// Small MIPs are solved again without presolve, the part that most wrong answers came from (HiGHS #2585): the cost of
/// a second is nothing beside a plan built on a wrong number.
void solve_again(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  constexpr double kSmall_s = 0.5;
  if (raw.seconds > kSmall_s || !session.may_run()) return;
  Options other = options;
  other.presolve = !other.presolve;
  other.start.clear();
  const Raw second = session.run_aside(session.problem(), other, 2 * kSmall_s);
  Solution witness;
  offer_point(session.problem(), witness, second.x, "the second run's point");
  if (!witness.has_point || witness.objective >= solution.bound - 1e-6 * std::max(1.0, std::abs(solution.bound)))
    return;
  say(solution, format("the solver claimed a bound of %.9g, but with presolve ", solution.bound) +
                    (other.presolve ? "on" : "off") + format(" it finds %.9g", witness.objective));
  solution.termination = Termination::unverified;
  solution.objective = witness.objective;
  solution.x = witness.x;
  set_bound(solution, -kInf);
}

/// A point whose integers are whole only within the tolerance, and that is not feasible with them rounded, is none:
/// what a switch a millionth on lets through is cut off at the switch. The others are solved again with the integers
/// whole.
bool make_whole(const Session& session, Solution& solution) {
  const Problem& problem = session.problem();
  constexpr double kWhole = 1e-9;
  if (check_point(problem, solution.x).integrality_violation <= kWhole) return true;
  Problem fixed = relaxed(problem);
  for (std::size_t j = 0; j < fixed.column_count(); ++j) {
    if (problem.integer[j] != 0) fixed.column_lower[j] = fixed.column_upper[j] = std::round(solution.x[j]);
  }
  Solution whole;
  if (session.may_run()) offer_point(problem, whole, session.run_aside(fixed, {}).x, "the point with whole integers");
  if (!whole.has_point || check_point(problem, whole.x).integrality_violation > kWhole) return false;
  solution.x = std::move(whole.x);
  solution.objective = whole.objective;
  set_bound(solution, solution.bound);
  return true;
}

/// Proves that no whole point costs less than the gap asked for allows: by the relaxation, else by a small tree of our
/// own. Where that tree would grow large, branch and bound's word stands, and is called that.
void prove_gap(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  solution.claimed_bound = raw.bound;
  const double scale = std::max(1.0, std::abs(solution.objective));
  const double target = solution.objective - std::max(options.mip_gap_max, 1e-7) * scale;
  if (solution.safe_bound >= target) {
    solution.bound_is_proved = true;
    solution.termination = Termination::optimal;
    return set_bound(solution, solution.safe_bound);
  }
  // counted in work rather than seconds, so that the same problem ends alike on any machine; seconds are for the rest
  constexpr double kWork = 1e6;  // nonzeros times LPs
  constexpr double kMost = 2'000;
  const double solve_max = std::min(kMost, kWork / static_cast<double>(session.problem().nonzero_count()));
  const auto proof =
      prove_mip_bound(session, target, solution.objective + 1e-6 * scale,
                      {.seconds_max = std::max(120.0, 5 * raw.seconds), .solve_max = static_cast<int64_t>(solve_max)});
  if (!proof) return say(solution, proof.error().message);
  if (!proof->better.empty()) {
    say(solution,
        format("the solver claimed a bound of %.9g, but", raw.bound) +
            format(" a point of cost %.9g is known", check_point(session.problem(), proof->better).objective));
    offer_point(session.problem(), solution, proof->better, "the better point");
    return set_bound(solution, solution.safe_bound);
  }
  solution.bound_is_proved = proof->reached;
  // a point within the tolerances may cost less than any without; the safe bound stays the relaxation's, whose duals
  // are there for others to check
  const double bound = proof->reached ? std::max(proof->bound, solution.safe_bound) : raw.bound;
  set_bound(solution, std::min(solution.objective, bound));
  solution.termination = Termination::optimal;
  if (!proof->reached) solve_again(session, raw, options, solution);
}

}  // namespace

void judge_mip_optimal(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  set_bound(solution, raw.bound);
  if (!solution.has_point) return;
  const double slack = 1e-6 * std::max(1.0, std::abs(solution.objective));
  if (solution.bound > solution.objective + slack) {
    say(solution,
        format("the solver's bound %.9g lies above the point's cost %.9g", solution.bound, solution.objective));
    return set_bound(solution, -kInf);
  }
  if (!make_whole(session, solution)) {
    say(solution, "the point is feasible only with integers that are not quite whole");
    return;
  }
  if (solution.gap > options.mip_gap_max + 1e-6) {
    say(solution, format("the gap of %.2g is larger than asked for", solution.gap));
    return;
  }
  if (!options.prove_bound) {
    // the bound is another's, and so is the check against it
    solution.safe_bound_detail = "not asked for";
    solution.termination = Termination::optimal;
    return solve_again(session, raw, options, solution);
  }
  const double relaxation = relaxation_bound(session, raw, solution);
  if (relaxation > solution.objective + 10 * slack) {
    say(solution,
        format("the LP relaxation proves a cost of %.9g at least, the point has %.9g", relaxation, solution.objective));
    return set_bound(solution, -kInf);
  }
  prove_gap(session, raw, options, solution);
}

}  // namespace beltline::lp
