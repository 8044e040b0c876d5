// MATPOWER cases, imported and planned: what a DC optimal power flow must give, by hand and as published.
#include "import/matpower.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/pipeline.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

fs::path shared_grid() {
  const char* shared = std::getenv("BELTLINE_SHARED");
  const fs::path base = shared != nullptr ? shared : BELTLINE_SOURCE_DIR "/../shared";
  return base / "validation" / "grid";
}

/// A case and its plan.
struct Flow {
  Compiled compiled;
  std::optional<Plan> result;

  [[nodiscard]] const Plan& plan() const { return result.value(); }
  [[nodiscard]] double activity(std::string_view process, int slice = 0) const {
    for (std::size_t p = 0; p < compiled.model->processes.size(); ++p) {
      if (compiled.model->processes[p].name == process) return plan().activity.at(p, 0, slice);
    }
    ADD_FAILURE() << "no process " << process;
    return std::nan("");
  }
  [[nodiscard]] double price(std::string_view place) const {
    for (std::size_t n = 0; n < compiled.model->nodes.size(); ++n) {
      const Node& node = compiled.model->nodes[n];
      if (compiled.model->places[node.place.index()].name == place) return plan().node_price.at(n, 0);
    }
    ADD_FAILURE() << "no place " << place;
    return std::nan("");
  }
};

Flow solved(const fs::path& source, const ImportOptions& options = {}) {
  Flow flow;
  const Imported imported = import_matpower(source, options);
  if (!imported.draft) {
    ADD_FAILURE() << source << ": " << render(imported.diagnostics, imported.files);
    return flow;
  }
  flow.compiled = compile_texts(imported.draft->files(), {});
  if (!flow.compiled.model) {
    ADD_FAILURE() << source << ": " << render(flow.compiled.diagnostics, flow.compiled.files);
    return flow;
  }
  auto planned = make_plan(*flow.compiled.model, {});
  if (!planned) {
    ADD_FAILURE() << planned.error().message;
    return flow;
  }
  flow.result = std::move(*planned);
  EXPECT_EQ(flow.plan().termination, Termination::optimal) << source << " " << flow.plan().detail;
  EXPECT_TRUE(flow.plan().verified);
  return flow;
}

Flow solved_text(std::string_view text, const ImportOptions& options = {}) {
  const ScratchFolder scratch;
  const fs::path file = scratch.path() / "case.m";
  write_text(file, text);
  return solved(file, options);
}

void expect_share(double value, double published, double tolerance, const std::string& what) {
  EXPECT_LE(std::abs(value - published), tolerance * std::abs(published))
      << what << ": " << value << ", published " << published;
}

// Two buses, a cheap and a dear generator, one branch between them; `branch` is what follows "1 2 r x b".
std::string two_buses(std::string_view branch, std::string_view more = {}) {
  return "mpc.version = '2'; mpc.baseMVA = 100;\n"
         "mpc.bus = [1 3 0 0 0 0 1 1 0 230 1 1.1 0.9; 2 1 100 0 0 0 1 1 0 230 1 1.1 0.9];\n"
         "mpc.gen = [1 0 0 0 0 1 100 1 200 0; 2 0 0 0 0 1 100 1 200 0];\n"
         "mpc.gencost = [2 0 0 2 10 5 0 0 0 0; 2 0 0 2 30 0 0 0 0 0];\nmpc.branch = [1 2 " +
         std::string(branch) + "];\n" + std::string(more);
}

