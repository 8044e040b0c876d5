#include "run/register.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "table/example_table.h"
#include "table/files.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kKillCount = 120;

const Recording kNow{.at = "2026-11-26T08:00:00Z", .by = "kim, \"the\" clerk"};

RegisterRow row(const std::string& of, const std::string& month = "2026-03") {
  RegisterRow out;
  out.kind = "activity";
  out.of = of;
  out.month = month;
  out.quantity = "12.5";
  out.unit = "wafer";
  out.note = "=two\nlines, 평택";
  return out;
}

Outcome<void> anything(const Register&) {
  return {};
}

TEST(Register, WhatIsAddedIsReadBackInItsChain) {
  const ScratchFolder scratch;
  const auto empty = read_register(scratch.path());
  ASSERT_TRUE(empty) << empty.error().message;
  EXPECT_TRUE(empty->rows.empty());
  const auto first = append_rows(scratch.path(), {row("a"), row("b")}, kNow, anything);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = append_rows(scratch.path(), {row("c", "2026-04")}, kNow, anything);
  ASSERT_TRUE(second) << second.error().message;
  const auto read = read_register(scratch.path());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rows, second->rows);
  ASSERT_EQ(read->rows.size(), 3U);
  EXPECT_EQ(read->rows[2].seq, 3);
  EXPECT_EQ(read->rows[2].recorded_by, kNow.by);
  EXPECT_EQ(read->rows[2].previous, read->rows[1].hash);
  EXPECT_EQ(read->rows[0].note, "=two\nlines, 평택");
  EXPECT_EQ(read->head(), read->rows[2].hash);
  EXPECT_THAT(*read_file(register_file(scratch.path())), HasSubstr("\"'=two\nlines")) << "no formula to a spreadsheet";
  // the file may be named itself
  EXPECT_EQ(read_register(scratch.path() / "actuals" / "register.csv")->rows.size(), 3U);
}

TEST(Register, AMonthIsClosedByARow) {
  const ScratchFolder scratch;
  RegisterRow close;
  close.kind = "close";
  close.month = "2026-03";
  const auto closed = append_rows(scratch.path(), {row("a"), close}, kNow, anything);
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->is_closed({2026, 3}));
  EXPECT_FALSE(closed->is_closed({2026, 4}));
  EXPECT_THAT(closed->closed_months(), ElementsAre("2026-03"));
}

TEST(Register, ARefusalLeavesItAsItWas) {
  const ScratchFolder scratch;
  ASSERT_TRUE(append_rows(scratch.path(), {row("a")}, kNow, anything));
  const std::string before = *read_file(register_file(scratch.path()));
  const auto refused = append_rows(scratch.path(), {row("b")}, kNow, [](const Register& there) -> Outcome<void> {
    EXPECT_EQ(there.rows.size(), 1U);
    return failure("no");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "no");
  EXPECT_EQ(*read_file(register_file(scratch.path())), before);
}

TEST(Register, EveryChangeOfItsBytesIsSeen) {
  const ScratchFolder scratch(memory_folder());
  ASSERT_TRUE(append_rows(scratch.path(), {row("a"), row("b"), row("c")}, kNow, anything));
  const fs::path file = register_file(scratch.path());
  const std::string whole = *read_file(file);
  const std::size_t header = whole.find('\n') + 1;
  for (std::size_t i = header; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = changed[i] == '7' ? '8' : '7';
    ASSERT_TRUE(write_file_atomically(file, changed));
    EXPECT_FALSE(read_register(file)) << "byte " << i;
  }
  const auto lines = [&](std::size_t from, std::size_t to) { return whole.substr(from, to - from); };
  std::vector<std::size_t> begins;
  for (std::size_t at = whole.find("\n1,") + 1; begins.size() < 3;
       at = whole.find(begins.size() == 1 ? "\n2," : "\n3,", at) + 1) {
    begins.push_back(at);
  }
  const std::string without_second = lines(0, begins[1]) + lines(begins[2], whole.size());
  const std::string swapped =
      lines(0, begins[0]) + lines(begins[1], begins[2]) + lines(begins[0], begins[1]) + lines(begins[2], whole.size());
  for (const std::string& bad : {without_second, swapped, whole.substr(0, whole.size() - 1), std::string("x\n")}) {
    ASSERT_TRUE(write_file_atomically(file, bad));
    const auto read = read_register(file);
    ASSERT_FALSE(read) << bad;
    EXPECT_THAT(read.error().message, HasSubstr("is damaged"));
    EXPECT_FALSE(append_rows(file, {row("d")}, kNow, anything)) << "nothing is added to what is damaged";
  }
}

/// A child that adds ten rows at a time until it is killed.
pid_t start_writer(const fs::path& folder) {
  const pid_t child = fork();
  if (child != 0) return child;
  for (;;) {
    if (!append_rows(folder, std::vector<RegisterRow>(10, row("killed")), kNow, anything)) _exit(1);
  }
}

TEST(RegisterKilled, AtAnyMomentItHoldsWholeImportsOnly) {
  const ScratchFolder scratch(memory_folder());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(append_rows(scratch.path(), std::vector<RegisterRow>(10, row("first")), kNow, anything));
  const auto duration = (std::chrono::steady_clock::now() - start) / 4;
  std::size_t rows = 40;
  for (uint32_t i = 0; i < kKillCount; ++i) {
    const pid_t child = start_writer(scratch.path());
    std::this_thread::sleep_for(duration * 4 * uniform01({.seed = 43, .replication = i}));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed before it was killed";
    const auto read = read_register(scratch.path());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->rows.size() % 10, 0U) << "an import is there in part";
    EXPECT_GE(read->rows.size(), rows) << "rows are gone";
    rows = read->rows.size();
  }
  // the next writer needs nobody to clear up: the lock went with its holder
  ASSERT_TRUE(append_rows(scratch.path(), {row("after")}, kNow, anything));
  EXPECT_THAT(names_in(scratch.path() / "actuals"), ElementsAre("register.csv"));
}

TEST(RegisterContested, NoWriterLosesARow) {
  const ScratchFolder scratch(memory_folder());
  constexpr int kWriters = 3, kTimes = 12;
  std::vector<pid_t> children;
  for (int w = 0; w < kWriters; ++w) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < kTimes; ++i) {
        if (!append_rows(scratch.path(), {row("w" + std::to_string(w))}, kNow, anything)) _exit(1);
      }
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto read = read_register(scratch.path());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rows.size(), std::size_t{kWriters * kTimes});
}

}  // namespace
}  // namespace beltline
