#include "parts/packaging.h"

#include <gtest/gtest.h>

#include "parts/accelerator.h"
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

TEST(Packaging, TakesStacksAndInterposersAndGivesAccelerators) {
  auto out =
      compile_chain(replaced(chain(), "packaging_time = \"3 month\"", "packaging_time = \"3 month\"\nyield = 0.5"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.capacity("interposer@cowos").existing, 0), 500);
  const Process& process = out.process("package_b300@cowos");
  EXPECT_DOUBLE_EQ(out.model().at(process.uses.front().use, 0), 1 / (16 * 0.5));
  // exactly the generation's stacks, whatever the yield of interposers
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("package_b300@cowos", "stack_hbm_12h").rate, 0), -8);
  const Flow accelerators = out.flow("package_b300@cowos", "accelerator_b300");
  EXPECT_DOUBLE_EQ(out.model().at(accelerators.rate, 0), 1);
  EXPECT_EQ(accelerators.lag, 3);
  EXPECT_EQ(accelerators.place, out.builder->find_place("plant"));
}

TEST(Packaging, FollowsFirstMonthAndRamp) {
  auto out =
      compile_chain(replaced(chain(), "packages_per_wafer = 16", "packages_per_wafer = 16\nearliest = \"2026-03\""));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& process = out.process("package_b300@cowos");
  EXPECT_DOUBLE_EQ(out.model().at(process.upper, 1), 0);
  EXPECT_DOUBLE_EQ(out.model().at(process.upper, 2), 16000);
  auto ramp = compile_chain(replaced(chain(), "packages_per_wafer = 16",
                                     "packages_max = {dates = {\"2026-01\" = 0, \"2026-11\" = 100}, unit = "
                                     "\"accelerator/month\"}"));
  ASSERT_FALSE(ramp.has_errors()) << ramp.text();
  EXPECT_NEAR(ramp.model().at(ramp.process("package_b300@cowos").upper, 5), 50, 1e-9);
}

TEST(Packaging, BacklogComesOutFirst) {
  auto out = compile_chain(replaced(chain(), "packaging_time = \"3 month\"",
                                    "packaging_time = \"3 month\"\nbacklog = [{accelerator = \"b300\", packages = "
                                    "\"900 accelerator/month\"}]"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& backlog = out.process("backlog_package_b300@cowos");
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 2), 900);
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 3), 0);
}

TEST(Packaging, MeasuresInterposerWafers) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Measure* wafers = out.measure("interposer_wafers@cowos");
  ASSERT_NE(wafers, nullptr);
  EXPECT_DOUBLE_EQ(out.model().at(wafers->terms.front().coefficient, 0), 1.0 / 16);
  EXPECT_NE(out.measure("accelerators_b300"), nullptr);
}

TEST(Packaging, RefusesStacksThatArriveElsewhere) {
  const auto out =
      compile_chain(replaced(chain(), "stack_time = \"8 week\"", "stack_time = \"8 week\"\ndelivers_to = \"plant\""));
  EXPECT_TRUE(out.has(Code::inconsistent)) << out.text();
}

TEST(Packaging, RefusesABacklogOfOthers) {
  const auto out = compile_chain(replaced(chain(), "packaging_time = \"3 month\"",
                                          "backlog = [{accelerator = \"x\", packages = \"9 accelerator/month\"}]") +
                                 "[accelerator.x]\n");
  EXPECT_TRUE(out.has(Code::inconsistent)) << out.text();
}

TEST(Accelerator, RefusesAStackWithoutTheirNumber) {
  EXPECT_TRUE(compile_chain(replaced(chain(), "stacks = 8\n", "")).has(Code::missing_key));
  EXPECT_TRUE(compile_chain(replaced(chain(), "stack = \"hbm_12h\"\n", "")).has(Code::missing_key));
}

TEST(Accelerator, CountsStacks) {
  auto out = compile_chain(chain() + "[accelerator.none]\n");
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(stacks_per_accelerator(*out.loaded.spec->find("accelerator", "b300")), 8);
  EXPECT_DOUBLE_EQ(stacks_per_accelerator(*out.loaded.spec->find("accelerator", "none")), 0);
}

}  // namespace
}  // namespace beltline
