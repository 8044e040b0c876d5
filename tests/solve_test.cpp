// beltline solve, as a user calls it.
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

const std::string kModels = BELTLINE_SOURCE_DIR "/tests/corpus/wrong_answers/";

TEST(SolveCommand, SolvesProvesAndWrites) {
  const ScratchFolder scratch;
  const Finished finished =
      run_program({"solve", kModels + "highs_3043.lp", "-o", "solution.csv", "--json"}, scratch.path());
  EXPECT_EQ(finished.code, 0) << finished.err;
  const auto json = nlohmann::json::parse(finished.out);
  EXPECT_EQ(json["termination"], "optimal");
  EXPECT_EQ(json["objective"], 26);
  EXPECT_LE(json["safe_bound"].get<double>(), 26);
  EXPECT_NE(text_of(scratch.path() / "solution.csv").find("column,x,6.5,"), std::string::npos);
}

TEST(SolveCommand, SaysInItsExitCodeHowItEnded) {
  EXPECT_EQ(run_program({"solve", kModels + "highs_334.lp"}).code, 3);
  EXPECT_EQ(run_program({"solve", kModels + "highs_654.lp"}).code, 3);
  EXPECT_EQ(run_program({"solve", kModels + "none.lp"}).code, 6);
  EXPECT_EQ(run_program({"solve", kModels + "highs_993.lp", "--solver", "simplex"}).code, 6);
  EXPECT_EQ(run_program({"solve", kModels + "highs_993.lp", "--solver", "magic"}).code, 2);
}

}  // namespace
}  // namespace beltline
