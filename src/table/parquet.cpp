// Tables as Parquet, through Arrow. Everything Arrow throws or returns ends here as a Failure.
#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <span>
#include <unordered_set>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>

#include "base/text.h"
#include "table/capped_pool.h"
#include "table/cells.h"
#include "table/content_digest.h"
#include "table/parquet_columns.h"
#include "table/table.h"

namespace beltline {

namespace {

constexpr const char* kCreatedBy = "beltline version 1";
constexpr const char* kTitleKey = "title";
constexpr const char* kDigestKey = "beltline:sha256";
constexpr const char* kUnitKey = "unit";
constexpr const char* kDescriptionKey = "description";
constexpr int kColumnCountMax = 2'000;
constexpr int64_t kMemoryBytesFloor = int64_t{64} << 20;
// A column chunk takes a few bytes of a hostile footer and about a kilobyte once Arrow has unpacked it.
constexpr int64_t kFooterGrowth = 400;

std::unexpected<Failure> parquet_failure(std::string_view what) {
  return failure(fmt::format("Parquet: {}", what));
}

std::unexpected<Failure> parquet_failure(const arrow::Status& status) {
  return parquet_failure(status.message());
}

// --- writing

using ArrayOutcome = arrow::Result<std::shared_ptr<arrow::Array>>;

ArrayOutcome text_array(const Column& column) {
  arrow::StringBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(column.size())));
  for (const std::string& text : column.texts()) {
    if (find_invalid_utf8(text) != std::string_view::npos) {
      return arrow::Status::Invalid("a text in column '", column.name, "' is not UTF-8");
    }
    ARROW_RETURN_NOT_OK(builder.Append(text));
  }
  return builder.Finish();
}

// Numbers are not copied: the array looks at the column's own memory.
ArrayOutcome array_of(const Column& column) {
  const auto length = static_cast<int64_t>(column.size());
  switch (column.values.index()) {
    case 0: return std::make_shared<arrow::DoubleArray>(length, arrow::Buffer::Wrap(column.numbers()));
    case 1: return std::make_shared<arrow::Int64Array>(length, arrow::Buffer::Wrap(column.integers()));
    default: return text_array(column);
  }
}

arrow::Result<std::shared_ptr<arrow::Table>> arrow_table(const Table& table) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const Column& column : table.columns) {
    ARROW_ASSIGN_OR_RAISE(auto array, array_of(column));
    auto metadata = arrow::key_value_metadata({kUnitKey, kDescriptionKey}, {column.unit, column.description});
    fields.push_back(arrow::field(column.name, array->type(), /*nullable=*/false, std::move(metadata)));
    arrays.push_back(std::move(array));
  }
  auto metadata = arrow::key_value_metadata({kTitleKey, kDigestKey}, {table.title, content_digest(table)});
  return arrow::Table::Make(arrow::schema(std::move(fields), std::move(metadata)), std::move(arrays),
                            static_cast<int64_t>(table.row_count()));
}

// No dictionary for doubles: Arrow's takes all NaNs for one, and the bits must come back as they were.
std::shared_ptr<parquet::WriterProperties> writer_properties(const Table& table) {
  parquet::WriterProperties::Builder builder;
  builder.created_by(kCreatedBy)->compression(parquet::Compression::ZSTD)->enable_page_checksum();
  builder.data_page_version(parquet::ParquetDataPageVersion::V1);  // the version whose checksums every reader knows
  for (const Column& column : table.columns) {
    if (column.values.index() == 0) builder.disable_dictionary(column.name);
  }
  return builder.build();
}

arrow::Result<std::string> write_bytes(const Table& table) {
  ARROW_ASSIGN_OR_RAISE(const auto content, arrow_table(table));
  ARROW_ASSIGN_OR_RAISE(const auto sink, arrow::io::BufferOutputStream::Create());
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*content, arrow::system_memory_pool(), sink,
                                                 parquet::DEFAULT_MAX_ROW_GROUP_LENGTH, writer_properties(table),
                                                 arrow_properties));
  ARROW_ASSIGN_OR_RAISE(const auto buffer, sink->Finish());
  return buffer->ToString();
}

// --- reading

std::string metadata_text(const std::shared_ptr<const arrow::KeyValueMetadata>& metadata, const char* key) {
  if (metadata == nullptr) return {};
  return metadata->Get(key).ValueOr("");
}

