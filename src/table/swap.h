// Putting a finished folder in the place of another.
#pragma once

#include <filesystem>
#include <functional>

#include "base/failure.h"

namespace beltline {

/// Swaps `partial` into the target's place in one step; what was there lies at `partial` afterwards, if anything was.
///
/// @param check  judges what was found at the target, which may have changed since the caller looked; if it says no,
///               the two are swapped back
Outcome<void> swap_in(const std::filesystem::path& partial, const std::filesystem::path& target,
                      const std::function<Outcome<void>(const std::filesystem::path&)>& check);

/// For file systems without RENAME_EXCHANGE: two renames, with nothing at the target in between; what was there is
/// removed. swap_in falls back on it.
Outcome<void> swap_in_two_steps(const std::filesystem::path& partial, const std::filesystem::path& target);

}  // namespace beltline
