// A ZIP archive on disk (PKWARE APPNOTE 6.3, without ZIP64): a Python wheel is one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/failure.h"

namespace beltline {

/// The list of an archive has been read, its files have not. Immutable: many threads may read at a time.
class ZipArchive {
 public:
  struct Item {
    std::string path;  // with '/', as it stands: never a path to write to
    uint64_t size = 0;
    uint64_t packed_size = 0;
    uint64_t offset = 0;  // of its local header
    uint32_t crc = 0;
    uint16_t method = 0;
    uint16_t flags = 0;
  };

  /// @errors a file that cannot be read, no archive, a damaged list, ZIP64, more than a million items
  static Outcome<ZipArchive> open(const std::filesystem::path& path);

  /// Folders left out.
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }

  /// The file's bytes, with their CRC-32 verified.
  /// @errors an encrypted item, another method than stored and deflated, damaged bytes, more than `size_max` of them
  [[nodiscard]] Outcome<std::string> read(const Item& item, std::size_t size_max = std::size_t{1} << 28) const;

 private:
  std::filesystem::path path_;
  std::vector<Item> items_;
};

}  // namespace beltline
