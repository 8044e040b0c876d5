#include "run/register.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <variant>

#include <fmt/format.h>

#include "table/files.h"
#include "table/partial.h"
#include "table/table.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTexts{"recorded_at", "recorded_by", "kind", "of",       "place", "month",
                            "quantity",    "unit",        "note", "previous", "hash"};
constexpr std::size_t kSizeMax = 256 << 20;  // bytes

/// The texts of a row, in the order of kTexts.
template <class Row>
auto texts_of(Row& row) {
  return std::array{&row.recorded_at, &row.recorded_by, &row.kind, &row.of,       &row.place, &row.month,
                    &row.quantity,    &row.unit,        &row.note, &row.previous, &row.hash};
}

/// As the house writes CSV: no text is a formula to a spreadsheet, and each reads back as it was.
std::string text_of(const std::vector<RegisterRow>& rows) {
  Table table{.name = "register", .title = "", .columns = {}};
  auto& seq = std::get<std::vector<int64_t>>(table.add_integers("seq", "").values);
  for (const RegisterRow& row : rows) seq.push_back(row.seq);
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    auto& values = std::get<std::vector<std::string>>(table.add_texts(kTexts[i]).values);
    for (const RegisterRow& row : rows) values.push_back(*texts_of(row)[i]);
  }
  return to_csv(table);
}

std::unexpected<Failure> damaged(const fs::path& file, std::size_t line, const std::string& what) {
  return failure(fmt::format("the register '{}' is damaged at line {}: {}", file.string(), line, what));
}

/// Whether the columns are those of a register; of a column that holds numbers a cell lost its quotes.
bool has_columns(const Table& table) {
  if (table.columns.size() != kTexts.size() + 1) return false;
  if (table.columns[0].name != "seq" || !std::holds_alternative<std::vector<int64_t>>(table.columns[0].values))
    return false;
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    const Column& column = table.columns[i + 1];
    if (column.name != kTexts[i] || !std::holds_alternative<std::vector<std::string>>(column.values)) return false;
  }
  return true;
}

Outcome<std::vector<RegisterRow>> parse(const std::string& text, const fs::path& file) {
  // each row is written with its end of line: a torn one is seen
  if (!text.ends_with('\n')) return damaged(file, 1 + std::ranges::count(text, '\n'), "it ends in the middle of a row");
  const auto table = table_from_csv(text, "register");
  if (!table) return failure(fmt::format("the register '{}' is damaged: {}", file.string(), table.error().message));
  if (!has_columns(*table)) return damaged(file, 1, "its columns are not those of a register");
  std::vector<RegisterRow> rows;
  std::string previous = sha256("");
  std::size_t line = 2;
  for (std::size_t i = 0; i < table->row_count(); ++i) {
    RegisterRow row;
    row.seq = table->columns[0].integers()[i];
    const std::size_t at = line++;
    for (std::size_t c = 0; c < kTexts.size(); ++c) {
      std::string& cell = *texts_of(row)[c];
      cell = table->columns[c + 1].texts()[i];
      line += static_cast<std::size_t>(std::ranges::count(cell, '\n'));
    }
    if (row.seq != static_cast<int64_t>(i) + 1)
      return damaged(file, at, fmt::format("row {} stands where row {} should", row.seq, i + 1));
    if (row.previous != previous) return damaged(file, at, "the row before it is not the one it was written after");
    if (row.hash != hash_of(row)) return damaged(file, at, "the row was changed after it was written");
    previous = row.hash;
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The lock of a register: its folder, held until destruction.
Outcome<FileHandle> lock_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failure(fmt::format("cannot make '{}': {}", folder.string(), error.message()));
  FileHandle handle(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.valid()) return errno_failure("open", folder);
  while (flock(handle.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return errno_failure("lock", folder);
  }
  return handle;
}

}  // namespace

std::string hash_of(const RegisterRow& row) {
  // each cell with its length, so that no two rows have the same text
  std::string text = fmt::format("{};", row.seq);
  const auto cells = texts_of(row);
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) text += fmt::format("{}:{};", cells[i]->size(), *cells[i]);
  return sha256(text);
}

std::string Register::head() const {
  return rows.empty() ? sha256("") : rows.back().hash;
}

bool Register::is_closed(YearMonth month) const {
  const std::string text = to_string(month);
  return std::ranges::any_of(rows, [&](const RegisterRow& row) { return row.kind == "close" && row.month == text; });
}

std::vector<std::string> Register::closed_months() const {
  std::vector<std::string> months;
  for (const RegisterRow& row : rows) {
    if (row.kind == "close") months.push_back(row.month);
  }
  std::ranges::sort(months);
  return months;
}

fs::path register_file(const fs::path& at) {
  std::error_code error;
  return at.extension() == ".csv" && !fs::is_directory(at, error) ? at : at / "actuals" / "register.csv";
}

Outcome<Register> read_register(const fs::path& at) {
  Register out{.file = register_file(at), .rows = {}};
  std::error_code error;
  if (!fs::exists(out.file, error) && !error) return out;
  const auto text = read_file(out.file, kSizeMax);
  if (!text) return std::unexpected(text.error());
  auto rows = parse(*text, out.file);
  if (!rows) return std::unexpected(rows.error());
  out.rows = std::move(*rows);
  return out;
}

Outcome<Register> append_rows(const fs::path& at, std::vector<RegisterRow> rows, const Recording& recording,
                              const std::function<Outcome<void>(const Register&)>& check) {
  const fs::path file = register_file(at);
  const auto lock = lock_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
  if (!lock) return std::unexpected(lock.error());
  auto there = read_register(file);
  if (!there) return there;
  if (const auto good = check(*there); !good) return std::unexpected(good.error());
  for (RegisterRow& row : rows) {
    row.seq = static_cast<int64_t>(there->rows.size()) + 1;
    row.recorded_at = recording.at;
    row.recorded_by = recording.by;
    row.previous = there->head();
    row.hash = hash_of(row);
    there->rows.push_back(std::move(row));
  }
  if (const auto written = write_file_atomically(file, text_of(there->rows)); !written)
    return std::unexpected(written.error());
  return there;
}

}  // namespace beltline
