// The files of a scenario joined by `include`, and the entries found in them.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "scenario/csv.h"
#include "scenario/node.h"
#include "scenario/schema.h"
#include "scenario/source.h"

namespace beltline {

struct TomlDocument {
  int32_t file = -1;
  SourceNode root;
};

struct CsvDocument {
  const Section* section = nullptr;
  int32_t file = -1;
};

/// All files, parsed as far as they can be. `complete` is false if one could not: names may be missing then.
struct Documents {
  std::deque<TomlDocument> toml;
  std::vector<CsvDocument> csv;
  bool complete = true;
};

/// The sections by name, core sections among them.
using SectionMap = std::map<std::string, const Section*, std::less<>>;

/// Reads `main` and all it includes.
/// @errors of ScenarioFiles::read and parse_toml, BL0009 a cycle, BL0010 neither TOML nor the CSV of a section
Documents read_documents(ScenarioFiles& files, const std::string& main, const SectionMap& sections,
                         Diagnostics& diagnostics);

/// The overrides that files hold themselves, `set = ["site.ulsan.online=2029-06"]`, those of included files first.
/// @errors BL0103 no list of texts
std::vector<std::string> sets_of(const Documents& documents, Diagnostics& diagnostics);

/// An entry as found: its table, not read yet.
struct RawEntry {
  const Section* section = nullptr;
  std::string name;  // "" for single sections
  Origin origin;
  const SourceNode* table = nullptr;
};

/// The entries of TOML documents.
/// @errors BL0100 unknown section, BL0103 not a table, BL0112 bad name
std::vector<RawEntry> find_entries(const Documents& documents, const SectionMap& sections, Diagnostics& diagnostics);

/// Turns rows of a section's CSV into tables, one at a time.
class CsvEntries {
 public:
  /// @errors BL0021 no column `name`, a column that is no key
  CsvEntries(const CsvTable& table, const Section& section, Diagnostics& diagnostics);

  /// Whether the header can be used at all.
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t row_count() const { return table_.row_count(); }
  /// The row's name cell and its place, and its other cells as a table.
  [[nodiscard]] std::string name(std::size_t row) const;
  [[nodiscard]] Origin origin(std::size_t row) const;
  [[nodiscard]] SourceNode table(std::size_t row) const;

 private:
  /// Where a column goes: key, and the part of a quantity ("low") or "".
  struct Target {
    std::string key;
    std::string part;
    std::string unit;
  };
  void check_column(std::size_t column, const Section& section, Diagnostics& diagnostics);

  const CsvTable& table_;
  std::size_t name_column_ = 0;
  std::vector<Target> targets_;
  bool good_ = true;
};

/// Whether the text may name an entry; reports it if not.
/// @errors BL0112
bool check_name(std::string_view name, const Section& section, const Origin& place, Diagnostics& diagnostics);

}  // namespace beltline
