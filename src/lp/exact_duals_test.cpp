#include "lp/exact_duals.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "lp/certificate.h"
#include "lp/column_factor.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// A bounded LP of which some columns have no bounds at all, and others only one.
///
/// The optimum is built in: a point, duals, and the costs that make these feasible. Where `whole`, all numbers are few
/// bits, so that columns may depend on each other and optima have ties without the rounding of a cost making the
/// problem unbounded; else each free column has a row of its own in which it is large.
Problem with_free_columns(unsigned seed, bool whole) {
  Random random(seed);
  const auto number = [&](int most) {
    return whole ? static_cast<double>(random.below(static_cast<unsigned>(8 * most + 1))) / 4 - most
                 : random.uniform(-most, most);
  };
  const std::size_t row_count = 4 + random.below(20), column_count = row_count + 4 + random.below(20);
  std::vector<Column> columns(column_count);
  std::vector<Row> rows(row_count);
  std::vector<double> inside(column_count);
  for (double& x : inside) x = number(5);
  const std::size_t free_count = row_count / 2;
  for (std::size_t i = 0; i < row_count; ++i) {
    double activity = 0;
    for (std::size_t j = 0; j < column_count; ++j) {
      double coefficient = random.below(3) == 0 ? number(3) : 0;
      if (!whole && j == i && j < free_count) coefficient = random.uniform(8, 9);
      rows[i].coefficient.push_back(coefficient);
      activity += coefficient * inside[j];
    }
    const unsigned kind = random.below(3);
    const double size = 0.25 + std::abs(number(2));
    const double dual = kind == 0 ? size : kind == 1 ? -size : number(2);
    if (kind != 1) rows[i].lower = activity;
    if (kind != 0) rows[i].upper = activity;
    for (std::size_t j = 0; j < column_count; ++j) columns[j].cost += rows[i].coefficient[j] * dual;
  }
  for (std::size_t j = 0; j < column_count; ++j) {
    columns[j].lower = columns[j].upper = inside[j];
    const double slack = whole && j % 8 == 0 ? 0 : 0.5;  // 0: an optimum with ties
    if (j < free_count) {
      columns[j].lower = -kInf, columns[j].upper = kInf;
    } else if (random.below(2) == 0) {
      columns[j].upper = kInf;
      columns[j].cost += slack;
    } else {
      columns[j].lower = -kInf;
      columns[j].cost -= slack;
    }
  }
  return make_problem(columns, rows);
}

TEST(ExactDuals, BoundFiftyProblemsWithFreeColumns) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = with_free_columns(seed, seed % 2 == 0);
    const Solution solution = *solve(problem, {});
    ASSERT_EQ(solution.termination, Termination::optimal) << solution.detail;
    const double scale = std::max(1.0, std::abs(solution.objective));
    EXPECT_LE(solution.safe_bound, solution.objective + 1e-9 * scale);
    EXPECT_GE(solution.safe_bound, solution.objective - 1e-6 * scale) << solution.safe_bound_detail;
    EXPECT_TRUE(solution.bound_is_proved);
  }
}

/// A year in miniature: power that varies, and a store without loss, limit or cost, whose charge and discharge are each
/// other's mirror.
Problem store(int hour_count, unsigned seed) {
  Random random(seed);
  std::vector<Column> columns{{.cost = 50}, {.cost = 3}};  // capacity of wind, of the store
  std::vector<Row> rows;
  const auto hours = static_cast<std::size_t>(hour_count);
  const auto column = [&](std::size_t hour, std::size_t kind) { return 2 + 5 * hour + kind; };
  for (std::size_t t = 0; t < hours; ++t) {
    // wind, shed, charge, discharge, level
    for (const double cost : {0.0, 400.0, 0.0, 0.0, 0.0}) columns.push_back({.cost = cost});
  }
  for (std::size_t t = 0; t < hours; ++t) {
    std::vector<double> balance(columns.size()), limit(columns.size()), carry(columns.size()), room(columns.size());
    balance[column(t, 0)] = balance[column(t, 1)] = balance[column(t, 3)] = 1;
    balance[column(t, 2)] = -1;
    const double load = random.uniform(5, 10);
    rows.push_back({load, balance, load});
    limit[column(t, 0)] = 1;
    limit[0] = -random.uniform(0, 1);
    rows.push_back({.coefficient = limit, .upper = 0});
    carry[column(t, 4)] = 1;
    carry[column((t + hours - 1) % hours, 4)] = -1;
    carry[column(t, 2)] = -3;
    carry[column(t, 3)] = 3;
    rows.push_back({0, carry, 0});
    room[column(t, 4)] = 1;
    room[1] = -1;
    rows.push_back({.coefficient = room, .upper = 0});
  }
  return make_problem(columns, rows);
}

