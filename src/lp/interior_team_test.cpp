#include "lp/interior_team.h"

#include <gtest/gtest.h>

#include "lp/interior.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

TEST(Team, DoesEachPieceOnce) {
  for (const int threads : {1, 2, 5}) {
    Team team(threads);
    for (int32_t round = 0; round < 300; ++round) {
      std::vector<int> done(static_cast<std::size_t>(round % 40), 0);
      team.run(static_cast<int32_t>(done.size()), [&](int32_t piece) { ++done[piece]; });
      EXPECT_EQ(done, std::vector<int>(done.size(), 1));
    }
  }
}

/// A store over `hours`, filled by plant of a capacity to be chosen and emptied by a demand that comes and goes.
Problem store_over(int32_t hours) {
  Problem p;
  p.start = {0};
  const auto column = [&](double cost, double upper, std::vector<std::pair<int32_t, double>> entries) {
    p.cost.push_back(cost);
    p.column_lower.push_back(0);
    p.column_upper.push_back(upper);
    for (const auto& [row, value] : entries) {
      p.index.push_back(row);
      p.value.push_back(value);
    }
    p.start.push_back(static_cast<int32_t>(p.index.size()));
  };
  Random random(7);
  std::vector<std::pair<int32_t, double>> everywhere;
  for (int32_t t = 0; t < hours; ++t) {
    const int32_t next = (t + 1) % hours;
    // row t: level − level before + given out = taken in; row hours + t: what is made is at most what the sky gives
    column(0.01 * random.uniform(0, 1), 50, {{t, 1}, {next, -1}});
    column(random.uniform(0.1, 1), kInf, {{t, -1}, {hours + t, 1}});
    column(30, kInf, {{t, -1}});
    everywhere.emplace_back(hours + t, -std::max(0.0, std::sin(0.26 * t)) * random.uniform(0.3, 1));
  }
  column(40.0 * hours / 100, kInf, everywhere);
  for (int32_t t = 0; t < hours; ++t) {
    const double demand = 3 + std::sin(0.1 * t) + random.uniform(0, 1);
    p.row_lower.push_back(-demand);
    p.row_upper.push_back(-demand);
  }
  p.row_lower.insert(p.row_lower.end(), static_cast<std::size_t>(hours), -kInf);
  p.row_upper.insert(p.row_upper.end(), static_cast<std::size_t>(hours), 0);
  return p;
}

TEST(Team, ChangesNoByteOfAnAnswer) {
  const Problem problem = store_over(6'000);
  const InteriorResult one = InteriorSolver(problem, {}, 1).solve();
  ASSERT_EQ(one.end, InteriorEnd::optimal);
  for (const int threads : {2, 8}) {
    SCOPED_TRACE(threads);
    const InteriorResult many = InteriorSolver(problem, {}, threads).solve();
    EXPECT_EQ(many.iteration_count, one.iteration_count);
    EXPECT_EQ(many.x, one.x);
    EXPECT_EQ(many.row_dual, one.row_dual);
  }
}

}  // namespace
}  // namespace beltline::lp
