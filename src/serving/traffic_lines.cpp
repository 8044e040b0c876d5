#include "serving/traffic_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace beltline::serving {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

struct Packing {
  std::string_view begin;
  std::string_view name;
  std::string_view unpack;
};
constexpr std::array kPackings{
    Packing{"\x28\xB5\x2F\xFD", "zstd", "zstd -d"},
    Packing{"\xFD"
            "7zXZ",
            "xz", "unxz"},
    Packing{"BZh", "bzip2", "bunzip2"},
    Packing{"PK\x03\x04", "zip", "unzip"},
    Packing{"PAR1", "Parquet", "a conversion to CSV"},
};

}  // namespace

Outcome<LineReader> LineReader::open(const std::filesystem::path& path) {
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return errno_failure("read", path);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return errno_failure("read", path);
  if (S_ISDIR(status.st_mode)) return failure(fmt::format("'{}' is a folder", printable(path.string(), 4096)));
  // a trace is read twice, first for its means: what a pipe gave once is gone
  if (!S_ISREG(status.st_mode))
    return failure(fmt::format("'{}' is no regular file; write it to one first", printable(path.string(), 4096)));
  LineReader reader(std::move(file));
  reader.bytes_all_ = static_cast<uint64_t>(status.st_size);
  if (reader.read_some(reader.text_) == 0 && reader.failed_) return std::unexpected(*reader.failed_);

  const std::string_view begin(reader.text_.data(), reader.text_.size());
  for (const Packing& packing : kPackings) {
    if (!begin.starts_with(packing.begin)) continue;
    return failure(fmt::format("'{}' is packed by {}, which is not read; unpack it first ({})",
                               printable(path.string(), 4096), packing.name, packing.unpack));
  }
  if (begin.starts_with("\x1F\x8B")) {
    auto gunzip = Gunzip::create();
    if (!gunzip) return std::unexpected(gunzip.error());
    reader.gunzip_ = std::move(*gunzip);
    reader.raw_.swap(reader.text_);
  }
  return reader;
}

std::size_t LineReader::read_some(std::vector<char>& into) {
  const std::size_t before = into.size();
  into.resize(before + kPiece);
  ssize_t count = 0;
  do {
    count = ::read(file_.get(), into.data() + before, kPiece);
  } while (count < 0 && errno == EINTR);
  if (count < 0) failed_ = Failure{fmt::format("cannot read on: {}", std::strerror(errno))};
  const auto got = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  into.resize(before + got);
  bytes_read_ += got;
  return got;
}

bool LineReader::fill_packed() {
  while (true) {
    const std::size_t before = text_.size();
    text_.resize(before + kPiece);
    const auto step = gunzip_->unpack({reinterpret_cast<const uint8_t*>(raw_.data()) + raw_at_, raw_.size() - raw_at_},
                                      {reinterpret_cast<uint8_t*>(text_.data()) + before, kPiece});
    text_.resize(before + (step ? step->given : 0));
    if (!step) {
      failed_ = Failure{fmt::format("the gzip data is damaged ({})", printable(step.error().message))};
      return false;
    }
    raw_at_ += step->taken;
    if (step->given > 0) return true;
    if (raw_at_ == raw_.size()) {
      raw_.clear();
      raw_at_ = 0;
      if (read_some(raw_) > 0) continue;
      if (!failed_ && !gunzip_->is_complete()) failed_ = Failure{"the gzip data ends early: the file is cut off"};
      return false;
    }
    if (step->taken == 0 && gunzip_->is_complete()) continue;  // a member without content
    if (step->taken == 0) {
      failed_ = Failure{"the gzip data is damaged (it does not go on)"};
      return false;
    }
  }
}

bool LineReader::fill() {
  if (ended_ || failed_) return false;
  if (at_ > 0) {
    text_.erase(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }
  const bool more = gunzip_ ? fill_packed() : read_some(text_) > 0;
  if (!more) ended_ = true;
  return more;
}

void LineReader::skip_rest_of_line() {
  while (true) {
    const auto* const found = static_cast<const char*>(
        at_ < text_.size() ? std::memchr(text_.data() + at_, '\n', text_.size() - at_) : nullptr);
    if (found != nullptr) {
      at_ = static_cast<std::size_t>(found - text_.data()) + 1;
      return;
    }
    at_ = text_.size();
    if (!fill()) return;
  }
}

std::optional<TextLine> LineReader::next() {
  std::size_t searched = 0;  // bytes from at_ on that hold no line end
  while (true) {
    const std::size_t left = text_.size() - at_;
    const char* const begin = text_.data() + at_;
    const auto* const found =
        left > searched ? static_cast<const char*>(std::memchr(begin + searched, '\n', left - searched)) : nullptr;
    if (found != nullptr) {
      std::string_view text(begin, static_cast<std::size_t>(found - begin));
      at_ += text.size() + 1;
      if (text.ends_with('\r')) text.remove_suffix(1);
      return TextLine{.text = text, .number = ++number_};
    }
    if (left > kLineBytesMax) {
      // kept where the next fill does not move it
      beginning_.assign(begin, 256);
      at_ += left;
      skip_rest_of_line();
      return TextLine{.text = beginning_, .number = ++number_, .is_cut = true};
    }
    searched = left;
    if (fill()) continue;
    if (left == 0) return std::nullopt;
    std::string_view text(text_.data() + at_, text_.size() - at_);
    at_ = text_.size();
    if (text.ends_with('\r')) text.remove_suffix(1);
    return TextLine{.text = text, .number = ++number_, .is_ended = false};
  }
}

}  // namespace beltline::serving
