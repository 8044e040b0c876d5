// Small problems for the tests of this room.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "lp/solver.h"

namespace beltline::lp {

/// The same numbers on every machine: std::uniform_* may differ between standard libraries.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned count) { return static_cast<unsigned>(engine_() % count); }
  double uniform(double low, double high) { return low + (high - low) * static_cast<double>(engine_()) / 4294967296.0; }

 private:
  std::mt19937 engine_;
};

struct Row {
  double lower = -kInf;
  std::vector<double> coefficient;  // [column]
  double upper = kInf;
};

struct Column {
  double cost = 0;
  double lower = 0;
  double upper = kInf;
  bool integer = false;
};

inline Problem make_problem(const std::vector<Column>& columns, const std::vector<Row>& rows, double offset = 0) {
  Problem problem;
  problem.offset = offset;
  problem.start.push_back(0);
  for (const Row& row : rows) {
    problem.row_lower.push_back(row.lower);
    problem.row_upper.push_back(row.upper);
  }
  for (std::size_t j = 0; j < columns.size(); ++j) {
    problem.cost.push_back(columns[j].cost);
    problem.column_lower.push_back(columns[j].lower);
    problem.column_upper.push_back(columns[j].upper);
    problem.integer.push_back(columns[j].integer ? 1 : 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].coefficient[j] == 0) continue;
      problem.index.push_back(static_cast<int32_t>(i));
      problem.value.push_back(rows[i].coefficient[j]);
    }
    problem.start.push_back(static_cast<int32_t>(problem.index.size()));
  }
  if (!problem.has_integers()) problem.integer.clear();
  return problem;
}

/// min −3x − 5y, x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18: optimum −36 at (2, 6), row duals (0, −1.5, −1).
inline Problem wyndor() {
  return make_problem({{.cost = -3}, {.cost = -5}}, {{.coefficient = {1, 0}, .upper = 4},
                                                     {.coefficient = {0, 2}, .upper = 12},
                                                     {.coefficient = {3, 2}, .upper = 18}});
}

/// A knapsack: max 10a + 13b + 7c, 3a + 4b + 2c ≤ 6, binary: b and c, cost −20; its relaxation has −20.5 or lower.
inline Problem knapsack() {
  return make_problem({{-10, 0, 1, true}, {-13, 0, 1, true}, {-7, 0, 1, true}},
                      {{.coefficient = {3, 4, 2}, .upper = 6}});
}

/// Market split (Cornuéjols and Dawande 1998): points are easy to find, proofs take branch and bound for ever.
inline Problem market_split(std::size_t row_count, unsigned seed) {
  Random random(seed);
  const std::size_t binary_count = 10 * (row_count - 1);
  std::vector<Column> columns(binary_count, {0, 0, 1, true});
  std::vector<Row> rows(row_count);
  for (std::size_t i = 0; i < row_count; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < binary_count; ++j) {
      rows[i].coefficient.push_back(static_cast<double>(random.below(100)));
      sum += rows[i].coefficient.back();
    }
    rows[i].lower = rows[i].upper = std::floor(sum / 2);
  }
  // slack either way in each row, paid for
  for (std::size_t i = 0; i < row_count; ++i) {
    for (double sign : {1.0, -1.0}) {
      columns.push_back({.cost = 1});
      for (std::size_t k = 0; k < row_count; ++k) rows[k].coefficient.push_back(k == i ? sign : 0);
    }
  }
  return make_problem(columns, rows);
}

/// A feasible and bounded LP: bounds in a box, rows around a random point inside.
inline Problem random_lp(unsigned seed) {
  Random random(seed);
  const std::size_t column_count = 2 + random.below(20);
  const std::size_t row_count = 1 + random.below(15);
  std::vector<Column> columns(column_count);
  std::vector<double> inside(column_count);
  for (std::size_t j = 0; j < column_count; ++j) {
    columns[j] = {random.uniform(-5, 5), random.uniform(-10, 0), random.uniform(1, 10)};
    inside[j] = random.uniform(columns[j].lower, columns[j].upper);
  }
  std::vector<Row> rows(row_count);
  for (Row& row : rows) {
    double activity = 0;
    for (std::size_t j = 0; j < column_count; ++j) {
      row.coefficient.push_back(random.below(2) == 0 ? 0 : random.uniform(-3, 3));
      activity += row.coefficient[j] * inside[j];
    }
    const unsigned kind = random.below(4);
    if (kind != 0) row.lower = activity - (kind == 1 ? 0 : random.uniform(0, 2));
    if (kind == 1) row.upper = row.lower;
    if (kind != 2 && kind != 1) row.upper = activity + random.uniform(0, 2);
  }
  return make_problem(columns, rows, random.uniform(-100, 100));
}

}  // namespace beltline::lp
