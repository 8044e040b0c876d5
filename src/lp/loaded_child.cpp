#include "lp/loaded_child.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "lp/body.h"
#include "lp/highs.h"
#include "lp/interior_body.h"

namespace beltline::lp {
namespace {

using Clock = std::chrono::steady_clock;

enum class Order : uint8_t { row_bounds, column_bounds, cost, solve };

/// One message to the child; plain bytes, as both ends are one program.
struct Message {
  Order order = Order::solve;
  int32_t index = 0;
  double first = 0;   // lower bound, or cost
  double second = 0;  // upper bound
  // of a solve:
  double wall_time_max_s = 0;
  double mip_gap_max = 0;
  double feasibility_tolerance = 0;
  double integrality_tolerance = 0;
  uint64_t seed = 0;
  int32_t thread_count = 1;
  int32_t interior_threads = 0;
  Method method = Method::automatic;
  bool crossover = true;
  bool presolve = true;
};
static_assert(std::is_trivially_copyable_v<Message>);

Message solve_message(const Options& options) {
  return {.order = Order::solve,
          .wall_time_max_s = options.wall_time_max_s,
          .mip_gap_max = options.mip_gap_max,
          .feasibility_tolerance = options.feasibility_tolerance,
          .integrality_tolerance = options.integrality_tolerance,
          .seed = options.seed,
          .thread_count = options.thread_count,
          .interior_threads = options.interior_threads,
          .method = options.method,
          .crossover = options.crossover,
          .presolve = options.presolve};
}

Options options_of(const Message& message) {
  return {.wall_time_max_s = message.wall_time_max_s,
          .mip_gap_max = message.mip_gap_max,
          .thread_count = message.thread_count,
          .interior_threads = message.interior_threads,
          .seed = message.seed,
          .method = message.method,
          .crossover = message.crossover,
          .presolve = message.presolve,
          .feasibility_tolerance = message.feasibility_tolerance,
          .integrality_tolerance = message.integrality_tolerance};
}

/// What the child keeps loaded: HiGHS, our own interior point, or both where both have been asked for.
class Loaded {
 public:
  /// @param problem  the child's own since the fork; patches are written to it
  explicit Loaded(Problem& problem) : problem_(problem) {}

  /// The interior point reads the problem itself.
  void patch(const Message& message) {
    const auto at = static_cast<std::size_t>(message.index);
    switch (message.order) {
      case Order::row_bounds:
        problem_.row_lower[at] = message.first;
        problem_.row_upper[at] = message.second;
        if (highs_) highs_->set_row_bounds(message.index, message.first, message.second);
        break;
      case Order::column_bounds:
        problem_.column_lower[at] = message.first;
        problem_.column_upper[at] = message.second;
        if (highs_) highs_->set_column_bounds(message.index, message.first, message.second);
        break;
      case Order::cost:
        problem_.cost[at] = message.first;
        if (highs_) highs_->set_cost(message.index, message.first);
        break;
      case Order::solve: break;
    }
  }

  void solve(const Options& options, Mailbox& mailbox) {
    if (is_for_own_interior(problem_, options)) {
      if (!interior_) interior_.emplace(problem_, options.interior_threads, LoadedInterior::Again::maybe);
      return interior_->solve(options, mailbox);
    }
    if (!highs_) highs_.emplace(problem_);
    highs_->solve(options, mailbox);
  }

