#include "table/crc.h"

#include <array>
#include <cstring>

namespace beltline {

namespace {

using CrcTable = std::array<std::array<uint32_t, 256>, 8>;

// [k][b]: what a byte b adds that k more bytes follow, so that eight of them are taken in one step
CrcTable crc_table() {
  CrcTable out{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320u : value >> 1;
    out[0][i] = value;
  }
  for (std::size_t k = 1; k < out.size(); ++k) {
    for (uint32_t i = 0; i < 256; ++i) out[k][i] = out[k - 1][i] >> 8 ^ out[0][out[k - 1][i] & 0xFF];
  }
  return out;
}

}  // namespace

uint32_t crc32(std::string_view bytes) {
  static const CrcTable table = crc_table();
  uint32_t crc = 0xFFFFFFFFu;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint32_t low = 0;
    uint32_t high = 0;
    std::memcpy(&low, bytes.data(), 4);
    std::memcpy(&high, bytes.data() + 4, 4);
    low ^= crc;
    crc = table[7][low & 0xFF] ^ table[6][low >> 8 & 0xFF] ^ table[5][low >> 16 & 0xFF] ^ table[4][low >> 24] ^
          table[3][high & 0xFF] ^ table[2][high >> 8 & 0xFF] ^ table[1][high >> 16 & 0xFF] ^ table[0][high >> 24];
  }
  for (const char c : bytes) crc = crc >> 8 ^ table[0][(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

}  // namespace beltline
