#include "run/register.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"
#include "table/files.h"
#include "table/partial.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeader =
    "seq,recorded_at,recorded_by,kind,of,place,month,quantity,unit,note,previous,hash\n";
constexpr std::size_t kCellCount = 12;
constexpr std::size_t kSizeMax = 256 << 20;  // bytes

std::array<std::string, kCellCount - 1> cells_before_hash(const RegisterRow& row) {
  return {fmt::format("{}", row.seq),
          row.recorded_at,
          row.recorded_by,
          row.kind,
          row.of,
          row.place,
          row.month,
          row.quantity,
          row.unit,
          row.note,
          row.previous};
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string line_of(const RegisterRow& row) {
  std::string line;
  for (const std::string& cell : cells_before_hash(row)) line += quoted(cell) + ',';
  return line + row.hash + '\n';
}

std::unexpected<Failure> damaged(const fs::path& file, int line, const std::string& what) {
  return failure(fmt::format("the register '{}' is damaged at line {}: {}", file.string(), line, what));
}

/// Cells of one record from `text` on; `text` then begins after it. Lines that a quoted cell spans are counted.
Outcome<std::vector<std::string>> take_record(std::string_view& text, const fs::path& file, int& line) {
  std::vector<std::string> cells(1);
  const int first_line = line;
  bool inside = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (inside) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += text[i++];
      } else if (c == '"') {
        inside = false;
      } else {
        cells.back() += c;
      }
    } else if (c == '"' && cells.back().empty()) {
      inside = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  // a row is written with its end of line, so that a torn one is seen
  if (i == text.size()) return damaged(file, first_line, "it ends in the middle of a row");
  text.remove_prefix(i + 1);
  return cells;
}

Outcome<RegisterRow> row_of(const std::vector<std::string>& cells, const fs::path& file, int line) {
  if (cells.size() != kCellCount)
    return damaged(file, line, fmt::format("{} cells instead of {}", cells.size(), kCellCount));
  RegisterRow row;
  const auto read = std::from_chars(cells[0].data(), cells[0].data() + cells[0].size(), row.seq);
  if (read.ec != std::errc() || read.ptr != cells[0].data() + cells[0].size())
    return damaged(file, line, fmt::format("'{}' is no number of a row", printable(cells[0])));
  std::string* const fields[] = {&row.recorded_at, &row.recorded_by, &row.kind, &row.of,       &row.place, &row.month,
                                 &row.quantity,    &row.unit,        &row.note, &row.previous, &row.hash};
  for (std::size_t i = 1; i < kCellCount; ++i) *fields[i - 1] = cells[i];
  return row;
}

Outcome<std::vector<RegisterRow>> parse(std::string_view text, const fs::path& file) {
  if (!text.starts_with(kHeader)) return damaged(file, 1, "its header is not that of a register");
  text.remove_prefix(kHeader.size());
  std::vector<RegisterRow> rows;
  std::string previous = sha256("");
  for (int line = 2; !text.empty();) {
    const int at = line;
    const auto cells = take_record(text, file, line);
    if (!cells) return std::unexpected(cells.error());
    auto row = row_of(*cells, file, at);
    if (!row) return std::unexpected(row.error());
    if (row->seq != static_cast<int64_t>(rows.size()) + 1)
      return damaged(file, at, fmt::format("row {} stands where row {} should", row->seq, rows.size() + 1));
    if (row->previous != previous) return damaged(file, at, "the row before it is not the one it was written after");
    if (row->hash != hash_of(*row)) return damaged(file, at, "the row was changed after it was written");
    previous = row->hash;
    rows.push_back(std::move(*row));
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
  std::string text;
  for (const std::string& cell : cells_before_hash(row)) text += fmt::format("{}:{};", cell.size(), cell);
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
  std::string text(kHeader);
  for (const RegisterRow& row : there->rows) text += line_of(row);
  if (const auto written = write_file_atomically(file, text); !written) return std::unexpected(written.error());
  return there;
}

}  // namespace beltline
