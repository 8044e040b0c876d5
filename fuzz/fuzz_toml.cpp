// Any bytes as scenario.toml: no crash, no input over a second, and what loads has no value that is not finite.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "scenario/load.h"
#include "scenario/test_schema.h"

/// UDUNITS' scanner leaks a word or two of a unit that does not parse; each text is parsed once, so that it stays
/// small.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:utlex\n";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace beltline;
  const std::vector<SourceFile> files{
      {"scenario.toml", std::string(reinterpret_cast<const char*>(data), size)},
      {"more.toml", "[region.here]\n[commodity.wafer]\n"},
      {"sea.csv", "month,sst [degC]\n2025-10,18\n2025-12,9\n"},
  };
  const Loaded loaded = load_scenario(files, test_schema::kSections);
  (void)render(loaded.diagnostics, loaded.files);
  (void)render_json(loaded.diagnostics, loaded.files);
  if (loaded.spec.has_value() == loaded.diagnostics.has_errors()) std::abort();
  if (!loaded.spec) return 0;
  (void)dump(*loaded.spec);
  for (const Entry& site : loaded.spec->entries("site")) {
    for (const char* key : {"power", "price", "sea", "supply", "share", "any"}) {
      if (!site.has(key)) continue;
      for (int t = 0; t < std::min(loaded.spec->calendar.period_count, 30); ++t) {
        if (!std::isfinite(site.series(key).mean(loaded.spec->calendar, t))) std::abort();
      }
    }
  }
  return 0;
}
