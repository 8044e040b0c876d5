// Properties that hold for every problem, on random ones; and brute force on tiny ones.
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

Solution solved(const Problem& problem, const Options& options = {}) {
  auto solution = solve(problem, options);
  EXPECT_TRUE(solution);
  return solution ? *solution : Solution{};
}

TEST(RandomLp, PrimalAndDualAgree) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = random_lp(seed);
    const Solution solution = solved(problem);
    ASSERT_EQ(solution.termination, Termination::optimal) << solution.detail;
    const double tolerance = 1e-6 * std::max(1.0, std::abs(solution.objective));
    EXPECT_NEAR(dual_bound(problem, solution.row_dual), solution.objective, tolerance);
    const Solution interior = solved(problem, {.method = Method::interior_point, .crossover = false});
    ASSERT_EQ(interior.termination, Termination::optimal) << interior.detail;
    EXPECT_NEAR(interior.objective, solution.objective, 20 * tolerance);
  }
}

TEST(RandomLp, RelaxingABoundNeverRaisesCost) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_lp(seed);
    const double before = solved(problem).objective;
    Random random(seed);
    const std::size_t i = random.below(static_cast<unsigned>(problem.row_count()));
    const std::size_t j = random.below(static_cast<unsigned>(problem.column_count()));
    problem.row_lower[i] -= 0.5;
    problem.row_upper[i] += 0.5;
    problem.column_upper[j] += 1;
    EXPECT_LE(solved(problem).objective, before + 1e-6 * std::max(1.0, std::abs(before)));
  }
}

TEST(RandomLp, RowDualsAreSlopes) {
  // convexity: the cost at a moved row bound lies on or above the line that the dual draws
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_lp(seed);
    const Solution at = solved(problem);
    const double step = 0.1;
    problem.row_lower[0] -= step;
    const Solution moved = solved(problem);
    ASSERT_EQ(moved.termination, Termination::optimal) << moved.detail;
    EXPECT_GE(moved.objective, at.objective - std::max(0.0, at.row_dual[0]) * step - 1e-6);
  }
}

/// A MIP small enough to try every point of {0..3}ⁿ.
Problem tiny_mip(unsigned seed) {
  Random random(seed);
  auto small = [&] { return static_cast<double>(random.below(11)) - 5; };
  std::vector<Column> columns(1 + random.below(5));
  for (Column& column : columns) column = {small(), 0, 3, true};
  std::vector<Row> rows(1 + random.below(4));
  for (Row& row : rows) {
    for (std::size_t j = 0; j < columns.size(); ++j) row.coefficient.push_back(small());
    const unsigned kind = random.below(3);
    if (kind != 0) row.lower = small();
    if (kind != 1) row.upper = kind == 2 && random.below(2) == 0 ? row.lower : std::max(row.lower, small());
  }
  return make_problem(columns, rows);
}

double brute_force(const Problem& problem) {
  double best = kInf;
  std::vector<double> x(problem.column_count());
  const std::function<void(std::size_t)> try_from = [&](std::size_t j) {
    if (j == x.size()) {
      const Check check = check_point(problem, x);
      if (check.row_violation == 0 && check.bound_violation == 0) best = std::min(best, check.objective);
      return;
    }
    for (int value = 0; value <= 3; ++value) {
      x[j] = value;
      try_from(j + 1);
    }
  };
  try_from(0);
  return best;
}

TEST(TinyMip, AgreesWithBruteForce) {
  int infeasible_count = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = tiny_mip(seed);
    const double best = brute_force(problem);
    const Solution solution = solved(problem, {.mip_gap_max = 0, .seed = seed});
    if (best == kInf) {
      ++infeasible_count;
      EXPECT_EQ(solution.termination, Termination::infeasible) << solution.detail;
    } else {
      EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
      EXPECT_NEAR(solution.objective, best, 1e-6);
    }
  }
  EXPECT_GT(infeasible_count, 5);
  EXPECT_LT(infeasible_count, 120);
}

/// Any kind of small problem: LP, QP or MIP; feasible, infeasible or unbounded, with free rows and columns.
Problem any_problem(unsigned seed) {
  Random random(seed);
  auto small = [&] { return static_cast<double>(random.below(11)) - 5; };
  const unsigned kind = seed % 3;  // LP, MIP, QP
  std::vector<Column> columns(1 + random.below(4));
  for (Column& column : columns) {
    column.cost = small();
    column.lower = random.below(4) == 0 ? -kInf : small() - 3;
    column.upper =
        random.below(3) == 0 ? kInf : std::max(0.0, column.lower > -kInf ? column.lower : 0.0) + random.below(6);
    column.integer = kind == 1 && random.below(3) != 0;
  }
  std::vector<Row> rows(random.below(5));
  for (Row& row : rows) {
    for (std::size_t j = 0; j < columns.size(); ++j) row.coefficient.push_back(random.below(3) == 0 ? 0 : small());
    const unsigned sides = random.below(4);
    if (sides == 1 || sides == 3) row.lower = small();
    if (sides >= 2) row.upper = sides == 3 ? row.lower + random.below(4) : small();
  }
  Problem problem = make_problem(columns, rows, small());
  if (kind != 2) return problem;
  for (std::size_t j = 0; j < columns.size(); ++j) problem.quadratic.push_back(random.below(3));
  if (!problem.is_quadratic()) problem.quadratic.clear();
  return problem;
}

