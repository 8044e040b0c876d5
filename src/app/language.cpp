#include "app/language.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "app/options.h"

namespace beltline {

void add_language_option(CLI::App& app) {
  app.add_option_function<std::string>(
         "--lang", [](const std::string& language) { ::setenv("BELTLINE_LANG", language.c_str(), 1); },
         "language to speak: en or ko; without it, that of the environment")
      ->check(CLI::IsMember({"en", "ko"}));
}

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string asked_language() {
  const std::string_view own = variable("BELTLINE_LANG");
  return own.starts_with("ko") ? "ko" : own.starts_with("en") ? "en" : "";
}

Language output_language() {
  if (const std::string asked = asked_language(); !asked.empty()) {
    return asked == "ko" ? Language::korean : Language::english;
  }
  // of the locale's variables the first that is set counts (POSIX)
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const std::string_view locale = variable(name); !locale.empty()) {
      return locale.starts_with("ko") ? Language::korean : Language::english;
    }
  }
  return Language::english;
}

}  // namespace beltline
