#include "import/matpower.h"

#include <cmath>
#include <numbers>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "import/matpower_case.h"
#include "import/matpower_network.h"
#include "import/matpower_script.h"

namespace beltline::matpower {
namespace {

/// A script's variables and what was wrong with it.
struct Ran {
  Diagnostics diagnostics;
  Script script;

  explicit Ran(std::string_view text) {
    Reader reader(text, 0, diagnostics);
    script = run_script(reader);
  }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
    const auto found = script.variables.find(name);
    return found == script.variables.end() ? std::vector<double>() : found->second.numbers;
  }
};

struct Evaluated {
  const char* text;
  std::vector<double> numbers;
};

void PrintTo(const Evaluated& value, std::ostream* out) {
  *out << value.text;
}

class Expression : public testing::TestWithParam<Evaluated> {};

TEST_P(Expression, HasItsValue) {
  const Ran ran(std::string("x = ") + GetParam().text);
  EXPECT_TRUE(ran.diagnostics.all().empty()) << ran.diagnostics.all().front().message;
  const auto numbers = ran.numbers("x");
  ASSERT_EQ(numbers.size(), GetParam().numbers.size());
  for (std::size_t k = 0; k < numbers.size(); ++k) EXPECT_DOUBLE_EQ(numbers[k], GetParam().numbers[k]);
}

INSTANTIATE_TEST_SUITE_P(
    All, Expression,
    testing::Values(Evaluated{"1/3;", {1.0 / 3}}, Evaluated{"345e3", {345000}}, Evaluated{"1d-3;", {0.001}},
                    Evaluated{"-2^2", {-4}}, Evaluated{"2^-1;", {0.5}}, Evaluated{"2^3^2;", {64}},
                    Evaluated{"1./4;", {0.25}}, Evaluated{"(1 + 2) * 3 - 4/2;", {7}}, Evaluated{".5 + 1.;", {1.5}},
                    Evaluated{"1e400;", {HUGE_VAL}}, Evaluated{"-Inf;", {-HUGE_VAL}},
                    Evaluated{"[1 -2 - 3, +4; 5 6 -7];", {1, -5, 4, 5, 6, -7}},
                    Evaluated{"[1, 2 % first\n 3, 4 ];", {1, 2, 3, 4}}, Evaluated{"[1 2 ... goes on\n 3];", {1, 2, 3}},
                    Evaluated{"[1;2;3]';", {1, 2, 3}}, Evaluated{"[1 2\r\n 3 4]\r\n", {1, 2, 3, 4}},
                    Evaluated{"[pi*2 (3 + 1) sqrt(16)];", {2 * std::numbers::pi, 4, 4}}, Evaluated{"1:3;", {1, 2, 3}},
                    Evaluated{"0:0.1:0.3;", {0, 0.1, 0.2, 0.1 * 3}}, Evaluated{"[1 2; 3 4] * [1; 1];", {3, 7}},
                    Evaluated{"[1 2; 3 4] .* [10 20];", {10, 40, 30, 80}}, Evaluated{"sum([1 2; 3 4]);", {4, 6}},
                    Evaluated{"max([1 9; 7 3], 5);", {5, 9, 7, 5}}, Evaluated{"find([0 3 0 1]);", {2, 4}},
                    Evaluated{"[1 2 3] >= 2;", {0, 1, 1}}, Evaluated{"~[1 0];", {0, 1}},
                    Evaluated{"size(zeros(2, 5));", {2, 5}}, Evaluated{"[];", {}}, Evaluated{"[1,2,3,];", {1, 2, 3}}),
    [](const auto& instance) { return "case" + std::to_string(instance.index); });

TEST(Script, ChangesPartsOfTables) {
  const Ran ran(
      "function mpc = case2\nmpc.branch = [\n 1 2 10 20; %{ no block\n 2 3 30 40;\n];\n%{\nmpc.branch = 7;\n%}\n"
      "[F_BUS, T_BUS, BR_R, BR_X] = idx_brch;\nVbase = 10; Sbase = 2e6;\n"
      "mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / 50);\n"
      "mpc.branch(end + 1, :) = [4 5 6 7];\nmpc.branch(1, :) = [];\nmpc.branch(2, 1) = mpc.branch(end, 1) * 2;\n"
      "mpc.gen = mpc.branch(mpc.branch(:, 1) > 2, :);\n");
  EXPECT_FALSE(ran.diagnostics.has_errors()) << ran.diagnostics.all().front().message;
  EXPECT_EQ(ran.script.function, "case2");
  EXPECT_EQ(ran.numbers("mpc.branch"), (std::vector<double>{2, 3, 15, 20, 8, 5, 6, 7}));
  EXPECT_EQ(ran.numbers("mpc.gen"), (std::vector<double>{8, 5, 6, 7}));
}

TEST(Script, TakesTheBranchWhoseConditionHolds) {
  const Ran ran(
      "x = 1;\nif nargout == 0\n  a = b(c{1}(end), ']');\n  if 1, d = 1; end\n  save(fullfile(e, [f '.mat']), 'g');\n"
      "elseif x > 2\n  x = 5;\nelse\n  if x == 1 y = 7; end\n  x = 3;\nend\nz = 2;\n");
  EXPECT_TRUE(ran.diagnostics.all().empty()) << ran.diagnostics.all().front().message;
  EXPECT_EQ(ran.numbers("x"), (std::vector<double>{3}));
  EXPECT_EQ(ran.numbers("y"), (std::vector<double>{7}));
  EXPECT_EQ(ran.numbers("z"), (std::vector<double>{2}));
}

TEST(Script, KnowsColumnsByName) {
  const Ran ran("define_constants;\nc = idx_dcline;\nx = [PD BR_STATUS PMIN COST c.LOSS1];\n");
  EXPECT_EQ(ran.numbers("x"), (std::vector<double>{3, 11, 10, 5, 17}));
}

struct Faulty {
  const char* text;
  uint32_t line;
  uint32_t column;
  const char* found;
};

void PrintTo(const Faulty& value, std::ostream* out) {
  *out << value.text;
}

class ScriptFault : public testing::TestWithParam<Faulty> {};

TEST_P(ScriptFault, IsToldWithItsPlace) {
  const Ran ran(GetParam().text);
  ASSERT_FALSE(ran.diagnostics.all().empty());
  const Diagnostic& first = ran.diagnostics.all().front();
  EXPECT_EQ(first.origin.line, GetParam().line) << first.message;
  EXPECT_EQ(first.origin.column, GetParam().column) << first.message;
  EXPECT_EQ(first.found, GetParam().found) << first.message;
  EXPECT_NE(first.expected, "") << first.message;
  expect_told_in_full(ran.diagnostics);
}

INSTANTIATE_TEST_SUITE_P(
    All, ScriptFault,
    testing::Values(Faulty{"mpc.bus = [1 2\n 3 4 5];", 2, 2, "3 values"},
                    Faulty{"mpc.bus = [1 2; 3 x4];", 1, 19, "'x4'"}, Faulty{"a = 1;\nb = a + ;", 2, 9, "';'"},
                    Faulty{"mpc.bus = [1 2\nmpc.gen = 3;", 1, 11, "'mpc.gen'"}, Faulty{"a = (1 + 2;", 1, 11, "';'"},
                    Faulty{"a = 'text\n", 1, 5, ""}, Faulty{"a = [1 2](3", 1, 10, "'('"},
                    Faulty{"for k = 1:3\n a = k;\nend", 1, 1, "'for'"}, Faulty{"a = foo(3);", 1, 5, "'foo'"},
                    Faulty{"a = [1 2 3];\nb = a(4);", 2, 5, "4"}, Faulty{"a = 1:3;\na(0) = 1;", 2, 8, "0"},
                    Faulty{"mpc = loadcase('x');", 1, 7, "'loadcase'"}, Faulty{"a = 12abc;", 1, 5, "'12abc'"},
                    Faulty{"a = [1 2; 3 4] / [1 2];", 1, 16, "a 2 by 2 matrix and a 1 by 2 matrix"},
                    Faulty{"x = zeros(1e8, 1e8);", 1, 5, ""}, Faulty{"a = [1 2", 1, 5, "the end of the file"},
                    Faulty{"$", 1, 1, "'$'"}),
    [](const auto& instance) { return "case" + std::to_string(instance.index); });

TEST(Script, TellsAllFaultsOfATable) {
  const Ran ran("mpc.bus = [\n 1 2 q;\n r 2 3;\n 1 s 3;\n];\nmpc.gen = [1 2; 3];\nx = t;\n");
  EXPECT_EQ(ran.diagnostics.error_count(), 5U);
}

TEST(Script, DoesNotRunAwayWithNestingOrGrowth) {
  std::string deep = "a = ";
  for (int k = 0; k < 5000; ++k) deep += "(";
  EXPECT_TRUE(Ran(deep).diagnostics.has_errors());
  std::string matrices = "a = " + std::string(5000, '[');
  EXPECT_TRUE(Ran(matrices).diagnostics.has_errors());
  std::string blocks;
  for (int k = 0; k < 5000; ++k) blocks += "if 1\n";
  EXPECT_TRUE(Ran(blocks).diagnostics.has_errors());
  std::string powers = "a = 2" + std::string(3000, '^');
  EXPECT_TRUE(Ran(powers).diagnostics.has_errors());
  std::string doubled = "a = 1:100;\n";
  for (int k = 0; k < 60; ++k) doubled += "a = [a a];\n";
  EXPECT_TRUE(Ran(doubled).diagnostics.has_errors());
}

// Three buses in a ring, with an isolated one.
constexpr const char* kCase = R"(function mpc = case_ring
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
  1 3 0   0 0 0 1 1 0 230 1 1.1 0.9;
  2 1 50  0 5 0 1 1 0 230 1 1.1 0.9;
  3 1 -20 0 0 0 1 1 0 230 1 1.1 0.9;
  9 4 70  0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
  1 0 0 0 0 1 100 1 200 10;
  9 0 0 0 0 1 100 1 200 10;
  2 0 0 0 0 1 100 0 200 10;
  3 0 0 0 0 1 100 1 0 -30;
];
mpc.branch = [
  1 2 0.1 0.2 0 60 0 0 0.5 3 1 -10 2;
  2 3 0   0.2 0 0  0 0 0   0  1 0 0;
  1 3 0   0.2 0 40 0 0 0   0  0 0 0;
  3 9 0   0.2 0 40 0 0 0   0  1 0 0;
];
mpc.gencost = [
  2 0 0 3 0.01 20 100 0;
  2 0 0 3 0.01 20 100 0;
  2 0 0 4 1 0.01 20 100;
  1 0 0 2 -30 -600 0 0;
];
mpc.dcline = [
  1 3 1 0 0 0 0 1 1 -10 20 0 0 0 0 1 0.1;
];
)";

