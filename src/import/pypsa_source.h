// A PyPSA network as its files hold it: components by list ("generators"), static values as text, series as numbers.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::pypsa {

/// A value as it is written, with its place.
struct Cell {
  std::string text;
  Origin origin;
};

/// The components of one list, such as all generators.
struct Component {
  std::string list;
  std::vector<Cell> names;
  std::map<std::string, std::vector<Cell>, std::less<>> columns;  // [attribute][component]; an empty text: not given
  std::map<std::string, Origin, std::less<>> column_origins;
  /// [attribute][name][snapshot]; only components whose value varies
  std::map<std::string, std::map<std::string, std::vector<double>, std::less<>>, std::less<>> series;
  std::map<std::string, Origin, std::less<>> series_origins;
};

/// The snapshots of the network, in order, with what each counts for.
struct Snapshots {
  std::vector<std::string> labels;
  std::vector<int> periods;  // [snapshot] investment period; empty without such periods
  std::vector<double> objective, stores, generators;
};

/// An investment period: a year, what its costs count for, and the years it stands for.
struct Period {
  int year = 0;
  double objective = 1;
  double years = 1;
};

struct Source {
  std::string name;
  std::map<std::string, Component, std::less<>> lists;
  Snapshots snapshots;
  std::vector<Period> periods;

  [[nodiscard]] std::size_t snapshot_count() const { return snapshots.labels.size(); }
};

/// Lists that a network may have, in the order in which they are read: buses first.
std::span<const std::string_view> list_names();

/// A folder as Network.export_to_csv_folder writes it.
/// @errors files that are not there, are no CSV, have rows of another length or values that are no numbers: all of them
std::optional<Source> read_csv_folder(const std::filesystem::path& folder, SourceFiles& files,
                                      Diagnostics& diagnostics);

/// A file as Network.export_to_netcdf writes it, of netCDF 3 or 4.
std::optional<Source> read_netcdf(const std::filesystem::path& path, SourceFiles& files, Diagnostics& diagnostics);

/// A number as pandas writes it: "1.5", "inf", "nan".
std::optional<double> number_of(std::string_view text);

/// Fills what a source may leave out: one snapshot "now", weights of 1, periods from the snapshots.
void complete(Source& source);

}  // namespace beltline::pypsa
