// A MATPOWER case: its tables, found in the variables of its script and checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/matpower_reader.h"
#include "import/matpower_script.h"

namespace beltline::matpower {

/// Tables as caseformat defines them; what is absent is empty. Columns are counted from 0 here.
struct Case {
  std::string name;  // of the function, "" without one
  double base_mva = 0;
  Value bus;
  Value gen;
  Value branch;
  Value gencost;
  Value dcline;
  Value dclinecost;
  std::vector<std::string> bus_names;  // [bus] or empty
  std::vector<std::string> gen_fuels;  // [gen] or empty
};

/// Columns that the DC power flow reads (MATPOWER User's Manual, appendix B), counted from 0.
namespace column {
inline constexpr std::size_t kBusNumber = 0, kBusType = 1, kLoad = 2, kShunt = 4, kBusKv = 9;
inline constexpr std::size_t kGenBus = 0, kGenStatus = 7, kGenMax = 8, kGenMin = 9;
inline constexpr std::size_t kFrom = 0, kTo = 1, kR = 2, kX = 3, kRate = 5, kTap = 8, kShift = 9, kStatus = 10,
                             kAngleMin = 11, kAngleMax = 12;
inline constexpr std::size_t kCostModel = 0, kCostCount = 3, kCostFirst = 4;
inline constexpr std::size_t kDcStatus = 2, kDcMin = 9, kDcMax = 10, kDcLoss0 = 15, kDcLoss1 = 16;
}  // namespace column

/// The tables of a script of version 2 (fields of the struct it returns) or 1 (several variables).
///
/// @errors  a table that is absent, has too few columns or rows, or is of another kind; fields that a DC optimal power
///          flow would have to obey but cannot be written (user-defined constraints and costs, storage, switches).
///          Fields that have no part in it are left out: silently where caseformat defines them so, else with a
///          warning that names them. All at once; nothing is returned after an error.
std::optional<Case> read_case(Reader& reader, Script script);

}  // namespace beltline::matpower
