#include "table/gunzip.h"

#include <arrow/util/compression.h>

namespace beltline {

struct Gunzip::Impl {
  std::shared_ptr<arrow::util::Decompressor> member;
  bool is_begun = false;  // inside a member
};

Gunzip::Gunzip(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gunzip::~Gunzip() = default;
Gunzip::Gunzip(Gunzip&&) noexcept = default;
Gunzip& Gunzip::operator=(Gunzip&&) noexcept = default;

Outcome<Gunzip> Gunzip::create() {
  arrow::util::GZipCodecOptions options;
  options.gzip_format = arrow::util::GZipFormat::GZIP;
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP, options);
  if (!codec.ok()) return failure("gzip: " + codec.status().message());
  auto member = (*codec)->MakeDecompressor();
  if (!member.ok()) return failure("gzip: " + member.status().message());
  auto impl = std::make_unique<Impl>();
  impl->member = *member;
  return Gunzip(std::move(impl));
}

Outcome<Gunzip::Step> Gunzip::unpack(std::span<const uint8_t> in, std::span<uint8_t> out) {
  if (in.empty() && !impl_->is_begun) return Step{};
  if (impl_->member->IsFinished()) {
    // the next member begins
    if (const auto status = impl_->member->Reset(); !status.ok()) return failure("gzip: " + status.message());
  }
  const auto step = impl_->member->Decompress(static_cast<int64_t>(in.size()), in.data(),
                                              static_cast<int64_t>(out.size()), out.data());
  if (!step.ok()) return failure("gzip: " + step.status().message());
  impl_->is_begun = !impl_->member->IsFinished();
  return Step{static_cast<std::size_t>(step->bytes_read), static_cast<std::size_t>(step->bytes_written)};
}

bool Gunzip::is_complete() const {
  return !impl_->is_begun;
}

}  // namespace beltline
