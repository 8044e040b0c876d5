// Any bytes as overrides of a scenario, one a line: no crash, and what loads has no value that is not finite.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "scenario/load.h"
#include "scenario/test_schema.h"

/// UDUNITS' scanner leaks a word or two of a unit that does not parse.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:utlex\n";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace beltline;
  const std::vector<SourceFile> files{
      {"scenario.toml",
       "[calendar]\nstart = \"2025-10\"\nperiods = 3\n[region.here]\n[commodity.wafer]\n[site.a]\npower = \"3 MW\"\n"
       "sea = {dates = {\"2025-10\" = \"4 degC\", \"2025-12\" = \"5 degC\"}}\n[process.p]\nplace = \"here\"\n"
       "flows = [{commodity = \"wafer\", rate = {mode = 2, unit = \"wafer\"}}]\n"},
  };
  LoadOptions options;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty() && options.overrides.size() < 16) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    options.overrides.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const Loaded loaded = load_scenario(files, test_schema::kSections, options);
  (void)render(loaded.diagnostics, loaded.files);
  if (loaded.spec.has_value() == loaded.diagnostics.has_errors()) std::abort();
  if (!loaded.spec) return 0;
  (void)dump(*loaded.spec);
  for (const Entry& site : loaded.spec->entries("site")) {
    for (const char* key : {"power", "sea"}) {
      if (site.has(key) && !std::isfinite(site.series(key).mean(loaded.spec->calendar, 0))) std::abort();
    }
  }
  return 0;
}
