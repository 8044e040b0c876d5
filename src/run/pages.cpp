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

std::vector<std::pair<std::string, std::string>> reference_pages() {
  return {{"scenario.md", reference_markdown(all_sections())}, {"diagnostics.md", diagnostics_markdown()}};
}

}  // namespace beltline
