// A ZIP archive in memory (PKWARE APPNOTE 6.3, without ZIP64): what an XLSX file is wrapped in.
#pragma once

#include <span>
#include <string>

#include "base/failure.h"

namespace beltline {

struct ZipEntry {
  std::string path;   // with '/', ASCII
  std::string bytes;  // at most 2 GiB
};

/// The archive's bytes: deflated, dated 1980-01-01, so that the same entries give the same bytes.
/// @errors an entry of more than 2 GiB, an archive of more than 4 GiB, no memory
Outcome<std::string> to_zip(std::span<const ZipEntry> entries);

}  // namespace beltline
