// A run carries the scenario that it was made from: into its folder, and back.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "run/pipeline.h"

namespace beltline {

/// One file of a scenario as a run keeps it. The name is the path itself where that is safe in any folder
/// (is_safe_path); otherwise "file-3.csv", so that a scenario may call its files as it likes.
struct KeptFile {
  std::string path;  // in the scenario: "data/가격.csv"
  std::string name;  // below "scenario/" of the run
};

/// The files of a scenario, in the order of `originals`.
std::vector<KeptFile> kept_files(const std::vector<SourceFile>& originals);

/// What write_run takes as `scenario`: (name, bytes).
std::vector<std::pair<std::string, std::string>> scenario_contents(const std::vector<SourceFile>& originals);

/// Reads and compiles the scenario of a run again, with its overrides: the Model that its tables are of. What the run
/// holds is verified first.
///
/// @param changes  further overrides, after those of the run: what if the run's scenario were changed so
/// @errors the disk's; a run that is damaged or from before runs kept their scenarios. Diagnostics of the scenario,
/// which
///         only `changes` or another version of the program can raise, are in the result.
Outcome<Compiled> compile_run(const std::filesystem::path& run_folder, const std::vector<std::string>& changes = {});

/// Says that a run's scenario does not compile, and the first reason: another version of the program made it.
std::string not_compiled(const std::filesystem::path& run_folder, const Compiled& compiled);

}  // namespace beltline
