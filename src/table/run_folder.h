// A run folder: manifest.json and tables/*.parquet. Complete when, and only when, its manifest is there and every hash fits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

/// What a run wrote besides its tables. `manifest_json` is a JSON object to which "files" (path, size, sha256) and
/// "format" are added; `texts` are further files (name, content) such as "summary.txt".
struct RunContents {
  std::string manifest_json;
  std::vector<Table> tables;
  std::vector<std::pair<std::string, std::string>> texts;
};

/// Writes the folder. The order makes a kill harmless: everything goes into a temporary folder beside the target
/// (".NAME.partial-PID"), each file fsynced, the manifest last; then one rename swaps it in (an older run is renamed
/// away first with RENAME_EXCHANGE and then removed). Stale partial folders of dead processes are removed.
/// @errors the disk's; the target exists and is not a run folder (it is left alone)
Outcome<void> write_run(const std::filesystem::path& folder, const RunContents& contents);

/// Reads manifest.json and verifies size and SHA-256 of every file in it; returns the manifest's text.
Outcome<std::string> verify_run(const std::filesystem::path& folder);

/// Names of the tables in the run, sorted.
Outcome<std::vector<std::string>> table_names(const std::filesystem::path& folder);
/// One table, its hash checked against the manifest and its page checksums verified.
Outcome<Table> read_run_table(const std::filesystem::path& folder, const std::string& name);

}  // namespace beltline
