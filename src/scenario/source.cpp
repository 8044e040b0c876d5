#include "scenario/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/text_place.h"
#include "table/files.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t size_max(FileKind kind) {
  return kind == FileKind::toml ? limits::kTomlBytes : limits::kTableBytes;
}

/// '*' any characters but '/', '?' one of them. Linear in practice: on a mismatch only the last star moves.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, star_at = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_at = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_at;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.push_back(part);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

/// Whether each component of the path matches the pattern's; hidden files only where the pattern shows the dot.
bool path_matches(std::string_view pattern, std::string_view path) {
  const auto a = split_path(pattern);
  const auto b = split_path(path);
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (b[i].starts_with('.') && !a[i].starts_with('.')) return false;
    if (!matches(a[i], b[i])) return false;
  }
  return true;
}

constexpr const char* kSplitHelp = "split the file; large tables go into CSV or Parquet";

/// Why a file cannot be read, in words that exist in both languages.
const char* reason(int number) {
  switch (number) {
    case ENOENT: return "no such file";
    case EACCES:
    case EPERM: return "no permission";
    case ELOOP: return "too many links";
    case ENOTDIR: return "part of its path is no folder";
    case ENAMETOOLONG: return "its name is too long";
    case EISDIR: return "it is a folder";
    case EMFILE:
    case ENFILE: return "too many open files";
    case ENXIO: return "nothing is at its other end";
    default: return "the system reports an error in reading";
  }
}

/// A closed-on-exit file descriptor.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

}  // namespace

FileKind kind_of(std::string_view path) {
  if (path.ends_with(".toml")) return FileKind::toml;
  if (path.ends_with(".csv")) return FileKind::csv;
  if (path.ends_with(".parquet")) return FileKind::parquet;
  return FileKind::other;
}

std::vector<std::string> ScenarioFiles::expand(std::string_view pattern, const std::string& from, const Origin& place,
                                               Diagnostics& diagnostics) const {
  const auto refuse = [&](Code code, std::string message, std::string help) {
    diagnostics.add({.code = code, .origin = place, .message = std::move(message), .help = std::move(help)});
    return std::vector<std::string>();
  };
  const std::string shown = printable(pattern);
  const auto parts = split_path(pattern);
  if (pattern.starts_with('/') || std::ranges::find(parts, "..") != parts.end()) {
    return refuse(Code::include_outside, fmt::format("'{}' leaves the scenario folder", shown),
                  "put the file into the scenario folder and write its path from there, without '..'");
  }
  const bool odd = std::ranges::any_of(pattern, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (parts.empty() || parts.size() > static_cast<std::size_t>(limits::kDepth) || pattern.size() > 1024 || odd) {
    return refuse(Code::file_unreadable, fmt::format("'{}' is not the path of a file", shown),
                  "write a path inside the scenario folder: data/sites.toml");
  }

  // relative to the file that names it
  const std::size_t slash = from.rfind('/');
  std::string path = slash == std::string::npos ? std::string() : from.substr(0, slash + 1);
  for (const std::string_view part : parts) path += std::string(part) + "/";
  path.pop_back();
  if (!has_wildcard(path)) return {path};

  std::vector<std::string> found;
  match(path, found);
  std::ranges::sort(found);
  if (found.empty()) {
    return refuse(Code::file_unreadable, fmt::format("no file matches '{}'", shown),
                  "write a path from the file that names it, such as data/*.csv");
  }
  return found;
}

void ScenarioFiles::match(const std::string& pattern, std::vector<std::string>& found) const {
  if (in_memory_) {
    for (const SourceFile& file : memory_) {
      if (path_matches(pattern, file.path)) found.push_back(file.path);
    }
    return;
  }
  // folder by folder; what is not a regular file is left out, links are judged when they are read
  std::vector<std::string> folders{""};
  const auto parts = split_path(pattern);
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    std::vector<std::string> next;
    for (const std::string& at : folders) {
      std::error_code error;
      for (fs::directory_iterator it(folder_ / at, error), end; !error && it != end; it.increment(error)) {
        if (++looked_at > limits::kFolderEntries) return;
        const std::string name = it->path().filename().string();
        if (!path_matches(parts[i], name)) continue;
        std::error_code unreadable;
        // a folder beyond a link that leads out is not even listed
        const bool inside = last || !it->is_symlink(unreadable) || is_inside(fs::canonical(it->path(), unreadable));
        const bool wanted = inside && (last ? it->is_regular_file(unreadable) : it->is_directory(unreadable));
        if (wanted) (last ? found : next).push_back(at.empty() ? name : at + "/" + name);
      }
    }
    folders = std::move(next);
  }
}

