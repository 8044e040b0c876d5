#include "lp/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>

namespace beltline::lp {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kExitOutOfMemory = 12;
constexpr int kExitException = 13;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Closes what the parent had open, but the standard streams and one more.
void close_files(int kept_fd) {
  if (kept_fd < 0) {
    close_range(3, ~0U, 0);
    return;
  }
  if (kept_fd > 3) close_range(3, static_cast<unsigned>(kept_fd) - 1, 0);
  close_range(static_cast<unsigned>(kept_fd) + 1, ~0U, 0);
}

/// Makes the new process independent of what the parent set up for itself.
void settle_in(pid_t parent, int kept_fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExitException);  // it died before the line above
  std::set_new_handler(nullptr);  // the program's ends the process; here std::bad_alloc has a code of its own
  signal(SIGINT, SIG_IGN);
  for (int reset : {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGPIPE, SIGCHLD}) signal(reset, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const rlimit no_core{0, 0};  // a crash is reported by its signal; gigabytes of core would not help
  setrlimit(RLIMIT_CORE, &no_core);
  const int null = open("/dev/null", O_WRONLY);
  if (null >= 0) dup2(null, STDOUT_FILENO);  // the parent's output must stay parseable
  close_files(kept_fd);
}

[[noreturn]] void run_child(const std::function<void()>& body, pid_t parent, int kept_fd) {
  settle_in(parent, kept_fd);
  int code = 0;
  try {
    body();
  } catch (const std::bad_alloc&) {
    code = kExitOutOfMemory;
  } catch (...) {
    code = kExitException;
  }
  // neither destructors nor exit handlers: both belong to the parent, and HiGHS would wait for its threads
  _exit(code);
}

}  // namespace

void Reporter::report(Mailbox::Board& board) {
  const double now = seconds_since(begin_);
  if (!on_progress_ || now < next_s_) return;
  next_s_ = now + 0.1;
  on_progress_({.seconds = now,
                .bound = board.bound,
                .incumbent = board.incumbent,
                .iteration_count = board.iteration_count,
                .node_count = board.node_count});
}

namespace {

enum class Fate { ended, killed_late, killed_cancelled };

/// Waits until the child has ended, by itself or by force.
Fate wait_for(Child& child, Mailbox& mailbox, const Options& options, const OnProgress& on_progress) {
  const Clock::time_point begin = Clock::now();
  Reporter reporter(on_progress, begin);
  Fate fate = Fate::ended;
  double cancelled_s = kInf;
  // short sleeps first: small problems take milliseconds and there may be thousands of them
  auto pause = std::chrono::microseconds(100);
  while (!child.has_ended()) {
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 5 / 4, std::chrono::microseconds(20'000));
    reporter.report(mailbox.board());
    const double now = seconds_since(begin);
    if (options.cancel != nullptr && *options.cancel && cancelled_s == kInf) {
      mailbox.board().cancel = true;
      cancelled_s = now;
    }
    const bool abandoned = options.abandon != nullptr && *options.abandon;
    if (abandoned || now > cancelled_s + kGrace_s) {
      fate = Fate::killed_cancelled;
      child.kill();
    } else if (now > options.wall_time_max_s + kGrace_s) {
      fate = Fate::killed_late;
      child.kill();
    }
  }
  return fate;
}

}  // namespace

Raw collect(Mailbox& mailbox) {
  auto copy = [](std::span<const double> from) { return std::vector<double>(from.begin(), from.end()); };
  Mailbox::Board& board = mailbox.board();
  Raw raw;
  raw.bound = board.bound;
  raw.iteration_count = board.iteration_count;
  raw.node_count = board.node_count;
  raw.incumbent = copy(mailbox.incumbent());
  board.detail[sizeof board.detail - 1] = '\0';
  raw.detail = board.detail;
  board.method[sizeof board.method - 1] = '\0';
  raw.method = board.method;
  raw.coefficients = board.coefficients;
  if (!board.claimed) return raw;
  raw.claim = board.claim;
  raw.bound = std::max(raw.bound, board.final_bound);
  if (board.has_point) raw.x = copy(mailbox.x());
  if (board.has_duals) {
    raw.row_dual = copy(mailbox.row_dual());
    raw.column_dual = copy(mailbox.column_dual());
  }
  if (board.has_basis) {
    const auto statuses = [](std::span<const uint8_t> from) {
      std::vector<Basis> to(from.size());
      std::ranges::transform(from, to.begin(), [](uint8_t status) { return static_cast<Basis>(status); });
      return to;
    };
    raw.column_basis = statuses(mailbox.column_basis());
    raw.row_basis = statuses(mailbox.row_basis());
  }
  if (board.has_primal_ray) raw.primal_ray = copy(mailbox.primal_ray());
  if (board.has_dual_ray) raw.dual_ray = copy(mailbox.dual_ray());
  return raw;
}

Outcome<Child> Child::start(const std::function<void()>& body, int kept_fd) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return failure(std::string("cannot start a process for the solver: ") + std::strerror(errno));
  if (pid == 0) run_child(body, parent, kept_fd);
  return Child(pid);
}

