// How well measured tables predict what is left out of them, and how long they take to read and to ask.
//
//   beltline_profile_errors LIBRARY [ACCELERATOR ENGINE [STRIDE]]
//
// STRIDE 0: times alone. Without an accelerator: all that the library holds. docs/profiles.md shows the result.
#include <chrono>
#include <cstdlib>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "perf/profiles.h"

namespace {

using namespace beltline;
using namespace beltline::perf;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Nanoseconds a look-up, mean over shapes on and off the grid.
double lookup_ns(const Profiles& profiles) {
  constexpr int kCount = 200'000;
  double sum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCount; ++i) {
    const GemmShape shape{.rows = 1.0 + i % 5'000, .columns = 1'024.0 + i % 3 * 700, .inner = 4'096.0 + i % 2 * 999};
    const auto reading = profiles.gemm(shape, {});
    sum += reading ? reading->seconds : 0;
  }
  return sum < 0 ? 0 : seconds_since(start) / kCount * 1e9;
}

int report(const ProfileLibrary& library, const ProfileChoice& choice, std::size_t stride) {
  const auto start = std::chrono::steady_clock::now();
  const auto profiles = library.read(choice);
  const double read_s = seconds_since(start);
  if (!profiles) {
    fmt::print(stderr, "{}\n", profiles.error().message);
    return 1;
  }
  fmt::print("{} {}: read in {:.3f} s, {:.0f} ns a look-up of a GEMM\n", choice.accelerator, choice.engine, read_s,
             lookup_ns(**profiles));
  for (const ProfileError& error : stride == 0 ? std::vector<ProfileError>{} : (*profiles)->cross_validate(stride)) {
    fmt::print("  {:18} {:9} {:30} {:10} {:7} {:7} {:7.1f} {:7.1f} {:+7.1f}\n", name_of(error.kind),
               error.source->version, error.slice, error.axis.empty() ? "points" : error.axis, error.point_count,
               error.tested_count, 100 * error.median, 100 * error.p90, 100 * error.bias);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  if (argc != 2 && argc != 4 && argc != 5) {
    fmt::print(stderr, "usage: beltline_profile_errors LIBRARY [ACCELERATOR ENGINE [STRIDE]]\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto library = ProfileLibrary::open(arguments[1]);
  if (!library) {
    fmt::print(stderr, "{}\n", library.error().message);
    return 1;
  }
  fmt::print("{} tables, listed in {:.3f} s\n", (*library)->entries().size(), seconds_since(start));
  fmt::print("  {:18} {:9} {:30} {:10} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "table", "version", "slice", "left out",
             "points", "tested", "med. %", "90 %", "bias %");
  const std::size_t stride = argc == 5 ? std::strtoul(arguments[4], nullptr, 10) : 1;
  if (argc >= 4) return report(**library, {.accelerator = arguments[2], .engine = arguments[3]}, stride);
  std::set<std::pair<std::string, std::string>> all;
  for (const ProfileEntry& entry : (*library)->entries()) {
    const std::string& engine = entry.source.engine;
    if (engine != "nccl" && engine != "oneccl") all.insert({entry.source.system, engine});
  }
  int code = 0;
  for (const auto& [system, engine] : all) code |= report(**library, {.accelerator = system, .engine = engine}, 3);
  return code;
}