bool ScenarioFiles::is_inside(const fs::path& real) const {
  const auto [root_end, unused] = std::ranges::mismatch(folder_, real);
  return root_end == folder_.end();
}

std::vector<std::string> ScenarioFiles::files_beside(const std::string& path) const {
  std::vector<std::string> found;
  if (in_memory_) {
    for (const SourceFile& file : memory_) found.push_back(file.path);
    return found;
  }
  const std::size_t slash = path.rfind('/');
  const std::string prefix = slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
  std::error_code error;
  const fs::path beside = fs::canonical(folder_ / prefix, error);
  if (error || !is_inside(beside)) return found;
  std::size_t looked_at = 0;
  for (fs::directory_iterator it(beside, error), end; !error && it != end; it.increment(error)) {
    if (++looked_at > limits::kFolderEntries) break;
    std::error_code unreadable;
    const std::string name = it->path().filename().string();
    if (kind_of(name) != FileKind::other && it->is_regular_file(unreadable)) found.push_back(prefix + name);
  }
  return found;
}

std::nullopt_t ScenarioFiles::refuse_missing(const std::string& path, const Origin& place,
                                             Diagnostics& diagnostics) const {
  std::string nearest = nearest_word(path, files_beside(path));
  // written from the file that names it
  if (!nearest.empty() && place.file >= 0) {
    const std::string& from = files_[place.file].path;
    const std::size_t slash = from.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : from.substr(0, slash + 1);
    nearest = nearest.starts_with(folder) ? nearest.substr(folder.size()) : std::string();
  }
  const bool is_windows = path.find('\\') != std::string::npos;
  diagnostics.add({.code = Code::file_unreadable,
                   .origin = place,
                   .message = fmt::format("'{}' cannot be read: no such file", printable(path)),
                   .help = !nearest.empty() ? did_you_mean_text(printable(nearest))
                           : is_windows     ? "separate folders by /"
                                            : "write its path from the file that names it",
                   .fix = {nearest}});
  return std::nullopt;
}

std::optional<std::string> ScenarioFiles::load(const std::string& path, const Origin& place,
                                               Diagnostics& diagnostics) const {
  if (!in_memory_) return load_from_disk(path, place, diagnostics);
  const auto found = std::ranges::find(memory_, path, &SourceFile::path);
  if (found == memory_.end()) {
    return refuse_missing(path, place, diagnostics);
  }
  const std::size_t limit = size_max(kind_of(path));
  if (found->text.size() > limit) {
    diagnostics.add({.code = Code::file_too_large,
                     .origin = place,
                     .message = fmt::format("'{}' has {} bytes", printable(path), found->text.size()),
                     .expected = fmt::format("at most {} MiB", limit >> 20),
                     .help = kSplitHelp});
    return std::nullopt;
  }
  return found->text;
}

