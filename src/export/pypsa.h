// A network as PyPSA's CSV folder.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/model.h"

namespace beltline {

/// The files of a folder that PyPSA's import_from_csv_folder reads and whose `optimize` has the model's optimum, as
/// objective. What PyPSA cannot hold is reported, all of it; the files are then of no use.
///
/// A process is a generator or a link, a line with a reactance a line or transformer, a limit a global constraint. The
/// constant of the objective is the price of a generator that gives nothing.
std::vector<SourceFile> pypsa_files(const Model& model, const std::string& name, Diagnostics& diagnostics);

}  // namespace beltline
