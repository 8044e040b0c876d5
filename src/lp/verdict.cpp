#include "lp/verdict.h"

#include <algorithm>
#include <cmath>

#include "lp/certificate.h"
#include "lp/check.h"

namespace beltline::lp {
namespace {

/// The point with its integers rounded, if that is still feasible: 3 halls instead of 2.9999999.
std::vector<double> rounded(const Problem& problem, const std::vector<double>& x) {
  std::vector<double> whole(x);
  for (std::size_t j = 0; j < whole.size() && !problem.integer.empty(); ++j) {
    if (problem.integer[j] != 0) whole[j] = std::round(whole[j]);
  }
  return whole;
}

}  // namespace

double relative_gap(double objective, double bound) {
  return std::abs(objective - bound) / std::max(1.0, std::abs(objective));
}

void say(Solution& solution, const std::string& text) {
  if (text.empty()) return;
  if (!solution.detail.empty()) solution.detail += "; ";
  solution.detail += text;
}

bool is_feasible(const Check& check) {
  return std::max({check.row_violation, check.bound_violation, check.integrality_violation}) <= kViolationMax;
}

void offer_point(const Problem& problem, Solution& solution, const std::vector<double>& x, const char* whose) {
  if (x.size() != problem.column_count() || (x.empty() && problem.column_count() > 0)) return;
  Check check = check_point(problem, x);
  const bool feasible = is_feasible(check);
  if (!feasible) {
    const double violation = std::max({check.row_violation, check.bound_violation, check.integrality_violation});
    say(solution, std::string(whose) + format(" violates the problem by %.2g: ", violation) + check.worst);
    return;
  }
  std::vector<double> best = x;
  if (problem.has_integers() && check.integrality_violation > 0) {
    std::vector<double> whole = rounded(problem, x);
    const Check whole_check = check_point(problem, whole);
    // big-M rows may need the fraction; then the point stays as it is, within the tolerance
    if (is_feasible(whole_check) && whole_check.row_violation <= std::max(1e-9, check.row_violation)) {
      best = std::move(whole);
      check = whole_check;
    }
  }
  if (solution.has_point && check.objective >= solution.objective) return;
  solution.has_point = true;
  solution.objective = check.objective;
  solution.x = std::move(best);
}

void set_bound(Solution& solution, double bound) {
  solution.bound = std::isnan(bound) ? -kInf : bound;
  if (!solution.has_point) return;
  // within the tolerances the bound may pass the point; a lower bound above the point would only puzzle
  if (relative_gap(solution.objective, solution.bound) <= 1e-6)
    solution.bound = std::min(solution.bound, solution.objective);
  solution.gap = relative_gap(solution.objective, solution.bound);
}

double lagrangean_bound(const Problem& problem, const Raw& raw) {
  if (raw.row_dual.size() != problem.row_count() || raw.column_dual.size() != problem.column_count()) return -kInf;
  return dual_bound(problem, raw.row_dual, 1e-7,
                    raw.x.size() == problem.column_count() ? raw.x : std::vector<double>{});
}

void set_safe_bound(const Problem& problem, const std::vector<double>& row_dual, Solution& solution) {
  if (row_dual.size() != problem.row_count()) {
    solution.safe_bound_detail = "there are no duals";
    return;
  }
  // a margin, so that the bound itself decides where the point is optimal
  const double margin = 1e-6 * std::max(1.0, std::abs(solution.objective));
  const double cost_max = solution.has_point ? solution.objective + margin : kInf;
  SafeBound safe = safe_dual_bound(problem, row_dual, cost_max);
  if (safe.bound < solution.safe_bound || (safe.bound == solution.safe_bound && !solution.safe_row_dual.empty()))
    return;
  solution.safe_bound = safe.bound;
  solution.safe_bound_detail = std::move(safe.detail);
  solution.safe_row_dual = row_dual;
}

void prove_bound(const Session& session, const Problem& problem, const Raw& raw, double target, Solution& solution) {
  set_safe_bound(problem, raw.row_dual, solution);
  const bool vertex = raw.column_basis.size() == problem.column_count() && raw.row_basis.size() == problem.row_count();
  if (raw.row_dual.size() != problem.row_count() || problem.is_quadratic()) return;
  if (!vertex) {
    // Where two columns are each other's negatives, as a lossless store's are, no dual lies inside: an interior point's
    // are a rounding away from a bound, and a vertex's can be proved, for what a vertex is found of within a minute.
    constexpr std::size_t kNonzeroMax = 300'000;
    constexpr double kMost_s = 60;
    if (solution.safe_bound > -kInf || problem.nonzero_count() > kNonzeroMax || !session.may_run()) return;
    const Raw aside = session.run_aside(problem, {.method = Method::simplex}, std::max(kMost_s, raw.seconds));
    const bool found = aside.claim == Claim::optimal && aside.column_basis.size() == problem.column_count() &&
                       aside.row_basis.size() == problem.row_count();
    if (found) prove_bound(session, problem, aside, target, solution);
    return;
  }
  // a bound far below is no better than none: implied bounds may lie anywhere
  const auto is_near = [&] {
    return solution.safe_bound > -kInf && solution.safe_bound >= target - 1e-6 * std::max(1.0, std::abs(target));
  };
  for (const double share : {1e-11, 1e-9, 1e-8}) {
    if (is_near() || !session.may_run()) return;
    const Options options{
        .method = Method::simplex, .start_column_basis = raw.column_basis, .start_row_basis = raw.row_basis};
    const std::vector<double> x = raw.x.size() == problem.column_count() ? raw.x : std::vector<double>();
    const Raw aside =
        session.run_aside(with_margin(problem, raw.row_dual, x, share), options, std::max(1.0, raw.seconds));
    if (aside.claim == Claim::optimal) set_safe_bound(problem, aside.row_dual, solution);
  }
}

}  // namespace beltline::lp
