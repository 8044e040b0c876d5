#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// A model file that is gone after the test.
class ModelFile {
 public:
  ModelFile(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() / ("beltline_read_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    std::ofstream(path(name)) << text;
  }
  ~ModelFile() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

constexpr const char* kMaximise = R"(Maximize
 obj: 3 x + 5 y + 2
Subject To
 a: x <= 4
 b: 2 y <= 12
 c: 2 y + 3 x <= 18
Bounds
 z free
Generals
 y
End
)";

TEST(ReadProblem, TurnsAMaximisationRound) {
  const ModelFile file("max.lp", kMaximise);
  const auto read = read_problem(file.path("max.lp"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->negated);
  EXPECT_TRUE(read->problem.has_integers());
  const auto solution = solve(read->problem, {});
  ASSERT_TRUE(solution);
  EXPECT_DOUBLE_EQ(solution->objective, -38);
}

TEST(ReadProblem, ReadsCompressedFiles) {
  const ModelFile file("max.lp", kMaximise);
  if (std::system(("gzip -k " + file.path("max.lp")).c_str()) != 0) GTEST_SKIP() << "no gzip here";
  const auto read = read_problem(file.path("max.lp.gz"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->problem.row_count(), 3u);
}

TEST(ReadProblem, ReadsSquares) {
  const ModelFile file("square.lp",
                       "Minimize\n obj: x - 4 y + [ 3 x ^ 2 + 2 y ^ 2 ] / 2\nSubject To\n"
                       " a: x + y >= 1\nEnd\n");
  const auto read = read_problem(file.path("square.lp"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->problem.quadratic, (std::vector<double>{3, 2}));
  const ModelFile most("most.lp", "Maximize\n obj: x + [ - 4 x ^ 2 ] / 2\nSubject To\n a: x <= 9\nEnd\n");
  const auto turned = read_problem(most.path("most.lp"));
  ASSERT_TRUE(turned) << turned.error().message;
  EXPECT_EQ(turned->problem.quadratic, (std::vector<double>{4}));
  const auto solution = solve(turned->problem, {});
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::optimal) << solution->detail;
  EXPECT_NEAR(solution->objective, -0.125, 1e-7);
}

TEST(ReadProblem, SaysWhatItCannotRead) {
  const ModelFile product("product.lp", "Minimize\n obj: x + [ x * y ] / 2\nSubject To\n a: x + y >= 1\nEnd\n");
  const auto crossed = read_problem(product.path("product.lp"));
  ASSERT_FALSE(crossed);
  EXPECT_NE(crossed.error().message.find("product of columns 'x' and 'y'"), std::string::npos)
      << crossed.error().message;
  const ModelFile file("hill.lp", "Maximize\n obj: x + [ x ^ 2 ] / 2\nSubject To\n a: x <= 1\nEnd\n");
  const auto hill = read_problem(file.path("hill.lp"));
  ASSERT_FALSE(hill);
  EXPECT_NE(hill.error().message.find("'x' that is not convex"), std::string::npos) << hill.error().message;
  EXPECT_FALSE(read_problem(file.path("missing.mps")));
  const ModelFile semi("semi.lp",
                       "Minimize\n obj: x\nSubject To\n a: x >= 1\nBounds\n x <= 5\nSemi-continuous\n x\nEnd\n");
  const auto semi_read = read_problem(semi.path("semi.lp"));
  ASSERT_FALSE(semi_read);
  EXPECT_NE(semi_read.error().message.find("semi-continuous"), std::string::npos) << semi_read.error().message;
  const ModelFile garbage("garbage.mps", "NAME\nROWS\n what is this\n");
  EXPECT_FALSE(read_problem(garbage.path("garbage.mps")));
}

}  // namespace
}  // namespace beltline::lp
