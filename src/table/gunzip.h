// A file in gzip's format (RFC 1952), unpacked piece by piece in constant memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/failure.h"

namespace beltline {

/// Unpacks a stream of gzip members, one after the other, as `gzip` and `pigz` write them.
class Gunzip {
 public:
  static Outcome<Gunzip> create();
  ~Gunzip();
  Gunzip(Gunzip&&) noexcept;
  Gunzip& operator=(Gunzip&&) noexcept;

  struct Step {
    std::size_t taken = 0;  // bytes of `in` that were used
    std::size_t given = 0;  // bytes of `out` that were filled
  };
  /// Unpacks what fits. Where nothing is taken and nothing given, more input is needed.
  /// @errors bytes that are no gzip; a checksum that does not fit
  Outcome<Step> unpack(std::span<const uint8_t> in, std::span<uint8_t> out);

  /// Whether the bytes so far end where a member ends: at the end of the file anything else is a file cut off.
  [[nodiscard]] bool is_complete() const;

 private:
  struct Impl;
  explicit Gunzip(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace beltline
