// The forms in which others publish measured kernels: what a file's name says, and what its rows mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "perf/profile_columns.h"
#include "perf/profile_table.h"

namespace beltline::perf {

enum class ProfileForm : uint8_t { aiconfigurator, vidur };
std::string_view name_of(ProfileForm form);

/// What a path says of a file.
struct ProfileFileName {
  ProfileForm form{};
  std::string table;    // "gemm_perf", "mlp"
  std::string system;   // "h100_sxm"; "" where the path does not say
  std::string engine;   // "vllm", "nccl"; "" for any
  std::string version;  // "0.24.0"; "" for none
};

/// SYSTEM/FAMILY/ENGINE/VERSION/TABLE.parquet and SYSTEM_FAMILY_ENGINE_VERSION_TABLE.csv of aiconfigurator, any of the
/// two forms with any of the two endings; compute/DEVICE/MODEL/mlp.csv and network/DEVICE/all_reduce.csv of Vidur.
/// nullopt for a file of another name.
std::optional<ProfileFileName> parse_profile_path(std::string_view path);

/// Kinds of points that a table of this name holds.
const std::vector<ProfileOperator>& kinds_of(const ProfileFileName& name);
/// Columns that read_points looks at.
const std::vector<std::string_view>& columns_of(const ProfileFileName& name);

/// Adds the rows of a table to [kind] points. Rows of formats that nothing asks for are left out.
/// @errors added to `faults`: a missing column, a size or time that is not positive
void read_points(const ProfileFileName& name, const Table& table, ProfileFaults& faults,
                 std::vector<std::vector<ProfilePoint>>& points);

/// Versions as engines number them: 1.3.0rc20 < 1.3.0 < 1.3.0.post1 < 1.10. Negative, 0 or positive.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace beltline::perf
