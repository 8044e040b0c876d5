// SHA-256 in pieces (FIPS 180-4); files.h has it for one text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace beltline {

/// Feed any number of pieces, then ask once.
class Sha256 {
 public:
  void update(std::string_view bytes);
  /// Lower-case hexadecimal digest; ends the calculation.
  std::string finish();

 private:
  std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_{};
  std::size_t pending_size_ = 0;
  uint64_t byte_count_ = 0;
};

}  // namespace beltline
