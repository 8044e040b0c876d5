#include "table/run_folder.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "table/example_table.h"
#include "table/files.h"
#include "table/swap.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunContents example_run(int generation = 1) {
  Table sites = example_table(3);
  sites.name = "sites";
  return {.manifest_json = "{\"generation\": " + std::to_string(generation) + "}",
          .tables = {sites, example_table(300)},
          .texts = {{"summary.txt", "generation " + std::to_string(generation) + "\n"}},
          .scenario = {{"scenario.toml", "[calendar]\n"}, {"data/prices/2026.csv", "a,b\n1,2\n"}}};
}

TEST(RunFolder, ReadsBackWhatItWrote) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "deep" / "er" / "run";
  ASSERT_TRUE(write_run(folder, example_run()));
  EXPECT_THAT(names_in(folder), ElementsAre("manifest.json", "scenario", "summary.txt", "tables"));
  EXPECT_THAT(names_in(folder.parent_path()), ElementsAre("run"));
  const auto manifest = nlohmann::json::parse(verify_run(folder).value());
  EXPECT_EQ(manifest["generation"], 1);
  EXPECT_EQ(manifest["format"], "beltline-run-1");
  EXPECT_EQ(manifest["files"].size(), 5u);
  EXPECT_THAT(table_names(folder).value(), ElementsAre("build", "sites"));
  EXPECT_TRUE(same_table(read_run_table(folder, "build").value(), example_table(300)));
  EXPECT_EQ(read_file(folder / "summary.txt").value(), "generation 1\n");
  EXPECT_EQ(read_run_file(folder, "summary.txt").value(), "generation 1\n");
  EXPECT_EQ(read_run_file(folder, "scenario/data/prices/2026.csv").value(), "a,b\n1,2\n");
  EXPECT_FALSE(read_run_file(folder, "scenario/data/prices/2027.csv"));
  EXPECT_FALSE(read_run_file(folder, "scenario/../manifest.json"));
}

TEST(RunFolder, AScenarioThatAnotherReplacesGoesWithItsFolders) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "run";
  ASSERT_TRUE(write_run(folder, example_run()));
  RunContents second = example_run(2);
  second.scenario.pop_back();
  ASSERT_TRUE(write_run(folder, second));
  EXPECT_THAT(names_in(folder / "scenario"), ElementsAre("scenario.toml"));
  // a file that no run wrote keeps the folder from being replaced, however deep it lies
  ASSERT_TRUE(write_run(folder, example_run(3)));
  std::ofstream(folder / "scenario/data/prices/mine.csv") << "1\n";
  const auto refused = write_run(folder, example_run(4));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("scenario/data/prices/mine.csv"));
  EXPECT_EQ(nlohmann::json::parse(verify_run(folder).value())["generation"], 3);
}

TEST(RunFolder, TakesABareNameInTheFolderItIsCalledFrom) {
  const ScratchFolder scratch;
  const fs::path before = fs::current_path();
  fs::current_path(scratch.path());
  const auto written = write_run("run", example_run());
  fs::current_path(before);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_TRUE(verify_run(scratch.path() / "run"));
}

TEST(RunFolder, SameRunGivesTheSameBytes) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_run(scratch.path() / "a", example_run()));
  ASSERT_TRUE(write_run(scratch.path() / "b", example_run()));
  for (const char* file : {"manifest.json", "summary.txt", "tables/build.parquet", "tables/sites.parquet"}) {
    EXPECT_EQ(read_file(scratch.path() / "a" / file).value(), read_file(scratch.path() / "b" / file).value()) << file;
  }
}

TEST(RunFolder, ReplacesAnOlderRunAndAnEmptyFolder) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "run";
  fs::create_directory(folder);
  ASSERT_TRUE(write_run(folder, example_run(1)));
  RunContents second = example_run(2);
  second.tables.pop_back();
  ASSERT_TRUE(write_run(folder / "", second));  // "run/" names the same folder
  EXPECT_EQ(nlohmann::json::parse(verify_run(folder).value())["generation"], 2);
  EXPECT_THAT(names_in(folder / "tables"), ElementsAre("sites.parquet"));
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("run"));
}

TEST(RunFolder, ThroughALinkTheFolderBehindItIsReplaced) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_run(scratch.path() / "real", example_run(1)));
  fs::create_directory_symlink("real", scratch.path() / "link");
  ASSERT_TRUE(write_run(scratch.path() / "link", example_run(2)));
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "link"));
  EXPECT_EQ(nlohmann::json::parse(verify_run(scratch.path() / "real").value())["generation"], 2);
}

