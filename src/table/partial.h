// Temporary names beside a target, which a killed process may leave behind and a later one cleans up.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/failure.h"

namespace beltline {

/// "cannot write 'x': No space left on device", from errno.
std::unexpected<Failure> errno_failure(std::string_view what, const std::filesystem::path& path);

/// Closes its file on destruction.
class FileHandle {
 public:
  explicit FileHandle(int descriptor = -1) : descriptor_(descriptor) {}
  ~FileHandle();
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// A file or folder ".NAME.partial-PID-N" beside its target NAME, removed on destruction if it is still there.
///
/// It is held with flock for as long as it is written, so that "is its writer alive?" has a sure answer even where
/// process ids are used again or belong to another container.
class Partial {
 public:
  static Outcome<Partial> create_file(const std::filesystem::path& target);
  static Outcome<Partial> create_folder(const std::filesystem::path& target);
  ~Partial();
  Partial(Partial&&) noexcept = default;
  Partial& operator=(Partial&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int descriptor() const { return handle_.get(); }

 private:
  Partial(std::filesystem::path path, FileHandle handle) : path_(std::move(path)), handle_(std::move(handle)) {}
  static Outcome<Partial> create(const std::filesystem::path& target, bool folder);

  std::filesystem::path path_;
  FileHandle handle_;
};

/// Removes the partial files and folders of this target whose process is dead and that nobody holds.
void remove_stale_partials(const std::filesystem::path& target);

/// Writes all bytes and fsyncs.
Outcome<void> write_and_sync(int descriptor, std::string_view bytes, const std::filesystem::path& path);
/// Makes the names in a folder durable.
Outcome<void> sync_folder(const std::filesystem::path& folder);

}  // namespace beltline
