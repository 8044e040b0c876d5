// read_problem: the parser runs in a child, whose answer comes back through a file in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "lp/highs.h"
#include "lp/process.h"

namespace beltline::lp {
namespace {

/// A file that lives in memory only, closed at the end of its scope.
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
    const char* next = static_cast<const char*>(data);
    while (size > 0 && good_) {
      const ssize_t written = ::write(fd_, next, size);
      good_ = written > 0 || (written < 0 && errno == EINTR);
      if (written <= 0) continue;
      next += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  void read(void* data, std::size_t size) {
    char* next = static_cast<char*>(data);
    while (size > 0 && good_) {
      const ssize_t count = ::read(fd_, next, size);
      good_ = count > 0 || (count < 0 && errno == EINTR);
      if (count <= 0) continue;
      next += count;
      size -= static_cast<std::size_t>(count);
    }
  }
  void rewind() { good_ = good_ && lseek(fd_, 0, SEEK_SET) == 0; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  int fd_;
  bool good_ = true;
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
