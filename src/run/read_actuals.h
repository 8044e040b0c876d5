// Rows of actuals as people write them: checked against the scenario they are of, and read as numbers of its Model.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/actuals.h"
#include "run/pipeline.h"
#include "run/register.h"

namespace beltline {

/// What reading a file of actuals gives; `rows` are complete only if no diagnostic is an error.
struct ReadActuals {
  SourceFiles files;
  Diagnostics diagnostics;
  std::vector<RegisterRow> rows;
};

/// Reads a CSV with the columns kind, of, month and quantity, and maybe place, unit and note; a header `quantity [MW]`
/// gives the unit of all. The whole file is checked, and every fault told.
/// @errors of the CSV (BL0001 to BL0023), BL0104 a negative quantity, BL0105 no finite number, BL0106, BL0107 its unit,
///         BL0108 one thing told twice, BL0109 a commitment, process, capacity or store that the scenario has not,
///         BL0110 no kind, BL0111 no month, BL0200 a month outside the horizon, BL0202 a yield outside (0, 1], BL0206 a
///         name that several have, BL0900 a month that is closed
ReadActuals read_actuals(const std::filesystem::path& file, const Compiled& scenario, const Register& there);

/// The register's rows as numbers of a model; of several of one kind, name and month the last holds.
/// @param unknown  gets a line for each row that the model has no name or unit for, such as one of an older scenario
Actuals actuals_of(const Register& rows, const Compiled& scenario, std::vector<std::string>& unknown);

}  // namespace beltline