// The footer is unpacked before any other limit can hold, so its length is checked on the raw bytes.
Outcome<void> check_footer(std::string_view bytes, int64_t memory_bytes_max) {
  constexpr std::size_t kTailSize = 8;  // length of the footer and the magic
  if (bytes.size() < 4 + kTailSize || !bytes.starts_with("PAR1") || !bytes.ends_with("PAR1")) {
    return parquet_failure("no Parquet file: it does not begin and end with PAR1");
  }
  uint32_t footer_size = 0;
  std::memcpy(&footer_size, bytes.data() + bytes.size() - kTailSize, sizeof footer_size);
  if (footer_size > bytes.size() - 4 - kTailSize) return parquet_failure("the footer is longer than the file");
  if (footer_size > memory_bytes_max / kFooterGrowth) {
    return parquet_failure(
        fmt::format("the footer has {} bytes, the limit is {}", footer_size, memory_bytes_max / kFooterGrowth));
  }
  return {};
}

parquet::ReaderProperties reader_properties(CappedPool& pool, std::size_t file_size) {
  parquet::ReaderProperties properties(&pool);
  properties.set_page_checksum_verification(true);
  properties.set_thrift_string_size_limit(static_cast<int32_t>(std::min<std::size_t>(file_size, 16 << 20)));
  // also bounds how deep a schema can nest: Arrow walks it recursively
  properties.set_thrift_container_size_limit(kColumnCountMax + 1);
  return properties;
}

// The file's shape as its footer claims it, judged before anything is decoded.
Outcome<void> check_shape_claimed(const parquet::FileMetaData& metadata, int64_t memory_bytes_max) {
  if (metadata.num_columns() > kColumnCountMax) {
    return parquet_failure(fmt::format("{} columns, the limit is {}", metadata.num_columns(), kColumnCountMax));
  }
  const int64_t row_count = metadata.num_rows();
  if (row_count < 0) return parquet_failure("a negative number of rows");
  const int64_t cell_count_max = memory_bytes_max / static_cast<int64_t>(sizeof(double));
  if (row_count > cell_count_max / std::max(1, metadata.num_columns())) {
    return parquet_failure(fmt::format("{} rows of {} columns need more memory than the limit of {} bytes", row_count,
                                       metadata.num_columns(), memory_bytes_max));
  }
  return {};
}

template <class ArrowArray, class Value>
void append_values(const arrow::Array& chunk, std::vector<Value>& values) {
  const auto& typed = static_cast<const ArrowArray&>(chunk);
  for (int64_t i = 0; i < typed.length(); ++i) {
    // null among floats is how other programs write NaN; elsewhere it has been refused before
    values.push_back(typed.IsNull(i) ? std::numeric_limits<Value>::quiet_NaN() : static_cast<Value>(typed.Value(i)));
  }
}

template <class ArrowArray>
arrow::Status append_texts(const arrow::Array& chunk, CappedPool& pool, std::vector<std::string>& values) {
  const auto& typed = static_cast<const ArrowArray&>(chunk);
  for (int64_t i = 0; i < typed.length(); ++i) {
    const std::string_view text = typed.GetView(i);
    if (!pool.take(static_cast<int64_t>(text.size())))
      return arrow::Status::OutOfMemory("texts beyond the memory limit");
    values.emplace_back(text);
  }
  return arrow::Status::OK();
}

