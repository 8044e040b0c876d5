#include "import/source.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "table/files.h"

namespace beltline {

std::optional<int32_t> read_source(const std::filesystem::path& path, Imported& out, TextKind kind) {
  auto bytes = read_file(path, limits::kTableBytes);
  const auto refuse = [&](Code code, std::string message, std::string help) {
    out.diagnostics.add({.code = code, .message = std::move(message), .help = std::move(help)});
    return std::nullopt;
  };
  const std::string name = printable(path.string());
  if (!bytes) {
    return refuse(Code::file_unreadable, fmt::format("'{}' cannot be read", name),
                  "check that the file is there, may be read, and is not larger than 64 MB");
  }
  if (bytes->starts_with("\xEF\xBB\xBF")) bytes->erase(0, 3);
  if (bytes->empty()) return refuse(Code::file_empty, fmt::format("'{}' is empty", name), "name another file");
  if (bytes->find('\0') != std::string::npos) {
    return refuse(Code::file_nul_byte, fmt::format("'{}' holds a NUL byte", name), "save it as plain text");
  }
  if (kind == TextKind::utf8 && find_invalid_utf8(*bytes) != std::string::npos) {
    return refuse(Code::file_not_utf8, fmt::format("'{}' is not UTF-8", name), "save it as UTF-8");
  }
  return out.files.add(path.string(), std::move(*bytes));
}

}  // namespace beltline
