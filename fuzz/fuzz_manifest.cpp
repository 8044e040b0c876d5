// Any bytes as manifest.json: a Failure, or a list of files that stay inside the run folder.
#include <cstdint>
#include <cstdlib>

#include "table/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(beltline::check_seal(text));
  const auto files = beltline::parse_manifest(text);
  if (!files) return 0;
  for (const beltline::ManifestFile& file : *files) {
    if (file.path.empty() || file.path.front() == '/' || file.path.find("..") == 0) std::abort();
  }
  const std::string sealed = beltline::seal_manifest("{}", *files);
  if (!beltline::check_seal(sealed) || beltline::parse_manifest(sealed)->size() != files->size()) std::abort();
  return 0;
}
