#include "import/folder.h"

#include <fmt/format.h>

#include "table/files.h"
#include "table/partial.h"
#include "table/swap.h"

namespace beltline {

namespace fs = std::filesystem;

namespace {

Outcome<void> check_target(const fs::path& target, const FolderOptions& options) {
  std::error_code error;
  if (!fs::exists(target, error)) return {};
  const bool is_folder = fs::is_directory(target, error);
  if (is_folder && fs::is_empty(target, error)) return {};
  if (is_folder && fs::exists(target / options.main, error)) {
    if (options.replace) return {};
    return failure(fmt::format("'{}' is not empty; nothing was written. --force replaces it", target.string()));
  }
  return failure(fmt::format("'{}' exists and holds no {}; nothing was written", target.string(), options.main));
}

}  // namespace

Outcome<void> write_folder(const fs::path& target, std::span<const SourceFile> files, const FolderOptions& options) {
  std::error_code error;
  // "out/" names out
  fs::path whole = fs::absolute(target, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  if (auto good = check_target(whole, options); !good) return good;
  fs::create_directories(whole.parent_path(), error);
  if (error) return failure(fmt::format("cannot make folder '{}': {}", whole.parent_path().string(), error.message()));
  remove_stale_partials(whole);
  const Outcome<Partial> partial = Partial::create_folder(whole);
  if (!partial) return std::unexpected(partial.error());
  for (const SourceFile& file : files) {
    if (auto written = write_file_atomically(partial->path() / file.path, file.text); !written) return written;
  }
  if (auto synced = sync_folder(partial->path()); !synced) return synced;
  return swap_in(partial->path(), whole,
                 [&](const fs::path& found) -> Outcome<void> { return check_target(found, options); });
}

}  // namespace beltline
