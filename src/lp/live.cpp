#include "lp/live.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "lp/body.h"
#include "lp/choose.h"
#include "lp/highs.h"
#include "lp/interior_body.h"
#include "lp/judge.h"
#include "lp/process.h"

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
          .method = options.method,
          .crossover = options.crossover,
          .presolve = options.presolve};
}

Options options_of(const Message& message) {
  return {.wall_time_max_s = message.wall_time_max_s,
          .mip_gap_max = message.mip_gap_max,
          .thread_count = message.thread_count,
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
      if (!interior_) interior_.emplace(problem_, LoadedInterior::Again::maybe);
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

class LiveProblem::State {
 public:
  explicit State(Problem problem) : problem_(std::move(problem)) {}
  ~State() { stop(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] const Problem& problem() const { return problem_; }
  Problem& change() { return problem_; }
  [[nodiscard]] Counts counts() const { return counts_; }

  Outcome<void> start() {
    auto mailbox = Mailbox::create(problem_.column_count(), problem_.row_count());
    if (!mailbox) return std::unexpected(mailbox.error());
    mailbox_ = std::move(*mailbox);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      return failure(std::string("cannot make a socket for the solver: ") + std::strerror(errno));
    }
    auto child = Child::start([this, end = ends[1]] { serve(problem_, end, *mailbox_); }, ends[1]);
    close(ends[1]);
    socket_ = ends[0];
    if (!child) {
      stop();
      return std::unexpected(child.error());
    }
    child_.emplace(std::move(*child));
    return {};
  }

  /// A patch for the child; where that is gone the next one is loaded with the problem as it is.
  void send_patch(const Message& message) { static_cast<void>(send_message(message)); }

  Outcome<Solution> solve(const Options& options, const OnProgress& on_progress) {
    ASSERT(!options.race);
    if (auto direct = solve_directly(problem_)) {
      certify(problem_, *direct);
      return std::move(*direct);
    }
    const auto begin = Clock::now();
    const Choice& choice = choose(options);
    // what has columns and rows of its own is not kept loaded
    const bool outer = problem_.has_integers() && problem_.is_quadratic();
    if (outer || !options.start.empty()) return fresh(options, on_progress, begin);
    if (!child_) {
      if (auto started = start(); !started) return std::unexpected(started.error());
    }
    Options live = options;
    live.method = choice.method;
    live.crossover = choice.crossover;
    const Raw raw = ask(live, on_progress);
    const Body body = run_body;
    const Session session(problem_, live, on_progress, body);
    Solution solution = judge(session, raw, live);
    if (session.failure()) return std::unexpected(*session.failure());
    if (solution.termination == Termination::unverified) return fresh(options, on_progress, begin);
    ++counts_.live;
    certify(problem_, solution);
    solution.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    solution.method = (raw.method.empty() ? to_string(choice.method) : raw.method) + ": live, " + choice.why;
    solution.coefficients = raw.coefficients;
    return solution;
  }

 private:
  void stop() {
    child_.reset();
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }

  /// The method, which hangs on what no patch changes.
  const Choice& choose(const Options& options) {
    const Asked asked{options.method, options.crossover, options.start_column_basis.empty()};
    if (!choice_ || asked != asked_) choice_ = choose_method(problem_, options);
    asked_ = asked;
    return *choice_;
  }

  bool send_message(const Message& message) {
    if (!child_) return false;
    const char* next = reinterpret_cast<const char*>(&message);
    std::size_t left = sizeof message;
    while (left > 0) {
      const ssize_t sent = send(socket_, next, left, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) {
        stop();
        return false;
      }
      next += sent;
      left -= static_cast<std::size_t>(sent);
    }
    return true;
  }

  /// What the child answers; a child that dies or has to be killed leaves a Raw as run_in_child's does.
  Raw ask(const Options& options, const OnProgress& on_progress) {
    const auto begin = Clock::now();
    mailbox_->clear();
    Mailbox::Board& board = mailbox_->board();
    const uint32_t before = board.finished_count.load(std::memory_order_acquire);
    Raw raw;
    if (!send_message(solve_message(options))) {
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

  Outcome<Solution> fresh(Options options, const OnProgress& on_progress, Clock::time_point begin) {
    ++counts_.fresh;
    const double spent = std::chrono::duration<double>(Clock::now() - begin).count();
    options.wall_time_max_s = std::max(0.0, options.wall_time_max_s - spent);
    return lp::solve(problem_, options, on_progress);
  }

  /// What of the options a choice hangs on.
  struct Asked {
    Method method = Method::automatic;
    bool crossover = true;
    bool from_nothing = true;
    bool operator==(const Asked&) const = default;
  };

  Problem problem_;
  Asked asked_;
  std::optional<Choice> choice_;
  std::unique_ptr<Mailbox> mailbox_;
  std::optional<Child> child_;
  int socket_ = -1;
  Counts counts_;
};

LiveProblem::LiveProblem(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveProblem::LiveProblem(LiveProblem&&) noexcept = default;
LiveProblem& LiveProblem::operator=(LiveProblem&&) noexcept = default;
LiveProblem::~LiveProblem() = default;

Outcome<LiveProblem> LiveProblem::open(Problem problem) {
  auto state = std::make_unique<State>(std::move(problem));
  if (auto started = state->start(); !started) return std::unexpected(started.error());
  return LiveProblem(std::move(state));
}

const Problem& LiveProblem::problem() const {
  return state_->problem();
}

LiveProblem::Counts LiveProblem::counts() const {
  return state_->counts();
}

void LiveProblem::set_row_bounds(std::size_t row, double lower, double upper) {
  ASSERT(row < problem().row_count() && !std::isnan(lower) && !std::isnan(upper));
  state_->change().row_lower[row] = lower;
  state_->change().row_upper[row] = upper;
  state_->send_patch({.order = Order::row_bounds, .index = static_cast<int32_t>(row), .first = lower, .second = upper});
}

void LiveProblem::set_column_bounds(std::size_t column, double lower, double upper) {
  ASSERT(column < problem().column_count() && !std::isnan(lower) && !std::isnan(upper));
  state_->change().column_lower[column] = lower;
  state_->change().column_upper[column] = upper;
  state_->send_patch(
      {.order = Order::column_bounds, .index = static_cast<int32_t>(column), .first = lower, .second = upper});
}

void LiveProblem::set_cost(std::size_t column, double cost) {
  ASSERT(column < problem().column_count() && std::isfinite(cost));
  state_->change().cost[column] = cost;
  state_->send_patch({.order = Order::cost, .index = static_cast<int32_t>(column), .first = cost});
}

Outcome<Solution> LiveProblem::solve(const Options& options, const OnProgress& on_progress) {
  return state_->solve(options, on_progress);
}

}  // namespace beltline::lp