TEST(MatpowerFlow, AnglesLimitWhatABranchCarries) {
  // 2 degrees over 0.1 per unit: 34.9 MW
  const double most = 2 * M_PI / 180 / 0.1 * 100;
  const Flow flow = solved_text(two_buses("0 0.1 0 0 0 0 0 0 1 -2 2"));
  EXPECT_NEAR(flow.activity("line_branch_1"), most, 1e-6);
  EXPECT_NEAR(flow.plan().cost_usd, 10 * most + 30 * (100 - most) + 5, 1e-5);
  EXPECT_NEAR(flow.price("bus_1"), 10, 1e-6);
  EXPECT_NEAR(flow.price("bus_2"), 30, 1e-6);
  // only one direction is limited
  EXPECT_NEAR(solved_text(two_buses("0 0.1 0 0 0 0 0 0 1 -2 360")).activity("line_branch_1"), 100, 1e-6);
  EXPECT_NEAR(solved_text(two_buses("0 0.1 0 50 0 0 0 0 1 -1 360")).activity("line_branch_1"), 50, 1e-6);
  // a limit of 0 is none, in PowerModels only where both are
  EXPECT_NEAR(solved_text(two_buses("0 0.1 0 0 0 0 0 0 1 -2 0")).activity("line_branch_1"), 100, 1e-6);
  const ImportOptions pglib{{"convention", "pglib"}};
  EXPECT_NEAR(solved_text(two_buses("0 0.1 0 0 0 0 0 0 1 -2 0"), pglib).activity("line_branch_1"), 0, 1e-6);
}

TEST(MatpowerFlow, PhaseShiftsMoveFlowBetweenParallelBranches) {
  // x1 f1 + shift = x2 f2 and f1 + f2 = 100
  const double shift = 3 * M_PI / 180;
  const double first = (0.2 * 1.0 - shift) / (0.1 + 0.2) * 100;
  const Flow flow = solved_text(two_buses("0 0.1 0 0 0 0 0 3 1 0 0; 1 2 0 0.2 0 0 0 0 0 0 1 0 0"));
  EXPECT_NEAR(flow.activity("line_branch_1"), first, 1e-6);
  EXPECT_NEAR(flow.activity("line_branch_2"), 100 - first, 1e-6);
  const Flow plain =
      solved_text(two_buses("0 0.1 0 0 0 0 0 3 1 0 0; 1 2 0 0.2 0 0 0 0 0 0 1 0 0"), {{"convention", "pglib"}});
  EXPECT_NEAR(plain.activity("line_branch_1"), 200.0 / 3, 1e-6);
}

TEST(MatpowerFlow, NegativeReactancesAndTapsCount) {
  // x1 = −0.05 · 2 beside 0.2: the flow of the first is twice the other's, backwards
  const Flow flow = solved_text(two_buses("0 -0.05 0 0 0 0 2 0 1 0 0; 1 2 0 0.2 0 0 0 0 0 0 1 0 0"));
  EXPECT_NEAR(flow.activity("line_branch_1"), 200, 1e-6);
  EXPECT_NEAR(flow.activity("line_branch_2"), -100, 1e-6);
}

TEST(MatpowerFlow, DcLinesLoseWhatTheySay) {
  const std::string dc = "mpc.dcline = [1 2 1 0 0 0 0 1 1 0 40 0 0 0 0 2 0.05];\n";
  const Flow flow = solved_text(two_buses("0 0.1 0 20 0 0 0 0 1 0 0", dc + "mpc.dclinecost = [2 0 0 2 1 0];\n"));
  EXPECT_NEAR(flow.activity("dc_1"), 40, 1e-6);
  // arrives: 0.95 · 40 − 2 = 36 and 20 by the branch
  EXPECT_NEAR(flow.activity("gen_2"), 44, 1e-6);
  EXPECT_NEAR(flow.plan().cost_usd, 60 * 10 + 44 * 30 + 40 + 5, 1e-5);
}

TEST(MatpowerFlow, PiecesRunInTheirOrder) {
  std::string text = two_buses("0 0.1 0 0 0 0 0 0 1 0 0");
  text += "mpc.gen(1, 10) = 20;\nmpc.gencost(1, :) = [1 0 0 3 0 7 50 507 200 6507];\n";
  const Flow flow = solved_text(text);
  // 10 USD/MWh up to 50 MW, 40 beyond; 30 at the other bus
  EXPECT_NEAR(flow.activity("gen_1"), 20, 1e-6);
  EXPECT_NEAR(flow.activity("gen_1_1"), 30, 1e-6);
  EXPECT_NEAR(flow.activity("gen_1_2"), 0, 1e-6);
  EXPECT_NEAR(flow.plan().cost_usd, 507 + 50 * 30, 1e-5);
}