struct Made {
  Diagnostics diagnostics;
  std::optional<Network> network;

  explicit Made(std::string_view text, Convention convention = Convention::matpower) {
    Reader reader(text, 0, diagnostics);
    const auto found = read_case(reader, run_script(reader));
    if (found) network = make_network(reader, *found, convention);
  }
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Network, HoldsWhatIsInService) {
  const Made made(kCase);
  ASSERT_TRUE(made.network) << made.diagnostics.all().front().message;
  const Network& network = *made.network;
  ASSERT_EQ(network.buses.size(), 3U);
  EXPECT_EQ(network.buses[1].load_mw, 55);  // Pd + Gs
  ASSERT_EQ(network.generators.size(), 2U);
  EXPECT_EQ(network.generators[1].lower_mw, -30);
  EXPECT_EQ(network.generators[1].cost.linear, 20);
  ASSERT_EQ(network.branches.size(), 2U);
  ASSERT_EQ(network.dc_lines.size(), 1U);
}

TEST(Network, CountsTapsAndShiftsOrNot) {
  const Made made(kCase);
  const Branch& branch = made.network->branches[0];
  EXPECT_DOUBLE_EQ(branch.reactance, 0.2 * 0.5 / 100);
  EXPECT_DOUBLE_EQ(branch.shift_rad, std::numbers::pi / 60);
  // −10° and 2° over the branch, 3° shifted: flows of −13°, beyond the rating, and −1°
  EXPECT_NEAR(branch.lower_mw, -60, 1e-9);
  EXPECT_NEAR(branch.upper_mw, -std::numbers::pi / 180 / 0.001, 1e-9);
  const Made other(kCase, Convention::pglib);
  const Branch& plain = other.network->branches[0];
  EXPECT_DOUBLE_EQ(plain.reactance, 0.05 / 0.2 / 100);
  EXPECT_EQ(plain.shift_rad, 0);
  EXPECT_NEAR(plain.upper_mw, 2 * std::numbers::pi / 180 / 0.0025, 1e-9);
  EXPECT_TRUE(std::isinf(other.network->branches[1].upper_mw));
}

