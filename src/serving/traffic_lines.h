// The lines of a file of any size, plain or packed by gzip, in constant memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "table/gunzip.h"
#include "table/partial.h"

namespace beltline::serving {

/// A line may have this many bytes: a prompt of ten million tokens in blocks of 512.
inline constexpr std::size_t kLineBytesMax = std::size_t{4} << 20;

struct TextLine {
  std::string_view text;  // without its end; valid until the next line is read
  uint64_t number = 0;    // from 1
  bool is_ended = true;   // false: the file ends without a line end here
  bool is_cut = false;    // longer than kLineBytesMax: `text` is its beginning, the rest is skipped
};

class LineReader {
 public:
  /// @errors the disk's; a folder, a pipe or a device; a format of packing that is not gzip, by its first bytes
  static Outcome<LineReader> open(const std::filesystem::path& path);

  /// The next line, or nothing at the end or after a failure.
  std::optional<TextLine> next();
  /// What ended the reading early: the disk, damaged gzip, or gzip that is cut off.
  [[nodiscard]] const std::optional<Failure>& failed() const { return failed_; }
  [[nodiscard]] bool is_packed() const { return gunzip_.has_value(); }
  /// Bytes of the file that were read, and all it has: for progress.
  [[nodiscard]] uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] uint64_t bytes_all() const { return bytes_all_; }

 private:
  explicit LineReader(FileHandle file) : file_(std::move(file)) {}
  bool fill();         // more text into text_; false at the end
  bool fill_packed();  // from raw_ into raw_packed_
  std::size_t read_some(std::vector<char>& into);
  void skip_rest_of_line();

  FileHandle file_;
  std::optional<Gunzip> gunzip_;
  std::vector<char> raw_;  // packed bytes
  std::size_t raw_at_ = 0;
  std::vector<char> text_;  // unpacked bytes; [at_, text_.size()) are not read yet
  std::size_t at_ = 0;
  std::string beginning_;  // of a line that is too long
  uint64_t number_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_all_ = 0;
  bool ended_ = false;
  std::optional<Failure> failed_;
};

}  // namespace beltline::serving