TEST(MatpowerFlow, DispatchableLoadsTakeWhatTheyPayFor) {
  // worth 20 USD/MWh: served from bus 1, not from bus 2
  std::string text = two_buses("0 0.1 0 120 0 0 0 0 1 0 0");
  text += "mpc.gen(3, :) = [2 0 0 0 0 1 100 1 0 -50];\nmpc.gencost(3, :) = [2 0 0 2 20 0 0 0 0 0];\n";
  const Flow flow = solved_text(text);
  EXPECT_NEAR(flow.activity("gen_3"), -20, 1e-6);
  EXPECT_NEAR(flow.plan().cost_usd, 120 * 10 + 5 - 20 * 20, 1e-5);
}

TEST(MatpowerFlow, IslandsAndFeedInBalanceByThemselves) {
  const std::string island =
      "mpc.bus(3, :) = [7 3 40 0 0 0 1 1 0 230 1 1.1 0.9];\nmpc.bus(4, :) = [8 1 -15 0 0 0 1 1 0 230 1 1.1 0.9];\n"
      "mpc.gen(3, :) = [7 0 0 0 0 1 100 1 200 0];\nmpc.gencost(3, :) = [2 0 0 3 0 50 1 0 0 0];\n"
      "mpc.branch(2, :) = [7 8 0 0.1 0 0 0 0 0 0 1 0 0];\n";
  const Flow flow = solved_text(two_buses("0 0.1 0 0 0 0 0 0 1 0 0", island));
  EXPECT_NEAR(flow.activity("gen_3"), 25, 1e-6);
  EXPECT_NEAR(flow.plan().cost_usd, 1000 + 5 + 25 * 50 + 1, 1e-5);
}

TEST(MatpowerFlow, QuadraticCostsShareTheLoadByTheirSlopes) {
  // 0.05 a² + 10 a beside 0.1 b² + 10 b, a + b = 100: 0.1 a = 0.2 b
  std::string text = two_buses("0 0.1 0 0 0 0 0 0 1 0 0");
  text += "mpc.gencost = [2 0 0 3 0.05 10 0; 2 0 0 3 0.1 10 0];\n";
  const Flow flow = solved_text(text);
  EXPECT_NEAR(flow.activity("gen_1"), 200.0 / 3, 1e-3);
  EXPECT_NEAR(flow.price("bus_1"), 10 + 0.1 * 200 / 3, 1e-3);
  EXPECT_NEAR(flow.plan().cost_usd, 1000 + 0.05 * 40000 / 9 + 0.1 * 10000 / 9, 1e-3);
}

struct Published {
  std::string file;
  double objective = 0;
};

/// The rows of EXPECTED_DC.csv.
std::vector<Published> pglib_cases() {
  std::ifstream file(shared_grid() / "pglib" / "EXPECTED_DC.csv");
  std::vector<Published> all;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string name, skipped, value;
    std::getline(cells, name, ',');
    std::getline(cells, skipped, ',');
    std::getline(cells, skipped, ',');
    std::getline(cells, value, ',');
    all.push_back({"pglib_opf_case" + name + ".m", std::stod(value)});
  }
  return all;
}

TEST(MatpowerPublished, PglibCasesHaveTheirDcObjectives) {
  const auto cases = pglib_cases();
  if (cases.empty()) GTEST_SKIP() << shared_grid() / "pglib" << " is not there";
  EXPECT_EQ(cases.size(), 21U);
  for (const Published& published : cases) {
    const Flow flow = solved(shared_grid() / "pglib" / published.file);
    if (!flow.result) continue;
    expect_share(flow.plan().cost_usd, published.objective, 2e-4, published.file);
    RecordProperty(published.file.substr(0, published.file.size() - 2), std::to_string(flow.plan().cost_usd));
  }
}