std::optional<std::string> ScenarioFiles::load_from_disk(const std::string& path, const Origin& place,
                                                         Diagnostics& diagnostics) const {
  const auto refuse = [&](Code code, std::string message, std::string help, std::string expected = {}) {
    diagnostics.add({.code = code,
                     .origin = place,
                     .message = std::move(message),
                     .expected = std::move(expected),
                     .help = std::move(help)});
    return std::nullopt;
  };
  const auto unreadable = [&](int number) {
    const char* const why = reason(number);
    return refuse(Code::file_unreadable, fmt::format("'{}' cannot be read: {}", printable(path), why),
                  "check the file and who may read it");
  };
  const std::string shown = printable(path);
  std::error_code error;
  const fs::path real = fs::canonical(folder_ / path, error);
  if (error == std::errc::no_such_file_or_directory) return refuse_missing(path, place, diagnostics);
  if (error) return unreadable(error.value());
  if (!is_inside(real)) {
    return refuse(Code::include_outside, fmt::format("'{}' is a link that leaves the scenario folder", shown),
                  "copy the file into the scenario folder");
  }

  // O_NONBLOCK: a FIFO must not hold us up; O_NOFOLLOW: nor may the file have become a link since
  const Descriptor file{::open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)};
  struct stat status{};
  if (file.value < 0 || ::fstat(file.value, &status) != 0) return unreadable(errno);
  if (!S_ISREG(status.st_mode)) {
    return refuse(Code::file_unreadable, fmt::format("'{}' is not a regular file", shown),
                  "name a file, not a folder, pipe or device");
  }
  const std::size_t limit = size_max(kind_of(path));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limit) {
    return refuse(Code::file_too_large, fmt::format("'{}' has {} bytes", shown, size), kSplitHelp,
                  fmt::format("at most {} MiB", limit >> 20));
  }
  std::string text(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(file.value, text.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

std::optional<int32_t> ScenarioFiles::read(const std::string& path, const Origin& place, Diagnostics& diagnostics) {
  if (const auto known = known_.find(path); known != known_.end()) return known->second;
  std::optional<int32_t>& index = known_[path];
  if (known_.size() > limits::kFiles) {
    if (known_.size() == limits::kFiles + 1) {
      diagnostics.add({.code = Code::too_many,
                       .origin = place,
                       .message = fmt::format("the scenario has more than {} files", limits::kFiles),
                       .help = "put the entries of several files into one"});
    }
    return std::nullopt;
  }
  std::optional<std::string> text = load(path, place, diagnostics);
  if (!text) return std::nullopt;
  digests_[path] = sha256(*text);

  if (kind_of(path) == FileKind::parquet) {
    const int32_t file = files_.add(path, {});
    bytes_[file] = std::move(*text);
    return index = file;
  }
  const bool has_mark = text->starts_with(kByteOrderMark);
  if (has_mark) text->erase(0, kByteOrderMark.size());
  const int32_t file = files_.add(path, std::move(*text));
  if (has_mark) marked_.insert(file);
  const std::string& kept = files_[file].text;
  const auto refuse = [&](Code code, std::size_t at, std::string message, std::string help) {
    diagnostics.add(
        {.code = code, .origin = place_at(kept, at, file), .message = std::move(message), .help = std::move(help)});
    return std::nullopt;
  };
  if (kept.find_first_not_of(" \t\r\n") == std::string::npos) {
    diagnostics.add({.code = Code::file_empty,
                     .origin = {.file = file, .line = 1, .column = 1},
                     .message = fmt::format("'{}' is empty", printable(path)),
                     .help = "write entries into it, or do not include it"});
    return std::nullopt;
  }
  if (const std::size_t nul = kept.find('\0'); nul != std::string::npos) {
    return refuse(Code::file_nul_byte, nul, fmt::format("'{}' holds a NUL byte", printable(path)),
                  "save the file as text in UTF-8");
  }
  if (const std::size_t bad = find_invalid_utf8(kept); bad != std::string_view::npos) {
    return refuse(Code::file_not_utf8, bad, fmt::format("'{}' is not valid UTF-8", printable(path)),
                  "save the file in UTF-8");
  }
  return index = file;
}

int32_t ScenarioFiles::add_text(const std::string& name, std::string text) {
  digests_[name] = sha256(text);
  return files_.add(name, std::move(text));
}

std::vector<SourceFile> ScenarioFiles::originals() const {
  std::vector<SourceFile> out;
  for (const auto& [path, index] : known_) {
    if (!index) continue;
    const auto binary = bytes_.find(*index);
    std::string text = marked_.contains(*index) ? std::string(kByteOrderMark) : std::string();
    text += binary == bytes_.end() ? files_[*index].text : binary->second;
    out.push_back({path, std::move(text)});
  }
  return out;
}

std::string ScenarioFiles::hash() const {
  std::string lines;
  for (const auto& [path, digest] : digests_) lines += fmt::format("{}  {}\n", digest, path);
  return sha256(lines);
}

}  // namespace beltline
