// How long the program takes to start and to end: `beltline --version`, a process each time.
#include <sys/wait.h>

#include <array>
#include <string>

#include <benchmark/benchmark.h>
#include <spawn.h>

namespace beltline {
namespace {

void start_program(benchmark::State& state) {
  std::string program = BELTLINE_PROGRAM, version = "--version";
  const std::array<char*, 3> arguments = {program.data(), version.data(), nullptr};
  std::array<char*, 1> environment = {nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
  for (auto _ : state) {
    pid_t pid = 0;
    int status = -1;
    if (posix_spawn(&pid, program.c_str(), &quiet, nullptr, arguments.data(), environment.data()) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0) {
      state.SkipWithError("the program does not start");
      break;
    }
  }
  posix_spawn_file_actions_destroy(&quiet);
}

BENCHMARK(start_program)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace beltline