arrow::Status append_chunk(const arrow::Array& chunk, CappedPool& pool, Column& column) {
  ARROW_RETURN_NOT_OK(chunk.ValidateFull());
  const auto doubles = [&]() -> auto& { return std::get<std::vector<double>>(column.values); };
  const auto integers = [&]() -> auto& { return std::get<std::vector<int64_t>>(column.values); };
  const auto texts = [&]() -> auto& { return std::get<std::vector<std::string>>(column.values); };
  using Type = arrow::Type;
  switch (chunk.type_id()) {
    case Type::DOUBLE: append_values<arrow::DoubleArray>(chunk, doubles()); break;
    case Type::FLOAT: append_values<arrow::FloatArray>(chunk, doubles()); break;
    case Type::INT64: append_values<arrow::Int64Array>(chunk, integers()); break;
    case Type::INT32: append_values<arrow::Int32Array>(chunk, integers()); break;
    case Type::INT16: append_values<arrow::Int16Array>(chunk, integers()); break;
    case Type::INT8: append_values<arrow::Int8Array>(chunk, integers()); break;
    case Type::UINT32: append_values<arrow::UInt32Array>(chunk, integers()); break;
    case Type::UINT16: append_values<arrow::UInt16Array>(chunk, integers()); break;
    case Type::UINT8: append_values<arrow::UInt8Array>(chunk, integers()); break;
    case Type::STRING: return append_texts<arrow::StringArray>(chunk, pool, texts());
    case Type::LARGE_STRING: return append_texts<arrow::LargeStringArray>(chunk, pool, texts());
    default: return arrow::Status::TypeError("type ", chunk.type()->ToString());
  }
  return arrow::Status::OK();
}

// The kind of column that holds this type, or a Failure that names it.
Outcome<Column> empty_column(const arrow::Field& field) {
  Column column{.name = field.name(),
                .unit = metadata_text(field.metadata(), kUnitKey),
                .description = metadata_text(field.metadata(), kDescriptionKey)};
  const arrow::Type::type type = field.type()->id();
  if (type == arrow::Type::DOUBLE || type == arrow::Type::FLOAT) {
    column.values.emplace<std::vector<double>>();
  } else if (arrow::is_integer(type) && type != arrow::Type::UINT64) {
    column.values.emplace<std::vector<int64_t>>();
  } else if (type == arrow::Type::STRING || type == arrow::Type::LARGE_STRING) {
    column.values.emplace<std::vector<std::string>>();
  } else {
    return parquet_failure(fmt::format("column '{}' has type {}, expected float, double, an integer or string",
                                       field.name(), field.type()->ToString()));
  }
  return column;
}

Outcome<void> read_column(parquet::arrow::FileReader& reader, int index, CappedPool& pool, Column& column) {
  const int64_t row_count = reader.parquet_reader()->metadata()->num_rows();
  std::shared_ptr<arrow::ChunkedArray> content;
  const arrow::Status read = reader.ReadColumn(index, &content);
  if (!read.ok()) return parquet_failure(fmt::format("column '{}': {}", column.name, read.message()));
  if (content->length() != row_count) {
    return parquet_failure(
        fmt::format("column '{}' has {} rows, the footer says {}", column.name, content->length(), row_count));
  }
  if (content->null_count() > 0 && column.values.index() != 0) {
    return parquet_failure(fmt::format("column '{}' has {} nulls", column.name, content->null_count()));
  }
  const std::size_t value_size = column.values.index() == 2 ? sizeof(std::string) : sizeof(double);
  if (!pool.take(row_count * static_cast<int64_t>(value_size))) {
    return parquet_failure(fmt::format("column '{}': more memory than the limit", column.name));
  }
  std::visit([&](auto& values) { values.reserve(static_cast<std::size_t>(row_count)); }, column.values);
  for (const auto& chunk : content->chunks()) {
    const arrow::Status appended = append_chunk(*chunk, pool, column);
    if (!appended.ok()) return parquet_failure(fmt::format("column '{}': {}", column.name, appended.message()));
  }
  return {};
}

struct Read {
  Table table;
  std::string digest_expected;  // "" where the file says none
};

Outcome<std::unique_ptr<parquet::arrow::FileReader>> open_reader(std::string bytes, CappedPool& pool) {
  const parquet::ReaderProperties properties = reader_properties(pool, bytes.size());
  parquet::ArrowReaderProperties arrow_properties(/*use_threads=*/false);
  arrow_properties.set_pre_buffer(false);  // it would start threads to read what is in memory already
  parquet::arrow::FileReaderBuilder builder;
  auto input = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
  const arrow::Status opened = builder.Open(std::move(input), properties);
  if (!opened.ok()) return parquet_failure(opened);
  auto reader = builder.memory_pool(&pool)->properties(arrow_properties)->Build();
  if (!reader.ok()) return parquet_failure(reader.status());
  return std::move(*reader);
}

