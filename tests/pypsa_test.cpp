// PyPSA networks, imported and planned: each has the optimum that PyPSA finds.
#include "import/pypsa.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/pypsa_source.h"
#include "lp/solver.h"
#include "run/export.h"
#include "run/pipeline.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr double kRelative = 1e-6;

const fs::path kCases = fs::path(BELTLINE_SOURCE_DIR) / "tests/cases/pypsa";
const fs::path kPublished = fs::path(BELTLINE_SOURCE_DIR) / "../shared/validation/planning/pypsa";

struct Planned {
  Compiled compiled;
  Plan plan;

  [[nodiscard]] double activity(std::string_view name, int s) const {
    const auto& all = compiled.model->processes;
    const auto found = std::ranges::find(all, name, &Process::name);
    return plan.activity.at(static_cast<std::size_t>(found - all.begin()), 0, s);
  }
};

std::vector<SourceFile> files_of(const fs::path& source) {
  Imported imported = import_pypsa(source, {});
  EXPECT_FALSE(imported.diagnostics.has_errors()) << render(imported.diagnostics, imported.files);
  return imported.draft ? imported.draft->files() : std::vector<SourceFile>{};
}

Planned planned(const fs::path& source) {
  Planned out{.compiled = compile_texts(files_of(source), {}), .plan = {}};
  EXPECT_TRUE(out.compiled.model) << render(out.compiled.diagnostics, out.compiled.files);
  if (!out.compiled.model) return out;
  auto plan = make_plan(*out.compiled.model, {.mip_gap_max = 1e-9});
  EXPECT_TRUE(plan);
  if (plan) out.plan = std::move(*plan);
  EXPECT_EQ(out.plan.termination, Termination::optimal) << out.plan.detail;
  EXPECT_TRUE(out.plan.verified) << out.plan.detail;
  return out;
}

void expect_objective(const Planned& planned, double wanted) {
  EXPECT_NEAR(planned.plan.cost_usd, wanted, kRelative * std::max(1.0, std::abs(wanted)));
}

double objective_in(const fs::path& file) {
  double value = 0;
  std::ifstream(file) >> value;
  return value;
}

class PypsaCase : public testing::TestWithParam<std::string> {};

TEST_P(PypsaCase, HasTheOptimumOfPypsa) {
  const fs::path folder = kCases / GetParam();
  expect_objective(planned(folder), objective_in(folder / "objective.txt"));
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Pypsa, PypsaCase, testing::ValuesIn(cases()), [](const auto& tested) { return tested.param; });

TEST(Pypsa, NetcdfSaysTheSameAsTheFolder) {
  for (const std::string name : {"links", "storage"}) {
    expect_objective(planned(kCases / (name + ".nc")), objective_in(kCases / name / "objective.txt"));
  }
}

// objectives of PyPSA's own tests of unit commitment
TEST(Pypsa, PublishedUnitCommitment) {
  expect_objective(planned(kCases / "start_up_costs"), 359000);
  expect_objective(planned(kCases / "shut_down_costs"), 358000);
  expect_objective(planned(kCases / "link_commitment"), 267333);
}

/// A table of results: [column][row].
std::map<std::string, std::vector<double>> results(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::vector<std::string> titles;
  std::map<std::string, std::vector<double>> table;
  for (int row = 0; std::getline(in, line); ++row) {
    std::istringstream cells(line);
    std::string cell;
    for (std::size_t column = 0; std::getline(cells, cell, ','); ++column) {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      if (row == 0)
        titles.push_back(cell);
      else
        table[titles[column]].push_back(pypsa::number_of(cell).value_or(NAN));
    }
  }
  return table;
}

/// p_nom_opt or s_nom_opt of a table of components, by name.
std::map<std::string, double> best_sizes(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::size_t at = 0;
  std::map<std::string, double> sizes;
  for (int row = 0; std::getline(in, line); ++row) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (row > 0) {
      sizes[cells.at(0)] = pypsa::number_of(cells.at(at)).value();
      continue;
    }
    at = static_cast<std::size_t>(
        std::ranges::find_if(cells, [](const std::string& title) { return title.ends_with("_nom_opt"); }) -
        cells.begin());
  }
  EXPECT_FALSE(sizes.empty()) << file;
  return sizes;
}

