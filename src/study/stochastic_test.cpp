#include "study/stochastic.h"

#include <cmath>

#include <gtest/gtest.h>

#include "model/splice.h"
#include "plan/test_random_model.h"
#include "study/benders.h"
#include "study/hedging.h"

namespace beltline {
namespace {

/// Three futures of a random network, which differ in what is asked for from a period on.
struct Futures {
  std::vector<Model> models;
  std::vector<Case> cases;

  Futures(uint32_t seed, bool whole_modules, std::vector<double> scales = {0.6, 1.0, 1.7}) {
    const Model base = random_model(seed);
    const int from = base.period_count() / 2;
    for (const double scale : scales) {
      models.push_back(random_model(seed, scale));
      take_earlier_values(models.back(), base, from);
      if (whole_modules) continue;
      for (Capacity& capacity : models.back().capacities) capacity.module_size = 0;
    }
    const double weights[] = {0.3, 0.5, 0.2};
    for (std::size_t c = 0; c < models.size(); ++c) {
      Case each{.name = "case" + std::to_string(c), .model = &models[c], .probability = weights[c]};
      for (int t = 0; t < base.period_count(); ++t) each.stage.push_back(t < from ? 0 : static_cast<int>(c) + 1);
      cases.push_back(std::move(each));
    }
  }
};

StochasticPlan plan(const Futures& futures, StochasticOptions options = {}, const RiskMeasure& risk = {}) {
  options.plan.mip_gap_max = 1e-6;
  auto result = plan_stochastic(futures.cases, risk, options);
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

double tolerance(double value) {
  return 1e-6 * (1 + std::abs(value));
}

TEST(Cvar, IsTheMeanOfTheDearestCases) {
  const std::vector<double> costs = {10, 30, 20}, probabilities = {0.5, 0.1, 0.4};
  EXPECT_DOUBLE_EQ(cvar(costs, probabilities, 0.9), 30);
  EXPECT_DOUBLE_EQ(cvar(costs, probabilities, 0.8), 25);
  EXPECT_DOUBLE_EQ(cvar(costs, probabilities, 0), 16);
  EXPECT_DOUBLE_EQ((RiskMeasure{.weight = 0.5, .level = 0.8}.of(costs, probabilities)), 20.5);
}

TEST(Stochastic, LiesBetweenWaitAndSeeAndTheMeansOrders) {
  int strict = 0;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    const Futures futures(seed, seed % 3 == 0);
    const StochasticPlan result = plan(futures);
    ASSERT_EQ(result.termination, Termination::optimal) << "seed " << seed << ": " << result.detail;
    EXPECT_TRUE(result.verified) << "seed " << seed << ": " << result.detail;
    ASSERT_TRUE(result.value.is_known) << "seed " << seed;
    const StochasticValue& value = result.value;
    EXPECT_LE(value.wait_and_see, value.here_and_now + tolerance(value.here_and_now)) << "seed " << seed;
    EXPECT_LE(value.here_and_now, value.expected_value_plan + tolerance(value.here_and_now)) << "seed " << seed;
    EXPECT_NEAR(result.objective, value.here_and_now, 10 * tolerance(value.here_and_now)) << "seed " << seed;
    if (value.evpi() > tolerance(value.here_and_now) || value.vss() > tolerance(value.here_and_now)) ++strict;
  }
  EXPECT_GT(strict, 3) << "the futures should matter";
}

TEST(Stochastic, CommonPeriodsHaveOneDecision) {
  const Futures futures(4, false);
  const StochasticPlan result = plan(futures);
  ASSERT_EQ(result.plans.size(), 3U);
  for (std::size_t t = 0; t < futures.cases[0].stage.size(); ++t) {
    if (futures.cases[0].stage[t] != 0) continue;
    for (std::size_t k = 0; k < futures.models[0].capacities.size(); ++k) {
      EXPECT_DOUBLE_EQ(result.plans[0].order.at(k, static_cast<int>(t)),
                       result.plans[2].order.at(k, static_cast<int>(t)));
    }
  }
}

TEST(Benders, EqualsTheDeterministicEquivalent) {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    for (const RiskMeasure& risk : {RiskMeasure{}, RiskMeasure{.weight = 0.6, .level = 0.7}}) {
      const Futures futures(seed, false);
      const StochasticPlan whole = plan(futures, {.method = StochasticMethod::extensive, .with_value = false}, risk);
      const StochasticPlan split =
          plan(futures, {.plan = {.thread_count = 2}, .method = StochasticMethod::benders, .with_value = false}, risk);
      ASSERT_EQ(split.method, "benders") << "seed " << seed << ": " << split.statistics.stages;
      EXPECT_NEAR(split.objective, whole.objective, tolerance(whole.objective)) << "seed " << seed;
      EXPECT_LE(split.bound, split.objective + tolerance(split.objective)) << "seed " << seed;
      EXPECT_TRUE(split.verified) << "seed " << seed << ": " << split.detail;
    }
  }
}

TEST(Stochastic, RiskMovesCostFromTheDearestCase) {
  const Futures futures(2, false);
  const StochasticPlan neutral = plan(futures, {}, {.weight = 0, .level = 0.8});
  const StochasticPlan averse = plan(futures, {}, {.weight = 0.95, .level = 0.8});
  EXPECT_LE(averse.cvar_usd, neutral.cvar_usd + tolerance(neutral.cvar_usd));
  EXPECT_GE(averse.expected_cost_usd, neutral.expected_cost_usd - tolerance(neutral.expected_cost_usd));
}

TEST(Hedging, FindsWholeModulesWithABound) {
  for (const uint32_t seed : {3U, 6U}) {
    const Futures futures(seed, true);
    const StochasticPlan whole = plan(futures, {.method = StochasticMethod::extensive, .with_value = false});
    const StochasticPlan hedged = plan(futures, {.method = StochasticMethod::hedging, .with_value = false});
    ASSERT_FALSE(hedged.plans.empty()) << hedged.statistics.stages;
    EXPECT_TRUE(hedged.verified) << hedged.detail;
    EXPECT_LE(hedged.bound, whole.objective + tolerance(whole.objective)) << "seed " << seed;
    EXPECT_GE(hedged.objective, whole.objective - tolerance(whole.objective)) << "seed " << seed;
    EXPECT_LE(hedged.objective, whole.objective * 1.05) << "seed " << seed << " " << hedged.statistics.stages;
  }
}

TEST(Stochastic, SaysThatACaseHasNoPlan) {
  Futures futures(5, false);
  for (Demand& demand : futures.models[2].demands) {
    demand.unserved_cost = {};
    demand.quantity = {.offset = static_cast<int32_t>(futures.models[2].pool.size())};
  }
  futures.models[2].pool.push_back(1e9);
  const StochasticPlan whole = plan(futures);
  EXPECT_EQ(whole.termination, Termination::infeasible);
  const StochasticPlan split = plan(futures, {.method = StochasticMethod::benders});
  EXPECT_EQ(split.termination, Termination::infeasible) << split.detail;
}

/// Messages instead of values: what an engine elsewhere would be sent.
class Messenger final : public SubproblemEngine {
 public:
  Outcome<void> load(std::vector<Subproblem> subproblems) override {
    for (const Subproblem& each : subproblems) sent_.push_back(to_message(each));
    return {};
  }
  Outcome<std::vector<SubproblemAnswer>> solve(const std::vector<SubproblemTask>& tasks) override {
    std::vector<SubproblemAnswer> out;
    for (const SubproblemTask& task : tasks) {
      const auto received = task_of(to_message(task));
      EXPECT_TRUE(received && *received == task);
      StartBasis start;
      auto answer =
          solve_task(subproblem_of(sent_[static_cast<std::size_t>(task.subproblem)]).value(), *received, {}, start);
      if (!answer) return std::unexpected(answer.error());
      out.push_back(answer_of(to_message(*answer)).value());
    }
    return out;
  }

 private:
  std::vector<std::string> sent_;
};

TEST(Engine, WorksByMessages) {
  const Futures futures(7, false);
  auto problem = make_stochastic_problem(futures.cases);
  ASSERT_TRUE(problem);
  set_goals(*problem, {.cost = 1});
  Messenger messenger;
  const auto local = make_local_engine({});
  const auto far = solve_benders(*problem, {}, messenger);
  const auto near = solve_benders(*problem, {}, *local);
  ASSERT_TRUE(far && near);
  EXPECT_NEAR(far->objective, near->objective, tolerance(near->objective));
  EXPECT_FALSE(task_of("no CBOR"));
  EXPECT_FALSE(answer_of(to_message(SubproblemTask{})));
}

}  // namespace
}  // namespace beltline
