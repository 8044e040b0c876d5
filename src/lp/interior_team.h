// Threads that share the work of one factorisation or loop. For src/lp/interior*.cpp only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace beltline::lp {

/// Calls are short and many, so that threads wait awake for the next one for some microseconds before they sleep.
///
/// Which thread takes which piece is chance: pieces must not depend on one another, and sums over pieces are the
/// caller's to add up in order.
class Team {
 public:
  /// @param thread_count  ≥ 1, the caller among them
  explicit Team(int thread_count);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /// Calls work(piece) once for each piece from 0 to count − 1, and returns when all are done.
  void run(int32_t count, const std::function<void(int32_t)>& work);

 private:
  void serve();
  void take();

  std::vector<std::jthread> others_;
  const std::function<void(int32_t)>* work_ = nullptr;
  int32_t count_ = 0;
  std::atomic<int32_t> next_ = 0;
  std::atomic<int32_t> busy_ = 0;   // others that have not finished this call
  std::atomic<uint32_t> call_ = 0;  // of run: others wait for a change
  std::atomic<bool> closing_ = false;
};

}  // namespace beltline::lp