TEST(Network, LimitsDcLinesAtTheEndThatTheSignNames) {
  const DcLine line = Made(kCase).network->dc_lines[0];
  EXPECT_EQ(line.upper_mw, 20);
  // at the other end: 0.9 f − 1 ≥ −10
  EXPECT_DOUBLE_EQ(line.lower_mw, -10);
  EXPECT_EQ(line.loss_mw, 1);
  EXPECT_EQ(line.loss_share, 0.1);
}

TEST(Network, CutsPiecesToTheLimits) {
  const auto piecewise = [](std::string_view limits, std::string_view points) {
    return replaced(replaced(kCase, "1 0 0 0 0 1 100 1 200 10", limits), "2 0 0 3 0.01 20 100 0;\n  2",
                    std::string(points) + ";\n  2");
  };
  const Made made(replaced(replaced(piecewise("1 0 0 0 0 1 100 1 200 10", "1 0 0 3 0 5 50 55 150 355"),
                                    "2 0 0 3 0.01 20 100 0;", "2 0 0 3 0.01 20 100 0 0 0;"),
                           "2 0 0 4 1 0.01 20 100;\n  1 0 0 2 -30 -600 0 0;",
                           "2 0 0 4 1 0.01 20 100 0 0;\n  1 0 0 2 -30 -600 0 0 0 0;"));
  ASSERT_TRUE(made.network) << made.diagnostics.all().front().message;
  const Cost& cost = made.network->generators[0].cost;
  EXPECT_DOUBLE_EQ(cost.constant, 15);  // at 10 MW
  ASSERT_EQ(cost.pieces.size(), 2U);
  EXPECT_DOUBLE_EQ(cost.pieces[0].width_mw, 40);
  EXPECT_DOUBLE_EQ(cost.pieces[0].slope, 1);
  EXPECT_DOUBLE_EQ(cost.pieces[1].width_mw, 150);  // beyond the last point too
  EXPECT_DOUBLE_EQ(cost.pieces[1].slope, 3);
}

