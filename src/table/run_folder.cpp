#include "table/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "table/files.h"
#include "table/manifest.h"
#include "table/partial.h"
#include "table/swap.h"

namespace beltline {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTables = "tables/";
constexpr std::string_view kParquet = ".parquet";
constexpr std::string_view kScenario = "scenario/";
constexpr std::string_view kBranches = "branches/";
constexpr std::size_t kManifestSizeMax = std::size_t{8} << 20;
constexpr std::size_t kTableMemoryMax = std::size_t{8} << 30;  // the run wrote it: its hash says so
constexpr int kTriesMax = 50;

std::string table_path(std::string_view name) {
  return fmt::format("{}{}{}", kTables, name, kParquet);
}

// Tells whether a writer has swapped in another run meanwhile; inode numbers alone are soon used again.
struct Identity {
  ino_t inode = 0;  // 0 where there is no folder
  timespec changed{};

  bool operator==(const Identity& other) const {
    return inode == other.inode && changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
  }
};

Identity identity(const fs::path& folder) {
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_ctim};
}

// Asks again while the answer is a failure and a writer replaced the folder under it.
template <class Read>
auto while_replaced(const fs::path& folder, Read read) {
  for (int tries = 1;; ++tries) {
    const Identity before = identity(folder);
    auto answer = read();
    if (answer || identity(folder) == before || tries == kTriesMax) return answer;
  }
}

// --- what a folder is

struct Listed {
  std::string text;
  std::vector<ManifestFile> files;
};

// Why a folder without a manifest is no run, in words that say what to do.
std::string no_run(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return fmt::format("there is no run folder '{}'", folder.string());
  const bool is_scenario = fs::exists(folder / "scenario.toml", error);
  return fmt::format("'{}' is no run folder: it has no manifest.json{}", folder.string(),
                     is_scenario ? fmt::format("; 'beltline plan {} -o RUN' makes a run of it", folder.string()) : "");
}

Outcome<Listed> read_manifest(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / "manifest.json", error) && !error) return failure(no_run(folder));
  Outcome<std::string> text = read_file(folder / "manifest.json", kManifestSizeMax);
  if (!text) return std::unexpected(text.error());
  Outcome<std::vector<ManifestFile>> files = parse_manifest(*text);
  if (!files) return std::unexpected(files.error());
  if (auto sealed = check_seal(*text); !sealed) return std::unexpected(sealed.error());
  return Listed{std::move(*text), std::move(*files)};
}

// "scenario/data/prices.csv" → "scenario", "scenario/data": outer ones first.
std::set<std::string> folders_of(const std::string& path) {
  std::set<std::string> folders;
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    folders.insert(path.substr(0, slash));
  }
  return folders;
}

// The first entry that neither the manifest nor the form of a run folder accounts for, if any.
std::optional<std::string> find_stranger(const fs::path& folder, const std::vector<ManifestFile>& files) {
  std::set<std::string> folders = {"", "tables"};
  std::set<std::string> known = {"manifest.json"};
  for (const ManifestFile& file : files) {
    known.insert(file.path);
    folders.merge(folders_of(file.path));
  }
  for (const std::string& inside : folders) {
    std::error_code error;
    for (fs::directory_iterator it(folder / inside, error), end; it != end; it.increment(error)) {
      const std::string path = (fs::path(inside) / it->path().filename()).string();
      if (!known.contains(path) && !folders.contains(path)) return path;
    }
  }
  return std::nullopt;
}

// Whether a run may take this place: nothing, an empty folder, or a run folder and nothing else in it.
Outcome<void> check_replaceable(const fs::path& target) {
  std::error_code error;
  const fs::file_type type = fs::symlink_status(target, error).type();
  if (type == fs::file_type::not_found) return {};
  if (type != fs::file_type::directory) return failure(fmt::format("'{}' exists and is not a folder", target.string()));
  if (fs::is_empty(target, error) && !error) return {};
  const Outcome<Listed> listed = read_manifest(target);
  if (!listed) {
    return failure(
        fmt::format("'{}' is not a run folder and is left alone ({})", target.string(), listed.error().message));
  }
  if (const auto stranger = find_stranger(target, listed->files)) {
    return failure(
        fmt::format("'{}' holds '{}', which its run did not write; it is left alone", target.string(), *stranger));
  }
  return {};
}