TEST(ExactDuals, BoundAStoreWhoseFlowsMirrorEachOther) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    const Solution solution = *solve(store(24, seed), {});
    ASSERT_EQ(solution.termination, Termination::optimal) << solution.detail;
    EXPECT_LE(solution.safe_bound, solution.objective * (1 + 1e-9));
    EXPECT_GE(solution.safe_bound, solution.objective * (1 - 1e-6)) << solution.safe_bound_detail;
  }
}

TEST(ExactDuals, AreFoundWhereNoDoubleIsOne) {
  // 3 y = 1 has no solution in doubles: min x, 3 x ≥ 1, x free
  const Problem problem = make_problem({{.cost = 1, .lower = -kInf}}, {{.lower = 1, .coefficient = {3}}});
  const auto duals = zero_reduced_costs(problem, {1.0 / 3 + 1e-9}, {0});
  ASSERT_TRUE(duals);
  EXPECT_EQ(duals->zero, std::vector<uint8_t>{1});
  EXPECT_EQ(duals->y[0], 1.0 / 3);
  EXPECT_GT(duals->radius[0], 0);
  EXPECT_LT(duals->radius[0], 1e-25);
  const SafeBound safe = safe_dual_bound(problem, {1.0 / 3 + 1e-9});
  EXPECT_LE(safe.bound, 1.0 / 3);
  EXPECT_GE(safe.bound, 1.0 / 3 - 1e-15);
}

TEST(ExactDuals, TakeWhatDependsOnOthers) {
  // the last column is the first less twice the second, its cost too: 0 where theirs are
  const Problem problem =
      make_problem({{.cost = 1}, {.cost = 5}, {.cost = -9}}, {{7, {3, 1, 1}, 7}, {2, {1, 2, -3}, 2}});
  const auto duals = zero_reduced_costs(problem, {0, 0}, {0, 1, 2});
  ASSERT_TRUE(duals);
  EXPECT_EQ(duals->zero, (std::vector<uint8_t>{1, 1, 1}));
  Problem other = problem;
  other.cost[2] = -9.5;
  const auto fewer = zero_reduced_costs(other, {0, 0}, {0, 1, 2});
  ASSERT_TRUE(fewer);
  EXPECT_EQ(std::ranges::count(fewer->zero, 1), 2);
}

TEST(ExactDuals, KeepTheSignThatARowAsksFor) {
  // min −x, x ≤ 1 as a row: y = −1 fits, the row allows no other sign
  const Problem problem =
      make_problem({{.cost = 1, .lower = -kInf}}, {{.coefficient = {1}, .upper = 1}, {.lower = 0, .coefficient = {1}}});
  EXPECT_FALSE(zero_reduced_costs(problem, {-0.5, 0}, {0}));
  const auto duals = zero_reduced_costs(problem, {0, 0.5}, {0});
  ASSERT_TRUE(duals);
  EXPECT_EQ(duals->y, (std::vector<double>{0, 1}));
}

TEST(ColumnFactor, SolvesAndBoundsWhatItLeaves) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const std::size_t n = 5 + random.below(40);
    std::vector<Column> columns(n);
    std::vector<Row> rows(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        rows[i].coefficient.push_back(i == j ? 2 : (random.below(5) == 0 ? random.uniform(-1, 1) : 0));
      }
    }
    const Problem problem = make_problem(columns, rows);
    std::vector<std::size_t> all(n);
    for (std::size_t j = 0; j < n; ++j) all[j] = j;
    const ColumnFactor factor(problem, all, std::vector<uint8_t>(n, 1), 1'000'000);
    ASSERT_TRUE(factor.is_complete());
    ASSERT_EQ(factor.rank(), n);
    std::vector<double> right(n);
    for (double& each : right) each = random.uniform(-1, 1);
    const std::vector<double> z = factor.solve_transposed(right);
    std::vector<double> size(n);
    for (std::size_t p = 0; p < n; ++p) size[p] = std::abs(right[p]);
    const std::vector<double> bound = factor.bound_transposed(size), error = factor.error_transposed(bound);
    for (std::size_t p = 0; p < n; ++p) {
      EXPECT_LE(std::abs(z[p]), bound[p] * (1 + 1e-9));
      double sum = -right[p];
      for (std::size_t q = 0; q < n; ++q) sum += rows[factor.row(q)].coefficient[factor.column(p)] * z[q];
      EXPECT_NEAR(sum, 0, 1e-9 * (1 + bound[p]));
      EXPECT_GT(error[p], 0);
      EXPECT_LT(error[p], 1e-9 * (1 + *std::ranges::max_element(bound)) * static_cast<double>(n));
    }
    // with less work than it takes it says so
    EXPECT_FALSE(ColumnFactor(problem, all, std::vector<uint8_t>(n, 1), 3).is_complete());
  }
}

}  // namespace
}  // namespace beltline::lp