Child::~Child() {
  if (pid_ < 0) return;
  kill();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Child::has_ended() {
  if (pid_ < 0) return true;
  const pid_t done = waitpid(pid_, &status_, WNOHANG);
  // ECHILD: somebody ignores SIGCHLD and the child was reaped without us; the mailbox still says how far it came
  const bool ended = done == pid_ || (done < 0 && errno == ECHILD);
  if (ended) pid_ = -1;
  return ended;
}

void Child::kill() {
  if (pid_ >= 0) ::kill(pid_, SIGKILL);
}

std::string Child::describe_end() const {
  if (WIFSIGNALED(status_)) {
    const int signal_number = WTERMSIG(status_);
    return "was ended by signal " + std::to_string(signal_number) + " (" + strsignal(signal_number) + ")";
  }
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) == 0) return "";
  if (WEXITSTATUS(status_) == kExitOutOfMemory) return "ran out of memory";
  if (WEXITSTATUS(status_) == kExitException) return "threw an exception";
  return "ended with code " + std::to_string(WEXITSTATUS(status_));
}

bool Child::ran_out_of_memory() const {
  // nobody but the kernel's out-of-memory killer and this class sends SIGKILL
  return (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL) ||
         (WIFEXITED(status_) && WEXITSTATUS(status_) == kExitOutOfMemory);
}

Outcome<Raw> run_in_child(const Problem& problem, const Options& options, const OnProgress& on_progress,
                          const Body& body) {
  const Clock::time_point begin = Clock::now();
  auto mailbox = Mailbox::create(problem.column_count(), problem.row_count());
  if (!mailbox) return std::unexpected(mailbox.error());
  // a small problem may be solved before the parent looks at its cancel for the first time
  (*mailbox)->board().cancel = options.cancel != nullptr && *options.cancel;
  auto child = Child::start([&] { body(problem, options, **mailbox); });
  if (!child) return std::unexpected(child.error());

  const Fate fate = wait_for(*child, **mailbox, options, on_progress);
  Raw raw = collect(**mailbox);
  raw.seconds = seconds_since(begin);
  const std::string end = child->describe_end();
  if (fate == Fate::killed_late && raw.claim == Claim::none) {
    raw.claim = Claim::limit;
    raw.detail = "the solver overran its time limit and was killed";
  } else if (fate == Fate::killed_cancelled && raw.claim == Claim::none) {
    raw.claim = Claim::interrupted;
    raw.detail = "the solver did not obey the interrupt and was killed";
  } else if (fate == Fate::ended && !end.empty()) {
    raw.crashed = true;
    raw.out_of_memory = child->ran_out_of_memory();
    raw.detail = "the solver's process " + end;
  }
  return raw;
}

}  // namespace beltline::lp
