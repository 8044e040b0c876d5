// `beltline import FORMAT SOURCE -o FOLDER`.
#pragma once

#include <string>

#include "import/formats.h"

namespace CLI {
class App;
}

namespace beltline {

struct ImportArguments {
  std::string format;
  std::string source;
  std::string folder;
  bool replace = false;
  ImportOptions options;
};

/// Format, source, folder, and the options of all formats.
void add_import_options(CLI::App& command, ImportArguments& arguments);
int command_import(const ImportArguments& arguments, bool as_json);

}  // namespace beltline
