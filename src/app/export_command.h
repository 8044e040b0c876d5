// `beltline export FORMAT SOURCE -o TARGET`.
#pragma once

#include <string>

namespace beltline {

struct ExportArguments {
  std::string format;
  std::string source;
  std::string target;
  bool replace = false;  // a PyPSA folder that is there already
};

/// A scenario's LP as MPS, with rows and columns named after its entities, or its network as PyPSA's CSV folder.
int command_export(const ExportArguments& arguments, bool as_json);

}  // namespace beltline
