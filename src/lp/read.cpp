// read_problem: the parser runs in a child, whose answer comes back through a file in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "lp/highs.h"
#include "lp/process.h"

namespace beltline::lp {
namespace {

/// A file that lives in memory only, closed at the end of its scope. First all is written and flushed, by one process;
/// then all is read, by another. Through a buffer: a model has hundreds of thousands of short names.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("problem", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

  void write(const void* data, std::size_t size) {
    if (buffer_.size() + size > kBufferBytes) flush();
    if (size > kBufferBytes) return write_through(static_cast<const char*>(data), size);
    const char* bytes = static_cast<const char*>(data);
    buffer_.insert(buffer_.end(), bytes, bytes + size);
  }
  void flush() {
    write_through(buffer_.data(), buffer_.size());
    buffer_.clear();
  }

  void rewind() { good_ = good_ && lseek(fd_, 0, SEEK_SET) == 0; }
  void read(void* data, std::size_t size) {
    char* next = static_cast<char*>(data);
    while (size > 0 && good_) {
      if (at_ == buffer_.size() && size < kBufferBytes) {
        buffer_.resize(kBufferBytes);
        buffer_.resize(read_through(buffer_.data(), buffer_.size()));
        at_ = 0;
        continue;
      }
      const std::size_t buffered = std::min(size, buffer_.size() - at_);
      std::copy_n(buffer_.data() + at_, buffered, next);
      at_ += buffered;
      const std::size_t count = buffered > 0 ? buffered : read_through(next, size);
      next += count;
      size -= count;
    }
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  static constexpr std::size_t kBufferBytes = 1 << 18;

  void write_through(const char* next, std::size_t size) {
    while (size > 0 && good_) {
      const ssize_t written = ::write(fd_, next, size);
      good_ = written > 0 || (written < 0 && errno == EINTR);
      if (written <= 0) continue;
      next += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  /// Some bytes, at least one; 0 at the end of the file, which is not good.
  std::size_t read_through(char* to, std::size_t size) {
    for (;;) {
      const ssize_t count = ::read(fd_, to, size);
      if (count < 0 && errno == EINTR) continue;
      good_ = count > 0;
      return good_ ? static_cast<std::size_t>(count) : 0;
    }
  }

  int fd_;
  bool good_ = true;
  std::vector<char> buffer_;
  std::size_t at_ = 0;  // what of it is read
};

/// Writes or reads all fields, in one order for both.
template <class Transfer>
void transfer(ReadProblem& read, std::string& error, const Transfer& move) {
  Problem& p = read.problem;
  auto move_array = [&](auto& array) {
    std::size_t count = array.size();
    move(&count, sizeof count);
    array.resize(count);
    move(array.data(), count * sizeof array[0]);
  };
  move_array(error);
  move(&read.negated, sizeof read.negated);
  move(&p.offset, sizeof p.offset);
  for (auto* array : {&p.cost, &p.quadratic, &p.column_lower, &p.column_upper, &p.row_lower, &p.row_upper, &p.value}) {
    move_array(*array);
  }
  for (auto* names : {&read.column_names, &read.row_names}) {
    std::size_t count = names->size();
    move(&count, sizeof count);
    names->resize(count);
    for (std::string& name : *names) move_array(name);
  }
  move_array(p.integer);
  move_array(p.start);
  move_array(p.index);
}

void answer(const std::string& path, MemoryFile& file) {
  Outcome<ReadProblem> outcome = read_with_highs(path);
  std::string error = outcome ? "" : outcome.error().message;
  ReadProblem read = outcome ? std::move(*outcome) : ReadProblem{};
  transfer(read, error, [&](const void* data, std::size_t size) { file.write(data, size); });
  file.flush();
  if (!file.good()) _exit(1);
}

}  // namespace

Outcome<ReadProblem> read_problem(const std::string& path) {
  MemoryFile file;
  if (file.fd() < 0) return failure(std::string("cannot make a file in memory: ") + std::strerror(errno));
  auto child = Child::start([&] { answer(path, file); }, file.fd());
  if (!child) return std::unexpected(child.error());
  while (!child->has_ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::string end = child->describe_end();
  if (!end.empty()) return failure("the process that reads '" + path + "' " + end);

  ReadProblem read;
  std::string error;
  file.rewind();
  transfer(read, error, [&](void* data, std::size_t size) {
    if (file.good()) file.read(data, size);
  });
  if (!file.good()) return failure("the process that reads '" + path + "' left no answer");
  if (!error.empty()) return failure(error);
  return read;
}

}  // namespace beltline::lp
