// What the formats of traces share: cells of a line, and numbers with the faults they may have.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::serving {

/// A row of a trace as its format has it.
struct TraceRow {
  int64_t time_ns = 0;  // from any beginning
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
  int32_t priority = 0;          // 0 to kPriorityMax; 0 where the file has none
  std::string_view model;        // into the line
  std::string_view session;      // into the line
  std::vector<uint64_t> blocks;  // hashes of the prompt's blocks from the front; empty: not told

  void clear() {
    model = session = {};
    priority = 0;
    blocks.clear();
  }
};

/// The faults of one row; places are columns in its line.
using RowFaults = std::vector<Diagnostic>;

/// A format of traces. One row a line.
class TraceFormat {
 public:
  virtual ~TraceFormat() = default;
  /// "azure", as --format names it.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Whether the first line is a header.
  [[nodiscard]] virtual bool has_header() const = 0;
  /// Reads a line; a row with faults is not to be used.
  virtual void read(std::string_view line, TraceRow& row, RowFaults& faults) = 0;
  /// Tokens of a block of TraceRow::blocks.
  [[nodiscard]] virtual int64_t block_tokens() const { return 0; }
};

/// A cell of a CSV line: its text without quotes, and where it stands.
struct TraceCell {
  std::string_view text;
  uint32_t column = 1;

  [[nodiscard]] Origin origin() const {
    return {.column = column, .length = static_cast<uint32_t>(text.empty() ? 1 : text.size())};
  }
};

/// Cuts a line of CSV (RFC 4180, a cell on one line) into `cells`. False where a quote has no end.
bool cut_cells(std::string_view line, std::vector<TraceCell>& cells);

/// The columns of a CSV header that a format wants.
class TraceColumns {
 public:
  /// @param wanted  names; a missing one is -1 in `at`
  TraceColumns(std::string_view header, std::span<const std::string_view> wanted);
  [[nodiscard]] bool has(std::size_t wanted) const { return at_[wanted] >= 0; }
  /// Cuts a line. False, after a fault, where it has another number of cells than the header.
  bool cut(std::string_view line, RowFaults& faults);
  /// The cell of a wanted column that is there.
  [[nodiscard]] const TraceCell& cell(std::size_t wanted) const {
    return cells_[static_cast<std::size_t>(at_[wanted])];
  }
  /// Columns of the header that nobody wants, for a note.
  [[nodiscard]] const std::vector<std::string>& others() const { return others_; }

 private:
  std::vector<int> at_;
  std::vector<std::string> others_;
  std::size_t count_ = 0;
  std::vector<TraceCell> cells_;
};

/// A count of tokens: a whole number from 0 to kTokensMax, also written 374.0. Adds a fault and gives 0 where it is
/// none.
/// @param what  "input_length", as the file calls it
int64_t read_tokens(const TraceCell& cell, std::string_view what, RowFaults& faults);

/// Who goes first: a whole number from 0 to kPriorityMax, lower first. Adds a fault and gives 0 where it is none.
int32_t read_priority(const TraceCell& cell, RowFaults& faults);

/// A time in units of `unit_ns`, such as "1777142838.338653" seconds, to the nanosecond.
int64_t read_time(const TraceCell& cell, std::string_view what, int64_t unit_ns, RowFaults& faults);

/// The formats by the name that --format gives them.
std::span<const std::string_view> trace_format_names();

/// The format of a file by its first line; null where it is none that is known. `name` picks one instead of looking.
/// @errors BL0021 a header that lacks a column, BL0110 none known
std::unique_ptr<TraceFormat> find_trace_format(std::string_view first_line, std::string_view name, RowFaults& faults);

}  // namespace beltline::serving
