// beltline diff and beltline why: runs beside each other, and figures back to their sources.
#pragma once

#include <string>

namespace beltline {

struct DiffArguments {
  std::string a, b;  // run folders
  bool all = false;
};
int command_diff(const DiffArguments& arguments, bool as_json);

}  // namespace beltline
