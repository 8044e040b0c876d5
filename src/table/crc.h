// The checksum of ZIP, gzip and PNG.
#pragma once

#include <cstdint>
#include <string_view>

namespace beltline {

/// CRC-32 of ISO 3309.
uint32_t crc32(std::string_view bytes);

}  // namespace beltline
