// Models, accelerators and racks that the program knows by name, and those of a user's own tables.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "perf/architecture.h"
#include "perf/deployment.h"
#include "perf/hardware.h"

namespace beltline::perf {

/// How sure a row is, as everywhere in this project. "A": datasheet or model card; "B": press, or figures that partly
/// are; "C": an estimate.
using Confidence = std::string;

struct CatalogueModel {
  Architecture architecture;
  Quantisation published;  // as its weights are published; of a name that ends in -fp8, as that says
  double parameters_published = 0;
  Confidence confidence;
  std::string note;
  std::vector<std::string> aliases;
};

struct CatalogueAccelerator {
  Accelerator accelerator;
  Confidence confidence;
  std::string note;
  std::vector<std::string> aliases;
};

struct CatalogueRack {
  Rack rack;
  Confidence confidence;
  std::string note;
  std::vector<std::string> aliases;
};

struct Catalogue {
  std::vector<CatalogueModel> models;
  std::vector<CatalogueAccelerator> accelerators;
  std::vector<CatalogueRack> racks;
};

/// data/models and data/accelerators as they were when the program was built. Read once, in about a millisecond; many
/// threads may ask at a time.
const Catalogue& built_in();

/// `base` with what a folder's models.csv, accelerators.csv and racks.csv add, any of which may be absent. A row whose
/// name stands in `base` takes its place. Columns as in data/models and data/accelerators; those that a user has
/// nothing to say about may be left out.
/// @errors a file that is no CSV, an unknown or missing column, a value out of its range, two rows that answer to one
///         name, a rack of an unknown accelerator, a folder with none of the three; all faults of a file at once
Outcome<Catalogue> read_catalogue(const std::filesystem::path& folder, const Catalogue& base = built_in());

/// By name or alias: the case, hyphens, blanks, dots and underscores do not count, nor does the owner before a slash
/// ("Qwen/Qwen3-32B"), nor the maker of an accelerator, nor what tuning a model has had ("-Instruct", "-Chat", "-hf").
/// A model's ending -fp8, -nvfp4, -mxfp4, -bf16 sets its published precision.
/// @errors an unknown name, with the nearest known one or the list of all
Outcome<CatalogueModel> find_model(std::string_view name, const Catalogue& catalogue = built_in());
Outcome<Architecture> find_architecture(std::string_view name, const Catalogue& catalogue = built_in());
Outcome<Accelerator> find_accelerator(std::string_view name, const Catalogue& catalogue = built_in());
/// An accelerator's name stands for the first rack that has it.
Outcome<Rack> find_rack(std::string_view name, const Catalogue& catalogue = built_in());

/// Names, without aliases, in the order of the tables.
std::vector<std::string> model_names(const Catalogue& catalogue = built_in());
std::vector<std::string> accelerator_names(const Catalogue& catalogue = built_in());
std::vector<std::string> rack_names(const Catalogue& catalogue = built_in());

/// The nearest name or alias, or "". For the diagnostics of those who read a name out of a file of their own.
std::string nearest_model(std::string_view name, const Catalogue& catalogue = built_in());
std::string nearest_rack(std::string_view name, const Catalogue& catalogue = built_in());

/// What a diagnostic says of a name that find_rack does not find.
struct NameFault {
  std::string message;  // no such name, or an accelerator that no rack is made of
  std::string help;
};
NameFault rack_name_fault(std::string_view name, const Catalogue& catalogue = built_in());

}  // namespace beltline::perf
