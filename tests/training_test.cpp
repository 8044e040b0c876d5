// Published training times: the rows of ../shared/validation/training. `make validate` prints them one by one.
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/serving/training_cases.h"

namespace beltline::training {
namespace {

const std::filesystem::path kRows =
    std::filesystem::path(BELTLINE_SOURCE_DIR) / "../shared/validation/training/measured_training.csv";

TEST(PublishedTraining, TimesAreWithinNinePercentAndFourInTheMean) {
  if (!std::filesystem::exists(kRows)) GTEST_SKIP() << "no " << kRows;
  const auto rows = read_training_cases(kRows.string());
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_FALSE(rows->empty());
  double sum = 0;
  for (const TrainingCase& row : *rows) {
    const auto value = predicted(row);
    ASSERT_TRUE(value) << row.system << ": " << value.error().message;
    const double error = std::abs(*value / row.measured - 1);
    EXPECT_LE(error, 0.09) << row.model << " on " << row.system;
    sum += error;
  }
  EXPECT_LE(sum / static_cast<double>(rows->size()), 0.04);
}

TEST(PublishedTraining, TokensToTheTargetAreStraightBetweenReferencePoints) {
  EXPECT_NEAR(gpt3_tokens_to_target(2048), 23.5 * 50331648, 1);
  EXPECT_NEAR(gpt3_tokens_to_target(2560), (23.5 + 24 + 1.0 / 6) / 2 * 50331648, 1);
  EXPECT_EQ(gpt3_tokens_to_target(512), gpt3_tokens_to_target(1536));
  EXPECT_GT(gpt3_tokens_to_target(16384), gpt3_tokens_to_target(8192));
}

TEST(PublishedTraining, OfAnUnknownSystemOrTargetIsNoGuess) {
  const TrainingCase row{"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "Abacus | n1024", 1024, "", 2048, 10, "min"};
  EXPECT_FALSE(predicted(row));
  TrainingCase other = row;
  other.system = "NVIDIA H100-SXM5-80GB";
  EXPECT_TRUE(predicted(other));
  other.model = "llama-3.1-405b";
  EXPECT_FALSE(predicted(other));
}

}  // namespace
}  // namespace beltline::training