// --- writing

std::string scenario_path(std::string_view path) {
  return fmt::format("{}{}", kScenario, path);
}

Outcome<void> check_names(const RunContents& contents) {
  std::set<std::string> paths = {"manifest.json", "tables", "scenario"};
  std::set<std::string> folders;
  for (const auto& [path, run] : contents.runs) {
    if (!is_safe_path(path) || !path.starts_with(kBranches) || !folders.insert(path).second)
      return failure(fmt::format("'{}' cannot be the path of a run in a run folder", path));
    if (auto named = check_names(run); !named) return named;
    paths.merge(folders_of(path + "/"));
  }
  const auto add = [&](const std::string& name, std::string path) -> Outcome<void> {
    if (!is_safe_name(name)) return failure(fmt::format("'{}' cannot be a file's name in a run folder", name));
    if (!paths.insert(std::move(path)).second) return failure(fmt::format("two files '{}' in one run folder", name));
    return {};
  };
  for (const Table& table : contents.tables) {
    if (auto added = add(table.name, table_path(table.name)); !added) return added;
  }
  for (const auto& [name, text] : contents.texts) {
    if (auto added = add(name, name); !added) return added;
  }
  for (const auto& [path, bytes] : contents.scenario) {
    if (!is_safe_path(path)) return failure(fmt::format("'{}' cannot be a file's path in a run folder", path));
    paths.merge(folders_of(scenario_path(path)));
  }
  for (const auto& [path, bytes] : contents.scenario) {
    if (!paths.insert(scenario_path(path)).second)
      return failure(fmt::format("two files '{}' in one run folder", scenario_path(path)));
  }
  return {};
}

Outcome<void> write_new_file(const fs::path& path, std::string_view bytes) {
  const FileHandle file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.valid()) return errno_failure("write", path);
  return write_and_sync(file.get(), bytes, path);
}

// Everything but the swap. The manifest is written last: a folder with a manifest is a whole run.
// @returns all that was written, the manifest too
Outcome<std::vector<ManifestFile>> write_contents(const fs::path& folder, const RunContents& contents) {
  std::vector<ManifestFile> files;
  const auto write = [&](const std::string& path, std::string_view bytes) {
    files.push_back({.path = path, .size = bytes.size(), .sha256 = sha256(bytes)});
    return write_new_file(folder / path, bytes);
  };
  std::set<std::string> folders = {"tables"};
  for (const auto& [path, bytes] : contents.scenario) folders.merge(folders_of(scenario_path(path)));
  for (const std::string& each : folders) {
    if (mkdir((folder / each).c_str(), 0755) != 0) return errno_failure("make folder", folder / each);
  }
  for (const auto& [path, run] : contents.runs) {
    for (const std::string& each : folders_of(path + "/")) {
      if (mkdir((folder / each).c_str(), 0755) != 0 && errno != EEXIST)
        return errno_failure("make folder", folder / each);
    }
    auto inside = write_contents(folder / path, run);
    if (!inside) return inside;
    for (ManifestFile& file : *inside) {
      file.path = path + "/" + file.path;
      files.push_back(std::move(file));
    }
    for (const std::string& each : folders_of(path + "/")) folders.insert(each);
  }
  for (const Table& table : contents.tables) {
    const Outcome<std::string> bytes = to_parquet(table);
    if (!bytes) return failure(fmt::format("table '{}': {}", table.name, bytes.error().message));
    if (auto written = write(table_path(table.name), *bytes); !written) return std::unexpected(written.error());
  }
  for (const auto& [name, text] : contents.texts) {
    if (auto written = write(name, text); !written) return std::unexpected(written.error());
  }
  for (const auto& [path, bytes] : contents.scenario) {
    if (auto written = write(scenario_path(path), bytes); !written) return std::unexpected(written.error());
  }
  for (const std::string& each : folders) {
    if (auto synced = sync_folder(folder / each); !synced) return std::unexpected(synced.error());
  }
  const std::string manifest = seal_manifest(contents.manifest_json, files);
  // what could not be read back must not be written
  if (auto parsed = parse_manifest(manifest); !parsed) return std::unexpected(parsed.error());
  if (auto written = write("manifest.json", manifest); !written) return std::unexpected(written.error());
  if (auto synced = sync_folder(folder); !synced) return std::unexpected(synced.error());
  return files;
}