// Whether to_parquet wrote it. The bytes are asked, not what was parsed from them: one flipped bit can hide the last
// fields of the footer, and title, units and their hash with them.
bool written_by_us(std::string_view bytes) {
  uint32_t footer_size = 0;  // check_footer has looked at it
  std::memcpy(&footer_size, bytes.data() + bytes.size() - 8, sizeof footer_size);
  // behind created_by there is but the order of each column
  const std::size_t looked_at = std::min<std::size_t>(footer_size, 64 + 8 * kColumnCountMax);
  return bytes.substr(bytes.size() - 8 - looked_at).find(kCreatedBy) != std::string_view::npos;
}

struct Wanted {
  std::span<const std::string_view> columns;  // empty: all
  int64_t memory_bytes_max = 0;

  [[nodiscard]] bool has(std::string_view column) const {
    return columns.empty() || std::ranges::find(columns, column) != columns.end();
  }
};

Outcome<Read> read_bytes(std::string bytes, std::string name, CappedPool& pool, const Wanted& wanted) {
  const bool is_ours = written_by_us(bytes);
  auto reader = open_reader(std::move(bytes), pool);
  if (!reader) return std::unexpected(reader.error());
  const parquet::FileMetaData& metadata = *(*reader)->parquet_reader()->metadata();
  if (auto claimed = check_shape_claimed(metadata, wanted.memory_bytes_max); !claimed)
    return std::unexpected(claimed.error());
  std::shared_ptr<arrow::Schema> schema;
  if (const arrow::Status status = (*reader)->GetSchema(&schema); !status.ok()) return parquet_failure(status);

  Read result{.table = {.name = std::move(name), .title = metadata_text(schema->metadata(), kTitleKey)}};
  // another program that rewrites our file keeps its metadata, though not its content
  if (is_ours) {
    result.digest_expected = metadata_text(schema->metadata(), kDigestKey);
    if (result.digest_expected.empty()) return parquet_failure("its SHA-256 is not there: the file is damaged");
    if (!wanted.columns.empty()) result.digest_expected.clear();  // it is of all columns
  }
  std::unordered_set<std::string> names;
  for (int i = 0; i < schema->num_fields(); ++i) {
    if (!wanted.has(schema->field(i)->name())) continue;
    Outcome<Column> column = empty_column(*schema->field(i));
    if (!column) return std::unexpected(column.error());
    if (!names.insert(column->name).second) return parquet_failure("two columns named '" + column->name + "'");
    if (auto read = read_column(**reader, i, pool, *column); !read) return std::unexpected(read.error());
    result.table.columns.push_back(std::move(*column));
  }
  return result;
}

}  // namespace

Outcome<std::string> to_parquet(const Table& table) {
  check_shape(table);
  if (table.columns.size() > kColumnCountMax) {
    return parquet_failure(fmt::format("{} columns, the limit is {}", table.columns.size(), kColumnCountMax));
  }
  try {
    arrow::Result<std::string> bytes = write_bytes(table);
    if (!bytes.ok()) return parquet_failure(bytes.status());
    return std::move(*bytes);
  } catch (const std::exception& error) {
    return parquet_failure(error.what());
  }
}

Outcome<Table> table_from_parquet(std::string bytes, std::string name, std::size_t memory_bytes_max) {
  return columns_from_parquet(std::move(bytes), std::move(name), {}, memory_bytes_max);
}

Outcome<Table> columns_from_parquet(std::string bytes, std::string name, std::span<const std::string_view> columns,
                                    std::size_t memory_bytes_max) {
  const auto file_size = static_cast<int64_t>(bytes.size());
  const int64_t limit =
      memory_bytes_max > 0 ? static_cast<int64_t>(memory_bytes_max) : kMemoryBytesFloor + 3 * file_size;
  if (auto footer = check_footer(bytes, limit); !footer) return std::unexpected(footer.error());
  CappedPool pool(limit);  // outlives every buffer made from it
  try {
    Outcome<Read> read =
        read_bytes(std::move(bytes), std::move(name), pool, {.columns = columns, .memory_bytes_max = limit});
    if (!read) return std::unexpected(read.error());
    if (!read->digest_expected.empty() && content_digest(read->table) != read->digest_expected) {
      return parquet_failure("the content does not fit its SHA-256: the file is damaged");
    }
    return std::move(read->table);
  } catch (const std::exception& error) {
    return parquet_failure(error.what());
  }
}

}  // namespace beltline
