// Differential: the expansion case of PyPSA, solved by both.
#include "bench/expansion.h"

#include <gtest/gtest.h>

#include "plan/planner.h"

namespace beltline {
namespace {

TEST(Expansion, AgreesWithPypsa) {
  // PyPSA 1.4.0 with linopy 0.10.1 and HiGHS 1.15.1, `pypsa_expansion.py e2e 3 168 simplex`: its objective leaves out
  // the capital cost of the 200 MW that each line begins with, as ours does.
  const Model model = expansion_model(3, 168);
  const auto plan = make_plan(model, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified);
  EXPECT_NEAR(plan->objective, 566167299.1600933, 566167299.16 * 1e-6);
}

}  // namespace
}  // namespace beltline