// The absolute path without links, so that temporary folders lie on the target's own file system.
Outcome<fs::path> resolve_folder(const fs::path& folder) {
  std::error_code error;
  // absolute first: of a name that is not there yet, weakly_canonical leaves just the name
  fs::path target = fs::absolute(folder, error);
  if (!error) target = fs::weakly_canonical(target, error);
  if (!error && !target.has_filename()) target = target.parent_path();  // "runs/korea/"
  if (error || !target.has_filename()) {
    return failure(fmt::format("'{}' cannot be a run folder{}", folder.string(), error ? ": " + error.message() : ""));
  }
  fs::create_directories(target.parent_path(), error);
  if (error) return failure(fmt::format("cannot make folder '{}': {}", target.parent_path().string(), error.message()));
  return target;
}

// --- reading

Outcome<std::string> read_verified(const fs::path& folder, const ManifestFile& file) {
  Outcome<std::string> bytes = read_file(folder / file.path, file.size);
  if (!bytes) return bytes;
  if (bytes->size() != file.size) {
    return failure(fmt::format("'{}' has {} bytes, the manifest says {}", file.path, bytes->size(), file.size));
  }
  if (sha256(*bytes) != file.sha256) return failure(fmt::format("'{}' does not fit its SHA-256: damaged", file.path));
  return bytes;
}

Outcome<std::string> verify_once(const fs::path& folder) {
  Outcome<Listed> listed = read_manifest(folder);
  if (!listed) return std::unexpected(listed.error());
  for (const ManifestFile& file : listed->files) {
    if (auto bytes = read_verified(folder, file); !bytes) return bytes;
  }
  return std::move(listed->text);
}

Outcome<std::string> read_listed(const fs::path& folder, const std::string& path) {
  const Outcome<Listed> listed = read_manifest(folder);
  if (!listed) return std::unexpected(listed.error());
  const auto file = std::ranges::find(listed->files, path, &ManifestFile::path);
  if (file == listed->files.end()) return failure(fmt::format("'{}' has no '{}'", folder.string(), path));
  return read_verified(folder, *file);
}

}  // namespace

Outcome<void> write_run(const fs::path& folder, const RunContents& contents) {
  if (auto named = check_names(contents); !named) return named;
  const Outcome<fs::path> target = resolve_folder(folder);
  if (!target) return std::unexpected(target.error());
  auto replaceable = while_replaced(*target, [&] { return check_replaceable(*target); });
  if (!replaceable) return replaceable;
  remove_stale_partials(*target);
  const Outcome<Partial> partial = Partial::create_folder(*target);
  if (!partial) return std::unexpected(partial.error());
  if (auto written = write_contents(partial->path(), contents); !written) return std::unexpected(written.error());
  if (auto swapped = swap_in(partial->path(), *target, check_replaceable); !swapped) return swapped;
  return sync_folder(target->parent_path());  // the older run, now at the partial's path, goes with `partial`
}

Outcome<std::string> verify_run(const fs::path& folder) {
  return while_replaced(folder, [&] { return verify_once(folder); });
}

Outcome<std::vector<std::string>> table_names(const fs::path& folder) {
  const Outcome<Listed> listed = while_replaced(folder, [&] { return read_manifest(folder); });
  if (!listed) return std::unexpected(listed.error());
  std::vector<std::string> names;
  for (const ManifestFile& file : listed->files) {
    if (!file.path.starts_with(kTables)) continue;
    names.push_back(file.path.substr(kTables.size(), file.path.size() - kTables.size() - kParquet.size()));
  }
  std::ranges::sort(names);
  return names;
}

Outcome<Table> read_run_table(const fs::path& folder, const std::string& name) {
  Outcome<std::string> bytes = while_replaced(folder, [&] { return read_listed(folder, table_path(name)); });
  if (!bytes) return std::unexpected(bytes.error());
  Outcome<Table> table = table_from_parquet(std::move(*bytes), name, kTableMemoryMax);
  if (!table) return failure(fmt::format("table '{}': {}", name, table.error().message));
  return table;
}

Outcome<std::string> read_run_file(const fs::path& folder, const std::string& path) {
  return while_replaced(folder, [&] { return read_listed(folder, path); });
}

}  // namespace beltline
