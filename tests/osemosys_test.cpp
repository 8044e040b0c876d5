// OSeMOSYS models, imported and planned: the published optima, and models solved with a second formulation.
#include "import/osemosys.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "run/pipeline.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

fs::path published() {
  const char* shared = std::getenv("BELTLINE_SHARED");
  const fs::path base = shared != nullptr ? shared : BELTLINE_SOURCE_DIR "/../shared";
  return base / "validation" / "planning" / "osemosys";
}

/// A model and its plan.
struct Planned {
  Compiled compiled;
  std::optional<Plan> plan;

  [[nodiscard]] double ordered(std::string_view capacity) const {
    double sum = 0;
    for (std::size_t k = 0; k < compiled.model->capacities.size(); ++k) {
      if (compiled.model->capacities[k].name != capacity) continue;
      for (int t = 0; t < compiled.model->period_count(); ++t) sum += plan->order.at(k, t);
    }
    return sum;
  }
  [[nodiscard]] double activity(std::string_view process) const {
    double sum = 0;
    for (std::size_t p = 0; p < compiled.model->processes.size(); ++p) {
      if (compiled.model->processes[p].name != process) continue;
      for (int t = 0; t < compiled.model->period_count(); ++t) sum += plan->activity.at(p, t);
    }
    return sum;
  }
};

Planned planned(const fs::path& source) {
  Planned out;
  const Imported imported = import_osemosys(source, {});
  if (!imported.draft) {
    ADD_FAILURE() << source << ": " << render(imported.diagnostics, imported.files);
    return out;
  }
  out.compiled = compile_texts(imported.draft->files(), {});
  if (!out.compiled.model) {
    ADD_FAILURE() << source << ": " << render(out.compiled.diagnostics, out.compiled.files);
    return out;
  }
  auto result = make_plan(*out.compiled.model, {.mip_gap_max = 1e-9});
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return out;
  }
  EXPECT_EQ(result->termination, Termination::optimal) << source << " " << result->detail;
  EXPECT_TRUE(result->verified) << source;
  out.plan = std::move(*result);
  return out;
}

void expect_near_share(double value, double wanted, double tolerance, const std::string& what) {
  EXPECT_LE(std::abs(value - wanted), tolerance * std::abs(wanted)) << what << ": " << value << ", not " << wanted;
}

TEST(OsemosysPublished, SuperSimpleHasItsCost) {
  const fs::path file = published() / "super_simple_model.txt";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Planned simple = planned(file);
  ASSERT_TRUE(simple.plan);
  RecordProperty("super_simple", std::to_string(simple.plan->cost_usd));
  // the published figure has six decimals
  EXPECT_NEAR(simple.plan->cost_usd, 46.431233, 1e-6 * 46.431233);
}

TEST(OsemosysPublished, UtopiaHasItsCostCapacitiesAndEmissions) {
  const fs::path file = published() / "utopia.txt";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Planned utopia = planned(file);
  ASSERT_TRUE(utopia.plan);
  RecordProperty("utopia", std::to_string(utopia.plan->cost_usd));
  expect_near_share(utopia.plan->cost_usd, 29446.86269, 1e-6, "total discounted cost");
  const std::map<std::string, double> capacities{{"e01", 2.279801},  {"e31", 0.11},     {"rhe", 46.867723},
                                                 {"rho", 46.135248}, {"riv", 97.91928}, {"rl1", 34.30399},
                                                 {"txd", 17.79}};
  for (const auto& [name, total] : capacities) expect_near_share(utopia.ordered(name), total, 1e-5, name);
  expect_near_share(utopia.activity("emit_co2"), 163.516797, 1e-5, "CO2");
  expect_near_share(utopia.activity("emit_nox"), 170.895, 1e-5, "NOX");
}

// Random models solved with GLPK from tests/cases/osemosys/reference.mod, the equations written once more.
TEST(Osemosys, AgreesWithASecondFormulation) {
  const fs::path folder = BELTLINE_SOURCE_DIR "/tests/cases/osemosys";
  std::ifstream expected(folder / "EXPECTED.csv");
  std::string line;
  std::getline(expected, line);
  int count = 0;
  while (std::getline(expected, line)) {
    const std::size_t comma = line.find(',');
    const std::string name = line.substr(0, comma);
    const Planned model = planned(folder / (name + ".txt"));
    ++count;
    if (model.plan) expect_near_share(model.plan->cost_usd, std::stod(line.substr(comma + 1)), 1e-8, name);
  }
  EXPECT_EQ(count, 12);
}

// With a least activity a mode without ratios counts, as it does in the long form; somebody should know.
TEST(Osemosys, WarnsOfIdleModes) {
  const Imported imported = import_osemosys(BELTLINE_SOURCE_DIR "/tests/cases/osemosys/limits_and_idle_modes.txt", {});
  ASSERT_TRUE(imported.draft);
  bool is_told = false;
  for (const Diagnostic& d : imported.diagnostics.all()) {
    EXPECT_EQ(d.severity, Severity::warning);
    is_told = is_told || d.message == "gas in south can run idle in mode 2, which counts for its least activity";
  }
  EXPECT_TRUE(is_told);
}

// The folder that the command writes is read back without a fault, and a second import does not overwrite it.
TEST(Osemosys, IsImportedByTheCommand) {
  const ScratchFolder scratch;
  const std::string source = BELTLINE_SOURCE_DIR "/tests/cases/osemosys/whole_units.txt";
  const std::string target = (scratch.path() / "units").string();
  EXPECT_EQ(run_program({"import", "osemosys", source, "-o", target}).code, 0);
  EXPECT_EQ(run_program({"check", target}).code, 0);
  EXPECT_EQ(run_program({"import", "osemosys", source, "-o", target}).code, 6);
  EXPECT_EQ(run_program({"import", "osemosys", source + "x", "-o", target}).code, 1);
}

}  // namespace
}  // namespace beltline
