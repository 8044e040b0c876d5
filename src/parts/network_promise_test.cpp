// Promises: their window, how firm they are, what a shortfall costs.
#include <gtest/gtest.h>

#include "parts/network_test_support.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::Outcome;

Outcome promise(std::string_view keys) {
  return compile_text("[party.maker]\n[commitment.supply]\nfrom = \"maker\"\nkind = \"contract\"\n" +
                      std::string(keys));
}

TEST(NetworkPromise, AWindowThatEndsBeforeItStartsIsToldInBothLanguages) {
  const Outcome outcome = promise("first = \"2026-05\"\nlast = \"2026-02\"\n");
  EXPECT_FALSE(outcome.model);
  ASSERT_EQ(outcome.count(Code::empty_window), 1) << outcome.text();
  const std::string english = outcome.text();
  EXPECT_NE(
      english.find("error[BL0300]: the window of 'supply' ends before it starts: found 2026-02, expected 2026-05 or "
                   "later"),
      std::string::npos)
      << english;
  const std::string korean = render(outcome.diagnostics, outcome.files, Language::korean);
  EXPECT_NE(korean.find("오류[BL0300]"), std::string::npos) << korean;
  EXPECT_NE(korean.find("끝"), std::string::npos) << korean;
}

TEST(NetworkPromise, FirmnessAndPenaltyAreChecked) {
  EXPECT_TRUE(
      promise("unit = \"MW\"\nquantity = \"5 MW\"\nfirmness = \"conditional\"\npenalty = \"3 kUSD/MW\"\n").model);
  EXPECT_EQ(promise("firmness = \"firmly\"\n").count(Code::bad_choice), 1);
  const Outcome nothing = promise("penalty = \"3 kUSD/MW\"\n");
  ASSERT_EQ(nothing.count(Code::inconsistent), 1) << nothing.text();
  EXPECT_EQ(nothing.find(Code::inconsistent)->message, "penalty of 'supply' is for nothing without quantity");
  EXPECT_EQ(promise("unit = \"MW\"\nquantity = \"5 MW\"\npenalty = \"3 kUSD/wafer\"\n").count(Code::wrong_dimension),
            1);
  EXPECT_EQ(promise("unit = \"MW\"\nquantity = \"5 MW\"\npenalty = \"-3 kUSD/MW\"\n").count(Code::out_of_range), 1);
}

}  // namespace
}  // namespace beltline
