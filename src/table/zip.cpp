#include "table/zip.h"

#include <cstdint>
#include <limits>

#include <arrow/util/compression.h>
#include <fmt/format.h>

#include "table/crc.h"

namespace beltline {

namespace {

constexpr uint16_t kVersion = 20;     // deflate
constexpr uint16_t kDeflated = 8;     // method
constexpr uint16_t kDate1980 = 0x21;  // 1980-01-01, the first day that the format knows
constexpr int kLevel = 6;
constexpr std::size_t kEntrySizeMax = std::size_t{1} << 31;
constexpr std::size_t kArchiveSizeMax = std::numeric_limits<uint32_t>::max();

void append16(std::string& out, uint16_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8);
}

void append32(std::string& out, uint32_t value) {
  append16(out, static_cast<uint16_t>(value & 0xFFFF));
  append16(out, static_cast<uint16_t>(value >> 16));
}

Outcome<std::string> deflated(std::string_view bytes) {
  arrow::util::GZipCodecOptions options;
  options.gzip_format = arrow::util::GZipFormat::DEFLATE;
  options.compression_level = kLevel;
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP, options);
  if (!codec.ok()) return failure("ZIP: " + codec.status().message());
  const auto* const input = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto size = static_cast<int64_t>(bytes.size());
  // zlib's conservative bound, written out: MaxCompressedLen aborts the process where memory is short
  std::string out(bytes.size() + bytes.size() / 8 + bytes.size() / 64 + 64, '\0');
  const auto written =
      (*codec)->Compress(size, input, static_cast<int64_t>(out.size()), reinterpret_cast<uint8_t*>(out.data()));
  if (!written.ok()) return failure("ZIP: " + written.status().message());
  out.resize(static_cast<std::size_t>(*written));
  return out;
}

// What the local header and the central directory say alike: version needed to sizes and lengths.
struct Described {
  const ZipEntry& entry;
  uint32_t crc;
  uint32_t packed_size;
};

void append_description(std::string& out, const Described& d) {
  append16(out, kVersion);
  append16(out, 0);  // flags
  append16(out, kDeflated);
  append16(out, 0);  // midnight
  append16(out, kDate1980);
  append32(out, d.crc);
  append32(out, d.packed_size);
  append32(out, static_cast<uint32_t>(d.entry.bytes.size()));
  append16(out, static_cast<uint16_t>(d.entry.path.size()));
  append16(out, 0);  // no extra field
}

}  // namespace

Outcome<std::string> to_zip(std::span<const ZipEntry> entries) {
  std::string out;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    if (entry.bytes.size() > kEntrySizeMax) {
      return failure(fmt::format("ZIP: '{}' has more than {} bytes", entry.path, kEntrySizeMax));
    }
    const Outcome<std::string> packed = deflated(entry.bytes);
    if (!packed) return packed;
    if (out.size() + packed->size() + directory.size() > kArchiveSizeMax - 4096) {
      return failure(fmt::format("ZIP: more than {} bytes", kArchiveSizeMax));
    }
    const Described described{entry, crc32(entry.bytes), static_cast<uint32_t>(packed->size())};
    const auto offset = static_cast<uint32_t>(out.size());
    append32(out, 0x04034B50);  // local file header
    append_description(out, described);
    out += entry.path + *packed;

    append32(directory, 0x02014B50);  // central directory
    append16(directory, kVersion);    // made by
    append_description(directory, described);
    append16(directory, 0);  // no comment
    append16(directory, 0);  // first disk
    append16(directory, 0);  // internal attributes
    append32(directory, 0);  // external attributes
    append32(directory, offset);
    directory += entry.path;
  }
  const auto directory_offset = static_cast<uint32_t>(out.size());
  out += directory;
  append32(out, 0x06054B50);  // end of central directory
  append16(out, 0);
  append16(out, 0);
  append16(out, static_cast<uint16_t>(entries.size()));
  append16(out, static_cast<uint16_t>(entries.size()));
  append32(out, static_cast<uint32_t>(directory.size()));
  append32(out, directory_offset);
  append16(out, 0);
  return out;
}

}  // namespace beltline
