#include "table/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include "table/partial.h"

namespace beltline {

namespace fs = std::filesystem;

namespace {

// Through a link to the file it names; a device or folder is never replaced by a file.
Outcome<fs::path> resolve_file(const fs::path& path) {
  std::error_code error;
  // absolute first: of a name that is not there yet, weakly_canonical leaves just the name
  fs::path resolved = fs::absolute(path, error);
  if (!error) resolved = fs::weakly_canonical(resolved, error);
  if (error) return failure(fmt::format("cannot find '{}': {}", path.string(), error.message()));
  if (!resolved.has_filename()) return failure(fmt::format("'{}' is not a file name", path.string()));
  const fs::file_type type = fs::symlink_status(resolved, error).type();
  if (type != fs::file_type::not_found && type != fs::file_type::regular) {
    return failure(fmt::format("cannot write '{}': it is not a regular file", path.string()));
  }
  return resolved;
}

}  // namespace

Outcome<void> write_file_atomically(const fs::path& path, std::string_view bytes) {
  const Outcome<fs::path> target = resolve_file(path);
  if (!target) return std::unexpected(target.error());
  remove_stale_partials(*target);
  const Outcome<Partial> partial = Partial::create_file(*target);
  if (!partial) return std::unexpected(partial.error());
  if (auto written = write_and_sync(partial->descriptor(), bytes, path); !written) return written;
  if (std::rename(partial->path().c_str(), target->c_str()) != 0) return errno_failure("write", path);
  return sync_folder(target->parent_path());
}

Outcome<std::string> read_file(const fs::path& path, std::size_t size_max) {
  // without O_NONBLOCK, opening a pipe would wait for a writer
  const FileHandle file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return errno_failure("read", path);
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return errno_failure("read", path);
  if (!S_ISREG(status.st_mode))
    return failure(fmt::format("cannot read '{}': it is not a regular file", path.string()));
  const auto too_large = [&] {
    return failure(fmt::format("cannot read '{}': more than {} bytes", path.string(), size_max));
  };
  const auto size_claimed = static_cast<std::size_t>(status.st_size);
  if (size_claimed > size_max) return too_large();
  std::string bytes(size_claimed, '\0');
  std::size_t size = 0;
  while (true) {
    // one byte more than there should be, to see a file that grows meanwhile (or, as in /proc, claims to be empty)
    if (size == bytes.size()) bytes.resize(size + std::max<std::size_t>(1, std::min<std::size_t>(size, 1 << 20)));
    const ssize_t count = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno_failure("read", path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
    if (size > size_max) return too_large();
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace beltline
