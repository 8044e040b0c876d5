// Files that are either whole or not there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/failure.h"

namespace beltline {

/// Temporary name in the same folder, write, fsync, rename, fsync the folder. A killed writer leaves the old file.
Outcome<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);
/// The whole file; fails beyond `size_max` bytes.
Outcome<std::string> read_file(const std::filesystem::path& path, std::size_t size_max = std::size_t{1} << 32);
/// Lower-case hexadecimal SHA-256 (FIPS 180-4).
std::string sha256(std::string_view bytes);

}  // namespace beltline
