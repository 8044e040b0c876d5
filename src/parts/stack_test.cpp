#include "parts/stack.h"

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

std::string chain() {
  return std::string(kFrame) + std::string(kChain) + std::string(kRack);
}

std::string replaced(std::string text, std::string_view old_text, std::string_view new_text) {
  text.replace(text.find(old_text), old_text.size(), new_text);
  return text;
}

TEST(Stack, BondsMultiply) {
  auto out = compile_chain(chain() + "[stack.h8]\nproduct = \"hbm\"\ndies = 8\n[stack.h12]\nproduct = \"hbm\"\n");
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Spec& spec = *out.loaded.spec;
  // SemiAnalysis: 99 % a layer gives 92 % for 8-high and 87 to 89 % for 12-high
  EXPECT_NEAR(stack_yield(spec.calendar, *spec.find("stack", "h8"), 0), 0.92, 0.005);
  EXPECT_NEAR(stack_yield(spec.calendar, *spec.find("stack", "h12"), 0), 0.88, 0.01);
  EXPECT_NEAR(stack_yield(spec.calendar, *spec.find("stack", "hbm_12h"), 0), 0.75, 0.005);
  EXPECT_NEAR(dies_per_good_stack(spec.calendar, *spec.find("stack", "hbm_12h"), 0), 12 / 0.7534, 0.01);
}

TEST(Stack, TakesDiesAndGivesStacksWhereTheyArePackaged) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Flow dies = out.flow("stack_hbm_12h@icheon", "die_hbm");
  EXPECT_NEAR(out.model().at(dies.rate, 0), -12 / 0.7534, 0.01);
  EXPECT_EQ(dies.place, out.builder->find_place("icheon"));
  const Flow stacks = out.flow("stack_hbm_12h@icheon", "stack_hbm_12h");
  EXPECT_DOUBLE_EQ(out.model().at(stacks.rate, 0), 1);
  EXPECT_EQ(stacks.lag, 2);  // 8 weeks are 1.8 months; with the die's 5 the published 28 weeks
  EXPECT_EQ(stacks.place, out.builder->find_place("hsinchu"));
  EXPECT_NE(out.measure("hbm_stacks"), nullptr);
}

TEST(Stack, WithoutLinesItIsBought) {
  auto out = compile_chain(replaced(chain(), "lines = [{place = \"icheon\", owner = \"maker\"}]", ""));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_FALSE(out.builder->find_process("stack_hbm_12h@icheon").valid());
  EXPECT_FALSE(out.flow("package_b300@cowos", "stack_hbm_12h").rate.present());
}

TEST(Stack, PaysTheMakerAndTheBaseDie) {
  auto out = compile_chain(replaced(chain(), "stack_time = \"8 week\"", R"(stack_time = "8 week"
price = "370 USD/stack"
buyer = "vendor"
base_die_cost = "40 USD/stack"
base_die_maker = "owner")"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& process = out.process("stack_hbm_12h@icheon");
  ASSERT_EQ(process.payments.size(), 2U);
  EXPECT_EQ(process.payments[0].payee, out.builder->find_party("maker"));
  EXPECT_DOUBLE_EQ(out.model().at(process.payments[0].price, 0), 370);
  EXPECT_EQ(process.payments[1].payer, out.builder->find_party("maker"));
}

TEST(Stack, LinesHaveCapacityAndBacklog) {
  auto out = compile_chain(replaced(chain(), "lines = [{place = \"icheon\", owner = \"maker\"}]",
                                    "lines = [{place = \"icheon\", capacity = \"5000 stack/month\", "
                                    "backlog = \"700 stack/month\"}]"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.process("stack_hbm_12h@icheon").upper, 0), 5000);
  const Process& backlog = out.process("backlog_stack_hbm_12h@icheon");
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 1), 700);
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 2), 0);
}

TEST(Stack, RefusesWhatDoesNotFit) {
  const std::string text = chain();
  for (const std::string& bad : {replaced(text, "product = \"hbm\"\ntest_yield", "product = \"ddr5\"\ntest_yield"),
                                 replaced(text, "lines = [{place = \"icheon\"", "lines = [{place = \"hsinchu\""),
                                 replaced(text, "lines = [{place = \"icheon\", owner = \"maker\"}]",
                                          "lines = [{place = \"icheon\"}, {place = \"icheon\"}]")}) {
    EXPECT_TRUE(compile_chain(bad).has(Code::inconsistent)) << bad;
  }
  EXPECT_TRUE(compile_chain(replaced(text, "test_yield = 0.85", "test_yield = 0")).has(Code::bad_yield));
  EXPECT_TRUE(compile_chain(replaced(text, "test_yield = 0.85", "layer_yield = 1.01")).has(Code::bad_yield));
}

}  // namespace
}  // namespace beltline
