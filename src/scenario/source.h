// The files of a scenario: read once, never from outside its folder, checked before anyone parses them.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace beltline {

enum class FileKind { toml, csv, parquet, other };

/// By the end of the name.
FileKind kind_of(std::string_view path);

/// Where a scenario's files come from: a folder on disk, or texts in memory (tests, fuzzers).
class ScenarioFiles {
 public:
  /// `folder` exists and is canonical.
  explicit ScenarioFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  explicit ScenarioFiles(std::span<const SourceFile> memory) : in_memory_(true), memory_(memory) {}

  /// The paths that `pattern`, written in file `from`, stands for: itself, or what its * and ? match, sorted.
  /// @errors BL0008 it leaves the folder, BL0001 nothing matches
  std::vector<std::string> expand(std::string_view pattern, const std::string& from, const Origin& place,
                                  Diagnostics& diagnostics) const;

  /// Reads a file into `files()`; its index, or nothing after saying why. A file read before is not read again.
  /// Text is checked for emptiness, NUL and UTF-8, and loses a byte order mark. Parquet bytes are in `bytes`.
  /// @errors BL0001..BL0005, BL0008, BL0011
  std::optional<int32_t> read(const std::string& path, const Origin& place, Diagnostics& diagnostics);

  /// Adds a text that stands in no file, such as the overrides of the command line; it counts in `hash`.
  int32_t add_text(const std::string& name, std::string text);

  [[nodiscard]] const SourceFiles& files() const { return files_; }
  [[nodiscard]] SourceFiles take_files() { return std::move(files_); }
  /// The bytes of a Parquet file that was read.
  [[nodiscard]] const std::string& bytes(int32_t file) const { return bytes_.at(file); }
  /// The files as they were read, byte for byte, in path order; texts that stand in no file left out.
  [[nodiscard]] std::vector<SourceFile> originals() const;
  /// SHA-256 over one line "digest  path" a file, in path order (see Spec::hash).
  [[nodiscard]] std::string hash() const;

 private:
  std::optional<std::string> load(const std::string& path, const Origin& place, Diagnostics& diagnostics) const;
  std::optional<std::string> load_from_disk(const std::string& path, const Origin& place,
                                            Diagnostics& diagnostics) const;
  /// Whether a canonical path lies in the scenario folder.
  [[nodiscard]] bool is_inside(const std::filesystem::path& real) const;
  /// The files of the kinds we read in the folder of `path`, by paths from the scenario folder; for suggestions.
  [[nodiscard]] std::vector<std::string> files_beside(const std::string& path) const;
  std::nullopt_t refuse_missing(const std::string& path, const Origin& place, Diagnostics& diagnostics) const;
  void match(const std::string& pattern, std::vector<std::string>& found) const;

  std::filesystem::path folder_;
  bool in_memory_ = false;
  std::span<const SourceFile> memory_;
  SourceFiles files_;
  std::map<std::string, std::optional<int32_t>, std::less<>> known_;
  std::map<std::string, std::string> digests_;
  std::map<int32_t, std::string> bytes_;
  std::set<int32_t> marked_;  // files that begin with a byte order mark, which `files_` is without
};

}  // namespace beltline