// What lies at the target and is no run of ours must survive.
TEST(RunFolder, OtherPeoplesFoldersAreLeftAlone) {
  const ScratchFolder scratch;
  const fs::path target = scratch.path() / "target";
  const struct {
    const char* what;
    std::vector<std::pair<const char*, const char*>> files;
    bool over_a_run;
    const char* message;
  } cases[] = {
      {"someone's notes", {{"notes.txt", "x"}}, false, "is not a run folder"},
      {"another program's manifest", {{"manifest.json", "{\"name\": \"extension\"}"}}, false, "is not a run folder"},
      {"a damaged manifest", {{"manifest.json", "{"}}, true, "is not a run folder"},
      {"notes in a run", {{"notes.txt", "x"}}, true, "holds 'notes.txt', which its run did not write"},
      {"notes among the tables", {{"tables/notes.txt", "x"}}, true, "holds 'tables/notes.txt'"},
  };
  for (const auto& [what, files, over_a_run, message] : cases) {
    fs::remove_all(target);
    if (over_a_run) {
      ASSERT_TRUE(write_run(target, example_run()));
    }
    fs::create_directory(target);
    for (const auto& [name, text] : files) ASSERT_TRUE(write_file_atomically(target / name, text));
    const auto written = write_run(target, example_run(2));
    ASSERT_FALSE(written) << what;
    EXPECT_THAT(written.error().message, HasSubstr(message)) << what;
    for (const auto& [name, text] : files) EXPECT_EQ(read_file(target / name).value(), text) << what;
    EXPECT_THAT(names_in(scratch.path()), ElementsAre("target")) << what;
  }
}

TEST(RunFolder, AFileOrADanglingLinkInPlaceOfTheFolderIsAFailure) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_file_atomically(scratch.path() / "file", "x"));
  fs::create_symlink("nowhere", scratch.path() / "link");
  EXPECT_THAT(write_run(scratch.path() / "file", example_run()).error().message, HasSubstr("is not a folder"));
  EXPECT_FALSE(write_run(scratch.path() / "file" / "run", example_run()));
  EXPECT_FALSE(write_run("/", example_run()));
  EXPECT_FALSE(write_run("/proc/run", example_run()));
  EXPECT_EQ(read_file(scratch.path() / "file").value(), "x");
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "link"));
}

TEST(RunFolder, UnsafeOrRepeatedNamesAreFailures) {
  const ScratchFolder scratch;
  for (const char* name : {"", ".", "..", "../x", "a/b", "-x", "a b", "평택", "a\n"}) {
    RunContents contents = example_run();
    contents.tables[0].name = name;
    EXPECT_THAT(write_run(scratch.path() / "run", contents).error().message, HasSubstr("cannot be a file's name"))
        << name;
    contents = example_run();
    contents.texts[0].first = name;
    EXPECT_FALSE(write_run(scratch.path() / "run", contents)) << name;
  }
  for (const char* name : {"manifest.json", "tables", "scenario", "twice"}) {
    RunContents contents = example_run();
    contents.texts = {{"twice", ""}, {name, ""}};
    EXPECT_THAT(write_run(scratch.path() / "run", contents).error().message, HasSubstr("two files")) << name;
  }
  for (const char* path : {"", "..", "../x", "a/../b", "/a", "a//b", "a/", "-x", "a b", "평택", ".git/config"}) {
    RunContents contents = example_run();
    contents.scenario[0].first = path;
    EXPECT_THAT(write_run(scratch.path() / "run", contents).error().message, HasSubstr("cannot be a file's path"))
        << path;
  }
  for (const char* path : {"data", "data/prices", "data/prices/2026.csv"}) {
    RunContents contents = example_run();
    contents.scenario[0].first = path;
    EXPECT_THAT(write_run(scratch.path() / "run", contents).error().message, HasSubstr("two files")) << path;
  }
  RunContents contents = example_run();
  contents.tables[1].name = "sites";
  EXPECT_THAT(write_run(scratch.path() / "run", contents).error().message, HasSubstr("two files 'sites'"));
  EXPECT_TRUE(names_in(scratch.path()).empty());
}

TEST(RunFolder, AManifestThatIsNoObjectIsABugThatLeavesNothing) {
  const ScratchFolder scratch;
  RunContents contents = example_run();
  contents.manifest_json = "[]";
  EXPECT_THROW(static_cast<void>(write_run(scratch.path() / "run", contents)), Bug);
  EXPECT_TRUE(names_in(scratch.path()).empty());
}

