// Faults of a command line beyond what its parser finds: each with code, place and help, all told at once.
#pragma once

#include <string>

#include "base/diagnostic.h"

namespace beltline {

class CommandFaults {
 public:
  /// The option is its own place: a file of its name that holds its text.
  void add(Code code, const std::string& option, const std::string& text, std::string message,
           std::string expected = "", std::string help = "");
  /// Prints them, as diagnostics are. Returns whether there were any.
  [[nodiscard]] bool tell(bool as_json);

 private:
  SourceFiles files_;
  Diagnostics diagnostics_;
};

}  // namespace beltline
