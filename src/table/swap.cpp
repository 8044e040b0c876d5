#include "table/swap.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>
#include <stdio.h>  // renameat2

#include "table/partial.h"

namespace beltline {

namespace fs = std::filesystem;

namespace {

constexpr int kTriesMax = 100;

bool renamed(const fs::path& from, const fs::path& to, unsigned flags) {
  return renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

}  // namespace

Outcome<void> swap_in(const fs::path& partial, const fs::path& target,
                      const std::function<Outcome<void>(const fs::path&)>& check) {
  // the target may come and go while other writers are at work
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (renamed(partial, target, RENAME_NOREPLACE)) return {};
    if (errno != EEXIST && errno != EINVAL && errno != ENOSYS) return errno_failure("write", target);
    if (renamed(partial, target, RENAME_EXCHANGE)) {
      const Outcome<void> replaceable = check(partial);
      if (replaceable) return {};
      // someone put other things at the target after the caller's look: give them back
      if (!renamed(partial, target, RENAME_EXCHANGE)) return errno_failure("restore", target);
      return replaceable;
    }
    if (errno == EINVAL || errno == ENOSYS) return swap_in_two_steps(partial, target);
    if (errno != ENOENT) return errno_failure("replace", target);
  }
  return failure(fmt::format("'{}' keeps changing", target.string()));
}

Outcome<void> swap_in_two_steps(const fs::path& partial, const fs::path& target) {
  const Outcome<Partial> away = Partial::create_folder(target);
  if (!away) return std::unexpected(away.error());
  // a folder can be renamed onto an empty one, and `away` is empty
  if (std::rename(target.c_str(), away->path().c_str()) != 0 && errno != ENOENT)
    return errno_failure("replace", target);
  if (std::rename(partial.c_str(), target.c_str()) == 0) return {};
  const auto failed = errno_failure("replace", target);
  std::rename(away->path().c_str(), target.c_str());
  return failed;
}

}  // namespace beltline
