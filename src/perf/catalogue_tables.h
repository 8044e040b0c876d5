// Tables of the catalogue: CSV text to entries, every cell checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "perf/catalogue.h"

namespace beltline::perf {

/// Reads the rows of one table into `catalogue`; a row whose name is there already takes its place. Faults are added to
/// `faults`, one line each, with `file` before them.
void read_models(std::string_view text, const std::string& file, Catalogue& catalogue,
                 std::vector<std::string>& faults);
void read_accelerators(std::string_view text, const std::string& file, Catalogue& catalogue,
                       std::vector<std::string>& faults);
/// After read_accelerators: a rack names its accelerator.
void read_racks(std::string_view text, const std::string& file, Catalogue& catalogue, std::vector<std::string>& faults);

/// What no figure alone can tell: figures of an architecture that contradict each other, or "".
std::string find_contradiction(const Architecture& architecture);

/// What two names have in common that stand for the same: lower case, letters and digits alone, without the owner
/// before a slash.
std::string name_key(std::string_view name);

/// The entry of this name or alias, or nullptr.
const CatalogueAccelerator* accelerator_of(std::string_view name, const Catalogue& catalogue);

/// Faults of a catalogue as a whole: two entries of a kind that answer to one name.
void check_names(const Catalogue& catalogue, std::vector<std::string>& faults);

}  // namespace beltline::perf
