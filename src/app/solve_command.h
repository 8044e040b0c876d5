// beltline solve: a model file, solved and proved.
#pragma once

#include <string>
#include <vector>

#include "run/solve_file.h"

namespace beltline {

struct SolveArguments {
  std::string model;
  std::string solver = "auto";
  std::string output;  // "": none
  SolveOptions options;
};

int command_solve(const SolveArguments& arguments, bool as_json);

}  // namespace beltline
