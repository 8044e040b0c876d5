// manifest.json of a run folder: which files it holds, and the hashes that make it whole.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"

namespace beltline {

struct ManifestFile {
  std::string path;  // "tables/NAME.parquet", "scenario/…/NAME", "branches/…/NAME" of a run inside, or "NAME"
  uint64_t size = 0;
  std::string sha256;
};

/// Letters, digits, '_', '-' and '.', not starting with '.' or '-', at most 128 bytes: safe in a path and in a shell.
bool is_safe_name(std::string_view name);

/// Names of that kind joined by '/', at most 16 of them and 512 bytes: no way out of the folder they start from.
bool is_safe_path(std::string_view path);

/// `manifest_json` with "format", "files" and, as its last member, "manifest_sha256": the SHA-256 of the text itself
/// with 64 zeros in that place. A `manifest_json` that is not an object, or has one of these members, is a Bug.
std::string seal_manifest(std::string_view manifest_json, std::span<const ManifestFile> files);

/// The files of a manifest from anywhere: paths stay inside the folder and differ from each other.
/// @errors not JSON, larger than 8 MiB, nested deeper than 32, of another format, a file without size or hash
Outcome<std::vector<ManifestFile>> parse_manifest(std::string_view text);

/// Whether the text is, bit for bit, what seal_manifest made.
Outcome<void> check_seal(std::string_view text);

}  // namespace beltline
