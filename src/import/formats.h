// The formats that can be imported, one row each: what `beltline import FORMAT` reads.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "import/draft.h"

namespace beltline {

/// What else the command line says of a source: "--convention pglib" is {"convention", "pglib"}.
using ImportOptions = std::map<std::string, std::string, std::less<>>;

/// A source that was read: a draft, unless there were errors, and everything that was found on the way.
struct Imported {
  SourceFiles files;  // that diagnostics point into
  Diagnostics diagnostics;
  std::optional<Draft> draft;
};

/// An option that a format has, for the command line.
struct ImportOption {
  std::string_view name;  // without --
  std::string_view description;
};

struct ImportFormat {
  std::string_view name;
  std::string_view description;
  Imported (*read)(const std::filesystem::path& source, const ImportOptions& options) = nullptr;
  std::span<const ImportOption> options = {};
};

std::span<const ImportFormat> import_formats();

}  // namespace beltline
