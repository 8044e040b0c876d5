// Writers that are killed with SIGKILL, and writers that compete.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "table/example_table.h"
#include "table/files.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using ::testing::ElementsAre;

constexpr int kKillCount = 200;

// A run that says its generation in every file.
RunContents run_of(int64_t generation) {
  RunContents contents{.manifest_json = "{\"generation\": " + std::to_string(generation) + "}"};
  for (const char* name : {"build", "cost", "flow"}) {
    Table table{.name = name};
    table.add_integers("generation", "").values = std::vector<int64_t>(2'000, generation);
    contents.tables.push_back(std::move(table));
  }
  contents.texts.emplace_back("summary.txt", std::to_string(generation));
  contents.scenario.emplace_back("data/prices.csv", std::to_string(generation));
  return contents;
}

// The generation that all of the run is of; nothing where there is no run; a test failure for anything else.
std::optional<int64_t> generation_of(const fs::path& folder) {
  if (!fs::exists(folder)) return std::nullopt;
  const auto manifest = verify_run(folder);
  EXPECT_TRUE(manifest) << manifest.error().message;
  if (!manifest) return std::nullopt;
  const int64_t generation = nlohmann::json::parse(*manifest)["generation"];
  for (const char* name : {"build", "cost", "flow"}) {
    const auto table = read_run_table(folder, name);
    EXPECT_TRUE(table) << table.error().message;
    if (table) {
      EXPECT_EQ(table->column("generation").integers(), std::vector<int64_t>(2'000, generation)) << name;
    }
  }
  EXPECT_EQ(read_file(folder / "summary.txt").value_or(""), std::to_string(generation));
  EXPECT_EQ(read_file(folder / "scenario/data/prices.csv").value_or(""), std::to_string(generation));
  return generation;
}

// A child that writes run after run until it is killed.
pid_t start_writer(const fs::path& folder, int64_t first_generation) {
  const pid_t child = fork();
  if (child != 0) return child;
  for (int64_t generation = first_generation;; ++generation) {
    if (!write_run(folder, run_of(generation))) _exit(1);
  }
}

void kill_and_wait(pid_t child) {
  ASSERT_EQ(kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed before it was killed";
}

Clock::duration write_duration(const fs::path& folder) {
  const auto start = Clock::now();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(write_run(folder, run_of(i)));
  return (Clock::now() - start) / 4;
}

TEST(RunFolderKilled, AtAnyMomentTheTargetIsOneWholeRun) {
  const ScratchFolder scratch(memory_folder());
  const fs::path folder = scratch.path() / "run";
  const auto duration = write_duration(folder);
  int killed_within_a_write = 0;
  int64_t newest = 3;
  for (uint32_t i = 0; i < kKillCount; ++i) {
    const int64_t first = (i + 1) * 1'000'000LL;
    const pid_t child = start_writer(folder, first);
    // over three writes, so that the first, a later one, and the swap and clean-up between them are all hit
    std::this_thread::sleep_for(duration * 3 * uniform01({.seed = 41, .replication = i}));
    kill_and_wait(child);
    killed_within_a_write += names_in(scratch.path()).size() > 1;
    const auto generation = generation_of(folder);
    ASSERT_TRUE(generation) << "the run is gone after kill " << i;
    EXPECT_TRUE(*generation == newest || *generation >= first) << *generation;
    newest = *generation;
  }
  RecordProperty("killed_within_a_write", killed_within_a_write);
  EXPECT_GT(killed_within_a_write, kKillCount / 4);
  // the next writer cleans up after all of them
  ASSERT_TRUE(write_run(folder, run_of(1)));
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("run"));
}

TEST(RunFolderKilled, WithNoRunBeforeThereIsNoneOrAWholeOne) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "run";
  const auto duration = write_duration(folder);
  uint32_t absent = 0, kills = 0;
  // until both were met: later and later where a write takes longer than the ones before
  for (; kills < 40 || (kills < 400 && (absent == 0 || absent == kills)); ++kills) {
    fs::remove_all(folder);
    const pid_t child = start_writer(folder, 7);
    const double share = 2 * uniform01({.seed = 42, .replication = kills}) * (1 + kills / 40);
    std::this_thread::sleep_for(duration * share);
    kill_and_wait(child);
    absent += generation_of(folder).has_value() ? 0 : 1;
  }
  EXPECT_GT(absent, 0U);
  EXPECT_LT(absent, kills);
}

TEST(RunFolderContested, ReadersSeeWholeRunsWhileProcessesAndThreadsWrite) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "run";
  ASSERT_TRUE(write_run(folder, run_of(1)));
  const pid_t first = start_writer(folder, 1'000'000);
  const pid_t second = start_writer(folder, 2'000'000);
  {
    std::vector<std::jthread> threads;
    for (const int64_t start : {3'000'000, 4'000'000}) {
      threads.emplace_back([&, start] {
        for (int64_t i = 0; i < 30; ++i) {
          const auto written = write_run(folder, run_of(start + i));
          EXPECT_TRUE(written) << written.error().message;
        }
      });
    }
    for (int i = 0; i < 60; ++i) {
      const auto manifest = verify_run(folder);
      EXPECT_TRUE(manifest) << manifest.error().message;
      const auto table = read_run_table(folder, "cost");
      ASSERT_TRUE(table) << table.error().message;
      const auto& generations = table->column("generation").integers();
      EXPECT_EQ(generations, std::vector<int64_t>(2'000, generations[0]));
    }
  }
  kill_and_wait(first);
  kill_and_wait(second);
  EXPECT_TRUE(generation_of(folder));
  ASSERT_TRUE(write_run(folder, run_of(1)));
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("run"));
}

}  // namespace
}  // namespace beltline
