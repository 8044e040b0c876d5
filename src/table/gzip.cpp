#include "table/gzip.h"

#include <cstdint>

#include <arrow/util/compression.h>

namespace beltline {

Outcome<std::string> to_gzip(std::string_view bytes) {
  arrow::util::GZipCodecOptions options;
  options.gzip_format = arrow::util::GZipFormat::GZIP;
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP, options);
  if (!codec.ok()) return failure("gzip: " + codec.status().message());
  const auto* const input = reinterpret_cast<const uint8_t*>(bytes.data());
  // zlib's conservative bound, and the head and tail of the format
  std::string out(bytes.size() + bytes.size() / 8 + bytes.size() / 64 + 96, '\0');
  const auto written = (*codec)->Compress(static_cast<int64_t>(bytes.size()), input, static_cast<int64_t>(out.size()),
                                          reinterpret_cast<uint8_t*>(out.data()));
  if (!written.ok()) return failure("gzip: " + written.status().message());
  out.resize(static_cast<std::size_t>(*written));
  return out;
}

}  // namespace beltline
