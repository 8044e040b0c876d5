#include "lp/race.h"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "lp/judge.h"

namespace beltline::lp {
namespace {

bool is_verified(const Outcome<Solution>& answer) {
  if (!answer) return false;
  using enum Termination;
  return answer->termination == optimal || answer->termination == infeasible || answer->termination == unbounded;
}

/// The other side of the race: for integers another seed without presolve, else the other kind of method.
Options rival(const Problem& problem, Options options) {
  if (problem.has_integers()) {
    options.seed += 1;
    options.presolve = !options.presolve;
    return options;
  }
  const bool interior = is_interior(options.method);
  const Method pivoting = problem.is_quadratic() ? Method::active_set : Method::simplex;
  options.method = interior ? pivoting : Method::interior_point;
  if (!interior) options.crossover = false;
  return options;
}

/// What the two runs share. The first verified answer is the one that stays.
struct Finish {
  std::mutex mutex;
  std::array<std::optional<Outcome<Solution>>, 2> answer;
  int winner = -1;
};

}  // namespace

Outcome<Solution> race(const Problem& problem, const Options& first, const OnProgress& on_progress, const Body& body) {
  std::array<Options, 2> options{first, rival(problem, first)};
  std::atomic<bool> over = false;
  Finish finish;
  const auto run = [&](std::size_t who) {
    auto answer = solve_with(problem, options[who], who == 0 ? on_progress : OnProgress{}, body);
    const std::lock_guard lock(finish.mutex);
    if (finish.winner < 0 && is_verified(answer)) {
      finish.winner = static_cast<int>(who);
      over = true;
    }
    finish.answer[who] = std::move(answer);
  };
  for (Options& each : options) {
    each.race = false;
    each.abandon = &over;
  }
  std::thread other(run, 1);
  run(0);
  other.join();
  const std::size_t best = finish.winner >= 0 ? static_cast<std::size_t>(finish.winner) : (*finish.answer[0] ? 0U : 1U);
  Outcome<Solution> answer = std::move(*finish.answer[best]);
  if (answer) {
    const std::string loser = to_string(options[1 - best].method);
    answer->method += finish.winner < 0 ? "; no method of the race was verified" : "; first in a race with " + loser;
  }
  return answer;
}

}  // namespace beltline::lp
