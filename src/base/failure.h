// What went wrong outside the program: disk, solver, process.
#pragma once

#include <expected>
#include <string>

namespace beltline {

/// A failure of the world (disk full, no permission, solver crashed), as a value.
struct Failure {
  std::string message;
};

template <class T>
using Outcome = std::expected<T, Failure>;

inline std::unexpected<Failure> failure(std::string message) {
  return std::unexpected<Failure>(Failure{std::move(message)});
}

}  // namespace beltline
