#include "table/partial.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace beltline {

namespace fs = std::filesystem;

namespace {

std::string partial_prefix(const fs::path& target) {
  return "." + target.filename().string() + ".partial-";
}

// The process id in ".NAME.partial-PID-N"; nothing for any other name, which is then none of ours.
std::optional<pid_t> owner_of(std::string_view file_name, std::string_view prefix) {
  if (!file_name.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = file_name.substr(prefix.size());
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  pid_t pid = 0;
  unsigned number = 0;
  const auto first = std::from_chars(rest.data(), rest.data() + dash, pid);
  const auto second = std::from_chars(rest.data() + dash + 1, rest.data() + rest.size(), number);
  const bool whole = first.ec == std::errc{} && first.ptr == rest.data() + dash && second.ec == std::errc{} &&
                     second.ptr == rest.data() + rest.size();
  return whole && pid > 0 ? std::optional(pid) : std::nullopt;
}

bool is_dead(pid_t pid) {
  return kill(pid, 0) != 0 && errno == ESRCH;
}

// Whether the open file is still what the name refers to: a cleaner may have come between making and locking it.
bool still_named(int descriptor, const fs::path& path) {
  struct stat by_handle{};
  struct stat by_name{};
  return fstat(descriptor, &by_handle) == 0 && lstat(path.c_str(), &by_name) == 0 &&
         by_handle.st_ino == by_name.st_ino && by_handle.st_dev == by_name.st_dev;
}

}  // namespace

std::unexpected<Failure> errno_failure(std::string_view what, const fs::path& path) {
  const std::string reason = std::error_code(errno, std::generic_category()).message();
  return failure(fmt::format("cannot {} '{}': {}", what, path.string(), reason));
}

FileHandle::~FileHandle() {
  if (valid()) close(descriptor_);
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Outcome<Partial> Partial::create_file(const fs::path& target) {
  return create(target, false);
}

Outcome<Partial> Partial::create_folder(const fs::path& target) {
  return create(target, true);
}

Outcome<Partial> Partial::create(const fs::path& target, bool folder) {
  // never the same name twice in one process: a cleaner that judged the first must not meet the second
  static std::atomic<unsigned> next_number = 0;
  for (int tries = 0; tries < 10'000; ++tries) {
    const fs::path path =
        target.parent_path() / fmt::format("{}{}-{}", partial_prefix(target), getpid(), next_number++);
    if (folder && mkdir(path.c_str(), 0755) != 0) {
      if (errno == EEXIST) continue;  // another thread's, or left by a dead process that had our id
      return errno_failure("make folder", path);
    }
    FileHandle handle(folder ? open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                             : open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!handle.valid() && (errno == EEXIST || (folder && errno == ENOENT))) continue;
    if (!handle.valid()) return errno_failure("make", path);
    // file systems without locks leave the process id as the only sign of life
    if (flock(handle.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) continue;
    if (still_named(handle.get(), path)) return Partial(path, std::move(handle));
  }
  return failure(fmt::format("cannot find a free temporary name beside '{}'", target.string()));
}

Partial::~Partial() {
  // the handle is gone from a Partial that was moved away
  if (!handle_.valid()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void remove_stale_partials(const fs::path& target) {
  const std::string prefix = partial_prefix(target);
  std::error_code ignored;
  for (fs::directory_iterator it(target.parent_path(), ignored), end; it != end; it.increment(ignored)) {
    const std::optional<pid_t> owner = owner_of(it->path().filename().string(), prefix);
    // our own id may be that of an earlier process (in a container it often is): the lock decides
    if (!owner || (*owner != getpid() && !is_dead(*owner))) continue;
    const FileHandle handle(open(it->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!handle.valid() || flock(handle.get(), LOCK_EX | LOCK_NB) != 0) continue;
    if (!still_named(handle.get(), it->path())) continue;
    std::error_code not_now;
    fs::remove_all(it->path(), not_now);
  }
}

Outcome<void> write_and_sync(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), std::size_t{1} << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_failure("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(descriptor) != 0) return errno_failure("write", path);
  return {};
}

Outcome<void> sync_folder(const fs::path& folder) {
  const FileHandle handle(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.valid()) return errno_failure("open folder", folder);
  // some network file systems cannot sync a folder and say EINVAL
  if (fsync(handle.get()) != 0 && errno != EINVAL) return errno_failure("sync folder", folder);
  return {};
}

}  // namespace beltline
