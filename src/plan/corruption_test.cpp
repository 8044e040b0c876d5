// Corruptions between formulation and solve: the Model, added up again, must not confirm what follows from them.
#include <functional>

#include <gtest/gtest.h>

#include "lp/body.h"
#include "lp/judge.h"
#include "plan/certify.h"
#include "plan/extract.h"
#include "plan/formulate.h"
#include "plan/test_network.h"
#include "plan/verify.h"

namespace beltline {
namespace {

/// Two plants with a lead, a battery, a line to another place, a budget of emissions, a target: most kinds of rows.
Model network() {
  TestNetwork n(Calendar::monthly({2026, 1}, 4, 3));
  const CapacityId cheap =
      n.builder.add(Capacity{.name = "cheap", .place = n.here, .lead = 1, .capex = n.builder.constant(2000)});
  const CapacityId dear = n.builder.add(Capacity{.name = "dear", .place = n.here, .capex = n.builder.constant(9000)});
  n.source("slow", n.power, Grain::rate, 1, {{cheap, n.builder.constant(1)}});
  n.source("fast", n.power, Grain::rate, 4, {{dear, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(10), 300.0);
  n.source("cut", n.wafer, Grain::amount, 3);
  n.demand(n.wafer, n.builder.constant(20), 50.0);
  Diagnostics diagnostics;
  auto model = std::move(n.builder).finish(diagnostics);
  EXPECT_TRUE(model);
  return std::move(*model);
}

struct Attempt {
  bool caught = false;
  double cost_usd = 0;
};

Attempt plan_with(const Model& model, const std::function<void(lp::Problem&)>& corrupt) {
  Formulation f = formulate(model);
  set_goal(model, f, first_goal(model));
  corrupt(f.problem);
  const auto solution = lp::solve(f.problem, {});
  EXPECT_TRUE(solution);
  // what the solver itself cannot solve is no plan
  if (!solution || solution->termination != lp::Termination::optimal) return {.caught = true};
  Plan plan = empty_plan(model, f.layout);
  extract_decisions(model, f, solution->x, plan);
  const Verification check = verify(model, plan);
  const bool cost_agrees = std::abs(check.cost_usd * f.money_scale - solution->objective) <=
                           1e-6 * std::max(1.0, std::abs(solution->objective));
  const bool holds = certify_bound(model, first_goal(model), f.money_scale, *solution).holds;
  return {.caught = !check.holds || !cost_agrees || !holds, .cost_usd = check.cost_usd};
}

TEST(PlanCorruption, IsSeenOrHarmless) {
  const Model model = network();
  const Attempt right = plan_with(model, [](lp::Problem&) {});
  ASSERT_FALSE(right.caught);
  ASSERT_GT(right.cost_usd, 0);
  const lp::Problem whole = formulate(model).problem;
  int caught_count = 0, harmless_count = 0;
  const auto see = [&](const std::string& what, const std::function<void(lp::Problem&)>& corrupt) {
    SCOPED_TRACE(what);
    const Attempt wrong = plan_with(model, corrupt);
    caught_count += wrong.caught ? 1 : 0;
    harmless_count += wrong.caught ? 0 : 1;
    // a corruption that nothing notices has changed nothing
    if (!wrong.caught) {
      EXPECT_NEAR(wrong.cost_usd, right.cost_usd, 1e-6 * right.cost_usd);
    }
  };
  for (std::size_t i = 0; i < whole.row_count(); ++i) {
    see("row " + std::to_string(i) + " dropped",
        [i](lp::Problem& p) { p.row_lower[i] = -lp::kInf, p.row_upper[i] = lp::kInf; });
    see("row " + std::to_string(i) + " moved", [i](lp::Problem& p) { p.row_lower[i] += 0.5, p.row_upper[i] += 0.5; });
  }
  for (std::size_t j = 0; j < whole.column_count(); ++j) {
    see("column " + std::to_string(j) + " held", [j](lp::Problem& p) { p.column_upper[j] = p.column_lower[j]; });
    see("cost " + std::to_string(j) + " lost", [j](lp::Problem& p) { p.cost[j] = 0; });
  }
  for (std::size_t k = 0; k < whole.nonzero_count(); k += 3) {
    see("coefficient " + std::to_string(k) + " turned round", [k](lp::Problem& p) { p.value[k] = -p.value[k]; });
  }
  see("costs shifted by one column", [](lp::Problem& p) { std::ranges::rotate(p.cost, p.cost.begin() + 1); });
  see("the offset off by one term", [](lp::Problem& p) { p.offset += 1; });
  EXPECT_GE(caught_count, 30);
  EXPECT_LT(harmless_count, 3 * caught_count);
}

TEST(PlanCorruption, BranchAndBoundThatAlwaysLiesIsNotBelieved) {
  // halls of 50 MW for 120 MW: three are best; the liar builds one and calls that the best, however it is asked
  TestNetwork n(Calendar::monthly({2026, 1}, 3));
  const CapacityId hall = n.builder.add(
      Capacity{.name = "hall", .place = n.here, .unit = "MW", .module_size = 50, .capex = n.builder.constant(1000)});
  n.source("halls", n.power, Grain::rate, 1, {{hall, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(120), 9000.0);
  Diagnostics diagnostics;
  const auto model = std::move(n.builder).finish(diagnostics);
  ASSERT_TRUE(model);
  Formulation f = formulate(*model);
  set_goal(*model, f, first_goal(*model));
  ASSERT_TRUE(f.problem.has_integers());
  const lp::Body liar = [](const lp::Problem& problem, const lp::Options& options, lp::Mailbox& mailbox) {
    lp::Problem given = problem;
    for (std::size_t j = 0; j < given.integer.size(); ++j) {
      if (given.integer[j] != 0) given.column_upper[j] = given.column_lower[j] + (j == 0 ? 1 : 0);
    }
    lp::run_body(given, options, mailbox);
  };
  const auto right = lp::solve(f.problem, {});
  ASSERT_TRUE(right);
  EXPECT_EQ(right->termination, lp::Termination::optimal) << right->detail;
  EXPECT_TRUE(right->bound_is_proved);
  const auto fooled = lp::solve_with(f.problem, {.prove_bound = false}, {}, liar);
  ASSERT_TRUE(fooled);
  EXPECT_GT(fooled->objective, right->objective * 1.01) << "else the lie is none";
  const auto solution = lp::solve_with(f.problem, {}, {}, liar);
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->termination, lp::Termination::unverified);
  EXPECT_NEAR(solution->objective, right->objective, 1e-4 * right->objective) << "the proof finds the better point";
}

}  // namespace
}  // namespace beltline
