#include "table/manifest.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "base/text.h"
#include "table/files.h"

namespace beltline {

namespace {

using Json = nlohmann::ordered_json;  // keeps the order in which the run says things

constexpr std::string_view kFormat = "beltline-run-1";
constexpr std::size_t kSizeMax = std::size_t{8} << 20;
constexpr int kDepthMax = 32;
constexpr std::size_t kHashSize = 64;
constexpr std::string_view kSealStart = "\"manifest_sha256\": \"";
constexpr std::string_view kSealEnd = "\"\n}\n";

std::unexpected<Failure> manifest_failure(std::string_view what) {
  return failure(fmt::format("manifest.json: {}", what));
}

bool is_hash(std::string_view text) {
  return text.size() == kHashSize && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_file_path(std::string_view path) {
  constexpr std::string_view kBranches = "branches/";  // runs inside this one
  constexpr std::string_view kFolder = "tables/";
  constexpr std::string_view kEnd = ".parquet";
  constexpr std::string_view kScenario = "scenario/";
  if (path.starts_with(kBranches)) return is_safe_path(path);
  if (path.starts_with(kScenario)) return is_safe_path(path.substr(kScenario.size()));
  if (!path.starts_with(kFolder)) {
    return is_safe_name(path) && path != "manifest.json" && path != "tables" && path != "scenario";
  }
  path.remove_prefix(kFolder.size());
  return path.ends_with(kEnd) && is_safe_name(path.substr(0, path.size() - kEnd.size()));
}

// An object, or discarded; deep nesting is cut off while parsing, since nlohmann walks values recursively later.
Json parse_object(std::string_view text) {
  bool too_deep = false;
  const auto look = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDepthMax;
    return depth <= kDepthMax;
  };
  Json json = Json::parse(text, look, /*allow_exceptions=*/false);
  if (too_deep || !json.is_object()) return Json(Json::value_t::discarded);
  return json;
}

Outcome<ManifestFile> parse_file(const Json& json) {
  if (!json.is_object()) return manifest_failure("an entry of 'files' is not an object");
  const auto path = json.find("path");
  const auto size = json.find("size");
  const auto hash = json.find("sha256");
  if (path == json.end() || !path->is_string() || !is_file_path(path->get_ref<const std::string&>())) {
    return manifest_failure("an entry of 'files' has no safe path");
  }
  ManifestFile file{.path = path->get<std::string>()};
  if (size == json.end() || !size->is_number_unsigned()) {
    return manifest_failure(fmt::format("'{}' has no size", file.path));
  }
  if (hash == json.end() || !hash->is_string() || !is_hash(hash->get_ref<const std::string&>())) {
    return manifest_failure(fmt::format("'{}' has no SHA-256", file.path));
  }
  file.size = size->get<uint64_t>();
  file.sha256 = hash->get<std::string>();
  return file;
}

}  // namespace

bool is_safe_name(std::string_view name) {
  constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.size() <= 128 && name.front() != '.' && name.front() != '-' &&
         name.find_first_not_of(kSafe) == std::string_view::npos;
}

bool is_safe_path(std::string_view path) {
  if (path.empty() || path.size() > 512) return false;
  for (int depth = 1;; ++depth) {
    const std::size_t slash = path.find('/');
    if (depth > 16 || !is_safe_name(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

std::string seal_manifest(std::string_view manifest_json, std::span<const ManifestFile> files) {
  Json json = parse_object(manifest_json);
  ASSERT(json.is_object());
  ASSERT(!json.contains("format") && !json.contains("files") && !json.contains("manifest_sha256"));
  json["format"] = kFormat;
  Json& list = json["files"] = Json::array();
  for (const ManifestFile& file : files) {
    list.push_back({{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
  }
  json["manifest_sha256"] = std::string(kHashSize, '0');
  std::string text = json.dump(2) + "\n";
  ASSERT(text.ends_with(kSealEnd));
  text.replace(text.size() - kSealEnd.size() - kHashSize, kHashSize, sha256(text));
  return text;
}

Outcome<std::vector<ManifestFile>> parse_manifest(std::string_view text) {
  if (text.size() > kSizeMax) return manifest_failure(fmt::format("larger than {} bytes", kSizeMax));
  const Json json = parse_object(text);
  if (!json.is_object()) return manifest_failure("not a JSON object, or nested too deep");
  const auto format = json.find("format");
  if (format == json.end() || !format->is_string()) return manifest_failure("not a run's: it names no format");
  if (format->get_ref<const std::string&>() != kFormat) {
    return manifest_failure(
        fmt::format("format '{}', expected '{}'", printable(format->get_ref<const std::string&>()), kFormat));
  }
  const auto list = json.find("files");
  if (list == json.end() || !list->is_array()) return manifest_failure("no list of files");
  std::vector<ManifestFile> files;
  std::unordered_set<std::string> paths;
  for (const Json& entry : *list) {
    Outcome<ManifestFile> file = parse_file(entry);
    if (!file) return std::unexpected(file.error());
    if (!paths.insert(file->path).second) return manifest_failure(fmt::format("'{}' is there twice", file->path));
    files.push_back(std::move(*file));
  }
  return files;
}

Outcome<void> check_seal(std::string_view text) {
  const std::size_t tail_size = kSealStart.size() + kHashSize + kSealEnd.size();
  const std::string_view tail = text.substr(text.size() - std::min(text.size(), tail_size));
  if (tail.size() != tail_size || !tail.starts_with(kSealStart) || !tail.ends_with(kSealEnd)) {
    return manifest_failure("no SHA-256 of itself at its end: cut off or damaged");
  }
  std::string zeroed(text);
  zeroed.replace(text.size() - kSealEnd.size() - kHashSize, kHashSize, kHashSize, '0');
  if (sha256(zeroed) != tail.substr(kSealStart.size(), kHashSize)) {
    return manifest_failure("it does not fit its own SHA-256: damaged");
  }
  return {};
}

}  // namespace beltline