TEST(RunFolder, WhatIsNoRunOrLacksAPartIsAFailure) {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "run";
  EXPECT_FALSE(verify_run(folder));
  EXPECT_FALSE(table_names(folder));
  EXPECT_FALSE(read_run_table(folder, "build"));
  ASSERT_TRUE(write_run(folder, example_run()));
  EXPECT_THAT(read_run_table(folder, "none").error().message, HasSubstr("has no 'tables/none.parquet'"));
  EXPECT_FALSE(read_run_table(folder, "../run/tables/build"));
  fs::remove(folder / "tables" / "sites.parquet");
  EXPECT_THAT(verify_run(folder).error().message, HasSubstr("sites.parquet"));
  EXPECT_TRUE(read_run_table(folder, "build"));
  fs::resize_file(folder / "tables" / "build.parquet", 100);
  EXPECT_THAT(read_run_table(folder, "build").error().message, HasSubstr("has 100 bytes"));
}

// Every byte of every file is covered: tables and texts by the SHA-256 in the manifest, the manifest by its own. (What
// the page checksums inside the Parquet files cover is Parquet.PageChecksumsAloneCoverThePages.)
TEST(RunFolder, FlippedBitInAnyFileIsAFailure) {
  const ScratchFolder scratch(memory_folder());
  const fs::path folder = scratch.path() / "run";
  ASSERT_TRUE(write_run(folder, example_run()));
  for (const char* file : {"manifest.json", "summary.txt", "tables/build.parquet", "tables/sites.parquet",
                           "scenario/scenario.toml", "scenario/data/prices/2026.csv"}) {
    const std::string bytes = read_file(folder / file).value();
    for (uint32_t i = 0; i < 300; ++i) {
      std::string flipped = bytes;
      const std::size_t bit = draw(31, i, bytes.size() * 8);
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      std::ofstream(folder / file, std::ios::binary | std::ios::trunc) << flipped;
      EXPECT_FALSE(verify_run(folder)) << file << " bit " << bit;
      if (std::string_view(file) == "tables/build.parquet") {
        EXPECT_FALSE(read_run_table(folder, "build")) << bit;
      }
    }
    std::ofstream(folder / file, std::ios::binary | std::ios::trunc) << bytes;
    ASSERT_TRUE(verify_run(folder));
  }
}

TEST(RunFolder, AFullDiskLeavesTheOldRun) {
  const ScratchFolder scratch;
  if (mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=256k") != 0)
    GTEST_SKIP() << "may not mount a small disk";
  const fs::path folder = scratch.path() / "run";
  const auto first = write_run(folder, example_run(1));
  RunContents large = example_run(2);
  large.texts.emplace_back("large.txt", std::string(1 << 20, 'x'));
  const auto second = write_run(folder, large);
  const auto manifest = verify_run(folder);
  const auto names = names_in(scratch.path());
  umount(scratch.path().c_str());
  ASSERT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("No space left on device"));
  EXPECT_EQ(nlohmann::json::parse(manifest.value())["generation"], 1);
  EXPECT_THAT(names, ElementsAre("run"));
}

TEST(Swap, InTwoStepsWhereTheFileSystemCannotExchange) {
  const ScratchFolder scratch;
  const fs::path target = scratch.path() / "run";
  for (const char* name : {"first", "second"}) {
    const fs::path partial = scratch.path() / "partial";
    fs::create_directories(partial / name);
    ASSERT_TRUE(swap_in_two_steps(partial, target));
    EXPECT_THAT(names_in(target), ElementsAre(name));
  }
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("run"));
  EXPECT_FALSE(swap_in_two_steps(scratch.path() / "none", target));
  EXPECT_THAT(names_in(target), ElementsAre("second"));  // put back
}

TEST(Swap, WhatTheCheckRefusesIsGivenBack) {
  const ScratchFolder scratch;
  fs::create_directories(scratch.path() / "partial" / "new");
  fs::create_directories(scratch.path() / "target" / "precious");
  const auto refuse = [](const fs::path& found) -> Outcome<void> { return failure(names_in(found).front()); };
  EXPECT_EQ(swap_in(scratch.path() / "partial", scratch.path() / "target", refuse).error().message, "precious");
  EXPECT_THAT(names_in(scratch.path() / "target"), ElementsAre("precious"));
  EXPECT_THAT(names_in(scratch.path() / "partial"), ElementsAre("new"));
}

}  // namespace
}  // namespace beltline
