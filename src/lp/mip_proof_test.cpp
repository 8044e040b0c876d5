#include "lp/mip_proof.h"

#include <gtest/gtest.h>

#include "lp/body.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

MipProof proof_of(const Problem& problem, double target, double cost_max, const MipProofLimits& limits = {}) {
  const Options options;
  const OnProgress quiet;
  const Body body = run_body;
  const Session session(problem, options, quiet, body);
  auto proof = prove_mip_bound(session, target, cost_max, limits);
  EXPECT_TRUE(proof);
  return proof ? *proof : MipProof{};
}

TEST(MipProof, ReachesWhatIsTrue) {
  const MipProof proof = proof_of(knapsack(), -20 - 1e-6, -20 + 1e-6);
  EXPECT_TRUE(proof.reached);
  EXPECT_NEAR(proof.bound, -20, 1e-5);
  EXPECT_TRUE(proof.better.empty());
}

TEST(MipProof, FindsThePointThatDisprovesAWrongBound) {
  const Problem problem = knapsack();
  const MipProof proof = proof_of(problem, -17, -17 + 1e-5);
  EXPECT_FALSE(proof.reached);
  ASSERT_EQ(proof.better.size(), 3u);
  const Check check = check_point(problem, proof.better);
  EXPECT_EQ(check.row_violation, 0);
  EXPECT_LT(check.objective, -17);
}

TEST(MipProof, SaysWhereItStopped) {
  const Problem problem = market_split(4, 3);
  const MipProof proof = proof_of(problem, 0.5, 10, {.solve_max = 50});
  EXPECT_FALSE(proof.reached);
  EXPECT_EQ(proof.solve_count, 50);
  EXPECT_EQ(proof.detail, "50 LPs were not enough");
  EXPECT_LT(proof.bound, 0.5);
  EXPECT_GE(proof.bound, -1e-9);
  EXPECT_FALSE(proof_of(problem, 0.5, 10, {.seconds_max = 0}).reached);
}

TEST(MipProof, TakesUnboundedIntegersAndFreeColumns) {
  // min y, y ≥ x − 2.5, y ≥ 2.5 − x, x any whole number: 0.5 at 2 and at 3
  const Problem problem =
      make_problem({{0, -kInf, kInf, true}, {.cost = 1, .lower = -kInf}}, {{-2.5, {-1, 1}}, {2.5, {1, 1}}});
  const MipProof proof = proof_of(problem, 0.5 - 1e-9, 0.5 + 1e-6);
  EXPECT_TRUE(proof.reached) << proof.detail;
  EXPECT_GE(proof.bound, 0.5 - 1e-9);
}

TEST(MipProof, OfAQuadraticCost) {
  // min (x − 2.5)² + y² less 6.25, x and y whole: 0.25 − 6.25 at 2 or 3
  Problem problem = make_problem({{-5, 0, 10, true}, {0, -3, 3, true}}, {{-1, {1, 1}, 9}});
  problem.quadratic = {2, 2};
  const MipProof proof = proof_of(problem, -6 - 1e-6, -6 + 1e-6);
  EXPECT_TRUE(proof.reached) << proof.detail;
  EXPECT_GE(proof.bound, -6 - 1e-6);
}

TEST(MipProof, LeavesALargeTreeToBranchAndBoundAndSaysSo) {
  // twenty binaries split no market evenly: HiGHS closes its tree by cuts and propagation, ours would take thousands
  const Solution solution = *solve(market_split(3, 1), {.mip_gap_max = 0});
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_FALSE(solution.bound_is_proved);
  EXPECT_GT(solution.safe_bound, -kInf);
  EXPECT_LT(solution.safe_bound, solution.bound);
  EXPECT_NEAR(solution.bound, solution.objective, 1e-6 * solution.objective);
}

}  // namespace
}  // namespace beltline::lp
