#include "app/command_faults.h"

#include <algorithm>

#include "app/options.h"
#include "base/text.h"

namespace beltline {

void CommandFaults::add(Code code, const std::string& option, const std::string& text, std::string message,
                        std::string expected, std::string help) {
  const int32_t file = files_.add(option, text);
  const auto length = static_cast<uint32_t>(std::max<std::size_t>(1, text.size()));
  diagnostics_.add({.code = code,
                    .origin = {.file = file, .line = 1, .column = 1, .length = length},
                    .message = std::move(message),
                    .found = printable(text),
                    .expected = std::move(expected),
                    .help = std::move(help)});
}

bool CommandFaults::tell(bool as_json) {
  if (!diagnostics_.has_errors()) return false;
  return report({.files = std::move(files_), .diagnostics = std::move(diagnostics_)}, as_json);
}

}  // namespace beltline
