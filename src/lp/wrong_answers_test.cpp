// Models rebuilt from public reports of wrong answers: tests/corpus/wrong_answers/README.md.
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

struct Right {
  std::string status;
  double objective = 0;
};

/// "\ right: optimal 64.5" in a file's comment.
Right right_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  Right right;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string slash, key;
    words >> slash >> key;
    if (slash == "\\" && key == "right:") words >> right.status >> right.objective;
  }
  return right;
}

std::vector<std::filesystem::path> models() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(BELTLINE_SOURCE_DIR "/tests/corpus/wrong_answers")) {
    if (entry.path().extension() == ".lp") all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

struct Way {
  const char* name;
  Options options;
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

class WrongAnswers : public testing::TestWithParam<Way> {};

TEST_P(WrongAnswers, EndRightOrUnverified) {
  ASSERT_GE(models().size(), 15u);
  int unverified_count = 0;
  for (const auto& path : models()) {
    SCOPED_TRACE(path.filename().string());
    const Right right = right_of(path);
    ASSERT_FALSE(right.status.empty());
    const auto read = read_problem(path.string());
    ASSERT_TRUE(read) << read.error().message;
    Options options = GetParam().options;
    options.mip_gap_max = 1e-7;
    const auto solution = solve(read->problem, options);
    ASSERT_TRUE(solution) << solution.error().message;
    if (solution->termination == Termination::unverified) {
      ++unverified_count;
      continue;
    }
    EXPECT_EQ(to_string(solution->termination), right.status) << solution->detail;
    if (solution->termination != Termination::optimal) continue;
    EXPECT_NEAR(solution->objective, right.objective, 2e-6 * std::max(1.0, std::abs(right.objective)))
        << solution->detail;
    EXPECT_LE(solution->safe_bound, right.objective + 1e-9 * std::max(1.0, std::abs(right.objective)));
  }
  // "unverified" is honest, but no answer: it stays the exception
  EXPECT_LE(unverified_count, 2);
}

INSTANTIATE_TEST_SUITE_P(Solver, WrongAnswers,
                         testing::Values(Way{"automatic", {}}, Way{"no_presolve", {.presolve = false}},
                                         Way{"interior", {.method = Method::interior_point}},
                                         Way{"other_seed", {.seed = 77}}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace beltline::lp