TEST(Pypsa, PublishedMeshedNetworkOfBothCurrents) {
  const fs::path source = kPublished / "ac-dc-meshed";
  const fs::path expected = kPublished / "ac-dc-meshed-expected/data/ac-dc-meshed/results-lopf";
  if (!fs::exists(source)) GTEST_SKIP() << "no " << source;
  const Planned p = planned(source);
  expect_objective(p, -3474256.04055);
  const Model& m = *p.compiled.model;
  // titles have the names of PyPSA's components
  const auto check = [&](const std::string& file, std::string_view kind, auto value) {
    const auto table = results(expected / file);
    int found = 0;
    for (std::size_t i = 0; i < m.processes.size(); ++i) {
      for (const auto& [name, wanted] : table) {
        const std::string head = std::string(kind) + " " + name + " ";
        if (name.empty() || !m.processes[i].titles.title.starts_with(head)) continue;
        ++found;
        for (std::size_t s = 0; s < wanted.size(); ++s)
          EXPECT_NEAR(value(i, static_cast<int>(s)), wanted[s], kRelative * std::max(1.0, std::abs(wanted[s])))
              << file << " " << name << " " << s;
      }
    }
    EXPECT_GT(found, 0) << file;
  };
  const auto activity = [&](std::size_t i, int s) { return p.plan.activity.at(i, 0, s); };
  check("generators-p.csv", "generator", activity);
  check("lines-p0.csv", "line", activity);
  check("links-p0.csv", "link", activity);
  const auto prices = results(expected / "buses-marginal_price.csv");
  int found = 0;
  for (std::size_t n = 0; n < m.nodes.size(); ++n) {
    const std::string title = m.places[m.nodes[n].place.index()].titles.title;
    const auto wanted = prices.find(title.substr(title.find(' ') + 1));
    if (wanted == prices.end()) continue;
    ++found;
    for (std::size_t s = 0; s < wanted->second.size(); ++s)
      EXPECT_NEAR(p.plan.node_price.at(n, 0, static_cast<int>(s)), wanted->second[s],
                  kRelative * std::max(1.0, std::abs(wanted->second[s])))
          << title << " " << s;
  }
  EXPECT_EQ(found, 9);
  for (const auto& [kind, file] :
       {std::pair{"generator", "generators.csv"}, {"line", "lines.csv"}, {"link", "links.csv"}}) {
    for (const auto& [name, wanted] : best_sizes(expected / file)) {
      const std::string head = fmt::format("{} {}", kind, name);
      const auto capacity = std::ranges::find_if(
          m.capacities, [&](const Capacity& c) { return (c.titles.title + " ").starts_with(head + " "); });
      ASSERT_NE(capacity, m.capacities.end()) << head;
      const auto k = static_cast<std::size_t>(capacity - m.capacities.begin());
      const double online = m.at(capacity->existing, 0) + p.plan.built.at(k, 0);
      EXPECT_NEAR(online, wanted, kRelative * std::max(1.0, wanted)) << head;
    }
  }
}

TEST(Pypsa, ItsLpAsMpsHasTheSameOptimum) {
  for (const std::string name : {"expansion", "modules", "quadratic", "storage", "unit_commitment"}) {
    const Compiled compiled = compile_texts(files_of(kCases / name), {});
    ASSERT_TRUE(compiled.model) << name;
    const auto text = export_mps(compiled);
    ASSERT_TRUE(text) << name;
    EXPECT_THAT(*text, testing::HasSubstr(" activity.gas_one.0.3 balance.ac@one.0.3 1\n"));
    const fs::path file = fs::path(testing::TempDir()) / ("beltline_" + name + ".mps");
    std::ofstream(file) << *text;
    const auto read = lp::read_problem(file.string());
    ASSERT_TRUE(read) << name;
    const auto solved = lp::solve(read->problem, {.mip_gap_max = 1e-9});
    ASSERT_TRUE(solved) << name;
    const double wanted = objective_in(kCases / name / "objective.txt");
    EXPECT_NEAR(solved->objective, wanted, kRelative * std::abs(wanted)) << name;
    fs::remove(file);
  }
}

/// A small network written on the spot.
fs::path folder_with(const std::map<std::string, std::string>& files) {
  const fs::path folder = fs::path(testing::TempDir()) / "beltline_pypsa_folder";
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto& [name, text] : files) std::ofstream(folder / name) << text;
  return folder;
}