TEST(MatpowerPublished, TheNineBusCaseHasItsObjectivePricesAndDispatch) {
  std::ifstream file(shared_grid() / "matpower" / "soln9_dcopf.json");
  if (!file) GTEST_SKIP() << shared_grid() / "matpower" << " is not there";
  const auto solution = nlohmann::json::parse(file);
  const Flow flow = solved(shared_grid() / "matpower" / "t_case9_opf.m");
  ASSERT_TRUE(flow.result);
  expect_share(flow.plan().cost_usd, solution["f_soln"][0][0].get<double>(), 1e-6, "objective");
  // MW of the published solution, which an interior point left a few 1e-5 from the corner
  for (std::size_t g = 0; g < solution["gen_soln"].size(); ++g) {
    const std::string name = "gen_" + std::to_string(g + 1);
    double mw = 0;
    for (std::size_t p = 0; p < flow.compiled.model->processes.size(); ++p) {
      const std::string& process = flow.compiled.model->processes[p].name;
      if (process == name || process.starts_with(name + "_")) mw += flow.plan().activity.at(p, 0);
    }
    EXPECT_NEAR(mw, solution["gen_soln"][g][1].get<double>(), 1e-3) << name;
  }
  for (const auto& bus : solution["bus_soln"]) {
    const std::string place = "bus_" + std::to_string(static_cast<int>(bus[0].get<double>()));
    EXPECT_NEAR(flow.price(place), bus[13].get<double>(), 1e-4) << place;
  }
}

// Solved from the same files by another program: bus angles instead of cycles, an interior point (Clarabel 0.11).
TEST(MatpowerPublished, MatpowerCasesAgreeWithASecondFormulation) {
  if (!fs::exists(shared_grid() / "matpower")) GTEST_SKIP() << shared_grid() / "matpower" << " is not there";
  const std::vector<Published> cases{{"case5.m", 17479.89692538}, {"case9.m", 5216.02660775},
                                     {"case14.m", 7642.59177696}, {"case24_ieee_rts.m", 61001.24031219},
                                     {"case30.m", 565.20596640},  {"case39.m", 41263.94078581}};
  for (const Published& published : cases) {
    const Flow flow = solved(shared_grid() / "matpower" / published.file);
    if (flow.result) expect_share(flow.plan().cost_usd, published.objective, 1e-6, published.file);
  }
}

TEST(MatpowerPublished, TheConventionsDiffer) {
  const fs::path file = shared_grid() / "pglib" / "pglib_opf_case118_ieee.m";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  expect_share(solved(file, {{"convention", "pglib"}}).plan().cost_usd, 93101, 2e-5, "pglib");
  expect_share(solved(file, {{"convention", "matpower"}}).plan().cost_usd, 93133, 2e-5, "matpower");
}

TEST(MatpowerPublished, TheKoreanGridIsSolved) {
  const fs::path folder = shared_grid() / "kpg193";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const Flow flow = solved(folder);
  ASSERT_TRUE(flow.result);
  // thousand won an hour; the second formulation gives 2640726.9134
  expect_share(flow.plan().cost_usd, 2640726.9134, 1e-6, "KPG 193");
  double load = 0;
  for (const Demand& demand : flow.compiled.model->demands) load += flow.compiled.model->at(demand.quantity, 0);
  for (const Process& process : flow.compiled.model->processes) {
    if (process.kind == "feed_in") load -= flow.compiled.model->at(process.upper, 0);
  }
  EXPECT_NEAR(load, 66135, 1);
  EXPECT_EQ(flow.compiled.model->places.size(), 193U);
  EXPECT_GT(flow.compiled.model->places[0].latitude, 33);
}

}  // namespace
}  // namespace beltline
