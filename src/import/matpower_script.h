// The statements of a case file, run to its variables.
//
// Case files are MATLAB functions. What is read is what cases are made of: assignments of numbers, matrices and lists
// of texts, to whole variables, to fields (mpc.bus) and to parts (mpc.branch(:, [3 4]) = …), arithmetic, the functions
// of import/matpower_functions.h, named columns (idx_bus, define_constants), and if … else … end. Loops and calls of
// other functions are faults that name them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "import/matpower_expression.h"

namespace beltline::matpower {

struct Script {
  std::string function;              // name of the case, "" without a function line
  std::vector<std::string> outputs;  // [mpc], or those of version 1
  Variables variables;
  std::set<std::string, std::less<>> faulty;  // variables whose value could not be read
};

/// Runs the statements in order. Faults are added to the reader's diagnostics, each with its line and column; a faulty
/// statement is left out and the next is read.
/// @cost  O(text + numbers made), bounded by kWorkMax
Script run_script(Reader& reader);

}  // namespace beltline::matpower
