#include "parts/base_die.h"

#include <cmath>

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"
#include "parts/stack.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::Compiled;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

/// The chain whose stacks stand on base dies of a foundry; `keys` are further ones of the base die.
std::string with_base_die(std::string_view keys, std::string_view line = "base_die = \"n12\"") {
  std::string text = std::string(kFrame) + std::string(kChain) + std::string(kRack);
  const std::string_view at = "lines = [{place = \"icheon\", owner = \"maker\"";
  text.insert(text.find(at) + at.size(), line.empty() ? "" : ", " + std::string(line));
  return text +
         "[base_die.n12]\nplace = \"hsinchu\"\nowner = \"vendor\"\ncapacity = \"2000 wafer/month\"\n"
         "programme_share_max = 0.5\nlead = \"4 month\"\nyield = 0.9\n" +
         std::string(keys);
}

TEST(BaseDie, IsMadeOfLogicWafersAndTakenByEachStackBegun) {
  auto out = compile_chain(with_base_die("dies_per_wafer = 400\nbacklog = \"300 wafer/month\"\n"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.capacity("logic@n12").existing, 5), 1000);
  const Flow made = out.flow("base_die_n12@hsinchu", "base_die_n12");
  EXPECT_DOUBLE_EQ(out.model().at(made.rate, 3), 360);
  EXPECT_EQ(made.lag, 4);
  const Flow taken = out.flow("stack_hbm_12h@icheon", "base_die_n12");
  EXPECT_NEAR(out.model().at(taken.rate, 3), -1 / (std::pow(0.99, 12) * 0.85), 1e-12);
  const Process& backlog = out.process("backlog_base_die_n12@hsinchu");
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 3), 300);
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 4), 0);
  EXPECT_NE(out.measure("logic_wafers_n12"), nullptr);
}

TEST(BaseDie, CountsDiesByTheirArea) {
  auto out = compile_chain(with_base_die("die_area = \"121 mm2\"\n"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(out.model().at(out.flow("base_die_n12@hsinchu", "base_die_n12").rate, 0), 492 * 0.9, 0.5);
}

struct Wrong {
  const char* keys;
  const char* line;
  Code code;
};

class WrongBaseDie : public testing::TestWithParam<Wrong> {};

TEST_P(WrongBaseDie, IsToldByItsCode) {
  const auto out = compile_chain(with_base_die(GetParam().keys, GetParam().line));
  EXPECT_TRUE(out.has(GetParam().code)) << out.text();
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongBaseDie,
    testing::Values(Wrong{"", "base_die = \"n12\"", Code::missing_key},
                    Wrong{"dies_per_wafer = 400\ndie_area = \"121 mm2\"\n", "base_die = \"n12\"", Code::inconsistent},
                    Wrong{"die_area = \"90000 mm2\"\n", "base_die = \"n12\"", Code::out_of_range},
                    Wrong{"dies_per_wafer = 400\n", "", Code::unused},
                    Wrong{"dies_per_wafer = 400\n", "base_die = \"n5\"", Code::dangling_reference}));

// Of the quarter that fails, 40 % are reworked and 70 % of these hold: 0.75 + 0.25 · 0.28.
TEST(Stack, RecoversFailedStacksByRework) {
  std::string text = std::string(kFrame) + std::string(kChain) + std::string(kRack);
  const std::string_view at = "test_yield = 0.85\n";
  text.replace(text.find(at), at.size(),
               "dies = 8\nlayer_yield = 1\ntest_yield = 0.75\nrework_share = 0.4\nrework_yield = 0.7\n");
  auto out = compile_chain(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Entry& stack = *out.loaded.spec->find("stack", "hbm_12h");
  EXPECT_NEAR(stack_yield(out.loaded.spec->calendar, stack, 0), 0.82, 1e-12);
  EXPECT_NEAR(out.model().at(out.flow("stack_hbm_12h@icheon", "die_hbm").rate, 0), -8 / 0.82, 1e-12);
}

TEST(Stack, WaitsForTheQualificationOfItsLine) {
  std::string text = with_base_die("dies_per_wafer = 400\n", "base_die = \"n12\", qualified = \"2026-06\"");
  auto out = compile_chain(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  // without a wait there is one flow, two months long; here those of January to March wait for June
  const Process& stacks = out.process("stack_hbm_12h@icheon");
  double june = 0;
  for (const Flow& flow : stacks.flows) {
    if (out.model().commodities[flow.commodity.index()].name != "stack_hbm_12h") continue;
    for (int t = 0; t < 12; ++t) {
      if (out.model().at(flow.rate, t) <= 0) continue;
      EXPECT_GE(t + flow.lag, 5);
      if (t + flow.lag == 5) june += out.model().at(flow.rate, t);
    }
  }
  EXPECT_DOUBLE_EQ(june, 4);
}

}  // namespace
}  // namespace beltline
