// Threads that play the sites of a fleet side by side, round after round.
#pragma once

#include <functional>
#include <memory>

namespace beltline::serving {

/// Calls a function for each of some indices, on several threads, and waits. What it does for one index must not touch
/// what it does for another; then the result does not depend on the threads.
class SiteTeam {
 public:
  explicit SiteTeam(int thread_count);
  ~SiteTeam();
  /// @errors the first exception that `work` throws, by index
  void each(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beltline::serving
