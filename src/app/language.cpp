#include "app/language.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "app/options.h"

namespace beltline {

void add_language_option(CLI::App& app) {
  app.add_option_function<std::string>(
         "--lang", [](const std::string& language) { ::setenv("BELTLINE_LANG", language.c_str(), 1); },
         "language of diagnostics: en or ko; without it, that of the environment")
      ->check(CLI::IsMember({"en", "ko"}));
}

Language diagnostic_language() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  const std::string_view own = variable("BELTLINE_LANG");
  if (own.starts_with("ko")) return Language::korean;
  if (own.starts_with("en")) return Language::english;
  // of the locale's variables the first that is set counts (POSIX)
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const std::string_view locale = variable(name); !locale.empty()) {
      return locale.starts_with("ko") ? Language::korean : Language::english;
    }
  }
  return Language::english;
}

}  // namespace beltline
