// What a broken invariant of ours does: throw Bug, which only app/ catches (exit 70).
#pragma once

#include <stdexcept>
#include <string>

namespace beltline {

/// A broken invariant of this program, never of its input.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void throw_bug(const char* file, int line, const char* what) {
  throw Bug(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

}  // namespace beltline

/// Always on, in release builds too.
#define ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::beltline::throw_bug(__FILE__, __LINE__, "violated: " #condition))
