#include "run/pages.h"

#include "base/diagnostic.h"
#include "parts/first_scenario.h"
#include "parts/part.h"
#include "scenario/load.h"

namespace beltline {

std::string schema_text() {
  return json_schema(all_sections());
}

std::string first_scenario() {
  return std::string(first_scenario_text());
}

namespace {

/// Ends in one line end, as every text of the project does.
std::string trimmed(std::string text) {
  while (text.size() > 1 && text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reference_pages() {
  return {{"scenario.md", trimmed(reference_markdown(all_sections()))},
          {"diagnostics.md", trimmed(diagnostics_markdown())}};
}

}  // namespace beltline
