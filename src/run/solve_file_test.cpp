#include "run/solve_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace beltline {
namespace {

class SolveFile : public testing::Test {
 protected:
  SolveFile() : folder_(std::filesystem::temp_directory_path() / ("beltline_solve_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~SolveFile() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

 private:
  std::filesystem::path folder_;
};

constexpr const char* kMost = R"(Maximize
 profit: 3 doors + 5 windows
Subject To
 one: doors <= 4
 two: 2 windows <= 12
 three: 3 doors + 2 windows <= 18
End
)";

TEST_F(SolveFile, TellsTheFilesOwnSense) {
  const auto solved = solve_file(write("most.lp", kMost), {});
  ASSERT_TRUE(solved) << solved.error().message;
  const auto json = nlohmann::json::parse(solved_json(*solved));
  EXPECT_EQ(json["termination"], "optimal");
  EXPECT_EQ(json["objective"], 36);
  EXPECT_NEAR(json["safe_bound"].get<double>(), 36, 1e-6);
  EXPECT_EQ(json["bound_is_proved"], true);
  EXPECT_EQ(json["method"], "simplex: 3 rows");
  const std::string text = solved_text(*solved);
  EXPECT_NE(text.find("objective     36\n"), std::string::npos) << text;
  EXPECT_NE(text.find("bound         36, proved\n"), std::string::npos) << text;
}

TEST_F(SolveFile, WritesColumnsAndRowsByName) {
  const auto solved = solve_file(write("most.lp", kMost), {.method = method_of("simplex")});
  ASSERT_TRUE(solved) << solved.error().message;
  const std::string csv = solution_csv(*solved);
  EXPECT_TRUE(csv.starts_with("kind,name,value,lower,upper,dual")) << csv;
  EXPECT_NE(csv.find("column,doors,2,0,inf,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("column,windows,6,0,inf,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("row,three,18,-inf,18,"), std::string::npos) << csv;
  // in the file's own sense: one more of the third row earns 1
  EXPECT_NEAR(solved->solution.row_dual[2], -1, 1e-9);
}

TEST_F(SolveFile, SaysWhatHasNoAnswer) {
  const auto none =
      solve_file(write("none.lp", "Minimize\n obj: x\nSubject To\n a: x >= 2\n b: x + y <= 1\nEnd\n"), {});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->solution.termination, lp::Termination::infeasible);
  EXPECT_TRUE(nlohmann::json::parse(solved_json(*none))["objective"].is_null());
  EXPECT_EQ(solved_text(*none).find("objective"), std::string::npos);
}

TEST_F(SolveFile, RefusesAMethodThatDoesNotFit) {
  const std::string linear = write("most.lp", kMost);
  const std::string whole = write("whole.lp", "Minimize\n obj: x\nSubject To\n a: 2 x >= 3\nGenerals\n x\nEnd\n");
  const std::string square =
      write("square.lp", "Minimize\n obj: x + [ 2 x ^ 2 ] / 2\nSubject To\n a: x + y >= 3\nEnd\n");
  for (const auto& [path, solver, word] :
       {std::tuple{linear, "mip", "no integers"}, std::tuple{linear, "qp", "no quadratic cost"},
        std::tuple{whole, "simplex", "has integers"}, std::tuple{square, "ipx", "quadratic cost"}}) {
    const auto solved = solve_file(path, {.method = method_of(solver)});
    ASSERT_FALSE(solved) << path << " " << solver;
    EXPECT_NE(solved.error().message.find(word), std::string::npos) << solved.error().message;
  }
  for (const std::string& solver : solver_names()) {
    const std::string& path = solver == "mip" ? whole : solver == "qp" ? square : linear;
    const auto solved = solve_file(path, {.method = method_of(solver)});
    ASSERT_TRUE(solved) << solved.error().message;
    EXPECT_EQ(solved->solution.termination, lp::Termination::optimal) << solver << solved->solution.detail;
  }
  EXPECT_FALSE(solve_file("/nowhere/none.mps", {}));
}

}  // namespace
}  // namespace beltline
