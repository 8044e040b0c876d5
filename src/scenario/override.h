// What-ifs in one line: `site.ulsan.online=2029-06`, `product.hbm4.yield*=0.5`, `site.ulsan.online+=24 month`.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scenario/documents.h"
#include "scenario/reading.h"

namespace beltline {

/// One part of a path: a name after a dot, or what stands in brackets after the key of records.
struct PathStep {
  std::string text;
  bool is_record = false;  // position from 1, value of the records' first field, or * for all of them
  Origin origin;
};

/// One override as written.
struct Override {
  enum class Kind { assign, scale, add };
  Kind kind = Kind::assign;
  const Section* section = nullptr;
  std::string entry;  // "" for single sections
  Origin entry_origin;
  std::vector<PathStep> steps;  // from the key on
  SourceNode value;
};

/// The overrides of one load, in the order given; a later one meets what an earlier one left.
///
///     PATH=VALUE     VALUE is a TOML value, or bare text taken as a string where it is none: 2029-06, 120 MW
///     PATH*=FACTOR   scales a number, a quantity with its range, or every value of a series, in the key's unit
///     PATH+=VALUE    adds to the same, and moves a month
///     PATH           section.entry.key, or section.key of a single section; key[2].field, key[name].field or
///                    key[*].field in records
///
/// They are checked as if written in the file: values are put into tables before these are read (`assign`), and changed
/// numbers pass the bounds of their key again (`change`). What is about no entry there is becomes a new one.
class Overrides {
 public:
  Overrides() = default;
  /// @param file  index of kOverrideFile, whose text is `sets` joined by newlines
  /// @errors BL0012 not PATH=VALUE, BL0100 no such section, BL0112 no name, BL0007 TOML that is begun and not ended
  Overrides(std::span<const std::string> sets, int32_t file, const SectionMap& sections, Diagnostics& diagnostics);

  /// Whether an override is about this entry.
  [[nodiscard]] bool concerns(const Section& section, std::string_view entry) const;
  /// The entry's table with what is assigned in it. From now on the entry is known.
  /// @errors BL0101 no such key, BL0012 a path that leads nowhere, BL0109 no such record
  SourceNode assign(const Section& section, std::string_view entry, SourceNode table, Diagnostics& diagnostics);
  /// Scales and adds to the values of an entry that was read from `table`.
  /// @errors BL0101 no such key, BL0102 nothing there to change, BL0103 no number, those of numbers and their bounds
  void change(Reading& reading, const Section& section, const SourceNode& table, Entry& entry) const;

  struct NewEntry {
    const Section* section = nullptr;
    std::string name;
    Origin origin;
    SourceNode table;
  };
  /// Entries of core or other sections that overrides name and no file has, their tables filled.
  /// @param spec  the entries that files have, for suggestions
  /// @errors BL0109 a new entry that would lack required keys (another was meant), or, as a warning, is near another
  std::vector<NewEntry> take_new(bool is_core, const Spec& spec, Diagnostics& diagnostics);

 private:
  using Id = std::pair<std::string, std::string>;  // section, entry

  std::vector<Override> overrides_;
  std::set<Id> known_;
};

}  // namespace beltline
