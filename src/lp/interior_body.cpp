#include "lp/interior_body.h"

#include <algorithm>

#include "lp/highs.h"

namespace beltline::lp {
namespace {

Claim claim_of(InteriorEnd end) {
  switch (end) {
    case InteriorEnd::optimal: return Claim::optimal;
    case InteriorEnd::infeasible: return Claim::infeasible;
    case InteriorEnd::unbounded: return Claim::unbounded;
    case InteriorEnd::limit: return Claim::limit;
    case InteriorEnd::cancelled: return Claim::interrupted;
    case InteriorEnd::no_answer: return Claim::none;
  }
  return Claim::none;
}

void post(const InteriorResult& result, Mailbox& mailbox) {
  Mailbox::Board& board = mailbox.board();
  board.iteration_count = result.iteration_count;
  board.has_point = !result.x.empty();
  board.has_duals = !result.row_dual.empty();
  if (board.has_point) std::ranges::copy(result.x, mailbox.x().begin());
  if (board.has_duals) {
    std::ranges::copy(result.row_dual, mailbox.row_dual().begin());
    std::ranges::copy(result.column_dual, mailbox.column_dual().begin());
  }
  if (result.end == InteriorEnd::infeasible && result.ray.size() == mailbox.dual_ray().size()) {
    std::ranges::copy(result.ray, mailbox.dual_ray().begin());
    board.has_dual_ray = true;
  }
  if (result.end == InteriorEnd::unbounded && result.ray.size() == mailbox.primal_ray().size()) {
    std::ranges::copy(result.ray, mailbox.primal_ray().begin());
    board.has_primal_ray = true;
  }
  board.claim = claim_of(result.end);
  board.claimed = true;
}

}  // namespace

LoadedInterior::LoadedInterior(const Problem& problem, int thread_count, Again again)
    : problem_(problem), again_(again), solver_(&problem, thread_count) {}

void LoadedInterior::solve(const Options& options, Mailbox& mailbox) {
  Mailbox::Board& board = mailbox.board();
  const InteriorResult result =
      solver_.solve({.wall_time_max_s = options.wall_time_max_s,
                     .keep_warm = again_ == Again::maybe,
                     .cancel = &board.cancel,
                     // no bound: the duals of an iteration are not feasible
                     .on_progress = [&](const InteriorProgress& p) { board.iteration_count = p.iteration; }});
  if (result.end != InteriorEnd::no_answer) {
    mailbox.set_method("interior point");
    return post(result, mailbox);
  }
  Options rest = options;
  rest.method = Method::hipo;
  rest.crossover = true;  // where one interior point ends short, another may: a vertex settles it
  rest.wall_time_max_s = std::max(0.0, options.wall_time_max_s - result.seconds);
  run_highs(problem_, rest, mailbox);
}

void run_interior(const Problem& problem, const Options& options, Mailbox& mailbox) {
  LoadedInterior(problem, options.interior_threads, LoadedInterior::Again::never).solve(options, mailbox);
}

}  // namespace beltline::lp
