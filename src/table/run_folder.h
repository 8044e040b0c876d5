// A run folder: manifest.json and tables/*.parquet. Complete if and only if its manifest is there and every hash fits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

/// What a run wrote besides its tables. `manifest_json` is a JSON object to which "files" (path, size, sha256),
/// "format" and "manifest_sha256" are added; `texts` are further files (name, content) such as "summary.txt";
/// `scenario` are the files that it was made from (path, bytes), written below "scenario/"; `runs` are runs that are
/// parts of this one (path, contents), below "branches/": whole run folders inside it, which its manifest lists
/// file by file.
struct RunContents {
  std::string manifest_json;
  std::vector<Table> tables;
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::pair<std::string, std::string>> scenario = {};
  std::vector<std::pair<std::string, RunContents>> runs = {};
};

/// Writes the folder. The order makes a kill harmless: everything goes into a temporary folder beside the target
/// (".NAME.partial-PID-N"), each file fsynced, the manifest last; then one rename swaps it in (an older run changes
/// places with it by RENAME_EXCHANGE and is then removed). Stale partial folders of dead processes are removed. Of
/// several writers at once the last to finish wins. Where the file system cannot exchange (NFS), there is a moment
/// without a run.
/// @errors the disk's; a name that is no safe file name (is_safe_path) or is there twice; the target exists and is
///         neither empty nor a run folder, or holds files that its run did not write (it is left alone)
Outcome<void> write_run(const std::filesystem::path& folder, const RunContents& contents);

/// Reads manifest.json and verifies its own SHA-256, and size and SHA-256 of every file in it; returns the manifest's
/// text. Safe while writers replace the run: the answer is about one of the runs as a whole. So are the two below.
Outcome<std::string> verify_run(const std::filesystem::path& folder);

/// Names of the tables in the run, sorted.
Outcome<std::vector<std::string>> table_names(const std::filesystem::path& folder);
/// One table, its hash checked against the manifest and its page checksums verified.
Outcome<Table> read_run_table(const std::filesystem::path& folder, const std::string& name);

/// The bytes of one more file of the run ("summary.txt", "scenario/scenario.toml"), its hash checked.
Outcome<std::string> read_run_file(const std::filesystem::path& folder, const std::string& path);

}  // namespace beltline