/// The best of the vertices that any columns + rows of bounds make: brute force for an LP whose columns are boxed in.
std::optional<double> best_vertex(const Problem& problem) {
  const std::size_t n = problem.column_count();
  std::vector<std::pair<std::vector<double>, double>> planes;  // aᵀx = b
  const auto add = [&](const std::vector<double>& a, double b) {
    if (std::isfinite(b)) planes.emplace_back(a, b);
  };
  std::vector<std::vector<double>> matrix(problem.row_count(), std::vector<double>(n, 0.0));
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> unit(n, 0.0);
    unit[j] = 1;
    add(unit, problem.column_lower[j]);
    add(unit, problem.column_upper[j]);
    for (auto k = problem.start[j]; k < problem.start[j + 1]; ++k) {
      matrix[static_cast<std::size_t>(problem.index[static_cast<std::size_t>(k)])][j] =
          problem.value[static_cast<std::size_t>(k)];
    }
  }
  for (std::size_t i = 0; i < problem.row_count(); ++i) {
    add(matrix[i], problem.row_lower[i]);
    add(matrix[i], problem.row_upper[i]);
  }
  std::optional<double> best;
  const std::function<void(std::size_t, std::vector<std::size_t>&)> choose = [&](std::size_t from, auto& chosen) {
    if (chosen.size() < n) {
      for (std::size_t p = from; p < planes.size(); ++p) {
        chosen.push_back(p);
        choose(p + 1, chosen);
        chosen.pop_back();
      }
      return;
    }
    std::vector<std::vector<double>> a(n);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = planes[chosen[i]].first;
      a[i].push_back(planes[chosen[i]].second);
    }
    for (std::size_t c = 0; c < n; ++c) {  // Gauss and Jordan, with the largest pivot
      std::size_t pivot = c;
      for (std::size_t i = c; i < n; ++i) pivot = std::abs(a[i][c]) > std::abs(a[pivot][c]) ? i : pivot;
      if (std::abs(a[pivot][c]) < 1e-9) return;
      std::swap(a[c], a[pivot]);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == c) continue;
        const double factor = a[i][c] / a[c][c];
        for (std::size_t k = c; k <= n; ++k) a[i][k] -= factor * a[c][k];
      }
    }
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = a[i][n] / a[i][i];
    const Check check = check_point(problem, x);
    if (std::max(check.row_violation, check.bound_violation) < 1e-9) {
      best = std::min(best.value_or(kInf), check.objective);
    }
  };
  std::vector<std::size_t> chosen;
  choose(0, chosen);
  return best;
}

bool is_boxed(const Problem& problem) {
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    if (!std::isfinite(problem.column_lower[j]) || !std::isfinite(problem.column_upper[j])) return false;
  }
  return true;
}

TEST(Differential, ThreeHundredProblemsEndAlikeWhicheverWay) {
  int optimal_count = 0, infeasible_count = 0, unbounded_count = 0, brute_count = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = any_problem(seed);
    // an active set that circles is given up after a part of this; no other problem takes a hundredth of it
    const Solution one = solved(problem, {.wall_time_max_s = 12, .mip_gap_max = 0, .seed = seed});
    const Solution other = solved(problem, {.wall_time_max_s = 12,
                                            .mip_gap_max = 0,
                                            .seed = seed + 1,
                                            .method = seed % 2 == 0 ? Method::interior_point : Method::simplex,
                                            .presolve = false});
    const auto is_open = [](const Solution& s) {
      return s.termination == Termination::unverified || s.termination == Termination::limit;
    };
    ASSERT_FALSE(is_open(one)) << one.detail;
    ASSERT_FALSE(is_open(other)) << other.detail;
    EXPECT_EQ(to_string(one.termination), std::string(to_string(other.termination))) << one.detail << other.detail;
    optimal_count += one.termination == Termination::optimal ? 1 : 0;
    infeasible_count += one.termination == Termination::infeasible ? 1 : 0;
    unbounded_count += one.termination == Termination::unbounded ? 1 : 0;
    const double scale = std::max(1.0, std::abs(one.objective));
    if (one.termination == Termination::optimal) {
      EXPECT_NEAR(one.objective, other.objective, 2e-5 * scale);
      EXPECT_LE(one.safe_bound, other.objective + 1e-6 * scale);
    }
    if (problem.has_integers() || problem.is_quadratic() || !is_boxed(problem)) continue;
    ++brute_count;
    const std::optional<double> best = best_vertex(problem);
    EXPECT_EQ(one.termination == Termination::optimal, best.has_value()) << one.detail;
    if (best && one.termination == Termination::optimal) {
      EXPECT_NEAR(one.objective, *best, 1e-6 * scale);
    }
  }
  EXPECT_GT(optimal_count, 100);
  EXPECT_GT(infeasible_count, 20);
  EXPECT_GT(unbounded_count, 20);
  EXPECT_GT(brute_count, 15);
}

}  // namespace
}  // namespace beltline::lp
