#include "table/files.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table/example_table.h"
#include "table/partial.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Files, WhatIsWrittenReadsBack) {
  const ScratchFolder scratch;
  for (const std::string& text :
       {std::string(), std::string("a\0b", 3), std::string(5'000'000, 'x'), std::string("new")}) {
    ASSERT_TRUE(write_file_atomically(scratch.path() / "a.txt", text));
    EXPECT_EQ(read_file(scratch.path() / "a.txt").value(), text);
  }
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("a.txt"));
}

TEST(Files, ReadingStopsAtTheLimit) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a";
  ASSERT_TRUE(write_file_atomically(path, "12345"));
  EXPECT_EQ(read_file(path, 5).value(), "12345");
  EXPECT_THAT(read_file(path, 4).error().message, HasSubstr("more than 4 bytes"));
}

TEST(Files, WhatCannotBeReadIsAFailureThatSaysWhy) {
  const ScratchFolder scratch;
  const fs::path pipe = scratch.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(read_file(scratch.path() / "none").error().message, HasSubstr("No such file"));
  EXPECT_THAT(read_file(scratch.path()).error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(read_file(pipe).error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(read_file("/dev/zero").error().message, HasSubstr("not a regular file"));
  // /proc says that its files are empty
  EXPECT_FALSE(read_file("/proc/self/status").value().empty());
}

TEST(Files, WhatCannotBeWrittenIsAFailureAndChangesNothing) {
  const ScratchFolder scratch;
  fs::create_directory(scratch.path() / "folder");
  EXPECT_THAT(write_file_atomically(scratch.path() / "none" / "a", "x").error().message, HasSubstr("No such file"));
  EXPECT_THAT(write_file_atomically(scratch.path() / "folder", "x").error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(write_file_atomically("/dev/full", "x").error().message, HasSubstr("not a regular file"));
  EXPECT_FALSE(write_file_atomically("", "x"));
  EXPECT_FALSE(write_file_atomically("/", "x"));
  EXPECT_FALSE(write_file_atomically(scratch.path() / std::string(300, 'n'), "x"));
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("folder"));
}

TEST(Files, AFullDeviceIsAFailure) {
  const FileHandle full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full.valid()) GTEST_SKIP() << "no /dev/full here";
  EXPECT_THAT(write_and_sync(full.get(), "x", "/dev/full").error().message, HasSubstr("No space left on device"));
}

// In a child, since the limit could not be taken back: a file may have 1,000 bytes.
TEST(Files, AFileThatCannotGrowLeavesTheOldOneAndNoRubbish) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a";
  ASSERT_TRUE(write_file_atomically(path, "old"));
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1'000, 1'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto written = write_file_atomically(path, std::string(10'000, 'x'));
    _exit(!written && written.error().message.find("File too large") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_file(path).value(), "old");
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("a"));
}

TEST(Files, ALinkStaysALinkToTheNewContent) {
  const ScratchFolder scratch;
  fs::create_directory(scratch.path() / "real");
  ASSERT_TRUE(write_file_atomically(scratch.path() / "real" / "a", "old"));
  fs::create_symlink("real/a", scratch.path() / "link");
  ASSERT_TRUE(write_file_atomically(scratch.path() / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "link"));
  EXPECT_EQ(read_file(scratch.path() / "real" / "a").value(), "new");
}

// A process id that no process has: a child's that has ended.
pid_t dead_pid() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return child;
}

TEST(Partial, OnlyWhatDeadProcessesLeftIsRemoved) {
  const ScratchFolder scratch;
  const fs::path target = scratch.path() / "run";
  const std::string dead = std::to_string(dead_pid());
  const std::string alive = std::to_string(getppid());
  fs::create_directories(scratch.path() / (".run.partial-" + dead + "-0") / "tables");
  const std::vector<std::string> others = {".other.partial-" + dead + "-0", ".run.partial-" + alive + "-0",
                                           ".run.partial-" + dead,          ".run.partial-x-0",
                                           ".run.partial-" + dead + "-0x",  ".run.partial--1-0"};
  for (const std::string& name : others) fs::create_directory(scratch.path() / name);
  remove_stale_partials(target);
  std::vector<std::string> expected = others;
  std::ranges::sort(expected);
  EXPECT_EQ(names_in(scratch.path()), expected);
}

TEST(Partial, WhatIsHeldIsNotRemovedEvenUnderADeadProcessId) {
  const ScratchFolder scratch;
  const fs::path target = scratch.path() / "run";
  auto held = Partial::create_folder(target);
  ASSERT_TRUE(held);
  const fs::path renamed = scratch.path() / (".run.partial-" + std::to_string(dead_pid()) + "-0");
  fs::rename(held->path(), renamed);
  remove_stale_partials(target);
  EXPECT_TRUE(fs::exists(renamed));
  held = failure("let go");
  remove_stale_partials(target);
  EXPECT_FALSE(fs::exists(renamed));
}

TEST(Partial, ALinkInPlaceOfAPartialIsNotFollowed) {
  const ScratchFolder scratch;
  fs::create_directory(scratch.path() / "precious");
  ASSERT_TRUE(write_file_atomically(scratch.path() / "precious" / "a", "x"));
  fs::create_symlink("precious", scratch.path() / (".run.partial-" + std::to_string(dead_pid()) + "-0"));
  remove_stale_partials(scratch.path() / "run");
  EXPECT_TRUE(fs::exists(scratch.path() / "precious" / "a"));
}

TEST(Files, ManyThreadsWriteOneFileWhole) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a";
  std::vector<std::jthread> threads;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    threads.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) EXPECT_TRUE(write_file_atomically(path, std::string(10'000, letter)));
    });
  }
  threads.clear();
  const std::string text = read_file(path).value();
  EXPECT_EQ(text, std::string(10'000, text[0]));
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("a"));
}

}  // namespace
}  // namespace beltline
