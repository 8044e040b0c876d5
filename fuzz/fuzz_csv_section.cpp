// Any bytes as the CSV of a section and as the file of a series.
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
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::vector<SourceFile> files{
      {"scenario.toml",
       "include = [\"process.csv\", \"site-more.csv\"]\ncalendar = {start = \"2025-10\", periods = 3}\nregion.here = "
       "{}\n"
       "commodity.wafer = {}\nsite.s.any = {file = \"process.csv\", column = \"any\"}\n"
       "site.r.any = {file = \"process.csv\", column = \"any\", dates = \"month\"}\n"},
      {"process.csv", text},
      {"site-more.csv", text},
  };
  const Loaded loaded = load_scenario(files, test_schema::kSections);
  (void)render(loaded.diagnostics, loaded.files);
  if (loaded.spec.has_value() == loaded.diagnostics.has_errors()) std::abort();
  if (loaded.spec) (void)dump(*loaded.spec);
  return 0;
}
