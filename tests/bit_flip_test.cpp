// One bit of a run folder flipped, anywhere: it is found, whoever reads.
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "table/files.h"
#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSeed = 1500;

struct RunFile {
  std::string path;   // inside the run folder
  std::string table;  // "" for what is no table
  std::string bytes;
};

/// A run of the first scenario with fewer months and slices.
class BitFlips : public testing::Test {
 protected:
  BitFlips() : scratch_(memory_folder()), scenario_(scenario_folder("first")) {
    scenario_.set("calendar", "periods", "20");
    scenario_.set("calendar", "slices_per_day", "1");
  }

  void SetUp() override {
    const Finished plan = run_program({"plan", scenario_.path().string(), "-o", run().string()});
    ASSERT_EQ(plan.code, 0) << plan.err;
    for (const auto& entry : fs::recursive_directory_iterator(run())) {
      if (!entry.is_regular_file()) continue;
      const bool is_table = entry.path().extension() == ".parquet";
      files_.push_back({fs::relative(entry.path(), run()).string(), is_table ? entry.path().stem().string() : "",
                        read_file(entry.path()).value()});
    }
    std::ranges::sort(files_, {}, &RunFile::path);
    ASSERT_GE(files_.size(), 10U);
  }

  [[nodiscard]] fs::path run() const { return scratch_.path() / "run"; }
  [[nodiscard]] const std::vector<RunFile>& files() const { return files_; }

  /// The bit of flip `i`: every file in turn; of its bytes the head, the foot, or any.
  [[nodiscard]] std::size_t bit_of(const RunFile& file, uint32_t i) const {
    constexpr std::size_t kHead = 16;
    constexpr std::size_t kFoot = 256;
    const std::size_t size = file.bytes.size();
    const uint32_t round = i / static_cast<uint32_t>(files_.size());
    if (round % 4 == 0) return draw(kSeed, i, std::min(size, kHead) * 8);
    if (round % 4 == 1) return size * 8 - 1 - draw(kSeed, i, std::min(size, kFoot) * 8);
    return draw(kSeed, i, size * 8);
  }

  void write_flipped(const RunFile& file, std::size_t bit) const {
    std::string flipped = file.bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    put(file, flipped);
  }
  void restore(const RunFile& file) const { put(file, file.bytes); }

 private:
  void put(const RunFile& file, const std::string& bytes) const {
    std::ofstream(run() / file.path, std::ios::binary | std::ios::trunc) << bytes;
  }

  ScratchFolder scratch_;
  ScenarioCopy scenario_;
  std::vector<RunFile> files_;
};

/// Who reads a damaged table gets a failure; who reads another, the table as it was or a failure (of the manifest).
TEST_F(BitFlips, AreFoundByTheLibrary) {
  const uint32_t count = is_soak() ? 15'000 : 1'500;
  const std::string other = "builds";
  const Table before = read_run_table(run(), other).value();
  for (uint32_t i = 0; i < count; ++i) {
    const RunFile& file = files()[i % files().size()];
    const std::size_t bit = bit_of(file, i);
    SCOPED_TRACE(fmt::format("flip {}: bit {} of {}", i, bit, file.path));
    write_flipped(file, bit);
    EXPECT_FALSE(verify_run(run()));
    if (!file.table.empty()) {
      EXPECT_FALSE(read_run_table(run(), file.table));
    }
    const auto read = read_run_table(run(), other);
    if (file.path == "manifest.json" || file.table == other) {
      EXPECT_FALSE(read);
    } else {
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(same_table(*read, before));
    }
    restore(file);
  }
  EXPECT_TRUE(verify_run(run()));
}

/// Without its manifest a table still has the hash of its own content: what it reads is what was written, or nothing.
TEST_F(BitFlips, NeverMakeAWrongNumberOfALoneTable) {
  const uint32_t count = is_soak() ? 30'000 : 1'500;
  std::vector<const RunFile*> tables;
  std::vector<Table> before;
  for (const RunFile& file : files()) {
    if (file.table.empty()) continue;
    tables.push_back(&file);
    before.push_back(table_from_parquet(file.bytes, file.table).value());
  }
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const std::size_t which = i % tables.size();
    std::string flipped = tables[which]->bytes;
    const std::size_t bit = bit_of(*tables[which], i);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto read = table_from_parquet(std::move(flipped), tables[which]->table);
    found += read ? 0 : 1;
    // a flip in bytes that carry nothing (a statistic, a hint) may change nothing
    EXPECT_TRUE(!read || same_table(*read, before[which])) << fmt::format("bit {} of {}", bit, tables[which]->path);
  }
  EXPECT_GT(found, count / 2);
}

TEST_F(BitFlips, AreFoundByTheProgram) {
  const uint32_t count = is_soak() ? 1'500 : 40;
  for (uint32_t i = 0; i < count; ++i) {
    const RunFile& file = files()[i % files().size()];
    const std::size_t bit = bit_of(file, i);
    SCOPED_TRACE(fmt::format("flip {}: bit {} of {}", i, bit, file.path));
    write_flipped(file, bit);
    const Finished verify = run_program({"verify", run().string()});
    EXPECT_EQ(verify.code, 6) << verify.out;
    EXPECT_NE(verify.err, "");
    if (!file.table.empty()) {
      const Finished table = run_program({"table", run().string(), file.table, "--format", "csv"});
      EXPECT_EQ(table.code, 6);
      EXPECT_EQ(table.out, "") << "what is damaged is not shown";
      EXPECT_NE(table.err, "");
    }
    restore(file);
  }
}

}  // namespace
}  // namespace beltline
