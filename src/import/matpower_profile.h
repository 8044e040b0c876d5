// What stands beside a case: hours of demand, renewables and commitment, and where the buses lie.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "import/formats.h"
#include "import/matpower_case.h"
#include "import/matpower_draft.h"
#include "import/matpower_network.h"

namespace beltline::matpower {

/// The files of one import; empty paths are not asked for.
struct Sources {
  std::filesystem::path case_file;
  std::filesystem::path demand;
  std::filesystem::path renewables;
  std::vector<std::filesystem::path> capacities;
  std::filesystem::path commitment;
  std::filesystem::path coordinates;
};

/// What is read for a source and its options. A folder is one as KPG 193 is published (network/m, profile/demand, …):
/// its only case, the coordinates of its buses and, with `day`, what its profiles say of that day.
/// @errors a folder without a case or with several, an option that does not fit
std::optional<Sources> find_sources(const std::filesystem::path& source, const ImportOptions& options,
                                    Diagnostics& diagnostics);

/// Which generators are on: [row of mpc.gen][hour]; empty without a file. The status column of `case_` then says which
/// of them are on at all. Nothing after a fault.
std::optional<std::vector<std::vector<double>>> read_commitment(const Sources& sources, Case& into, Imported& out);

/// Demand, renewables and places into `around`. All files have the same hours, from 1 on without a gap.
/// @param committed  of read_commitment
/// @returns whether all could be read; faults name file, line and column
bool read_profiles(const Sources& sources, const Network& network, const std::vector<std::vector<double>>& committed,
                   Imported& out, Surroundings& around);

}  // namespace beltline::matpower