struct CaseFault {
  const char* from;
  const char* to;
  const char* message;
  uint32_t line;
};

void PrintTo(const CaseFault& value, std::ostream* out) {
  *out << value.message;
}

class NetworkFault : public testing::TestWithParam<CaseFault> {};

TEST_P(NetworkFault, IsToldWithItsPlace) {
  const Made made(replaced(kCase, GetParam().from, GetParam().to));
  ASSERT_FALSE(made.diagnostics.all().empty());
  const Diagnostic& first = made.diagnostics.all().front();
  EXPECT_EQ(first.message, GetParam().message);
  EXPECT_EQ(first.origin.line, GetParam().line);
  EXPECT_NE(first.expected, "");
  EXPECT_EQ(made.network.has_value(), first.severity == Severity::warning);
  expect_told_in_full(made.diagnostics);
}

INSTANTIATE_TEST_SUITE_P(
    All, NetworkFault,
    testing::Values(
        CaseFault{"9 4 70", "1 1 70", "two buses have the number 1", 8},
        CaseFault{"2 3 0   0.2", "2 7 0   0.2", "there is no bus 7", 18},
        CaseFault{"2 3 0   0.2", "2 3 0   0", "a branch has no reactance", 18},
        CaseFault{"2 3 0   0.2", "2 2 0   0.2", "a branch ends where it starts", 18},
        CaseFault{"2 1 50 ", "2 1 NaN", "a number of the case is not finite, or too large", 6},
        CaseFault{"1 200 10;\n  9", "1 5 10;\n  9", "a generator has limits that contradict each other", 11},
        CaseFault{"2 0 0 3 0.01 20 100 0;", "2 0 0 4 1 0.01 20 100;", "a cost is a polynomial of degree 3", 23},
        CaseFault{"2 0 0 3 0.01", "2 0 0 3 -0.01", "a quadratic cost is not convex", 23},
        CaseFault{"2 0 0 3 0.01", "3 0 0 3 0.01", "a cost has a model that is not known", 23},
        CaseFault{"2 0 0 3 0.01", "2 0 0 9 0.01", "a cost has a count that does not fit its row", 23},
        CaseFault{"1 0 0 2 -30 -600 0 0", "1 0 0 2 0 -600 0 0", "the points of a cost do not rise", 26},
        CaseFault{"mpc.baseMVA = 100", "mpc.baseMVA = 0", "mpc.baseMVA is no power", 3},
        CaseFault{"mpc.baseMVA = 100;", "", "the case has no mpc.baseMVA", 1},
        CaseFault{"0 0 0 1 0.1;", "0 0 0 1 1.5;", "a DC line loses all that it carries", 29},
        CaseFault{"mpc.dcline", "mpc.storage = [1 2];\nmpc.dcline", "mpc.storage cannot be carried over", 28},
        CaseFault{"mpc.dcline", "mpc.reserves = [1 2];\nmpc.dcline", "mpc.reserves is left out", 28},
        CaseFault{"60 0 0 0.5", "-60 0 0 0.5", "a branch has a negative rating", 17},
        CaseFault{"  9 0 0 0 0 1 100 1 200 10;\n", "", "mpc.gencost and mpc.gen differ in their rows", 21}),
    [](const auto& instance) { return "case" + std::to_string(instance.index); });

TEST(Network, TellsSeveralFaultsAtOnce) {
  const Made made(replaced(replaced(kCase, "2 3 0   0.2", "2 7 0   0.2"), "2 1 50 ", "2 1 NaN"));
  EXPECT_EQ(made.diagnostics.error_count(), 2U);
}

TEST(Network, ReadsVersionOne) {
  const Made made(
      "function [baseMVA, bus, gen, branch, areas, gencost] = old\nbaseMVA = 10;\nbus = [1 3 0 0 0; 2 1 5 0 0];\n"
      "gen = [1 0 0 0 0 1 100 1 20 0];\nbranch = [1 2 0 0.1 0 0 0 0 0 0 1];\nareas = [1 1];\ngencost = [2 0 0 2 3 "
      "1];\n");
  ASSERT_TRUE(made.network) << made.diagnostics.all().front().message;
  EXPECT_EQ(made.network->base_mva, 10);
  EXPECT_EQ(made.network->generators[0].cost.linear, 3);
}

}  // namespace
}  // namespace beltline::matpower
