// A scenario in the making: entries and their values in order, and the files that they are written to.
//
// Readers of other tools' formats fill it; `files` writes TOML that a person can read and edit, with long series in CSV
// files beside it, one file a family ("generators-p_max_pu.csv"), a column a component and a row a slice. Every number
// is written with the shortest digits that read back as the same double.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline {

/// Numbers of a series: one for all, or one a period or slice as `by` says.
struct Numbers {
  std::vector<double> values;
  std::string unit;               // "" for plain numbers
  std::string by = "slice";       // "slice" or "period"
  std::string family = "series";  // name, without .csv, of the file for many values
  std::string column = {};        // their column in it; "" for the name of the entry
};

/// Keys and values of an entry, or of one table of a list, in the order in which they were set.
class Fields {
 public:
  /// Text that is not empty; an empty one is left out.
  Fields& text(std::string_view key, std::string_view value);
  Fields& flag(std::string_view key, bool value);
  Fields& whole(std::string_view key, int64_t value);
  /// A finite number with its unit, or plain.
  Fields& number(std::string_view key, double value, std::string_view unit = {});
  /// Written as one number where all are the same, as a list where they are few, else as a column of a CSV file.
  Fields& series(std::string_view key, Numbers numbers);
  Fields& names(std::string_view key, const std::vector<std::string>& values);
  /// A list of tables; an empty one is left out.
  Fields& records(std::string_view key, std::vector<Fields> tables);

  [[nodiscard]] bool has(std::string_view key) const;

 private:
  friend class DraftWriter;
  enum class Kind : uint8_t { literal, series, records };
  struct Field {
    std::string key;
    Kind kind = Kind::literal;
    std::string literal = {};  // as TOML
    Numbers numbers = {};
    std::vector<Fields> tables = {};
  };
  std::vector<Field> fields_;
};

class Draft {
 public:
  /// A section that stands once: "calendar".
  Fields& single(std::string_view section);
  /// An entry of a section: a valid name, which no other entry of the section has.
  Fields& entry(std::string_view section, std::string_view name);
  [[nodiscard]] bool has(std::string_view section, std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view section) const;

  /// Lines at the top of scenario.toml: where it came from. Without #.
  std::string header;
  /// Names of the rows of CSV files that have as many rows: snapshots.
  std::string row_title = "row";
  std::vector<std::string> row_names;
  /// The same for series by period: years.
  std::string period_title = "period";
  std::vector<std::string> period_names;

  /// The whole scenario as files: scenario.toml first, then those it includes, then CSV files by name.
  [[nodiscard]] std::vector<SourceFile> files() const;

 private:
  friend class DraftWriter;
  struct Entry {
    std::string name;
    Fields fields;
  };
  struct Section {
    std::string name;
    bool single = false;
    std::deque<Entry> entries;  // the fields of one stay where they are while others are added
  };
  Section& section(std::string_view name, bool single);

  std::deque<Section> sections_;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;  // (section, entry) → where
};

/// A text as TOML writes it, in quotes.
std::string toml_text(std::string_view text);
/// The shortest decimal that reads back as the same number.
std::string exact(double value);

}  // namespace beltline
