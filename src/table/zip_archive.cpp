#include "table/zip_archive.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

#include <arrow/util/compression.h>
#include <fmt/format.h>

#include "base/text.h"
#include "table/crc.h"

namespace beltline {

namespace {

constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kListSignature = 0x02014b50;
constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kEndSize = 22;  // of the end record, without the comment
constexpr std::size_t kListHeadSize = 46;
constexpr std::size_t kLocalHeadSize = 30;
constexpr std::size_t kCommentMax = 65'535;
constexpr std::size_t kListBytesMax = std::size_t{1} << 28;
constexpr uint16_t kEncrypted = 1;
constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint64_t kDeflateGrowthMax = 1'032;  // what DEFLATE can grow by

// Little-endian numbers at a place that has been checked.
uint16_t number16(std::string_view bytes, std::size_t at) {
  return static_cast<uint16_t>(static_cast<unsigned char>(bytes[at]) | static_cast<unsigned char>(bytes[at + 1]) << 8);
}

uint32_t number32(std::string_view bytes, std::size_t at) {
  return number16(bytes, at) | static_cast<uint32_t>(number16(bytes, at + 2)) << 16;
}

std::unexpected<Failure> archive_failure(const std::filesystem::path& path, std::string_view what) {
  return failure(fmt::format("{}: {}", printable(path.string(), 200), what));
}

Outcome<std::string> read_range(std::ifstream& file, const std::filesystem::path& path, uint64_t offset,
                                std::size_t size) {
  std::string out(size, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  if (!file.read(out.data(), static_cast<std::streamsize>(size))) {
    return archive_failure(path, fmt::format("{} bytes at {} cannot be read: the archive is truncated", size, offset));
  }
  return out;
}

// The last end record in the last 64 kB, behind which a comment may stand.
std::optional<std::size_t> find_end(std::string_view tail) {
  for (std::size_t at = tail.size() < kEndSize ? 0 : tail.size() - kEndSize + 1; at-- > 0;) {
    if (number32(tail, at) == kEndSignature && at + kEndSize + number16(tail, at + 20) <= tail.size()) return at;
  }
  return std::nullopt;
}

Outcome<std::string> inflated(std::string_view bytes, std::size_t size) {
  arrow::util::GZipCodecOptions options;
  options.gzip_format = arrow::util::GZipFormat::DEFLATE;
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP, options);
  if (!codec.ok()) return failure(codec.status().message());
  std::string out(size, '\0');
  const auto written =
      (*codec)->Decompress(static_cast<int64_t>(bytes.size()), reinterpret_cast<const uint8_t*>(bytes.data()),
                           static_cast<int64_t>(size), reinterpret_cast<uint8_t*>(out.data()));
  if (!written.ok()) return failure(written.status().message());
  if (static_cast<std::size_t>(*written) != size) {
    return failure(fmt::format("{} bytes, the list says {}", *written, size));
  }
  return out;
}

Outcome<std::vector<ZipArchive::Item>> items_of(std::string_view list, std::size_t count,
                                                const std::filesystem::path& path) {
  std::vector<ZipArchive::Item> items;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (at + kListHeadSize > list.size() || number32(list, at) != kListSignature) {
      return archive_failure(path, fmt::format("its list is damaged at item {} of {}", i + 1, count));
    }
    const std::size_t name_size = number16(list, at + 28);
    const std::size_t more = std::size_t{number16(list, at + 30)} + number16(list, at + 32);
    if (at + kListHeadSize + name_size + more > list.size()) {
      return archive_failure(path, fmt::format("its list is damaged at item {} of {}", i + 1, count));
    }
    ZipArchive::Item item{.path = std::string(list.substr(at + kListHeadSize, name_size)),
                          .size = number32(list, at + 24),
                          .packed_size = number32(list, at + 20),
                          .offset = number32(list, at + 42),
                          .crc = number32(list, at + 16),
                          .method = number16(list, at + 10),
                          .flags = number16(list, at + 8)};
    if (!item.path.ends_with('/')) items.push_back(std::move(item));
    at += kListHeadSize + name_size + more;
  }
  return items;
}

}  // namespace

Outcome<ZipArchive> ZipArchive::open(const std::filesystem::path& path) {
  std::error_code error;
  const uint64_t file_size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return archive_failure(path, "cannot be read");
  const std::size_t tail_size = std::min<uint64_t>(file_size, kEndSize + kCommentMax);
  const auto tail = read_range(file, path, file_size - tail_size, tail_size);
  if (!tail) return std::unexpected(tail.error());
  const auto end = find_end(*tail);
  if (!end) return archive_failure(path, "no ZIP archive, or a truncated one: its end record is missing");

  const std::size_t count = number16(*tail, *end + 10);
  const uint32_t list_size = number32(*tail, *end + 12);
  const uint32_t list_offset = number32(*tail, *end + 16);
  if (count == 0xFFFF || list_size == 0xFFFFFFFF || list_offset == 0xFFFFFFFF) {
    return archive_failure(path, "is in the form ZIP64, which is not read; unpack it and name the folder");
  }
  if (uint64_t{list_offset} + list_size > file_size || list_size > kListBytesMax) {
    return archive_failure(path, "its list lies outside the file: the archive is damaged");
  }
  const auto list = read_range(file, path, list_offset, list_size);
  if (!list) return std::unexpected(list.error());
  auto items = items_of(*list, count, path);
  if (!items) return std::unexpected(items.error());
  ZipArchive out;
  out.path_ = path;
  out.items_ = std::move(*items);
  return out;
}

Outcome<std::string> ZipArchive::read(const Item& item, std::size_t size_max) const {
  const auto fault = [&](std::string_view what) {
    return archive_failure(path_, fmt::format("{}: {}", printable(item.path, 200), what));
  };
  if ((item.flags & kEncrypted) != 0) return fault("is encrypted");
  if (item.method != kStored && item.method != kDeflated) {
    return fault(fmt::format("is packed by method {}, expected 0 (stored) or 8 (deflated)", item.method));
  }
  if (item.size > size_max) return fault(fmt::format("has {} bytes, the limit is {}", item.size, size_max));
  if (item.packed_size > size_max || item.size > item.packed_size * kDeflateGrowthMax + 64) {
    return fault("its sizes contradict each other: the archive is damaged");
  }
  std::ifstream file(path_, std::ios::binary);
  if (!file) return archive_failure(path_, "cannot be read");
  const auto head = read_range(file, path_, item.offset, kLocalHeadSize);
  if (!head) return std::unexpected(head.error());
  if (number32(*head, 0) != kLocalSignature) return fault("its header is not there: the archive is damaged");
  const uint64_t start = item.offset + kLocalHeadSize + number16(*head, 26) + number16(*head, 28);
  auto packed = read_range(file, path_, start, item.packed_size);
  if (!packed) return std::unexpected(packed.error());
  if (item.method == kStored && item.size != item.packed_size) return fault("its sizes contradict each other");
  auto bytes = item.method == kStored ? std::move(packed) : inflated(*packed, item.size);
  if (!bytes) return fault(bytes.error().message + ": the archive is damaged");
  if (crc32(*bytes) != item.crc) return fault("its bytes do not fit their CRC-32: the archive is damaged");
  return bytes;
}

}  // namespace beltline
