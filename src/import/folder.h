// Files of a scenario, or of another tool, as a folder that is whole or not there.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "base/diagnostic.h"
#include "base/failure.h"

namespace beltline {

struct FolderOptions {
  bool replace = false;  // a folder that holds `main` already
  std::string_view main = "scenario.toml";
};

/// Writes all files into a temporary folder beside the target, then puts it in the target's place in one step.
/// @errors the disk's; the target exists and is neither an empty folder nor, with `replace`, one that holds `main`
Outcome<void> write_folder(const std::filesystem::path& target, std::span<const SourceFile> files,
                           const FolderOptions& options = {});

}  // namespace beltline