TEST(Pypsa, SaysEverythingThatCannotBeCarriedOverAtOnce) {
  const fs::path folder =
      folder_with({{"buses.csv", "name,carrier\na,AC\nb,AC\n"},
                   {"generators.csv", "name,bus,p_nom,maintainable\ng,nowhere,10,False\nh,a,ten,False\ni,b,5,True\n"},
                   {"stores.csv", "name,bus,e_nom,e_min_pu\nheap,a,5,-1\n"},
                   {"lines.csv", "name,bus0,bus1,type,s_nom\nl,a,b,copper,10\n"},
                   {"global_constraints.csv", "name,type,sense\nlimit,of_my_own,<=\n"},
                   {"loads-p_set.csv", ",x\n0,1\n"}});
  const Imported imported = import_pypsa(folder, {});
  EXPECT_FALSE(imported.draft);
  const std::string told = render(imported.diagnostics, imported.files);
  for (const char* const part :
       {"bus of generator 'g' is no bus", "p_nom of 'h' is 'ten'",
        "maintainable of generator 'i' cannot be carried over", "e_min_pu of store 'heap' cannot be carried over",
        "type of line 'l' cannot be carried over", "type of global constraint 'limit' cannot be carried over",
        "generators.csv:2:3", "stores.csv:2:"}) {
    EXPECT_THAT(told, testing::HasSubstr(part));
  }
}

TEST(Pypsa, StochasticNetworksAreRefused) {
  const fs::path folder =
      folder_with({{"buses.csv", "name,carrier\na,AC\n"}, {"scenarios.csv", "scenario,weight\nlow,0.5\nhigh,0.5\n"}});
  const Imported imported = import_pypsa(folder, {});
  EXPECT_FALSE(imported.draft);
  EXPECT_THAT(render(imported.diagnostics, imported.files), testing::HasSubstr("the network is stochastic"));
}

TEST(Pypsa, NamesOfLinesAndGeneratorsNeverMeet) {
  const fs::path folder = folder_with({{"buses.csv", "name,carrier\na,AC\nb,AC\n"},
                                       {"lines.csv", "name,bus0,bus1,x,s_nom\nx,a,b,0.1,50\n"},
                                       {"generators.csv", "name,bus,p_nom,marginal_cost\nline x,a,90,3\nx,a,5,9\n"},
                                       {"loads.csv", "name,bus,p_set\nx,b,40\n"}});
  expect_objective(planned(folder), 120);
}

TEST(Pypsa, RefusesRowsAndSeriesOfAnotherLength) {
  const fs::path folder = folder_with({{"buses.csv", "name,carrier\na\n"},
                                       {"snapshots.csv", ",snapshot\n0,0\n1,1\n"},
                                       {"loads.csv", "name,bus\nx,a\n"},
                                       {"loads-p_set.csv", ",x\n0,1\n"}});
  const Imported imported = import_pypsa(folder, {});
  const std::string told = render(imported.diagnostics, imported.files);
  EXPECT_THAT(told, testing::HasSubstr("a row of 'buses.csv' has 1 cells"));
  EXPECT_THAT(told, testing::HasSubstr("'loads-p_set.csv' does not have one row for each snapshot"));
}

TEST(Pypsa, WarnsOfAttributesThatItDoesNotKnow) {
  const fs::path folder = folder_with({{"buses.csv", "name,carrier,mood\na,AC,good\n"}});
  const Imported imported = import_pypsa(folder, {});
  EXPECT_TRUE(imported.draft);
  EXPECT_THAT(render(imported.diagnostics, imported.files), testing::HasSubstr("no attribute 'mood'"));
}

TEST(Pypsa, WhatIsNoNetworkIsRefused) {
  const fs::path folder = folder_with({{"a.nc", "no netCDF"}});
  EXPECT_TRUE(import_pypsa(folder / "a.nc", {}).diagnostics.has_errors());
  EXPECT_TRUE(import_pypsa(folder, {}).diagnostics.has_errors());
  EXPECT_TRUE(import_pypsa(folder / "not there", {}).diagnostics.has_errors());
}

}  // namespace
}  // namespace beltline