 private:
  Problem& problem_;
  std::optional<LoadedHighs> highs_;
  std::optional<LoadedInterior> interior_;
};

/// The child: patches and solves until the other end is closed.
void serve(Problem& problem, int socket, Mailbox& mailbox) {
  Loaded loaded(problem);
  for (;;) {
    Message message;
    const ssize_t count = recv(socket, &message, sizeof message, MSG_WAITALL);
    if (count < 0 && errno == EINTR) continue;
    if (count != static_cast<ssize_t>(sizeof message)) return;
    if (message.order != Order::solve) {
      loaded.patch(message);
      continue;
    }
    loaded.solve(options_of(message), mailbox);
    mailbox.board().finished_count.fetch_add(1, std::memory_order_release);
  }
}

}  // namespace

Outcome<std::unique_ptr<LoadedChild>> LoadedChild::open(Problem& problem) {
  auto mailbox = Mailbox::create(problem.column_count(), problem.row_count());
  if (!mailbox) return std::unexpected(mailbox.error());
  std::unique_ptr<LoadedChild> loaded(new LoadedChild);
  loaded->mailbox_ = std::move(*mailbox);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return failure(std::string("cannot make a socket for the solver: ") + std::strerror(errno));
  }
  auto child = Child::start([&, end = ends[1]] { serve(problem, end, *loaded->mailbox_); }, ends[1]);
  close(ends[1]);
  loaded->socket_ = ends[0];
  if (!child) return std::unexpected(child.error());
  loaded->child_.emplace(std::move(*child));
  return loaded;
}

void LoadedChild::set_row_bounds(std::size_t row, double lower, double upper) {
  const Message patch{.order = Order::row_bounds, .index = static_cast<int32_t>(row), .first = lower, .second = upper};
  send(&patch, sizeof patch);
}

void LoadedChild::set_column_bounds(std::size_t column, double lower, double upper) {
  const Message patch{
      .order = Order::column_bounds, .index = static_cast<int32_t>(column), .first = lower, .second = upper};
  send(&patch, sizeof patch);
}

void LoadedChild::set_cost(std::size_t column, double cost) {
  const Message patch{.order = Order::cost, .index = static_cast<int32_t>(column), .first = cost};
  send(&patch, sizeof patch);
}

void LoadedChild::stop() {
  child_.reset();
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

bool LoadedChild::send(const void* bytes, std::size_t count) {
  if (!child_) return false;
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t sent = ::send(socket_, next, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      stop();
      return false;
    }
    next += sent;
    count -= static_cast<std::size_t>(sent);
  }
  return true;
}

Raw LoadedChild::ask(const Options& options, const OnProgress& on_progress) {
  const auto begin = Clock::now();
  mailbox_->clear();
  Mailbox::Board& board = mailbox_->board();
  board.cancel = options.cancel != nullptr && *options.cancel;
  const uint32_t before = board.finished_count.load(std::memory_order_acquire);
  Raw raw;
  const Message message = solve_message(options);
  if (!send(&message, sizeof message)) {
    raw.crashed = true;
    raw.detail = "the live solver is gone";
    return raw;
  }
  Reporter reporter(on_progress, begin);
  auto pause = std::chrono::microseconds(20);
  double cancelled_s = kInf;
  Claim killed = Claim::none;
  bool dead = false;
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  while (board.finished_count.load(std::memory_order_acquire) == before && !dead) {
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 5 / 4, std::chrono::microseconds(5'000));
    reporter.report(board);
    const double now = seconds();
    if (options.cancel != nullptr && *options.cancel && cancelled_s == kInf) {
      board.cancel = true;
      cancelled_s = now;
    }
    const bool abandoned = options.abandon != nullptr && *options.abandon;
    if (abandoned || now > cancelled_s + kGrace_s) killed = Claim::interrupted;
    if (now > options.wall_time_max_s + kGrace_s) killed = Claim::limit;
    if (killed != Claim::none) child_->kill();
    dead = child_->has_ended();
  }
  raw = collect(*mailbox_);
  raw.seconds = seconds();
  if (!dead) return raw;
  const std::string end = child_->describe_end();
  stop();
  if (killed != Claim::none && raw.claim == Claim::none) {
    raw.claim = killed;
    raw.detail = "the live solver did not stop in time and was killed";
  } else if (raw.claim == Claim::none) {
    raw.crashed = true;
    raw.detail = "the live solver's process " + end;
  }
  return raw;
}

}  // namespace beltline::lp
