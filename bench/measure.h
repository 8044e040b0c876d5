// What Google Benchmark does not measure: the CPU time of children, and memory.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include <malloc.h>

namespace beltline {

/// CPU seconds of this process and of the children it has waited for: solvers run in those.
inline double cpu_s() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(part.tv_sec) + 1e-6 * static_cast<double>(part.tv_usec);
    }
  }
  return sum;
}

/// "VmHWM" or "VmRSS" of this process, bytes.
inline double status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == key + ":" && status >> kib) return kib * 1024;
  }
  return 0;
}

/// Peak growth of resident memory during `work`, bytes, measured in a child that does nothing else.
template <typename Work>
double peak_bytes(const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    malloc_trim(0);                               // else what earlier cases freed is used again, and not seen
    std::ofstream("/proc/self/clear_refs") << 5;  // resets the high-water mark
    const double before = status_bytes("VmRSS");
    work();
    const double grown = status_bytes("VmHWM") - before;
    _exit(write(ends[1], &grown, sizeof grown) == sizeof grown ? 0 : 1);
  }
  double grown = 0;
  if (read(ends[0], &grown, sizeof grown) != sizeof grown) grown = 0;
  waitpid(child, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  return grown;
}

}  // namespace beltline
