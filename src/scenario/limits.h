// What a scenario may hold at most; all of it is checked before anything is parsed or allocated for it.
#pragma once

#include <cstddef>

namespace beltline::limits {

inline constexpr std::size_t kTomlBytes = std::size_t{4} << 20;
inline constexpr std::size_t kTableBytes = std::size_t{64} << 20;  // CSV and Parquet
inline constexpr std::size_t kFiles = 64;
inline constexpr int kDepth = 32;                    // brackets and braces inside each other; segments of a dotted key
inline constexpr std::size_t kTomlValues = 400'000;  // values of one TOML file
inline constexpr std::size_t kCsvCells = 10'000'000;
inline constexpr std::size_t kEntries = 1'000'000;
inline constexpr std::size_t kValues = 4'000'000;  // of all entries together
inline constexpr std::size_t kNameBytes = 64;
inline constexpr std::size_t kQuantityBytes = 256;
inline constexpr std::size_t kFolderEntries = 10'000;  // looked at for one pattern
inline constexpr int kPeriods = 1200;
inline constexpr int kHours = 87'840;  // ten years

}  // namespace beltline::limits
