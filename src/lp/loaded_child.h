// A child process that keeps a problem loaded, in HiGHS or our own interior point: patches go there, claims come back.
#pragma once

#include <memory>
#include <optional>

#include "base/failure.h"
#include "lp/mailbox.h"
#include "lp/process.h"

namespace beltline::lp {

/// Patches go by a socket, answers come back in shared memory. Nothing here is verified.
///
/// For the thread that opened it: the child dies with that thread.
class LoadedChild {
 public:
  /// Forks; the child copies nothing of the parent's but what it writes to, patches among it. `problem` itself stays as
  /// it is, and is read during the call alone.
  /// @errors the operating system's
  static Outcome<std::unique_ptr<LoadedChild>> open(Problem& problem);
  ~LoadedChild() { stop(); }
  LoadedChild(const LoadedChild&) = delete;
  LoadedChild& operator=(const LoadedChild&) = delete;

  /// False once the child has died or had to be killed: then nothing else is of use.
  [[nodiscard]] bool is_alive() const { return child_.has_value(); }

  void set_row_bounds(std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t column, double lower, double upper);
  void set_cost(std::size_t column, double cost);

  /// What the child claims, begun from where its last solve ended; a child that dies or has to be killed leaves a Raw
  /// as run_in_child's does.
  Raw ask(const Options& options, const OnProgress& on_progress);

 private:
  LoadedChild() = default;
  void stop();
  bool send(const void* bytes, std::size_t count);

  std::unique_ptr<Mailbox> mailbox_;
  std::optional<Child> child_;
  int socket_ = -1;
};

}  // namespace beltline::lp
