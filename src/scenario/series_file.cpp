#include "scenario/series_file.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {

SeriesFiles::File* SeriesFiles::open(const std::string& file, const Origin& place, Diagnostics& diagnostics) {
  const std::string from = place.file < 0 ? std::string() : files_.files()[place.file].path;
  const std::vector<std::string> paths = files_.expand(file, from, place, diagnostics);
  if (paths.empty()) return nullptr;
  const std::string& path = paths.front();
  const FileKind kind = kind_of(path);
  if (paths.size() > 1 || (kind != FileKind::csv && kind != FileKind::parquet)) {
    diagnostics.add({.code = Code::include_unknown_kind,
                     .origin = place,
                     .message = fmt::format("'{}' is not one CSV or Parquet file", printable(file)),
                     .help = "write the path of one file that ends in .csv or .parquet"});
    return nullptr;
  }
  if (const auto known = known_.find(path); known != known_.end()) return known->second ? &*known->second : nullptr;

  std::optional<File>& slot = known_[path];
  const std::optional<int32_t> index = files_.read(path, place, diagnostics);
  if (!index) return nullptr;
  File opened{.index = *index, .csv = {}, .parquet = {}};
  if (kind == FileKind::csv) {
    opened.csv = parse_csv(files_.files()[*index].text, *index, diagnostics);
    if (!opened.csv) return nullptr;
  } else {
    Outcome<Table> table = table_from_parquet(files_.bytes(*index), path);
    if (!table) {
      diagnostics.add({.code = Code::parquet_unreadable,
                       .origin = place,
                       .message = fmt::format("'{}' is damaged or no Parquet file", printable(path)),
                       .help = "write the file again, or save it as CSV"});
      return nullptr;
    }
    opened.parquet = std::move(*table);
  }
  slot = std::move(opened);
  return &*slot;
}

std::optional<SeriesColumn> SeriesFiles::column(const std::string& file, const std::string& column, const Origin& place,
                                                const Origin& column_place, Diagnostics& diagnostics) {
  File* const opened = open(file, place, diagnostics);
  if (opened == nullptr) return std::nullopt;
  const auto missing = [&](const std::vector<std::string>& names) {
    const std::string nearest = nearest_word(column, names);
    diagnostics.add({.code = Code::csv_missing_column,
                     .origin = column_place,
                     .message = fmt::format("'{}' has no column '{}'", printable(file), printable(column)),
                     .help = nearest.empty() ? fmt::format("its columns are {}", printable(listing(names), 1024))
                                             : did_you_mean_text(printable(nearest)),
                     .fix = {nearest}});
    return std::nullopt;
  };

  SeriesColumn out;
  std::vector<std::string> names;
  if (opened->csv) {
    CsvTable& csv = *opened->csv;
    // reading more files may have moved this one's text
    csv.text = files_.files()[opened->index].text;
    const std::size_t found = csv.find(column);
    if (found == std::string_view::npos) {
      for (const CsvHeader& header : csv.header) names.push_back(header.key);
      return missing(names);
    }
    out.unit = csv.header[found].unit;
    out.has_unit = csv.header[found].has_unit;
    for (std::size_t row = 0; row < csv.row_count(); ++row) {
      out.texts.push_back(csv.value(csv.cell(row, found)));
      out.origins.push_back(csv.origin(csv.cell(row, found)));
    }
    return out;
  }

  const Column* const found = opened->parquet->find(column);
  if (found == nullptr) {
    for (const Column& c : opened->parquet->columns) names.push_back(c.name);
    return missing(names);
  }
  out.unit = found->unit;
  out.has_unit = !found->unit.empty();
  if (const auto* texts = std::get_if<std::vector<std::string>>(&found->values)) out.texts = *texts;
  if (const auto* numbers = std::get_if<std::vector<double>>(&found->values)) out.numbers = *numbers;
  if (const auto* integers = std::get_if<std::vector<int64_t>>(&found->values)) {
    out.numbers.assign(integers->begin(), integers->end());
  }
  out.origins.assign(found->size(), place);
  return out;
}

}  // namespace beltline
