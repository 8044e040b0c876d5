// The register of actuals: rows that are only ever added, each with who wrote it and when, chained by their hashes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/failure.h"

namespace beltline {

/// One row as it stands in the file; texts as they were given.
struct RegisterRow {
  int64_t seq = 0;          // from 1, without a gap
  std::string recorded_at;  // "2026-11-26T08:15:00Z"
  std::string recorded_by;
  std::string kind;  // of an actual (run/actuals.h), or "close": the month is closed
  std::string of;
  std::string place;
  std::string month;
  std::string quantity;
  std::string unit;
  std::string note;
  std::string previous;  // hash of the row before; that of nothing for the first
  std::string hash;      // SHA-256 over the row's other cells and `previous`

  bool operator==(const RegisterRow&) const = default;
};

/// A whole register, its chain verified.
struct Register {
  std::filesystem::path file;
  std::vector<RegisterRow> rows;

  /// Hash of the last row: whoever notes it can show later that nothing up to it was changed or taken away.
  [[nodiscard]] std::string head() const;
  [[nodiscard]] bool is_closed(YearMonth month) const;
  [[nodiscard]] std::vector<std::string> closed_months() const;
};

/// Where the register of a folder lies: FOLDER/actuals/register.csv, or the file itself where `at` names a CSV.
std::filesystem::path register_file(const std::filesystem::path& at);

/// Reads and verifies a register; one that is not there yet is empty.
/// @errors the disk's; a row that is malformed, out of sequence, or whose hash does not fit: with its line
Outcome<Register> read_register(const std::filesystem::path& at);

/// What an addition gives each new row besides the hash.
struct Recording {
  std::string at;  // time
  std::string by;  // name
};

/// Appends rows, whole or not at all: it holds the register's lock, reads it again, lets `check` judge what is there,
/// and puts a new file into the old one's place. A killed writer leaves the register as it was.
///
/// @param rows   kind to note; the rest is filled in
/// @param check  called with the register as it is under the lock; a failure ends without a change
/// @returns the register after the addition
/// @errors of read_register and of `check`; the disk's
Outcome<Register> append_rows(const std::filesystem::path& at, std::vector<RegisterRow> rows,
                              const Recording& recording, const std::function<Outcome<void>(const Register&)>& check);

/// The hash of a row in its chain.
std::string hash_of(const RegisterRow& row);

}  // namespace beltline
