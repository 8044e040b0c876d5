#include <cstring>
#include <fstream>
#include <sstream>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include "table/capped_pool.h"
#include "table/example_table.h"
#include "table/table.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;

std::string bytes_of(const Table& table) {
  auto bytes = to_parquet(table);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return std::move(*bytes);
}

std::string message_of(std::string bytes) {
  const auto table = table_from_parquet(std::move(bytes), "t");
  return table ? "it was read" : table.error().message;
}

TEST(Parquet, ReadsBackWhatItWrote) {
  Table no_rows = example_table(0);
  Table long_texts{.name = "t", .title = std::string(10'000, 'x')};
  long_texts.add_texts("평택, \"a\"", std::string(100'000, 'y')).values = std::vector{std::string(1 << 20, 'z')};
  Table wide{.name = "wide"};
  for (int i = 0; i < 2'000; ++i) wide.add_integers("c" + std::to_string(i), "").values = std::vector<int64_t>{i};
  for (const Table& table :
       {example_table(), example_table(70'000), no_rows, Table{.name = "empty"}, long_texts, wide}) {
    const auto read = table_from_parquet(bytes_of(table), table.name, std::size_t{1} << 30);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(same_table(*read, table)) << table.name;
  }
}

TEST(Parquet, SameTableGivesTheSameBytes) {
  EXPECT_EQ(bytes_of(example_table(5'000)), bytes_of(example_table(5'000)));
  EXPECT_NE(bytes_of(example_table(5'000)).find("beltline version 1"), std::string::npos);
}

TEST(Parquet, WhatCouldNotBeReadBackIsNotWritten) {
  Table table{.name = "t"};
  table.add_texts("site").values = std::vector<std::string>{"a\xff"};
  ASSERT_FALSE(to_parquet(table));
  EXPECT_EQ(to_parquet(table).error().message, "Parquet: a text in column 'site' is not UTF-8");
  Table wide{.name = "wide"};
  for (int i = 0; i < 2'001; ++i) wide.add_integers("c" + std::to_string(i), "");
  EXPECT_EQ(to_parquet(wide).error().message, "Parquet: 2001 columns, the limit is 2000");
}

// --- damage

struct FlipCounts {
  int failed = 0;
  int harmless = 0;
  int silently_different = 0;
};

// Flips one random bit at a time among bytes [begin, end).
FlipCounts flip_bits(const std::string& bytes, const Table& table, std::size_t begin, std::size_t end, uint64_t seed) {
  FlipCounts counts;
  for (uint32_t i = 0; i < 300; ++i) {
    std::string flipped = bytes;
    const std::size_t bit = begin * 8 + draw(seed, i, (end - begin) * 8);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto read = table_from_parquet(std::move(flipped), table.name);
    ++(!read ? counts.failed : same_table(*read, table) ? counts.harmless : counts.silently_different);
  }
  return counts;
}

std::size_t footer_start(const std::string& bytes) {
  uint32_t size = 0;
  std::memcpy(&size, bytes.data() + bytes.size() - 8, sizeof size);
  return bytes.size() - 8 - size;
}

// Covers the bytes of the pages by their checksums and everything else by the SHA-256 of the content, which lies in the
// footer. Harmless are flips that say the same otherwise: in statistics, in unused fields, in the SHA-256's own key.
TEST(Parquet, FlippedBitIsNeverReadAsAnotherTable) {
  const Table table = example_table(3'000);
  const std::string bytes = bytes_of(table);
  const FlipCounts pages = flip_bits(bytes, table, 0, footer_start(bytes), 11);
  EXPECT_EQ(pages.silently_different, 0);
  EXPECT_GE(pages.failed, 290);
  const FlipCounts footer = flip_bits(bytes, table, footer_start(bytes), bytes.size(), 12);
  EXPECT_EQ(footer.silently_different, 0);
  RecordProperty("footer_failed", footer.failed);
}

// Files of other programs have no SHA-256 of ours: here the page checksums stand alone. They cover what is in the
// pages, not their headers and not the footer; for files of a run the manifest's SHA-256 covers every byte
// (RunFolder.FlippedBitInAnyFileIsAFailure).
TEST(Parquet, PageChecksumsAloneCoverThePages) {
  const Table table = example_table(3'000);
  std::string bytes = bytes_of(table);
  const std::string key = "beltline:sha256";
  for (std::size_t at = bytes.find(key); at != std::string::npos; at = bytes.find(key, at)) bytes[at] = 'x';
  ASSERT_TRUE(table_from_parquet(bytes, table.name));
  const FlipCounts pages = flip_bits(bytes, table, 4, footer_start(bytes), 13);
  EXPECT_EQ(pages.silently_different, 0);
  EXPECT_GE(pages.failed, 290);
  std::string flipped = bytes;
  flipped[footer_start(bytes) / 2] ^= 1;
  EXPECT_THAT(message_of(flipped), HasSubstr("CRC"));
}

TEST(Parquet, EveryTruncationIsAFailure) {
  const std::string bytes = bytes_of(example_table());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(table_from_parquet(bytes.substr(0, size), "t")) << size;
  EXPECT_FALSE(table_from_parquet(bytes + "x", "t"));
}

TEST(Parquet, RandomDamageIsAFailureOrHarmless) {
  const Table table = example_table(500);
  const std::string bytes = bytes_of(table);
  for (uint32_t i = 0; i < 2'000; ++i) {
    std::string damaged = bytes;
    for (uint32_t j = 0; j <= i % 8; ++j) {
      damaged[draw(21, i * 8 + j, damaged.size())] = static_cast<char>(draw(22, i * 8 + j, 256));
    }
    const auto read = table_from_parquet(std::move(damaged), table.name);
    if (read) {
      EXPECT_TRUE(same_table(*read, table)) << i;
    }
  }
}

TEST(Parquet, NoParquetFileIsAFailure) {
  const std::string footer_too_long("PAR1\xff\xff\xff\x7fPAR1", 12);
  EXPECT_THAT(message_of(""), HasSubstr("PAR1"));
  EXPECT_THAT(message_of("PAR1"), HasSubstr("PAR1"));
  EXPECT_THAT(message_of(std::string(1'000, 'x')), HasSubstr("PAR1"));
  EXPECT_THAT(message_of(footer_too_long), HasSubstr("longer than the file"));
}

// --- hostile files

// The compact protocol of Thrift, as far as a footer needs it.
class Thrift {
 public:
  Thrift& field(int number, int type) {
    bytes_ += static_cast<char>((number - last_) << 4 | type);
    last_ = number;
    return *this;
  }
  Thrift& i32(int number, int64_t value) { return field(number, 5).varint(zigzag(value)); }
  Thrift& i64(int number, int64_t value) { return field(number, 6).varint(zigzag(value)); }
  Thrift& text(int number, const std::string& value) { return field(number, 8).varint(value.size()).raw(value); }
  Thrift& structs(int number, const std::vector<std::string>& items) {
    field(number, 9);
    bytes_ += static_cast<char>(0xFC);  // long form of the count, elements are structs
    varint(items.size());
    for (const std::string& item : items) bytes_ += item;
    return *this;
  }
  [[nodiscard]] std::string end() const { return bytes_ + '\0'; }

 private:
  static uint64_t zigzag(int64_t value) {
    return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
  }
  Thrift& varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  Thrift& raw(const std::string& text) {
    bytes_ += text;
    return *this;
  }

  std::string bytes_;
  int last_ = 0;
};

std::string group(int child_count) {
  return Thrift().i32(3, 0).text(4, "g").i32(5, child_count).end();
}

std::string leaf(const std::string& name) {
  return Thrift().i32(1, 5).i32(3, 0).text(4, name).end();
}

std::string file_of(const std::vector<std::string>& schema, int64_t row_count,
                    const std::vector<std::string>& row_groups = {}) {
  const std::string footer = Thrift().i32(1, 1).structs(2, schema).i64(3, row_count).structs(4, row_groups).end();
  const auto size = static_cast<uint32_t>(footer.size());
  std::string tail(sizeof size, '\0');
  std::memcpy(tail.data(), &size, sizeof size);
  return "PAR1" + footer + tail + "PAR1";
}

TEST(ParquetHostile, DeeplyNestedSchemasDoNotOverflowTheStack) {
  for (const int depth : {10, 1'000, 1'990, 3'000, 20'000}) {
    std::vector<std::string> schema(static_cast<std::size_t>(depth), group(1));
    schema.push_back(leaf("x"));
    EXPECT_NE(message_of(file_of(schema, 0)), "it was read") << depth;
  }
}

TEST(ParquetHostile, CountsThatCannotBeAreFailures) {
  EXPECT_NE(message_of(file_of({group(1), leaf("x")}, int64_t{1} << 62)), "it was read");
  EXPECT_THAT(message_of(file_of({group(1), leaf("x")}, 100'000'000)), HasSubstr("need more memory than the limit"));
  EXPECT_NE(message_of(file_of({group(1), leaf("x")}, -1)), "it was read");
  EXPECT_NE(message_of(file_of({group(1), leaf("x")}, 5)), "it was read");
  EXPECT_NE(message_of(file_of({group(2'000'000'000), leaf("x")}, 0)), "it was read");
  EXPECT_NE(message_of(file_of({group(-1), leaf("x")}, 0)), "it was read");
  EXPECT_THAT(message_of(file_of({group(2), leaf("x"), leaf("x")}, 0)), HasSubstr("two columns named 'x'"));
}

// Highest resident memory since the last reset.
int64_t memory_peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    int64_t kb = 0;
    if (line.starts_with("VmHWM:")) {
      std::istringstream(line.substr(6)) >> kb;
      return kb;
    }
  }
  return 0;
}

void reset_memory_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

bool measures_memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
  return false;  // sanitizers keep freed memory
#else
  return true;
#endif
}

TEST(ParquetHostile, FootersFullOfColumnChunksStayWithinTheMemoryPromised) {
  // the least a column chunk can be: a file offset and nothing else
  const std::string chunk = Thrift().i64(2, 0).end();
  const std::string row_group = Thrift().structs(1, std::vector(2'000, chunk)).i64(2, 0).i64(3, 0).end();
  std::vector<std::string> schema{group(2'000)};
  for (int i = 0; i < 2'000; ++i) schema.push_back(leaf("c" + std::to_string(i)));
  reset_memory_peak();
  const int64_t before = memory_peak_kb();
  for (const std::size_t count : {2, 16, 100}) {
    const std::string message = message_of(file_of(schema, 0, std::vector(count, row_group)));
    EXPECT_THAT(message, count < 100 ? HasSubstr("it was read") : HasSubstr("the footer has"));
  }
  if (measures_memory()) {
    EXPECT_LT(memory_peak_kb() - before, 66 << 10);
    RecordProperty("growth_kb", static_cast<int>(memory_peak_kb() - before));
  }
}

TEST(ParquetHostile, SmallFilesThatUnpackToMuchAreFailures) {
  Table zeros{.name = "t"};
  zeros.add_integers("x", "").values = std::vector<int64_t>(12'000'000);
  Table repeated{.name = "t"};
  repeated.add_texts("x").values = std::vector<std::string>(100, std::string(1 << 20, 'a'));
  for (const Table& table : {zeros, repeated}) {
    const std::string bytes = bytes_of(table);
    EXPECT_LT(bytes.size(), 1u << 18);
    EXPECT_THAT(message_of(bytes), HasSubstr("limit"));
    const auto read = table_from_parquet(bytes, "t", std::size_t{1} << 30);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(same_table(*read, table));
  }
}

TEST(CappedPool, RefusesMoreThanItsLimit) {
  CappedPool pool(1'000);
  uint8_t* a = nullptr;
  uint8_t* b = nullptr;
  ASSERT_TRUE(pool.Allocate(600, &a).ok());
  EXPECT_TRUE(pool.Allocate(600, &b).IsOutOfMemory());
  EXPECT_TRUE(pool.Allocate(int64_t{1} << 62, &b).IsOutOfMemory());
  EXPECT_TRUE(pool.Reallocate(600, 500, &a).IsOutOfMemory());  // both copies at once would be too much
  EXPECT_TRUE(pool.take(400));
  EXPECT_FALSE(pool.take(1));
  pool.Free(a, 600);
  EXPECT_EQ(pool.bytes_allocated(), 400);
  EXPECT_TRUE(pool.take(600));
}

// --- other programs' files

std::string foreign_file(const std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, array] : columns) {
    fields.push_back(arrow::field(name, array->type()));
    arrays.push_back(array);
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), arrays);
  const auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  const auto written = parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink);
  if (!written.ok()) throw std::runtime_error(written.ToString());
  return sink->Finish().ValueOrDie()->ToString();
}

template <class Builder, class Value>
std::shared_ptr<arrow::Array> array_of(std::initializer_list<std::optional<Value>> values) {
  Builder builder;
  for (const auto& value : values) {
    const auto status = value ? builder.Append(*value) : builder.AppendNull();
    if (!status.ok()) throw std::runtime_error(status.ToString());
  }
  return builder.Finish().ValueOrDie();
}

TEST(ParquetForeign, NumbersAndTextsAreRead) {
  const auto table = table_from_parquet(foreign_file({
                                            {"float", array_of<arrow::FloatBuilder, float>({0.5F, std::nullopt})},
                                            {"small", array_of<arrow::Int8Builder, int8_t>({-128, 127})},
                                            {"unsigned", array_of<arrow::UInt32Builder, uint32_t>({4294967295U, 0})},
                                            {"text", array_of<arrow::LargeStringBuilder, std::string>({"평택", ""})},
                                        }),
                                        "t");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->column("float").numbers()[0], 0.5);
  EXPECT_TRUE(std::isnan(table->column("float").numbers()[1]));
  EXPECT_EQ(table->column("small").integers(), (std::vector<int64_t>{-128, 127}));
  EXPECT_EQ(table->column("unsigned").integers(), (std::vector<int64_t>{4294967295, 0}));
  EXPECT_EQ(table->column("text").texts(), (std::vector<std::string>{"평택", ""}));
  EXPECT_EQ(table->column("text").unit, "");
}

TEST(ParquetForeign, WhatATableCannotHoldIsAFailureThatNamesTheColumn) {
  arrow::ListBuilder lists(arrow::default_memory_pool(), std::make_shared<arrow::DoubleBuilder>());
  ASSERT_TRUE(lists.Append().ok());
  const std::pair<std::string, const char*> cases[] = {
      {foreign_file({{"x", array_of<arrow::BooleanBuilder, bool>({true})}}), "column 'x' has type bool"},
      {foreign_file({{"x", array_of<arrow::UInt64Builder, uint64_t>({1})}}), "column 'x' has type uint64"},
      {foreign_file({{"x", array_of<arrow::Date32Builder, int32_t>({1})}}), "column 'x' has type date32"},
      {foreign_file({{"x", array_of<arrow::BinaryBuilder, std::string>({"a"})}}), "column 'x' has type binary"},
      {foreign_file({{"x", lists.Finish().ValueOrDie()}}), "column 'x' has type list"},
      {foreign_file({{"x", array_of<arrow::Int64Builder, int64_t>({1, std::nullopt})}}), "column 'x' has 1 nulls"},
      {foreign_file({{"x", array_of<arrow::StringBuilder, std::string>({std::nullopt})}}), "column 'x' has 1 nulls"},
      {foreign_file({{"x", array_of<arrow::StringBuilder, std::string>({"\xff"})}}), "column 'x': Invalid UTF8"},
  };
  for (const auto& [bytes, message] : cases) EXPECT_THAT(message_of(bytes), HasSubstr(message));
}

}  // namespace
}  // namespace beltline
