// Columns of CSV and Parquet files that series refer to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "scenario/csv.h"
#include "scenario/source.h"
#include "table/table.h"

namespace beltline {

/// A column as a series wants it: its unit, and one number or text a row with its place.
struct SeriesColumn {
  std::string unit;
  bool has_unit = false;
  std::vector<std::string> texts;  // CSV, and text columns of Parquet
  std::vector<double> numbers;     // Parquet
  std::vector<Origin> origins;
};

/// The files that series name, each read and cut once.
class SeriesFiles {
 public:
  explicit SeriesFiles(ScenarioFiles& files) : files_(files) {}

  /// Column `column` of `file`, written at `column_place` and `place`. Nothing after reporting why.
  /// @errors BL0001..BL0008, BL0010, BL0020, BL0021, BL0022, BL0024
  std::optional<SeriesColumn> column(const std::string& file, const std::string& column, const Origin& place,
                                     const Origin& column_place, Diagnostics& diagnostics);

 private:
  struct File {
    int32_t index = -1;
    std::optional<CsvTable> csv;
    std::optional<Table> parquet;
  };
  File* open(const std::string& file, const Origin& place, Diagnostics& diagnostics);

  ScenarioFiles& files_;
  std::map<std::string, std::optional<File>> known_;
};

}  // namespace beltline
