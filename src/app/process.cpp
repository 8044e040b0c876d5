#include "app/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include "app/options.h"

namespace beltline {
namespace {

void say(std::string_view message) {
  // nothing is left to do if standard error fails too
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
}

// An exception that nobody could catch: thrown where none may pass.
[[noreturn]] void on_terminate() {
  int code = kExitBug;
  try {
    if (const auto current = std::current_exception()) std::rethrow_exception(current);
    say("beltline: a bug of Beltline, not of your input: terminated\n");
  } catch (const std::bad_alloc&) {
    say_out_of_memory();
    code = kExitFailure;
  } catch (const std::exception& error) {
    say("beltline: a bug of Beltline, not of your input: ");
    say(error.what());
    say("\n");
  } catch (...) {
    say("beltline: a bug of Beltline, not of your input: terminated\n");
  }
  _exit(code);
}

// No exception for a lack of memory: unwinding through the libraries runs destructors of objects that are half made,
// and Arrow's crash. What was to be replaced is still whole; temporary files are cleared away by the next run.
[[noreturn]] void on_no_memory() {
  say_out_of_memory();
  _exit(kExitFailure);
}

// Before the constructors of the libraries run, which allocate too.
[[gnu::used, gnu::section(".preinit_array")]] void (*const before_everything)() = [] {
  std::set_terminate(on_terminate);
  std::set_new_handler(on_no_memory);
};

}  // namespace

void prepare_process() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // the lowest free number is taken; opened the wrong way round, so that using it fails as it would have
    if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) _exit(kExitFailure);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void say_out_of_memory() {
  say("beltline: out of memory\n");
}

int end_output(int code) {
  const bool failed_before = std::ferror(stdout) != 0;
  errno = 0;
  if (std::fflush(stdout) == 0 && !failed_before) return code;
  const int reason = errno;
  say("beltline: cannot write to standard output");
  if (reason != 0) {
    say(": ");
    say(std::strerror(reason));
  }
  say("\n");
  // the rest of the buffer would be tried again at exit
  return kExitFailure;
}

}  // namespace beltline
